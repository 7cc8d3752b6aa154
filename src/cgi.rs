//! The Common Gateway Interface (RFC 3875): environment and standard input in, standard output out.

use std::ffi::OsString;
use std::io;
use std::mem;
use std::time::{Duration, Instant, SystemTime};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::stdio::{stdin, stdout};

use crate::config::{Config, Place};
use crate::http::{Received, Reply};
use crate::refusal::Refusal;

/// The longest body that is read, in bytes; a request has some 500.
const LONGEST_BODY: usize = 64 << 10;
/// The most of a refused body that is passed over, in bytes.
const LONGEST_REST: u64 = 16 << 20;
/// How long a body may take to arrive; Thunderbird gives up after five seconds.
const PATIENCE: Duration = Duration::from_secs(10);

/// The environment, taken apart once: every look by way of the C library walks all of it.
pub struct Variables<'e>(Vec<(&'e [u8], &'e [u8])>);

impl<'e> FromIterator<&'e [u8]> for Variables<'e> {
    /// From entries of the form `NAME=VALUE`; an empty value counts as unset (RFC 3875, 4.1).
    fn from_iter<I: IntoIterator<Item = &'e [u8]>>(entries: I) -> Variables<'e> {
        let mut variables = Vec::with_capacity(64);
        for entry in entries {
            if let Some(at) = memchr::memchr(b'=', entry).filter(|at| at + 1 < entry.len()) {
                variables.push((&entry[..at], &entry[at + 1..]));
            }
        }
        Variables(variables)
    }
}

impl Variables<'_> {
    /// Whether a web server started the program.
    pub fn are_of_cgi(&self) -> bool {
        let names = ["GATEWAY_INTERFACE", "REQUEST_METHOD", "CONTENT_LENGTH"];
        names.into_iter().any(|name| self.value(name).is_some())
    }

    fn value(&self, name: &str) -> Option<&[u8]> {
        self.0.iter().find(|(known, _)| *known == name.as_bytes()).map(|(_, value)| *value)
    }

    /// The value of a variable; what is not UTF-8 in it is replaced.
    fn text(&self, name: &str) -> Option<String> {
        let value = self.value(name)?;
        Some(match str::from_utf8(value) {
            Ok(text) => text.to_owned(),
            Err(_) => String::from_utf8_lossy(value).into_owned(),
        })
    }
}

/// Reads the request, answers it, and prints the answer; errors are reported in the answer only.
///
/// `called` tells by which path the program was called.
pub fn run(variables: &Variables, called: impl FnOnce() -> Option<OsString>) {
    let mut input = Input::announced(variables);
    let received = received(variables, &mut input);
    let place = Place::find(None, called);
    let config = Config::of(&place);
    let (reply, problem) = crate::reply(&received, &config);
    // An error means that the client has disconnected.
    let _ = write(&bytes(&reply, received.method == "HEAD"));
    if let Some(problem) = problem {
        // After the answer: a log that nobody reads any more ends the program by a signal.
        let _ = io::Write::write_all(&mut io::stderr(), format!("{problem}\n").as_bytes());
    }
    input.pass_over();
    // The process ends here; to free everything piece by piece takes a tenth of its instructions.
    mem::forget((received, config, reply));
}

/// The reply as the web server reads it (RFC 3875, 6).
pub(crate) fn bytes(reply: &Reply, head: bool) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(reply.body.len() + 256);
    let mut line = |parts: &[&str]| {
        parts.iter().for_each(|part| bytes.extend_from_slice(part.as_bytes()));
        bytes.extend_from_slice(b"\r\n");
    };
    if reply.status != 200 {
        line(&["Status: ", &reply.status.to_string(), " ", reply.reason()]);
    }
    line(&["Content-Type: ", reply.content_type]);
    line(&["Content-Length: ", &reply.body.len().to_string()]);
    line(&["Cache-Control: ", reply.cache_control]);
    line(&["X-Content-Type-Options: nosniff"]);
    line(&["X-Autodiscover: ", reply.outcome]);
    for (name, value) in &reply.headers {
        line(&[name, ": ", value]);
    }
    line(&[]);
    if !head {
        bytes.extend_from_slice(&reply.body);
    }
    bytes
}

fn received(variables: &Variables, input: &mut Input) -> Received {
    let method = variables
        .text("REQUEST_METHOD")
        .unwrap_or_else(|| if input.length.is_some() { "POST" } else { "GET" }.to_owned());
    let body = if method == "POST" { input.body() } else { Ok(Vec::new()) };
    described(|name| variables.text(name), method, body)
}

/// The request that the variables describe.
pub(crate) fn described(
    variable: impl Fn(&str) -> Option<String>,
    method: String,
    body: Result<Vec<u8>, Refusal>,
) -> Received {
    let script = variable("SCRIPT_NAME").unwrap_or_default();
    let (path, query) = match variable("REQUEST_URI") {
        Some(uri) => {
            let (path, query) = path_and_query(&uri);
            (Some(decoded(path)), query.to_owned())
        }
        None => {
            let path = script.clone() + &variable("PATH_INFO").unwrap_or_default();
            (Some(path).filter(|path| !path.is_empty()), String::new())
        }
    };
    let server_name = variable("SERVER_NAME").unwrap_or_default();
    Received {
        method,
        path,
        script,
        query: variable("QUERY_STRING").unwrap_or(query),
        host: variable("HTTP_HOST").unwrap_or_else(|| server_name.clone()),
        server_name,
        accept: variable("HTTP_ACCEPT").unwrap_or_default(),
        accept_language: variable("HTTP_ACCEPT_LANGUAGE").unwrap_or_default(),
        user_agent: variable("HTTP_USER_AGENT").unwrap_or_default(),
        body,
        clock: SystemTime::now,
    }
}

/// The path and the query of a request target in origin or absolute form (RFC 9112, 3.2).
fn path_and_query(uri: &str) -> (&str, &str) {
    let (whole, query) = uri.split_once('?').unwrap_or((uri, ""));
    let path = match whole.split_once("://") {
        Some((scheme, rest)) if !scheme.contains('/') => {
            rest.find('/').map_or("/", |slash| &rest[slash..])
        }
        _ => whole,
    };
    (path, query)
}

/// A percent-decoded path with single slashes; what is then not UTF-8 equals no path that we know.
fn decoded(path: &str) -> String {
    let mut path = percent_encoding::percent_decode_str(path).decode_utf8_lossy().into_owned();
    while path.contains("//") {
        path = path.replace("//", "/");
    }
    path
}

/// What the web server says of the length of a body.
#[derive(Clone, Copy)]
enum Length {
    /// `CONTENT_LENGTH`; a number that no body can have stands for all larger ones.
    Bytes(u64),
    /// `CONTENT_LENGTH` is not a number.
    Wrong,
    /// The body comes in chunks, which Apache passes on without a length.
    Chunked,
}

/// Standard input, as far as the request's body goes: what follows it is not ours.
struct Input {
    /// None when no body is announced.
    length: Option<Length>,
    /// How many bytes of the body have been read, and whether no more are to be had.
    read: u64,
    ended: bool,
    /// When patience ends; a body mostly comes in one piece, and then the clock is not looked at.
    deadline: Option<Instant>,
}

impl Input {
    /// The body that the web server announced.
    fn announced(variables: &Variables) -> Input {
        let length = match variables.text("CONTENT_LENGTH") {
            Some(text) if !text.bytes().all(|byte| byte.is_ascii_digit()) => Some(Length::Wrong),
            Some(digits) => Some(Length::Bytes(digits.parse().unwrap_or(u64::MAX))),
            None => {
                let coding = variables.text("HTTP_TRANSFER_ENCODING").unwrap_or_default();
                let last = coding.rsplit(',').next().unwrap_or_default();
                last.trim().eq_ignore_ascii_case("chunked").then_some(Length::Chunked)
            }
        };
        Input { length, read: 0, ended: false, deadline: None }
    }

    /// The body: exactly `CONTENT_LENGTH` bytes, or all there is when it comes in chunks.
    fn body(&mut self) -> Result<Vec<u8>, Refusal> {
        match self.length {
            None => Ok(Vec::new()),
            Some(Length::Wrong) => Err(Refusal::BadLength),
            Some(Length::Bytes(length)) => match usize::try_from(length) {
                Ok(length) if length <= LONGEST_BODY => {
                    let bytes = self.read(length)?;
                    if bytes.len() == length { Ok(bytes) } else { Err(Refusal::BadLength) }
                }
                _ => Err(Refusal::TooLarge),
            },
            Some(Length::Chunked) => {
                let bytes = self.read(LONGEST_BODY + 1)?;
                if bytes.len() > LONGEST_BODY { Err(Refusal::TooLarge) } else { Ok(bytes) }
            }
        }
    }

    /// At most `length` bytes, and not one more.
    fn read(&mut self, length: usize) -> Result<Vec<u8>, Refusal> {
        let mut bytes = vec![0; length];
        let mut filled = 0;
        while filled < length {
            let end = self.deadline;
            let left = end.map_or(PATIENCE, |end| end.saturating_duration_since(Instant::now()));
            let timeout = Timespec::try_from(left).ok();
            match poll(&mut [PollFd::new(&stdin(), PollFlags::IN)], timeout.as_ref()) {
                Ok(0) => {
                    // Whoever stalls once is not waited for again.
                    self.ended = true;
                    return Err(Refusal::TimedOut);
                }
                Ok(_) => {}
                Err(Errno::INTR) => {
                    self.deadline.get_or_insert_with(|| Instant::now() + PATIENCE);
                    continue;
                }
                Err(_) => return Err(Refusal::BadLength),
            }
            match rustix::io::read(stdin(), &mut bytes[filled..]) {
                Ok(0) => {
                    self.ended = true;
                    break;
                }
                Ok(count) => {
                    filled += count;
                    self.read += count as u64;
                }
                Err(Errno::INTR) => {}
                Err(_) => return Err(Refusal::BadLength),
            }
            if filled < length {
                self.deadline.get_or_insert_with(|| Instant::now() + PATIENCE);
            }
        }
        bytes.truncate(filled);
        Ok(bytes)
    }

    /// Reads and forgets what is left of the body, whatever the method.
    ///
    /// Under mod_cgid both streams are one socket: closing it with bytes unread resets the
    /// connection, and the web server loses the answer (Apache 2.4, AH00574 and AH02651).
    fn pass_over(&mut self) {
        let mut left = match self.length {
            _ if self.ended => 0,
            None | Some(Length::Wrong) => 0,
            Some(Length::Bytes(length)) => length.saturating_sub(self.read).min(LONGEST_REST),
            Some(Length::Chunked) => LONGEST_REST,
        };
        if left > 0 {
            self.deadline.get_or_insert_with(|| Instant::now() + PATIENCE);
        }
        while left > 0 && !self.ended {
            let length = left.min(LONGEST_BODY as u64);
            if self.read(length as usize).is_err() {
                return;
            }
            left -= length;
        }
    }
}

fn write(mut bytes: &[u8]) -> Result<(), Errno> {
    while !bytes.is_empty() {
        match rustix::io::write(stdout(), bytes) {
            Ok(count) => bytes = &bytes[count..],
            Err(Errno::INTR) => {}
            // Whoever started the program may have made the pipe non-blocking.
            Err(Errno::AGAIN) => {
                let patience = Timespec::try_from(PATIENCE).ok();
                if poll(&mut [PollFd::new(&stdout(), PollFlags::OUT)], patience.as_ref()) == Ok(0) {
                    return Err(Errno::TIMEDOUT);
                }
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
