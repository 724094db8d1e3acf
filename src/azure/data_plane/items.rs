//! Pages of the data plane, read straight into types that have no field for content.
//!
//! What is not named here is skipped by the deserializer and never becomes a value of this program. A text is kept only as a word
//! of a closed list, or, while its list is being read, as the id that asks for the next page or for what is below.

use std::fmt;
use std::marker::PhantomData;

use jiff::Timestamp;
use serde::de::{IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::snapshot::{AgentKind, Purpose, Status, StoreFacts, StoreKind, Tally, Tool, Training};

/// One page of a list.
#[derive(Deserialize)]
pub struct Page {
    data: Vec<Item>,
    has_more: Option<bool>,
    #[serde(default)]
    last_id: Lax<Id>,
}

/// One item, as far as it is counted.
#[derive(Deserialize)]
struct Item {
    #[serde(default)]
    id: Lax<Id>,
    #[serde(default)]
    name: Lax<Id>,
    #[serde(default)]
    created_at: Lax<Date>,
    /// Stored completions say it so.
    #[serde(default)]
    created: Lax<Date>,
    #[serde(default)]
    expires_at: Lax<Anything>,
    #[serde(default)]
    expires_after: Lax<Anything>,
    #[serde(default)]
    purpose: Lax<Purpose>,
    #[serde(default)]
    status: Lax<Status>,
    #[serde(default)]
    training_type: Lax<Training>,
    /// Which of the two spellings the service uses could not be verified.
    #[serde(default, rename = "trainingType")]
    training: Lax<Training>,
    tools: Option<Vec<ToolItem>>,
    versions: Option<Versions>,
}

/// Versions of an agent: the latest is in use.
#[derive(Deserialize)]
struct Versions {
    latest: Option<Version>,
}

#[derive(Deserialize)]
struct Version {
    #[serde(default)]
    created_at: Lax<Date>,
    definition: Option<Definition>,
}

#[derive(Deserialize)]
struct Definition {
    #[serde(default)]
    kind: Lax<AgentKind>,
    tools: Option<Vec<ToolItem>>,
}

#[derive(Deserialize)]
struct ToolItem {
    #[serde(default, rename = "type")]
    kind: Lax<Tool>,
}

/// Something of interest in a JSON value of any shape; what is of none is skipped.
trait Scalar: Sized {
    fn text(_: &str) -> Option<Self> {
        None
    }
    fn number(_: f64) -> Option<Self> {
        None
    }
    fn compound() -> Option<Self> {
        None
    }
}

/// The value, if it was one of interest.
struct Lax<T>(Option<T>);

impl<T> Default for Lax<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<'de, T: Scalar> Deserialize<'de> for Lax<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LaxVisitor(PhantomData)).map(Self)
    }
}

struct LaxVisitor<T>(PhantomData<T>);

impl<'de, T: Scalar> Visitor<'de> for LaxVisitor<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(T::text(text))
    }

    #[expect(clippy::cast_precision_loss, reason = "a time in seconds is far below 2^53")]
    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(T::number(number as f64))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
        Ok(T::number(number))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(T::compound())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Self::Value, A::Error> {
        while fields.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(T::compound())
    }
}

/// An id, when it can be one segment of a path. It lives as long as its list is being read.
struct Id(String);

impl Scalar for Id {
    fn text(text: &str) -> Option<Self> {
        super::is_segment(text).then(|| Self(text.to_owned()))
    }
}

/// A time: seconds since 1970, or text.
#[derive(Clone, Copy)]
struct Date(Timestamp);

impl Scalar for Date {
    fn text(text: &str) -> Option<Self> {
        text.parse().ok().map(Self)
    }

    #[expect(clippy::cast_possible_truncation, reason = "what is no time of this calendar is none")]
    fn number(seconds: f64) -> Option<Self> {
        (seconds > 0.0).then(|| Timestamp::from_second(seconds as i64).ok().map(Self)).flatten()
    }
}

/// That there is something.
struct Anything;

impl Scalar for Anything {
    fn text(text: &str) -> Option<Self> {
        (!text.is_empty()).then_some(Self)
    }

    fn number(number: f64) -> Option<Self> {
        (number > 0.0).then_some(Self)
    }

    fn compound() -> Option<Self> {
        Some(Self)
    }
}

macro_rules! word {
    ($($name:ident),+) => {$(
        impl Scalar for $name {
            fn text(text: &str) -> Option<Self> {
                Some(Self::of(text))
            }
        }
    )+};
}
word!(AgentKind, Purpose, Status, Tool, Training);

impl Page {
    /// Items of the page.
    pub fn len(&self) -> usize {
        self.data.len()
    }

    /// Whether there is no item.
    pub fn is_empty(&self) -> bool {
        self.data.is_empty()
    }

    /// Whether the service says that there are more; `None` when it does not say.
    pub fn has_more(&self) -> Option<bool> {
        self.has_more
    }

    /// The id behind which the next page begins.
    pub fn last_id(&self) -> Option<&str> {
        let last = || self.data.last().and_then(|item| item.id.0.as_ref());
        self.last_id.0.as_ref().or_else(last).map(|id| id.0.as_str())
    }
}

/// A list while its pages arrive.
pub struct Counting {
    kind: StoreKind,
    facts: StoreFacts,
    /// Ids of what has lists below itself: fine-tuning jobs, hosted agents.
    pub below: Vec<String>,
    /// Items of such a kind whose id cannot be asked about.
    pub unnamed: u64,
}

impl Counting {
    /// Nothing yet.
    pub fn new(kind: StoreKind) -> Self {
        let without_expiry = matches!(kind, StoreKind::Files | StoreKind::VectorStores).then_some(0);
        let facts = StoreFacts {
            count: 0,
            more: false,
            oldest: None,
            newest: None,
            without_expiry,
            by_purpose: Tally::new(),
            by_status: Tally::new(),
            by_agent_kind: Tally::new(),
            by_training: Tally::new(),
            tools: Tally::new(),
            answers: Vec::new(),
        };
        Self { kind, facts, below: Vec::new(), unnamed: 0 }
    }

    /// Items so far.
    pub fn count(&self) -> u64 {
        self.facts.count
    }

    /// Adds the items of a page.
    pub fn add(&mut self, page: Page) {
        for item in page.data {
            self.item(item);
        }
    }

    /// The numbers. `more` says that counting ended before the list did.
    pub fn into_facts(self, more: bool) -> StoreFacts {
        StoreFacts { more, ..self.facts }
    }

    fn item(&mut self, item: Item) {
        let latest = item.versions.and_then(|versions| versions.latest);
        let of_version = latest.as_ref().and_then(|own| own.created_at.0);
        let created = item.created_at.0.or(item.created.0).or(of_version);
        let definition = latest.and_then(|own| own.definition);
        let facts = &mut self.facts;
        facts.count += 1;
        if let Some(Date(at)) = created {
            facts.oldest = Some(facts.oldest.map_or(at, |oldest| oldest.min(at)));
            facts.newest = Some(facts.newest.map_or(at, |newest| newest.max(at)));
        }
        if item.expires_at.0.is_none() && item.expires_after.0.is_none() {
            facts.without_expiry = facts.without_expiry.map(|count| count + 1);
        }
        tally(&mut facts.by_status, item.status.0);
        match self.kind {
            StoreKind::Files => tally(&mut facts.by_purpose, Some(item.purpose.0.unwrap_or(Purpose::Other))),
            StoreKind::FineTuningJobs => {
                tally(&mut facts.by_training, item.training_type.0.or(item.training.0));
                self.parent(item.id);
            }
            StoreKind::Agents => {
                let kind = definition.as_ref().and_then(|own| own.kind.0).unwrap_or(AgentKind::Other);
                tally(&mut facts.by_agent_kind, Some(kind));
                tools(facts, definition.and_then(|own| own.tools));
                if kind == AgentKind::Hosted {
                    self.parent(if item.name.0.is_some() { item.name } else { item.id });
                }
            }
            StoreKind::Assistants => tools(facts, item.tools),
            StoreKind::Batches
            | StoreKind::FineTuningCheckpoints
            | StoreKind::VectorStores
            | StoreKind::StoredCompletions
            | StoreKind::Evaluations
            | StoreKind::Conversations
            | StoreKind::AgentSessions
            | StoreKind::MemoryStores
            | StoreKind::Videos
            | StoreKind::Containers => {}
        }
    }

    fn parent(&mut self, id: Lax<Id>) {
        match id.0 {
            Some(Id(id)) => self.below.push(id),
            None => self.unnamed += 1,
        }
    }
}

fn tally<T: Ord>(tally: &mut Tally<T>, word: Option<T>) {
    if let Some(word) = word {
        *tally.entry(word).or_default() += 1;
    }
}

/// Each kind of tool once per agent.
fn tools(facts: &mut StoreFacts, tools: Option<Vec<ToolItem>>) {
    let kinds = tools.unwrap_or_default().into_iter().map(|tool| tool.kind.0.unwrap_or(Tool::Other));
    for kind in kinds.collect::<std::collections::BTreeSet<_>>() {
        tally(&mut facts.tools, Some(kind));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const BAIT: &str = "my patient is called Erika";

    fn count(kind: StoreKind, items: &serde_json::Value) -> StoreFacts {
        let page: Page = serde_json::from_value(json!({ "data": items, "extra": BAIT })).unwrap();
        let mut counting = Counting::new(kind);
        counting.add(page);
        counting.into_facts(false)
    }

    #[test]
    fn no_text_of_an_item_survives() {
        let item = json!({
            "id": BAIT, "name": BAIT, "purpose": BAIT, "status": BAIT, "trainingType": BAIT, "created_at": BAIT,
            "filename": BAIT, "metadata": { "a": BAIT }, "choices": [{ "message": { "content": BAIT } }],
            "tools": [{ "type": BAIT, "server_url": BAIT }],
            "versions": { "latest": { "definition": { "kind": BAIT, "instructions": BAIT, "tools": [{ "type": BAIT }] } } }
        });
        for kind in StoreKind::ALL {
            let facts = count(kind, &json!([item]));
            assert_eq!(facts.count, 1);
            assert!(!serde_json::to_string(&facts).unwrap().contains("Erika"), "{kind:?}");
        }
    }

    #[test]
    fn files_are_told_apart_by_purpose_and_expiry() {
        let facts = count(
            StoreKind::Files,
            &json!([
                { "id": "file-1", "purpose": "batch", "created_at": 1_700_000_000, "expires_at": 1_800_000_000, "status": "processed" },
                { "id": "file-2", "purpose": "assistants", "created_at": 1_600_000_000.0, "expires_at": null },
                { "id": "file-3", "purpose": 7, "created_at": {} }
            ]),
        );
        assert_eq!((facts.count, facts.without_expiry), (3, Some(2)));
        assert_eq!(facts.by_purpose, Tally::from([(Purpose::Assistants, 1), (Purpose::Batch, 1), (Purpose::Other, 1)]));
        assert_eq!(facts.by_status, Tally::from([(Status::Completed, 1)]));
        assert_eq!(facts.oldest.unwrap().as_second(), 1_600_000_000);
        assert_eq!(facts.newest.unwrap().as_second(), 1_700_000_000);
    }

    #[test]
    fn agents_are_told_apart_by_kind_and_tools() {
        let agent = |kind: &str, tools: &[&str]| {
            let tools: Vec<_> = tools.iter().map(|kind| json!({ "type": kind })).collect();
            json!({ "name": "a", "versions": { "latest": { "created_at": 1, "definition": { "kind": kind, "tools": tools } } } })
        };
        let items =
            json!([agent("prompt", &["mcp", "mcp", "web_search_preview"]), agent("hosted", &[]), agent("new", &["x"])]);
        let facts = count(StoreKind::Agents, &items);
        assert_eq!(facts.tools, Tally::from([(Tool::Mcp, 1), (Tool::WebSearch, 1), (Tool::Other, 1)]));
        let kinds = [(AgentKind::Prompt, 1), (AgentKind::Hosted, 1), (AgentKind::Other, 1)];
        assert_eq!(facts.by_agent_kind, Tally::from(kinds));
    }

    #[test]
    fn a_page_of_another_shape_is_none() {
        for bad in [
            json!({}),
            json!({ "data": BAIT }),
            json!({ "data": [BAIT] }),
            json!({ "data": [], "has_more": BAIT }),
            json!([]),
        ] {
            assert!(serde_json::from_value::<Page>(bad).is_err());
        }
    }
}
