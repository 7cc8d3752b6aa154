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
    pub fn read(scope: Scope, path: String, text: String) -> Result<File, Problem> {
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

/// Whether a text begins with a byte order mark of UTF-16, or has NUL where plain letters have none.
pub fn is_utf_16(bytes: &[u8]) -> bool {
    matches!(bytes, [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] | [0, _, ..] | [_, 0, ..])
}
