//! B13 and G: a connection can lead to models of another account.

use crate::knowledge::connections::serves_models;
use crate::outcome::{Unknown, Verdict};
use crate::rules::connections::{Search, every_list, names, search};
use crate::rules::{CheckResult, Context};
use crate::snapshot::Connection;

declare_rule! {
    /// ## What it checks
    ///
    /// Whether a connection of category `AIServices`, `AzureOpenAI`, `Serverless` or `ManagedOnlineEndpoint` leads
    /// elsewhere than to this account or another account of the same subscription in this run. If one does, a person
    /// has to attest that its models keep nothing either. A connection without a resource id counts as elsewhere.
    ///
    /// ## Why it matters
    ///
    /// An agent of this account then sends its prompts to models whose approval, location and storage are those of
    /// another account. Serverless and managed online endpoints of Azure Machine Learning have other data terms and are
    /// outside this program.
    ///
    /// ## How to fix
    ///
    /// Scan the other account as well and attest its result, or remove the connection.
    ///
    /// **az CLI**: for a connection of the account, and of a project.
    ///
    /// ```sh
    /// az cognitiveservices account connection delete --name NAME \
    ///   --resource-group GROUP --connection-name CONNECTION
    /// az cognitiveservices account project connection delete --name NAME \
    ///   --resource-group GROUP --project-name PROJECT --connection-name CONNECTION
    /// ```
    ///
    /// **Bicep**: take the resource `Microsoft.CognitiveServices/accounts/connections` or
    /// `accounts/projects/connections` out of the template, and delete the existing one as above: an incremental
    /// deployment leaves it alone.
    ///
    /// **Terraform**: take the `azurerm_cognitive_account_connection_…` (for a project, the `azapi_resource`) out of
    /// the configuration and apply.
    ///
    /// **Portal**: the project, *Management center*, *Connected resources*, the connection, *Delete*.
    ///
    /// ## What it cannot see
    ///
    /// Endpoints that an application names itself, and accounts of other subscriptions even if the same run judges
    /// them.
    ///
    /// ## Sources
    ///
    /// - [Connection categories](https://learn.microsoft.com/azure/templates/microsoft.cognitiveservices/accounts/connections), api-version 2026-09-15-preview
    /// - [Data, privacy, and security for serverless API deployments](https://learn.microsoft.com/azure/foundry-classic/how-to/concept-data-privacy), 2026-01-26
    id: "model-connection-outside-scan",
    title: "Connection leads to models that were not judged here",
    axis: Contained,
    severity: Medium,
    since: "0.1.0",
    controls: ["B13", "G08"],
    needs: [ConnectionsList, ProjectsList, ProjectConnectionsList],
    frameworks: [
        "ISO/IEC 27001:2022 A.5.19",
        "ISO/IEC 27018:2019 A.8.1",
        "GDPR Art. 28(2)",
        "SOC 2 CC9.2",
        "HIPAA 45 CFR 164.308(b)(1)",
        "NIST SP 800-53 Rev. 5 CA-3",
    ],
    check: Account(check),
}

fn check(context: &Context<'_>) -> CheckResult {
    let found = match search(context, serves_models)? {
        Search::Found(found) => found,
        Search::Nothing(..) => Vec::new(),
    };
    let mut elsewhere = Vec::new();
    for connection in &found {
        if !is_judged(context, connection)? {
            elsewhere.push(*connection);
        }
    }
    if !elsewhere.is_empty() {
        return Ok(Verdict::manual(
            format!("{}: prompts can go to models that were not judged with this account", names(&elsewhere)),
            elsewhere.iter().map(|connection| connection.0.cite("/properties/metadata")).collect(),
            "Attest the other account's own result, or remove the connection: az resource delete --ids CONNECTION-ID",
        ));
    }
    // Those found may not be all: a pass needs every list.
    let (first, more) = every_list(context)?;
    let led = found.iter().map(|connection| connection.0.cite("/properties/metadata"));
    let message = match found.len() {
        0 => "no connection of the account or its projects leads to models elsewhere",
        _ => "every connection to models leads to an account of this subscription, which has results of its own",
    };
    Ok(Verdict::pass(message, first, more.into_iter().chain(led)))
}

/// Whether the connection leads to an account of the subscription that this run has read.
fn is_judged(context: &Context<'_>, connection: &Connection<'_>) -> Result<bool, Unknown> {
    let Some(id) = connection.resource_id()? else { return Ok(false) };
    let id = id.trim_end_matches('/');
    Ok(context.subscription.accounts.iter().any(|facts| facts.id.id.eq_ignore_ascii_case(id)))
}
