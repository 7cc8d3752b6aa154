//! The page for people: a form for the address, and what leads from there to a mailbox that is set up.

mod code;
mod export;
mod frame;
mod guide;
pub mod settings;

use askama::Template;

pub use frame::Frame;
#[cfg(test)]
pub use frame::tests::let_in;

use super::visitor::Visitor;
use super::visitor::device::DEVICE;
use super::visitor::language::{LANG, Language, filled};
use super::{Protocol, Request};
use crate::account::{Account, Redirect, Served};
use crate::address::Address;
use crate::audience::{Question, User};
use crate::http::{Received, Reply, TEXT};
use crate::refusal::Refusal;
use crate::request::{EMAILADDRESS, form_parameter};
use crate::url::{Url, parameter_value};
use guide::Guide;

pub static PAGE: Protocol =
    Protocol { paths: &["", "/mail"], read, answer, moved, refuse, ..Protocol::DOCUMENT };

/// The path of the page where a web site has the root.
pub const MAIL: &str = "/mail/";

const SCRIPT: &str = include_str!("page/page.js");
const SCRIPT_SOURCE: &str = "script-src 'sha256-ICsC47zuZLjon+Y8F3DcaL7tYfMGWoCxBhwafWNvRoU='; ";

/// The form, and why it is shown.
#[derive(Template)]
#[template(path = "form.html", config = "src/protocol/page/askama.toml")]
struct Form<'a> {
    frame: &'a Frame<'a>,
    value: String,
    /// What an address looks like here; empty where there is no domain.
    example: String,
    sentence: String,
    /// The address that the sentence speaks of, which stands in the form.
    meant: Option<String>,
    /// Where to go on instead.
    elsewhere: Option<Link>,
    /// Whether something went wrong.
    alarm: bool,
    /// Whether the value is what the sentence is about.
    invalid: bool,
}

/// For the administrator who opens the address of Autodiscover in a browser and would think it broken.
#[derive(Template)]
#[template(path = "explanation.html", config = "src/protocol/page/askama.toml")]
struct Explanation<'a> {
    frame: &'a Frame<'a>,
}

struct Link {
    url: String,
    text: String,
}

/// Without an address the answer is the form, with the provider of the host.
fn read(received: &Received, visitor: Visitor) -> Result<Question, Refusal> {
    let typed = form_parameter(&received.query, EMAILADDRESS).unwrap_or_default();
    let question = if typed.trim().is_empty() {
        Question::new(visitor.domain().ok_or(Refusal::NotServed)?, User::Everyone)
    } else {
        let address = Address::new(&typed).ok_or(Refusal::InvalidRequest)?;
        let host = visitor.domain();
        Question { host, own_host: true, signed: true, ..Question::named(address) }
    };
    Ok(Question { logo: visitor.html(), ..question })
}

/// The settings of an account; the form for whoever gave no address.
fn answer(request: &Request, Served { account, signed, .. }: Served) -> Result<Reply, Refusal> {
    let mut frame = Frame::new(request.visitor, Some(&account));
    if request.question.user == User::Everyone {
        return Ok(frame.reply(&Form::new(&frame, Some(&account)), ""));
    }
    frame.email.clone_from(&account.email);
    let guide = Guide::new(&frame, request.visitor, &account, signed.is_some());
    Ok(frame.reply(&guide, SCRIPT_SOURCE))
}

/// Leads to the host of the address: under the name of another domain its page would be believed.
pub fn at_own_host(request: &Request, account: &Account) -> Reply {
    let frame = Frame { here: "/", ..Frame::new(request.visitor, None) };
    let link = frame.link(&account.email, frame.device, frame.lang);
    let url = format!("https://autodiscover.{}{link}", account.domain);
    Reply::new(TEXT, Vec::new()).status(302).header("Location", url).outcome("redirected")
}

/// Where the mail is served now; the form for whoever gave no address.
fn moved(request: &Request, account: &Account, redirect: &Redirect) -> Result<Reply, Refusal> {
    let mut frame = Frame::new(request.visitor, Some(account));
    if request.question.user == User::Everyone {
        return Ok(frame.reply(&Form::new(&frame, Some(account)), ""));
    }
    frame.email.clone_from(&account.email);
    let mut form = Form::new(&frame, Some(account));
    match redirect {
        Redirect::Address(address) => form.means(frame.texts.moved_to_address, address),
        Redirect::Url(url) => {
            form.sentence = frame.texts.moved_to_host.to_owned();
            form.elsewhere = Some(page_of(url, frame.texts, &account.email));
        }
    }
    Ok(frame.reply(&form, "").refused(&Refusal::Moved))
}

/// The form, with why there are no settings; the form alone where nothing was typed.
///
/// `host` is the account of everybody at the host: whose page it is.
pub fn refuse(visitor: Visitor, refusal: &Refusal, host: Option<&Account>) -> Reply {
    if *refusal == Refusal::Fault {
        return Reply::sentence(refusal);
    }
    let mut frame = Frame::new(visitor, host);
    if *refusal == Refusal::NotFound {
        frame.here = MAIL;
    }
    let typed = visitor.typed();
    let mut form = Form::new(&frame, host);
    if typed.trim().is_empty() && *refusal == Refusal::NotServed {
        return frame.reply(&form, "");
    }
    let unknown = matches!(refusal, Refusal::InvalidRequest | Refusal::NotServed);
    match meant(&typed, host).filter(|_| unknown) {
        Some(address) => form.means(frame.texts.did_you_mean, address.email()),
        None => {
            let example = if form.example.is_empty() { "name@example.org" } else { &form.example };
            form.sentence = filled(frame.texts.sentence(refusal), &[("example", example)]);
            (form.value, form.invalid, form.alarm) = (typed, unknown, true);
        }
    }
    frame.reply(&form, "").refused(refusal)
}

/// The address that was meant, where another than the one that was typed is likely.
fn meant(typed: &str, host: Option<&Account>) -> Option<Address> {
    let domain = host.map(|host| host.domain.as_str());
    // As mail programs copy it: `Ada <ada@example.org>`, `mailto:ada@example.org`.
    let typed = typed.trim();
    let named = typed.strip_suffix('>').and_then(|typed| typed.rsplit_once('<'));
    let named = named.filter(|(_, address)| address.contains('@'));
    let address = named.map_or(typed, |(_, address)| address);
    let scheme = address.get(..7).filter(|scheme| scheme.eq_ignore_ascii_case("mailto:"));
    let address = address[scheme.map_or(0, str::len)..].replace('\u{ff20}', "@");
    let address = address.trim_end_matches(['.', ',', ';']);
    let meant = match address.rsplit_once('@') {
        None => format!("{address}@{}", domain?),
        Some((local, name)) if name.contains(',') => format!("{local}@{}", name.replace(',', ".")),
        // Without what stands behind the first label.
        Some((local, name)) if !name.contains('.') => {
            let rest = domain?.strip_prefix(&*name.to_lowercase())?;
            format!("{local}@{}", rest.starts_with('.').then_some(domain?)?)
        }
        Some(_) => address.to_owned(),
    };
    Address::new(&meant).filter(|address| address.email() != typed)
}

/// Says that Autodiscover works, and where the page is.
pub fn explanation(visitor: Visitor, host: Option<&Account>) -> Reply {
    let frame = Frame { here: MAIL, ..Frame::new(visitor, host) };
    frame.reply(&Explanation { frame: &frame }, "")
}

/// An address as the host has them; empty where it has none.
fn example(texts: &Language, host: Option<&Account>) -> String {
    let domain = host.map(|host| &host.domain);
    domain.map_or(String::new(), |domain| {
        format!("{}@{}", texts.example, domain.unicode().unwrap_or_else(|| domain.to_string()))
    })
}

/// The page for people on the host of a URL; the document itself is not for them.
fn page_of(url: &Url, texts: &Language, email: &str) -> Link {
    let scheme = if url.is_https() { "https" } else { "http" };
    let port = url.port().map_or(String::new(), |port| format!(":{port}"));
    let host = format!("{}{port}", url.host());
    let text = filled(texts.continue_at, &[("host", &host)]);
    Link { url: format!("{scheme}://{host}/?{EMAILADDRESS}={}", parameter_value(email)), text }
}

/// The text in HTML, in pieces between which a line may end: before `@` and `.`, behind `/`.
///
/// The style keeps each piece on one line where that has room for it.
pub fn breaks(text: &str) -> String {
    let mut html = String::with_capacity(4 * text.len() + 64);
    html.push_str("<span>");
    // Where what is not written yet begins.
    let (mut rest, mut before) = (0, 0);
    for (at, byte) in text.bytes().enumerate() {
        let ends = matches!(byte, b'@' | b'.') || (before == b'/' && byte != b'/');
        let entity = match byte {
            b'&' => "&#38;",
            b'<' => "&#60;",
            b'>' => "&#62;",
            b'"' => "&#34;",
            b'\'' => "&#39;",
            _ => "",
        };
        if at > 0 && ends {
            html.push_str(&text[rest..at]);
            html.push_str("</span><wbr><span>");
            rest = at;
        }
        if !entity.is_empty() {
            html.push_str(&text[rest..at]);
            html.push_str(entity);
            rest = at + 1;
        }
        before = byte;
    }
    html.push_str(&text[rest..]);
    html.push_str("</span>");
    html
}

impl<'a> Form<'a> {
    fn new(frame: &'a Frame, host: Option<&Account>) -> Form<'a> {
        Form {
            frame,
            value: String::new(),
            example: example(frame.texts, host),
            sentence: String::new(),
            meant: None,
            elsewhere: None,
            alarm: false,
            invalid: false,
        }
    }

    /// Proposes an address: the button of the form sends it.
    fn means(&mut self, sentence: &str, address: &str) {
        self.sentence = sentence.to_owned();
        self.value = address.to_owned();
        self.meant = Some(address.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::{Logo, Provider};
    use crate::audience::Reach;
    use crate::color::Color;

    #[test]
    fn the_policy_lets_the_script_in() {
        let_in(SCRIPT, SCRIPT_SOURCE);
    }

    fn account() -> Account {
        let url = |text: &str| Url::new(text).unwrap();
        Account {
            email: "ada@example.org".to_owned(),
            domain: crate::address::Domain::new("example.org").unwrap(),
            display_name: None,
            incoming: Vec::new(),
            smtp: None,
            mobilesync: None,
            webmail: Some(url("https://mail.example.org/")),
            caldav: None,
            carddav: None,
            jmap: None,
            managesieve: None,
            oauth2: None,
            provider: Provider {
                name: "Example & Co".to_owned(),
                short_name: "Example".to_owned(),
                documentation: Some(url("https://example.org/help?a=1&b=2")),
                imprint: Some(url("https://example.org/imprint")),
                hint: None,
                logo: Some(Logo::Url(url("https://pictures.example.org:8443/logo.svg?a;b"))),
                color: Color::new("#ffcc00"),
            },
        }
    }

    /// Every state of the page says whose it is, and lets in what shows it.
    #[test]
    fn every_state_is_the_providers() {
        let url = |text: &str| Url::new(text).unwrap();
        let mut account = account();
        let served = |account: &Account| Served {
            account: account.clone(),
            moved: None,
            reach: Reach::User,
            host_is_served: false,
            signed: None,
        };
        let received = received("");
        let visitor = Visitor::of(&received);
        let named = Question::named(Address::new("ada@example.org").unwrap());
        let named = Request { question: named, visitor };
        let question = Question::new(account.domain.clone(), User::Everyone);
        let everyone = Request { question, visitor };
        let elsewhere = Redirect::Url(url("https://a.example/"));
        let states = [
            answer(&everyone, served(&account)).unwrap(),
            answer(&named, served(&account)).unwrap(),
            moved(&named, &account, &elsewhere).unwrap(),
            refuse(visitor, &Refusal::InvalidRequest, Some(&account)),
            refuse(visitor, &Refusal::NotFound, Some(&account)),
            explanation(visitor, Some(&account)),
        ];
        for reply in states {
            let page = String::from_utf8(reply.body).unwrap();
            for wanted in [
                "Example &#38; Co</title>",
                "<img src=\"https://pictures.example.org:8443/logo.svg?a;b\" alt=\"Example &#38; Co\">",
                "<a href=\"https://example.org/help?a=1&#38;b=2\">Help from Example &#38; Co</a>",
                "<a href=\"https://example.org/imprint\">Legal notice</a>",
                "stroke='%23ffcc00'",
            ] {
                assert!(page.contains(wanted), "{wanted} is missing in\n{page}");
            }
            let (_, policy) = &reply.headers[0];
            let style = page.rsplit("<style>").next().unwrap().split("</style>").next().unwrap();
            assert!(style.starts_with(":root{--accent:#"), "{style}");
            let_in(style, policy);
            assert!(
                policy.contains("img-src data: https://pictures.example.org:8443;"),
                "{policy}"
            );
        }
        // What ends a directive of the policy is no host.
        let hostile = url("https://[::1;script-src *]/logo.svg");
        account.provider.logo = Some(Logo::Url(hostile));
        let reply = explanation(visitor, Some(&account));
        assert!(reply.headers[0].1.contains("img-src data:;"), "{}", reply.headers[0].1);
        account.provider.logo = Some(Logo::Inline("data:image/png;base64,AA==".to_owned()));
        let reply = explanation(visitor, Some(&account));
        assert!(
            String::from_utf8(reply.body).unwrap().contains("src=\"data:image/png;base64,AA==\"")
        );
        assert!(reply.headers[0].1.contains("img-src data:;"));
    }

    fn received(query: &str) -> Received {
        Received {
            method: "GET".to_owned(),
            path: Some("/".to_owned()),
            script: String::new(),
            query: query.to_owned(),
            host: "autodiscover.example.org".to_owned(),
            server_name: String::new(),
            accept: "text/html".to_owned(),
            accept_language: "en".to_owned(),
            user_agent: String::new(),
            body: Ok(Vec::new()),
            clock: std::time::SystemTime::now,
        }
    }

    /// Typing mistakes that people make, and what mail programs copy; the host serves example.org.
    #[test]
    fn the_address_that_was_meant_is_proposed() {
        let account = account();
        let meant = |typed| meant(typed, Some(&account)).map(|address| address.email().to_owned());
        for typed in [
            "ada",
            "ada@example",
            "ada@EXAMPLE",
            "ada@example,org",
            "ada@example.org.",
            "ada@example.org,",
            "Ada Lovelace <ada@example.org>",
            "<ada@example.org>",
            "mailto:ada@example.org",
            "MAILTO:ada@example.org",
            "ada\u{ff20}example.org",
        ] {
            assert_eq!(meant(typed).as_deref(), Some("ada@example.org"), "{typed}");
        }
        for typed in ["", "ada@", "@example.org", "a b", "ada@exam", "ada@example.org", "ada@a@b"] {
            assert_eq!(meant(typed), None, "{typed}");
        }
    }

    #[test]
    fn a_value_breaks_where_a_reader_would() {
        let pieces =
            |pieces: &[&str]| format!("<span>{}</span>", pieces.join("</span><wbr><span>"));
        assert_eq!(breaks("ada@mail.example"), pieces(&["ada", "@mail", ".example"]));
        assert_eq!(breaks("https://a-b/c/"), pieces(&["https://", "a-b/", "c/"]));
        assert_eq!(breaks("<&\"'>"), pieces(&["&#60;&#38;&#34;&#39;&#62;"]));
    }
}
