//! How long what was found stays: what runs out by itself with its date, stores by retention.

use std::collections::{BTreeMap, BTreeSet};

use super::names::Names;
use super::{Page, remedy, style};
use crate::assessment::{Assessment, Clock, ClockState};
use crate::outcome::Outcome;
use crate::term::Span;

/// How many resources are named before the rest is counted.
const NAMED: usize = 4;

/// Writes the section. Stores that are only possible wait for `--verbose`: their rules are listed above.
pub(super) fn write(page: &mut Page<'_>, assessment: &Assessment, names: &Names<'_>) {
    let shown = |clock: &&Clock| page.look.verbose || clock.state != ClockState::Possible;
    let clocks: Vec<&Clock> = assessment.clocks.iter().filter(shown).collect();
    if clocks.is_empty() {
        return;
    }
    page.heading("RETENTION", "how long stores that were found keep what is in them");
    for clock in clocks.iter().filter(|clock| clock.state == ClockState::Running) {
        running(page, assessment, names, clock);
    }
    let mut stores: BTreeMap<(ClockState, &str, &str), Vec<&Clock>> = BTreeMap::new();
    for clock in clocks.into_iter().filter(|clock| clock.state != ClockState::Running) {
        stores.entry((clock.state, clock.store, clock.keeps.as_ref())).or_default().push(clock);
    }
    for ((state, store, keeps), clocks) in &stores {
        let places: BTreeSet<String> = clocks.iter().map(|clock| names.resource(&clock.scope)).collect();
        let number = places.len();
        let most = if page.look.verbose { number } else { NAMED };
        let mut list = places.into_iter().take(most).collect::<Vec<_>>().join(", ");
        if number > most {
            list = format!("{list} and {} more", number - most);
        }
        let possible = if *state == ClockState::Possible { ", if anything is there" } else { "" };
        let holds = clocks.first().map_or("", |clock| clock.holds);
        let text = page.clean(&format!(": {holds}: {keeps}{possible}, on {list}"));
        let bullet = format!("  {} ", page.look.screen.symbols.bullet);
        page.spans(&bullet, &[Span::styled(*store, style::BOLD), Span::plain(text)]);
    }
}

/// A clock that runs by itself, with what is left of it when the run ended.
fn running(page: &mut Page<'_>, assessment: &Assessment, names: &Names<'_>, clock: &Clock) {
    let left = clock.gone_by.map(|end| {
        let hours = end.duration_since(assessment.run.finished_at).as_hours();
        let date = end.strftime("%Y-%m-%d %H:%M UTC");
        if hours < 0 { format!("purge was due {date}") } else { format!("purged by {date}, {hours} h left") }
    });
    let left = left.map_or_else(|| clock.keeps.clone(), Into::into);
    let name = match clock.store {
        "deleted-account" => clock.scope.rsplit('/').next().unwrap_or(&clock.scope).to_owned(),
        _ => names.resource(&clock.scope),
    };
    let first = format!("  {} ", page.look.screen.symbols.bullet);
    let text = page.clean(&format!(" ({}): {}: {left}", clock.store, clock.holds));
    let name = Span::styled(page.clean(&name), style::of_outcome(Outcome::Unknown).bold());
    page.spans(&first, &[name, Span::plain(text)]);
    remedy::lay(page, "    ", &clock.end);
}
