//! Reads JSON into [`Node`]s, with the comments, trailing commas and line breaks inside strings that Azure allows in templates.
//!
//! `serde_json` keeps no places, and this must also stay within bounds on input of a hundred megabytes that somebody else wrote:
//! containers are counted, and the parts of a plan that nothing looks at are stepped over.

use std::rc::Rc;

use serde_json::Number;

use super::node::{DEEPEST, Kind, Node, Pos};

/// Why a text is not JSON, and where.
#[derive(Debug)]
pub(super) struct SyntaxError {
    pub(super) byte: usize,
    pub(super) what: &'static str,
}

type Parsed<T> = Result<T, SyntaxError>;

/// Reads a whole text. Top-level fields named in `skip` become null.
pub(super) fn parse(text: &str, file: u16, skip: &[&str]) -> Parsed<Node> {
    let mut reader = Reader { text, bytes: text.as_bytes(), at: 0, file, depth: 0, skip };
    reader.blank()?;
    let node = reader.value()?;
    reader.blank()?;
    if reader.at < reader.bytes.len() { Err(reader.error("something follows the document")) } else { Ok(node) }
}

struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    file: u16,
    depth: u8,
    skip: &'a [&'a str],
}

impl Reader<'_> {
    fn error(&self, what: &'static str) -> SyntaxError {
        SyntaxError { byte: self.at, what }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn pos(&self) -> Pos {
        Pos { file: self.file, byte: u32::try_from(self.at).unwrap_or(u32::MAX) }
    }

    /// Steps over blanks and comments.
    fn blank(&mut self) -> Parsed<()> {
        loop {
            match (self.peek(), self.bytes.get(self.at + 1)) {
                (Some(b' ' | b'\n' | b'\r' | b'\t'), _) => self.at += 1,
                (Some(b'/'), Some(b'/')) => {
                    let end = self.text[self.at..].find('\n');
                    self.at = end.map_or(self.bytes.len(), |end| self.at + end);
                }
                (Some(b'/'), Some(b'*')) => {
                    let end = self.text[self.at..].find("*/").ok_or_else(|| self.error("a comment has no end"))?;
                    self.at += end + 2;
                }
                _ => return Ok(()),
            }
        }
    }

    fn value(&mut self) -> Parsed<Node> {
        let at = self.pos();
        let kind = match self.peek() {
            Some(b'{') => return self.object(at),
            Some(b'[') => return self.array(at),
            Some(b'"') => Kind::Text(self.string()?),
            Some(b't') => self.word("true", Kind::Bool(true))?,
            Some(b'f') => self.word("false", Kind::Bool(false))?,
            Some(b'n') => self.word("null", Kind::Null)?,
            Some(b'-' | b'0'..=b'9') => Kind::Number(self.number()?),
            Some(_) => return Err(self.error("a value is expected here")),
            None => return Err(self.error("the text ends too early")),
        };
        Ok(Node::new(at, kind))
    }

    fn word(&mut self, word: &str, kind: Kind) -> Parsed<Kind> {
        if !self.text[self.at..].starts_with(word) {
            return Err(self.error("a value is expected here"));
        }
        self.at += word.len();
        Ok(kind)
    }

    fn number(&mut self) -> Parsed<Number> {
        let rest = &self.text[self.at..];
        let end = rest.find(|c: char| !matches!(c, '0'..='9' | '+' | '-' | '.' | 'e' | 'E')).unwrap_or(rest.len());
        let number = rest[..end].parse().map_err(|_| self.error("this is not a number"))?;
        self.at += end;
        Ok(number)
    }

    /// A string; without escapes it is taken as it stands.
    fn string(&mut self) -> Parsed<Rc<str>> {
        let start = self.at + 1;
        let mut at = start;
        let mut plain = true;
        loop {
            match self.bytes.get(at) {
                Some(b'"') => break,
                Some(b'\\') => {
                    plain = false;
                    at += 2;
                }
                Some(_) => at += 1,
                None => return Err(self.error("a string has no end")),
            }
        }
        let raw = self.text.get(start..at).ok_or_else(|| self.error("a string has no end"))?;
        let text =
            if plain { raw.into() } else { unescaped(raw).ok_or_else(|| self.error("a string has a bad escape"))? };
        self.at = at + 1;
        Ok(text)
    }

    fn deeper(&mut self) -> Parsed<()> {
        self.at += 1;
        self.depth += 1;
        if self.depth > DEEPEST { Err(self.error("it is nested too deeply")) } else { Ok(()) }
    }

    fn array(&mut self, at: Pos) -> Parsed<Node> {
        let mut items = Vec::new();
        self.deeper()?;
        loop {
            self.blank()?;
            if self.peek() == Some(b']') {
                break;
            }
            items.push(self.value()?);
            self.separator(b']')?;
        }
        self.at += 1;
        self.depth -= 1;
        Ok(Node::array(at, items))
    }

    fn object(&mut self, at: Pos) -> Parsed<Node> {
        let mut fields = Vec::new();
        self.deeper()?;
        loop {
            self.blank()?;
            match self.peek() {
                Some(b'}') => break,
                Some(b'"') => {}
                Some(_) => return Err(self.error("a field name in double quotes is expected here")),
                None => return Err(self.error("the text ends too early")),
            }
            let key = self.string()?;
            self.blank()?;
            if self.peek() != Some(b':') {
                return Err(self.error("a colon is expected here"));
            }
            self.at += 1;
            self.blank()?;
            let mut value = self.value()?;
            if self.depth == 1 && self.skip.contains(&&*key) {
                value = Node::new(value.at, Kind::Null);
            }
            fields.push((key, value));
            self.separator(b'}')?;
        }
        self.at += 1;
        self.depth -= 1;
        Ok(Node::object(at, fields))
    }

    /// A comma, or the end of the container.
    fn separator(&mut self, end: u8) -> Parsed<()> {
        self.blank()?;
        match self.peek() {
            Some(b',') => {
                self.at += 1;
                Ok(())
            }
            Some(other) if other == end => Ok(()),
            Some(_) => Err(self.error("a comma is expected here")),
            None => Err(self.error("the text ends too early")),
        }
    }
}

fn unescaped(raw: &str) -> Option<Rc<str>> {
    // Line breaks inside strings are Azure's extension; serde_json knows the rest.
    let quoted = format!("\"{}\"", raw.replace('\r', "\\r").replace('\n', "\\n").replace('\t', "\\t"));
    serde_json::from_str::<String>(&quoted).ok().map(Into::into)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> serde_json::Value {
        parse(text, 0, &["big"]).unwrap().to_value(&mut 1000).unwrap()
    }

    #[test]
    fn what_azure_allows_is_read() {
        let text = "// head\n{ \"a\": [1, -2.5e3, true,], /* x */ \"b\": \"l\\u00e9\\n\", \"c\": \"two\nlines\", \"big\": {\"x\": 1} }\n";
        let wanted = serde_json::json!({ "a": [1, -2500.0, true], "b": "lé\n", "c": "two\nlines", "big": null });
        assert_eq!(value(text), wanted);
    }

    #[test]
    fn every_cut_and_every_nesting_ends_in_an_error() {
        let text = r#"{"a":[{"b":"c\"d"},null,1.5]}"#;
        for end in 0..text.len() {
            assert!(parse(&text[..end], 0, &[]).is_err(), "{}", &text[..end]);
        }
        for text in
            ["[".repeat(100_000), "{\"a\":".repeat(100_000), "nul".to_owned(), "{} {}".to_owned(), "\"\\".to_owned()]
        {
            assert!(parse(&text, 0, &[]).is_err());
        }
    }

    #[test]
    fn places_are_those_of_the_values() {
        let text = r#"{"a": {"b": [10, "x"]}}"#;
        let node = parse(text, 0, &[]).unwrap();
        let (at, steps) = node.find("/a/b/1");
        assert_eq!((&text[at.byte as usize..=at.byte as usize + 2], steps), ("\"x\"", 3));
        assert_eq!(node.find("/a/c").1, 1);
    }
}
