//! Makes text that other people chose harmless on a terminal.
//!
//! A deployment name may carry an escape sequence that writes to the clipboard (OSC 52), a link that shows one address and
//! opens another (OSC 8), or a mark that reverses the order of what follows. All of these are shown as `\u{…}` instead.

use std::borrow::Cow;

/// Whether a terminal would act on the character, or show nothing for it, instead of showing it.
pub fn is_hostile(c: char) -> bool {
    matches!(c,
        '\0'..='\x1f' | '\x7f'..='\u{9f}'                  // C0 (line ends and ESC among them), DEL, C1
        | '\u{61c}' | '\u{200e}' | '\u{200f}'              // direction marks
        | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' // direction overrides and isolates
        | '\u{2028}' | '\u{2029}'                          // line and paragraph separators
        | '\u{ad}' | '\u{34f}' | '\u{180b}'..='\u{180f}'   // soft hyphen, joiners and selectors without a glyph
        | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2065}' | '\u{206a}'..='\u{206f}' | '\u{feff}' // zero width
        | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{3164}' | '\u{ffa0}' // fillers that look like nothing
        | '\u{fe00}'..='\u{fe0f}' | '\u{fff9}'..='\u{fffb}' // variation selectors, interlinear marks
        | '\u{1d173}'..='\u{1d17a}'                        // musical marks without a glyph
        | '\u{e0000}'..='\u{e0fff}' // tags and more selectors: text nobody sees
    )
}

/// `text` with every hostile character escaped.
pub fn sanitise(text: &str) -> Cow<'_, str> {
    escape(text, is_hostile)
}

/// `text` with every hostile or non-ASCII character escaped.
pub fn sanitise_ascii(text: &str) -> Cow<'_, str> {
    escape(text, |c| !c.is_ascii() || is_hostile(c))
}

fn escape(text: &str, hostile: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.chars().any(&hostile) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if hostile(c) => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_names_are_borrowed_unchanged() {
        for name in ["oai-prod_1.x", "Produktion Süd", "本番環境", "продакшн", "naïve"] {
            assert!(matches!(sanitise(name), Cow::Borrowed(same) if same == name));
        }
    }

    #[test]
    fn known_attacks_are_shown_not_obeyed() {
        let cases = [
            ("clipboard (OSC 52)", "a\x1b]52;c;cm0gLXJmIH4=\x07b", r"a\u{1b}]52;c;cm0gLXJmIH4=\u{7}b"),
            (
                "link (OSC 8)",
                "\x1b]8;;https://evil\x1b\\ok\x1b]8;;\x1b\\",
                r"\u{1b}]8;;https://evil\u{1b}\ok\u{1b}]8;;\u{1b}\",
            ),
            ("8-bit CSI", "\u{9b}2J", r"\u{9b}2J"),
            ("right-to-left override", "prod\u{202e}tset", r"prod\u{202e}tset"),
            ("isolate", "\u{2066}x\u{2069}", r"\u{2066}x\u{2069}"),
            ("zero width", "pro\u{200b}d\u{feff}", r"pro\u{200b}d\u{feff}"),
            ("tag", "a\u{e0041}", r"a\u{e0041}"),
            ("faked line", "ok\r\n✔ pass", r"ok\r\n✔ pass"),
            ("backspace and delete", "a\x08\x7f", r"a\u{8}\u{7f}"),
        ];
        for (attack, input, shown) in cases {
            assert_eq!(sanitise(input), shown, "{attack}");
        }
    }

    #[test]
    fn without_utf8_nothing_but_ascii_is_left() {
        assert_eq!(sanitise_ascii("ś本\x1b"), r"\u{15b}\u{672c}\u{1b}");
        assert!(sanitise_ascii(&('\0'..=char::MAX).collect::<String>()).bytes().all(|b| (b' '..=b'~').contains(&b)));
    }

    #[test]
    fn nothing_hostile_survives() {
        assert!(!sanitise(&('\0'..=char::MAX).collect::<String>()).chars().any(is_hostile));
    }
}
