//! Properties that hold for whatever a client sends: the answer is well-formed, and an address survives both ways.

use proptest::prelude::*;

use crate::address::{Address, Domain};
use crate::cgi;
use crate::config::file::File;
use crate::config::keys::Scope;
use crate::config::{Config, Place, mistakes};
use crate::http::Reply;
use crate::protocol::pox::{MOBILESYNC, OUTLOOK};

const CONFIG: &str = "\
domains = [\"*\"]
display_name = \"{email}\"
[imap]
server = \"imap.{domain}\"
login_name = \"{local}+{domain}\"
[smtp]
server = \"smtp.{domain}\"
[mobilesync]
url = \"https://mail.{domain}/{email}\"
";

fn reply(body: Vec<u8>) -> Reply {
    let received = cgi::described(|_| None, "POST".to_owned(), Ok(body));
    let place = Place::Text { main: CONFIG.into(), own: None };
    let (reply, problem) = crate::reply(&received, &Config::of(&place));
    assert_eq!(problem, None);
    reply
}

/// The text of the first element of that name, as a parser reads it that is not ours.
fn text(reply: &Reply, name: &str) -> Option<String> {
    let body = str::from_utf8(&reply.body).unwrap();
    let document = roxmltree::Document::parse(body).unwrap();
    let element = document.descendants().find(|node| node.tag_name().name() == name);
    element.and_then(|node| node.text()).map(str::to_owned)
}

fn escaped(text: &str) -> String {
    text.chars().map(|c| format!("&#{};", u32::from(c))).collect()
}

fn body(address: &str, schema: &str) -> Vec<u8> {
    format!(
        "<Autodiscover><Request><EMailAddress>{address}</EMailAddress>\
         <AcceptableResponseSchema>{schema}</AcceptableResponseSchema></Request></Autodiscover>"
    )
    .into_bytes()
}

/// Local parts of every kind that RFC 5321 and RFC 6531 know, and much that they do not.
fn local_part() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-zA-Z0-9!#$%&'*+/=?^_`{|}~-]{1,20}(\\.[a-z&<>]{1,9})?",
        "\"[ -~]{1,20}\"",
        "\\PC{1,12}",
    ]
}

proptest! {
    #[test]
    fn any_bytes_get_a_well_formed_document(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        text(&reply(bytes), "Autodiscover").unwrap();
    }

    #[test]
    fn anything_like_a_request_gets_a_well_formed_document(
        text_in in "(<[A-Za-z:/? =\"']{0,12}>?|&[a-z#0-9]{0,4};|[a-z@.]{0,9}|<!\\[CDATA\\[|\\]\\]>|\\PC){0,24}",
    ) {
        text(&reply(body(&text_in, OUTLOOK)), "Autodiscover").unwrap();
        text(&reply(text_in.into_bytes()), "Autodiscover").unwrap();
    }

    #[test]
    fn an_address_comes_back_as_it_was_sent(local in local_part()) {
        let written = format!("{local}@example.org");
        let sent = body(&escaped(&written), OUTLOOK);
        match Address::new(&written) {
            Some(address) => {
                prop_assert_eq!(text(&reply(sent), "DisplayName").unwrap(), address.email());
                let mobile = reply(body(&escaped(&written), MOBILESYNC));
                prop_assert_eq!(text(&mobile, "EMailAddress").unwrap(), address.email());
            }
            None => prop_assert_eq!(text(&reply(sent), "ErrorCode").unwrap(), "600"),
        }
    }

    #[test]
    fn an_address_never_becomes_a_path(text in "\\PC{0,40}") {
        if let Some(domain) = Domain::new(&text) {
            prop_assert!(domain.as_str().bytes().all(|b| b.is_ascii_alphanumeric() || b"-.".contains(&b)));
            prop_assert!(!domain.as_str().contains(".."));
        }
    }

    #[test]
    fn any_file_is_read_or_told_why_not(text in "(\\[?[a-z_]{1,9}\\]?|[=\"'{}\\[\\],.#\n -]|\\PC){0,60}") {
        let judged = mistakes::all(Scope::Domain, &text);
        let read = File::read(Scope::Domain, "x".to_owned(), text.clone());
        prop_assert_eq!(read.is_ok(), judged.mistakes.is_empty());
        prop_assert!(!read.map_or_else(|problem| problem.to_string(), |_| String::new()).contains('\n'));
        for (at, _) in judged.mistakes {
            prop_assert!(at <= text.len());
        }
    }
}
