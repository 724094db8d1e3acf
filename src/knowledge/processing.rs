//! Where a deployment processes prompts, and whether that satisfies a required boundary.

use super::Source;
use super::models::{self, Terms};
use super::regions::{self, Zone};

/// Source of the SKU semantics.
pub const SKU_SOURCE: Source = regions::ZONE_SOURCE;

/// The older page that contradicts [`SKU_SOURCE`] on regional SKUs.
pub const REGIONAL_CONTRADICTION: &str = "Microsoft's deployment-types page (2026-08-06) says prompts of regional deployments \
     \"may be processed between regions within that geography\", other pages (2026-05-08, 2026-07-08) say in the deployment region";

/// Where prompts are processed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Processing {
    /// Any Azure region where the model is deployed.
    Global,
    /// The data zone of the account's location.
    DataZone,
    /// The geography of the account's location.
    Geography,
    /// Outside Azure, at the model provider.
    External,
    /// Not documented for this SKU or model.
    Unknown,
}

impl Processing {
    /// Stable word for reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Global => "global",
            Self::DataZone => "datazone",
            Self::Geography => "geography",
            Self::External => "external",
            Self::Unknown => "unknown",
        }
    }
}

/// What is documented about a deployment SKU.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sku {
    /// `sku.name`.
    pub name: &'static str,
    /// Where it processes.
    pub processing: Processing,
    /// Input and output are stored files.
    pub batch: bool,
    /// Reserved throughput, which can spill over to a standard deployment.
    pub provisioned: bool,
}

const fn sku(name: &'static str, processing: Processing, batch: bool, provisioned: bool) -> Sku {
    Sku { name, processing, batch, provisioned }
}

/// Documented deployment SKUs (deployment-types page, 2026-08-06). Anything else is unknown, never a default.
pub const SKUS: &[Sku] = &[
    sku("DataZoneBatch", Processing::DataZone, true, false),
    sku("DataZoneProvisionedManaged", Processing::DataZone, false, true),
    sku("DataZoneStandard", Processing::DataZone, false, false),
    sku("DeveloperTier", Processing::Global, false, false),
    sku("GlobalBatch", Processing::Global, true, false),
    sku("GlobalProvisionedManaged", Processing::Global, false, true),
    sku("GlobalStandard", Processing::Global, false, false),
    sku("ProvisionedManaged", Processing::Geography, false, true),
    sku("Standard", Processing::Geography, false, false),
];

/// What is documented about `name`, compared without case.
pub fn find_sku(name: &str) -> Option<&'static Sku> {
    SKUS.iter().find(|sku| sku.name.eq_ignore_ascii_case(name))
}

/// Where a deployment processes, from its SKU and model.
pub fn of_deployment(
    sku: Option<&str>,
    format: Option<&str>,
    model: Option<&str>,
    version: Option<&str>,
) -> Processing {
    match models::terms(format, model, version) {
        Terms::ClaudeOnAnthropic | Terms::Fireworks => Processing::External,
        Terms::ClaudeUnclear | Terms::LocationUnverified => Processing::Unknown,
        Terms::AzureDirect | Terms::Partner | Terms::ClaudeOnAzure | Terms::Unlisted => {
            sku.and_then(find_sku).map_or(Processing::Unknown, |sku| sku.processing)
        }
    }
}

/// The boundary policy requires (`--pin`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Pin {
    /// The account's own region.
    Region,
    /// The account's own geography.
    Geography,
    /// A named data zone.
    DataZone(Zone),
    /// Anywhere in Azure.
    Any,
}

impl Pin {
    /// Every value of `--pin`.
    pub const ALL: [Self; 7] = [
        Self::Region,
        Self::Geography,
        Self::DataZone(Zone::Eu),
        Self::DataZone(Zone::Us),
        Self::DataZone(Zone::Apac),
        Self::DataZone(Zone::UsGov),
        Self::Any,
    ];

    /// The word of the flag and of reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Region => "region",
            Self::Geography => "geography",
            Self::DataZone(Zone::Eu) => "datazone:eu",
            Self::DataZone(Zone::Us) => "datazone:us",
            Self::DataZone(Zone::Apac) => "datazone:apac",
            Self::DataZone(Zone::UsGov) => "datazone:usgov",
            Self::Any => "any",
        }
    }

    /// Reads the word, without case.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|pin| pin.as_str().eq_ignore_ascii_case(text.trim()))
    }
}

/// Whether a place of processing satisfies a pin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Placement {
    /// Documented to stay inside.
    Inside,
    /// Documented to leave, or to be free to leave.
    Outside,
    /// Microsoft's pages contradict each other.
    Contradictory,
    /// Nothing is documented.
    Undocumented,
}

/// Judges `processing` of an account at `location` against `pin`: the full SKU × pin table of the control catalogue.
pub fn place(processing: Processing, location: &str, pin: Pin) -> Placement {
    match (processing, pin) {
        (Processing::Unknown, _) => Placement::Undocumented,
        (Processing::External, _) => Placement::Outside,
        (_, Pin::Any) => Placement::Inside,
        (Processing::Global, Pin::Region | Pin::Geography | Pin::DataZone(_)) => Placement::Outside,
        (Processing::DataZone, Pin::Region | Pin::Geography) => Placement::Outside,
        (Processing::Geography, Pin::Region) => Placement::Contradictory,
        (Processing::Geography, Pin::Geography) => Placement::Inside,
        (Processing::DataZone | Processing::Geography, Pin::DataZone(required)) => {
            match regions::find(location).and_then(|region| region.zone) {
                Some(own) if own == required => Placement::Inside,
                Some(_) => Placement::Outside,
                None => Placement::Undocumented,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table of `reference` §2.1 for an account in Sweden: region, geography, datazone:eu, datazone:us, any.
    #[test]
    fn sku_times_pin() {
        use Placement::{Contradictory as C, Inside as I, Outside as O, Undocumented as U};
        let table = [
            ("Standard", [C, I, I, O, I]),
            ("ProvisionedManaged", [C, I, I, O, I]),
            ("DataZoneStandard", [O, O, I, O, I]),
            ("DataZoneProvisionedManaged", [O, O, I, O, I]),
            ("DataZoneBatch", [O, O, I, O, I]),
            ("GlobalStandard", [O, O, O, O, I]),
            ("GlobalProvisionedManaged", [O, O, O, O, I]),
            ("GlobalBatch", [O, O, O, O, I]),
            ("DeveloperTier", [O, O, O, O, I]),
            ("GlobalManagedCompute", [U, U, U, U, U]),
            ("Regional", [U, U, U, U, U]),
        ];
        let pins = [Pin::Region, Pin::Geography, Pin::DataZone(Zone::Eu), Pin::DataZone(Zone::Us), Pin::Any];
        for (sku, expected) in table {
            let processing = of_deployment(Some(sku), Some("OpenAI"), Some("gpt-4.1"), None);
            let got = pins.map(|pin| place(processing, "Sweden Central", pin));
            assert_eq!(got, expected, "{sku}");
        }
    }

    #[test]
    fn a_location_without_a_documented_zone_is_undocumented() {
        let pin = Pin::DataZone(Zone::Eu);
        assert_eq!(place(Processing::DataZone, "uksouth", pin), Placement::Undocumented);
        assert_eq!(place(Processing::Geography, "uksouth", pin), Placement::Undocumented);
        assert_eq!(place(Processing::Geography, "atlantis", pin), Placement::Undocumented);
        assert_eq!(place(Processing::Geography, "uksouth", Pin::Geography), Placement::Inside);
    }

    #[test]
    fn a_model_hosted_elsewhere_is_outside_whatever_its_sku() {
        let claude = of_deployment(Some("GlobalStandard"), Some("Anthropic"), Some("claude-sonnet-4-5"), Some("1"));
        assert_eq!(claude, Processing::External);
        assert!(Pin::ALL.iter().all(|&pin| place(claude, "eastus2", pin) == Placement::Outside));
    }
}
