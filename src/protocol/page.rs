//! The page for people: a form for the address, how to set up the device at hand, and the settings by hand.

mod code;
mod export;
mod frame;
pub mod settings;

use askama::Template;

use code::Code;
use settings::{Service, Value, services};

pub use frame::Frame;
#[cfg(test)]
pub use frame::tests::let_in;

use super::visitor::Visitor;
use super::visitor::device::{DEVICE, Device, Screen};
use super::visitor::language::{LANG, Language};
use super::{Protocol, Request, plain, profile};
use crate::account::{Account, MailProtocol, Redirect, Served};
use crate::address::Address;
use crate::audience::{Question, User};
use crate::http::{Received, Reply};
use crate::refusal::Refusal;
use crate::request::{EMAILADDRESS, address_parameter};
use crate::url::{Url, parameter_value};

pub static PAGE: Protocol =
    Protocol { paths: &["", "/mail"], read, answer, moved, refuse, ..Protocol::DOCUMENT };

/// The path of the page where a web site has the root.
pub const MAIL: &str = "/mail/";

const SCRIPT: &str = include_str!("page/page.js");
const SCRIPT_SOURCE: &str = "script-src 'sha256-6Lwst5F0ISl1Rlo0axWS0Zf5+p0pIPFeF37FEgBqG+8='; ";

#[derive(Template)]
#[template(path = "page.html", config = "src/protocol/page/askama.toml")]
struct Page<'a> {
    frame: &'a Frame<'a>,
    state: State<'a>,
}

enum State<'a> {
    Form(Form),
    Settings(Settings<'a>),
    /// For the administrator who opens the address of Autodiscover in a browser and would think it broken.
    Explanation,
}

#[derive(Default)]
struct Form {
    value: String,
    /// What an address looks like here.
    example: String,
    notice: Option<Notice>,
    /// Whether the value is what the notice is about.
    invalid: bool,
}

struct Notice {
    sentence: &'static str,
    /// Where the sentence leads to.
    link: Option<Link>,
    /// Whether something went wrong.
    alarm: bool,
}

struct Link {
    url: String,
    text: String,
}

struct Settings<'a> {
    email: &'a str,
    example: String,
    choices: Vec<Choice>,
    section: Option<Section>,
    services: Vec<Service<'a>>,
    /// Whether a reader may wonder which way in to take.
    in_doubt: bool,
    webmail: Option<&'a Url>,
    mailto: String,
    text: String,
}

/// A device to choose.
struct Choice {
    title: &'static str,
    link: String,
    chosen: bool,
}

/// How to set up a device.
struct Section {
    title: &'static str,
    lead: Option<&'static str>,
    download: Option<String>,
    picture: Option<Picture>,
    parts: Vec<Part>,
    files: Vec<Link>,
}

/// Steps in their order.
struct Part {
    heading: &'static str,
    steps: Vec<&'static str>,
}

fn part<const N: usize>(heading: &'static str, steps: [&'static str; N]) -> Part {
    Part { heading, steps: steps.to_vec() }
}

/// A code with what it says to those who see it and to those who do not.
struct Picture {
    code: Code,
    caption: &'static str,
    label: &'static str,
}

/// Without an address it is the form of whoever is at home at the host.
fn read(received: &Received, visitor: Visitor) -> Result<Question, Refusal> {
    let question = match address_parameter(received, EMAILADDRESS)? {
        Some(address) => Question::named(address),
        None => {
            let domain = visitor.domain().ok_or(Refusal::NotServed)?;
            Question::new(domain, User::Everyone)
        }
    };
    Ok(Question { logo: visitor.html(), ..question })
}

/// The settings of an account; the form for whoever gave no address.
fn answer(request: &Request, Served { account, .. }: Served) -> Result<Reply, Refusal> {
    if request.question.user == User::Everyone {
        return Ok(form(request.visitor, &account));
    }
    let mut frame = Frame::new(request.visitor, Some(&account));
    frame.email.clone_from(&account.email);
    let settings = Settings::new(&frame, request.visitor, &account);
    Ok(reply(&frame, State::Settings(settings)))
}

/// Where the mail is served now; the form for whoever gave no address.
fn moved(request: &Request, account: &Account, redirect: &Redirect) -> Result<Reply, Refusal> {
    if request.question.user == User::Everyone {
        return Ok(form(request.visitor, account));
    }
    let visitor = request.visitor;
    let mut frame = Frame::new(visitor, Some(account));
    frame.email.clone_from(&account.email);
    let (sentence, link) = match redirect {
        Redirect::Address(address) => {
            let url = frame.link(address, frame.device, frame.lang);
            (frame.texts.moved_to_address, Link { url, text: address.clone() })
        }
        Redirect::Url(url) => (frame.texts.moved_to_host, page_of(url, &account.email)),
    };
    let notice = Some(Notice { sentence, link: Some(link), alarm: false });
    let (value, example) = (account.email.clone(), example(Some(account)));
    let form = Form { value, example, notice, invalid: false };
    Ok(reply(&frame, State::Form(form)).refused(&Refusal::Moved))
}

fn form(visitor: Visitor, account: &Account) -> Reply {
    let form = Form { example: example(Some(account)), ..Form::default() };
    reply(&Frame::new(visitor, Some(account)), State::Form(form))
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
    let value = visitor.typed();
    let example = example(host);
    if value.trim().is_empty() && *refusal == Refusal::NotServed {
        return reply(&frame, State::Form(Form { example, ..Form::default() }));
    }
    let invalid = matches!(refusal, Refusal::InvalidRequest | Refusal::NotServed);
    let meant = host.filter(|_| *refusal == Refusal::InvalidRequest && !value.contains('@'));
    let meant = meant.and_then(|host| Address::new(&format!("{}@{}", value.trim(), host.domain)));
    let notice = match meant {
        Some(address) => {
            let url = frame.link(address.email(), frame.device, frame.lang);
            let link = Some(Link { url, text: address.email().to_owned() });
            Notice { sentence: frame.texts.did_you_mean, link, alarm: false }
        }
        None => Notice { sentence: frame.texts.sentence(refusal), link: None, alarm: true },
    };
    let form = Form { value, example, notice: Some(notice), invalid };
    reply(&frame, State::Form(form)).refused(refusal)
}

/// Says that Autodiscover works, and where the page is.
pub fn explanation(visitor: Visitor, host: Option<&Account>) -> Reply {
    let frame = Frame { here: MAIL, ..Frame::new(visitor, host) };
    reply(&frame, State::Explanation)
}

fn reply(frame: &Frame, state: State) -> Reply {
    let script = if matches!(state, State::Settings(_)) { SCRIPT_SOURCE } else { "" };
    frame.reply(&Page { frame, state }, script)
}

/// An address as the host has them; empty where it has none.
fn example(host: Option<&Account>) -> String {
    let domain = host.map(|host| &host.domain);
    domain.map_or(String::new(), |domain| {
        format!("name@{}", domain.unicode().unwrap_or_else(|| domain.to_string()))
    })
}

/// The page for people on the host of a URL; the document itself is not for them.
fn page_of(url: &Url, email: &str) -> Link {
    let scheme = if url.is_https() { "https" } else { "http" };
    let port = url.port().map_or(String::new(), |port| format!(":{port}"));
    let host = format!("{}{port}", url.host());
    let email = parameter_value(email);
    Link { url: format!("{scheme}://{host}/?{EMAILADDRESS}={email}"), text: host }
}

/// As many characters as the smallest telephone shows in one line.
const ONE_LINE: usize = 24;

/// The text in HTML, which may break at `@`, `.` and `/`, and elsewhere only where no line could hold what is between.
pub fn breaks(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + 64);
    let (mut unbroken, mut before) = (0, None);
    for character in text.chars() {
        let ends = before == Some('/') && character != '/';
        if ends || unbroken == ONE_LINE || (before.is_some() && matches!(character, '@' | '.')) {
            html.push_str("<wbr>");
            unbroken = 0;
        }
        match character {
            '&' => html.push_str("&#38;"),
            '<' => html.push_str("&#60;"),
            '>' => html.push_str("&#62;"),
            '"' => html.push_str("&#34;"),
            '\'' => html.push_str("&#39;"),
            other => html.push(other),
        }
        unbroken += 1;
        before = Some(character);
    }
    html
}

impl<'a> Settings<'a> {
    fn new(frame: &Frame, visitor: Visitor, account: &'a Account) -> Settings<'a> {
        let Frame { texts, device, lang, .. } = *frame;
        let offered = offered(account);
        let wanted = device.unwrap_or(visitor.screen().likely());
        let chosen = offered.iter().find(|device| **device == wanted).or(offered.first()).copied();
        let choices = offered.into_iter().map(|device| Choice {
            title: title(texts, device),
            link: frame.link(&account.email, Some(device), lang),
            chosen: chosen == Some(device),
        });
        let protocols = account.incoming.iter().map(|server| server.protocol);
        let subject = format!("{} {}", texts.settings_for, account.email);
        let body = plain::text(texts, account).replace('\n', "\r\n");
        let lang = lang.map_or(String::new(), |lang| format!("&{LANG}={lang}"));
        Settings {
            email: &account.email,
            example: example(Some(account)),
            choices: choices.collect(),
            section: chosen.and_then(|device| section(visitor, device, account)),
            services: services(texts, account),
            in_doubt: protocols.eq([MailProtocol::Imap, MailProtocol::Pop3]),
            webmail: account.webmail.as_ref(),
            mailto: format!(
                "mailto:?subject={}&body={}",
                parameter_value(&subject),
                parameter_value(&body)
            ),
            text: document(account, "txt") + &lang,
        }
    }
}

/// What can be set up by the account, in the order of the page.
fn offered(account: &Account) -> Vec<Device> {
    let mail = !account.incoming.is_empty() && account.smtp.is_some();
    let by_hand = mail
        || !account.incoming.is_empty()
        || account.smtp.is_some()
        || account.mobilesync.is_some()
        || account.caldav.is_some()
        || account.carddav.is_some()
        || account.jmap.is_some()
        || account.managesieve.is_some();
    let offers = |device: &Device| match device {
        Device::Apple => profile::is_offered(account) || profile::lacks_password(account),
        // Outlook asks its makers' servers alone for tokens.
        Device::Outlook => account.mail_by_password().is_some(),
        Device::Android | Device::Thunderbird => mail,
        Device::Other => by_hand,
    };
    Device::ALL.into_iter().filter(offers).collect()
}

fn title(texts: &Language, device: Device) -> &'static str {
    match device {
        Device::Apple => texts.apple_devices,
        Device::Android => "Android",
        Device::Outlook => "Outlook",
        Device::Thunderbird => "Thunderbird",
        Device::Other => texts.by_hand,
    }
}

/// What is to be done on a device; None for whoever takes the settings by hand.
fn section(visitor: Visitor, device: Device, account: &Account) -> Option<Section> {
    let (texts, screen) = (visitor.language(), visitor.screen());
    let mut section = Section {
        title: title(texts, device),
        lead: None,
        download: None,
        picture: None,
        parts: Vec::new(),
        files: Vec::new(),
    };
    match device {
        Device::Apple if !profile::is_offered(account) => section.lead = Some(texts.no_profile),
        Device::Apple => {
            let path = document(account, "mobileconfig");
            let host = visitor.authority();
            let host = host.unwrap_or_else(|| format!("autodiscover.{}", account.domain));
            let code = (!screen.is_handheld()).then(|| Code::new(&format!("https://{host}{path}")));
            section.picture = code.flatten().map(|code| Picture {
                code,
                caption: texts.scan_profile,
                label: texts.profile_code,
            });
            section.lead = Some(texts.profile);
            section.download = Some(path);
            section.parts = match screen {
                Screen::IPhone => {
                    vec![part(texts.iphone, [texts.iphone_1, texts.iphone_2, texts.iphone_3])]
                }
                Screen::Mac => vec![
                    part(texts.mac, [texts.mac_1, texts.mac_2, texts.mac_3]),
                    part(texts.iphone, [texts.iphone_1, texts.iphone_2, texts.iphone_3]),
                ],
                _ => vec![
                    part(texts.iphone, [texts.iphone_1, texts.iphone_2, texts.iphone_3]),
                    part(texts.mac, [texts.mac_1, texts.mac_2, texts.mac_3]),
                ],
            };
        }
        Device::Android => {
            let export = export::export(account).filter(|_| !screen.is_handheld());
            section.picture = export.and_then(|text| Code::new(&text)).map(|code| Picture {
                code,
                caption: texts.scan_account,
                label: texts.account_code,
            });
            let thunderbird = if section.picture.is_some() {
                part(
                    texts.android_scan,
                    [texts.android_scan_1, texts.android_scan_2, texts.android_scan_3],
                )
            } else {
                part(texts.android, [texts.android_1, texts.android_2])
            };
            section.parts =
                vec![thunderbird, part(texts.gmail, [texts.gmail_1, texts.gmail_2, texts.gmail_3])];
        }
        Device::Outlook => {
            section.parts = match screen {
                Screen::Windows | Screen::Linux | Screen::Other => {
                    vec![
                        part(
                            texts.outlook_classic,
                            [texts.outlook_classic_1, texts.outlook_classic_2],
                        ),
                        part(texts.outlook_new, [texts.outlook_new_1, texts.outlook_new_2]),
                        part(
                            texts.outlook_file,
                            [texts.outlook_file_1, texts.outlook_file_2, texts.outlook_file_3],
                        ),
                    ]
                }
                _ => vec![part(texts.outlook_new, [texts.outlook_new_1, texts.outlook_new_2])],
            };
            if section.parts.len() > 1 {
                let file =
                    |name, text: &str| Link { url: document(account, name), text: text.to_owned() };
                section.files = vec![
                    file("outlook.xml", texts.settings_file),
                    file("reg", texts.registry_file),
                ];
            }
        }
        Device::Thunderbird => {
            section.parts = vec![part(
                texts.thunderbird,
                [texts.thunderbird_1, texts.thunderbird_2, texts.thunderbird_3],
            )]
        }
        Device::Other => return None,
    }
    Some(section)
}

/// The path of a document for the user of the account.
fn document(account: &Account, extension: &str) -> String {
    let email = parameter_value(&account.email);
    format!("/mail/{}.{extension}?{EMAILADDRESS}={email}", account.domain)
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

    /// Every state of the page says whose it is, and lets in what shows it.
    #[test]
    fn every_state_is_the_providers() {
        let url = |text: &str| Url::new(text).unwrap();
        let mut account = Account {
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
                logo: Some(Logo::Url(url("https://pictures.example.org:8443/logo.svg?a;b"))),
                color: Color::new("#ffcc00"),
            },
        };
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
                "<span>Example &#38; Co</span>",
                "<img src=\"https://pictures.example.org:8443/logo.svg?a;b\" alt=\"\">",
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

    #[test]
    fn a_value_breaks_where_a_reader_would() {
        assert_eq!(breaks("ada@mail.example.org"), "ada<wbr>@mail<wbr>.example<wbr>.org");
        assert_eq!(breaks("https://a/b/"), "https://<wbr>a/<wbr>b/");
        let (most, more) = ("a".repeat(24), "a".repeat(25));
        assert_eq!(breaks(&more), format!("{most}<wbr>a"));
        assert_eq!(breaks(&format!("{most}@{most}")), format!("{most}<wbr>@{}<wbr>a", &most[1..]));
        assert_eq!(breaks("<&\"'>"), "&#60;&#38;&#34;&#39;&#62;");
    }
}
