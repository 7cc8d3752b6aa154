//! One configuration file without a mistake, with the text that messages quote.

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
}

impl File {
    /// Reads a file; stops at the first mistake.
    pub fn read(scope: Scope, path: String, text: &str) -> Result<File, Problem> {
        let text = without_comments(text);
        match mistakes::read(scope, &text) {
            Ok(settings) => Ok(File { path, text, settings }),
            Err((at, what)) => Err(Problem::at(&path, &text, at, what)),
        }
    }

    /// A problem with what stands at a byte offset of this file.
    pub fn problem(&self, at: usize, what: impl Into<String>) -> Problem {
        Problem::at(&self.path, &self.text, at, what)
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
