//! The expression language of ARM templates: from the text between the brackets to a tree.
//!
//! Grammar: calls, string literals in single quotes, integers, and `.name` or `[index]` behind any of them (template syntax page,
//! <https://learn.microsoft.com/azure/azure-resource-manager/templates/template-expressions>, 2025-02-12).

/// An expression.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Expr {
    Text(String),
    Integer(i64),
    Call(String, Vec<Self>),
    Field(Box<Self>, String),
    Index(Box<Self>, Box<Self>),
}

/// Calls inside calls, at most.
const DEEPEST: usize = 60;

/// What a string of a template is.
pub(super) enum Text<'a> {
    /// Itself; without the bracket that escaped it.
    Plain(&'a str),
    /// The text between the brackets.
    Expression(&'a str),
}

/// Tells plain text from an expression.
pub(super) fn text(text: &str) -> Text<'_> {
    match text.strip_prefix('[') {
        Some(rest) if rest.starts_with('[') => Text::Plain(rest),
        Some(rest) => rest.strip_suffix(']').map_or(Text::Plain(text), Text::Expression),
        None => Text::Plain(text),
    }
}

/// Reads the text between the brackets; `None` when it is not in the language.
pub(super) fn parse(text: &str) -> Option<Expr> {
    let mut reader = Reader { rest: text, depth: 0 };
    let expr = reader.expr()?;
    reader.rest.trim().is_empty().then_some(expr)
}

struct Reader<'a> {
    rest: &'a str,
    depth: usize,
}

impl<'a> Reader<'a> {
    fn eat(&mut self, c: char) -> bool {
        self.rest = self.rest.trim_start();
        let after = self.rest.strip_prefix(c);
        self.rest = after.unwrap_or(self.rest);
        after.is_some()
    }

    fn expr(&mut self) -> Option<Expr> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return None;
        }
        let mut expr = self.atom()?;
        let mut behind = 0;
        loop {
            behind += 1;
            if behind > DEEPEST {
                return None;
            }
            if self.eat('.') {
                expr = Expr::Field(Box::new(expr), self.name()?.to_owned());
            } else if self.eat('[') {
                let index = self.expr()?;
                if !self.eat(']') {
                    return None;
                }
                expr = Expr::Index(Box::new(expr), Box::new(index));
            } else {
                break;
            }
        }
        self.depth -= 1;
        Some(expr)
    }

    fn atom(&mut self) -> Option<Expr> {
        self.rest = self.rest.trim_start();
        match self.rest.chars().next()? {
            '\'' => self.literal().map(Expr::Text),
            '-' | '0'..='9' => {
                let end = self.rest[1..].find(|c: char| !c.is_ascii_digit()).map_or(self.rest.len(), |end| end + 1);
                let (number, rest) = self.rest.split_at(end);
                self.rest = rest;
                number.parse().ok().map(Expr::Integer)
            }
            _ => self.call(),
        }
    }

    fn call(&mut self) -> Option<Expr> {
        let mut name = self.name()?.to_owned();
        // Functions of the author's are called as namespace.name(…).
        if self.eat('.') {
            name = format!("{name}.{}", self.name()?);
        }
        if !self.eat('(') {
            return None;
        }
        let mut arguments = Vec::new();
        if !self.eat(')') {
            loop {
                arguments.push(self.expr()?);
                if self.eat(')') {
                    break;
                }
                if !self.eat(',') {
                    return None;
                }
            }
        }
        Some(Expr::Call(name, arguments))
    }

    fn name(&mut self) -> Option<&'a str> {
        self.rest = self.rest.trim_start();
        let end =
            self.rest.find(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '$' | '#')).unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at(end);
        self.rest = rest;
        (!name.is_empty()).then_some(name)
    }

    /// A literal; a quote inside is written twice.
    fn literal(&mut self) -> Option<String> {
        let mut text = String::new();
        let mut rest = self.rest.strip_prefix('\'')?;
        loop {
            let (before, after) = rest.split_once('\'')?;
            text.push_str(before);
            let Some(more) = after.strip_prefix('\'') else {
                self.rest = after;
                return Some(text);
            };
            text.push('\'');
            rest = more;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_read() {
        let call = |name: &str, arguments| Expr::Call(name.to_owned(), arguments);
        let text = |text: &str| Expr::Text(text.to_owned());
        assert_eq!(parse(" concat('it''s', 1 )"), Some(call("concat", vec![text("it's"), Expr::Integer(1)])));
        let all = parse("parameters('all')[copyIndex()].sku.name").unwrap();
        let item =
            Expr::Index(Box::new(call("parameters", vec![text("all")])), Box::new(call("copyIndex", Vec::new())));
        let sku = Expr::Field(Box::new(item), "sku".to_owned());
        assert_eq!(all, Expr::Field(Box::new(sku), "name".to_owned()));
        for odd in
            ["", "a", "a(", "a('x)", "a(1,)", "a()b", &"a(".repeat(10_000), &format!("a(){}", ".b".repeat(10_000))]
        {
            assert_eq!(parse(odd), None, "{odd}");
        }
    }

    #[test]
    fn two_brackets_are_one() {
        assert!(matches!(text("[[x]"), Text::Plain("[x]")));
        assert!(matches!(text("[x"), Text::Plain("[x")));
        assert!(matches!(text("[x()]"), Text::Expression("x()")));
    }
}
