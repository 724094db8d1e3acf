//! From flags and the policy file to the settings of a run; flags win.

use std::path::Path;

use jiff::tz::TimeZone;

use super::clock;
use super::failure::Failure;
use super::show::Console;
use crate::cli::{AsOfArg, BoundaryArgs, FILE_NAME, PolicyArgs, ProfileArg};
use crate::config::{Base, Config, Overlays, find, options};
use crate::engine::{AsOf, Settings};
use crate::knowledge::processing::Pin;
use crate::outcome::{FailOn, PlanUnknown, Profile, Severity};
use crate::rules::Policy;

/// The settings of a run.
///
/// # Errors
/// A usage error with every mistake of the policy file.
pub(super) fn settings(args: &PolicyArgs, console: &Console) -> Result<Settings, Failure> {
    let Config { base, overlays } = load(&args.boundary, console)?;
    agree(args, &base)?;
    let (pinned, flagged) = (args.boundary.pin.is_some(), !args.boundary.allow_location.is_empty());
    Ok(Settings {
        policy: required(&args.boundary, &base, &overlays),
        fail_on: args.fail_on.map(Into::into).or(base.fail_on).unwrap_or(FailOn::From(Severity::High)),
        profile: args.profile.map(Into::into).or(base.profile).unwrap_or(Profile::Standard),
        allow_incomplete: args.allow_incomplete || base.allow_incomplete,
        plan_unknown: PlanUnknown::Note,
        overlays: overlays.overruled(pinned, flagged),
        as_of: match args.as_of {
            AsOfArg::Run => AsOf::Run,
            AsOfArg::Now => AsOf::Day(clock::now().to_zoned(TimeZone::UTC).date()),
            AsOfArg::Day(day) => AsOf::Day(day),
        },
    })
}

/// The settings of a run without a policy file and without flags: every rule on, nothing laid over it.
pub(super) fn plain() -> Settings {
    let overlays = Overlays::default();
    Settings {
        policy: Policy { pin: Pin::Geography, allowed_locations: None, options: options(&overlays.rules) },
        fail_on: FailOn::From(Severity::High),
        profile: Profile::Standard,
        allow_incomplete: false,
        plan_unknown: PlanUnknown::Note,
        overlays,
        as_of: AsOf::Run,
    }
}

/// What the flags and the file require of every account, without what holds in some scopes only; and what the file lays over it.
///
/// # Errors
/// A usage error with every mistake of the policy file.
pub(super) fn boundary(args: &BoundaryArgs, console: &Console) -> Result<(Policy, Overlays), Failure> {
    let Config { base, overlays } = load(args, console)?;
    Ok((required(args, &base, &overlays), overlays))
}

fn required(args: &BoundaryArgs, base: &Base, overlays: &Overlays) -> Policy {
    let flagged = !args.allow_location.is_empty();
    let allowed = args.allow_location.iter().flat_map(|location| &location.0).map(|region| (*region).to_owned());
    Policy {
        pin: args.pin.or(base.pin).unwrap_or(Pin::Geography),
        allowed_locations: if flagged { Some(allowed.collect()) } else { base.allowed_locations.clone() },
        options: options(&overlays.rules),
    }
}

/// A strict run asked for on the command line is not weakened by the file: the file itself may not say both.
fn agree(args: &PolicyArgs, base: &Base) -> Result<(), Failure> {
    let strict = args.profile == Some(ProfileArg::Strict);
    let loose = if base.allow_incomplete && !args.allow_incomplete {
        "allow_incomplete = true"
    } else if base.fail_on == Some(FailOn::Never) && args.fail_on.is_none() {
        "fail_on = \"never\""
    } else {
        return Ok(());
    };
    if strict {
        let message = format!("--profile strict contradicts {loose} in the policy file");
        return Err(Failure::usage(message, "Change the file, or say the same with flags and --no-config."));
    }
    Ok(())
}

fn load(args: &BoundaryArgs, console: &Console) -> Result<Config, Failure> {
    let nothing = Config { base: Base::default(), overlays: Overlays::default() };
    if args.no_config {
        return Ok(nothing);
    }
    // Without a working directory there is nothing to search, which is not worth an error.
    let found = || {
        let folder = std::env::current_dir().ok()?;
        let path = find(&folder, FILE_NAME)?;
        // Reports name it; a path that is the same on every machine serves them better.
        Some(path.strip_prefix(&folder).map(Path::to_path_buf).unwrap_or(path))
    };
    let Some(path) = args.config.clone().or_else(found) else { return Ok(nothing) };
    let config = Config::load(&path).map_err(|rejected| Failure::policy(&rejected))?;
    console.note(&format!("policy file {}", path.display()));
    Ok(config)
}
