//! Gateways in front of an account, sinks of its logs and traces, and what security services keep of it.

use super::{Builder, place, service, unread};
use crate::assessment::data_map::Presence;
use crate::knowledge::stores;
use crate::outcome::Outcome;
use crate::snapshot::{
    AccountFacts, Connection, Document, Gateway, List, Operation, Subscription, last_segment, traces_table,
    workspace_of,
};

/// Where a diagnostic setting writes to, and the kind of store that is.
pub(super) const SINKS: [(&str, &str); 5] = [
    ("/properties/workspaceId", "log-workspace"),
    ("/properties/storageAccountId", "log-storage"),
    ("/properties/eventHubAuthorizationRuleId", "log-stream"),
    ("/properties/marketplacePartnerId", "log-stream"),
    ("/properties/serviceBusRuleId", "log-stream"),
];

/// Rules about gateways, and what they find.
const GATEWAYS: [(&str, &str); 3] = [
    ("gateway-logs-prompts", "gateway-logs"),
    ("gateway-logs-bodies", "gateway-logs"),
    ("gateway-keeps-prompts-in-cache", "gateway-cache"),
];

/// Rules about services that cover a whole subscription.
const SUBSCRIPTION: [(&str, &str); 2] =
    [("defender-prompt-evidence", "defender"), ("purview-prompt-sharing", "purview")];

impl Builder<'_> {
    /// What gateways in front of the account keep.
    pub(super) fn gateways(&mut self, facts: &AccountFacts) {
        let leading = facts.addresses().map(|own| self.gateways.leading_to(&own)).unwrap_or_default();
        let mut there: Vec<&str> = Vec::new();
        let mut clear: Vec<(&str, Vec<String>)> = Vec::new();
        for (rule, sheet) in GATEWAYS {
            let Some(sheet) = stores::find(sheet) else { continue };
            for told in self.told(&facts.id.id, rule).to_vec() {
                let why = format!("For account {}: {}", facts.id.name, service::sentence(&told.message));
                let presence = match told.outcome {
                    Outcome::Fail | Outcome::Waived => Presence::Found,
                    Outcome::Unknown => Presence::Unknown,
                    Outcome::Manual | Outcome::Attested => Presence::Possible,
                    Outcome::Pass | Outcome::NotApplicable => {
                        match clear.iter_mut().find(|(own, _)| *own == sheet.id) {
                            Some((_, all)) => all.push(service::sentence(&told.message)),
                            None => clear.push((sheet.id, vec![service::sentence(&told.message)])),
                        }
                        continue;
                    }
                };
                let mut whys = vec![why];
                if leading.len() > 1 {
                    let names: Vec<&str> = leading.iter().map(Gateway::name).collect();
                    whys.push(format!("Several gateways lead to the account, look at each: {}.", names.join(", ")));
                }
                let named = leading.iter().find(|own| told.message.split([' ', ',']).any(|word| word == own.name()));
                let scope = named.map_or(facts.id.id.as_str(), |own| own.id()).to_owned();
                let mut row = self.row(sheet, scope, presence, whys);
                row.place = match named {
                    Some(gateway) => place(gateway.name(), gateway.location()),
                    None => place(&facts.id.name, facts.location()),
                };
                row.used_by.push(facts.id.id.clone());
                there.push(sheet.id);
                self.put(row);
            }
        }
        for (sheet, mut why) in clear {
            why.dedup();
            if !there.contains(&sheet) {
                self.absent(sheet, facts, why.join(" "));
            }
        }
    }

    /// Sinks of logs and traces, and services that look at prompts.
    pub(super) fn telemetry(&mut self, subscription: &Subscription, facts: &AccountFacts) {
        self.logs(subscription, facts);
        self.traces(subscription, facts);
        for (rule, sheet) in SUBSCRIPTION {
            let Some(own) = stores::find(sheet) else { continue };
            for told in self.told(&facts.id.id, rule).to_vec() {
                let presence = match told.outcome {
                    Outcome::Fail | Outcome::Waived => Presence::Found,
                    Outcome::Unknown => Presence::Unknown,
                    Outcome::Manual | Outcome::Attested => Presence::Possible,
                    Outcome::Pass | Outcome::NotApplicable => {
                        self.absent(sheet, facts, service::sentence(&told.message));
                        continue;
                    }
                };
                let scope = format!("/subscriptions/{}", subscription.id);
                let mut row = self.row(own, scope, presence, vec![service::sentence(&told.message)]);
                row.place = place(subscription.name().unwrap_or(&subscription.id), None);
                row.place.geography = Some("not documented in the pages read".to_owned());
                row.used_by.push(facts.id.id.clone());
                self.put(row);
            }
        }
    }

    /// Every sink of the account's diagnostic settings. Logs name callers, whatever their category.
    fn logs(&mut self, subscription: &Subscription, facts: &AccountFacts) {
        let settings = facts.list(Operation::DiagnosticSettingsList).and_then(List::documents);
        let settings = match settings {
            Ok(settings) => settings,
            Err(why) => return self.unknown("log-workspace", facts, unread("Diagnostic settings", &why)),
        };
        let mut any = false;
        for setting in settings {
            let Some(categories) = categories(setting) else {
                let why = format!("Diagnostic setting {} is not as documented.", last_segment(&setting.scope));
                any = true;
                self.unknown("log-workspace", facts, why);
                continue;
            };
            for (pointer, sheet) in SINKS.into_iter().filter(|_| !categories.is_empty()) {
                let Some(id) = setting.string(pointer).ok().flatten().filter(|id| !id.is_empty()) else { continue };
                any = true;
                let name = last_segment(&setting.scope);
                let why = format!("Diagnostic setting {name} of {} writes {}.", facts.id.name, categories.join(", "));
                self.sink(subscription, facts, sheet, id, why);
            }
        }
        if !any {
            self.absent("log-workspace", facts, "No diagnostic setting of the account writes logs.");
        }
    }

    fn sink(&mut self, subscription: &Subscription, facts: &AccountFacts, sheet: &'static str, id: &str, why: String) {
        let Some(sheet) = stores::find(sheet) else { return };
        let mut row = self.row(sheet, id.to_owned(), Presence::Found, vec![why]);
        row.place = place(last_segment(id), None);
        if let Ok(workspace) = subscription.document(Operation::WorkspacesGet, id) {
            row.place = place(last_segment(id), workspace.string("/location").ok().flatten());
            row.keeps = days(workspace, "/properties/retentionInDays").unwrap_or(row.keeps);
        }
        row.used_by.push(facts.id.id.clone());
        self.put(row);
    }

    /// Every Application Insights component that traces go to.
    fn traces(&mut self, subscription: &Subscription, facts: &AccountFacts) {
        let Some(sheet) = stores::find("traces") else { return };
        let connections: Vec<Connection<'_>> =
            facts.readable_connections().filter(Connection::receives_traces).collect();
        for connection in &connections {
            let id = connection.resource_id().ok().flatten();
            let mut why = vec![format!("Connection {} sends traces here.", connection.name())];
            let component = id.map(|id| subscription.document(Operation::ComponentsGet, id));
            let scope = id.unwrap_or(&connection.0.scope).to_owned();
            let mut row = self.row(sheet, scope, Presence::Found, Vec::new());
            row.place = place(last_segment(&row.scope), None);
            match component {
                Some(Ok(component)) => {
                    row.place = place(last_segment(&row.scope), component.string("/location").ok().flatten());
                    if let Some(workspace) = workspace_of(component) {
                        why.push(format!("Its rows are in the workspace {}.", last_segment(workspace)));
                        row.keeps = kept(subscription, workspace).unwrap_or(row.keeps);
                    }
                }
                Some(Err(missing)) => why.push(unread("The component", &missing)),
                None => why.push("The connection does not say which component it leads to.".to_owned()),
            }
            row.why = why;
            row.used_by.push(facts.id.id.clone());
            self.put(row);
        }
        match facts.all_connections() {
            Err(why) => self.unknown("traces", facts, unread("Connections", &why)),
            Ok(_) if connections.is_empty() => {
                self.absent("traces", facts, "No connection leads to Application Insights.");
            }
            Ok(_) => {}
        }
    }
}

/// Categories of logs that a setting writes; `None` when it is not as documented.
fn categories(setting: &Document) -> Option<Vec<String>> {
    let mut all = Vec::new();
    for log in setting.array("/properties/logs").ok()?.unwrap_or_default() {
        let text = |key| log.get(key).and_then(|value| value.as_str()).filter(|text: &&str| !text.is_empty());
        let category = text("category").or_else(|| text("categoryGroup"))?;
        if log.get("enabled").and_then(serde_json::Value::as_bool)? {
            all.push(category.to_owned());
        }
    }
    Some(all)
}

/// Retention of a workspace, and of its table with content.
fn kept(subscription: &Subscription, workspace: &str) -> Option<String> {
    let whole = subscription.document(Operation::WorkspacesGet, workspace).ok();
    let table = subscription.document(Operation::TablesGet, &traces_table(workspace)).ok();
    let whole = whole.and_then(|own| days(own, "/properties/retentionInDays"))?;
    Some(match table.and_then(|own| days(own, "/properties/totalRetentionInDays")) {
        Some(table) => format!("{whole} in the workspace, {table} in the table AppGenAIContent"),
        None => whole,
    })
}

fn days(document: &Document, pointer: &str) -> Option<String> {
    let days = document.value(pointer).and_then(serde_json::Value::as_f64).filter(|days| *days > 0.0)?;
    Some(format!("{days} days"))
}
