//! Apple's configuration profile: a property list with a payload for each account that a device sets up.

use uuid::Uuid;

use super::visitor::language::{Language, filled};
use super::xml::Document;
use super::{Protocol, Request, Visitor, part};
use crate::account::{Account, Dav, Encryption, MailProtocol, MailServer, MobileSync, Served};
use crate::audience::{Question, User, is_of_user};
use crate::http::{Received, Reply};
use crate::refusal::Refusal;
use crate::request::{EMAILADDRESS, address_parameter};

pub static PROFILE: Protocol =
    Protocol { paths: &["/mail/*.mobileconfig"], read, answer, ..Protocol::DOCUMENT };

/// The name space of our profiles (RFC 9562, 6.5): a random number that must never change,
/// since a device takes a profile with another UUID for another profile.
const PROFILES: Uuid = Uuid::from_u128(0x32f3_00c8_adf6_48f6_b0d3_4581_bbbb_7f1d);

/// Apple's parsers know the format by this line.
const DOCTYPE: &str = "plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\"";

/// Where the signed profile of the host's domain is, which is the same for all users.
pub const SIGNED: &str = "/mail/signed.mobileconfig";

fn read(received: &Received, visitor: Visitor) -> Result<Question, Refusal> {
    let path = received.path.as_deref().unwrap_or_default();
    let Some(address) = address_parameter(received, EMAILADDRESS)? else {
        let domain = visitor.domain().filter(|_| part(SIGNED, path).is_some());
        let domain = domain.ok_or(Refusal::InvalidRequest)?;
        return Ok(Question { signed: true, ..Question::new(domain, User::Everyone) });
    };
    Ok(Question { follows: true, ..Question::named(address) })
}

/// The profile of an account, to download; the same bytes whenever it is asked for.
///
/// Keys and types are those of Apple's device management reference: "Top Level", "Common Payload Keys"
/// and the page of each payload type.
fn answer(request: &Request, Served { account, signed, .. }: Served) -> Result<Reply, Refusal> {
    let body = match (request.question.signed, signed) {
        (false, _) => document(&account, request.visitor.language())?,
        (true, Some(signed)) => signed,
        (true, None) => return Err(Refusal::NotFound),
    };
    let disposition = format!("attachment; filename=\"{}.mobileconfig\"", account.domain);
    let reply = Reply::new("application/x-apple-aspen-config", body);
    Ok(reply.header("Content-Disposition", disposition))
}

/// The profile, with texts in that language.
///
/// That of all users has neither address nor login names: the device asks for what a payload lacks
/// (Apple, Mail payload, `EmailAddress` and `IncomingMailServerUsername`).
pub fn document(account: &Account, texts: &Language) -> Result<Vec<u8>, Refusal> {
    let payloads = payloads(account);
    if payloads.is_empty() {
        return Err(Refusal::ProviderUnavailable);
    }
    let mut document = Document::new();
    document.doctype(DOCTYPE);
    document.parent("plist", &[("version", "1.0")], |document| {
        let name = account.display_name.as_deref();
        profile(&mut Keys(document), texts, account, name, &payloads);
    });
    Ok(document.into_bytes())
}

/// Whether a profile has something to set up.
pub fn is_offered(account: &Account) -> bool {
    !payloads(account).is_empty()
}

/// Whether there would be a profile if the servers took a password.
pub fn lacks_password(account: &Account) -> bool {
    let mail = !account.incoming.is_empty() && account.smtp.is_some();
    !is_offered(account) && (mail || account.caldav.is_some() || account.carddav.is_some())
}

/// One of the accounts that a profile sets up.
enum Payload<'a> {
    Mail { incoming: &'a MailServer, smtp: &'a MailServer },
    ActiveSync(&'a MobileSync),
    CalDav(&'a Dav),
    CardDav(&'a Dav),
}

/// A mail payload takes one incoming and one outgoing server, no more and no less.
///
/// ActiveSync brings mail, calendars and contacts at once, so it stands only where it is the way to the mail.
/// No payload has keys for tokens or Kerberos: there is none for what takes no password.
fn payloads(account: &Account) -> Vec<Payload<'_>> {
    let mut payloads = Vec::new();
    match (account.mail_by_password(), &account.mobilesync) {
        (Some((incoming, smtp)), _) => payloads.push(Payload::Mail { incoming, smtp }),
        (_, Some(server)) => payloads.push(Payload::ActiveSync(server)),
        _ => {}
    }
    let by_password = |dav: &&Dav| dav.authentication.take_password();
    payloads.extend(account.caldav.as_ref().filter(by_password).map(Payload::CalDav));
    payloads.extend(account.carddav.as_ref().filter(by_password).map(Payload::CardDav));
    payloads
}

/// What a person reads before the device installs anything.
fn description(texts: &Language, account: &Account) -> String {
    let Account { email, domain, provider, .. } = account;
    let whose = if account.is_of_everyone() { domain.as_str() } else { email };
    let values = [("provider", provider.name.as_str()), ("address", whose)];
    let mut text = filled(texts.profile_description, &values);
    if let Some(url) = &provider.documentation {
        text.push(' ');
        text += &filled(texts.profile_help, &[("url", url)]);
    }
    text
}

fn profile(
    keys: &mut Keys,
    texts: &Language,
    account: &Account,
    name: Option<&str>,
    payloads: &[Payload],
) {
    let identity = Identity::of(account);
    keys.dictionary("Configuration", &identity, |keys| {
        keys.string("PayloadDisplayName", &account.provider.name);
        keys.string("PayloadDescription", &description(texts, account));
        keys.string("PayloadOrganization", &account.provider.name);
        keys.array("PayloadContent", |keys| {
            payloads.iter().for_each(|payload| keys.payload(account, name, &identity, payload));
        });
    });
}

fn mail(
    keys: &mut Keys,
    account: &Account,
    name: Option<&str>,
    incoming: &MailServer,
    smtp: &MailServer,
) {
    let pop = incoming.protocol == MailProtocol::Pop3;
    keys.string("EmailAccountType", if pop { "EmailTypePOP" } else { "EmailTypeIMAP" });
    keys.string("EmailAccountDescription", &account.provider.name);
    if let Some(name) = name {
        keys.personal("EmailAccountName", account, name);
    }
    keys.personal("EmailAddress", account, &account.email);
    for (direction, server) in [("Incoming", incoming), ("Outgoing", smtp)] {
        let key = |name| format!("{direction}MailServer{name}");
        let authentication = match server {
            MailServer { auth_required: false, .. } => "EmailAuthNone",
            MailServer { spa: true, .. } => "EmailAuthNTLM",
            _ if server.authentication.encrypt_password() => "EmailAuthCRAMMD5",
            _ => "EmailAuthPassword",
        };
        keys.string(&key("HostName"), &server.server);
        keys.integer(&key("PortNumber"), server.port);
        // There is no word for STARTTLS: the device tells it by the port.
        keys.boolean(&key("UseSSL"), server.encryption != Encryption::None);
        keys.string(&key("Authentication"), authentication);
        keys.personal(&key("Username"), account, &server.login_name);
    }
    // Both servers know the user by the same name, so the device need ask only once.
    let one_password = incoming.login_name == smtp.login_name;
    keys.boolean("OutgoingPasswordSameAsIncomingPassword", one_password);
    for key in SMIME {
        keys.boolean(key, true);
    }
}

/// Without these the user cannot switch on S/MIME: a profile's account is not changed by hand (iOS 12 and later).
const SMIME: &[&str] = &[
    "SMIMESigningUserOverrideable",
    "SMIMESigningCertificateUUIDUserOverrideable",
    "SMIMEEncryptByDefaultUserOverrideable",
    "SMIMEEncryptionCertificateUUIDUserOverrideable",
    "SMIMEEnableEncryptionPerMessageSwitch",
];

/// There is no key for the path, which is always the same.
fn active_sync(keys: &mut Keys, account: &Account, server: &MobileSync) {
    let url = &server.url;
    keys.personal("EmailAddress", account, &account.email);
    match url.port().filter(|port| *port != url.usual_port()) {
        // There is no key for the port either; iOS takes it where a person would write it.
        Some(port) => keys.string("Host", &format!("{}:{port}", url.host())),
        None => keys.string("Host", url.host()),
    }
    keys.boolean("SSL", url.is_https());
    keys.personal("UserName", account, &server.login_name);
}

/// Without `PrincipalURL` the device looks for it (RFC 6764, 6), which finds more than a context path would:
/// the key must be the principal itself, which only a URL with the user in it can be.
fn dav(keys: &mut Keys, protocol: &str, account: &Account, dav: &Dav) {
    let key = |name| format!("{protocol}{name}");
    keys.string(&key("AccountDescription"), &account.provider.name);
    keys.string(&key("HostName"), dav.url.host());
    if let Some(port) = dav.url.port() {
        keys.integer(&key("Port"), port);
    }
    keys.boolean(&key("UseSSL"), dav.url.is_https());
    if dav.url_of_user {
        keys.personal(&key("PrincipalURL"), account, dav.url.target());
    }
    keys.personal(&key("Username"), account, &dav.login_name);
}

/// By what a device tells profiles and payloads apart: an equal one is replaced, another is added.
struct Identity {
    uuid: Uuid,
    identifier: String,
}

impl Identity {
    /// The same for every spelling of the domain, and for no other address; no address has an empty local part,
    /// which stands for all users.
    ///
    /// The identifier has the domain in reverse; for the local part, which may hold any character,
    /// it has the UUID.
    fn of(account: &Account) -> Identity {
        let domain = account.domain.as_str();
        let local = if account.is_of_everyone() { "" } else { account.local() };
        let uuid = Uuid::new_v5(&PROFILES, format!("{local}@{domain}").as_bytes());
        let reverse = domain.rsplit('.').collect::<Vec<_>>().join(".");
        Identity { uuid, identifier: format!("{reverse}.autodiscover.{uuid}") }
    }

    fn of_payload(&self, kind: &str) -> Identity {
        let uuid = Uuid::new_v5(&self.uuid, kind.as_bytes());
        Identity { uuid, identifier: format!("{}.{kind}", self.identifier) }
    }
}

/// A property list in the making (plist(5) of macOS): a key, then its value.
struct Keys<'d>(&'d mut Document);

impl Keys<'_> {
    /// A dictionary that begins with what every payload must have.
    fn dictionary(
        &mut self,
        payload_type: &str,
        identity: &Identity,
        rest: impl FnOnce(&mut Keys),
    ) {
        self.0.parent("dict", &[], |document| {
            let mut keys = Keys(document);
            keys.string("PayloadType", payload_type);
            keys.integer("PayloadVersion", 1);
            keys.string("PayloadIdentifier", &identity.identifier);
            // In capitals, as uuidgen of macOS prints it.
            keys.string("PayloadUUID", &format!("{:X}", identity.uuid));
            rest(&mut keys);
        });
    }

    fn array(&mut self, key: &str, items: impl FnOnce(&mut Keys)) {
        self.0.element("key", key);
        self.0.parent("array", &[], |document| items(&mut Keys(document)));
    }

    fn string(&mut self, key: &str, text: &str) {
        self.0.element("key", key);
        self.0.element("string", text);
    }

    /// A string that depends on the user, where it is known.
    fn personal(&mut self, key: &str, account: &Account, text: &str) {
        if !(account.is_of_everyone() && is_of_user(text)) {
            self.string(key, text);
        }
    }

    fn integer(&mut self, key: &str, number: u16) {
        self.0.element("key", key);
        self.0.element("integer", &number.to_string());
    }

    fn boolean(&mut self, key: &str, value: bool) {
        self.0.element("key", key);
        self.0.empty(if value { "true" } else { "false" }, &[]);
    }

    fn payload(
        &mut self,
        account: &Account,
        name: Option<&str>,
        profile: &Identity,
        payload: &Payload,
    ) {
        // The second is part of identifiers and UUIDs, and must never change either.
        let (payload_type, kind, title) = match payload {
            Payload::Mail { incoming, .. } if incoming.protocol == MailProtocol::Pop3 => {
                ("com.apple.mail.managed", "pop3", "POP3")
            }
            Payload::Mail { .. } => ("com.apple.mail.managed", "imap", "IMAP"),
            Payload::ActiveSync(_) => {
                ("com.apple.eas.account", "activesync", "Exchange ActiveSync")
            }
            Payload::CalDav(_) => ("com.apple.caldav.account", "caldav", "CalDAV"),
            Payload::CardDav(_) => ("com.apple.carddav.account", "carddav", "CardDAV"),
        };
        self.dictionary(payload_type, &profile.of_payload(kind), |keys| {
            keys.string("PayloadDisplayName", title);
            keys.string("PayloadOrganization", &account.provider.name);
            match payload {
                Payload::Mail { incoming, smtp } => mail(keys, account, name, incoming, smtp),
                Payload::ActiveSync(service) => active_sync(keys, account, service),
                Payload::CalDav(service) => dav(keys, "CalDAV", account, service),
                Payload::CardDav(service) => dav(keys, "CardDAV", account, service),
            }
        });
    }
}
