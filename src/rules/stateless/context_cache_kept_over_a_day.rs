//! C20: a context cache may be set to keep what is derived from prompts for up to 30 days.

use serde_json::Value;

use crate::outcome::Verdict;
use crate::rules::options::RuleOption;
use crate::rules::{CheckResult, Context, shell_word};
use crate::snapshot::{Deployment, Operation};

const ACCEPTED: RuleOption =
    RuleOption::number("accepted_days", 1, (1, 30), "Days for which a context cache may keep what is not read.");

declare_rule! {
    /// ## What it checks
    ///
    /// `timeToLive` of the context cache container a deployment names: 1 day, the shortest there is, passes; more
    /// fails. Not applicable without a container, which is the business of `context-cache-container`.
    ///
    /// ## Why it matters
    ///
    /// Blobs of the container "not accessed within that many days are deleted", so that a prompt prefix in steady use
    /// is never deleted, and one that is not stays for the time to live: 1 day by default, 30 at most.
    ///
    /// ## How to fix
    ///
    /// Shorten it, or do without the container.
    ///
    /// **az CLI**:
    ///
    /// ```sh
    /// az rest --method patch --url "CONTAINER-ID?api-version=2026-09-01" \
    ///   --body '{"properties":{"timeToLive":1}}'
    /// ```
    ///
    /// **Bicep**: `timeToLive: 1` in the properties of
    /// `Microsoft.Storage/contextCaches/contextCacheContainers@2026-09-01`. The published types of August 2026 do not
    /// have the type yet, so Bicep warns.
    ///
    /// **Terraform**: `timeToLive = 1` in the body of an `azapi_update_resource` of that type.
    ///
    /// **Portal**: none that a source describes.
    ///
    /// ## What it cannot see
    ///
    /// What is in the container, and whether it is read often enough to stay.
    ///
    /// ## Sources
    ///
    /// - [Schema of contextCaches, in azure-mgmt-storage 25.3.0](https://pypi.org/project/azure-mgmt-storage/25.3.0/), api-version 2026-09-01
    id: "context-cache-kept-over-a-day",
    title: "Context cache is kept for more than a day",
    axis: Stateless,
    severity: Medium,
    since: "0.1.0",
    controls: ["C20"],
    needs: [DeploymentsList, ContextCacheContainersGet],
    frameworks: [
        "ISO/IEC 27001:2022 A.8.10",
        "ISO/IEC 27018:2019 A.10.3",
        "GDPR Art. 5(1)(e)",
        "SOC 2 C1.2",
        "NIST SP 800-53 Rev. 5 SI-12",
    ],
    options: [ACCEPTED],
    check: Deployment(check),
}

const POINTER: &str = "/properties/timeToLive";

fn check(context: &Context<'_>, deployment: &Deployment<'_>) -> CheckResult {
    let Some(id) = deployment.context_cache_container()? else {
        return Ok(Verdict::not_applicable("the deployment has no context cache container"));
    };
    let container = context.subscription.document(Operation::ContextCacheContainersGet, id)?;
    let days = container.value(POINTER).and_then(Value::as_f64).filter(|days| *days >= 1.0);
    let days = days.ok_or_else(|| container.unexpected(POINTER))?;
    let cited = vec![deployment.0.cite("/properties/contextCacheContainerId")];
    if days <= f64::from(context.number(&RULE, &ACCEPTED)) {
        let message = format!("the context cache keeps what is not read for {days} days, which policy accepts");
        let message =
            if days <= 1.0 { "the context cache keeps what is not read for a day".to_owned() } else { message };
        return Ok(Verdict::pass(message, container.cite(POINTER), cited));
    }
    let url = format!("{id}?api-version=2026-09-01");
    let body = r#"'{"properties":{"timeToLive":1}}'"#;
    let fix = format!("Shorten it: az rest --method patch --url {} --body {body}", shell_word(&url));
    let evidence = cited.into_iter().chain([container.cite(POINTER)]).collect();
    Ok(Verdict::fail(format!("the context cache keeps what is not read for {days} days"), evidence, fix))
}
