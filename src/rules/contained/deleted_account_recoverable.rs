//! F: a deleted account keeps its content until it is purged.

use jiff::Timestamp;

use crate::knowledge::kinds::{Hosting, hosting};
use crate::outcome::Verdict;
use crate::rules::{CheckResult, cite_known};
use crate::snapshot::{Document, Operation, Subscription, Unavailable, last_segment};

declare_rule! {
    /// ## What it checks
    ///
    /// The deleted accounts of the subscription, but for kinds that host no models. The result speaks of the
    /// subscription, not of one of its accounts. It is not judged when accounts are named on the command line.
    ///
    /// ## Why it matters
    ///
    /// A deleted account can be recovered, with its content, for 48 hours; only then, or when somebody purges it, is
    /// the content deleted. A deletion for the sake of retention is not done before.
    ///
    /// ## How to fix
    ///
    /// Purge it.
    ///
    /// **az CLI**:
    ///
    /// ```sh
    /// az cognitiveservices account list-deleted
    /// az cognitiveservices account purge --name NAME --resource-group GROUP \
    ///   --location LOCATION
    /// ```
    ///
    /// **Bicep**: none, because a purge is an action and not the state of a resource.
    ///
    /// **Terraform**: the azurerm provider purges when it destroys an account, unless `purge_soft_delete_on_destroy =
    /// false` in the block `cognitive_account` of `features` says otherwise. It does not reach accounts that others
    /// deleted.
    ///
    /// **Portal**: *Azure OpenAI* or *Foundry*, *Manage deleted resources*, the account, *Purge*.
    ///
    /// ## What it cannot see
    ///
    /// What the account held, and copies that outlive the purge. The hours left are counted from the time of reading.
    ///
    /// ## Sources
    ///
    /// - [Recover or purge deleted resources](https://learn.microsoft.com/azure/ai-services/recover-purge-resources), 2025-10-02
    id: "deleted-account-recoverable",
    title: "A deleted account can still be recovered with its content",
    axis: Contained,
    severity: Medium,
    since: "0.1.0",
    controls: ["F01"],
    needs: [DeletedAccountsList],
    frameworks: [
        "ISO/IEC 27001:2022 A.8.10",
        "ISO/IEC 27018:2019 A.10.3",
        "GDPR Art. 5(1)(e), 17",
        "SOC 2 C1.2",
        "HIPAA 45 CFR 164.310(d)(2)(i)",
        "NIST SP 800-53 Rev. 5 MP-6",
    ],
    check: Subscription(check),
}

const PURGE: &str = "/properties/scheduledPurgeDate";

fn check(subscription: &Subscription) -> CheckResult {
    let deleted = subscription.list(Operation::DeletedAccountsList)?;
    let rows = deleted.documents()?;
    let hosts = |row: &&Document| -> bool {
        row.string("/kind").ok().flatten().is_none_or(|kind| hosting(kind) != Hosting::DoesNotHost)
    };
    let rows: Vec<&Document> = rows.into_iter().filter(hosts).collect();
    if rows.is_empty() {
        return Ok(Verdict::pass("no deleted account can be recovered", cite_known(deleted)?, []));
    }
    let named: Result<Vec<String>, Unavailable> = rows.iter().map(|row| described(row)).collect();
    let message = format!("deleted but recoverable with their content: {}", named?.join(", "));
    let fix = format!(
        "Purge: az cognitiveservices account purge --name NAME --resource-group GROUP --location LOCATION --subscription {}",
        subscription.id
    );
    Ok(Verdict::fail(message, rows.iter().map(|row| row.cite(PURGE)).collect(), fix))
}

/// Name and hours left.
fn described(row: &Document) -> Result<String, Unavailable> {
    let name = last_segment(&row.scope);
    let Some(date) = row.string(PURGE)? else { return Ok(format!("{name} (no date of purge)")) };
    let purged: Timestamp = date.parse().map_err(|_| row.unexpected(PURGE))?;
    let hours = purged.duration_since(row.evidence.at).as_hours();
    Ok(if hours < 0 { format!("{name} (overdue)") } else { format!("{name} ({hours} h left)") })
}
