//! Judging one deployment against the required boundary; shared by the rules of the *pinned* axis.

use super::Context;
use crate::knowledge::processing::{
    Pin, Placement, Processing, REGIONAL_CONTRADICTION, find_sku, of_deployment, place,
};
use crate::knowledge::regions::Zone;
use crate::outcome::{Unknown, UnknownCause};
use crate::snapshot::{Citation, Deployment, Unavailable};

/// Where a deployment processes, whether that is inside, and what says so.
pub(super) struct Judgement {
    /// Where prompts are processed.
    pub(super) processing: Processing,
    /// Whether that satisfies the pin.
    pub(super) placement: Placement,
    /// The SKU.
    pub(super) sku: Citation,
    /// The model and, where it decides, the location.
    pub(super) more: Vec<Citation>,
}

impl Judgement {
    /// Everything it rests on.
    pub(super) fn evidence(self) -> Vec<Citation> {
        std::iter::once(self.sku).chain(self.more).collect()
    }
}

/// Judges `deployment` by its SKU and model, and by the account's location where the pin depends on it.
///
/// A SKU that leaves the boundary is outside whatever its model; a pass also needs the model, because some models are
/// processed elsewhere under any SKU.
///
/// # Errors
/// Why the SKU, the model or the location could not be read.
pub(super) fn judge(context: &Context<'_>, deployment: &Deployment<'_>) -> Result<Judgement, Unavailable> {
    let sku = deployment.sku();
    let model = deployment.model().ok();
    let format = model.and_then(|model| model.format);
    let name = model.and_then(|model| model.name);
    let version = model.and_then(|model| model.version);
    let processing = of_deployment(sku.as_ref().ok().copied(), format, name, version);
    let mut more = vec![deployment.cite_model()];
    if processing != Processing::External {
        sku?;
    }
    let location = if depends_on_location(processing, context.policy.pin) {
        let account = context.facts.account()?;
        more.push(account.0.cite("/location"));
        account.location()?
    } else {
        ""
    };
    let placement = place(processing, location, context.policy.pin);
    if placement == Placement::Inside {
        deployment.model_format()?;
        deployment.model_name()?;
    }
    Ok(Judgement { processing, placement, sku: deployment.0.cite("/sku/name"), more })
}

/// Only a zone is judged by where the account is, and only for SKUs that stay near the account.
fn depends_on_location(processing: Processing, pin: Pin) -> bool {
    match (processing, pin) {
        (Processing::DataZone | Processing::Geography, Pin::DataZone(_)) => true,
        (_, Pin::Region | Pin::Geography | Pin::DataZone(_) | Pin::Any) => false,
    }
}

/// Whether the SKU is documented as reserved throughput; `None` when it is not documented.
pub(super) fn provisioned(deployment: &Deployment<'_>) -> Result<Option<bool>, Unavailable> {
    Ok(find_sku(deployment.sku()?).map(|sku| sku.provisioned))
}

/// Why a placement that is neither inside nor outside cannot be judged.
pub(super) fn undecided(subject: &str, judgement: Judgement) -> Unknown {
    let sku = judgement.sku.value.as_str().unwrap_or_default().to_owned();
    let (cause, message) = match (judgement.placement, judgement.processing) {
        (Placement::Contradictory, _) => {
            (UnknownCause::ContradictorySources, format!("{subject} has SKU {sku}: {REGIONAL_CONTRADICTION}"))
        }
        (_, Processing::Unknown) => (
            UnknownCause::UndocumentedValue,
            format!("Microsoft does not document where {subject} with SKU {sku} and this model processes prompts"),
        ),
        (_, Processing::Global | Processing::DataZone | Processing::Geography | Processing::External) => (
            UnknownCause::UndocumentedValue,
            format!("no source says which data zone {subject} is in, because of the account's location"),
        ),
    };
    Unknown::because(cause, message, judgement.evidence())
}

/// Where prompts are processed, as the end of a sentence.
pub(super) fn place_of(processing: Processing) -> &'static str {
    match processing {
        Processing::Global => "in any Azure region where the model is deployed",
        Processing::DataZone => "anywhere in the data zone of the account's location",
        Processing::Geography => "within the geography of the account's location",
        Processing::External => "outside Azure, at the model provider",
        Processing::Unknown => "in a place that is not documented",
    }
}

/// The required boundary, as the end of a sentence.
pub(super) fn boundary_of(pin: Pin) -> &'static str {
    match pin {
        Pin::Region => "the account's region",
        Pin::Geography => "the account's geography",
        Pin::DataZone(Zone::Eu) => "the EU data zone",
        Pin::DataZone(Zone::Us) => "the US data zone",
        Pin::DataZone(Zone::Apac) => "the Asia Pacific data zone",
        Pin::DataZone(Zone::UsGov) => "the Azure Government data zone",
        Pin::Any => "Azure",
    }
}

/// What a pass under this boundary does not promise, to be added to its message.
pub(super) fn caveat_of(pin: Pin) -> &'static str {
    match pin {
        Pin::DataZone(Zone::Eu) => "; that zone can include Norway and Switzerland",
        Pin::DataZone(Zone::Us | Zone::Apac | Zone::UsGov) | Pin::Region | Pin::Geography | Pin::Any => "",
    }
}

/// How to bring a deployment inside the boundary.
pub(super) fn remedy(context: &Context<'_>, deployment: &Deployment<'_>, processing: Processing) -> String {
    let flags = context.az_deployment(deployment.name());
    let delete = format!("az cognitiveservices account deployment delete {flags}");
    if processing == Processing::External {
        return format!("Delete the deployment and use a model that Azure runs: {delete}");
    }
    let (sku, where_to) = match context.policy.pin {
        Pin::Region | Pin::Geography => ("Standard", ""),
        Pin::DataZone(_) => ("DataZoneStandard", ", in an account located in the required zone"),
        Pin::Any => ("Standard", ""),
    };
    format!(
        "Delete the deployment and create it again with a SKU that stays inside{where_to}: {delete}; az cognitiveservices \
         account deployment create {flags} --sku-name {sku} --sku-capacity CAPACITY --model-format FORMAT --model-name MODEL \
         --model-version VERSION"
    )
}
