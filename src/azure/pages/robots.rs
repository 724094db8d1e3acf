//! robots.txt, as RFC 9309 reads it: the group of our agent, else that of everybody; the longest matching rule wins, and
//! `allow` wins a tie.

/// Name robots.txt files call us by.
pub(super) const AGENT: &str = "zdr-check";

/// RFC 9309 lets a reader stop after 500 KiB; what comes later is not read.
pub(super) const LIMIT: usize = 512 * 1024;

/// What one host allows us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Robots {
    /// The file could not be read: nothing may be fetched.
    Unreachable,
    /// Rules of the group that is for us; none of them means that everything is allowed.
    Rules(Vec<Rule>),
}

/// One line of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rule {
    allow: bool,
    pattern: String,
}

impl Robots {
    /// Reads a file.
    pub(super) fn parse(text: &str) -> Self {
        let mut own: Option<Vec<Rule>> = None;
        let mut everybody = Vec::new();
        let mut agents: Vec<String> = Vec::new();
        let mut in_rules = false;
        for line in text.trim_start_matches('\u{feff}').lines() {
            let line = line.split('#').next().unwrap_or_default();
            let Some((key, value)) = line.split_once(':') else { continue };
            let (key, value) = (key.trim().to_ascii_lowercase(), value.trim());
            match key.as_str() {
                "user-agent" => {
                    if std::mem::take(&mut in_rules) {
                        agents.clear();
                    }
                    agents.push(value.to_ascii_lowercase());
                    if value.eq_ignore_ascii_case(AGENT) {
                        own.get_or_insert_default();
                    }
                }
                "allow" | "disallow" => {
                    in_rules = true;
                    if value.is_empty() {
                        continue;
                    }
                    let rule = Rule { allow: key == "allow", pattern: value.to_owned() };
                    if agents.iter().any(|agent| agent == AGENT) {
                        own.get_or_insert_default().push(rule.clone());
                    }
                    if agents.iter().any(|agent| agent == "*") {
                        everybody.push(rule);
                    }
                }
                _ => {}
            }
        }
        Self::Rules(own.unwrap_or(everybody))
    }

    /// Whether `path`, with its query, may be fetched.
    pub(super) fn allows(&self, path: &str) -> bool {
        match self {
            Self::Unreachable => false,
            Self::Rules(rules) => {
                let matching = rules.iter().filter(|rule| matches(&rule.pattern, path));
                matching.max_by_key(|rule| (rule.pattern.len(), rule.allow)).is_none_or(|rule| rule.allow)
            }
        }
    }
}

/// Whether a pattern with `*` and a closing `$` matches the beginning of `path`. Each piece is taken where it first fits, so the
/// work is bounded by pattern times path.
fn matches(pattern: &str, path: &str) -> bool {
    let (pattern, anchored) = pattern.strip_suffix('$').map_or((pattern, false), |pattern| (pattern, true));
    let mut pieces = pattern.split('*');
    let Some(mut rest) = path.strip_prefix(pieces.next().unwrap_or_default()) else { return false };
    let mut last_was_star = false;
    let mut pieces = pieces.peekable();
    while let Some(piece) = pieces.next() {
        if anchored && pieces.peek().is_none() {
            return rest.ends_with(piece);
        }
        last_was_star = piece.is_empty();
        let Some(place) = rest.find(piece) else { return false };
        rest = &rest[place + piece.len()..];
    }
    !anchored || rest.is_empty() || last_was_star
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_rule_of_the_group_for_us_wins() {
        let text = "User-agent: *\nDisallow: /\n\nUser-agent: other\nUser-agent: ZDR-Check\nDisallow: /private # no\n\
                    Allow: /private/open\nDisallow: /*.pdf$\nSitemap: https://example.com/map\n";
        let robots = Robots::parse(text);
        let allowed = ["/", "/private/open/page", "/a.pdf?x", "/azure"];
        let refused = ["/private", "/private/x", "/a.pdf", "/deep/b.pdf"];
        assert!(allowed.iter().all(|path| robots.allows(path)), "{robots:?}");
        assert!(refused.iter().all(|path| !robots.allows(path)), "{robots:?}");
    }

    #[test]
    fn without_a_group_for_us_that_of_everybody_counts() {
        let robots = Robots::parse("\u{feff}User-agent: bing\nDisallow: /\nUser-agent: *\nDisallow: /a\nAllow: /a\n");
        assert!(robots.allows("/a") && robots.allows("/b"), "a tie is allowed, and the group of another is not ours");
        assert!(Robots::parse("<html>nothing of the kind</html>").allows("/a"));
        assert!(!Robots::Unreachable.allows("/"));
    }

    #[test]
    fn an_empty_group_of_our_own_allows_everything() {
        assert!(Robots::parse("User-agent: *\nDisallow: /\nUser-agent: zdr-check\nDisallow:\n").allows("/a"));
    }

    #[test]
    fn stars_match_anything_and_dollars_the_end() {
        for (pattern, path, expected) in [
            ("/a*c", "/abc", true),
            ("/a*c", "/ab", false),
            ("/a$", "/a", true),
            ("/a$", "/ab", false),
            ("/*x*y$", "/1x2y", true),
            ("/*x*y$", "/1x2y3", false),
            ("*", "/any", true),
            ("/a*$", "/abc", true),
        ] {
            assert_eq!(matches(pattern, path), expected, "{pattern} {path}");
        }
    }
}
