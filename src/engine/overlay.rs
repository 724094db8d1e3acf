//! The one place where the policy file meets results: which policy holds for an account, what a waiver or an attestation lays
//! over a result, and what the reader must know about the file itself.
//!
//! Nothing in here can make a pass: a waiver turns fail and unknown into *waived*, an attestation turns manual into *attested*,
//! and either only on a day on which it holds.

use jiff::civil::Date;

use super::{Settings, sources};
use crate::assessment::{AttestationSummary, Note, NoteKind, Overlay, RuleResult, ScopeSummary, WaiverSummary};
use crate::config::{Attestation, Overlays, Pattern, RuleSetting, RuleSettings, Scope, Waiver};
use crate::knowledge::TABLES;
use crate::outcome::{Outcome, Severity, Unknown};
use crate::rules::{self, Policy};
use crate::snapshot::AccountFacts;

/// The policy file at work during one run.
pub(super) struct Desk<'a> {
    base: &'a Policy,
    overlays: &'a Overlays,
    today: Date,
    waivers: Vec<Use>,
    attestations: Vec<Use>,
    scopes: Vec<ScopeUse>,
}

/// What a waiver or an attestation met so far.
#[derive(Debug, Clone, Copy, Default)]
struct Use {
    /// Results of its rules on its resources, whatever their outcome.
    covered: usize,
    /// Those it could answer.
    open: usize,
}

/// What a scope met so far.
#[derive(Debug, Clone, Default)]
struct ScopeUse {
    accounts: usize,
    ids: Vec<bool>,
    groups: Vec<bool>,
}

/// What holds for one account.
pub(super) struct Ruling<'a> {
    /// The scope it belongs to.
    pub(super) scope: Option<&'a Scope>,
    /// The policy for it.
    pub(super) policy: Policy,
    /// Why it is not known which policy holds; then nothing can be concluded.
    pub(super) unclear: Option<Unknown>,
    base: &'a RuleSettings,
}

impl Ruling<'_> {
    /// The setting of a rule here.
    pub(super) fn setting(&self, rule: &str) -> Option<&RuleSetting> {
        let own = self.scope.and_then(|scope| scope.rules.get(rule));
        own.or_else(|| self.base.get(rule))
    }
}

impl<'a> Desk<'a> {
    /// Before the first account; `today` is the day that days are compared with.
    pub(super) fn new(settings: &'a Settings, today: Date) -> Self {
        let overlays = &settings.overlays;
        let unmet = |scope: &Scope| ScopeUse {
            accounts: 0,
            ids: vec![false; scope.ids.len()],
            groups: vec![false; scope.groups.len()],
        };
        Self {
            base: &settings.policy,
            overlays,
            today,
            waivers: vec![Use::default(); overlays.waivers.items().len()],
            attestations: vec![Use::default(); overlays.attestations.items().len()],
            scopes: overlays.scopes.iter().map(unmet).collect(),
        }
    }

    /// What holds for an account: the first scope that matches it, or the top of the file.
    pub(super) fn ruling(&mut self, facts: &AccountFacts) -> Ruling<'a> {
        let overlays = self.overlays;
        for (scope, used) in overlays.scopes.iter().zip(&mut self.scopes) {
            mark(&scope.ids, &facts.id.id, &mut used.ids);
            mark(&scope.groups, &facts.id.resource_group, &mut used.groups);
        }
        let mut ruling = Ruling { scope: None, policy: self.base.clone(), unclear: None, base: &overlays.rules };
        for (scope, used) in overlays.scopes.iter().zip(&mut self.scopes) {
            match scope.matches(facts) {
                Ok(false) => {}
                Ok(true) => {
                    used.accounts += 1;
                    ruling.policy = scope.policy(self.base);
                    ruling.scope = Some(scope);
                    break;
                }
                Err(why) => {
                    let mut unknown = Unknown::from(why);
                    let name = &scope.name;
                    unknown.message =
                        format!("whether the policy of {name} holds depends on tags: {}", unknown.message);
                    ruling.unclear = Some(unknown);
                    break;
                }
            }
        }
        ruling
    }

    /// Lays a waiver or an attestation over a result, when one holds for it.
    pub(super) fn lay_over(&mut self, result: &mut RuleResult) {
        let overlays = self.overlays;
        let waivers = overlays.waivers.of(result.rule, &result.resource_id);
        let attestations = overlays.attestations.of(result.rule, &result.resource_id);
        let waivable = matches!(result.outcome, Outcome::Fail | Outcome::Unknown);
        let attestable = result.outcome == Outcome::Manual;
        note_use(&mut self.waivers, &waivers, waivable);
        note_use(&mut self.attestations, &attestations, attestable);
        if waivable {
            let all = overlays.waivers.items();
            if let Some(waiver) = waivers.iter().map(|&at| &all[at]).find(|own| self.today <= own.expires) {
                result.overlay = Some(Overlay::Waiver(summary_of_waiver(waiver, result.outcome)));
                result.outcome = Outcome::Waived;
            }
        } else if attestable {
            let all = overlays.attestations.items();
            if let Some(own) = attestations.iter().map(|&at| &all[at]).find(|own| objection(own, self.today).is_none())
            {
                result.overlay = Some(Overlay::Attestation(summary_of_attestation(own)));
                result.outcome = Outcome::Attested;
            }
        }
    }

    /// The scopes, for the report.
    pub(super) fn scopes(&self) -> Vec<ScopeSummary> {
        let summary = |(scope, used): (&Scope, &ScopeUse)| {
            let policy = scope.policy(self.base);
            ScopeSummary {
                name: scope.name.clone(),
                pin: policy.pin.as_str().to_owned(),
                allow_locations: policy.allowed_locations.into_iter().flatten().collect(),
                accounts: used.accounts,
            }
        };
        self.overlays.scopes.iter().zip(&self.scopes).map(summary).collect()
    }

    /// What the reader must know about the file, what is no longer in force first.
    pub(super) fn notes(&self) -> Vec<Note> {
        let mut notes = Vec::new();
        for (waiver, used) in self.overlays.waivers.items().iter().zip(&self.waivers) {
            notes.extend(self.note_on_waiver(waiver, *used));
            notes.extend(self.note_on_blanket(waiver));
        }
        for (attestation, used) in self.overlays.attestations.items().iter().zip(&self.attestations) {
            notes.extend(self.note_on_attestation(attestation, *used));
        }
        for (scope, used) in self.overlays.scopes.iter().zip(&self.scopes) {
            notes.extend(notes_on_scope(scope, used));
            notes.extend(notes_on_rules(&scope.rules, &format!(" in {}", scope.name)));
        }
        notes.extend(notes_on_rules(&self.overlays.rules, ""));
        notes.extend(self.notes_on_knowledge());
        notes.sort_by_key(|note| (!note.kind.is_loud(), note.line));
        notes
    }

    /// Tables that have grown old: Microsoft's pages change, and a verdict is as good as the page behind it.
    fn notes_on_knowledge(&self) -> impl Iterator<Item = Note> {
        let most = i32::from(self.overlays.max_knowledge_age_days);
        let aged = TABLES.iter().filter_map(|table| Some((table, table.age(self.today)?)));
        let tables = aged.filter(move |(_, days)| *days > most).map(|(table, days)| Note {
            kind: NoteKind::KnowledgeOld,
            message: format!("what is known about {} is {days} days old ({})", table.name, table.source.date),
            line: None,
            remediation: format!("Update zdr-check, or compare with {}.", table.source.url),
        });
        let today = self.today;
        tables.chain(sources::note_on_age(self.overlays, today)).chain(sources::note_on_moved(self.overlays))
    }

    fn note_on_waiver(&self, waiver: &Waiver, used: Use) -> Option<Note> {
        let Waiver { rule, scope, owner, expires, line, .. } = waiver;
        if *expires < self.today {
            let message = format!(
                "the waiver of {rule} on {scope} (owner {owner}) expired after {expires} and hides nothing; it would cover {}",
                results(used.open)
            );
            let remediation = "Mend what it covered, or decide anew and give it another date.".to_owned();
            return Some(Note { kind: NoteKind::WaiverExpired, message, line: Some(*line), remediation });
        }
        let message = match used {
            Use { covered: 0, .. } => format!("the waiver of {rule} on {scope} matches no resource of this run"),
            Use { open: 0, .. } => format!("the waiver of {rule} on {scope} covers no failure and no unknown"),
            Use { .. } => return None,
        };
        let remediation = "Remove it, or mend its glob; a smaller scan may also be the reason.".to_owned();
        Some(Note { kind: NoteKind::WaiverUnused, message, line: Some(*line), remediation })
    }

    /// A waiver of every rule on everything is no decision about anything: it stays in force, because a file that says so openly
    /// is better than one that lists all rules, and every report says it first.
    fn note_on_blanket(&self, waiver: &Waiver) -> Option<Note> {
        if waiver.expires < self.today || !waiver.is_blanket() {
            return None;
        }
        let Waiver { rule, scope, owner, expires, line, .. } = waiver;
        let message = format!("the waiver of {rule} on {scope} (owner {owner}) accepts everything until {expires}");
        let remediation = "Name the rules and resources that are accepted; --fail-on never keeps a run green openly.";
        Some(Note { kind: NoteKind::WaiverBlanket, message, line: Some(*line), remediation: remediation.to_owned() })
    }

    fn note_on_attestation(&self, attestation: &Attestation, used: Use) -> Option<Note> {
        let Attestation { rule, scope, by, line, .. } = attestation;
        if let Some((kind, why, remediation)) = objection(attestation, self.today) {
            let open = results(used.open);
            let message = format!(
                "the attestation of {rule} on {scope} (by {by}) {why} and answers nothing; it would cover {open}"
            );
            return Some(Note { kind, message, line: Some(*line), remediation });
        }
        let message = match used {
            Use { covered: 0, .. } => format!("the attestation of {rule} on {scope} matches no resource of this run"),
            Use { open: 0, .. } => format!("the attestation of {rule} on {scope} answers no manual item"),
            Use { .. } => return None,
        };
        let remediation = "Remove it, or mend its glob; a smaller scan may also be the reason.".to_owned();
        Some(Note { kind: NoteKind::AttestationUnused, message, line: Some(*line), remediation })
    }
}

fn mark(patterns: &[Pattern], text: &str, met: &mut [bool]) {
    for (pattern, met) in patterns.iter().zip(met) {
        *met = *met || pattern.matches(text);
    }
}

fn note_use(uses: &mut [Use], indexes: &[usize], open: bool) {
    for &index in indexes {
        uses[index].covered += 1;
        uses[index].open += usize::from(open);
    }
}

fn results(number: usize) -> String {
    if number == 1 { "1 result".to_owned() } else { format!("{number} results") }
}

/// Why an attestation is not in force: class, clause and advice.
fn objection(attestation: &Attestation, today: Date) -> Option<(NoteKind, String, String)> {
    let Attestation { date, expires, .. } = attestation;
    if let Some(evidence) = attestation.evidence.as_ref().filter(|evidence| !evidence.matches()) {
        let why = format!("rests on {}, which has changed: its SHA-256 is {}", evidence.path, evidence.found);
        let advice = "Look at the document again, and attest it anew with its SHA-256.".to_owned();
        return Some((NoteKind::EvidenceMismatch, why, advice));
    }
    if *expires < today {
        let advice = "Ask again, and attest the answer with another date.".to_owned();
        return Some((NoteKind::AttestationExpired, format!("expired after {expires}"), advice));
    }
    if *date > today {
        let advice = "Correct its date; nobody can attest the future.".to_owned();
        return Some((NoteKind::AttestationNotYetValid, format!("is dated {date}, after this run,"), advice));
    }
    None
}

fn summary_of_waiver(waiver: &Waiver, inner: Outcome) -> WaiverSummary {
    WaiverSummary {
        inner,
        reason: waiver.reason.clone(),
        owner: waiver.owner.clone(),
        expires: waiver.expires,
        ticket: waiver.ticket.clone(),
    }
}

fn summary_of_attestation(attestation: &Attestation) -> AttestationSummary {
    AttestationSummary {
        statement: attestation.statement.clone(),
        by: attestation.by.clone(),
        date: attestation.date,
        expires: attestation.expires,
        evidence: attestation.evidence.as_ref().map(|own| (own.path.clone(), own.sha256.clone())),
    }
}

fn notes_on_scope(scope: &Scope, used: &ScopeUse) -> Vec<Note> {
    let note = |message: String| Note {
        kind: NoteKind::ScopeUnmatched,
        message,
        line: Some(scope.line),
        remediation: "Mend or remove it; a smaller scan may also be the reason.".to_owned(),
    };
    let globs = scope.ids.iter().zip(&used.ids).chain(scope.groups.iter().zip(&used.groups));
    let mut notes: Vec<Note> = globs
        .filter(|(_, met)| !**met)
        .map(|(glob, _)| note(format!("the glob {} of {} matches nothing in this run", glob.as_str(), scope.name)))
        .collect();
    if notes.is_empty() && used.accounts == 0 {
        notes.push(note(format!("{} holds for no account of this run", scope.name)));
    }
    notes
}

fn notes_on_rules(settings: &RuleSettings, place: &str) -> Vec<Note> {
    let note = |(id, setting): (&&str, &RuleSetting)| {
        let own = rules::find(id)?.severity;
        let (kind, message) = match setting.severity {
            _ if !setting.enabled => (NoteKind::RuleDisabled, format!("{id} is switched off{place}")),
            Some(severity) if severity < own => (NoteKind::SeverityLowered, lowered(id, own, severity, place)),
            Some(_) | None => return None,
        };
        Some(note_on_rule(kind, message, setting))
    };
    let mut notes: Vec<Note> = settings.iter().filter_map(note).collect();
    for (id, setting) in settings {
        notes.extend(setting.options.iter().map(|(name, value)| {
            note_on_rule(NoteKind::OptionSet, format!("{id} is judged with {name} = {value}{place}"), setting)
        }));
    }
    notes
}

fn note_on_rule(kind: NoteKind, message: String, setting: &RuleSetting) -> Note {
    let remediation = "Nothing, when that is what you want; it is said because it hides results.".to_owned();
    Note { kind, message, line: Some(setting.line), remediation }
}

fn lowered(id: &str, own: Severity, severity: Severity, place: &str) -> String {
    let advice = if severity == Severity::Info { ", which is advice and changes no axis" } else { "" };
    format!("{id} counts as {} instead of {}{place}{advice}", severity.as_str(), own.as_str())
}
