//! Masks of what was asked for and of what was left out.

use super::Masks;
use crate::snapshot::{Asked, ExcludedSubscription, Reach, Read, Selection};

/// How the words of a scope begin, where something of the customer's follows.
const BEGINNINGS: [&str; 5] = ["subscription ", "account ", "management group ", "in tenant ", "without subscription "];

/// The same, with a tag behind it.
const TAGGED: [&str; 2] = ["only accounts with tag ", "without accounts with tag "];

impl Masks {
    /// What was asked for, in words: `subscription <id or name>`, `account <id>`, `management group <id>`, …
    pub fn words(&mut self, words: &[String]) -> Vec<String> {
        words.iter().map(|words| self.phrase(words)).collect()
    }

    fn phrase(&mut self, words: &str) -> String {
        if let Some((beginning, tag)) = TAGGED.into_iter().find_map(|own| Some((own, words.strip_prefix(own)?))) {
            let (key, value) = self.tag(tag.split_once('=').unwrap_or((tag, "")));
            return format!("{beginning}{key}={value}");
        }
        match BEGINNINGS.into_iter().find_map(|own| Some((own, words.strip_prefix(own)?))) {
            Some((beginning, what)) => format!("{beginning}{}", self.text(what)),
            None => words.to_owned(),
        }
    }

    fn tag(&mut self, (key, value): (&str, &str)) -> (String, String) {
        (self.text(key), self.text(value))
    }

    fn asked(&mut self, asked: &Asked) -> Asked {
        let mut tags = |tags: &[(String, String)]| tags.iter().map(|(key, value)| self.tag((key, value))).collect();
        let (own, excluded) = (tags(&asked.tags), tags(&asked.exclude_tags));
        Asked {
            management_groups: asked.management_groups.iter().map(|id| self.text(id)).collect(),
            tenants: asked.tenants.iter().map(|id| self.guid(id)).collect(),
            all_tenants: asked.all_tenants,
            exclude_subscriptions: asked.exclude_subscriptions.iter().map(|pattern| self.text(pattern)).collect(),
            tags: own,
            exclude_tags: excluded,
            cross_check: asked.cross_check,
            include: asked.include.clone(),
            data_plane: asked.data_plane,
        }
    }

    /// How far a run reached.
    pub fn reach(&mut self, reach: &Reach) -> Reach {
        let mut gaps = reach.gaps.clone();
        for gap in &mut gaps {
            self.unavailable(gap);
        }
        let excluded = |own: &ExcludedSubscription| ExcludedSubscription {
            id: self.guid(&own.id),
            name: own.name.as_ref().map(|name| self.name(name)),
        };
        let mut excluded: Vec<_> = reach.excluded.iter().map(excluded).collect();
        excluded.sort();
        Reach {
            asked: self.asked(&reach.asked),
            principals: reach.principals.iter().map(|own| self.principal(own)).collect(),
            gaps,
            excluded,
            unmatched: reach.unmatched.iter().map(|pattern| self.text(pattern)).collect(),
        }
    }

    pub(super) fn selection(&mut self, selection: &mut Selection) {
        self.ids(&mut selection.excluded);
        match &mut selection.cross_check {
            None => {}
            Some(Read::Unavailable(why)) => self.unavailable(why),
            Some(Read::Known(check)) => {
                for ids in [&mut check.only_listed, &mut check.not_listed, &mut check.gone] {
                    self.ids(ids);
                }
            }
        }
    }

    fn ids(&mut self, ids: &mut [String]) {
        for id in &mut *ids {
            *id = self.id(id);
        }
        ids.sort();
    }
}
