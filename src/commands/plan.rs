//! `zdr-check plan FILE…`: infrastructure code judged by the same rules, before it is deployed. Wiring only.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::failure::Failure;
use super::output::Outputs;
use super::show::{Console, exit_of};
use super::{policy, scan, terms_lock};
use crate::assessment::{Assessment, Note, NoteKind};
use crate::cli::PlanArgs;
use crate::engine;
use crate::gate::Exit;
use crate::outcome::Outcome;
use crate::plan::{self, Plan, Problem, Request};
use crate::snapshot::Cause;
use crate::term::sanitise;

/// Rules and accounts that a note names.
const NAMED: usize = 5;

const LOOKED_FOR: &str = "Looked for Microsoft.CognitiveServices/accounts and what is below them, in Terraform as azurerm_cognitive_*, \
                          azurerm_ai_services and azapi. Give --allow-empty where that is fine.";

/// Judges the plan.
///
/// # Errors
/// [`Failure`] when there is no assessment.
pub(super) fn run(args: &PlanArgs, console: &Console) -> Result<Exit, Failure> {
    let mut settings = policy::settings(&args.policy, console)?;
    terms_lock::lay_over(&mut settings.overlays, args.output.terms_lock.as_deref(), args.policy.boundary.no_config)?;
    settings.plan_unknown = args.plan_unknown.into();
    let mut outputs = Outputs::default();
    let files = scan::reserve(&mut outputs, &args.output)?;
    let draft = args.output.write_waivers.as_deref();
    let draft = draft.map(|path| scan::reserve_draft(&mut outputs, path)).transpose()?;
    let plan = plan::read(&request(args)).map_err(Failure::from)?;
    let mut assessment = engine::assess(&plan.snapshot, &settings);
    if assessment.accounts.is_empty() && !args.allow_empty {
        return Err(nothing(&plan));
    }
    if assessment.accounts.is_empty() && assessment.complete {
        console.note("the plan holds nothing to judge, which --allow-empty accepts");
        assessment.exit_code = Exit::Clean.code();
    }
    complete(&mut assessment, &plan);
    let mut missing = scan::write_files(files, &assessment, args.output.show_pass);
    missing.extend(draft.and_then(|file| scan::write_draft(file, &assessment).err()));
    missing.extend(console.report(args.output.format, &assessment, args.output.show_pass).err());
    Ok(console.settle(&missing, exit_of(&assessment)))
}

fn request(args: &PlanArgs) -> Request {
    Request {
        paths: args.files.clone(),
        parameters: args.parameters.clone(),
        subscription: args.subscription.clone(),
        group: args.resource_group.clone(),
        location: args.location.clone(),
        cloud: args.cloud.into(),
        at: super::clock::now(),
    }
}

/// A plan in which there is nothing to judge must not look like one that passed.
fn nothing(plan: &Plan) -> Failure {
    let resources = plan.resources;
    let message = if resources == 0 {
        "the plan holds no resources; nothing was judged".to_owned()
    } else {
        format!("none of the plan's {resources} resources is an AI account; nothing was judged")
    };
    let mut failure = Failure::not_audited(message, LOOKED_FOR);
    failure.help.extend(plan.gaps.iter().map(|gap| format!("not looked at: {}", sanitise(gap))));
    failure.help.extend(plan.losses.iter().map(|(name, _)| format!("deleted by the plan: {}", sanitise(name))));
    failure
}

/// Adds where each result stands in the plan, and what the reader must know about it.
fn complete(assessment: &mut Assessment, plan: &Plan) {
    assessment.results.change(|result| result.location = plan.locate(&result.resource_id, &result.evidence));
    let mut notes: Vec<Note> = plan.losses.iter().map(|(name, replaced)| lost(name, *replaced)).collect();
    notes.extend(plan.gaps.iter().map(|gap| Note {
        kind: NoteKind::PlanGap,
        message: format!("not looked at: {gap}"),
        line: None,
        remediation: "Give that part as a plan of its own, or scan the live account after the deployment.".to_owned(),
    }));
    notes.extend(unconfirmed(assessment));
    assessment.notes.extend(notes);
    assessment.notes.sort_by_key(|note| !note.kind.is_loud());
}

/// A deleted account can be recovered, with its content, for 48 hours (recover-purge page, 2025-10-02); one that is created anew
/// starts without an approval.
fn lost(name: &str, replaced: bool) -> Note {
    let message = if replaced {
        format!(
            "the plan replaces account {name}: an approval of the old one does not hold for the new one until it is verified"
        )
    } else {
        format!("the plan deletes account {name}: its content can be recovered for 48 hours unless it is purged")
    };
    let remediation = if replaced {
        "Scan the new account after the deployment, and purge the old one, which can be recovered for 48 hours."
    } else {
        "Purge it: az cognitiveservices account purge --name NAME --resource-group GROUP --location LOCATION"
    };
    Note { kind: NoteKind::PlanDeletesAccount, message, line: None, remediation: remediation.to_owned() }
}

/// What a live scan must confirm.
fn unconfirmed(assessment: &Assessment) -> Option<Note> {
    let open = |own: &Cow<'_, crate::assessment::RuleResult>| own.cause == Some(Cause::NotKnownAtPlan.as_str());
    let mut results = assessment.results.with(Outcome::Unknown);
    results.retain(open);
    let promised = results.iter().filter(|own| own.axis.is_promised());
    let rules: BTreeSet<&str> = promised.map(|own| own.rule).collect();
    let named: Vec<&str> = rules.iter().copied().take(NAMED).collect();
    let more = rules.len().checked_sub(NAMED).filter(|more| *more > 0);
    let more = more.map(|more| format!(" and {more} more")).unwrap_or_default();
    (!results.is_empty()).then(|| Note {
        kind: NoteKind::PlanUnconfirmed,
        message: format!(
            "{} results cannot be known before deployment and must be confirmed by a live scan: {}{more}",
            results.len(),
            if named.is_empty() {
                "none of them on approved, pinned or stateless".to_owned()
            } else {
                named.join(", ")
            }
        ),
        line: None,
        remediation: "Run zdr-check scan after the deployment; --plan-unknown fail makes them exit with 4.".to_owned(),
    })
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        let message = sanitise(&problem.message).into_owned();
        if problem.usage { Self::usage(message, problem.help) } else { Self::not_audited(message, problem.help) }
    }
}
