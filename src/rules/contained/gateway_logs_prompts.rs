//! D02: a gateway in front of the account logs prompts and completions.

use std::collections::BTreeSet;

use crate::outcome::{Unknown, Verdict};
use crate::rules::gateways::{self, Found};
use crate::rules::{CheckResult, Context, shell_word};
use crate::snapshot::{Document, Gateway, Unavailable, last_segment};

declare_rule! {
    /// ## What it checks
    ///
    /// For every API Management gateway of the run that leads to the account (by the URL or ARM id of a backend, a pool
    /// of backends, or the service URL of an API), whichever subscription it is in: the diagnostics of the APIs that
    /// select the account, and those of the gateway that hold for them. `largeLanguageModel` with `logs` `enabled` and
    /// `messages` of `requests` or `responses` fails.
    ///
    /// | gateways | outcome |
    /// |---|---|
    /// | one logs messages | fail |
    /// | a list, policy or diagnostic could not be read | unknown |
    /// | none leads to the account | not applicable |
    /// | none logs messages | pass |
    ///
    /// ## Why it matters
    ///
    /// The gateway writes whole prompts and completions to the table `ApiManagementGatewayLlmLog`, in pieces of 32 KB.
    /// They stay there for the retention of the workspace, whatever the account keeps.
    ///
    /// ## How to fix
    ///
    /// Log token counts without messages. Rows that are there stay until their retention ends or they are purged.
    ///
    /// **az CLI**: `LOGGER-ID` is the `loggerId` that the first command shows.
    ///
    /// ```sh
    /// az rest --method get --url "DIAGNOSTIC-ID?api-version=2025-09-01-preview"
    /// az rest --method patch --headers If-Match=* \
    ///   --url "DIAGNOSTIC-ID?api-version=2025-09-01-preview" \
    ///   --body '{"properties":{"loggerId":"LOGGER-ID",
    ///     "largeLanguageModel":{"logs":"disabled"}}}'
    /// ```
    ///
    /// **Bicep**: or keep `logs` and leave out `messages` of `requests` and `responses`.
    ///
    /// ```bicep
    /// resource log 'Microsoft.ApiManagement/service/apis/diagnostics@2025-09-01-preview' = {
    ///   parent: api, name: 'azuremonitor'
    ///   properties: { loggerId: logger.id
    ///     largeLanguageModel: { logs: 'disabled' } }
    /// }
    /// ```
    ///
    /// **Terraform**: `azurerm_api_management_api_diagnostic` has no argument for it, azapi has:
    ///
    /// ```hcl
    /// resource "azapi_update_resource" "log" {
    ///   type        = "Microsoft.ApiManagement/service/apis/diagnostics@2025-09-01-preview"
    ///   resource_id = azurerm_api_management_api_diagnostic.this.id
    ///   body = { properties = {
    ///     largeLanguageModel = { logs = "disabled" }
    ///   } }
    /// }
    /// ```
    ///
    /// **Portal**: the API, *Settings*, *Diagnostic Logs*, *Azure Monitor*: clear *Log prompts* and *Log completions*.
    ///
    /// ## What it cannot see
    ///
    /// Gateways of subscriptions outside the run, other makes of gateways, workspaces of API Management, policies of
    /// operations and products, and a backend that is set by policy alone on a gateway without a backend entity or
    /// service URL for the account. An API whose policy computes its backend counts as leading here, and so does every
    /// API of a gateway when none visibly selects the backend. Policies themselves can log as well (`log-to-eventhub`,
    /// `trace`); they are not looked at.
    ///
    /// ## Sources
    ///
    /// - [Log LLM requests and responses in API Management](https://learn.microsoft.com/azure/api-management/api-management-howto-llm-logs), 2025-08-22
    /// - [Microsoft.ApiManagement service/diagnostics](https://learn.microsoft.com/azure/templates/microsoft.apimanagement/service/diagnostics), api-version 2025-09-01-preview; no stable version shows the setting
    id: "gateway-logs-prompts",
    title: "API Management gateway logs prompts and completions",
    axis: Contained,
    severity: High,
    since: "0.1.0",
    controls: ["D02"],
    needs: [AccountsGet, GatewaysList, GatewayBackendsList, GatewayApisList, GatewayDiagnosticsList, ApiDiagnosticsList, GatewayPoliciesList, GatewayFragmentsList, ApiPoliciesList],
    frameworks: [
        "ISO/IEC 27018:2019 A.10.3", "GDPR Art. 5(1)(c)", "SOC 2 C1.1",
        "HIPAA 45 CFR 164.502(b)", "NIST SP 800-53 Rev. 5 AU-3(3)",
    ],
    check: Account(check),
}

const MODEL: &str = "/properties/largeLanguageModel";

fn check(context: &Context<'_>) -> CheckResult {
    gateways::check(context, "no gateway in front of the account logs prompts or completions", look)
}

fn look(gateway: &Gateway<'_>, addresses: &BTreeSet<String>) -> Result<Found, Unknown> {
    let apis = gateway.apis_to(addresses)?;
    for api in &apis {
        for diagnostic in gateways::diagnostics(gateway, api)? {
            if logs_messages(diagnostic)? {
                return Ok(Found::Something(fail(gateway, api, diagnostic)));
            }
        }
    }
    Ok(Found::Nothing(gateways::cite_diagnostics(gateway, &apis)?))
}

/// Logging without messages counts tokens only. Anything but "disabled" counts as on, and any word for messages as logging them.
fn logs_messages(diagnostic: &Document) -> Result<bool, Unavailable> {
    if !diagnostic.has_object(MODEL)? {
        return Ok(false);
    }
    let on = diagnostic.string(&format!("{MODEL}/logs"))?.is_some_and(|logs| !logs.eq_ignore_ascii_case("disabled"));
    let mut messages = false;
    for side in ["requests", "responses"] {
        if diagnostic.has_object(&format!("{MODEL}/{side}"))? {
            messages |= diagnostic.string(&format!("{MODEL}/{side}/messages"))?.is_some_and(|word| !word.is_empty());
        }
    }
    Ok(on && messages)
}

fn fail(gateway: &Gateway<'_>, api: &Document, diagnostic: &Document) -> Verdict {
    let message = format!(
        "gateway {} logs prompts or completions of API {} to {}",
        gateway.name(),
        last_segment(&api.scope),
        gateways::sink(diagnostic)
    );
    let url = format!("{}?api-version=2025-09-01-preview", diagnostic.scope);
    let fix = format!(
        "Clear Log prompts and Log completions in the portal (the API, Settings, Azure Monitor); the setting is in: az rest --method get \
         --url {}",
        shell_word(&url)
    );
    let cited = std::iter::once(diagnostic.cite(MODEL)).chain(gateways::cite_sink(diagnostic));
    Verdict::fail(message, cited.collect(), fix)
}
