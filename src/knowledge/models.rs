//! Model classes with different data terms, and models whose serving keeps content.

use super::Source;

/// Source of the Claude hosting models.
pub const CLAUDE_SOURCE: Source = Source {
    title: "Claude in Microsoft Foundry: data, privacy and security",
    url: "https://learn.microsoft.com/azure/ai-foundry/responsible-ai/claude-models/data-privacy",
    date: "2026-06-23",
};

/// Under whose terms a model processes content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Terms {
    /// Sold by Azure: Microsoft's data protection addendum, abuse monitoring and `ContentLogging` apply.
    AzureDirect,
    /// Partner model through the marketplace; an opt-out from abuse monitoring is not documented.
    Partner,
    /// Claude, model version 2: Azure inference, Anthropic is the data processor.
    ClaudeOnAzure,
    /// Claude, model version 1: processed at Anthropic, outside Azure.
    ClaudeOnAnthropic,
    /// Claude with another or no version.
    ClaudeUnclear,
    /// Fireworks: traffic leaves Azure, Microsoft's data protection addendum does not apply.
    Fireworks,
    /// A provider whose place of processing could not be verified (Baseten).
    LocationUnverified,
    /// A format this table does not know.
    Unlisted,
}

/// Formats whose models are all sold by Azure (models page, 2026-04-16; the page has no ARM field, so this is a name list).
const AZURE_DIRECT_FORMATS: [&str; 5] = ["OpenAI", "OpenAI-OSS", "xAI", "DeepSeek", "Black Forest Labs"];

/// Formats that are marketplace partners (models-from-partners page, 2026-04-16). Meta, Mistral AI and Microsoft appear on both
/// lists, model by model, and are therefore unlisted here.
const PARTNER_FORMATS: [&str; 3] = ["Cohere", "StabilityAI", "Stability AI"];

/// The class of a model from its ARM `format`, `name` and `version`.
pub fn terms(format: Option<&str>, name: Option<&str>, version: Option<&str>) -> Terms {
    let format = format.unwrap_or_default();
    let is = |known: &str| format.eq_ignore_ascii_case(known);
    let name = name.unwrap_or_default().to_ascii_lowercase();
    if is("Fireworks") || name.starts_with("fw-") {
        return Terms::Fireworks;
    }
    if is("Baseten") {
        return Terms::LocationUnverified;
    }
    if is("Anthropic") || name.starts_with("claude") {
        return match version.map(str::trim) {
            Some("2") => Terms::ClaudeOnAzure,
            Some("1") => Terms::ClaudeOnAnthropic,
            Some(_) | None => Terms::ClaudeUnclear,
        };
    }
    if AZURE_DIRECT_FORMATS.iter().any(|known| is(known)) {
        Terms::AzureDirect
    } else if PARTNER_FORMATS.iter().any(|known| is(known)) {
        Terms::Partner
    } else {
        Terms::Unlisted
    }
}
