//! One configuration file: what it says, or what is wrong with it.

use std::cell::OnceCell;

use toml::de::{DeTable, DeValue};

use super::keys::{Scope, Settings};
use super::mistakes;
use super::problem::Problem;

/// A file without a mistake of its own; what depends on the other file is judged when both are merged.
#[derive(Debug, Default)]
pub struct File {
    /// Where it was read, for messages.
    pub path: String,
    /// The file itself, for messages.
    pub text: String,
    pub settings: Settings,
    /// Where everything stands; only messages need it.
    index: OnceCell<Vec<Written>>,
}

/// A value of the file, and where it stands.
#[derive(Debug)]
pub struct Written {
    /// Empty above the first header.
    pub table: String,
    /// Empty for a table itself.
    pub key: String,
    /// The byte offset of the value, of an element in an array, or of the first mention of a table.
    pub at: usize,
    /// The value, when it is text.
    pub text: Option<String>,
}

impl File {
    /// Reads a file; stops at the first mistake.
    pub fn read(scope: Scope, path: String, text: &str) -> Result<File, Problem> {
        let text = without_comments(text);
        match mistakes::read(scope, &text) {
            Ok(settings) => Ok(File::new(path, text, settings)),
            Err((at, what)) => Err(Problem::at(&path, &text, at, what)),
        }
    }

    pub fn new(path: String, text: String, settings: Settings) -> File {
        File { path, text, settings, index: OnceCell::new() }
    }

    /// A problem with what stands at a byte offset of this file.
    pub fn problem(&self, at: usize, what: impl Into<String>) -> Problem {
        Problem::at(&self.path, &self.text, at, what)
    }

    /// The byte offset of a key's value, or of a table's first mention when the key is empty.
    pub fn at(&self, table: &str, key: &str) -> Option<usize> {
        let found = self.written().iter().find(|w| w.table == table && w.key == key);
        found.map(|written| written.at)
    }

    /// Everything that stands in the file, right or wrong.
    pub fn written(&self) -> &[Written] {
        self.index.get_or_init(|| {
            let (tree, _) = DeTable::parse_recoverable(&self.text);
            let mut index = Vec::new();
            for (name, value) in tree.get_ref() {
                let (name, at) = (name.get_ref(), value.span().start);
                match value.get_ref() {
                    DeValue::Table(table) => {
                        index.push(Written::new(name, "", at, None));
                        index.extend(table.iter().map(|(key, value)| {
                            let text = value.get_ref().as_str();
                            Written::new(name, key.get_ref(), value.span().start, text)
                        }));
                    }
                    DeValue::Array(array) => {
                        index.push(Written::new("", name, at, None));
                        index.extend(array.iter().map(|element| {
                            let text = element.get_ref().as_str();
                            Written::new("", name, element.span().start, text)
                        }));
                    }
                    other => index.push(Written::new("", name, at, other.as_str())),
                }
            }
            index
        })
    }
}

impl Written {
    fn new(table: &str, key: &str, at: usize, text: Option<&str>) -> Written {
        let text = text.map(str::to_owned);
        Written { table: table.to_owned(), key: key.to_owned(), at, text }
    }
}

/// A text without its lines of comment, so that everything else stays on its line and in its column.
///
/// The parser looks at each character of a comment, which took an eighth of a request with the shipped sample.
fn without_comments(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(line) = rest.split_inclusive('\n').next() {
        let end = line.trim_end_matches(['\r', '\n']).len();
        // A control character is a mistake in a comment too (TOML 1.1, Comment).
        let plain = |line: &str| !line.bytes().any(|byte| byte.is_ascii_control() && byte != b'\t');
        if line.trim_ascii_start().starts_with('#') && plain(&line[..end]) {
            kept.push_str(&line[end..]);
        } else if line.contains("\"\"\"") || line.contains("'''") {
            // What looks like a comment may be a line of a string from here on.
            break;
        } else {
            kept.push_str(line);
        }
        rest = &rest[line.len()..];
    }
    kept + rest
}

/// Whether a text begins with a byte order mark of UTF-16, or has NUL where plain letters have none.
pub fn is_utf_16(bytes: &[u8]) -> bool {
    matches!(bytes, [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] | [0, _, ..] | [_, 0, ..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_lines_of_comment_go() {
        let text = "# one\r\na = 1 # two\n\t # three\n#\u{1}\n# four\r\r\nb = '#'\n# five";
        assert_eq!(without_comments(text), "\r\na = 1 # two\n\n#\u{1}\n\r\r\nb = '#'\n");
    }

    #[test]
    fn a_string_over_several_lines_stays() {
        for quotes in ["\"\"\"", "'''"] {
            let text = format!("a = {quotes}\n# no comment\n{quotes}\n# one\n");
            assert_eq!(without_comments(&text), text);
        }
    }
}
