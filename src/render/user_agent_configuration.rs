//! PACC (draft-ietf-mailmaint-pacc-03): the settings of a domain as JSON, and the digest that vouches for them in DNS.

use base64::prelude::{BASE64_STANDARD, Engine};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::account::{Account, MailProtocol, MailServer};

/// The document of a domain, with its keys in alphabetical order and no white space:
/// clients discard one whose digest differs from that in DNS.
pub fn document(account: &Account, short_name: Option<&str>) -> Vec<u8> {
    let mut provider = Map::new();
    provider.insert("name".to_owned(), json!(account.provider.name));
    provider.extend(short_name.map(|name| ("shortName".to_owned(), json!(name))));

    let mut info = Map::new();
    let help = account.provider.documentation.as_ref();
    info.extend(help.map(|url| ("help".to_owned(), json!({ "documentation": **url }))));
    info.insert("provider".to_owned(), Value::Object(provider));

    let dav = [("caldav", &account.caldav), ("carddav", &account.carddav)].into_iter();
    let dav = dav.filter_map(|(name, dav)| Some((name, json!({ "url": *dav.as_ref()?.url }))));
    let mail = account.incoming.iter().chain(&account.smtp);
    let mail = mail.map(|server| (name(server), json!({ "host": server.server })));
    let mut protocols: Vec<(&str, Value)> = dav.chain(mail).collect();
    protocols.sort_by_key(|(name, _)| *name);
    let protocols: Map<String, Value> =
        protocols.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();

    json!({
        "authentication": { "password": true },
        "info": info,
        "protocols": protocols,
    })
    .to_string()
    .into_bytes()
}

/// The key of a mail protocol; before the third draft that of submission was `smtp`.
fn name(server: &MailServer) -> &'static str {
    match server.protocol {
        MailProtocol::Imap => "imap",
        MailProtocol::Pop3 => "pop3",
        MailProtocol::Smtp => "submit",
    }
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
