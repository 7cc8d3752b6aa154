//! Autoconfig, versions 1.1 and 1.2 (draft-ietf-mailmaint-autoconfig-06): Thunderbird, and most clients that are not
//! Microsoft's or Apple's.

use super::xml::Document;
use super::{Protocol, Request, Visitor, part};
use crate::account::{
    Account, Authentication, Dav, Encryption, MailProtocol, MailServer, ManageSieve, OAuth2, Served,
};
use crate::audience::{Question, Reach, User};
use crate::http::{Received, Reply, XML};
use crate::refusal::Refusal;
use crate::request::{EMAILADDRESS, address_parameter, parameter};

pub static AUTOCONFIG: Protocol = Protocol {
    paths: &[
        "/mail/config-v1.1.xml",
        "/.well-known/autoconfig/mail/config-v1.1.xml",
        // Nine.
        "/v1.1/mail/config-v1.1.xml",
        MAIL_V1,
    ],
    read,
    answer,
    ..Protocol::DOCUMENT
};

/// draft-bucksch-autoconfig-02; GNOME Online Accounts asks nothing else of the host that MX names.
const MAIL_V1: &str = "/.well-known/mail-v1.xml";

/// The longest names of a provider, in characters (draft-ietf-mailmaint-autoconfig: `displayName` and
/// `displayShortName`; draft-ietf-mailmaint-pacc agrees).
pub const LONGEST_NAME: usize = 60;
pub const LONGEST_SHORT_NAME: usize = 20;

/// The host says for which domain a client asks that sends no address (K-9, KMail, Geary), or one that cannot
/// be read (Nextcloud, FairEmail, GNOME and pimalaya do not encode its `&`).
///
/// It also answers for customers' domains that only their MX leads here (section «domain hosters» of the draft).
fn read(received: &Received, visitor: Visitor) -> Result<Question, Refusal> {
    let address = address_parameter(received, EMAILADDRESS).unwrap_or_default();
    let digest = parameter(&received.query, "emailmd5").and_then(|text| from_digits(&text));
    let host = visitor.domain();
    let domain = address.as_ref().map(|address| address.domain().clone());
    let domain = domain.or(host.clone()).ok_or(Refusal::InvalidRequest)?;
    let known = address.filter(|address| !address.local().eq_ignore_ascii_case(DUMMY));
    // SnappyMail saves what the first user gets for the whole domain.
    let path = received.path.as_deref().unwrap_or_default();
    let for_all = part(MAIL_V1, path.strip_suffix('/').unwrap_or(path)).is_some();
    let user = match digest {
        _ if for_all => User::Hidden(None),
        Some(digest) => User::Digested(digest),
        None => User::Hidden(known),
    };
    Ok(Question { host, follows: true, ..Question::new(domain, user) })
}

/// The dummy local part that Evolution sends to hide the user's.
pub const DUMMY: &str = "EVOLUTIONUSER";

/// The 16 bytes of a digest in hexadecimal digits.
fn from_digits(text: &str) -> Option<[u8; 16]> {
    let digits = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    digits.then(|| u128::from_str_radix(text, 16).ok()).flatten().map(u128::to_be_bytes)
}

/// Half a file makes Thunderbird drop it, and one `plain` server makes K-9 drop it whole.
fn answer(request: &Request, Served { mut account, reach, .. }: Served) -> Result<Reply, Refusal> {
    // Himalaya drops a file over an `incomingServer` of a type that it does not know.
    account.jmap = None;
    let encrypted = |server: &MailServer| server.encryption != Encryption::None;
    if account.incoming.iter().chain(&account.smtp).any(encrypted) {
        account.incoming.retain(encrypted);
        account.smtp = account.smtp.filter(encrypted);
        account.managesieve = account.managesieve.filter(|s| s.encryption != Encryption::None);
    }
    let Some(smtp) = &account.smtp else { return Err(Refusal::ProviderUnavailable) };
    if account.incoming.is_empty() {
        return Err(Refusal::ProviderUnavailable);
    }
    let reply = Reply::new(XML, document(&account, smtp));
    // A cache may know the host only: it keeps no more than what the host says without any address.
    let Question { domain, host, .. } = &request.question;
    let of_host = host.as_ref() == Some(domain) && reach != Reach::User;
    Ok(if of_host { reply.public() } else { reply })
}

fn document(account: &Account, smtp: &MailServer) -> Vec<u8> {
    let by_token = account.authentications().any(|way| way == Authentication::OAuth2);
    let oauth2 = account.oauth2.as_deref().filter(|_| by_token);
    let has_elements_of_1_2 = oauth2.is_some() || account.managesieve.is_some();
    let version = if has_elements_of_1_2 { "1.2" } else { "1.1" };
    let mut document = Document::new();
    document.parent("clientConfig", &[("version", version)], |document| {
        // Before the provider: FairEmail takes the last `username` of the file for that of the mail servers.
        if let Some(server) = &account.managesieve {
            document.parent("setupServer", &[("type", "managesieve")], |document| {
                setup_server(document, server);
            });
        }
        for (name, kind, dav) in
            [("calendar", "caldav", &account.caldav), ("addressbook", "carddav", &account.carddav)]
        {
            if let Some(dav) = dav {
                document.parent(name, &[("type", kind)], |document| dav_server(document, dav));
            }
        }
        let id = account.domain.as_str();
        document.parent("emailProvider", &[("id", id)], |document| {
            email_provider(document, account, smtp);
        });
        if let Some(server) = oauth2 {
            document.parent("oAuth2", &[], |document| authorization_server(document, server));
        }
        if let Some(url) = &account.webmail {
            document.parent("webMail", &[], |web| web.empty("loginPage", &[("url", url)]));
        }
    });
    document.into_bytes()
}

fn email_provider(document: &mut Document, account: &Account, smtp: &MailServer) {
    document.element("domain", account.domain.as_str());
    // Mustang wants the domain among these that the user typed.
    if let Some(unicode) = account.domain.unicode() {
        document.element("domain", &unicode);
    }
    let provider = &account.provider;
    document.element("displayName", &shortened(&provider.name, LONGEST_NAME));
    document.element("displayShortName", &shortened(&provider.short_name, LONGEST_SHORT_NAME));
    if let Some(url) = &provider.documentation {
        document.parent("documentation", &[("url", url)], |document| {
            document.element_with("descr", &[("lang", "en")], "Settings for mail programs");
            document.element_with("descr", &[("lang", "de")], "Einstellungen für Mailprogramme");
        });
    }
    for server in &account.incoming {
        document.parent("incomingServer", &[("type", server.protocol.name())], |document| {
            mail_server(document, server);
        });
    }
    document.parent("outgoingServer", &[("type", smtp.protocol.name())], |document| {
        mail_server(document, smtp);
    });
}

/// K-9 knows neither `NTLM` nor `none` and drops the file over a server with nothing else.
/// Thunderbird drops an incoming server with `none`.
fn mail_server(document: &mut Document, server: &MailServer) {
    place(document, &server.server, server.port, server.encryption);
    if server.protocol == MailProtocol::Smtp && !server.auth_required {
        document.element("authentication", "none");
    }
    let mut words = Vec::new();
    for way in server.authentication.ways() {
        if server.spa && way == Authentication::Password {
            words.push("NTLM");
            words.push(authentication(Authentication::EncryptedPassword));
        } else {
            words.push(authentication(way));
        }
    }
    for (number, word) in words.iter().enumerate() {
        if !words[..number].contains(word) {
            document.element("authentication", word);
        }
    }
    document.element("username", &server.login_name);
    if server.leave_on_server.is_some() || server.days.is_some() {
        document.parent("pop3", &[], |document| {
            if let Some(leave) = server.leave_on_server {
                document.element("leaveMessagesOnServer", if leave { "true" } else { "false" });
            }
            // Without a number Thunderbird deletes after its default of 14 days; it reads 0 as never
            // (CreateInBackend.sys.mjs, Pop3Client.sys.mjs).
            let for_ever = server.leave_on_server.filter(|leave| *leave).map(|_| 0);
            if let Some(days) = server.days.or(for_ever) {
                document.element("daysToLeaveMessagesOnServer", &days.to_string());
            }
        });
    }
}

fn setup_server(document: &mut Document, server: &ManageSieve) {
    place(document, &server.server, server.port, server.encryption);
    for way in server.authentication.ways() {
        document.element("authentication", authentication(way));
    }
    document.element("username", &server.login_name);
}

fn place(document: &mut Document, host: &str, port: u16, encryption: Encryption) {
    document.element("hostname", host);
    document.element("port", &port.to_string());
    document.element(
        "socketType",
        match encryption {
            Encryption::Ssl => "SSL",
            Encryption::StartTls => "STARTTLS",
            Encryption::None => "plain",
        },
    );
}

/// A way to log in to a server that is named by host and port.
fn authentication(way: Authentication) -> &'static str {
    match way {
        Authentication::OAuth2 => "OAuth2",
        Authentication::Password => "password-cleartext",
        Authentication::EncryptedPassword => "password-encrypted",
        Authentication::Kerberos => "GSSAPI",
        Authentication::ClientCertificate => "TLS-client-cert",
    }
}

/// What HTTP itself has a name for says so; Kerberos is its `Negotiate` (RFC 4559).
fn dav_server(document: &mut Document, dav: &Dav) {
    document.element("url", &dav.url);
    for way in dav.authentication.ways() {
        match way {
            Authentication::Password => {
                document.element_with("authentication", &[("system", "http")], "Basic");
            }
            Authentication::EncryptedPassword => {
                document.element_with("authentication", &[("system", "http")], "Digest");
            }
            Authentication::Kerberos => {
                document.element_with("authentication", &[("system", "http")], "Negotiate");
            }
            Authentication::OAuth2 | Authentication::ClientCertificate => {
                document.element("authentication", authentication(way));
            }
        }
    }
    document.element("username", &dav.login_name);
}

/// The issuer is the host alone, as the example of the draft has it; clients take the URLs.
fn authorization_server(document: &mut Document, server: &OAuth2) {
    document.element("authURL", &server.auth_url);
    document.element("tokenURL", &server.token_url);
    document.element("issuer", server.issuer.host());
    document.element("scope", &server.scope);
    if let Some(id) = &server.client_id {
        document.element("clientID", id);
    }
}

/// The text, or its beginning with an ellipsis when it has more characters than `longest`.
pub fn shortened(text: &str, longest: usize) -> String {
    if text.chars().count() <= longest {
        return text.to_owned();
    }
    let beginning: String = text.chars().take(longest - 1).collect();
    format!("{}…", beginning.trim_end())
}
