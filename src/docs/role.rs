//! The least role a scan needs, derived from the operations table and from what rules say they read.
//!
//! Three forms of one thing: JSON for the portal and `az`, a Bicep template, and commands for a POSIX shell. No wildcard, no
//! `NotActions`, no data actions. A custom role may name one management group only: "Azure custom roles", learn.microsoft.com
//! (general knowledge, not looked up).

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde::Serialize;

use crate::azure::operations::stores::{CALLS, Known};
use crate::azure::operations::{Parent, row};
use crate::rules::{Rule, shell_word};
use crate::snapshot::{Include, Operation};

const NAME: &str = "zdr-check reader";
const DESCRIPTION: &str = "Reads what zdr-check judges: no keys, no content";
/// Data actions that list a store may read its content too: Azure does not tell them apart.
const DATA_DESCRIPTION: &str =
    "Reads what zdr-check judges, and lists what accounts store: no keys, nothing is changed";

/// Stands for a subscription nobody named.
const PLACEHOLDER: &str = "SUBSCRIPTION";

/// What every rule is judged by: which accounts there are, and whether they host models.
const ALWAYS: [Operation; 5] = [
    Operation::SubscriptionsList,
    Operation::SubscriptionsGet,
    Operation::AccountsList,
    Operation::AccountsGet,
    Operation::DeploymentsList,
];

/// Calls that what is included shares with a plain scan.
const SHARED: [Operation; 1] = [Operation::WorkspacesGet];

/// A role definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    actions: BTreeSet<&'static str>,
    data_actions: BTreeSet<&'static str>,
    management_group: Option<String>,
    subscriptions: Vec<String>,
}

impl Role {
    /// The role for every rule that a plain scan judges: all actions of the operations table that a subscription knows.
    pub fn complete() -> Self {
        let plain = |own: &Operation| own.include().is_none() && !own.is_data_plane();
        Self::of(Operation::ALL.into_iter().filter(plain))
    }

    /// The same with what a service needs that a scan includes.
    #[must_use]
    pub fn including(mut self, include: Include) -> Self {
        let own = Operation::ALL.into_iter().filter(|operation| operation.include() == Some(include));
        let own = own.chain(SHARED).map(|operation| row(operation).action);
        self.actions.extend(own);
        self
    }

    /// The role for some rules.
    pub fn for_rules(rules: &[&Rule]) -> Self {
        Self::of(ALWAYS.into_iter().chain(rules.iter().flat_map(|rule| rule.needs.iter().copied())))
    }

    /// Azure grants what is asked of a tenant or a management group there only, and refuses a role with an action that its scope
    /// does not know as a whole.
    fn of(operations: impl IntoIterator<Item = Operation>) -> Self {
        let below = operations.into_iter().map(row);
        let below = below.filter(|own| !matches!(own.parent, Parent::Tenant | Parent::ManagementGroup));
        let actions = below.map(|own| own.action).collect();
        Self { actions, data_actions: BTreeSet::new(), management_group: None, subscriptions: Vec::new() }
    }

    /// With what lists the stores of accounts and projects. Wildcards stay out.
    #[must_use]
    pub fn with_data_plane(self) -> Self {
        let named = CALLS.into_iter().filter(|call| call.known != Known::Wildcard);
        Self { data_actions: named.map(|call| call.row.action).collect(), ..self }
    }

    /// What is not certain about the data actions, one sentence each.
    pub fn doubts() -> Vec<String> {
        let names = |known: Known| {
            let calls = CALLS.into_iter().filter(move |call| call.known == known);
            calls.map(|call| call.row.operation.as_str()).collect::<Vec<_>>().join(", ")
        };
        vec![
            "the names of the data actions come from Microsoft's pages and were not tried; some of them also read content".to_owned(),
            format!("that the role covers these calls is inferred, not documented: {}", names(Known::Inferred)),
            format!(
                "no page names the action of these calls, which stay unknown with this role: {} (the built-in role Cognitive Services \
                 OpenAI User has a wildcard that covers them, and reads all content too)",
                names(Known::Wildcard)
            ),
        ]
    }

    fn description(&self) -> &'static str {
        if self.data_actions.is_empty() { DESCRIPTION } else { DATA_DESCRIPTION }
    }

    /// Where the role can be assigned: a management group, which adds what finds the subscriptions below it, and subscriptions by
    /// id.
    #[must_use]
    pub fn assignable(mut self, management_group: Option<String>, subscriptions: Vec<String>) -> Self {
        let above = Operation::ALL.into_iter().map(row).filter(|own| own.parent == Parent::ManagementGroup);
        self.actions.extend(above.filter(|_| management_group.is_some()).map(|own| own.action));
        Self { management_group, subscriptions, ..self }
    }

    /// Whether no scope was named.
    pub fn is_unscoped(&self) -> bool {
        self.management_group.is_none() && self.subscriptions.is_empty()
    }

    /// Its actions, sorted.
    pub fn actions(&self) -> impl Iterator<Item = &'static str> {
        self.actions.iter().copied()
    }

    fn scopes(&self) -> Vec<String> {
        if self.is_unscoped() {
            return vec![format!("/subscriptions/{PLACEHOLDER}")];
        }
        let group = self.management_group.iter();
        let group = group.map(|id| format!("/providers/Microsoft.Management/managementGroups/{id}"));
        group.chain(self.subscriptions.iter().map(|id| format!("/subscriptions/{id}"))).collect()
    }

    /// As JSON, indented, with a line end.
    ///
    /// # Errors
    /// None that can happen with plain strings; the serializer's type asks for it.
    pub fn json(&self) -> serde_json::Result<String> {
        let none = [(); 0];
        let document = Document {
            name: NAME,
            is_custom: true,
            description: self.description(),
            actions: &self.actions,
            not_actions: none,
            data_actions: &self.data_actions,
            not_data_actions: none,
            assignable_scopes: self.scopes(),
        };
        serde_json::to_string_pretty(&document).map(|text| text + "\n")
    }

    /// As a Bicep template that defines the role and, given an object id, assigns it.
    pub fn bicep(&self) -> String {
        let (target, deployed_at, deploy) = match &self.management_group {
            Some(id) => (
                "managementGroup",
                "managementGroup().id",
                format!("az deployment mg create --management-group-id {}", shell_word(id)),
            ),
            None => ("subscription", "subscription().id", "az deployment sub create".to_owned()),
        };
        let lines = |items: &mut dyn Iterator<Item = String>, indent: usize| {
            items.fold(String::new(), |mut text, item| {
                let _ = writeln!(text, "{:indent$}{item}", ""); // writing to a String cannot fail
                text
            })
        };
        let actions = lines(&mut self.actions.iter().map(|action| literal(action)), 10);
        let data_actions = if self.data_actions.is_empty() {
            "        dataActions: []\n".to_owned()
        } else {
            let own = lines(&mut self.data_actions.iter().map(|action| literal(action)), 10);
            format!("        dataActions: [\n{own}        ]\n")
        };
        let scopes = if self.is_unscoped() {
            lines(&mut std::iter::once(deployed_at.to_owned()), 6)
        } else {
            lines(&mut self.scopes().iter().map(|scope| literal(scope)), 6)
        };
        TEMPLATE
            .replace("<DEPLOY>", &deploy)
            .replace("<TARGET>", target)
            .replace("<DEPLOYED_AT>", deployed_at)
            .replace("<NAME>", &literal(NAME))
            .replace("<DESCRIPTION>", &literal(self.description()))
            .replace("<ACTIONS>\n", &actions)
            .replace("<DATA_ACTIONS>\n", &data_actions)
            .replace("<SCOPES>\n", &scopes)
    }

    /// As commands for a POSIX shell that create the role and assign it to `$ASSIGNEE`.
    ///
    /// # Errors
    /// None that can happen with plain strings; the serializer's type asks for it.
    pub fn az(&self) -> serde_json::Result<String> {
        let mut out =
            "# Creates the role and assigns it. First set ASSIGNEE to the object id of the identity that runs \
                       zdr-check,\n# and ASSIGNEE_TYPE to User or Group when it is no service principal or managed \
                       identity.\n"
                .to_owned();
        out.push_str("ASSIGNEE=${ASSIGNEE:?the object id of the identity that runs zdr-check} &&\n");
        let json = self.json()?;
        let word = |text: &str| {
            let quoted = shell_word(text);
            // Out of the quotes, so that the shell fills it in; ids cannot contain the placeholder.
            if self.is_unscoped() { quoted.replace(PLACEHOLDER, "'\"$SUBSCRIPTION\"'") } else { quoted }
        };
        if self.is_unscoped() {
            out.push_str("SUBSCRIPTION=${SUBSCRIPTION:-$(az account show --query id --output tsv)} &&\n");
        }
        let _ = write!(out, "az role definition create --role-definition {}", word(json.trim_end()));
        for scope in self.scopes() {
            let scope = if self.is_unscoped() { "\"/subscriptions/$SUBSCRIPTION\"".to_owned() } else { word(&scope) };
            let _ = write!(
                out,
                " &&\naz role assignment create --assignee-object-id \"$ASSIGNEE\" \\\n  --assignee-principal-type \
                 \"${{ASSIGNEE_TYPE:-ServicePrincipal}}\" --role {} \\\n  --scope {scope}",
                shell_word(NAME)
            );
        }
        Ok(out + "\n")
    }
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Document<'a> {
    name: &'static str,
    is_custom: bool,
    description: &'static str,
    actions: &'a BTreeSet<&'static str>,
    not_actions: [(); 0],
    data_actions: &'a BTreeSet<&'static str>,
    not_data_actions: [(); 0],
    assignable_scopes: Vec<String>,
}

/// A Bicep string.
pub(super) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'").replace("${", "\\${"))
}

const TEMPLATE: &str = "\
// The least role zdr-check needs. Deploy it with
//   <DEPLOY> --location LOCATION --template-file FILE --parameters principalId=OBJECT-ID
targetScope = '<TARGET>'

@description('Object id of the identity that runs zdr-check; empty defines the role and assigns it to nobody.')
param principalId string = ''

@description('Kind of that identity.')
@allowed([
  'ServicePrincipal'
  'User'
  'Group'
])
param principalType string = 'ServicePrincipal'

var roleName = <NAME>

resource role 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(<DEPLOYED_AT>, roleName)
  properties: {
    roleName: roleName
    description: <DESCRIPTION>
    type: 'CustomRole'
    permissions: [
      {
        actions: [
<ACTIONS>
        ]
        notActions: []
<DATA_ACTIONS>
        notDataActions: []
      }
    ]
    assignableScopes: [
<SCOPES>
    ]
  }
}

resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(principalId)) {
  name: guid(<DEPLOYED_AT>, roleName, principalId)
  properties: {
    principalId: principalId
    principalType: principalType
    roleDefinitionId: role.id
  }
}

output roleDefinitionId string = role.id
";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules;

    #[test]
    fn the_complete_role_is_what_all_rules_together_ask_for() {
        let all = Role::for_rules(rules::RULES);
        // Asked for by --cross-check, not by a rule.
        let index = row(Operation::IndexedAccountsList).action;
        let missing = |action: &&str| *action != index && !all.actions.contains(action);
        let missing: Vec<&str> = Role::complete().actions().filter(missing).collect();
        assert!(missing.is_empty(), "no rule says that it needs {missing:?}");
        assert!(Role::complete().actions().all(|action| action.ends_with("/read") && !action.contains('*')));
    }

    #[test]
    fn data_actions_only_read_and_need_the_flag() {
        assert!(Role::complete().json().unwrap().contains("\"DataActions\": []"));
        let role = Role::complete().with_data_plane();
        assert!(role.data_actions.iter().all(|action| action.ends_with("/read") && !action.contains('*')));
        assert!(
            role.json().unwrap().contains("OpenAI/files/read")
                && role.bicep().contains("'Microsoft.CognitiveServices/accounts/OpenAI/files/read'")
        );
        assert!(Role::doubts().iter().any(|doubt| doubt.contains("openai.containers.list")));
    }

    #[test]
    fn bicep_strings_cannot_be_left() {
        assert_eq!(literal("a'b\\${c}"), "'a\\'b\\\\\\${c}'");
    }
}
