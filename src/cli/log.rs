//! `log`: sums up a web server's access log: which client asked what, what it got, and what that means.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufRead, IsTerminal, Read};
use std::process::{self, ExitCode};

use super::discovery::received;
use super::{complain, print};
use crate::protocol::{self, PROTOCOLS};

/// Says which client asked what, what it got, and what to change
///
/// Reads an access log of Apache or nginx from standard input, and nothing else, such as
/// /var/log/apache2/autodiscover.log.
///
/// The virtual host that 'autodiscover apache' prints writes that log, with the word by which the
/// program says what it made of a request. The common and combined formats are read too, with or
/// without the name of the virtual host before them; they tell less. No address is printed, and
/// requests for anything else than settings are only counted.
#[derive(clap::Args)]
pub struct Log {}

/// The longest line that is looked at, in bytes; of a longer one the rest is passed over.
const LONGEST: u64 = 64 << 10;
/// The most kinds of requests that are told apart.
const MOST_KINDS: usize = 500;

pub fn run(_: &Log) -> ExitCode {
    let stdin = io::stdin();
    if stdin.is_terminal() {
        complain(&"standard input must be an access log: autodiscover log <access.log");
        process::exit(2);
    }
    match Summary::of(stdin.lock()) {
        Ok(summary) if summary.lines > 0 && summary.lines == summary.unknown => {
            complain(&"standard input must be an access log in Apache's common or combined format")
        }
        Ok(summary) => print(summary.text().as_bytes()),
        Err(error) => complain(&format_args!("standard input cannot be read: {error}")),
    }
}

/// A request as a line of the log tells it.
#[derive(Debug, PartialEq, Eq)]
struct Logged<'l> {
    method: &'l str,
    /// The request target.
    target: &'l str,
    status: u16,
    /// The word of `X-Autodiscover`, where the log has it.
    outcome: Option<&'static Outcome>,
    agent: &'l str,
}

/// A word of `X-Autodiscover`, and what to do about it.
#[derive(Debug, PartialEq, Eq)]
struct Outcome {
    word: &'static str,
    advice: &'static str,
}

const OTHER_METHOD: &str = "The path takes another method. Right for a browser, and for a client that looks \
    with GET before it posts. If no POST follows, a redirect on the way turns POST into GET.";

/// Every word that the program says; `answered` needs no advice.
static OUTCOMES: [Outcome; 9] = [
    Outcome { word: "answered", advice: "" },
    Outcome { word: "redirected", advice: "The domain has moved, as its [redirect] says." },
    Outcome {
        word: "not-served",
        advice: "The domain is not configured: add it to 'domains', or create a file in domains/. \
                 If its mail is elsewhere, this answer is right: clients go on searching.",
    },
    Outcome {
        word: "no-such-service",
        advice: "The client wants something that the domain does not have, as ActiveSync, or IMAP with \
                 SMTP for autoconfig. Right unless you have it: then configure its table.",
    },
    Outcome {
        word: "invalid-request",
        advice: "The request has no valid address, or the path is not known. Right for robots and for \
                 people who look; if a mail program gets it, see what changes requests on their way.",
    },
    Outcome { word: "method", advice: OTHER_METHOD },
    Outcome {
        word: "too-large",
        advice: "The request is longer than any mail program's; nothing to do.",
    },
    Outcome {
        word: "timeout",
        advice: "The request did not arrive in ten seconds; see what slows it down if it happens often.",
    },
    Outcome {
        word: "fault",
        advice: "The configuration cannot be used: the error log has file, line and column, \
                 and so has 'autodiscover check'.",
    },
];

/// What a status means without a word of the program: where others have one, the web server gave it by itself.
fn advice_on_status(method: &str, status: u16, has_words: bool) -> &'static str {
    match (method, status) {
        ("POST", 301 | 302 | 303 | 307 | 308) => {
            "A redirect loses what is posted, and the client's search ends here: exempt these paths from it."
        }
        (_, 301 | 302 | 307 | 308) => {
            "The web server sends the client elsewhere: right from http to https, wrong to another path."
        }
        (_, 401) => {
            "The web server wants a password, which no client has yet: exempt these paths from it."
        }
        (_, 403) => {
            "The web server refuses: a POST over plain HTTP, rightly, since it crossed the network in the \
             clear, or because of a rule of its own; the error log says which."
        }
        (_, 404) if has_words => {
            "No rule leads this path to the program on that host; is the host a ServerAlias?"
        }
        (_, 404) => {
            "Either no rule leads this path to the program on that host, or the domain is not configured."
        }
        (_, 405) => OTHER_METHOD,
        (_, 400 | 408 | 413) => {
            "The request was broken, slow or too long; nothing to do unless it happens often."
        }
        (_, 503) => {
            "The web server could not start the program. If Apache was running when the module cgid was \
             enabled, it answers this until it is stopped and started; run: service apache2 restart"
        }
        (_, 500..) => {
            "The web server got no answer from the program: the error log says why; \
             'autodiscover check' looks at the configuration."
        }
        _ => "",
    }
}

/// What a `User-Agent` has that tells the client, and its name; the first that fits counts.
const AGENTS: [(&str, &str); 29] = [
    (
        "OutlookMobileCloudService",
        "Microsoft's AutoDetect, for new Outlook, Outlook for Mac and phones",
    ),
    ("Outlook-iOS", "Outlook for iPhone and iPad"),
    ("Outlook-Android", "Outlook for Android"),
    ("MacOutlook", "Outlook for Mac"),
    ("Microsoft Outlook", "Outlook for Windows"),
    ("Microsoft Office", "Outlook for Windows"),
    ("Betterbird", "Betterbird"),
    ("Thunderbird", "Thunderbird"),
    ("K-9", "K-9 Mail"),
    ("FairEmail", "FairEmail"),
    ("DeltaChat", "Delta Chat"),
    ("Delta Chat", "Delta Chat"),
    ("eM Client", "eM Client"),
    ("eMClient", "eM Client"),
    ("Evolution", "Evolution"),
    ("Geary", "Geary"),
    ("Mailspring", "Mailspring"),
    ("Nextcloud", "Nextcloud Mail"),
    ("EmailEngine", "EmailEngine"),
    ("Himalaya", "Himalaya"),
    ("exchangelib", "exchangelib"),
    ("Android-Mail", "Android's Exchange account"),
    ("Apple-iP", "Apple Mail on iPhone and iPad"),
    ("accountsd", "Apple Mail"),
    ("dataaccessd", "Apple Mail"),
    ("exchangesyncd", "Apple Mail"),
    ("KIO/", "KMail"),
    ("okhttp", "an app on Android, as K-9 Mail and Thunderbird for Android"),
    ("autodiscover-probe", "the probe of autodiscover"),
];

/// Who asked, as people call it.
fn client(agent: &str) -> String {
    if let Some((_, name)) = AGENTS.iter().find(|(part, _)| agent.contains(part)) {
        return (*name).to_owned();
    }
    let lower = agent.to_ascii_lowercase();
    if ["bot", "crawl", "spider", "scan"].iter().any(|part| lower.contains(part)) {
        return "robots".to_owned();
    }
    if lower.starts_with("mozilla/") {
        return "browsers".to_owned();
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-+".contains(c);
    match agent.split(|c| !plain(c)).next() {
        Some("" | "-") | None => "no name, as eM Client and Microsoft's AutoDetect".to_owned(),
        Some(product) => product.chars().take(40).collect(),
    }
}

/// Requests that are told as one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Kind {
    client: String,
    method: &'static str,
    path: &'static str,
    status: u16,
    /// The word of the program, or nothing.
    word: &'static str,
}

/// What a log says, in a few kilobytes whatever its length.
#[derive(Default)]
struct Summary {
    lines: u64,
    /// Lines in another form.
    unknown: u64,
    /// Requests for something else.
    others: u64,
    kinds: BTreeMap<Kind, u64>,
    /// Requests of kinds that found no room.
    more: u64,
    /// Whether the log has the words of the program.
    has_words: bool,
}

impl Summary {
    fn of(mut log: impl BufRead) -> io::Result<Summary> {
        let mut summary = Summary::default();
        let mut line = Vec::new();
        loop {
            line.clear();
            if log.by_ref().take(LONGEST).read_until(b'\n', &mut line)? == 0 {
                return Ok(summary);
            }
            if !line.ends_with(b"\n") {
                pass_over_line(&mut log)?;
            }
            summary.line(&String::from_utf8_lossy(&line));
        }
    }

    fn line(&mut self, line: &str) {
        self.lines += 1;
        let Some(logged) = logged(line.trim_end()) else {
            self.unknown += 1;
            return;
        };
        self.has_words |= logged.outcome.is_some();
        let Some(path) = path(&logged) else {
            self.others += 1;
            return;
        };
        let methods = ["GET", "POST", "HEAD", "OPTIONS"];
        let kind = Kind {
            client: client(logged.agent),
            method: methods.into_iter().find(|name| *name == logged.method).unwrap_or("other"),
            path,
            status: logged.status,
            word: logged.outcome.map_or("", |outcome| outcome.word),
        };
        if let Some(count) = self.kinds.get_mut(&kind) {
            *count += 1;
        } else if self.kinds.len() < MOST_KINDS {
            self.kinds.insert(kind, 1);
        } else {
            self.more += 1;
        }
    }

    fn text(&self) -> String {
        let found: u64 = self.kinds.values().sum();
        let mut text =
            format!("lines: {}; requests for settings: {}", self.lines, found + self.more);
        if self.others > 0 {
            text += &format!("; for something else: {}", self.others);
        }
        if self.unknown > 0 {
            text += &format!("; not understood: {}", self.unknown);
        }
        text.push('\n');

        let mut clients: BTreeMap<&str, Vec<(&Kind, u64)>> = BTreeMap::new();
        for (kind, count) in &self.kinds {
            clients.entry(&kind.client).or_default().push((kind, *count));
        }
        let mut clients: Vec<_> = clients.into_iter().collect();
        clients
            .sort_by_key(|(_, kinds)| u64::MAX - kinds.iter().map(|(_, count)| count).sum::<u64>());
        let width = self.kinds.values().max().map_or(0, |most| most.to_string().len());
        let path_width = self.kinds.keys().map(|kind| kind.path.len()).max().unwrap_or_default();
        for (client, mut kinds) in clients {
            text += &format!("\n{client}\n");
            kinds.sort_by_key(|(_, count)| u64::MAX - count);
            for (Kind { method, path, status, word, .. }, count) in kinds {
                let line =
                    format!("  {count:>width$}  {method:<4}  {path:<path_width$}  {status} {word}");
                text += line.trim_end();
                text.push('\n');
            }
        }
        if self.more > 0 {
            text += &format!("\nand {} requests of further kinds\n", self.more);
        }
        text + &self.advice()
    }

    /// What each result means that is not simply an answer, once.
    fn advice(&self) -> String {
        let mut said = BTreeSet::new();
        for Kind { method, status, word, .. } in self.kinds.keys() {
            let outcome = OUTCOMES.iter().find(|outcome| outcome.word == *word);
            let advice = outcome.map_or_else(
                || advice_on_status(method, *status, self.has_words),
                |outcome| outcome.advice,
            );
            said.insert((*status, *word, advice));
        }
        let said = said.into_iter().filter(|(_, _, advice)| !advice.is_empty());
        let mut text: String = said
            .map(|(status, word, advice)| paragraph(&format!("{status} {word}"), advice))
            .collect();
        if !self.has_words && !self.kinds.is_empty() {
            text += &paragraph(
                "This log does not say what the program made of a request.",
                "The LogFormat in the output of 'autodiscover apache' does, by \"%{X-Autodiscover}o\".",
            );
        }
        text
    }
}

/// A heading with a text below it, in lines of at most 80 characters.
fn paragraph(heading: &str, text: &str) -> String {
    let mut lines = vec![heading.trim_end().to_owned(), " ".to_owned()];
    for word in text.split(' ') {
        if lines.last().is_some_and(|line| line.len() + word.len() >= 80) {
            lines.push(" ".to_owned());
        }
        if let Some(line) = lines.last_mut() {
            *line += &format!(" {word}");
        }
    }
    format!("\n{}\n", lines.join("\n"))
}

/// Reads and forgets the rest of a line.
fn pass_over_line(log: &mut impl BufRead) -> io::Result<()> {
    loop {
        let buffer = log.fill_buf()?;
        let (length, ended) = match buffer.iter().position(|byte| *byte == b'\n') {
            Some(at) => (at + 1, true),
            None => (buffer.len(), buffer.is_empty()),
        };
        log.consume(length);
        if ended {
            return Ok(());
        }
    }
}

/// The path of a request for settings, as the table of protocols has it; None for anything else.
fn path(logged: &Logged) -> Option<&'static str> {
    let received = received("GET", "", logged.target, Vec::new());
    let asked = protocol::asked(&received);
    match PROTOCOLS.iter().find(|protocol| std::ptr::eq(**protocol, asked)) {
        // The path of the page is also that of a website's first page, which only the program's word tells apart.
        Some(protocol) => match protocol.paths.first() {
            Some(&"") => logged.outcome.is_some().then_some("/"),
            path => path.copied(),
        },
        None => logged.outcome.is_some().then_some("another path"),
    }
}

/// A line in Apache's common or combined format, or in that of the shipped virtual host; `%v` may stand before it.
fn logged(line: &str) -> Option<Logged<'_>> {
    let mut fields = Fields(line);
    // Client, identity, user, time.
    while !matches!(fields.next()?, Field::Bracketed) {}
    let Some(Field::Quoted(request)) = fields.next() else { return None };
    let Some(Field::Plain(status)) = fields.next() else { return None };
    let (method, rest) = request.split_once(' ')?;
    let target = rest.rsplit_once(' ').map_or(rest, |(target, _)| target);
    let status = status.parse().ok()?;
    fields.next()?;
    let mut quoted = fields.filter_map(|field| match field {
        Field::Quoted(text) => Some(text),
        _ => None,
    });
    // `Referer` or the program's word.
    let first = quoted.next().unwrap_or_default();
    let outcome = OUTCOMES.iter().find(|outcome| outcome.word == first);
    Some(Logged { method, target, status, outcome, agent: quoted.next().unwrap_or_default() })
}

/// A part of a line; what it says only where somebody asks.
enum Field<'l> {
    Plain(&'l str),
    Quoted(&'l str),
    Bracketed,
}

/// The parts of a line; within quotes a backslash stands before a quote or another backslash.
struct Fields<'l>(&'l str);

impl<'l> Iterator for Fields<'l> {
    type Item = Field<'l>;

    fn next(&mut self) -> Option<Field<'l>> {
        let line = self.0.trim_start_matches(' ');
        let (field, rest) = match line.as_bytes().first()? {
            b'"' => {
                let text = line.get(1..)?;
                let mut escaped = false;
                let end = text.find(|c| {
                    let ends = c == '"' && !escaped;
                    escaped = c == '\\' && !escaped;
                    ends
                })?;
                (Field::Quoted(text.get(..end)?), text.get(end + 1..)?)
            }
            b'[' => (Field::Bracketed, line.get(line.find(']')? + 1..)?),
            _ => {
                let end = line.find(' ').unwrap_or(line.len());
                (Field::Plain(line.get(..end)?), line.get(end..)?)
            }
        };
        self.0 = rest;
        Some(field)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::refusal::Refusal;

    #[test]
    fn every_word_of_the_program_is_known() {
        let refusals = [
            Refusal::InvalidRequest,
            Refusal::BadLength,
            Refusal::TimedOut,
            Refusal::TooLarge,
            Refusal::NotServed,
            Refusal::Moved,
            Refusal::ProviderUnavailable,
            Refusal::InvalidProtocol(None),
            Refusal::NotFound,
            Refusal::MethodNotAllowed { allow: "" },
            Refusal::Fault,
        ];
        for word in
            refusals.iter().map(|refusal| refusal.row().word).chain(["answered", "redirected"])
        {
            assert!(OUTCOMES.iter().any(|outcome| outcome.word == word), "{word}");
        }
    }

    #[test]
    fn a_quote_within_a_field_is_escaped() {
        let line = r#"example.org:443 ::1 - ada [x] "GET /a\"b HTTP/1.1" 200 - "-" "c\\" 12"#;
        let logged = logged(line).unwrap();
        assert_eq!((logged.method, logged.target), ("GET", r#"/a\"b"#));
        assert_eq!((logged.status, logged.outcome, logged.agent), (200, None, r"c\\"));
    }
}
