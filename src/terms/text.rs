//! From a page to the text that is compared: paragraphs without markup, navigation, feedback forms and dates of publication.

use std::fmt::Write as _;

use scraper::node::Element;
use scraper::{Html, Node, Selector};
use sha2::{Digest as _, Sha256};

/// Elements that are never part of what a page says.
const NOISE: [&str; 19] = [
    "script", "style", "noscript", "template", "nav", "header", "footer", "aside", "form", "button", "svg", "iframe",
    "select", "dialog", "time", "head", "object", "video", "audio",
];

/// Roles of the same kind.
const NOISE_ROLES: [&str; 5] = ["navigation", "banner", "contentinfo", "complementary", "search"];

/// Parts of ids and classes of blocks that change without the page saying anything else.
const NOISE_NAMES: [&str; 7] =
    ["feedback", "breadcrumb", "contributors", "page-metadata", "action-bar", "cookie", "alert-banner"];

/// Elements that stay inside a line.
const INLINE: [&str; 26] = [
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd", "mark", "q",
    "s", "samp", "small", "span", "strong", "sub", "sup", "u", "var",
];

/// Where the content of a page is, the most precise first.
const CONTENT: [&str; 4] = ["main", "[role=main]", "article", "body"];

/// Elements that may be open inside one another. A browser's parser looks through the open ones at every tag, so that deep
/// pages cost the square of their depth; real ones stay below a hundred.
const DEEPEST: usize = 1000;

/// Elements that no other is open inside of, or that the next of their kind closes.
const SHALLOW: [&str; 24] = [
    "area", "base", "br", "col", "dd", "dt", "embed", "hr", "img", "input", "li", "link", "meta", "option", "p",
    "param", "source", "tbody", "td", "th", "thead", "tr", "track", "wbr",
];

/// The paragraphs of a page, without empty ones; none for HTML that nests too deep to be a page.
pub fn paragraphs(page: &str, is_html: bool) -> Vec<String> {
    let raw = match is_html {
        true if depth(page) > DEEPEST => String::new(),
        true => html(page),
        false => page.to_owned(),
    };
    raw.lines().map(collapse).filter(|line| !line.is_empty()).collect()
}

/// How many elements are open at the deepest place, from tags alone; counting ends beyond [`DEEPEST`].
fn depth(page: &str) -> usize {
    let mut open: Vec<String> = Vec::new();
    let mut deepest = 0;
    for tag in page.split('<').skip(1) {
        let (closes, tag) = tag.strip_prefix('/').map_or((false, tag), |tag| (true, tag));
        if !tag.starts_with(|letter: char| letter.is_ascii_alphabetic()) {
            continue;
        }
        let name = tag.split(|letter: char| !letter.is_ascii_alphanumeric()).next().unwrap_or_default();
        let name = name.to_ascii_lowercase();
        if closes {
            // The end of what was never open ends nothing.
            if let Some(place) = open.iter().rposition(|own| *own == name) {
                open.truncate(place);
            }
        } else if !SHALLOW.contains(&name.as_str()) {
            open.push(name);
            deepest = deepest.max(open.len());
        }
        if deepest > DEEPEST {
            break;
        }
    }
    deepest
}

/// [`digest`] of a passage, as it is looked for.
pub fn digest_of(passage: &str) -> String {
    digest(&[fold(passage)])
}

/// SHA-256 of paragraphs, one a line, in lower-case hexadecimal.
pub fn digest(paragraphs: &[String]) -> String {
    let mut hash = Sha256::new();
    for line in paragraphs {
        hash.update(line.as_bytes());
        hash.update(b"\n");
    }
    hash.finalize().iter().fold(String::new(), |mut out, byte| {
        // Writing to a string cannot fail.
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// A text as passages are looked for: one line, lower case, plain quotes and dashes.
pub fn fold(text: &str) -> String {
    let plain = |letter: char| match letter {
        '\u{2018}' | '\u{2019}' | '\u{201a}' => '\'',
        '\u{201c}' | '\u{201d}' | '\u{201e}' => '"',
        '\u{2010}'..='\u{2015}' => '-',
        other => other,
    };
    collapse(&text.chars().map(plain).collect::<String>().to_lowercase())
}

fn collapse(line: &str) -> String {
    // Zero-width marks are layout.
    let visible: String =
        line.chars().filter(|letter| !matches!(letter, '\u{200b}'..='\u{200d}' | '\u{feff}' | '\u{ad}')).collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text of an HTML page, a line per block. The tree is walked without recursion: pages may nest as deep as they like.
fn html(page: &str) -> String {
    let document = Html::parse_document(page);
    let root = CONTENT.iter().find_map(|selector| {
        let selector = Selector::parse(selector).ok()?;
        document.select(&selector).next()
    });
    let top = *root.unwrap_or_else(|| document.root_element());
    let mut out = String::new();
    let mut node = top;
    loop {
        let noise = node.id() != top.id() && node.value().as_element().is_some_and(is_noise);
        separate(node.value(), &mut out);
        if let Some(text) = node.value().as_text() {
            out.extend(text.chars().map(|letter| if letter == '\n' { ' ' } else { letter }));
        }
        if let Some(child) = node.first_child().filter(|_| !noise) {
            node = child;
            continue;
        }
        loop {
            separate(node.value(), &mut out);
            if node.id() == top.id() {
                return out;
            }
            if let Some(next) = node.next_sibling() {
                node = next;
                break;
            }
            let Some(parent) = node.parent() else { return out };
            node = parent;
        }
    }
}

/// Ends a line, or a cell, where an element begins or ends.
fn separate(node: &Node, out: &mut String) {
    match node.as_element().map(Element::name) {
        None => {}
        Some("td" | "th") => out.push(' '),
        Some(name) if INLINE.contains(&name) => {}
        Some(_) => out.push('\n'),
    }
}

fn is_noise(element: &Element) -> bool {
    let role = element.attr("role").is_some_and(|role| NOISE_ROLES.contains(&role));
    let named = |attribute: &str| {
        let value = element.attr(attribute).unwrap_or_default().to_ascii_lowercase();
        NOISE_NAMES.iter().any(|name| value.contains(name))
    };
    role || NOISE.contains(&element.name()) || named("id") || named("class")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_page_says_is_left() {
        let page = "<html><head><title>T</title></head><body><nav>Menu</nav><main id=main><h1>Data,\n  privacy</h1>\
                    <time>2026-01-01</time><p>Kept for <code>30</code>\u{a0}days.<br>Then gone.</p>\
                    <div class=\"site-Feedback\"><p>Was this helpful?</p></div>\
                    <table><tr><td>a</td><td>b</td></tr></table><script>var x = 1</script></main><footer>F</footer>";
        assert_eq!(paragraphs(page, true), ["Data, privacy", "Kept for 30 days.", "Then gone.", "a b"]);
        assert_eq!(paragraphs("  a\t b \r\n\n c\u{200b}", false), ["a b", "c"]);
    }

    #[test]
    fn garbage_is_text_too_and_depth_does_no_harm() {
        assert_eq!(paragraphs("<<<p>a<b></i>&#0;&nope; <p", true), ["<<", "a\u{fffd}&nope;"]);
        let nested = |depth: usize| "<div>".repeat(depth) + "end";
        assert_eq!(paragraphs(&nested(500), true), ["end"]);
        assert!(paragraphs(&nested(50_000), true).is_empty());
        assert!(depth(&"<div></b></li>".repeat(5_000)) > DEEPEST, "the end of what is not open closes nothing");
        assert_eq!(depth("<ul><li>a<li>b<br></ul><!-- --><B>c</B>"), 1);
    }

    #[test]
    fn passages_are_found_whatever_the_typography() {
        assert_eq!(fold(" Customer\u{2019}s \u{201c}Data\u{201d}\n\u{2013} HERE"), "customer's \"data\" - here");
    }

    #[test]
    fn a_digest_is_that_of_the_lines() {
        let one = digest(&["a".to_owned(), "b".to_owned()]);
        assert_eq!(one, "911169ddaaf146aff539f58c26c489af3b892dff0fe283c1c264c65ae5aa59a2");
        assert_ne!(one, digest(&["ab".to_owned()]));
    }
}
