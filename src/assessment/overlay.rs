//! What people lay over results.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::outcome::Outcome;

/// What a person laid over a result, until a date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Overlay {
    /// The result is waived.
    Waiver(WaiverSummary),
    /// The manual item is attested.
    Attestation(AttestationSummary),
}

/// A waiver, on the result it covers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaiverSummary {
    /// What the rule said: [`Outcome::Fail`] or [`Outcome::Unknown`].
    pub inner: Outcome,
    /// Why it is accepted.
    pub reason: String,
    /// Who accepts it.
    pub owner: String,
    /// Last day on which it holds (UTC).
    pub expires: Date,
    /// Where it was discussed.
    pub ticket: Option<String>,
}

/// An attestation, on the result it answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttestationSummary {
    /// What is attested.
    pub statement: String,
    /// Who attests it.
    pub by: String,
    /// First day on which it holds (UTC).
    pub date: Date,
    /// Last day on which it holds (UTC).
    pub expires: Date,
    /// Path of the document it rests on, as the policy file names it, and its verified SHA-256.
    pub evidence: Option<(String, String)>,
}
