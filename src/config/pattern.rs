//! Globs on names and resource ids.
//!
//! `*` stays inside one segment of an id, `**` crosses segments, and case never matters, as in Azure.

use std::collections::BTreeMap;

use globset::{Candidate, Glob, GlobBuilder, GlobMatcher, GlobSet, GlobSetBuilder};

/// One glob, with its text as written.
#[derive(Debug, Clone)]
pub struct Pattern {
    text: String,
    matcher: GlobMatcher,
}

impl Pattern {
    /// Reads a glob.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn new(text: &str) -> Result<Self, String> {
        Ok(Self { text: text.to_owned(), matcher: glob(text)?.compile_matcher() })
    }

    /// The glob as written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it matches the whole of `text`.
    pub fn matches(&self, text: &str) -> bool {
        self.matcher.is_match(text.to_ascii_lowercase())
    }
}

/// Reads a glob without making it ready to match.
pub(super) fn glob(text: &str) -> Result<Glob, String> {
    if text.trim().is_empty() {
        return Err("it is empty".to_owned());
    }
    // Both sides are lower-cased, which keeps literal globs in hash tables; the flag for case would make each a regex.
    GlobBuilder::new(&text.to_ascii_lowercase())
        .literal_separator(true)
        .empty_alternates(true)
        .build()
        .map_err(|error| error.kind().to_string())
}

/// Things that cover some results each, found by rule and resource without trying them all.
#[derive(Debug, Clone)]
pub struct Covering<T> {
    items: Vec<T>,
    by_rule: BTreeMap<&'static str, (GlobSet, Vec<usize>)>,
}

impl<T> Default for Covering<T> {
    fn default() -> Self {
        Self { items: Vec::new(), by_rule: BTreeMap::new() }
    }
}

impl<T> Covering<T> {
    /// Builds the index; `covers` says which rules and which resources (a glob) an item is about.
    ///
    /// # Errors
    /// What is wrong with a glob, or that there are too many.
    pub fn new(items: Vec<T>, covers: impl Fn(&T) -> (Vec<&'static str>, String)) -> Result<Self, String> {
        let mut lists: BTreeMap<&'static str, Vec<(Glob, usize)>> = BTreeMap::new();
        for (index, item) in items.iter().enumerate() {
            let (rules, scope) = covers(item);
            let glob = glob(&scope)?;
            for rule in rules {
                lists.entry(rule).or_default().push((glob.clone(), index));
            }
        }
        let mut by_rule = BTreeMap::new();
        for (rule, globs) in lists {
            let mut set = GlobSetBuilder::new();
            let mut indexes = Vec::new();
            for (glob, index) in globs {
                set.add(glob);
                indexes.push(index);
            }
            by_rule.insert(rule, (set.build().map_err(|error| error.kind().to_string())?, indexes));
        }
        Ok(Self { items, by_rule })
    }

    /// The items, in the order of the file.
    pub fn items(&self) -> &[T] {
        &self.items
    }

    /// Positions of the items that cover a result, in the order of the file.
    pub fn of(&self, rule: &str, resource_id: &str) -> Vec<usize> {
        let Some((set, indexes)) = self.by_rule.get(rule) else { return Vec::new() };
        let id = resource_id.to_ascii_lowercase();
        set.matches_candidate(&Candidate::new(&id)).into_iter().map(|at| indexes[at]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACCOUNT: &str = "/subscriptions/s/resourceGroups/RG/providers/Microsoft.CognitiveServices/accounts/oai";

    fn matches(glob: &str, text: &str) -> bool {
        Pattern::new(glob).unwrap().matches(text)
    }

    #[test]
    fn a_star_stays_inside_a_segment_and_case_does_not_matter() {
        let child = format!("{ACCOUNT}/deployments/chat");
        assert!(matches("**/Accounts/OAI", ACCOUNT) && matches(&ACCOUNT.to_uppercase(), ACCOUNT));
        assert!(!matches("**/accounts/*", &child) && !matches("**/accounts/oa", ACCOUNT));
        assert!(matches("**/accounts/*/deployments/*", &child));
        assert!(matches("**/accounts/oai{,/**}", ACCOUNT) && matches("**/accounts/oai{,/**}", &child));
        assert!(matches("/subscriptions/s/**", &child) && !matches("/subscriptions/s/*", &child));
    }

    #[test]
    fn broken_globs_are_refused() {
        for bad in ["", "  ", "[", "{a", "a{b,{c}"] {
            assert!(Pattern::new(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn items_are_found_by_rule_and_resource() {
        let items = vec![("a", "**/x"), ("b", "**/x"), ("a", "**")];
        let covering = Covering::new(items, |(rule, scope)| (vec![*rule], (*scope).to_owned())).unwrap();
        assert_eq!(covering.of("a", "/q/X"), [0, 2]);
        assert_eq!(covering.of("b", "/q/x"), [1]);
        assert!(covering.of("c", "/q/x").is_empty());
    }
}
