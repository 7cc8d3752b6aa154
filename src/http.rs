//! What a web server hands over and what it gets back: types only, so that the middle of the program never names the rim.

use crate::refusal::Refusal;

/// One HTTP request as the web server described it; nothing in it has a meaning yet.
#[derive(Debug)]
pub struct Received {
    /// The method as sent; methods are case-sensitive (RFC 9110, 9.1).
    pub method: String,
    /// The percent-decoded path without query; absent when the program was started without any path (from a shell).
    pub path: Option<String>,
    /// The query, still encoded, without its question mark.
    pub query: String,
    /// The host that was asked for, as the client wrote it, possibly with a port; may be empty.
    pub host: String,
    /// The `Accept` header; may be empty.
    pub accept: String,
    /// The `Accept-Language` header; may be empty.
    pub accept_language: String,
    /// The body of a POST, or why it could not be read; empty for every other method.
    pub body: Result<Vec<u8>, Refusal>,
}

/// One HTTP answer.
#[derive(Debug)]
pub struct Reply {
    /// The status code; 200 needs no `Status` line (RFC 3875, 6.3.3).
    pub status: u16,
    pub content_type: &'static str,
    pub cache_control: &'static str,
    /// Further headers. Values hold no line break: they are constants, validated URLs or generated names.
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
}

impl Received {
    /// Whether a person is reading.
    pub fn accepts_html(&self) -> bool {
        self.accept.to_ascii_lowercase().contains("text/html")
    }
}

/// For an answer that belongs to one user or one moment.
pub const NO_STORE: &str = "no-store";
/// For an answer that is the same for a whole domain; in seconds.
pub const ONE_HOUR: &str = "public, max-age=3600";

impl Reply {
    /// An answer with status 200 that must not be stored.
    pub fn new(content_type: &'static str, body: Vec<u8>) -> Reply {
        Reply { status: 200, content_type, cache_control: NO_STORE, headers: Vec::new(), body }
    }

    pub fn status(self, status: u16) -> Reply {
        Reply { status, ..self }
    }

    pub fn cache_control(self, cache_control: &'static str) -> Reply {
        Reply { cache_control, ..self }
    }

    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Reply {
        self.headers.push((name, value.into()));
        self
    }

    /// The reason phrase of the status (RFC 9110, 15).
    pub fn reason(&self) -> &'static str {
        match self.status {
            200 => "OK",
            302 => "Found",
            400 => "Bad Request",
            404 => "Not Found",
            405 => "Method Not Allowed",
            408 => "Request Timeout",
            413 => "Content Too Large",
            _ => "Internal Server Error",
        }
    }
}
