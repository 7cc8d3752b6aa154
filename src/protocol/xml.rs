//! Writes XML: the only place that does, so that nothing gets into a document unescaped.

/// A document in the making; elements close themselves, so it is always well-formed.
pub struct Document {
    text: String,
    depth: usize,
}

impl Document {
    /// Begins with the declaration that EWS Managed API takes for granted.
    pub fn new() -> Document {
        let mut text = String::with_capacity(2048);
        text.push_str("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
        Document { text, depth: 0 }
    }

    pub fn into_bytes(self) -> Vec<u8> {
        self.text.into_bytes()
    }

    /// The document type; a constant, which needs no escaping.
    pub fn doctype(&mut self, text: &'static str) {
        self.text.push_str("<!DOCTYPE ");
        self.text.push_str(text);
        self.text.push_str(">\n");
    }

    /// An element with elements in it, each on a line of its own.
    pub fn parent(
        &mut self,
        name: &str,
        attributes: &[(&str, &str)],
        children: impl FnOnce(&mut Document),
    ) {
        self.start(name, attributes);
        self.text.push_str(">\n");
        self.depth += 1;
        children(self);
        self.depth -= 1;
        self.indent();
        self.end(name);
    }

    /// An element with text: no white space around it, since AOSP compares `Type` without trimming.
    pub fn element(&mut self, name: &str, text: &str) {
        self.element_with(name, &[], text);
    }

    /// An element with attributes and text.
    pub fn element_with(&mut self, name: &str, attributes: &[(&str, &str)], text: &str) {
        self.start(name, attributes);
        self.text.push('>');
        escape_text(&mut self.text, text);
        self.end(name);
    }

    /// An element with nothing in it.
    pub fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.start(name, attributes);
        self.text.push_str("/>\n");
    }

    fn start(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.indent();
        self.text.push('<');
        self.text.push_str(name);
        for (name, value) in attributes {
            self.text.push(' ');
            self.text.push_str(name);
            self.text.push_str("=\"");
            escape_attribute(&mut self.text, value);
            self.text.push('"');
        }
    }

    fn end(&mut self, name: &str) {
        self.text.push_str("</");
        self.text.push_str(name);
        self.text.push_str(">\n");
    }

    fn indent(&mut self) {
        const SPACES: &str = "                ";
        self.text.push_str(&SPACES[..(2 * self.depth).min(SPACES.len())]);
    }
}

/// Escapes text (XML 1.0, 2.4).
///
/// Quotes stay as they are: Delta Chat 2.x keeps only what follows the last reference of a text.
fn escape_text(out: &mut String, text: &str) {
    escape(out, text, false);
}

/// Escapes the value of an attribute in double quotes (XML 1.0, 3.3.3).
fn escape_attribute(out: &mut String, value: &str) {
    escape(out, value, true);
}

fn escape(out: &mut String, text: &str, quotes: bool) {
    let is_special = |byte: u8| match byte {
        b'&' | b'<' | b'>' => true,
        b'"' | b'\'' => quotes,
        // U+F000 to U+FFFF begin with the last.
        byte => byte < b' ' || byte == 0xEF,
    };
    let mut rest = text;
    while let Some(at) = rest.bytes().position(is_special) {
        let (before, special) = rest.split_at(at);
        out.push_str(before);
        let mut characters = special.chars();
        match characters.next() {
            Some('&') => out.push_str("&amp;"),
            Some('<') => out.push_str("&lt;"),
            Some('>') => out.push_str("&gt;"),
            Some('"') => out.push_str("&quot;"),
            Some('\'') => out.push_str("&#39;"),
            // A reader would turn these into spaces or line feeds.
            Some('\t') => out.push_str("&#9;"),
            Some('\n') => out.push_str("&#10;"),
            Some('\r') => out.push_str("&#13;"),
            // XML 1.0 has no way to say these characters.
            Some(..'\u{20}' | '\u{FFFE}' | '\u{FFFF}') | None => out.push('\u{FFFD}'),
            Some(other) => out.push(other),
        }
        rest = characters.as_str();
    }
    out.push_str(rest);
}
