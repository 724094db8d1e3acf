//! From the file as written to a [`Config`]: every word is resolved, every contradiction named, nothing is guessed.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::ops::Range;

use jiff::civil::Date;
use toml::Spanned;

use super::pattern::{self, Covering, Pattern};
use super::problem::{Problem, nearest};
use super::raw::{RawAttestation, RawConfig, RawScope, RawWaiver, Rules, Text, Texts};
use super::{Attestation, Base, Config, EvidenceFile, Overlays, RuleSetting, RuleSettings, Scope, Waiver};
use crate::knowledge::processing::Pin;
use crate::knowledge::regions;
use crate::outcome::{FailOn, Profile, Severity};
use crate::rules::{self, RULES, Rule};

pub(super) const PROFILES: [Profile; 2] = [Profile::Standard, Profile::Strict];
pub(super) const SEVERITIES: [Severity; 5] = Severity::ALL;
pub(super) const FAIL_ON: [FailOn; 5] = [
    FailOn::From(Severity::Critical),
    FailOn::From(Severity::High),
    FailOn::From(Severity::Medium),
    FailOn::From(Severity::Low),
    FailOn::Never,
];

const DAY_FORM: &str = "a date reads 2026-12-31";
const GLOB_FORM: &str = "A glob reads like **/accounts/my-account or /subscriptions/<guid>/**; * stays inside one segment, ** crosses them.";

/// Gives the SHA-256 of an evidence file.
type Hash<'a> = &'a dyn Fn(&str) -> io::Result<String>;

/// Checks the whole file.
pub(super) fn check(text: &str, raw: &RawConfig, hash: Hash<'_>) -> Result<Config, Vec<Problem>> {
    let ends = text.match_indices('\n').map(|(at, _)| at).collect();
    let mut desk = Desk { text, ends, problems: Vec::new() };
    let base = desk.base(raw);
    let rules = desk.rules(&raw.rules);
    let scopes = raw.scope.iter().enumerate().filter_map(|(at, scope)| desk.scope(at, scope, &base)).collect();
    desk.unique_names(&raw.scope);
    let waivers = raw.waiver.iter().filter_map(|waiver| desk.waiver(waiver)).collect();
    let attestations = raw.attestation.iter().filter_map(|item| desk.attestation(item, hash)).collect();
    let waivers = desk.covering(waivers, |waiver: &Waiver| (waiver.rules.clone(), waiver.scope.clone()));
    let attestations = desk.covering(attestations, |item: &Attestation| (vec![item.rule], item.scope.clone()));
    if !desk.problems.is_empty() {
        desk.problems.sort_by_key(|problem| problem.line);
        return Err(desk.problems);
    }
    let mut overlays = Overlays { rules, scopes, waivers, attestations, ..Overlays::default() };
    if let Some(days) = raw.max_knowledge_age_days {
        overlays.max_knowledge_age_days = days;
    }
    Ok(Config { base, overlays })
}

/// The text, to say where a problem is, and the problems so far.
pub(super) struct Desk<'a> {
    text: &'a str,
    /// Where lines end; a file may hold thousands of waivers.
    ends: Vec<usize>,
    problems: Vec<Problem>,
}

impl Desk<'_> {
    pub(super) fn refuse(&mut self, span: &Range<usize>, message: impl Into<String>, fix: impl Into<String>) {
        self.problems.push(Problem::at(self.text, span, message, fix));
    }

    fn line(&self, span: &Range<usize>) -> usize {
        self.ends.partition_point(|end| *end < span.start) + 1
    }

    fn base(&mut self, raw: &RawConfig) -> Base {
        let base = Base {
            pin: self.pin(&raw.pin),
            allowed_locations: self.locations(&raw.allow_locations),
            fail_on: self.word(&raw.fail_on, &FAIL_ON, |least| least.as_str()),
            profile: self.word(&raw.profile, &PROFILES, |profile| profile.as_str()),
            allow_incomplete: raw.allow_incomplete.as_ref().is_some_and(|value| *value.as_ref()),
        };
        if base.profile == Some(Profile::Strict) {
            const WHY: &str = "strict makes everything block that is open";
            if let Some(value) = raw.fail_on.as_ref().filter(|_| base.fail_on == Some(FailOn::Never)) {
                self.refuse(
                    &value.span(),
                    format!("\"never\" contradicts profile = \"strict\": {WHY}"),
                    "Remove one of the two.",
                );
            }
            if let Some(value) = raw.allow_incomplete.as_ref().filter(|_| base.allow_incomplete) {
                self.refuse(
                    &value.span(),
                    format!("true contradicts profile = \"strict\": {WHY}"),
                    "Remove one of the two.",
                );
            }
        }
        self.reachable(&raw.allow_locations, base.pin, base.allowed_locations.as_ref());
        base
    }

    /// A zone and a list of locations that all belong to other zones: no account could ever satisfy both.
    fn reachable(&mut self, raw: &Texts, pin: Option<Pin>, allowed: Option<&BTreeSet<String>>) {
        let (Some(raw), Some(Pin::DataZone(zone)), Some(allowed)) = (raw, pin, allowed) else { return };
        let elsewhere =
            |name: &String| regions::find(name).and_then(|region| region.zone).is_some_and(|own| own != zone);
        if !allowed.is_empty() && allowed.iter().all(elsewhere) {
            let zone = zone.as_str();
            let message = format!("no location of this list is in the zone of pin = \"datazone:{zone}\"");
            self.refuse(
                &raw.span(),
                message,
                format!("Add a location of the zone (zone:{zone} names all), or change pin."),
            );
        }
    }

    fn pin(&mut self, raw: &Text) -> Option<Pin> {
        self.word(raw, &Pin::ALL, |pin| pin.as_str())
    }

    /// One of the `known` words, without case.
    fn word<T: Copy>(&mut self, raw: &Text, known: &[T], name: impl Fn(&T) -> &'static str) -> Option<T> {
        let raw = raw.as_ref()?;
        let found = known.iter().find(|own| name(own).eq_ignore_ascii_case(raw.as_ref().trim()));
        if found.is_none() {
            let words: Vec<&str> = known.iter().map(name).collect();
            let fix = match nearest(raw.as_ref(), &words) {
                Some(word) => format!("Did you mean {word}?"),
                None => format!("Words here: {}.", words.join(", ")),
            };
            self.refuse(&raw.span(), format!("\"{}\" is not one of the words allowed here", raw.as_ref()), fix);
        }
        found.copied()
    }

    fn locations(&mut self, raw: &Texts) -> Option<BTreeSet<String>> {
        let raw = raw.as_ref()?;
        if raw.as_ref().is_empty() {
            self.refuse(
                &raw.span(),
                "the list is empty, so no account could satisfy it",
                "Name a location, or remove the key.",
            );
        }
        let mut all = BTreeSet::new();
        for word in raw.as_ref() {
            let own = regions::expand(word.as_ref());
            if own.is_empty() {
                let fix = match nearest(word.as_ref(), &regions::words()) {
                    Some(word) => format!("Did you mean {word}?"),
                    None => "Examples: swedencentral, sweden, zone:eu.".to_owned(),
                };
                let message = format!("no Azure region, geography or zone is called \"{}\"", word.as_ref());
                self.refuse(&word.span(), message, fix);
            }
            all.extend(own.into_iter().map(str::to_owned));
        }
        Some(all)
    }

    fn rules(&mut self, raw: &Rules) -> RuleSettings {
        let mut all = RuleSettings::new();
        for (id, setting) in raw {
            let severity = self.word(&setting.severity, &SEVERITIES, |severity| severity.as_str());
            let enabled = setting.enabled.as_ref().is_none_or(|value| *value.as_ref());
            if let Some(word) = setting.severity.as_ref().filter(|_| !enabled) {
                let fix = "Remove one of the two.";
                self.refuse(&word.span(), "a severity contradicts enabled = false: the rule is not asked", fix);
            }
            if setting.severity.is_none() && setting.enabled.is_none() && setting.options.is_none() {
                let fix = "Add enabled, severity or options, or remove the table.";
                self.refuse(&id.span(), "the table sets nothing", fix);
            }
            if let Some(rule) = self.rule(id) {
                let options = self.options(rule, setting.options.as_ref(), enabled);
                all.insert(rule.id, RuleSetting { enabled, severity, options, line: self.line(&id.span()) });
            }
        }
        all
    }

    fn rule_id(&mut self, id: &Spanned<String>) -> Option<&'static str> {
        self.rule(id).map(|rule| rule.id)
    }

    fn rule(&mut self, id: &Spanned<String>) -> Option<&'static Rule> {
        let found = rules::find(id.as_ref());
        if found.is_none() {
            self.refuse(&id.span(), format!("no rule has the id \"{}\"", id.as_ref()), like_rule(id.as_ref()));
        }
        found
    }

    fn scope(&mut self, at: usize, raw: &Spanned<RawScope>, base: &Base) -> Option<Scope> {
        let own = raw.as_ref();
        let given = own.name.as_ref().map(|name| name.as_ref().trim()).filter(|name| !name.is_empty());
        let name = given.map_or_else(|| format!("scope {}", at + 1), str::to_owned);
        let tags = own.tags.as_ref().map(|tags| tags.as_ref().clone()).unwrap_or_default();
        let (pin, allowed_locations) = (self.pin(&own.pin), self.locations(&own.allow_locations));
        self.reachable(
            &own.allow_locations,
            pin.or(base.pin),
            allowed_locations.as_ref().or(base.allowed_locations.as_ref()),
        );
        let ids = self.globs(&own.ids)?;
        let groups = self.globs(&own.resource_groups)?;
        if own.ids.is_none() && own.resource_groups.is_none() && tags.is_empty() {
            let fix = "Add match, resource_groups or tags; what holds everywhere belongs at the top of the file.";
            self.refuse(&raw.span(), "the scope says nowhere which accounts belong to it", fix);
        }
        if pin.is_none() && allowed_locations.is_none() && own.rules.is_empty() {
            self.refuse(&raw.span(), "the scope changes nothing", "Add pin, allow_locations or rules, or remove it.");
        }
        let rules = self.rules(&own.rules);
        let tags = tags.into_iter().collect();
        Some(Scope { name, line: self.line(&raw.span()), ids, groups, tags, pin, allowed_locations, rules })
    }

    fn unique_names(&mut self, scopes: &[Spanned<RawScope>]) {
        let mut seen = BTreeSet::new();
        for name in scopes.iter().filter_map(|scope| scope.as_ref().name.as_ref()) {
            if !seen.insert(name.as_ref().trim()) {
                self.refuse(&name.span(), "another scope has the same name", "Give each scope a name of its own.");
            }
        }
    }

    /// The globs of a list; `None` when one of them is broken.
    fn globs(&mut self, raw: &Texts) -> Option<Vec<Pattern>> {
        let Some(raw) = raw else { return Some(Vec::new()) };
        if raw.as_ref().is_empty() {
            self.refuse(&raw.span(), "the list is empty, so nothing could match", "Name a glob, or remove the key.");
        }
        raw.as_ref().iter().map(|glob| self.glob(glob)).collect()
    }

    fn glob(&mut self, raw: &Spanned<String>) -> Option<Pattern> {
        Pattern::new(raw.as_ref()).map_err(|why| self.refuse_glob(raw, &why)).ok()
    }

    fn refuse_glob(&mut self, raw: &Spanned<String>, why: &str) {
        self.refuse(&raw.span(), format!("\"{}\" is not a glob: {why}", raw.as_ref()), GLOB_FORM);
    }

    fn waiver(&mut self, raw: &Spanned<RawWaiver>) -> Option<Waiver> {
        let (own, table) = (raw.as_ref(), raw.span());
        let rules = self.required(&own.rule, &table, "rule", "the id of a rule").map(|rule| self.rule_glob(rule));
        let scope = self.resource(&own.scope, &table);
        let reason = self.filled(&own.reason, &table, "reason", "why this is accepted");
        let owner = self.filled(&own.owner, &table, "owner", "who accepts it");
        let expires = self.day(own.expires.as_ref(), &table, "expires");
        Some(Waiver {
            rules: rules?,
            rule: own.rule.as_ref()?.as_ref().clone(),
            scope: scope?,
            reason: reason?,
            owner: owner?,
            expires: expires?,
            ticket: own.ticket.as_ref().map(|ticket| ticket.as_ref().clone()),
            line: self.line(&table),
        })
    }

    /// The rules a glob stands for, at least one.
    fn rule_glob(&mut self, raw: &Spanned<String>) -> Vec<&'static str> {
        if let Some(rule) = rules::find(raw.as_ref()) {
            return vec![rule.id];
        }
        let Some(glob) = self.glob(raw) else { return Vec::new() };
        let found: Vec<&str> = RULES.iter().map(|rule| rule.id).filter(|id| glob.matches(id)).collect();
        if found.is_empty() {
            self.refuse(&raw.span(), format!("no rule is called \"{}\"", raw.as_ref()), like_rule(raw.as_ref()));
        }
        found
    }

    fn attestation(&mut self, raw: &Spanned<RawAttestation>, hash: Hash<'_>) -> Option<Attestation> {
        let (own, table) = (raw.as_ref(), raw.span());
        let rule = self.required(&own.rule, &table, "rule", "the id of a rule").and_then(|rule| self.rule_id(rule));
        let scope = self.resource(&own.scope, &table);
        let statement = self.filled(&own.statement, &table, "statement", "what is attested");
        let by = self.filled(&own.by, &table, "by", "who attests it");
        let date = self.day(own.date.as_ref(), &table, "date");
        let expires = self.day(own.expires.as_ref(), &table, "expires");
        if let (Some(first), Some(last), Some(value)) = (date, expires, &own.expires)
            && first > last
        {
            self.refuse(
                &value.span(),
                format!("{last} is before the date of the attestation, {first}"),
                "Swap or mend the dates.",
            );
        }
        let evidence = self.evidence(own, hash);
        Some(Attestation {
            rule: rule?,
            scope: scope?,
            statement: statement?,
            by: by?,
            date: date?,
            expires: expires?,
            evidence,
            line: self.line(&table),
        })
    }

    /// The document of an attestation. One that is gone makes the file unusable; another content is left to the engine.
    fn evidence(&mut self, own: &RawAttestation, hash: Hash<'_>) -> Option<EvidenceFile> {
        let hex = own.sha256.as_ref().filter(|hex| {
            let good = hex.as_ref().len() == 64 && hex.as_ref().bytes().all(|byte| byte.is_ascii_hexdigit());
            if !good {
                self.refuse(&hex.span(), "it is not a SHA-256", "Write the 64 hex digits that sha256sum prints.");
            }
            good
        });
        let Some(path) = own.evidence.as_ref() else {
            if let Some(hex) = hex {
                self.refuse(
                    &hex.span(),
                    "it has no evidence it could belong to",
                    "Add evidence = \"path/of/the/document\".",
                );
            }
            return None;
        };
        match hash(path.as_ref()) {
            Err(error) => {
                let message = format!("the evidence file \"{}\" cannot be read: {error}", path.as_ref());
                self.refuse(
                    &path.span(),
                    message,
                    "Put the file back (the path is relative to this file), or remove the attestation.",
                );
                None
            }
            Ok(found) if own.sha256.is_none() => {
                let fix = format!("Add sha256 = \"{found}\", which is what the file has now.");
                self.refuse(&path.span(), "the evidence has no sha256, so a change of it would go unseen", fix);
                None
            }
            Ok(found) => {
                Some(EvidenceFile { path: path.as_ref().clone(), sha256: hex?.as_ref().to_ascii_lowercase(), found })
            }
        }
    }

    /// A key that must be there.
    fn required<'r>(
        &mut self,
        raw: &'r Text,
        table: &Range<usize>,
        key: &str,
        what: &str,
    ) -> Option<&'r Spanned<String>> {
        if raw.is_none() {
            self.missing(table, key, &format!("Add {key} = \"…\": {what}."));
        }
        raw.as_ref()
    }

    /// A key that must be there and must say something.
    fn filled(&mut self, raw: &Text, table: &Range<usize>, key: &str, what: &str) -> Option<String> {
        let raw = self.required(raw, table, key, what)?;
        let text = raw.as_ref().trim();
        if text.is_empty() {
            self.refuse(&raw.span(), "it is empty", format!("Write {what}."));
            return None;
        }
        Some(text.to_owned())
    }

    /// The glob of a waiver or attestation on resource ids.
    fn resource(&mut self, raw: &Text, table: &Range<usize>) -> Option<String> {
        let raw = self.required(raw, table, "scope", "a glob on the id of the resource")?;
        pattern::glob(raw.as_ref()).map_err(|why| self.refuse_glob(raw, &why)).ok()?;
        Some(raw.as_ref().clone())
    }

    fn missing(&mut self, table: &Range<usize>, key: &str, fix: &str) {
        self.problems.push(Problem::at(self.text, table, format!("{key} is missing"), fix).within(key));
    }

    /// A day, as a TOML date or as a text.
    fn day(&mut self, raw: Option<&Spanned<toml::Value>>, table: &Range<usize>, key: &str) -> Option<Date> {
        let Some(raw) = raw else {
            self.missing(table, key, &format!("Add {key} = \"2026-12-31\"."));
            return None;
        };
        let text = match raw.as_ref() {
            toml::Value::String(text) => text.clone(),
            toml::Value::Datetime(day) => day.to_string(),
            toml::Value::Integer(_)
            | toml::Value::Float(_)
            | toml::Value::Boolean(_)
            | toml::Value::Array(_)
            | toml::Value::Table(_) => String::new(),
        };
        let plain = text.len() == "2026-12-31".len();
        let day = text.parse::<Date>().ok().filter(|_| plain);
        if day.is_none() {
            self.refuse(
                &raw.span(),
                format!("it is not a day of the calendar; {DAY_FORM}"),
                format!("Write {key} = \"2026-12-31\"."),
            );
        }
        day
    }

    /// Puts waivers or attestations into their index; two for the same rule and scope are a mistake.
    fn covering<T: HasLine>(
        &mut self,
        items: Vec<T>,
        covers: impl Fn(&T) -> (Vec<&'static str>, String),
    ) -> Covering<T> {
        let mut seen: BTreeMap<(Vec<&str>, String), usize> = BTreeMap::new();
        for item in &items {
            let (rules, scope) = covers(item);
            let first = *seen.entry((rules, scope.to_ascii_lowercase())).or_insert(item.line());
            if first != item.line() {
                let message = format!("line {first} has the same rule and scope");
                self.problems.push(Problem {
                    line: item.line(),
                    key: T::TABLE.to_owned(),
                    message,
                    fix: "Keep one of the two.".to_owned(),
                });
            }
        }
        Covering::new(items, covers).unwrap_or_else(|why| {
            self.problems
                .push(Problem::of_file(format!("the globs of [[{}]] cannot be used: {why}", T::TABLE), GLOB_FORM));
            Covering::default()
        })
    }
}

/// What a table of the file knows about itself.
trait HasLine {
    const TABLE: &'static str;
    fn line(&self) -> usize;
}

impl HasLine for Waiver {
    const TABLE: &'static str = "waiver";
    fn line(&self) -> usize {
        self.line
    }
}

impl HasLine for Attestation {
    const TABLE: &'static str = "attestation";
    fn line(&self) -> usize {
        self.line
    }
}

fn like_rule(word: &str) -> String {
    let ids: Vec<&str> = RULES.iter().map(|rule| rule.id).collect();
    match nearest(word, &ids) {
        Some(id) => format!("Did you mean {id}? `zdr-check rules` lists them all."),
        None => "`zdr-check rules` lists them all.".to_owned(),
    }
}
