//! The policy file `zdr-check.toml`: read, checked as a whole and made ready before the first request.
//!
//! Raw serde types mirror the file (`raw`), `check` turns them into a [`Config`] or into a list of problems that name file,
//! line and key. Nothing is judged here: the engine lays the result over what the rules say.
//!
//! Precedence: flags of the command line, then the first `[[scope]]` that matches the account, then the top of the file, then
//! the defaults of the program.

mod check;
mod options;
mod pattern;
mod problem;
mod raw;
mod schema;

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use sha2::{Digest as _, Sha256};

pub use pattern::{Covering, Pattern};
pub use problem::{Problem, Rejected};
pub use schema::schema;

use crate::knowledge::processing::Pin;
use crate::knowledge::statements::Sightings;
use crate::outcome::{FailOn, Profile, Severity};
use crate::rules::options::{OptionValue, Options};
use crate::rules::{Policy, RULES};
use crate::snapshot::{AccountFacts, Unavailable, hex};

/// What `zdr-check init` writes.
pub const TEMPLATE: &str = include_str!("config/template.toml");

/// A policy file that passed every check.
#[derive(Debug, Clone)]
pub struct Config {
    /// What holds for the whole run.
    pub base: Base,
    /// What is laid over the rules, resource by resource.
    pub overlays: Overlays,
}

/// Top of the file; `None` leaves it to the default of the program.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Base {
    /// `pin`.
    pub pin: Option<Pin>,
    /// `allow_locations`, as region names.
    pub allowed_locations: Option<BTreeSet<String>>,
    /// `fail_on`.
    pub fail_on: Option<FailOn>,
    /// `profile`.
    pub profile: Option<Profile>,
    /// `allow_incomplete`.
    pub allow_incomplete: bool,
}

/// What the file says about single rules and resources. The default is a run without a file: nothing is laid over.
#[derive(Debug, Clone)]
pub struct Overlays {
    /// `max_knowledge_age_days`: tables and statements about documented facts older than this are reported.
    pub max_knowledge_age_days: u16,
    /// The lock file of `terms check`, when one was read.
    pub terms_lock: Option<PolicyFile>,
    /// What it says about the statements behind the rules.
    pub sightings: Sightings,
    /// The file this comes from.
    pub file: Option<PolicyFile>,
    /// `[rules.<id>]`.
    pub rules: RuleSettings,
    /// `[[scope]]`, in the order of the file: the first that matches an account holds for it.
    pub scopes: Vec<Scope>,
    /// `[[waiver]]`.
    pub waivers: Covering<Waiver>,
    /// `[[attestation]]`.
    pub attestations: Covering<Attestation>,
}

/// Two years: pages that nobody touched for so long have usually been replaced.
const MAX_KNOWLEDGE_AGE_DAYS: u16 = 730;

impl Default for Overlays {
    fn default() -> Self {
        Self {
            max_knowledge_age_days: MAX_KNOWLEDGE_AGE_DAYS,
            terms_lock: None,
            sightings: Sightings::new(),
            file: None,
            rules: RuleSettings::default(),
            scopes: Vec::new(),
            waivers: Covering::default(),
            attestations: Covering::default(),
        }
    }
}

/// Which file was used; the hash lets a reader of the report check that it is the one they know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyFile {
    /// Where it was found.
    pub path: String,
    /// SHA-256 of its bytes, in lower-case hex.
    pub sha256: String,
}

impl PolicyFile {
    /// The file at `path` that holds `bytes`.
    pub fn of(path: &Path, bytes: &[u8]) -> Self {
        Self { path: path.display().to_string(), sha256: sha256(bytes) }
    }
}

/// Settings by rule id.
pub type RuleSettings = BTreeMap<&'static str, RuleSetting>;

/// `[rules.<id>]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleSetting {
    /// Whether the rule is asked at all.
    pub enabled: bool,
    /// Its severity here, when it is not the rule's own.
    pub severity: Option<Severity>,
    /// `[rules.<id>.options]`, by name.
    pub options: BTreeMap<&'static str, OptionValue>,
    /// Line of the table.
    pub line: usize,
}

/// Every option that these settings give.
pub fn options(rules: &RuleSettings) -> Options {
    let all = rules
        .iter()
        .flat_map(|(rule, setting)| setting.options.iter().map(|(name, value)| ((*rule, *name), value.clone())));
    all.collect()
}

/// `[[scope]]`: a policy of its own for some accounts. Every criterion that is given must hold.
#[derive(Debug, Clone)]
pub struct Scope {
    /// `name`, or `scope N`.
    pub name: String,
    /// Line of the table.
    pub line: usize,
    /// `match`: globs on the account id, one of which must match.
    pub ids: Vec<Pattern>,
    /// `resource_groups`: globs on the name of the group, one of which must match.
    pub groups: Vec<Pattern>,
    /// `tags`: all of them must be there. Names are compared without case, values with, as Azure does.
    pub tags: Vec<(String, String)>,
    /// `pin`.
    pub pin: Option<Pin>,
    /// `allow_locations`, as region names.
    pub allowed_locations: Option<BTreeSet<String>>,
    /// `[scope.rules.<id>]`.
    pub rules: RuleSettings,
}

/// `[[waiver]]`: somebody accepts a failure or an unknown until a date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiver {
    /// The rules it is about; never empty.
    pub rules: Vec<&'static str>,
    /// `rule` as written: an id or a glob.
    pub rule: String,
    /// `scope`: a glob on the id of the resource that was judged.
    pub scope: String,
    /// Why it is accepted; never blank.
    pub reason: String,
    /// Who accepts it; never blank.
    pub owner: String,
    /// Last day on which it holds (UTC).
    pub expires: Date,
    /// Where it was discussed.
    pub ticket: Option<String>,
    /// Line of the table.
    pub line: usize,
}

impl Waiver {
    /// Whether it covers every rule on whatever resource there is, told by ids that have nothing but their form in common.
    pub fn is_blanket(&self) -> bool {
        const ANY: [&str; 2] = [
            "/subscriptions/0/resourceGroups/0/providers/Microsoft.CognitiveServices/accounts/0",
            "/subscriptions/1/resourceGroups/1/providers/Microsoft.CognitiveServices/accounts/1/deployments/1",
        ];
        let everything = Pattern::new(&self.scope).is_ok_and(|glob| ANY.iter().all(|id| glob.matches(id)));
        everything && self.rules.len() == RULES.len()
    }
}

/// `[[attestation]]`: a person answers what no API can, until a date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attestation {
    /// The rule it answers.
    pub rule: &'static str,
    /// `scope`: a glob on the id of the resource that was judged.
    pub scope: String,
    /// What is attested; never blank.
    pub statement: String,
    /// Who attests it; never blank.
    pub by: String,
    /// First day on which it holds (UTC).
    pub date: Date,
    /// Last day on which it holds (UTC).
    pub expires: Date,
    /// The document it rests on.
    pub evidence: Option<EvidenceFile>,
    /// Line of the table.
    pub line: usize,
}

/// A document behind an attestation, hashed when the policy file was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidenceFile {
    /// Path as written, relative to the policy file.
    pub path: String,
    /// SHA-256 the policy file states, in lower-case hex.
    pub sha256: String,
    /// SHA-256 of what is there now.
    pub found: String,
}

impl EvidenceFile {
    /// Whether the document is the one that was attested.
    pub fn matches(&self) -> bool {
        self.sha256 == self.found
    }
}

impl Config {
    /// Reads and checks the file at `path`, and hashes the evidence it names.
    ///
    /// # Errors
    /// Every problem found, each with line, key and a fix.
    pub fn load(path: &Path) -> Result<Self, Rejected> {
        let reject = |problem| Rejected { file: path.to_owned(), problems: vec![problem] };
        let bytes = std::fs::read(path).map_err(|error| {
            reject(Problem::of_file(
                format!("it cannot be read: {error}"),
                "Give --config a readable file, or --no-config.",
            ))
        })?;
        let text = String::from_utf8(bytes)
            .map_err(|_| reject(Problem::of_file("it is not UTF-8 text", "Save the file as UTF-8.")))?;
        let folder = path.parent().unwrap_or(Path::new("."));
        let read = |evidence: &str| std::fs::read(folder.join(evidence)).map(|bytes| sha256(&bytes));
        let mut config = Self::parse(&text, &read).map_err(|problems| Rejected { file: path.to_owned(), problems })?;
        config.overlays.file = Some(PolicyFile::of(path, text.as_bytes()));
        Ok(config)
    }

    /// Checks the text of a policy file; `hash` gives the SHA-256 of an evidence file.
    ///
    /// # Errors
    /// Every problem found, in the order of the file.
    pub fn parse(text: &str, hash: &dyn Fn(&str) -> std::io::Result<String>) -> Result<Self, Vec<Problem>> {
        let raw: raw::RawConfig = toml::from_str(text).map_err(|error| vec![problem::of_toml(text, &error)])?;
        check::check(text, &raw, hash)
    }
}

impl Overlays {
    /// Drops what a flag of the command line replaces everywhere.
    #[must_use]
    pub fn overruled(mut self, pin: bool, locations: bool) -> Self {
        for scope in &mut self.scopes {
            if pin {
                scope.pin = None;
            }
            if locations {
                scope.allowed_locations = None;
            }
        }
        self
    }
}

impl Scope {
    /// Whether the account belongs to this scope.
    ///
    /// # Errors
    /// When that depends on tags and they could not be read: which policy holds is then not known.
    pub fn matches(&self, facts: &AccountFacts) -> Result<bool, Unavailable> {
        let any =
            |patterns: &[Pattern], text: &str| patterns.is_empty() || patterns.iter().any(|own| own.matches(text));
        if !any(&self.ids, &facts.id.id) || !any(&self.groups, &facts.id.resource_group) {
            return Ok(false);
        }
        if self.tags.is_empty() {
            return Ok(true);
        }
        let document = facts.account()?.0;
        let Some(tags) = document.value("/tags") else { return Ok(false) };
        let tags = tags.as_object().ok_or_else(|| document.unexpected("/tags"))?;
        let has = |name: &str, value: &str| {
            tags.iter().any(|(key, own)| key.eq_ignore_ascii_case(name) && own.as_str() == Some(value))
        };
        Ok(self.tags.iter().all(|(name, value)| has(name, value)))
    }

    /// The policy inside this scope: its own words where it has some, `base` for the rest.
    pub fn policy(&self, base: &Policy) -> Policy {
        let mut all = base.options.clone();
        all.extend(options(&self.rules));
        Policy {
            pin: self.pin.unwrap_or(base.pin),
            allowed_locations: self.allowed_locations.as_ref().or(base.allowed_locations.as_ref()).cloned(),
            options: all,
        }
    }
}

/// The nearest file called `name` in `start` or a folder above it.
pub fn find(start: &Path, name: &str) -> Option<PathBuf> {
    start.ancestors().map(|folder| folder.join(name)).find(|path| path.is_file())
}

/// SHA-256 in lower-case hex.
fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}
