//! Errors that end the program before there is an assessment: one message, advice, and an exit code.

use crate::azure::credentials::{Attempt, SignInError};
use crate::azure::http::HttpError;
use crate::collect::scope::{Candidate, ScopeError};
use crate::config::{Problem, Rejected};
use crate::gate::Exit;
use crate::snapshot::{Cause, Interruption, Operation, Unavailable};
use crate::term::sanitise;

/// Why there is no assessment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Exit code.
    pub exit: Exit,
    /// What is wrong; remote parts are already safe to print.
    pub message: String,
    /// What to do about it, one line each.
    pub help: Vec<String>,
}

impl Failure {
    /// A bad flag or value.
    pub fn usage(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { exit: Exit::Usage, message: message.into(), help: vec![help.into()] }
    }

    /// Nothing could be audited.
    pub fn not_audited(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { exit: Exit::NotAudited, message: message.into(), help: vec![help.into()] }
    }

    /// A policy file with mistakes, all of them.
    pub fn policy(rejected: &Rejected) -> Self {
        let file = rejected.file.display();
        let place = |problem: &Problem| {
            let line = if problem.line == 0 { String::new() } else { format!(":{}", problem.line) };
            let key = if problem.key.is_empty() { String::new() } else { format!(" {}:", problem.key) };
            sanitise(&format!("{file}{line}:{key} {}", problem.message)).into_owned()
        };
        let hidden = rejected.problems.len().saturating_sub(LISTED);
        let more = (hidden > 0).then(|| format!("and {hidden} more problems"));
        let shown = rejected.problems.iter().take(LISTED);
        let mut lines = shown.flat_map(|problem| [place(problem), sanitise(&problem.fix).into_owned()]).chain(more);
        let message = lines.next().unwrap_or_else(|| format!("{file} cannot be used"));
        Self { exit: Exit::Usage, message, help: lines.collect() }
    }

    /// A scope that cannot be read.
    pub fn scope(error: ScopeError, endpoint: &str) -> Self {
        const SEE: &str = "visible subscriptions";
        match error {
            ScopeError::NothingVisible => Self::not_audited(
                "this sign-in sees no subscription; nothing was audited",
                "Assign the role Reader on the subscriptions to audit, or sign in to the tenant that holds them.",
            ),
            ScopeError::Unreadable(why) => Self::unreadable(&why, endpoint),
            ScopeError::NotFound { asked, visible } => Self {
                exit: Exit::Usage,
                message: format!("--subscription {}: no visible subscription has this id or name", sanitise(&asked)),
                help: listing(SEE, &visible),
            },
            ScopeError::Ambiguous { asked, candidates } => Self {
                exit: Exit::Usage,
                message: format!(
                    "--subscription {}: {} subscriptions have this name",
                    sanitise(&asked),
                    candidates.len()
                ),
                help: listing("give the id of one of", &candidates),
            },
            ScopeError::NotGiven { visible } => Self {
                exit: Exit::Usage,
                message:
                    "no scope: give --subscription, --all-subscriptions, --management-group or --account; the Azure CLI has \
                     no default subscription"
                        .to_owned(),
                help: listing(SEE, &visible),
            },
            ScopeError::GroupNotFound { asked, visible } => Self::group_not_found(&asked, &visible),
            ScopeError::GroupEmpty { asked } => Self::not_audited(
                format!("--management-group {}: there is no subscription below it", sanitise(&asked.join(", "))),
                "Name the group that holds the subscriptions, or the subscriptions themselves.",
            ),
            ScopeError::AllExcluded { number } => Self::usage(
                format!("--exclude-subscription leaves out every subscription in scope ({number})"),
                "Make the patterns narrower.",
            ),
        }
    }

    /// A group is asked for by its id; what people know is often its name.
    fn group_not_found(asked: &str, visible: &[Candidate]) -> Self {
        let named: Vec<&Candidate> = visible.iter().filter(|group| group.name.eq_ignore_ascii_case(asked)).collect();
        let asked = sanitise(asked);
        let message = match named.as_slice() {
            [] => format!("--management-group {asked}: no visible management group has this id"),
            [_, ..] => format!("--management-group {asked}: this is a display name, and the flag takes the id"),
        };
        let likeness =
            |group: &&Candidate| strsim::jaro_winkler(&asked, &group.id).max(strsim::jaro_winkler(&asked, &group.name));
        let close: Vec<&Candidate> = visible.iter().filter(|group| likeness(group) > 0.8).collect();
        let help = match (named.as_slice(), close.as_slice()) {
            ([], []) => listing("visible management groups", visible),
            ([], close) => listing("did you mean", close.iter().copied()),
            (named, _) => listing("give the id of", named.iter().copied()),
        };
        Self { exit: Exit::Usage, message, help }
    }

    /// The run ended before there was anything to judge.
    pub fn stopped(why: Interruption) -> Self {
        let (message, help) = match why {
            Interruption::Deadline => {
                ("the deadline passed before the scope was known", "Give --deadline more seconds.")
            }
            Interruption::Signal | Interruption::Unfinished => {
                ("stopped before the scope was known; nothing was audited", "Scan again.")
            }
        };
        Self::not_audited(message, help)
    }

    /// The first answer of ARM is not usable.
    fn unreadable(why: &Unavailable, endpoint: &str) -> Self {
        let detail = why.detail.as_deref().map(|detail| format!(" ({})", sanitise(detail))).unwrap_or_default();
        let (message, help) = match &why.cause {
            Cause::Forbidden { action } if why.operation == Operation::DescendantsList => (
                format!("Azure Resource Manager refused to read what is below {}{detail}", sanitise(&why.scope)),
                format!("Grant {action} at the management group (the role Reader there has it), or check its id."),
            ),
            Cause::Forbidden { action } => (
                format!("Azure Resource Manager refused to list subscriptions{}{detail}", within(&why.scope)),
                format!("Sign in again, or grant {action} (the role Reader has it)."),
            ),
            Cause::Transport | Cause::Timeout => (
                format!("cannot reach {endpoint}{detail}"),
                "Check the network, the proxy (HTTPS_PROXY, NO_PROXY), --arm-endpoint and --ca-file.".to_owned(),
            ),
            Cause::UnexpectedShape { .. } | Cause::NotFound => (
                format!("{endpoint} does not answer like Azure Resource Manager{detail}"),
                "Check --arm-endpoint and --cloud; a sign-in page or a proxy may be answering instead.".to_owned(),
            ),
            Cause::Throttled => (
                format!("Azure Resource Manager is throttling this sign-in{detail}"),
                "Wait a minute and scan again; other tools of the same principal share the limit.".to_owned(),
            ),
            Cause::ServerError { status } => (
                format!("Azure Resource Manager answered with status {status}{detail}"),
                "Scan again later; see https://azure.status.microsoft.".to_owned(),
            ),
            Cause::NetworkDenied
            | Cause::KeyOnly
            | Cause::ProviderNotRegistered
            | Cause::NotInApiVersion
            | Cause::NotCollected
            | Cause::NotKnownAtPlan => (
                format!("{endpoint} cannot list subscriptions{detail}"),
                "Check --arm-endpoint and --cloud.".to_owned(),
            ),
        };
        Self::not_audited(message, help)
    }
}

impl From<SignInError> for Failure {
    fn from(error: SignInError) -> Self {
        let lines = |attempt: &Attempt| {
            let why = format!("{}: {}", attempt.kind.as_str(), attempt.outcome);
            [sanitise(&why).into_owned(), format!("  to fix: {}", attempt.fix)]
        };
        Self {
            exit: Exit::NotAudited,
            message: "no sign-in; nothing was audited. What was tried:".to_owned(),
            help: error.tried.iter().flat_map(lines).collect(),
        }
    }
}

impl From<HttpError> for Failure {
    fn from(error: HttpError) -> Self {
        let (exit, help) = match &error {
            HttpError::ReadCa(..) | HttpError::ParseCa(..) => {
                (Exit::Usage, "Give --ca-file a PEM file with CERTIFICATE blocks.")
            }
            HttpError::Build(_) => (
                Exit::NotAudited,
                "Install the system's CA certificates, or set SSL_CERT_FILE to a PEM file that has them.",
            ),
        };
        Self { exit, message: error.to_string(), help: vec![help.to_owned()] }
    }
}

/// The tenant a failed call was about, when there are several.
fn within(scope: &str) -> String {
    scope.strip_prefix("/tenants/").map(|tenant| format!(" of tenant {}", sanitise(tenant))).unwrap_or_default()
}

/// At most this many candidates or problems are listed.
const LISTED: usize = 20;

fn listing<'a>(title: &str, candidates: impl IntoIterator<Item = &'a Candidate>) -> Vec<String> {
    let candidates: Vec<&Candidate> = candidates.into_iter().collect();
    let line = |candidate: &&Candidate| format!("  {}  {}", sanitise(&candidate.id), sanitise(&candidate.name));
    let mut lines = vec![format!("{title}:")];
    lines.extend(candidates.iter().take(LISTED).map(line));
    if candidates.len() > LISTED {
        lines.push(format!("  and {} more", candidates.len() - LISTED));
    }
    lines
}
