//! Something wrong with the configuration: the one kind of message about it, for the log and for `check`.

use std::fmt::{self, Write};
use std::path::Path;

use crate::address::is_invisible;

/// A line for whoever administers the program; clients never see it.
///
/// Printed as `path:line:column: text` in one line.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file or directory; empty when it is about neither.
    pub path: String,
    /// From 1; 0 when it is about the file as a whole.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
    /// What is wrong; what would be right.
    pub text: String,
}

impl Problem {
    /// About a file as a whole.
    pub fn of(path: &Path, text: impl Into<String>) -> Problem {
        let path = path.display().to_string();
        Problem { path, line: 0, column: 0, text: text.into() }
    }

    /// About what stands at a byte offset of a file's text.
    pub fn at(path: &str, text: &str, offset: usize, what: impl Into<String>) -> Problem {
        let (line, column) = line_and_column(text, offset);
        Problem { path: path.to_owned(), line, column, text: what.into() }
    }

    /// About a file or directory that cannot be read.
    pub fn cannot_be_read(path: &Path, reason: &str, remedy: &str) -> Problem {
        Problem::of(path, format!("cannot be read: {reason}; {remedy}"))
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        let Problem { path, line, column, text } = self;
        let mut formatter = Escaping(formatter);
        match (path.as_str(), line) {
            ("", _) => write!(formatter, "{text}"),
            (_, 0) => write!(formatter, "{path}: {text}"),
            _ => write!(formatter, "{path}:{line}:{column}: {text}"),
        }
    }
}

/// Escapes whatever could break a line of the log, or make it read otherwise than it is.
struct Escaping<'a, 'f>(&'a mut fmt::Formatter<'f>);

impl Write for Escaping<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        text.chars().try_for_each(|character| {
            if is_hidden(character) {
                write!(self.0, "{}", character.escape_debug())
            } else {
                self.0.write_char(character)
            }
        })
    }
}

/// Control characters, and those that show nothing or turn the direction of writing.
fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{AD}'
                | '\u{200B}'..='\u{200F}'
                | '\u{2028}'..='\u{202E}'
                | '\u{2060}'..='\u{206F}'
                | '\u{FEFF}'
        )
}

/// The first character of a text that nobody sees, as messages name it, and its byte offset.
///
/// Blanks beyond ASCII are told too: they look like the blank that separates.
pub fn hidden_character(text: &str) -> Option<(String, usize)> {
    let hides = |c: &char| is_hidden(*c) || is_invisible(*c) || (c.is_whitespace() && *c != ' ');
    let (at, found) = text.char_indices().find(|(_, c)| hides(c))?;
    Some((format!("the invisible character U+{:04X}", u32::from(found)), at))
}

/// The most characters that a message repeats of a value.
const LONGEST_QUOTE: usize = 200;

/// A value as messages repeat it: its beginning, when it is long.
pub fn cut(value: &str) -> String {
    match value.char_indices().nth(LONGEST_QUOTE) {
        Some((end, _)) => format!("{}...", &value[..end]),
        None => value.to_owned(),
    }
}

/// The line and column of a byte offset, both from 1, the column in characters.
pub fn line_and_column(text: &str, offset: usize) -> (usize, usize) {
    let before = &text[..text.floor_char_boundary(offset)];
    let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (line, before[start..].chars().count() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_one_line() {
        let problem = Problem::at("a\nb", "x\nдж = 1", "x\nдж".len(), "wrong\u{1b}\u{202e}");
        assert_eq!(problem.to_string(), "a\\nb:2:3: wrong\\u{1b}\\u{202e}");
        assert_eq!(Problem::of(Path::new("a"), "b").to_string(), "a: b");
    }

    #[test]
    fn a_quote_has_a_bound() {
        assert_eq!(cut("short"), "short");
        assert_eq!(cut(&"ü".repeat(LONGEST_QUOTE)), "ü".repeat(LONGEST_QUOTE));
        assert_eq!(cut(&"ü".repeat(1 << 20)), "ü".repeat(LONGEST_QUOTE) + "...");
    }
}
