//! The page for people: a form for the address, the settings by hand, and how to set up each device.

mod language;

use askama::Template;
use qrcode::{Color, EcLevel, QrCode};

use language::{Guide, Language};

use super::{GET, Protocol, profile};
use crate::account::{Account, Dav, Encryption, MailProtocol, MailServer, Provider, Redirect};
use crate::http::{HTML, Received, Reply};
use crate::refusal::Refusal;
use crate::request::{EMAILADDRESS, Request, address_parameter, authority, parameter};
use crate::url::parameter_value;

const STYLE: &str = include_str!("page/page.css");
const SCRIPT: &str = include_str!("page/page.js");

pub static PAGE: Protocol = Protocol { paths: &["", "/mail"], methods: GET, read, answer, refuse };

/// An open envelope in the accent colour, so that no browser asks for `/favicon.ico`.
const ICON: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 36 36' fill='none' \
    stroke='%230b8590' stroke-width='3' stroke-linejoin='round'%3E%3Crect x='3' y='7' width='30' height='22' \
    rx='4'/%3E%3Cpath d='m4 10 14 10 14-10'/%3E%3C/svg%3E";

/// Our own style and script by their hashes, our own icon, our own form, and nothing else (CSP level 3).
const POLICY: &str = "default-src 'none'; \
    style-src 'sha256-kInePcZEUrKy8Im5mrDnz2qDp3q40c2VSODXhFJ0wCc='; \
    script-src 'sha256-FFDSsb7r0oBICdu4bWo+Ci1DZzc02lzlqZykIvrwIWw='; \
    img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

#[derive(Template)]
#[template(path = "page.html", config = "src/protocol/page/askama.toml")]
struct Page<'a> {
    texts: &'static Language,
    style: String,
    script: String,
    /// Absent on the page that only explains.
    form: Option<Form<'a>>,
    settings: Option<Settings<'a>>,
}

#[derive(Default)]
struct Form<'a> {
    value: String,
    notice: Option<Notice<'a>>,
    /// Whether the value is what the notice is about.
    invalid: bool,
}

struct Notice<'a> {
    sentence: &'static str,
    /// The address or URL that the sentence leads to.
    place: Option<&'a str>,
}

struct Settings<'a> {
    email: &'a str,
    provider: &'a Provider,
    webmail: Option<&'a str>,
    services: Vec<Service<'a>>,
    profile: Option<Profile>,
    guides: Vec<&'static Guide>,
}

struct Service<'a> {
    title: &'static str,
    protocol: &'static str,
    rows: Vec<Row<'a>>,
}

struct Row<'a> {
    name: &'static str,
    value: Value<'a>,
}

enum Value<'a> {
    /// To be chosen.
    Words(&'static str),
    /// To be typed, or copied.
    Literal(&'a str),
    Port(u16),
}

struct Profile {
    path: String,
    /// Absent when the URL is longer than a QR code can hold.
    code: Option<Code>,
}

/// A QR code with its quiet zone, one unit a module.
struct Code {
    width: usize,
    /// A stroke for each run of dark modules in a row.
    path: String,
}

/// Without an address there is only the form to show.
fn read(received: &Received) -> Result<Request<'_>, Refusal> {
    match address_parameter(received, EMAILADDRESS)? {
        Some(address) => Ok(Request::named(address, received)),
        None => Err(Refusal::NotServed),
    }
}

/// The settings of an account, or where its mail is served now.
fn answer(request: &Request, account: Account) -> Result<Reply, Refusal> {
    let texts = Language::accepted(&request.received.accept_language);
    let mut form = Form { value: account.email.clone(), ..Form::default() };
    let (sentence, place) = match &account.redirect {
        None => {
            let profile = profile::is_offered(&account);
            let profile = profile.then(|| Profile::new(&account, request.received));
            let settings = Settings::new(texts, &account, profile);
            return Ok(reply(texts, Some(form), Some(settings)));
        }
        Some(Redirect::Address(address)) => (texts.moved_to_address, address.as_str()),
        Some(Redirect::Url(url)) => (texts.moved_to_url, &**url),
    };
    form.notice = Some(Notice { sentence, place: Some(place) });
    Ok(reply(texts, Some(form), None).refused(&Refusal::Moved))
}

/// The form, with why there are no settings; the form alone where nothing was typed.
pub fn refuse(received: &Received, refusal: &Refusal) -> Reply {
    if *refusal == Refusal::Fault {
        return Reply::sentence(refusal);
    }
    let texts = Language::accepted(&received.accept_language);
    let typed = parameter(&received.query, EMAILADDRESS).unwrap_or_default();
    if typed.trim().is_empty() && *refusal == Refusal::NotServed {
        return reply(texts, Some(Form::default()), None);
    }
    let form = Form {
        // HTML has no way to write a NUL, and an address has no use for the others.
        value: typed.chars().filter(|c| !c.is_control()).collect(),
        notice: Some(Notice { sentence: texts.sentence(refusal), place: None }),
        invalid: matches!(refusal, Refusal::InvalidRequest | Refusal::NotServed),
    };
    reply(texts, Some(form), None).refused(refusal)
}

/// For the administrator who opens the address of Autodiscover in a browser and would think it broken.
pub fn explanation(received: &Received) -> Reply {
    reply(Language::accepted(&received.accept_language), None, None)
}

fn reply(texts: &'static Language, form: Option<Form>, settings: Option<Settings>) -> Reply {
    let page = Page { texts, style: compact(STYLE), script: compact(SCRIPT), form, settings };
    // Writing to memory cannot fail.
    let text = page.render().unwrap_or_default();
    Reply::new(HTML, text.into_bytes())
        .header("Content-Security-Policy", POLICY)
        .header("Referrer-Policy", "no-referrer")
}

/// Without the first line, which is a comment, and in one line, so that it does not get between the reader and the page.
fn compact(source: &str) -> String {
    source.lines().skip(1).map(str::trim).collect()
}

impl<'a> Settings<'a> {
    fn new(
        texts: &'static Language,
        account: &'a Account,
        profile: Option<Profile>,
    ) -> Settings<'a> {
        let mail = !account.incoming.is_empty() && account.smtp.is_some();
        let mut guides = Vec::new();
        if profile.is_some() {
            guides.push(&texts.apple);
        }
        if mail {
            guides.extend([&texts.outlook, &texts.thunderbird, &texts.android]);
        }
        Settings {
            email: &account.email,
            provider: &account.provider,
            webmail: account.webmail.as_deref(),
            services: services(texts, account),
            profile,
            guides,
        }
    }
}

/// The preferred way in, then the way out, then what else there is.
fn services<'a>(texts: &'static Language, account: &'a Account) -> Vec<Service<'a>> {
    let mut incoming = account.incoming.iter().map(|server| mail_server(texts, server));
    let mut services: Vec<Service> = incoming.next().into_iter().collect();
    services.extend(account.smtp.iter().map(|server| mail_server(texts, server)));
    services.extend(incoming);
    let url = |url| Row { name: texts.url, value: Value::Literal(url) };
    let user_name = |name| Row { name: texts.user_name, value: Value::Literal(name) };
    for (title, protocol, dav) in
        [(texts.calendar, "CalDAV", &account.caldav), (texts.contacts, "CardDAV", &account.carddav)]
    {
        services.extend(dav.iter().map(|dav: &Dav| Service {
            title,
            protocol,
            rows: vec![url(&dav.url), user_name(&dav.login_name)],
        }));
    }
    services.extend(account.mobilesync.iter().map(|server| Service {
        title: texts.mobilesync,
        protocol: "ActiveSync",
        rows: vec![url(&server.url), user_name(&server.login_name)],
    }));
    services
}

fn mail_server<'a>(texts: &'static Language, server: &'a MailServer) -> Service<'a> {
    let (title, protocol) = match server.protocol {
        MailProtocol::Imap => (texts.incoming, "IMAP"),
        MailProtocol::Pop3 => (texts.incoming, "POP3"),
        MailProtocol::Smtp => (texts.outgoing, "SMTP"),
    };
    let encryption = match server.encryption {
        Encryption::Ssl => "SSL/TLS",
        Encryption::StartTls => "STARTTLS",
        Encryption::None => texts.unencrypted,
    };
    let authentication = match (server.auth_required, server.spa) {
        (true, true) => "NTLM",
        (true, false) => texts.password,
        (false, _) => texts.no_authentication,
    };
    let mut rows = vec![
        Row { name: texts.server, value: Value::Literal(&server.server) },
        Row { name: texts.port, value: Value::Port(server.port) },
        Row { name: texts.encryption, value: Value::Words(encryption) },
    ];
    if server.auth_required {
        rows.push(Row { name: texts.user_name, value: Value::Literal(&server.login_name) });
    }
    rows.push(Row { name: texts.authentication, value: Value::Words(authentication) });
    Service { title, protocol, rows }
}

impl Profile {
    fn new(account: &Account, received: &Received) -> Profile {
        let email = parameter_value(&account.email);
        let path = format!("/mail/{}.mobileconfig?emailaddress={email}", account.domain);
        let host =
            authority(&received.host).unwrap_or_else(|| format!("autodiscover.{}", account.domain));
        let code = Code::new(&format!("https://{host}{path}"));
        Profile { path, code }
    }
}

impl Code {
    /// The light margin that readers need, in modules (ISO/IEC 18004).
    const QUIET: usize = 4;

    /// With the least error correction: a screen has no stains, and larger modules are read from further away.
    fn new(text: &str) -> Option<Code> {
        let code = QrCode::with_error_correction_level(text, EcLevel::L).ok()?;
        let modules = code.to_colors();
        let mut path = String::new();
        for (y, row) in modules.chunks(code.width()).enumerate() {
            let mut x = 0;
            for run in row.chunk_by(|a, b| a == b) {
                if run[0] == Color::Dark {
                    let (x, y) = (x + Code::QUIET, y + Code::QUIET);
                    path += &format!("M{x} {y}h{}", run.len());
                }
                x += run.len();
            }
        }
        Some(Code { width: code.width() + 2 * Code::QUIET, path })
    }
}

#[cfg(test)]
mod tests {
    use base64::prelude::{BASE64_STANDARD, Engine};
    use sha2::{Digest, Sha256};

    use super::*;

    #[track_caller]
    fn allowed(directive: &str, source: &str) {
        let hash = BASE64_STANDARD.encode(Sha256::digest(compact(source)));
        let wanted = format!("{directive} 'sha256-{hash}';");
        assert!(POLICY.contains(&wanted), "the policy should have: {wanted}");
    }

    #[test]
    fn the_policy_allows_the_style_and_the_script() {
        allowed("style-src", STYLE);
        allowed("script-src", SCRIPT);
    }

    #[test]
    fn a_code_has_its_margin_and_its_corners() {
        let code = Code::new("https://example.org/").unwrap();
        assert_eq!(code.width, 25 + 8);
        // The top edges of the finder patterns are seven modules wide.
        assert!(code.path.starts_with("M4 4h7"));
        assert!(code.path.contains("M22 4h7M4 5h1"));
        assert!(Code::new(&"x".repeat(3000)).is_none());
    }
}
