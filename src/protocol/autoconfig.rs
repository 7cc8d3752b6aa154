//! Autoconfig, version 1.1 (draft-ietf-mailmaint-autoconfig-06): Thunderbird, and most clients that are not Microsoft's or Apple's.

use super::xml::Document;
use super::{GET, Protocol};
use crate::account::{Account, Dav, Encryption, MailProtocol, MailServer, User};
use crate::http::{NO_STORE, ONE_HOUR, Received, Reply, XML};
use crate::refusal::Refusal;
use crate::request::{EMAILADDRESS, Request, address_parameter, domain_of_host};

pub static AUTOCONFIG: Protocol = Protocol {
    paths: &[
        "/mail/config-v1.1.xml",
        "/.well-known/autoconfig/mail/config-v1.1.xml",
        // Nine.
        "/v1.1/mail/config-v1.1.xml",
        // draft-bucksch-autoconfig-02; GNOME Online Accounts asks nothing else of the host that MX names.
        "/.well-known/mail-v1.xml",
    ],
    methods: GET,
    read,
    answer,
    refuse: |_, refusal, _| Reply::sentence(refusal),
};

/// The longest names of a provider, in characters (draft-ietf-mailmaint-autoconfig: `displayName` and
/// `displayShortName`; draft-ietf-mailmaint-pacc agrees).
pub const LONGEST_NAME: usize = 60;
pub const LONGEST_SHORT_NAME: usize = 20;

/// The host says for which domain a client asks that sends no address (K-9, KMail, Geary), or one that cannot
/// be read (Nextcloud, FairEmail, GNOME and pimalaya do not encode its `&`).
///
/// It also answers for customers' domains that only their MX leads here (section «domain hosters» of the draft).
fn read(received: &Received) -> Result<Request<'_>, Refusal> {
    let address = address_parameter(received, EMAILADDRESS).unwrap_or_default();
    let host = domain_of_host(received);
    let domain = address.as_ref().map(|address| address.domain().clone());
    Ok(Request {
        domain: domain.or(host.clone()).ok_or(Refusal::InvalidRequest)?,
        user: User::Hidden(address),
        host,
        wanted: None,
        received,
    })
}

/// Half a file makes Thunderbird drop it, and one `plain` server makes K-9 drop it whole.
fn answer(_: &Request, mut account: Account) -> Result<Reply, Refusal> {
    if account.redirect.is_some() {
        return Err(Refusal::Moved);
    }
    let encrypted = |server: &MailServer| server.encryption != Encryption::None;
    if account.incoming.iter().chain(&account.smtp).any(encrypted) {
        account.incoming.retain(encrypted);
        account.smtp = account.smtp.filter(encrypted);
    }
    let Some(smtp) = &account.smtp else { return Err(Refusal::ProviderUnavailable) };
    if account.incoming.is_empty() {
        return Err(Refusal::ProviderUnavailable);
    }
    let cache_control = if account.personal { NO_STORE } else { ONE_HOUR };
    Ok(Reply::new(XML, document(&account, smtp)).cache_control(cache_control))
}

fn document(account: &Account, smtp: &MailServer) -> Vec<u8> {
    let mut document = Document::new();
    document.parent("clientConfig", &[("version", "1.1")], |document| {
        // Before the provider: FairEmail takes the last `username` of the file for that of the mail servers.
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

fn mail_server(document: &mut Document, server: &MailServer) {
    document.element("hostname", &server.server);
    document.element("port", &server.port.to_string());
    document.element(
        "socketType",
        match server.encryption {
            Encryption::Ssl => "SSL",
            Encryption::StartTls => "STARTTLS",
            Encryption::None => "plain",
        },
    );
    for authentication in authentications(server) {
        document.element("authentication", authentication);
    }
    document.element("username", &server.login_name);
}

/// The ways to log in, the preferred one first.
///
/// K-9 knows neither `NTLM` nor `none` and drops the file over a server with nothing else.
/// Thunderbird drops an incoming server with `none`.
fn authentications(server: &MailServer) -> &'static [&'static str] {
    if server.spa {
        &["NTLM", "password-encrypted"]
    } else if server.protocol == MailProtocol::Smtp && !server.auth_required {
        &["none", "password-cleartext"]
    } else {
        &["password-cleartext"]
    }
}

fn dav_server(document: &mut Document, dav: &Dav) {
    document.element("url", &dav.url);
    document.element_with("authentication", &[("system", "http")], "Basic");
    document.element("username", &dav.login_name);
}

/// The text, or its beginning with an ellipsis when it has more characters than `longest`.
pub fn shortened(text: &str, longest: usize) -> String {
    if text.chars().count() <= longest {
        return text.to_owned();
    }
    let beginning: String = text.chars().take(longest - 1).collect();
    format!("{}…", beginning.trim_end())
}
