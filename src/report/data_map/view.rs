//! What every form of the map says in the same words: groups, places, certainty, and steps with their paths filled in.

use jiff::Timestamp;

use crate::assessment::data_map::{Absent, Action, Actor, DataMap, Ground, Presence, Row, Sheet};
use crate::outcome::Outcome;
use crate::rules::shell_word;
use crate::snapshot::{Source, last_segment};

/// A piece of a step: prose, or a call or command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::report) enum Piece {
    /// Prose.
    Text(String),
    /// To be taken literally.
    Code(String),
}

/// The rows of one kind of store; never empty.
#[derive(Debug, Clone)]
pub(in crate::report) struct Group<'a> {
    /// The kind.
    pub(in crate::report) sheet: &'static Sheet,
    /// Its rows.
    pub(in crate::report) rows: &'a [Row],
}

/// The rows by kind of store, in the order of the map.
pub(in crate::report) fn groups(map: &DataMap) -> impl Iterator<Item = Group<'_>> {
    map.rows.chunk_by(|a, b| a.sheet.id == b.sheet.id).map(|rows| Group { sheet: rows[0].sheet, rows })
}

/// What is proven absent, by kind of store.
pub(in crate::report) fn absent_groups(map: &DataMap) -> impl Iterator<Item = (&'static str, &[Absent])> {
    let same = |a: &Absent, b: &Absent| a.sheet.map(|own| own.id) == b.sheet.map(|own| own.id);
    map.absent.chunk_by(same).map(|all| (absent_title(&all[0]), all))
}

/// Name of what is absent.
pub(in crate::report) fn absent_title(absent: &Absent) -> &'static str {
    absent.sheet.map_or("Every store of a model service", |sheet| sheet.title)
}

impl Group<'_> {
    /// Rows per certainty, those that there are.
    pub(in crate::report) fn counts(&self) -> Vec<(Presence, usize)> {
        let count = |presence| self.rows.iter().filter(|row| row.presence == presence).count();
        Presence::ALL.into_iter().map(|own| (own, count(own))).filter(|(_, number)| *number > 0).collect()
    }

    /// The row whose paths can be written out: the only one.
    pub(in crate::report) fn only(&self) -> Option<&Row> {
        match self.rows {
            [row] => Some(row),
            [] | [_, ..] => None,
        }
    }

    /// What several places have in common: why nobody can see what is in them. It is said once.
    pub(in crate::report) fn shared(&self) -> Option<&'static str> {
        let unseen = self.sheet.unseen;
        (self.rows.iter().filter(|row| row.why.iter().any(|why| why == unseen)).count() > 1).then_some(unseen)
    }

    /// What is said of one place alone.
    pub(in crate::report) fn why<'r>(&self, row: &'r Row) -> Vec<&'r str> {
        let shared = self.shared();
        let own: Vec<&str> = row.why.iter().map(String::as_str).filter(|why| Some(*why) != shared).collect();
        if own.is_empty() { vec!["as said above"] } else { own }
    }

    /// How long, when it is the same everywhere.
    pub(in crate::report) fn keeps(&self) -> String {
        let first = &self.rows[0].keeps;
        if self.rows.iter().all(|row| row.keeps == *first) { first.clone() } else { "differs by place".to_owned() }
    }
}

/// The pieces of a step, with the paths of `row` where there is one to name.
pub(in crate::report) fn pieces(how: &str, row: Option<&Row>) -> Vec<Piece> {
    let parts = how.split('`').enumerate().filter(|(_, part)| !part.is_empty());
    parts
        .map(|(at, part)| if at % 2 == 1 { Piece::Code(fill(part, row)) } else { Piece::Text(fill(part, row)) })
        .collect()
}

/// A step as one line of plain text.
pub(in crate::report) fn plain(how: &str, row: Option<&Row>) -> String {
    let text = |piece| match piece {
        Piece::Text(text) | Piece::Code(text) => text,
    };
    pieces(how, row).into_iter().map(text).collect()
}

/// Replaces the places a template leaves open. What is put in is never looked at for places again.
fn fill(template: &str, row: Option<&Row>) -> String {
    let mut out = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, behind)) = after.split_once('}') else {
            out.push('{');
            rest = after;
            continue;
        };
        if let Some(text) = place_of(name, row) {
            out.push_str(&text);
            rest = behind;
        } else {
            out.push('{');
            rest = after;
        }
    }
    out.push_str(rest);
    out
}

fn place_of(name: &str, row: Option<&Row>) -> Option<String> {
    let scope = row.map_or("ID", |row| row.scope.as_str());
    if let Some(suffix) = name.strip_prefix("arg:") {
        return Some(shell_word(&format!("{scope}{suffix}")));
    }
    let segment = |after: &str, otherwise: &str| {
        let mut segments = scope.split('/');
        let own = segments.find(|own| own.eq_ignore_ascii_case(after)).and_then(|_| segments.next());
        shell_word(own.filter(|own| !own.is_empty()).unwrap_or(otherwise))
    };
    match name {
        "name" => Some(row.map_or_else(|| "NAME".to_owned(), |row| shell_word(last_segment(&row.scope)))),
        "group" => Some(segment("resourceGroups", "GROUP")),
        "location" => Some(segment("locations", "LOCATION")),
        "subscription" => Some(segment("subscriptions", "SUBSCRIPTION")),
        "account" => Some(row.and_then(|row| row.endpoints.account.clone()).unwrap_or_else(|| "ENDPOINT".to_owned())),
        "project" => Some(match row.map_or(&[][..], |row| row.endpoints.projects.as_slice()) {
            [one] => one.clone(),
            [first, ..] => {
                first.rsplit_once('/').map_or("PROJECT-ENDPOINT".to_owned(), |(base, _)| format!("{base}/PROJECT"))
            }
            [] => "PROJECT-ENDPOINT".to_owned(),
        }),
        "id" => Some(scope.to_owned()),
        _ => None,
    }
}

/// What an endpoint stands for, when a step is said of several places at once.
pub(in crate::report) const LEGEND: &str = "ENDPOINT is the endpoint of the account, PROJECT-ENDPOINT that of a Foundry project of it; both are in the \
     list of places. ID is the id of the place. Words in capitals are for you to fill in.";

/// Region and geography in words.
pub(in crate::report) fn region(row: &Row) -> String {
    match (&row.place.location, &row.place.geography) {
        (Some(location), Some(geography)) => format!("{location} (geography {geography})"),
        (Some(location), None) => location.clone(),
        (None, Some(words)) => words.clone(),
        (None, None) => "region not read".to_owned(),
    }
}

/// Why the certainty of a row is what it is, with what was counted in front.
pub(in crate::report) fn why(row: &Row) -> String {
    row.why.join(" ")
}

/// Names of the accounts that use a resource.
pub(in crate::report) fn users(row: &Row) -> String {
    let name = |id: &String| id.rsplit('/').next().unwrap_or(id).to_owned();
    row.used_by.iter().map(name).collect::<Vec<_>>().join(", ")
}

/// Who has to act, for people: with their steps, when not everything is up to the same.
pub(in crate::report) fn actors(sheet: &Sheet) -> String {
    let mut all: Vec<(Actor, Vec<&str>)> = Vec::new();
    for action in Action::ALL {
        let actor = sheet.step(action).actor;
        match all.iter_mut().find(|(own, _)| *own == actor) {
            Some((_, steps)) => steps.push(action.as_str()),
            None => all.push((actor, vec![action.as_str()])),
        }
    }
    if let [(actor, _)] = all.as_slice() {
        return actor.title().to_owned();
    }
    all.sort_by_key(|(actor, _)| *actor == Actor::Nobody);
    let words = all.iter().map(|(actor, steps)| format!("{}: {}", actor.title(), steps.join(", ")));
    words.collect::<Vec<_>>().join("; ")
}

/// The outcome whose mark and colour a certainty borrows.
pub(in crate::report) fn mark(presence: Presence) -> Outcome {
    match presence {
        Presence::Found => Outcome::Attested,
        Presence::Unknown => Outcome::Unknown,
        Presence::Possible => Outcome::Manual,
    }
}

/// What a certainty means.
pub(in crate::report) fn meaning(presence: Presence) -> &'static str {
    match presence {
        Presence::Found => "the store is there, or something is in it",
        Presence::Unknown => "what would tell could not be read",
        Presence::Possible => "nobody can see from here whether anything is in it",
    }
}

/// Where the facts come from, when it is not Azure as it is now.
pub(in crate::report) fn unreal(map: &DataMap) -> Option<(&'static str, &'static str)> {
    match map.run.source {
        Source::Live => None,
        Source::Demo => Some(("DEMO", "An invented estate that is part of the program. No Azure was contacted.")),
        Source::Snapshot => Some(("SNAPSHOT", "Drawn from a file of earlier answers. No Azure was contacted.")),
        Source::Plan => Some(("PLAN", "What would be deployed. No Azure was contacted.")),
    }
}

/// One sentence on how good the map is.
pub(in crate::report) fn verdict(map: &DataMap) -> String {
    let unknown = map.count(Presence::Unknown);
    match (map.complete, unknown) {
        (true, _) => "Everything the map depends on was read.".to_owned(),
        (false, 0) => "Not everything the map depends on could be read: see what is not looked at.".to_owned(),
        (false, 1) => "Not everything the map depends on could be read: 1 place is unknown.".to_owned(),
        (false, number) => format!("Not everything the map depends on could be read: {number} places are unknown."),
    }
}

/// `dated 2026-01-02`, or that the page has no date.
pub(in crate::report) fn dated(ground: &Ground) -> String {
    if ground.dated { format!("dated {}", ground.date) } else { format!("undated, read {}", ground.date) }
}

/// A moment, to the minute.
pub(in crate::report) fn moment(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_filled_once_and_other_braces_stay() {
        assert_eq!(fill("GET {account}/x and {\"a\":{}}", None), "GET ENDPOINT/x and {\"a\":{}}");
        assert_eq!(fill("{arg:/purge?v=1}", None), "'ID/purge?v=1'");
        assert_eq!(pieces("a `b` c", None).len(), 3);
    }

    #[test]
    fn no_sheet_leaves_a_place_open() {
        for sheet in crate::assessment::data_map::all_sheets() {
            for action in Action::ALL {
                let how = sheet.step(action).how;
                let filled = plain(how, None);
                assert_eq!(how.matches('`').count() % 2, 0, "{}", sheet.id);
                for name in ["{account", "{project", "{id", "{arg", "{name", "{group", "{location", "{subscription"] {
                    assert!(!filled.contains(name), "{}: {filled}", sheet.id);
                }
            }
        }
    }
}
