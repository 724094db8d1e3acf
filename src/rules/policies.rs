//! The policies assigned to an account that speak of its deployments; shared by the rules that read Azure Policy.

use super::policy_probes::{Does, does};
use super::policy_reasons::concerns;
use super::{CheckResult, Context, shell_word};
use crate::outcome::{Unknown, Verdict};
use crate::snapshot::policies::{Applied, Assignment, Cover, Enforcement};
use crate::snapshot::{Citation, Unavailable, last_segment};

/// A policy that speaks of deployments, over the account or not.
pub(super) struct Guard<'a> {
    pub(super) applied: Applied<'a>,
    pub(super) cover: Cover,
    pub(super) enforcement: Enforcement,
    pub(super) does: Does,
}

impl<'a> Guard<'a> {
    fn of(context: &Context<'a>, applied: Applied<'a>) -> Result<Self, Unavailable> {
        let cover = applied.assignment.cover(context.subscription, &context.facts.id.id)?;
        let enforcement = applied.assignment.enforcement()?;
        let does = does(&applied);
        Ok(Self { applied, cover, enforcement, does })
    }

    /// Whether the account is not known to be out of its reach.
    pub(super) fn reaches(&self) -> bool {
        matches!(self.cover, Cover::Covered | Cover::Open(_))
    }

    /// Name of the assignment, and of the member of its initiative.
    pub(super) fn name(&self) -> String {
        let member = self.applied.reference.map(|member| format!(" ({member})")).unwrap_or_default();
        format!("{}{member}", self.applied.assignment.name())
    }

    /// The command that changes its assignment, up to what is changed.
    pub(super) fn az_update(&self) -> String {
        let assignment = self.applied.assignment;
        let [name, scope] = [last_segment(&assignment.0.scope), assignment.scope()].map(shell_word);
        format!("az policy assignment update --name {name} --scope {scope}")
    }

    /// What it is known from.
    pub(super) fn cite(&self, property: &str) -> Vec<Citation> {
        let definition = self.applied.definition;
        vec![
            self.applied.assignment.0.cite(property),
            definition.cite("/properties/mode"),
            definition.cite("/properties/policyRule"),
        ]
    }
}

/// The policies that speak of deployments, and the assignments whose definitions could not be read.
pub(super) struct Policies<'a> {
    pub(super) guards: Vec<Guard<'a>>,
    pub(super) unread: Vec<Unavailable>,
}

impl<'a> Policies<'a> {
    /// Those assigned to the account, around it, or elsewhere in its subscription; `None` when the run was not to read them.
    ///
    /// # Errors
    /// Why the assignments could not be read.
    pub(super) fn of(context: &Context<'a>) -> Result<Option<Self>, Unknown> {
        if !context.check_policies {
            return Ok(None);
        }
        let (mut guards, mut unread) = (Vec::new(), Vec::new());
        for assignment in context.subscription.policy_assignments()? {
            match Self::read(context, assignment) {
                Ok(own) => guards.extend(own),
                Err(why) => unread.push(why),
            }
        }
        Ok(Some(Self { guards, unread }))
    }

    fn read(context: &Context<'a>, assignment: Assignment<'a>) -> Result<Vec<Guard<'a>>, Unavailable> {
        // One that cannot reach the account says nothing about it, whatever its definition.
        let applied = match assignment.applied(context.subscription) {
            Err(_) if assignment.cover(context.subscription, &context.facts.id.id)? == Cover::Elsewhere => {
                return Ok(Vec::new());
            }
            applied => applied?,
        };
        let all = applied.into_iter().filter(concerns).map(|applied| Guard::of(context, applied));
        let mut all = all.collect::<Result<Vec<Guard<'a>>, Unavailable>>()?;
        // An initiative that denies may mark as well; what was to deny and only marks is another thing.
        if all.iter().any(|guard| matches!(guard.does, Does::Denies { .. })) {
            all.retain(|guard| !matches!(guard.does, Does::Nothing(_)) || guard.applied.is_written_to_deny());
        }
        Ok(all)
    }

    /// What is left to say when nothing decided: an answer that is missing, then one that only a person can give: of the policies
    /// over the account that `matters`, one that could not be told.
    pub(super) fn otherwise(
        &self,
        matters: impl Fn(&Guard<'_>) -> bool,
        settled: impl FnOnce() -> CheckResult,
    ) -> CheckResult {
        if let Some(why) = self.unread.first() {
            return Err(why.clone().into());
        }
        let mut open = self.guards.iter().filter(|guard| guard.reaches() && matters(guard));
        let open = open.find_map(|guard| match (&guard.does, &guard.cover) {
            (Does::Open(why), _) | (_, Cover::Open(why)) => Some((guard, why)),
            (Does::Denies { .. } | Does::Nothing(_), Cover::Covered | Cover::Elsewhere | Cover::LeftOut(_)) => None,
        });
        let Some((guard, why)) = open else { return settled() };
        let message = format!("what the assigned policy {} does to deployments cannot be told: {why}", guard.name());
        let look = "Read it, try a deployment that it should deny, and attest what came of it; the portal shows it under Policy, \
                    Assignments";
        Ok(Verdict::manual(message, guard.cite("/properties/policyDefinitionId"), look))
    }
}

/// What rules say of a run that was not to read policies.
pub(super) fn not_asked() -> Verdict {
    Verdict::not_applicable("Azure Policy is read with --check-policies only")
}

/// Names and reasons, the first few.
pub(super) fn listed(all: &[String]) -> String {
    const SHOWN: usize = 3;
    let more = all.len().saturating_sub(SHOWN);
    let shown = all.iter().take(SHOWN).cloned().collect::<Vec<_>>().join("; ");
    if more == 0 { shown } else { format!("{shown}; and {more} more") }
}
