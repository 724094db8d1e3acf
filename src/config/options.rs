//! Options of rules, as a policy file gives them: each is checked against what its rule declares.

use std::collections::BTreeMap;

use toml::{Spanned, Value};

use super::check::Desk;
use super::problem::nearest;
use super::raw;
use crate::rules::Rule;
use crate::rules::options::{OptionKind, OptionValue, RuleOption, parse_host};

impl Desk<'_> {
    /// The options of one rule; an unknown name or a value of another form is a mistake.
    pub(super) fn options(
        &mut self,
        rule: &'static Rule,
        raw: Option<&raw::Options>,
        enabled: bool,
    ) -> BTreeMap<&'static str, OptionValue> {
        let Some(raw) = raw else { return BTreeMap::new() };
        if !enabled {
            let message = "options contradict enabled = false: the rule is not asked";
            self.refuse(&raw.span(), message, "Remove one of the two.");
        }
        if raw.as_ref().is_empty() {
            self.refuse(&raw.span(), "the table sets nothing", known(rule));
        }
        let mut all = BTreeMap::new();
        for (name, value) in raw.as_ref() {
            match rule.options.iter().find(|option| option.name == name.as_ref()) {
                None => self.refuse(
                    &name.span(),
                    format!("{} has no option \"{}\"", rule.id, name.as_ref()),
                    suggestion(rule, name.as_ref()),
                ),
                Some(option) => match read(option, value.as_ref()) {
                    Some(value) => drop(all.insert(option.name, value)),
                    None => self.refuse_value(option, value),
                },
            }
        }
        all
    }

    fn refuse_value(&mut self, option: &RuleOption, value: &Spanned<Value>) {
        let message = format!("{} is not {}", value.as_ref(), option.form());
        let fix = match option.kind {
            OptionKind::Number { default, .. } => format!("Write {} = {default}, or another such number.", option.name),
            OptionKind::Hosts => format!("Write {} = [\"api.example.com\"], without scheme or path.", option.name),
        };
        self.refuse(&value.span(), message, fix);
    }
}

/// The value, when it has the form of the option.
fn read(option: &RuleOption, value: &Value) -> Option<OptionValue> {
    match option.kind {
        OptionKind::Number { least, most, .. } => {
            let number = u32::try_from(value.as_integer()?).ok()?;
            (least..=most).contains(&number).then_some(OptionValue::Number(number))
        }
        OptionKind::Hosts => {
            let hosts: Option<Vec<String>> = value.as_array()?.iter().map(|host| parse_host(host.as_str()?)).collect();
            hosts.filter(|hosts| !hosts.is_empty()).map(OptionValue::Hosts)
        }
    }
}

fn suggestion(rule: &Rule, name: &str) -> String {
    let names: Vec<&str> = rule.options.iter().map(|option| option.name).collect();
    match nearest(name, &names) {
        Some(name) => format!("Did you mean {name}?"),
        None => known(rule),
    }
}

fn known(rule: &Rule) -> String {
    let names: Vec<&str> = rule.options.iter().map(|option| option.name).collect();
    if names.is_empty() {
        return "This rule has no options; remove the table.".to_owned();
    }
    format!("Options here: {}.", names.join(", "))
}
