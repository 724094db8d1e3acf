//! Model classes with different data terms, and models whose serving keeps content.

use super::Source;

/// Source of the Claude hosting models.
pub const CLAUDE_SOURCE: Source = Source {
    title: "Claude in Microsoft Foundry: data, privacy and security",
    url: "https://learn.microsoft.com/azure/foundry/responsible-ai/claude-models/data-privacy",
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
pub const AZURE_DIRECT_FORMATS: [&str; 5] = ["OpenAI", "OpenAI-OSS", "xAI", "DeepSeek", "Black Forest Labs"];

/// Formats that are marketplace partners (models-from-partners page, 2026-04-16). Meta, Mistral AI and Microsoft appear on both
/// lists, model by model, and are therefore unlisted here.
const PARTNER_FORMATS: [&str; 3] = ["Cohere", "StabilityAI", "Stability AI"];

/// Models of one provider, told by their format or by how their names begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Family {
    /// ARM `format`.
    pub format: &'static str,
    /// Beginning of the names, in lower case.
    pub prefix: &'static str,
}

impl Family {
    fn has(self, format: &str, name: &str) -> bool {
        format.eq_ignore_ascii_case(self.format) || name.starts_with(self.prefix)
    }
}

/// Fireworks models leave Azure whatever their version (Fireworks page, 2026-03-03).
pub const FIREWORKS: Family = Family { format: "Fireworks", prefix: "fw-" };

/// Claude models; their version says who hosts them.
pub const CLAUDE: Family = Family { format: "Anthropic", prefix: "claude" };

/// Version of the Claude models that Azure hosts.
pub const CLAUDE_ON_AZURE: &str = "2";

/// Version of the Claude models that Anthropic hosts.
pub const CLAUDE_ON_ANTHROPIC: &str = "1";

/// Format of the provider whose place of processing could not be verified.
pub const UNVERIFIED: &str = "Baseten";

/// The class of a model from its ARM `format`, `name` and `version`.
pub fn terms(format: Option<&str>, name: Option<&str>, version: Option<&str>) -> Terms {
    let format = format.unwrap_or_default();
    let is = |known: &str| format.eq_ignore_ascii_case(known);
    let name = name.unwrap_or_default().to_ascii_lowercase();
    if FIREWORKS.has(format, &name) {
        return Terms::Fireworks;
    }
    if is(UNVERIFIED) {
        return Terms::LocationUnverified;
    }
    if CLAUDE.has(format, &name) {
        return match version.map(str::trim) {
            Some(CLAUDE_ON_AZURE) => Terms::ClaudeOnAzure,
            Some(CLAUDE_ON_ANTHROPIC) => Terms::ClaudeOnAnthropic,
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

/// Name of the model that passes each prompt to another model (model-router page, 2026-08-12).
pub const ROUTER: &str = "model-router";

/// Source of the video families.
pub const VIDEO_SOURCE: Source = Source {
    title: "Sora video generation in Microsoft Foundry",
    url: "https://learn.microsoft.com/azure/foundry/openai/concepts/video-generation",
    date: "2025-12-01",
};

/// Families whose results are jobs that Azure keeps for 24 hours.
pub const VIDEO_FAMILIES: [&str; 1] = ["sora"];

/// Whether the model makes videos, which stay downloadable for 24 hours.
pub fn keeps_videos(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    VIDEO_FAMILIES.iter().any(|family| name.starts_with(family))
}

/// Source of what preview means; the page names no model.
pub const PREVIEW_SOURCE: Source = Source {
    title: "Data, privacy, and security for Azure Direct Models",
    url: "https://learn.microsoft.com/azure/foundry/responsible-ai/openai/data-privacy",
    date: "2026-03-19",
};

/// Families that Microsoft's pages call preview although their name does not say so: video generation (2025-12-01), GPT-Live
/// (2026-09-04).
pub const PREVIEW_FAMILIES: [&str; 2] = ["gpt-live", "sora"];

/// Whether a model is known to be in preview: its name or version says so, or its family is on the list. `false` is no proof
/// of general availability, because the lifecycle is not part of a deployment.
pub fn known_preview(name: &str, version: Option<&str>) -> bool {
    let name = name.to_ascii_lowercase();
    let says = |text: &str| text.to_ascii_lowercase().contains("preview");
    says(&name) || version.is_some_and(says) || PREVIEW_FAMILIES.iter().any(|family| name.starts_with(family))
}

/// Whether the model speaks over a live session (WebSocket, WebRTC, SIP): `gpt-realtime`, `gpt-live`, `gpt-4o-realtime`, …
pub fn is_live(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.starts_with("gpt-live") || name.split('-').any(|part| part == "realtime")
}

/// Whether the model hands out links to images that the service stores: the retired DALL·E family. GPT-image returns the image
/// itself (image page, 2026-04-17).
pub fn links_images(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    IMAGE_LINK_FAMILIES.iter().any(|family| name.starts_with(family))
}

/// Beginnings of the names of that family.
pub const IMAGE_LINK_FAMILIES: [&str; 2] = ["dall-e", "dalle"];

/// Source of the prompt-cache table.
pub const PROMPT_CACHE_SOURCE: Source = Source {
    title: "Prompt caching",
    url: "https://learn.microsoft.com/azure/foundry/openai/how-to/prompt-caching",
    date: "2026-08-04",
};

/// How long an Azure OpenAI model keeps the cache of a prompt when the caller asks for nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PromptCache {
    /// In memory, gone within one hour of the last use; or the model has no cache.
    InMemory,
    /// In memory, but a caller can ask for 24 hours on GPU-local storage.
    OnRequest,
    /// A model this table does not know.
    Unlisted,
    /// At least 30 minutes, no documented maximum: GPT-5.6 and later families.
    HalfHourOrMore,
    /// Up to 24 hours on GPU-local storage by default: the gpt-5.5 family.
    DayByDefault,
}

/// Models for which the page lists the extended cache; for all but gpt-5.5 a caller has to ask.
const EXTENDED_ON_REQUEST: [&str; 11] = [
    "gpt-4.1",
    "gpt-5",
    "gpt-5-codex",
    "gpt-5.1",
    "gpt-5.1-chat",
    "gpt-5.1-codex",
    "gpt-5.1-codex-max",
    "gpt-5.1-codex-mini",
    "gpt-5.2",
    "gpt-5.3-codex",
    "gpt-5.4",
];

/// Families without a number in the `gpt-N` form that are older than gpt-5.5 or have none of the cached operations.
const OLDER_FAMILIES: [&str; 16] = [
    "babbage",
    "chatgpt-4o",
    "codex-mini",
    "computer-use",
    "dall-e",
    "davinci",
    "gpt-4o",
    "gpt-image",
    "o1",
    "o3",
    "o4-mini",
    "sora",
    "text-davinci",
    "text-embedding",
    "tts",
    "whisper",
];

/// Models of families that may get newer members: only these are known to be older.
const OLDER_MODELS: [&str; 4] = ["gpt-audio", "gpt-audio-mini", "gpt-realtime", "gpt-realtime-mini"];

/// What the page says about an OpenAI model, by its ARM name (dates and fine-tuning suffixes are ignored).
pub fn prompt_cache(name: &str) -> PromptCache {
    let lower = name.to_ascii_lowercase();
    let base = without_date(lower.split(".ft-").next().unwrap_or(&lower));
    let in_family =
        |family: &&str| base.strip_prefix(family).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'));
    match gpt_version(base) {
        Some(version) if version >= (5, 6) => PromptCache::HalfHourOrMore,
        Some((5, 5)) => PromptCache::DayByDefault,
        _ if EXTENDED_ON_REQUEST.contains(&base) => PromptCache::OnRequest,
        Some(_) => PromptCache::InMemory,
        None if OLDER_MODELS.contains(&base) || OLDER_FAMILIES.iter().any(in_family) => PromptCache::InMemory,
        None => PromptCache::Unlisted,
    }
}

/// `gpt-5.10-mini` → (5, 10); `None` for other forms such as `gpt-4o`. Azure writes 3.5 as `gpt-35`.
fn gpt_version(base: &str) -> Option<(u32, u32)> {
    let number = base.strip_prefix("gpt-")?.split('-').next()?;
    let (major, minor) = number.split_once('.').unwrap_or((number, "0"));
    match (major.parse().ok()?, minor.parse().ok()?) {
        (35, _) => Some((3, 5)),
        version => Some(version),
    }
}

/// Cuts a trailing `-YYYY-MM-DD`, as the base of a fine-tuned model has it.
fn without_date(name: &str) -> &str {
    let at = name.len().saturating_sub("-YYYY-MM-DD".len());
    let is_date = |tail: &str| {
        tail.bytes().enumerate().all(|(i, b)| if matches!(i, 0 | 5 | 8) { b == b'-' } else { b.is_ascii_digit() })
    };
    match name.split_at_checked(at) {
        Some((base, tail)) if tail.len() == 11 && is_date(tail) => base,
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prompt_cache_follows_the_number_not_the_text() {
        use PromptCache::{DayByDefault, HalfHourOrMore, InMemory, OnRequest, Unlisted};
        for (name, expected) in [
            ("gpt-5.5", DayByDefault),
            ("GPT-5.5-mini", DayByDefault),
            ("gpt-5.5-2026-04-01.ft-ab12", DayByDefault),
            ("gpt-5.6", HalfHourOrMore),
            ("gpt-5.10", HalfHourOrMore),
            ("gpt-6-codex", HalfHourOrMore),
            ("gpt-5", OnRequest),
            ("gpt-5.3-codex", OnRequest),
            ("gpt-4.1-2025-04-14.ft-0123", OnRequest),
            ("gpt-4.1-mini", InMemory),
            ("gpt-5-mini", InMemory),
            ("gpt-35-turbo", InMemory),
            ("gpt-3.5-turbo", InMemory),
            ("gpt-4-32k", InMemory),
            ("gpt-4o-mini", InMemory),
            ("text-embedding-3-large", InMemory),
            ("o3", InMemory),
            ("gpt-realtime", InMemory),
            ("gpt-realtime-2", Unlisted),
            ("gpt-live-1", Unlisted),
            ("o5", Unlisted),
            ("gpt-6o", Unlisted),
            ("gpt-4ö", Unlisted),
            ("", Unlisted),
        ] {
            assert_eq!(prompt_cache(name), expected, "{name}");
        }
    }

    #[test]
    fn preview_live_and_image_models_are_told_by_name() {
        assert!(known_preview("computer-use-preview", None) && known_preview("sora-2", None));
        assert!(known_preview("gpt-4", Some("turbo-2024-04-09-Preview")) && known_preview("GPT-Live-1", None));
        assert!(!known_preview("gpt-4.1", Some("2025-04-14")));
        assert!(is_live("gpt-4o-mini-realtime-preview") && is_live("GPT-Realtime") && is_live("gpt-live-1"));
        assert!(!is_live("gpt-4o") && !is_live("gpt-4o-transcribe"));
        assert!(links_images("Dall-E-3") && links_images("dalle3") && !links_images("gpt-image-1"));
    }

    #[test]
    fn a_video_model_is_told_by_its_family() {
        assert!(keeps_videos("Sora-2") && keeps_videos("sora") && !keeps_videos("gpt-4.1"));
    }
}
