//! Definitions for deployments: their SKU, their model, where overflow goes.

use serde_json::{Value, json};

use super::{Definition, Effect, Parameter};
use crate::knowledge::azure_policy::DEPLOYMENTS;
use crate::knowledge::models::{
    AZURE_DIRECT_FORMATS, CLAUDE, CLAUDE_ON_ANTHROPIC, CLAUDE_ON_AZURE, FIREWORKS, Family, IMAGE_LINK_FAMILIES,
    PREVIEW_FAMILIES, UNVERIFIED, VIDEO_FAMILIES,
};
use crate::knowledge::processing::{Pin, Placement, SKUS, Sku, place};
use crate::knowledge::regions::REGIONS;

const SKU: &str = "Microsoft.CognitiveServices/accounts/deployments/sku.name";
const FORMAT: &str = "Microsoft.CognitiveServices/accounts/deployments/model.format";
const NAME: &str = "Microsoft.CognitiveServices/accounts/deployments/model.name";
const VERSION: &str = "Microsoft.CognitiveServices/accounts/deployments/model.version";
const SPILLOVER: &str = "Microsoft.CognitiveServices/accounts/deployments/spilloverDeploymentName";

/// Every definition for deployments that `pin` calls for.
pub(super) fn all(pin: Pin) -> Vec<Definition> {
    let mut all = Vec::new();
    let outside = skus(|sku| place(sku.processing, "", pin) == Placement::Outside);
    if !outside.is_empty() {
        all.push(sku_outside(pin, outside));
    }
    all.push(sku_undocumented(pin));
    all.extend([model_outside(), model_undocumented(), model_terms(), batch(), preview(), video(), image_links()]);
    if pin != Pin::Any {
        all.push(spillover());
    }
    all
}

fn skus(wanted: impl Fn(&Sku) -> bool) -> Vec<String> {
    SKUS.iter().filter(|sku| wanted(sku)).map(|sku| sku.name.to_owned()).collect()
}

/// Whether some account location settles where the SKU processes.
fn is_judged(sku: &Sku, pin: Pin) -> bool {
    REGIONS.iter().any(|region| match place(sku.processing, region.name, pin) {
        Placement::Inside | Placement::Outside => true,
        Placement::Contradictory | Placement::Undocumented => false,
    })
}

fn list(name: &'static str, title: &'static str, values: Vec<String>) -> Vec<Parameter> {
    vec![Parameter { name, title, values, strong_type: None }]
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// A condition on deployments.
fn deployment(condition: &Value) -> Value {
    json!({ "allOf": [{ "field": "type", "equals": DEPLOYMENTS }, condition] })
}

fn is_of(family: Family) -> Value {
    json!({ "anyOf": [{ "field": FORMAT, "equals": family.format }, starts_with(&[family.prefix])] })
}

/// A model whose name begins with one of the words.
fn starts_with(prefixes: &[&str]) -> Value {
    let each: Vec<Value> =
        prefixes.iter().map(|prefix| json!({ "field": NAME, "like": format!("{prefix}*") })).collect();
    json!({ "anyOf": each })
}

fn sku_outside(pin: Pin, outside: Vec<String>) -> Definition {
    Definition {
        name: "deployment-sku",
        title: "Deployment type processes prompts outside the boundary",
        description: format!(
            "Refuses deployments whose SKU processes prompts outside --pin {}. Also refuses those of models whose place of \
             processing nothing documents: zdr-check calls them unknown. The account's location is not visible here.",
            pin.as_str()
        ),
        effect: Effect::Deny,
        parameters: list("deniedSkus", "SKUs that leave the boundary", outside),
        condition: deployment(&json!({ "field": SKU, "in": "[parameters('deniedSkus')]" })),
        rules: &["deployment-leaves-boundary", "model-router-leaves-boundary"],
        aliases: &[SKU],
    }
}

fn sku_undocumented(pin: Pin) -> Definition {
    let judged = skus(|sku| is_judged(sku, pin));
    Definition {
        name: "deployment-sku-undocumented",
        title: "Where the deployment type processes prompts is not settled",
        description: format!(
            "Marks deployments with a SKU that nothing documents, or on which Microsoft's pages contradict each other under \
             --pin {}. zdr-check calls them unknown. A new SKU is marked until this definition knows it.",
            pin.as_str()
        ),
        effect: Effect::Audit,
        parameters: list("judgedSkus", "SKUs whose place of processing is documented", judged),
        condition: deployment(&json!({ "field": SKU, "notIn": "[parameters('judgedSkus')]" })),
        rules: &["deployment-leaves-boundary"],
        aliases: &[SKU],
    }
}

fn model_outside() -> Definition {
    let fireworks = json!({ "anyOf": [{ "field": FORMAT, "in": "[parameters('deniedFormats')]" }, starts_with(&[FIREWORKS.prefix])] });
    let claude = json!({ "allOf": [
        { "field": FORMAT, "notEquals": UNVERIFIED },
        is_of(CLAUDE),
        { "field": VERSION, "equals": CLAUDE_ON_ANTHROPIC },
    ] });
    Definition {
        name: "model-outside-azure",
        title: "Model is processed outside Azure",
        description: "Refuses Fireworks models and Claude version 1, which are processed at the provider whatever the SKU. A request \
                      that names no version is not refused: which one Azure then chooses is not visible here."
            .to_owned(),
        effect: Effect::Deny,
        parameters: list("deniedFormats", "Model formats processed outside Azure", owned(&[FIREWORKS.format])),
        condition: deployment(&json!({ "anyOf": [fireworks, claude] })),
        rules: &["deployment-leaves-boundary", "claude-processed-by-anthropic", "fireworks-model-deployed"],
        aliases: &[FORMAT, NAME, VERSION],
    }
}

fn model_undocumented() -> Definition {
    let claude = json!({ "allOf": [
        is_of(CLAUDE),
        { "field": VERSION, "notIn": [CLAUDE_ON_ANTHROPIC, CLAUDE_ON_AZURE] },
    ] });
    Definition {
        name: "model-place-undocumented",
        title: "Where the model is processed is not documented",
        description: "Marks models whose provider's place of processing could not be verified, and Claude models whose version does \
                      not say who hosts them. zdr-check calls them unknown."
            .to_owned(),
        effect: Effect::Audit,
        parameters: list("unverifiedFormats", "Model formats whose place is not verified", owned(&[UNVERIFIED])),
        condition: deployment(
            &json!({ "anyOf": [{ "field": FORMAT, "in": "[parameters('unverifiedFormats')]" }, claude] }),
        ),
        rules: &["deployment-leaves-boundary", "claude-processed-by-anthropic"],
        aliases: &[FORMAT, NAME, VERSION],
    }
}

fn model_terms() -> Definition {
    let other = json!({ "field": FORMAT, "notIn": "[parameters('azureFormats')]" });
    Definition {
        name: "model-terms",
        title: "Model is not sold by Azure",
        description: "Marks models that Azure does not sell itself: ContentLogging does not cover them, or no list says so. zdr-check \
                      fails Claude and Fireworks, asks a person about marketplace partners and calls the rest unknown."
            .to_owned(),
        effect: Effect::Audit,
        parameters: list("azureFormats", "Model formats sold by Azure", owned(&AZURE_DIRECT_FORMATS)),
        condition: deployment(
            &json!({ "anyOf": [other, starts_with(&[CLAUDE.prefix, FIREWORKS.prefix])] }),
        ),
        rules: &["model-outside-abuse-monitoring-terms"],
        aliases: &[FORMAT, NAME],
    }
}

fn batch() -> Definition {
    Definition {
        name: "batch-deployment",
        title: "Batch deployment keeps prompts and completions in files",
        description: "Marks deployments whose SKU runs batch jobs: their input and output are files that stay."
            .to_owned(),
        effect: Effect::Audit,
        parameters: list("batchSkus", "SKUs that run batch jobs", skus(|sku| sku.batch)),
        condition: deployment(&json!({ "field": SKU, "in": "[parameters('batchSkus')]" })),
        rules: &["batch-deployment"],
        aliases: &[SKU],
    }
}

fn preview() -> Definition {
    let says = |field: &str| json!({ "field": field, "contains": "preview" });
    Definition {
        name: "preview-model",
        title: "Model in preview may have other privacy terms",
        description:
            "Marks models whose name or version says preview, or whose family Microsoft's pages call a preview."
                .to_owned(),
        effect: Effect::Audit,
        parameters: Vec::new(),
        condition: deployment(&json!({ "anyOf": [says(NAME), says(VERSION), starts_with(&PREVIEW_FAMILIES)] })),
        rules: &["preview-model-deployed"],
        aliases: &[NAME, VERSION],
    }
}

fn video() -> Definition {
    Definition {
        name: "video-model",
        title: "Video model keeps results for a day",
        description: "Marks models that make videos, which the service keeps for 24 hours.".to_owned(),
        effect: Effect::Audit,
        parameters: Vec::new(),
        condition: deployment(&starts_with(&VIDEO_FAMILIES)),
        rules: &["video-model-deployed"],
        aliases: &[NAME],
    }
}

fn image_links() -> Definition {
    Definition {
        name: "image-links",
        title: "Image model answers with links to stored images",
        description: "Marks models that can answer with links to images, which the service stores for 24 hours."
            .to_owned(),
        effect: Effect::Audit,
        parameters: Vec::new(),
        condition: deployment(&starts_with(&IMAGE_LINK_FAMILIES)),
        rules: &["image-links-kept"],
        aliases: &[NAME],
    }
}

fn spillover() -> Definition {
    Definition {
        name: "spillover",
        title: "Spillover to a deployment that nobody vouched for",
        description: "Refuses deployments that spill over to one that the assignment does not name: the target is another resource, so \
                      its SKU is not visible here. Stricter than zdr-check, which looks at the target."
            .to_owned(),
        effect: Effect::Deny,
        parameters: list("allowedTargets", "Deployments inside the boundary that may take overflow", Vec::new()),
        condition: deployment(&json!({ "allOf": [
            { "field": SPILLOVER, "exists": true },
            { "field": SPILLOVER, "notEquals": "" },
            { "field": SPILLOVER, "notIn": "[parameters('allowedTargets')]" },
        ] })),
        rules: &["spillover-leaves-boundary"],
        aliases: &[SPILLOVER],
    }
}
