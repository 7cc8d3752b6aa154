//! What a web server hands over and what it gets back: types only, so that the middle of the program never names the rim.

use std::time::SystemTime;

use crate::refusal::Refusal;

/// One HTTP request as the web server described it; nothing in it has a meaning yet.
#[derive(Debug)]
pub struct Received {
    /// The method as sent; methods are case-sensitive (RFC 9110, 9.1).
    pub method: String,
    /// The percent-decoded path without query; absent when the program was started without any path (from a shell).
    pub path: Option<String>,
    /// The path of the program itself, `SCRIPT_NAME`; may be empty.
    pub script: String,
    /// The query, still encoded, without its question mark.
    pub query: String,
    /// The host that was asked for, as the client wrote it, possibly with a port; may be empty.
    pub host: String,
    /// `SERVER_NAME`; may be empty.
    pub server_name: String,
    /// The `Accept` header; may be empty.
    pub accept: String,
    /// The `Accept-Language` header; may be empty.
    pub accept_language: String,
    /// The `User-Agent` header; may be empty.
    pub user_agent: String,
    /// The body of a POST, or why it could not be read; empty for every other method.
    pub body: Result<Vec<u8>, Refusal>,
    /// Tells the time, for the answers that say it.
    pub clock: fn() -> SystemTime,
}

/// One HTTP answer.
#[derive(Debug)]
pub struct Reply {
    /// The status code; 200 needs no `Status` line (RFC 3875, 6.3.3).
    pub status: u16,
    pub content_type: &'static str,
    pub cache_control: &'static str,
    /// One word for the web server's log: `answered`, `redirected`, or why the client is refused.
    pub outcome: &'static str,
    /// Further headers. Values hold no line break: they are constants, validated URLs or generated names.
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
}

/// Thunderbird parses only what begins with `text/xml` or `application/xml`.
pub const XML: &str = "text/xml; charset=utf-8";
pub const JSON: &str = "application/json";
pub const HTML: &str = "text/html; charset=utf-8";
pub const TEXT: &str = "text/plain; charset=utf-8";

/// For an answer that belongs to one user or one moment.
pub const NO_STORE: &str = "no-store";
/// For an answer that is the same for everybody who asks the host; in seconds.
const ONE_HOUR: &str = "public, max-age=3600";

impl Reply {
    /// An answer with status 200 that must not be stored.
    pub fn new(content_type: &'static str, body: Vec<u8>) -> Reply {
        Reply {
            status: 200,
            content_type,
            cache_control: NO_STORE,
            outcome: "answered",
            headers: Vec::new(),
            body,
        }
    }

    /// A refusal in the form of a sentence, for protocols that have no other.
    pub fn sentence(refusal: &Refusal) -> Reply {
        let sentence = format!("{}\n", refusal.row().sentence);
        Reply::new(TEXT, sentence.into_bytes()).refused(refusal)
    }

    /// With the status and the word of a refusal, and the header that it needs.
    pub fn refused(mut self, refusal: &Refusal) -> Reply {
        let row = refusal.row();
        (self.status, self.outcome) = (row.status, row.word);
        match refusal {
            Refusal::MethodNotAllowed { allow } => self.header("Allow", *allow),
            _ => self,
        }
    }

    pub fn status(self, status: u16) -> Reply {
        Reply { status, ..self }
    }

    /// For everybody who asks the host. nginx leaves the host out of a cache's key unless `Vary` names it.
    pub fn public(self) -> Reply {
        Reply { cache_control: ONE_HOUR, ..self }.header("Vary", "Host")
    }

    pub fn outcome(self, outcome: &'static str) -> Reply {
        Reply { outcome, ..self }
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
