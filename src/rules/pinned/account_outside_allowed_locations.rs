//! B02: data at rest lives in the account's geography, so the account has to be in an allowed place.

use crate::knowledge::regions::normalise;
use crate::outcome::Verdict;
use crate::rules::{CheckResult, Context};

declare_rule! {
    /// ## What it checks
    ///
    /// `location` of the account against `--allow-location`. Not applicable when policy allows every location.
    ///
    /// ## Why it matters
    ///
    /// Whatever the service stores (files, responses, threads, the abuse-monitoring store) it stores in the geography
    /// of the account. A deployment pinned to its geography is pinned to *this* one, whichever it is.
    ///
    /// ## How to fix
    ///
    /// The location of an account is fixed when it is created. Create an account in an allowed location, move the
    /// deployments, then delete and purge this one. The built-in Azure Policy *Allowed locations* keeps new accounts
    /// out of other places.
    ///
    /// **az CLI**:
    ///
    /// ```sh
    /// az cognitiveservices account create --name NEW --resource-group GROUP \
    ///   --kind OpenAI --sku S0 --location swedencentral --custom-domain NEW
    /// ```
    ///
    /// **Bicep**:
    ///
    /// ```bicep
    /// resource account 'Microsoft.CognitiveServices/accounts@2026-07-01' = {
    ///   name: 'NEW', location: 'swedencentral'
    ///   kind: 'OpenAI', sku: { name: 'S0' }
    ///   properties: { customSubDomainName: 'NEW' }
    /// }
    /// ```
    ///
    /// **Terraform**: `location = "swedencentral"` of `azurerm_cognitive_account`; the change forces a new account.
    ///
    /// **Portal**: *Create a resource*, *Azure OpenAI* or *Foundry*, *Region*.
    ///
    /// ## What it cannot see
    ///
    /// Where the customer's own stores (Cosmos DB, Storage, AI Search, Log Analytics) are.
    ///
    /// ## Sources
    ///
    /// - [Data, privacy, and security for Azure Direct Models](https://learn.microsoft.com/azure/foundry/responsible-ai/openai/data-privacy), 2026-03-19
    /// - [List of Azure regions](https://learn.microsoft.com/azure/reliability/regions-list), 2026-08-06
    id: "account-outside-allowed-locations",
    title: "Account is outside the allowed locations",
    axis: Pinned,
    severity: High,
    since: "0.1.0",
    controls: ["B02"],
    needs: [AccountsGet],
    frameworks: ["ISO/IEC 27018:2019 A.12.1", "GDPR Art. 44", "SOC 2 C1.1", "NIST SP 800-53 Rev. 5 SA-9(5)"],
    check: Account(check),
}

fn check(context: &Context<'_>) -> CheckResult {
    let Some(allowed) = &context.policy.allowed_locations else {
        return Ok(Verdict::not_applicable("policy does not restrict the location of accounts"));
    };
    let account = context.facts.account()?;
    let location = account.location()?;
    let cited = account.0.cite("/location");
    if allowed.contains(&normalise(location)) {
        return Ok(Verdict::pass(format!("the account is in {location}, an allowed location"), cited, []));
    }
    Ok(Verdict::fail(
        format!("the account is in {location}, which is not an allowed location"),
        vec![cited],
        format!(
            "Create an account in an allowed location, move the deployments, then: az cognitiveservices account delete {}",
            context.az_account()
        ),
    ))
}
