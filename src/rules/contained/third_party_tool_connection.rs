//! B13: tools, gateways and endpoints that anybody can operate receive parts of the conversation.

use crate::knowledge::connections::Purpose;
use crate::rules::connections::{self, Question};
use crate::rules::options::RuleOption;
use crate::rules::{CheckResult, Context};

const ACCEPTED: RuleOption =
    RuleOption::hosts("accepted_hosts", "Hosts of tools and endpoints whose operator is known and has a contract.");

declare_rule! {
    /// ## What it checks
    ///
    /// Whether the account or one of its projects has a connection to something whose operator the category does not
    /// tell: remote tools and agents (`RemoteTool`, `RemoteA2A`, `OpenAPI`), generic endpoints and keys (`GenericHttp`,
    /// `GenericRest`, `ODataRest`, `CustomKeys`, `ApiKey`), model gateways (`OpenAI`, `ModelGateway`, `ApiManagement`)
    /// and vector stores run by others (`Pinecone`, `Elasticsearch`, `MongoDbAtlas`). A category that the documented
    /// list does not have is unknown.
    ///
    /// ## Why it matters
    ///
    /// An agent sends parts of the conversation to its tools. Servers behind MCP, A2A and `OpenAPI` tools are run by
    /// third parties or by the customer; what they keep is outside Azure's terms, and tools can run without approval
    /// (`require_approval: "never"`).
    ///
    /// ## How to fix
    ///
    /// Delete connections nobody needs; for the others, waive the result with the contract or the operator named.
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
    /// Tools inside agent definitions and requests, the operator of an endpoint, and connections to named data stores
    /// and applications (Salesforce, Snowflake, …), which the customer chose as a source of data. The grouping is our
    /// reading; Microsoft publishes the names only. Web search is the business of `web-grounding-connection`.
    ///
    /// ## Sources
    ///
    /// - [Connection categories](https://learn.microsoft.com/azure/templates/microsoft.cognitiveservices/accounts/connections), api-version 2026-09-15-preview
    /// - [Agent runtime components](https://learn.microsoft.com/azure/foundry/agents/concepts/runtime-components), 2026-04-10
    /// - [Responses API: remote MCP servers](https://learn.microsoft.com/azure/foundry/openai/how-to/responses), 2026-06-30
    id: "third-party-tool-connection",
    title: "Connection sends content to a tool or endpoint of an unknown operator",
    axis: Contained,
    severity: Medium,
    since: "0.1.0",
    controls: ["B13"],
    needs: [ConnectionsList, ProjectsList, ProjectConnectionsList],
    frameworks: [
        "ISO/IEC 27001:2022 A.5.19",
        "ISO/IEC 27018:2019 A.8.1",
        "GDPR Art. 28(2)",
        "SOC 2 CC9.2",
        "HIPAA 45 CFR 164.308(b)(1)",
        "NIST SP 800-53 Rev. 5 CA-3",
    ],
    options: [ACCEPTED],
    check: Account(check),
}

fn check(context: &Context<'_>) -> CheckResult {
    connections::check_except(
        context,
        &Question {
            purpose: Purpose::External,
            consequence: "content can go to a tool or endpoint whose operator the category does not tell",
            none: "no connection of the account or its projects leads to a tool or endpoint of an unknown operator",
            remedy: "Delete it, or accept its host in the policy file when its operator has a contract",
        },
        |host| context.accepts_host(&RULE, &ACCEPTED, host),
    )
}
