//! The page of a rule, once per report, from the same text as `zdr-check explain`.

use maud::{Markup, html};
use pulldown_cmark::{Options, Parser};

use super::trusted;
use crate::docs;
use crate::rules::Rule;

/// Everything that is documented about a rule.
pub(super) fn page(rule: &Rule) -> Markup {
    let operations = docs::reads(rule);
    html! {
        details.page {
            summary { "About this rule" }
            @for (heading, body) in docs::sections(rule) {
                div.part { p.h { (heading) } (markdown(&body)) }
            }
            p.small {
                "Reads " (operations.join(", ")) ". Controls " (rule.controls.join(", ")) ". "
                @if !rule.frameworks.is_empty() { "Evidence for " (rule.frameworks.join("; ")) ". " }
                "Since " (rule.since) "."
            }
        }
    }
}

/// The Markdown of our own rule files as HTML.
pub(super) fn markdown(text: &str) -> Markup {
    let mut out = String::new();
    pulldown_cmark::html::push_html(&mut out, Parser::new_ext(text, Options::ENABLE_TABLES));
    let out =
        out.replace("<table>", "<div class=\"scroll\" tabindex=\"0\"><table>").replace("</table>", "</table></div>");
    trusted(&out.replace("<pre>", "<pre tabindex=\"0\">"))
}
