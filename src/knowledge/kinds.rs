//! Which `kind` of Cognitive Services account can host generative models.

use super::Source;

/// Source of the names. That none of them hosts models is inferred: the page says what the kinds are called, and only `OpenAI`
/// and `AIServices` accounts with deployments were seen.
pub const SOURCE: Source = Source {
    title: "azurerm_cognitive_account: argument kind",
    url: "https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/resources/cognitive_account#kind",
    date: "2025-11-20",
};

/// Whether an account of a kind can host model deployments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hosting {
    /// `OpenAI` and `AIServices` do.
    Hosts,
    /// Single-purpose kinds do not; one that has deployments all the same is judged.
    DoesNotHost,
    /// A kind this table does not know.
    Unlisted,
}

const HOSTS: [&str; 2] = ["OpenAI", "AIServices"];

/// Single-purpose and multi-service kinds without model deployments.
pub const DOES_NOT_HOST: [&str; 34] = [
    "Academic",
    "AnomalyDetector",
    "Bing.Autosuggest",
    "Bing.Autosuggest.v7",
    "Bing.CustomSearch",
    "Bing.Search",
    "Bing.Search.v7",
    "Bing.Speech",
    "Bing.SpellCheck",
    "Bing.SpellCheck.v7",
    "CognitiveServices",
    "ComputerVision",
    "ContentModerator",
    "ContentSafety",
    "CustomSpeech",
    "CustomVision.Prediction",
    "CustomVision.Training",
    "Emotion",
    "Face",
    "FormRecognizer",
    "ImmersiveReader",
    "LUIS",
    "LUIS.Authoring",
    "MetricsAdvisor",
    "Personalizer",
    "QnAMaker",
    "Recommendations",
    "SpeakerRecognition",
    "Speech",
    "SpeechServices",
    "SpeechTranslation",
    "TextAnalytics",
    "TextTranslation",
    "WebLM",
];

/// What the table says about `kind`, compared without case.
pub fn hosting(kind: &str) -> Hosting {
    let is = |known: &&str| known.eq_ignore_ascii_case(kind);
    if HOSTS.iter().any(is) {
        Hosting::Hosts
    } else if DOES_NOT_HOST.iter().any(is) {
        Hosting::DoesNotHost
    } else {
        Hosting::Unlisted
    }
}
