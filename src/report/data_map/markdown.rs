//! The map as a Markdown page, for wikis and records of processing: the overview first, then a sheet per kind of store.

use std::io::{self, Write};

use super::view::{self, Group, Piece};
use crate::assessment::data_map::{Action, DataMap, Family, Ground, LIMITS, PRINCIPLES, Presence, Row, Sheet, grounds};
use crate::report::markdown::{code, escape, table};

/// Writes the page.
pub(super) fn render(map: &DataMap, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "# Data map\n\n{}", head(map))?;
    write!(out, "\n## Overview\n\n{}", overview(map))?;
    let mut family: Option<Family> = None;
    for group in view::groups(map) {
        if family.replace(group.sheet.family) != Some(group.sheet.family) {
            write!(out, "\n## {}\n", group.sheet.family.title())?;
        }
        write!(out, "\n### {}\n\n{}", group.sheet.title, sheet(&group))?;
    }
    write!(out, "{}", tail(map))
}

/// What was read, and what the words mean.
pub(super) fn head(map: &DataMap) -> String {
    let mut out = String::new();
    if let Some((word, text)) = view::unreal(map) {
        put(&mut out, format_args!("**{word}**: {text}\n\n"));
    }
    let tenants: Vec<String> = map.tenants.iter().map(|own| code(own)).collect();
    let tenants = if tenants.is_empty() { "not known".to_owned() } else { tenants.join(", ") };
    let scopes: Vec<String> = map.run.scopes.iter().map(|scope| escape(scope)).collect();
    let rows = [
        ("Scope", scopes.join(", ")),
        ("Tenant", tenants),
        ("Read", view::moment(map.run.finished_at)),
        ("Accounts", map.accounts.to_string()),
        ("Completeness", view::verdict(map)),
    ];
    out.push_str(&table(&["", ""], rows.into_iter().map(|(name, value)| vec![name.to_owned(), value])));
    out.push('\n');
    for presence in Presence::ALL {
        let (number, word) = (map.count(presence), presence.as_str());
        put(&mut out, format_args!("- **{number} {word}**: {}\n", view::meaning(presence)));
    }
    put(&mut out, format_args!("- **{} absent**: proven not to be there\n", map.absent.len()));
    out
}

fn overview(map: &DataMap) -> String {
    let row = |group: Group<'_>| {
        let counts: Vec<String> =
            group.counts().into_iter().map(|(own, number)| format!("{number} {}", own.as_str())).collect();
        let sheet = group.sheet;
        vec![
            sheet.title.to_owned(),
            counts.join(", "),
            sheet.keeper.title().to_owned(),
            sheet.personal.title().to_owned(),
            escape(&group.keeps()),
            view::actors(sheet),
        ]
    };
    table(&["store", "places", "kept by", "personal data", "kept for", "who acts"], view::groups(map).map(row))
}

fn sheet(group: &Group<'_>) -> String {
    let own = group.sheet;
    let mut out = format!(
        "{}: {}. Kept by: {}. Personal data: {}.\n\n**How long:** {}.{}\n",
        "Holds",
        own.holds,
        own.keeper.title(),
        own.personal.title(),
        escape(&group.keeps()),
        own.clock().map(|clock| format!(" {}", clock.end)).unwrap_or_default()
    );
    put(&mut out, format_args!("\n{}", places(group)));
    put(&mut out, format_args!("\n{}", steps(own, group.only(), &[])));
    if !own.cannot.is_empty() {
        put(&mut out, format_args!("\n**What cannot be done, and why:** {}\n", own.cannot));
    }
    put(&mut out, format_args!("\n<details>\n<summary>Sources</summary>\n\n{}\n</details>\n", sources(own)));
    out
}

/// Every place of a kind of store.
pub(super) fn places(group: &Group<'_>) -> String {
    let cells = |row: &Row| {
        let mut name = code(&row.place.name);
        if !row.used_by.is_empty() {
            name = format!("{name} (used by {})", escape(&view::users(row)));
        }
        let mut place = escape(&view::region(row));
        if group.only().is_none()
            && let Some(endpoint) = &row.endpoints.account
        {
            place = format!("{place}, {}", code(endpoint));
        }
        let until =
            row.gone_by.map(|at| format!(" (latest content gone by {})", at.strftime("%Y-%m-%d"))).unwrap_or_default();
        vec![
            row.presence.as_str().to_owned(),
            name,
            place,
            format!("{}{until}", escape(&row.keeps)),
            escape(&group.why(row).join(" ")),
        ]
    };
    let shared = group.shared().map(|why| format!("{why}\n\n")).unwrap_or_default();
    shared + &table(&["certainty", "place", "region", "kept for", "why"], group.rows.iter().map(cells))
}

/// The six steps, and `more` empty columns to fill in.
pub(super) fn steps(sheet: &Sheet, row: Option<&Row>, more: &[&str]) -> String {
    let cells = |action: Action| {
        let step = sheet.step(action);
        let mut cells =
            vec![action.title().to_owned(), step.actor.title().to_owned(), rendered(&view::pieces(step.how, row))];
        cells.extend(more.iter().map(|_| " ".to_owned()));
        cells
    };
    let heading: Vec<&str> = ["step", "who", "how"].into_iter().chain(more.iter().copied()).collect();
    table(&heading, Action::ALL.map(cells))
}

fn rendered(pieces: &[Piece]) -> String {
    let piece = |own: &Piece| match own {
        // Blanks beside a code span are ours, and need no protection.
        Piece::Text(text) => text.replacen(text.trim(), &escape(text.trim()), 1),
        Piece::Code(text) => code(text),
    };
    pieces.iter().map(piece).collect()
}

fn sources(sheet: &Sheet) -> String {
    let mut out = String::new();
    for own in grounds(sheet.statements) {
        put(&mut out, format_args!("- {} {}\n", own.claim, link(&own)));
        for other in &own.against {
            put(&mut out, format_args!("  - Contradicted: {} {}\n", other.claim, link(other)));
        }
    }
    if let Some(clock) = sheet.clock() {
        put(
            &mut out,
            format_args!("- Retention: [{}]({}), {}\n", clock.source.title, clock.source.url, clock.source.date),
        );
    }
    out
}

/// The page of a statement; its texts are ours.
fn link(own: &Ground) -> String {
    format!("([{}]({}), {}, {})", own.title, own.url, view::dated(own), own.standing)
}

/// What stands behind every request: absent stores, what is not looked at, time limits.
pub(super) fn tail(map: &DataMap) -> String {
    let mut out = "\n## Proven absent\n\n".to_owned();
    let absent = view::absent_groups(map)
        .flat_map(|(title, all)| all.iter().map(move |own| vec![title.to_owned(), code(&own.name), escape(&own.why)]));
    out.push_str(&if map.absent.is_empty() {
        "Nothing is proven absent.\n".to_owned()
    } else {
        table(&["store", "place", "what proves it"], absent)
    });
    out.push_str("\n## Not looked at\n\n");
    for own in &map.blind {
        put(&mut out, format_args!("- **{}**: {}\n", escape(&own.what), escape(&own.why)));
    }
    if !map.coverage.unreadable.is_empty() {
        out.push_str("\n## Could not be read\n\n");
        let rows = map.coverage.unreadable.iter().map(|own| {
            let action = own.action.as_deref().map_or_else(|| "none".to_owned(), code);
            vec![code(&own.scope), own.operation.to_owned(), own.cause.to_owned(), action]
        });
        out.push_str(&table(&["where", "call", "cause", "missing right"], rows));
    }
    put(&mut out, format_args!("\n## Every request\n\n{}", every_request()));
    out.push_str("\nTechnical evidence for a review; not legal advice.\n");
    out
}

/// What holds for every request, and how long everything may take.
pub(super) fn every_request() -> String {
    let source = |id: &'static str| grounds([&id]).iter().map(link).collect::<String>();
    let mut out = String::new();
    for (text, statement) in PRINCIPLES {
        put(&mut out, format_args!("- {text} {}\n", source(statement)));
    }
    out.push('\n');
    let limits = LIMITS.iter().map(|own| vec![own.what.to_owned(), own.time.to_owned(), source(own.statement)]);
    out.push_str(&table(&["time limit", "how long", "source"], limits));
    out
}

/// Adds formatted text.
pub(super) fn put(out: &mut String, text: std::fmt::Arguments<'_>) {
    use std::fmt::Write as _;
    // Writing to a string cannot fail.
    let _ = out.write_fmt(text);
}
