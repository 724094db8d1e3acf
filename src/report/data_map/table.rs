//! The map for people at a terminal: one paragraph per kind of store, what is unknown with its reason, and where the steps are.

use std::io::{self, Write};

use super::view::{self, Group};
use crate::assessment::data_map::{DataMap, Family, Presence, Row};
use crate::report::Look;
use crate::report::table::style;
use crate::term::{Overlong, Span};

/// How many places are named before the rest is counted.
const NAMED: usize = 4;

/// Writes the map.
pub(super) fn render(map: &DataMap, look: &Look, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page { look, out: String::new() };
    if !look.quiet {
        page.head(map);
        let mut family: Option<Family> = None;
        for group in view::groups(map) {
            if family.replace(group.sheet.family) != Some(group.sheet.family) {
                page.heading(group.sheet.family.title());
            }
            page.group(&group);
        }
        page.rest(map);
    }
    page.line(&verdict(map));
    out.write_all(page.out.as_bytes())
}

fn verdict(map: &DataMap) -> String {
    let counts = Presence::ALL.map(|own| format!("{} {}", map.count(own), own.as_str())).join(", ");
    let absent = map.absent.len();
    format!("zdr-check data-map: {counts}, {absent} absent. {}", view::verdict(map))
}

struct Page<'a> {
    look: &'a Look,
    out: String,
}

impl Page<'_> {
    fn clean(&self, text: &str) -> String {
        self.look.screen.clean(text).into_owned()
    }

    fn spans(&mut self, first: &str, spans: &[Span]) {
        self.out.push_str(&self.look.screen.paragraph(&Span::plain(first), spans, Overlong::Break));
    }

    fn line(&mut self, text: &str) {
        self.spans("", &[Span::styled(text, style::BOLD)]);
    }

    fn heading(&mut self, title: &str) {
        self.out.push('\n');
        self.line(&title.to_uppercase());
    }

    fn head(&mut self, map: &DataMap) {
        if let Some((word, text)) = view::unreal(map) {
            self.spans("", &[Span::styled(format!("{word}: {text}"), style::NOTICE)]);
        }
        self.line(&format!(
            "zdr-check data-map: where personal data may be, in {}",
            style::count(map.accounts, "account")
        ));
        let dot = format!(" {} ", self.look.screen.symbols.dot);
        let scopes = self.clean(&map.run.scopes.join(", "));
        let read = format!("read {}", view::moment(map.run.finished_at));
        self.spans("Scope   ", &[Span::plain(scopes + &dot + &read)]);
        let words = Presence::ALL.map(|own| format!("{}: {}", own.as_str(), view::meaning(own))).join(&dot);
        self.spans("Words   ", &[Span::styled(words, style::DIM)]);
    }

    fn group(&mut self, group: &Group<'_>) {
        let sheet = group.sheet;
        let symbols = self.look.screen.symbols;
        let worst = group.counts().first().map_or(Presence::Possible, |(presence, _)| *presence);
        let outcome = view::mark(worst);
        let mark = format!("  {} ", style::symbol(outcome, &symbols));
        let counts = group.counts().into_iter().map(|(own, number)| format!("{number} {}", own.as_str()));
        let counts = counts.collect::<Vec<_>>().join(", ");
        let text = format!(": {}: {counts} {} {}", sheet.holds, symbols.dot, self.clean(&group.keeps()));
        self.spans(&mark, &[Span::styled(sheet.title, style::of_outcome(outcome).bold()), Span::plain(text)]);
        self.spans("    ", &[Span::styled(format!("who acts: {}", view::actors(sheet)), style::DIM)]);
        for (presence, _) in group.counts() {
            let rows: Vec<&Row> = group.rows.iter().filter(|row| row.presence == presence).collect();
            match presence {
                Presence::Possible => self.names(presence, &rows),
                Presence::Found | Presence::Unknown => rows.iter().for_each(|row| self.place(row)),
            }
        }
    }

    fn place(&mut self, row: &Row) {
        let style = style::of_outcome(view::mark(row.presence));
        let name = self.clean(&row.place.name);
        let text = self.clean(&format!(" ({}): {}", view::region(row), view::why(row)));
        self.spans(&format!("    {} ", row.presence.as_str()), &[Span::styled(name, style), Span::plain(text)]);
    }

    fn names(&mut self, presence: Presence, rows: &[&Row]) {
        let most = if self.look.verbose { rows.len() } else { NAMED };
        let mut names: Vec<String> = rows.iter().take(most).map(|row| row.place.name.clone()).collect();
        if rows.len() > most {
            names.push(format!("{} more", rows.len() - most));
        }
        let text = self.clean(&names.join(", "));
        self.spans(&format!("    {} ", presence.as_str()), &[Span::plain(text)]);
    }

    fn rest(&mut self, map: &DataMap) {
        self.heading("Proven absent");
        for (title, all) in view::absent_groups(map) {
            let most = if self.look.verbose { all.len() } else { NAMED };
            let mut names: Vec<String> = all.iter().take(most).map(|own| own.name.clone()).collect();
            if all.len() > most {
                names.push(format!("{} more", all.len() - most));
            }
            let text = self.clean(&format!("{title}: {}", names.join(", ")));
            self.spans("  ", &[Span::plain(text)]);
        }
        self.heading("Not looked at");
        for own in &map.blind {
            let text = self.clean(&format!("{}: {}", own.what, own.why));
            self.spans("  ", &[Span::plain(text)]);
        }
        self.out.push('\n');
        let help = "How to discover, access, rectify, restrict, delete and export in each store, time limits and sources: \
                    --report html=data-map.html, or --format markdown, csv, json. For one request: --subject REFERENCE.";
        self.spans("", &[Span::styled(help, style::DIM)]);
    }
}
