//! The settings of an account as people type them: one table for each service.

use super::language::Language;
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
    Words(String),
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
        (texts.mail, "JMAP", account.jmap.as_deref()),
    ] {
        services.extend(dav.map(|dav| Service { title, protocol, rows: by_url(texts, dav) }));
    }
    services.extend(account.mobilesync.iter().map(|server| Service {
        title: texts.mobilesync,
        protocol: "ActiveSync",
        rows: vec![url(texts, &server.url), user_name(texts, &server.login_name)],
    }));
    services.extend(account.managesieve.iter().map(|server| sieve_server(texts, server)));
    services
}

fn by_url<'a>(texts: &Language, server: &'a Dav) -> Vec<Row<'a>> {
    let mut rows = vec![url(texts, &server.url), user_name(texts, &server.login_name)];
    // Programs that ask for a URL ask for a password, unless told otherwise.
    if server.authentication != Authentications::PASSWORD {
        rows.push(authentication(texts, server.authentication, false));
    }
    rows
}

fn sieve_server<'a>(texts: &Language, server: &'a ManageSieve) -> Service<'a> {
    let mut rows = place(texts, &server.server, server.port, server.encryption);
    rows.push(user_name(texts, &server.login_name));
    rows.push(authentication(texts, server.authentication, false));
    Service { title: texts.filters, protocol: "ManageSieve", rows }
}

fn mail_server<'a>(texts: &Language, server: &'a MailServer) -> Service<'a> {
    let (title, protocol) = match server.protocol {
        MailProtocol::Imap => (texts.incoming, "IMAP"),
        MailProtocol::Pop3 => (texts.incoming, "POP3"),
        MailProtocol::Smtp => (texts.outgoing, "SMTP"),
    };
    let mut rows = place(texts, &server.server, server.port, server.encryption);
    if server.auth_required {
        rows.push(user_name(texts, &server.login_name));
        rows.push(authentication(texts, server.authentication, server.spa));
    } else {
        let value = Value::Words(texts.no_authentication.to_owned());
        rows.push(Row { name: texts.authentication, value });
    }
    Service { title, protocol, rows }
}

fn place<'a>(texts: &Language, host: &'a str, port: u16, encryption: Encryption) -> Vec<Row<'a>> {
    let encryption = match encryption {
        Encryption::Ssl => "SSL/TLS",
        Encryption::StartTls => "STARTTLS",
        Encryption::None => texts.unencrypted,
    };
    vec![
        Row { name: texts.server, value: Value::Literal(host) },
        Row { name: texts.port, value: Value::Port(port) },
        Row { name: texts.encryption, value: Value::Words(encryption.to_owned()) },
    ]
}

fn url<'a>(texts: &Language, url: &'a str) -> Row<'a> {
    Row { name: texts.url, value: Value::Literal(url) }
}

fn user_name<'a>(texts: &Language, login_name: &'a str) -> Row<'a> {
    Row { name: texts.user_name, value: Value::Literal(login_name) }
}

/// The ways to log in, the preferred one first.
fn authentication(texts: &Language, ways: Authentications, spa: bool) -> Row<'static> {
    let names = ways.ways().map(|way| match way {
        Authentication::Password if spa => "NTLM",
        Authentication::Password => texts.password,
        Authentication::OAuth2 => "OAuth2",
        Authentication::Kerberos => "Kerberos",
        Authentication::ClientCertificate => texts.certificate,
    });
    let value = Value::Words(names.collect::<Vec<_>>().join(" / "));
    Row { name: texts.authentication, value }
}
