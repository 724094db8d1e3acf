//! `zdr-check permissions`: the least role a scan needs.

use super::explain;
use super::failure::Failure;
use super::show::Console;
use crate::cli::{PermissionsArgs, RoleFormatArg};
use crate::docs::Role;
use crate::gate::Exit;
use crate::rules::{RULES, Rule};
use crate::snapshot::Include;

/// Prints the role definition.
///
/// # Errors
/// A usage error when a rule is not known.
pub(super) fn run(args: PermissionsArgs, console: &Console) -> Result<Exit, Failure> {
    let named: Vec<&Rule> = args.rule.iter().map(|word| explain::rule(word)).collect::<Result<_, _>>()?;
    let role = if named.is_empty() && args.axis.is_empty() {
        Role::complete()
    } else {
        let plain = |rule: &&Rule| rule.needs.iter().all(|operation| operation.include().is_none());
        let of_axis = RULES.iter().copied().filter(|rule| args.axis.contains(&rule.axis)).filter(plain);
        Role::for_rules(&named.into_iter().chain(of_axis).collect::<Vec<_>>())
    };
    let policies = args.check_policies.then_some(Include::Policies);
    let included = args.include.iter().map(|own| Include::from(*own)).chain(policies);
    let role = included.fold(role, Role::including);
    let role = if args.data_plane { role.with_data_plane() } else { role };
    let role = role.assignable(args.management_group, args.subscription);
    let text = match args.format {
        RoleFormatArg::Json => role.json(),
        RoleFormatArg::Bicep => Ok(role.bicep()),
        RoleFormatArg::Az => role.az(),
    };
    let text = text.map_err(|error| {
        Failure::not_audited(format!("cannot write the role: {error}"), "Report this; it is a bug in zdr-check.")
    })?;
    if role.is_unscoped() && args.format == RoleFormatArg::Json {
        console.note("replace SUBSCRIPTION by an id, or give --subscription or --management-group");
    }
    if args.data_plane {
        for doubt in Role::doubts() {
            console.note(&doubt);
        }
    }
    Console::print(|out| out.write_all(text.as_bytes()))?;
    Ok(Exit::Clean)
}
