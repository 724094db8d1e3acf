//! C14: memory stores keep what agents learned about people.

use crate::outcome::Verdict;
use crate::rules::{CheckResult, Context, cite_list, stores};
use crate::snapshot::{StoreKind, last_segment};

declare_rule! {
    /// ## What it checks
    ///
    /// Whether the account has Foundry projects. If it has, a person has to attest that no agent uses a memory store,
    /// or that memories are deleted per person. Not applicable without projects.
    ///
    /// With `--data-plane` the memory stores of the projects are counted instead: any is a failure, and none in all of
    /// them passes.
    ///
    /// ## Why it matters
    ///
    /// A memory store (preview) extracts a profile of the user and summaries of chats and keeps them for later
    /// conversations: up to 100 scopes with 10 000 memories each. It is personal data by design. No default time to
    /// live was found in the documentation.
    ///
    /// ## How to fix
    ///
    /// Do not attach memory stores to agents, or erase what belongs to a person (`POST
    /// PROJECT-ENDPOINT/memory_stores/NAME:delete_scope`). That a project has none can be shown by `GET
    /// PROJECT-ENDPOINT/memory_stores?api-version=v1` with the header `Foundry-Features: MemoryStores=V1Preview`.
    ///
    /// **az CLI**: see which projects there are.
    ///
    /// ```sh
    /// az cognitiveservices account project list --name NAME \
    ///   --resource-group GROUP --output table
    /// ```
    ///
    /// **Bicep, Terraform**: none, because memory stores are part of the data plane and no resource of Azure.
    ///
    /// **Portal**: Foundry, the project, *Agents*, the agent, *Memory*.
    ///
    /// ## What it cannot see
    ///
    /// Memory stores: they are part of the data plane of a project.
    ///
    /// ## Sources
    ///
    /// - [What is memory?](https://learn.microsoft.com/azure/foundry/agents/concepts/what-is-memory), 2026-01-22
    /// - [Foundry data-plane specification](https://github.com/Azure/azure-rest-api-specs/tree/main/specification/ai-foundry/data-plane/Foundry), undated page, as known on 2026-11-22
    id: "memory-stores-kept",
    title: "Memory stores keep profiles of users",
    axis: Stateless,
    severity: High,
    since: "0.1.0",
    controls: ["C14"],
    needs: [ProjectsList],
    stores: [MemoryStores],
    frameworks: [
        "ISO/IEC 27001:2022 A.8.10",
        "ISO/IEC 27018:2019 A.10.3",
        "GDPR Art. 5(1)(e), 15, 17, 25",
        "SOC 2 C1.2",
        "HIPAA 45 CFR 164.502(b)",
        "NIST SP 800-53 Rev. 5 SI-12, SI-12(1)",
    ],
    check: Account(check),
}

fn check(context: &Context<'_>) -> CheckResult {
    let projects = context.facts.projects()?;
    if projects.is_empty() {
        return Ok(Verdict::not_applicable("the account has no Foundry project"));
    }
    let (consequence, remedy) = (
        "they keep profiles of users, personal data by design",
        "Delete what belongs to a person, or the stores: az rest --method delete --url PROJECT-ENDPOINT/memory_stores/NAME?api-version=v1 --resource https://ai.azure.com",
    );
    if let Some(decided) = stores::decide(context, StoreKind::MemoryStores, consequence, remedy) {
        return decided;
    }
    let names: Vec<&str> = projects.iter().map(|project| last_segment(&project.id)).collect();
    Ok(Verdict::manual(
        format!(
            "memory stores of project {} can keep profiles of users; they cannot be listed through ARM",
            names.join(", ")
        ),
        vec![cite_list(&context.facts.projects)?],
        "Attest that no agent has a memory store, or how memories of a person are erased (memory_stores/NAME:delete_scope)",
    ))
}
