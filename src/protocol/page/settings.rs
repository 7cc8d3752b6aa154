//! The settings of an account as people type them: one table for each service.

use std::borrow::Cow;

use super::super::visitor::language::Language;
use crate::account::{
    Account, Authentication, Authentications, Dav, Encryption, MailProtocol, MailServer,
    ManageSieve,
};

/// One service of an account.
pub struct Service<'a> {
    pub title: &'static str,
    pub protocol: &'static str,
    pub rows: Vec<Row<'a>>,
}

/// One setting.
pub struct Row<'a> {
    pub name: &'static str,
    pub value: Value<'a>,
}

pub enum Value<'a> {
    /// To be chosen.
    Words(Cow<'static, str>),
    /// To be typed, or copied.
    Literal(&'a str),
    Port(u16),
}

/// The preferred way in, then the way out, then what else there is.
pub fn services<'a>(texts: &Language, account: &'a Account) -> Vec<Service<'a>> {
    let mut incoming = account.incoming.iter().map(|server| mail_server(texts, server));
    let mut services: Vec<Service> = incoming.next().into_iter().collect();
    services.extend(account.smtp.iter().map(|server| mail_server(texts, server)));
    services.extend(incoming);
    for (title, protocol, dav) in [
        (texts.calendar, "CalDAV", account.caldav.as_ref()),
        (texts.contacts, "CardDAV", account.carddav.as_ref()),
        (texts.mobilesync, "JMAP", account.jmap.as_deref()),
    ] {
        services.extend(dav.iter().map(|server: &&Dav| {
            let mut rows = self::dav(texts, server);
            // The password goes without saying.
            if server.authentication != Authentications::PASSWORD {
                rows.push(authentication(texts, ways(texts, server.authentication, false)));
            }
            Service { title, protocol, rows }
        }));
    }
    services.extend(account.mobilesync.iter().map(|server| Service {
        title: texts.mobilesync,
        protocol: "ActiveSync",
        rows: vec![
            Row { name: texts.url, value: Value::Literal(&server.url) },
            Row { name: texts.user_name, value: Value::Literal(&server.login_name) },
        ],
    }));
    services.extend(account.managesieve.iter().map(|server| managesieve(texts, server)));
    services
}

/// What a client of CalDAV or CardDAV asks for.
pub fn dav<'a>(texts: &Language, server: &'a Dav) -> Vec<Row<'a>> {
    vec![
        Row { name: texts.url, value: Value::Literal(&server.url) },
        Row { name: texts.user_name, value: Value::Literal(&server.login_name) },
    ]
}

/// What a mail program asks for, as far as it must be typed.
pub fn typed<'a>(texts: &Language, server: &'a MailServer) -> Vec<Row<'a>> {
    let mut rows = place(texts, &server.server, server.port, server.encryption);
    if server.auth_required {
        rows.push(Row { name: texts.user_name, value: Value::Literal(&server.login_name) });
    }
    rows
}

fn managesieve<'a>(texts: &Language, server: &'a ManageSieve) -> Service<'a> {
    let mut rows = place(texts, &server.server, server.port, server.encryption);
    rows.push(Row { name: texts.user_name, value: Value::Literal(&server.login_name) });
    rows.push(authentication(texts, ways(texts, server.authentication, false)));
    Service { title: texts.filters, protocol: "ManageSieve", rows }
}

/// The ways to log in, as Thunderbird calls them.
pub fn ways(texts: &Language, ways: Authentications, ntlm: bool) -> Cow<'static, str> {
    let mut words = ways.ways().map(|way| match way {
        Authentication::OAuth2 => "OAuth2",
        Authentication::Password if ntlm => "NTLM",
        Authentication::Password => texts.password,
        Authentication::EncryptedPassword => "CRAM-MD5",
        Authentication::Kerberos => "Kerberos / GSSAPI",
        Authentication::ClientCertificate => texts.certificate,
    });
    let first = words.next().unwrap_or_default();
    words.fold(first.into(), |list, word| list + "; " + word)
}

fn authentication<'a>(texts: &Language, words: Cow<'static, str>) -> Row<'a> {
    Row { name: texts.authentication, value: Value::Words(words) }
}

fn place<'a>(texts: &Language, server: &'a str, port: u16, encryption: Encryption) -> Vec<Row<'a>> {
    let encryption = match encryption {
        Encryption::Ssl => "SSL/TLS",
        Encryption::StartTls => "STARTTLS",
        Encryption::None => texts.unencrypted,
    };
    vec![
        Row { name: texts.server, value: Value::Literal(server) },
        Row { name: texts.port, value: Value::Port(port) },
        Row { name: texts.encryption, value: Value::Words(encryption.into()) },
    ]
}

fn mail_server<'a>(texts: &Language, server: &'a MailServer) -> Service<'a> {
    let (title, protocol) = match server.protocol {
        MailProtocol::Imap => (texts.incoming, "IMAP"),
        MailProtocol::Pop3 => (texts.incoming, "POP3"),
        MailProtocol::Smtp => (texts.outgoing, "SMTP"),
    };
    let mut rows = typed(texts, server);
    let words = if server.auth_required {
        ways(texts, server.authentication, server.spa)
    } else {
        texts.no_authentication.into()
    };
    rows.push(authentication(texts, words));
    Service { title, protocol, rows }
}
