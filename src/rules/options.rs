//! Options of rules: where the line between pass and fail is a judgement, a policy file may move it.
//!
//! An option changes what is accepted once the facts are known. None of them answers for a fact that is missing.

use std::collections::BTreeMap;

/// One option of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RuleOption {
    /// Its key in `[rules.<id>.options]`.
    pub name: &'static str,
    /// What it means, one sentence.
    pub doc: &'static str,
    /// Its form.
    pub kind: OptionKind,
}

/// The form of an option.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OptionKind {
    /// A whole number.
    Number {
        /// Without a policy file.
        default: u32,
        /// The least that is allowed.
        least: u32,
        /// The most that is allowed.
        most: u32,
    },
    /// Names of hosts; `*.example.com` is every host below `example.com`. None without a policy file.
    Hosts,
}

/// The value a policy file gives an option.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OptionValue {
    /// Of [`OptionKind::Number`].
    Number(u32),
    /// Of [`OptionKind::Hosts`], in lower case.
    Hosts(Vec<String>),
}

/// Values by rule id and option.
pub type Options = BTreeMap<(&'static str, &'static str), OptionValue>;

impl RuleOption {
    /// A whole number.
    pub const fn number(name: &'static str, default: u32, (least, most): (u32, u32), doc: &'static str) -> Self {
        Self { name, doc, kind: OptionKind::Number { default, least, most } }
    }

    /// Names of hosts.
    pub const fn hosts(name: &'static str, doc: &'static str) -> Self {
        Self { name, doc, kind: OptionKind::Hosts }
    }

    /// Its form in words.
    pub fn form(&self) -> String {
        match self.kind {
            OptionKind::Number { least, most, .. } => format!("a whole number from {least} to {most}"),
            OptionKind::Hosts => "a list of host names, *.example.com for every host below one".to_owned(),
        }
    }

    /// What holds without a policy file, as TOML writes it.
    pub fn default_text(&self) -> String {
        match self.kind {
            OptionKind::Number { default, .. } => default.to_string(),
            OptionKind::Hosts => "[]".to_owned(),
        }
    }
}

impl std::fmt::Display for OptionValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Hosts(hosts) => f.write_str(&hosts.join(", ")),
        }
    }
}

/// The number that holds for a rule.
pub(super) fn number(options: &Options, rule: &'static str, option: &RuleOption) -> u32 {
    match (options.get(&(rule, option.name)), option.kind) {
        (Some(OptionValue::Number(number)), _) => *number,
        (_, OptionKind::Number { default, .. }) => default,
        (_, OptionKind::Hosts) => 0,
    }
}

/// Whether a host is one of those that a rule accepts.
pub(super) fn accepts_host(options: &Options, rule: &'static str, option: &RuleOption, host: &str) -> bool {
    let host = host.to_lowercase();
    let is = |accepted: &String| match accepted.strip_prefix('*') {
        Some(domain) => host.len() > domain.len() && host.ends_with(domain),
        None => host == *accepted,
    };
    match options.get(&(rule, option.name)) {
        Some(OptionValue::Hosts(accepted)) => accepted.iter().any(is),
        Some(OptionValue::Number(_)) | None => false,
    }
}

/// A host name as an option takes it, in lower case; `None` for anything else. A lone `*` would switch the rule off, which
/// `enabled = false` says openly.
pub fn parse_host(text: &str) -> Option<String> {
    let text = text.trim().to_lowercase();
    let name = text.strip_prefix("*.").unwrap_or(&text);
    let label = |label: &str| {
        !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-') && !label.starts_with('-')
    };
    (name.contains('.') && name.split('.').all(label)).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTS: RuleOption = RuleOption::hosts("accepted_hosts", "Test.");

    #[test]
    fn a_host_is_accepted_by_name_or_domain_only() {
        let hosts = OptionValue::Hosts(vec!["a.example.com".to_owned(), "*.example.org".to_owned()]);
        let options = Options::from([(("r", HOSTS.name), hosts)]);
        let accepts = |host| accepts_host(&options, "r", &HOSTS, host);
        assert!(accepts("A.example.com") && accepts("x.example.org") && accepts("x.y.example.org"));
        for other in ["b.example.com", "example.org", "evilexample.org", "a.example.com.evil.example", ""] {
            assert!(!accepts(other), "{other}");
        }
        assert!(!accepts_host(&options, "other", &HOSTS, "a.example.com"));
    }

    #[test]
    fn only_host_names_are_hosts() {
        assert_eq!(parse_host(" *.Example.com ").as_deref(), Some("*.example.com"));
        for bad in
            ["", "*", "*.", "*.com.", "https://a.example", "a.example/x", "a.*.example", "localhost", "-a.example"]
        {
            assert_eq!(parse_host(bad), None, "{bad}");
        }
    }
}
