//! PACC (draft-ietf-mailmaint-pacc-04): the settings of a domain as JSON, and the digest that vouches for them in DNS.

use base64::prelude::{BASE64_STANDARD, Engine};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::autoconfig::{LONGEST_NAME, LONGEST_SHORT_NAME, shortened};
use super::{Protocol, Request, Visitor};
use crate::account::{Account, Authentication, Dav, Logo, MailProtocol, MailServer, Served};
use crate::audience::{Question, Reach, User};
use crate::http::{JSON, Received, Reply};
use crate::refusal::Refusal;

pub static PACC: Protocol = Protocol {
    paths: &["/.well-known/user-agent-configuration.json"],
    read,
    answer,
    ..Protocol::DOCUMENT
};

fn read(_: &Received, visitor: Visitor) -> Result<Question, Refusal> {
    let domain = visitor.domain().ok_or(Refusal::InvalidRequest)?;
    Ok(Question::new(domain, User::Everyone))
}

/// PACC has no word for a port, an encryption or a login name: only the usual ones can be said.
///
/// It has ways to log in for everything at once: what does not take those of the mail servers is left out.
fn answer(_: &Request, Served { account, reach, .. }: Served) -> Result<Reply, Refusal> {
    let by_address = |name: &str| reach == Reach::Domain && name == account.email;
    let usual = |server: &MailServer| server.is_usual() && by_address(&server.login_name);
    let smtp = account.smtp.as_ref().filter(|smtp| usual(smtp));
    let preferred = account.incoming.iter().find(|server| usual(server));
    let (Some(preferred), Some(smtp)) = (preferred, smtp) else {
        return Err(Refusal::ProviderUnavailable);
    };
    let ways: Vec<Authentication> = [Authentication::OAuth2, Authentication::Password]
        .into_iter()
        .filter(|way| takes(preferred, *way) && takes(smtp, *way))
        .collect();
    if ways.is_empty() {
        return Err(Refusal::ProviderUnavailable);
    }
    let incoming = account.incoming.iter().filter(|server| usual(server));
    let incoming = incoming.filter(|server| ways.iter().all(|way| takes(server, *way)));
    let by_url = |server: &&Dav| {
        has_context_path(server)
            && by_address(&server.login_name)
            && ways.iter().all(|way| server.authentication.have(*way))
    };

    // A map of serde_json keeps its keys sorted.
    let mut protocols = Map::new();
    for server in incoming {
        protocols.insert(server.protocol.name().to_owned(), json!({ "host": server.server }));
    }
    // The third draft calls submission `submit`; the second, which Himalaya and Stalwart follow, `smtp`.
    for name in ["submit", MailProtocol::Smtp.name()] {
        protocols.insert(name.to_owned(), json!({ "host": smtp.server }));
    }
    for (name, service) in [
        ("caldav", account.caldav.as_ref()),
        ("carddav", account.carddav.as_ref()),
        ("jmap", account.jmap.as_deref()),
    ] {
        if let Some(service) = service.filter(by_url) {
            protocols.insert(name.to_owned(), json!({ "url": *service.url }));
        }
    }
    let document = json!({
        "authentication": authentication(&account, &ways),
        "info": info(&account),
        "protocols": protocols,
    });
    Ok(Reply::new(JSON, document.to_string().into_bytes()).public())
}

/// A server that wants no log-in lets in whoever tries to.
fn takes(server: &MailServer, way: Authentication) -> bool {
    !server.auth_required || server.authentication.have(way)
}

fn authentication(account: &Account, ways: &[Authentication]) -> Value {
    let mut authentication = Map::new();
    let by_token = ways.contains(&Authentication::OAuth2);
    if let Some(server) = account.oauth2.as_ref().filter(|_| by_token) {
        authentication.insert("oauth-public".to_owned(), json!({ "issuer": *server.issuer }));
    }
    let by_password = ways.contains(&Authentication::Password);
    authentication.insert("password".to_owned(), json!(by_password));
    Value::Object(authentication)
}

/// Whether PACC can name a server by its URL: https, no port, and more than a bare origin.
fn has_context_path(dav: &Dav) -> bool {
    dav.url.is_https() && dav.url.port().is_none() && dav.url.path() != "/" && !dav.url_of_user
}

fn info(account: &Account) -> Value {
    let mut provider = Map::new();
    let names = &account.provider;
    provider.insert("name".to_owned(), json!(shortened(&names.name, LONGEST_NAME)));
    // A short name that only repeats the name says nothing.
    if names.short_name != names.name {
        let short_name = shortened(&names.short_name, LONGEST_SHORT_NAME);
        provider.insert("shortName".to_owned(), json!(short_name));
    }
    // A picture that lies in a file has no URL.
    if let Some(Logo::Url(url)) = &names.logo {
        let mut logo = Map::new();
        let ending = url.path().rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
        let types = [("png", "image/png"), ("svg", "image/svg+xml")];
        if let Some((_, kind)) = types.iter().find(|(known, _)| *known == ending) {
            logo.insert("content-type".to_owned(), json!(kind));
        }
        logo.insert("url".to_owned(), json!(**url));
        provider.insert("logo".to_owned(), json!([logo]));
    }
    let mut info = Map::new();
    if let Some(url) = &names.documentation {
        info.insert("help".to_owned(), json!({ "documentation": **url }));
    }
    info.insert("provider".to_owned(), Value::Object(provider));
    Value::Object(info)
}

/// The text of the TXT record at `_ua-auto-config.DOMAIN`, without which clients discard the document.
pub fn digest(document: &[u8]) -> String {
    format!("v=UAAC1; a=sha256; d={}", BASE64_STANDARD.encode(Sha256::digest(document)))
}

#[cfg(test)]
mod tests {
    use super::digest;

    /// The digest of nothing, and of "abc" (FIPS 180-4, example).
    #[test]
    fn digests_are_base64() {
        assert_eq!(
            digest(b""),
            "v=UAAC1; a=sha256; d=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
        );
        assert_eq!(
            digest(b"abc"),
            "v=UAAC1; a=sha256; d=ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="
        );
    }
}
