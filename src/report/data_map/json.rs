//! The map for programs, version 1 (`zdr-check/data-map/1`): fields are added, never renamed or removed.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::Serialize;
use serde_json::{Value, json};

use super::view;
use crate::assessment::Unreadable;
use crate::assessment::data_map::{Action, Actor, DataMap, Ground, LIMITS, PRINCIPLES, Presence, Row, grounds};
use crate::report::harmless;

const SCHEMA: &str = "zdr-check/data-map/1";

#[derive(Serialize)]
struct JsonRow<'a> {
    store: &'static str,
    family: &'static str,
    title: &'static str,
    holds: &'static str,
    presence: &'static str,
    why: &'a [String],
    scope: &'a str,
    place: Value,
    managed_by: &'static str,
    used_by: &'a [String],
    personal_data: &'static str,
    items: Value,
    retention: Value,
    actors: Vec<&'static str>,
    steps: BTreeMap<&'static str, Value>,
    cannot: Option<&'static str>,
    statements: &'static [&'static str],
}

/// Writes the map.
pub(super) fn render(map: &DataMap, out: &mut dyn Write) -> io::Result<()> {
    let count = |presence| map.count(presence);
    let absent = map.absent.iter().map(
        |own| json!({ "store": own.sheet.map(|sheet| sheet.id), "scope": own.scope, "name": own.name, "why": own.why }),
    );
    let mut used: Vec<&'static str> = map.rows.iter().flat_map(|row| row.sheet.statements).copied().collect();
    used.extend(LIMITS.iter().map(|own| own.statement).chain(PRINCIPLES.iter().map(|own| own.1)));
    used.sort_unstable();
    used.dedup();
    let run = &map.run;
    let whole = json!({
        "schema": SCHEMA,
        "tool": { "name": "zdr-check", "version": env!("CARGO_PKG_VERSION") },
        "run": {
            "started_at": run.started_at, "finished_at": run.finished_at, "source": run.source.as_str(),
            "cloud": run.cloud.as_str(), "scopes": run.scopes, "tenants": map.tenants,
            "interrupted": run.interrupted.map(crate::snapshot::Interruption::as_str),
        },
        "complete": map.complete,
        "exit_code": map.exit_code,
        "summary": {
            "accounts": map.accounts, "found": count(Presence::Found), "unknown": count(Presence::Unknown),
            "possible": count(Presence::Possible), "absent": map.absent.len(),
        },
        "rows": map.rows.iter().map(row).collect::<Vec<_>>(),
        "absent": absent.collect::<Vec<_>>(),
        "not_looked_at": map.blind.iter().map(|own| json!({ "what": own.what, "why": own.why })).collect::<Vec<_>>(),
        "unreadable": map.coverage.unreadable.iter().map(unreadable).collect::<Vec<_>>(),
        "time_limits": LIMITS.iter()
            .map(|own| json!({ "what": own.what, "time": own.time, "statement": own.statement })).collect::<Vec<_>>(),
        "principles": PRINCIPLES.iter()
            .map(|own| json!({ "text": own.0, "statement": own.1 })).collect::<Vec<_>>(),
        "statements": grounds(&used).iter().map(ground).collect::<Vec<_>>(),
    });
    harmless::write(&whole, out)
}

fn row(row: &Row) -> JsonRow<'_> {
    let sheet = row.sheet;
    let step = |action: Action| {
        let own = sheet.step(action);
        (action.as_str(), json!({ "actor": own.actor.as_str(), "how": view::plain(own.how, Some(row)) }))
    };
    let items = row.count.as_ref();
    JsonRow {
        store: sheet.id,
        family: sheet.family.as_str(),
        title: sheet.title,
        holds: sheet.holds,
        presence: row.presence.as_str(),
        why: &row.why,
        scope: &row.scope,
        place: json!({ "name": row.place.name, "location": row.place.location, "geography": row.place.geography }),
        managed_by: sheet.keeper.as_str(),
        used_by: &row.used_by,
        personal_data: sheet.personal.as_str(),
        items: items.map_or(Value::Null, |own| json!({ "count": own.items, "more": own.more, "oldest": own.oldest })),
        retention: json!({ "keeps": row.keeps, "gone_by": row.gone_by }),
        actors: sheet.actors().into_iter().map(Actor::as_str).collect(),
        steps: Action::ALL.map(step).into_iter().collect(),
        cannot: Some(sheet.cannot).filter(|text| !text.is_empty()),
        statements: sheet.statements,
    }
}

fn unreadable(own: &Unreadable) -> Value {
    json!({ "scope": own.scope, "operation": own.operation, "cause": own.cause, "action": own.action })
}

fn ground(own: &Ground) -> Value {
    let against: Vec<&str> = own.against.iter().map(|other| other.id).collect();
    json!({
        "id": own.id, "claim": own.claim, "standing": own.standing, "contradicted_by": against,
        "source": { "title": own.title, "url": own.url, "date": own.date, "dated": own.dated },
    })
}
