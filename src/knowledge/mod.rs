//! What Microsoft documents, as dated tables: rules read these instead of carrying facts in code.
//!
//! Each table names its source and the date of the page it was taken from, because the pages change and contradict each other.

pub mod connections;
pub mod kinds;
pub mod models;
pub mod processing;
pub mod regions;
pub mod roles;

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
