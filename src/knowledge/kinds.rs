//! Which `kind` of Cognitive Services account can host generative models.

use super::Source;

/// Source of the kinds.
pub const SOURCE: Source = Source {
    title: "Create an AI services resource: kinds",
    url: "https://learn.microsoft.com/azure/ai-services/create-account-bicep",
    date: "2025-11-18",
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

/// Kinds seen in `GET …/skus` and Microsoft's templates that offer no model deployments.
const DOES_NOT_HOST: [&str; 30] = [
    "Academic",
    "AnomalyDetector",
    "Bing.Autosuggest.v7",
    "Bing.CustomSearch",
    "Bing.Search.v7",
    "Bing.Speech",
    "Bing.SpellCheck.v7",
    "CognitiveServices",
    "ComputerVision",
    "ContentModerator",
    "ContentSafety",
    "ConversationalLanguageUnderstanding",
    "CustomSpeech",
    "CustomVision.Prediction",
    "CustomVision.Training",
    "Emotion",
    "Face",
    "FormRecognizer",
    "HealthInsights",
    "ImmersiveReader",
    "Internal.AllInOne",
    "LUIS",
    "LUIS.Authoring",
    "MetricsAdvisor",
    "Personalizer",
    "QnAMaker",
    "QnAMaker.v2",
    "SpeechServices",
    "TextAnalytics",
    "TextTranslation",
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
