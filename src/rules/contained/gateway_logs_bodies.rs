//! D02: a gateway in front of the account logs the first bytes of requests or responses.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::outcome::{Unknown, Verdict};
use crate::rules::gateways::{self, Found};
use crate::rules::{CheckResult, Context, shell_word};
use crate::snapshot::{Citation, Document, Gateway, Unavailable, last_segment};

declare_rule! {
    /// ## What it checks
    ///
    /// For the gateways and APIs that `gateway-logs-prompts` looks at: whether a diagnostic that holds for an API to
    /// the account logs bytes of a body (`frontend` or `backend`, `request` or `response`, `body.bytes`). More than 0
    /// fails; absent is 0.
    ///
    /// ## Why it matters
    ///
    /// Up to 8192 bytes of each body go to Application Insights, an event hub or Azure Monitor. The first bytes of a
    /// request are the prompt. This kind of logging is older than that of prompts and is often left over from the days
    /// of debugging.
    ///
    /// ## How to fix
    ///
    /// Log no bytes in any of the four places. What is logged already stays until the retention of its store ends.
    ///
    /// **az CLI**: `log.json` has the `properties` below, with the `loggerId` that the first command shows.
    ///
    /// ```sh
    /// az rest --method get --url "DIAGNOSTIC-ID?api-version=2025-09-01-preview"
    /// az rest --method patch --headers If-Match=* --body @log.json \
    ///   --url "DIAGNOSTIC-ID?api-version=2025-09-01-preview"
    /// ```
    ///
    /// **Bicep**:
    ///
    /// ```bicep
    /// var none = { body: { bytes: 0 } }
    /// resource log 'Microsoft.ApiManagement/service/apis/diagnostics@2024-05-01' = {
    ///   parent: api, name: 'applicationinsights'
    ///   properties: { loggerId: logger.id
    ///     frontend: { request: none, response: none }
    ///     backend: { request: none, response: none } }
    /// }
    /// ```
    ///
    /// **Terraform**:
    ///
    /// ```hcl
    /// resource "azurerm_api_management_api_diagnostic" "this" {
    ///   identifier               = "applicationinsights"
    ///   resource_group_name      = azurerm_api_management.this.resource_group_name
    ///   api_management_name      = azurerm_api_management.this.name
    ///   api_name                 = azurerm_api_management_api.this.name
    ///   api_management_logger_id = azurerm_api_management_logger.this.id
    ///   frontend_request  { body_bytes = 0 }
    ///   frontend_response { body_bytes = 0 }
    ///   backend_request   { body_bytes = 0 }
    ///   backend_response  { body_bytes = 0 }
    /// }
    /// ```
    ///
    /// **Portal**: the API, *Settings*, *Diagnostics Logs*, *Number of payload bytes to log* 0 in all four places.
    ///
    /// ## What it cannot see
    ///
    /// What `gateway-logs-prompts` cannot see, and which of the logged bytes are a prompt: sampling and masking do not
    /// change the result, because masking is of headers and query parameters only.
    ///
    /// ## Sources
    ///
    /// - [Microsoft.ApiManagement service/diagnostics](https://learn.microsoft.com/azure/templates/microsoft.apimanagement/service/diagnostics), api-version 2025-09-01-preview
    /// - [Integrate API Management with Application Insights](https://learn.microsoft.com/azure/api-management/api-management-howto-app-insights), 2023-06-02
    id: "gateway-logs-bodies",
    title: "API Management gateway logs bytes of requests or responses",
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

const SIDES: [(&str, &str); 4] =
    [("frontend", "request"), ("frontend", "response"), ("backend", "request"), ("backend", "response")];

fn check(context: &Context<'_>) -> CheckResult {
    gateways::check(context, "no gateway in front of the account logs bytes of a body", look)
}

fn look(gateway: &Gateway<'_>, addresses: &BTreeSet<String>) -> Result<Found, Unknown> {
    let apis = gateway.apis_to(addresses)?;
    for api in &apis {
        for diagnostic in gateways::diagnostics(gateway, api)? {
            let logged = logged(diagnostic)?;
            if !logged.is_empty() {
                return Ok(Found::Something(fail(gateway, api, diagnostic, logged)));
            }
        }
    }
    Ok(Found::Nothing(gateways::cite_diagnostics(gateway, &apis)?))
}

/// The sizes that are not 0.
fn logged(diagnostic: &Document) -> Result<Vec<Citation>, Unavailable> {
    let mut all = Vec::new();
    for (side, message) in SIDES {
        let way = format!("/properties/{side}");
        for pointer in [way.clone(), format!("{way}/{message}"), format!("{way}/{message}/body")] {
            diagnostic.has_object(&pointer)?;
        }
        let pointer = format!("{way}/{message}/body/bytes");
        if let Some(bytes) = diagnostic.value(&pointer) {
            let bytes = bytes.as_f64().ok_or_else(|| diagnostic.unexpected(&pointer))?;
            if bytes > 0.0 {
                all.push(diagnostic.cite_as(&pointer, Value::from(bytes)));
            }
        }
    }
    Ok(all)
}

fn fail(gateway: &Gateway<'_>, api: &Document, diagnostic: &Document, mut cited: Vec<Citation>) -> Verdict {
    let message = format!(
        "gateway {} logs bytes of bodies of API {} to {}",
        gateway.name(),
        last_segment(&api.scope),
        gateways::sink(diagnostic)
    );
    cited.extend(gateways::cite_sink(diagnostic));
    let url = format!("{}?api-version=2025-09-01-preview", diagnostic.scope);
    let fix = format!(
        "Set the number of payload bytes to 0 in the portal (the API, Settings, Diagnostics Logs); the setting is in: az rest --method get \
         --url {}",
        shell_word(&url)
    );
    Verdict::fail(message, cited, fix)
}
