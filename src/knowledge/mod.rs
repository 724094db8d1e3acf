//! What Microsoft documents, as dated tables: rules read these instead of carrying facts in code.
//!
//! Each table names its source and the date of the page it was taken from, because the pages change and contradict each other.

pub mod azure_policy;
pub mod communication;
pub mod connections;
pub mod controls;
pub mod frameworks;
pub mod kinds;
pub mod models;
pub mod processing;
pub mod regions;
pub mod retention;
pub mod roles;
pub mod statements;
pub mod stores;

/// Where a table comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Source {
    /// Title of the page.
    pub title: &'static str,
    /// Address of the page.
    pub url: &'static str,
    /// Date the page carries (ISO), not the date of reading.
    pub date: &'static str,
}

/// A dated table of this module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Table {
    /// What it holds.
    pub name: &'static str,
    /// Where it comes from.
    pub source: Source,
}

/// Every dated table, so that a run can say which of them have grown old.
pub const TABLES: &[Table] = &[
    Table { name: "kinds of accounts", source: kinds::SOURCE },
    Table { name: "geographies of regions", source: regions::GEOGRAPHY_SOURCE },
    Table { name: "data zones", source: regions::ZONE_SOURCE },
    Table { name: "deployment SKUs", source: processing::SKU_SOURCE },
    Table { name: "hosting of Claude models", source: models::CLAUDE_SOURCE },
    Table { name: "prompt caches of models", source: models::PROMPT_CACHE_SOURCE },
    Table { name: "models that keep videos", source: models::VIDEO_SOURCE },
    Table { name: "categories of connections", source: connections::SOURCE },
    Table { name: "recovery of deleted accounts", source: retention::DELETED_ACCOUNTS },
];

impl Table {
    /// Days between the date of the source and `today`; `None` when the source carries no date.
    pub fn age(&self, today: jiff::civil::Date) -> Option<i32> {
        let dated: jiff::civil::Date = self.source.date.parse().ok()?;
        dated.until(today).ok().map(|span| span.get_days())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_has_a_date_and_an_age() {
        let today = jiff::civil::date(2026, 11, 22);
        assert!(TABLES.iter().all(|table| table.age(today).is_some_and(|days| days > 0)));
        let zones = TABLES.iter().find(|table| table.name == "data zones").unwrap();
        assert_eq!(zones.age(today), Some(108));
    }
}
