//! `log`: sums up a web server's access log: which client asked what, what it got, and what that means.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, BufRead, BufReader, IsTerminal, Read};
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::process::{self, ExitCode};

use super::discovery::received;
use super::{complain, print, shown};
use crate::protocol::{self, PROTOCOLS};

/// Says which client asked what, what it got, and what to change
///
/// Reads an access log of Apache or nginx, and nothing else: FILE, such as
/// /var/log/apache2/autodiscover.log, or standard input.
///
/// The virtual host that 'autodiscover apache' prints writes that log, with the word by which the
/// program says what it made of a request. The common and combined formats are read too, with or
/// without the name of the virtual host before them; they tell less. No address is printed.
/// Requests for anything else than settings are only counted, but paths that resemble those of
/// settings are listed: after a migration they show what clients still ask the old program for.
///
/// The exit status is 1 when something in the log needs a change: a fault, an error of the web
/// server, or a redirect that loses a POST.
#[derive(clap::Args)]
pub struct Log {
    /// The access log [default: standard input]
    file: Option<PathBuf>,
}

/// The longest line that is looked at, in bytes; of a longer one the rest is passed over.
const LONGEST: u64 = 64 << 10;
/// The most kinds of requests that are told apart.
const MOST_KINDS: usize = 500;
/// The longest path that is printed, in characters.
const LONGEST_PATH: usize = 60;
/// How a file begins that gzip has compressed (RFC 1952, 2.3.1).
const GZIP: &[u8] = b"\x1f\x8b";

pub fn run(command: &Log) -> ExitCode {
    match &command.file {
        None if io::stdin().is_terminal() => {
            complain(&"an access log is missing: autodiscover log FILE");
            process::exit(2);
        }
        None => summary("standard input", io::stdin().lock()),
        Some(path) => match File::open(path) {
            Ok(file) => summary(&path.to_string_lossy(), BufReader::new(file)),
            Err(error) => complain(&format_args!(
                "{} cannot be read: {error}",
                shown(&path.to_string_lossy())
            )),
        },
    }
}

/// Prints what the log of this name says.
fn summary(name: &str, mut log: impl BufRead) -> ExitCode {
    let name = shown(name);
    if log.fill_buf().is_ok_and(|start| start.starts_with(GZIP)) {
        return complain(&format_args!(
            "{name} is compressed; run: gzip -cd FILE | autodiscover log"
        ));
    }
    match Summary::of(log) {
        Ok(summary) if summary.lines > 0 && summary.lines == summary.unknown => complain(
            &format_args!("{name} must be an access log in Apache's common or combined format"),
        ),
        Ok(summary) => match print(summary.text().as_bytes()) {
            ExitCode::SUCCESS if summary.alarms() => ExitCode::FAILURE,
            code => code,
        },
        Err(error) => complain(&format_args!("{name} cannot be read: {error}")),
    }
}

/// A request as a line of the log tells it.
#[derive(Debug, PartialEq, Eq)]
struct Logged<'l> {
    method: &'l str,
    /// The request target.
    target: &'l str,
    status: u16,
    /// The word of `X-Autodiscover`, where the log has it; else nothing.
    word: &'static str,
    /// None in the common format.
    agent: Option<&'l str>,
}

/// What a result means. Where a log has the program's words, a line without one was answered by the web server alone.
#[derive(Debug, PartialEq, Eq)]
struct Meaning {
    word: &'static str,
    /// A method, or nothing for all.
    method: &'static str,
    statuses: RangeInclusive<u16>,
    advice: &'static str,
    /// Whether something must be changed.
    alarm: bool,
}

const OTHER_METHOD: &str = "The path takes another method. Right for a browser, and for a client that looks \
    with GET before it posts. If no POST follows, a redirect on the way turns POST into GET.";

/// Any status.
const ANY: RangeInclusive<u16> = 0..=u16::MAX;

/// What the program says with this word.
const fn said(word: &'static str, advice: &'static str) -> Meaning {
    Meaning { word, method: "", statuses: ANY, advice, alarm: false }
}

/// What the web server says with these statuses.
const fn served(
    method: &'static str,
    statuses: RangeInclusive<u16>,
    advice: &'static str,
) -> Meaning {
    Meaning { word: "", method, statuses, advice, alarm: false }
}

/// Every word that the program says, then the statuses; the first that fits counts.
static MEANINGS: [Meaning; 19] = [
    said("answered", ""),
    said("redirected", "The domain has moved, as its [redirect] says."),
    said(
        "not-served",
        "The domain is not configured: add it to 'domains', or create a file in domains/. \
         If its mail is elsewhere, this answer is right: clients go on searching.",
    ),
    said(
        "no-such-service",
        "The client wants something that the domain does not have, such as ActiveSync, or IMAP with \
         SMTP for autoconfig. Right unless you have it: then configure its table.",
    ),
    said(
        "invalid-request",
        "The request has no valid address, or the path is not known. Right for robots and for \
         people who look; if a mail program gets it, see what changes requests on their way.",
    ),
    said("method", OTHER_METHOD),
    said("too-large", "The request is longer than any mail program's; nothing to do."),
    said(
        "timeout",
        "The request did not arrive in ten seconds; see what slows it down if it happens often.",
    ),
    Meaning {
        alarm: true,
        ..said(
            "fault",
            "The configuration cannot be used: the error log has file, line and column, \
             and so has 'autodiscover check'.",
        )
    },
    Meaning {
        alarm: true,
        ..served(
            "POST",
            301..=308,
            "A redirect loses what is posted, and the client's search ends here: exempt these paths from it.",
        )
    },
    served(
        "",
        301..=308,
        "The web server sends the client elsewhere: right from http to https, wrong to another path.",
    ),
    served(
        "",
        401..=401,
        "The web server wants a password, which no client has yet: exempt these paths from it.",
    ),
    served(
        "",
        403..=403,
        "The web server refuses: a POST over plain HTTP, rightly, since it crossed the network in the \
         clear, or because of a rule of its own; the error log says which.",
    ),
    served(
        "",
        404..=404,
        "No rule leads this path to the program on that host; is the host a ServerAlias? In a log \
         without the program's words it may also be that the domain is not configured.",
    ),
    served("", 405..=405, OTHER_METHOD),
    served(
        "",
        400..=499,
        "The request was broken, slow or too long; nothing to do unless it happens often.",
    ),
    Meaning {
        alarm: true,
        ..served(
            "",
            502..=502,
            "The web server cannot reach what starts the program: start fcgiwrap, or the server behind the proxy.",
        )
    },
    Meaning {
        alarm: true,
        ..served(
            "",
            503..=503,
            "The web server could not start the program. If Apache was running when the module cgid was \
             enabled, it answers this until it is stopped and started, which a reload does not do; run: \
             systemctl restart apache2 (on Fedora and RHEL: httpd)",
        )
    },
    Meaning {
        alarm: true,
        ..served(
            "",
            500..=u16::MAX,
            "The web server got no answer from the program: the error log says why; \
             'autodiscover check' looks at the configuration.",
        )
    },
];

/// What a path has that clients or older programs ask for settings (Outlook, Thunderbird, Apple).
const NEAR: [&str; 8] = [
    "autodiscover",
    "autoconfig",
    "autoconf",
    "mobileconfig",
    "config-v1.1",
    "mozilla.xml",
    "user-agent-configuration",
    "mail-v1",
];

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
fn client(agent: Option<&str>) -> String {
    let Some(agent) = agent else {
        return "unknown, since this log has no User-Agent".to_owned();
    };
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
    path: Cow<'static, str>,
    status: u16,
    /// The word of the program, or nothing.
    word: &'static str,
    /// Whether the path only resembles one of ours.
    near: bool,
}

impl Kind {
    fn meaning(&self) -> Option<&'static Meaning> {
        MEANINGS.iter().find(|meaning| {
            meaning.word == self.word
                && (meaning.method.is_empty() || meaning.method == self.method)
                && meaning.statuses.contains(&self.status)
        })
    }
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
        self.has_words |= !logged.word.is_empty();
        let Some((path, near)) = path(&logged) else {
            self.others += 1;
            return;
        };
        let methods = ["GET", "POST", "HEAD", "OPTIONS"];
        let kind = Kind {
            client: client(logged.agent),
            method: methods.into_iter().find(|name| *name == logged.method).unwrap_or("other"),
            path,
            status: logged.status,
            word: logged.word,
            near,
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
        let path_width =
            self.kinds.keys().map(|kind| kind.path.chars().count()).max().unwrap_or_default();
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

    /// Whether something must be changed.
    fn alarms(&self) -> bool {
        self.kinds.keys().any(|kind| kind.meaning().is_some_and(|meaning| meaning.alarm))
    }

    /// What each result means that is not simply an answer, once.
    fn advice(&self) -> String {
        let said: BTreeSet<_> = self
            .kinds
            .keys()
            .filter(|kind| !kind.near)
            .filter_map(|kind| Some((kind.status, kind.word, kind.meaning()?.advice)))
            .filter(|(_, _, advice)| !advice.is_empty())
            .collect();
        let mut text: String = said
            .into_iter()
            .map(|(status, word, advice)| paragraph(&format!("{status} {word}"), advice))
            .collect();
        if self.kinds.keys().any(|kind| kind.near) {
            text += &paragraph(
                "Some paths only resemble those of the program.",
                "An older program answers or answered them, or somebody typed them into a client: set these \
                 clients up anew, or lead the paths to the program.",
            );
        }
        if self.kinds.keys().any(|kind| kind.path == "/autodiscover/autodiscover.json") {
            text += &paragraph(
                "Outlook and Microsoft's cloud ask for autodiscover.json again and again.",
                "They do so for accounts that are set up already: these lines are not set-ups.",
            );
        }
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

/// The path of a request for settings, as the table of protocols has it, or a path that resembles one; None for
/// anything else. The second says which of the two.
fn path(logged: &Logged) -> Option<(Cow<'static, str>, bool)> {
    let received = received("GET", "", logged.target, Vec::new());
    let asked = protocol::asked(&received);
    let answered = !logged.word.is_empty();
    match PROTOCOLS.iter().find(|protocol| std::ptr::eq(**protocol, asked)) {
        // The path of the page is also that of a website's first page, which only the program's word tells apart.
        Some(protocol) => match protocol.paths.first() {
            Some(&"") => answered.then_some(("/".into(), false)),
            path => path.map(|path| ((*path).into(), false)),
        },
        None if !matches!(logged.word, "" | "invalid-request") => {
            Some(("another path".into(), false))
        }
        None => match near(logged.target) {
            Some(path) => Some((path.into(), true)),
            None => answered.then_some(("another path".into(), false)),
        },
    }
}

/// A path that resembles one of ours, fit to print: without query, and without any part that may be an address.
fn near(target: &str) -> Option<String> {
    let path = target.split(['?', '#']).next().unwrap_or_default();
    let lower = path.to_ascii_lowercase();
    if !NEAR.iter().any(|part| lower.contains(part)) {
        return None;
    }
    let plain =
        |part: &str| part.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-~:".contains(&b));
    let parts = path.split('/').map(|part| if plain(part) { part } else { "*" });
    let path = parts.collect::<Vec<_>>().join("/");
    Some(path.chars().take(LONGEST_PATH).collect())
}

/// A line in Apache's common or combined format, or in that of the shipped virtual host; `%v` may stand before it.
fn logged(line: &str) -> Option<Logged<'_>> {
    let mut fields = Fields(line);
    // Virtual host, client, identity, user, time; an IPv6 address may be in brackets too.
    while !matches!(fields.next()?, Field::Bracketed) || !fields.0.starts_with(" \"") {}
    let Some(Field::Quoted(request)) = fields.next() else { return None };
    let Some(Field::Plain(status)) = fields.next() else { return None };
    // httpd writes "-" where no request came (408).
    let (method, rest) = request.split_once(' ').unwrap_or((request, ""));
    let target = rest.rsplit_once(' ').map_or(rest, |(target, _)| target);
    let status = status.parse().ok()?;
    fields.next()?;
    let mut quoted = fields.filter_map(|field| match field {
        Field::Quoted(text) => Some(text),
        _ => None,
    });
    // `Referer` or the program's word.
    let first = quoted.next().unwrap_or_default();
    let word = MEANINGS.iter().map(|meaning| meaning.word).find(|word| *word == first);
    Some(Logged { method, target, status, word: word.unwrap_or_default(), agent: quoted.next() })
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
            assert!(MEANINGS.iter().any(|meaning| meaning.word == word), "{word}");
        }
    }

    #[test]
    fn a_quote_within_a_field_is_escaped() {
        let line = r#"example.org:443 ::1 - ada [x] "GET /a\"b HTTP/1.1" 200 - "-" "c\\" 12"#;
        let logged = logged(line).unwrap();
        assert_eq!((logged.method, logged.target), ("GET", r#"/a\"b"#));
        assert_eq!((logged.status, logged.word, logged.agent), (200, "", Some(r"c\\")));
    }
}
