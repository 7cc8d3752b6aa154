//! CGI variables and a body in, one well-formed answer out, at a cost that their length bounds.
//!
//! The input is lines `NAME=value`, an empty line, and the body, with repetitions.
//! `CONFIGURATION` chooses among the configurations below.

#![no_main]

use std::collections::BTreeMap;

use autodiscover::fuzzing::{answer, is_request};
use autodiscover_fuzz::{bounded, check, expanded, with_markers};
use libfuzzer_sys::fuzz_target;

const EVERYTHING: &str = r#"
domains = ["*"]
login_name = "{local}+{domain}"
display_name = "<{email}>"
[imap]
server = "imap.{domain}"
ttl = 1
domain_name = "{domain}"
[pop3]
server = "pop.{domain}"
encryption = "starttls"
login_name = "'{local}'"
[smtp]
server = "smtp.{domain}"
use_pop_auth = true
[mobilesync]
url = "https://mail.{domain}/{email}?&"
name = "<&{local}"
[webmail]
url = "https://{domain}/#{local}"
[caldav]
url = "https://dav.example.org/{email}/"
[carddav]
url = "https://dav.example.org/{local}/'"
login_name = "{local}"
[provider]
name = "<Example> & \"Mail\""
short_name = "{domain}'s"
documentation = "https://example.org/help?{domain}"
"#;
const MOVED_TO_ADDRESS: &str = "[redirect]\naddress = \"{local}@moved.example\"\n";
const MOVED_TO_URL: &str = "[redirect]\nurl = \"https://{domain}/{email}?'&{local}\"\n";
const LITTLE: &str = "imap.enabled = false\npop3.enabled = false\nsmtp.enabled = false\n";
const PLAIN: &str = "imap.encryption = \"none\"\nsmtp.encryption = \"none\"\nprefer = \"pop3\"\n";

/// The longest body that is read.
const LONGEST: usize = 64 << 10;

fuzz_target!(|data: &[u8]| {
    let data = expanded(data, LONGEST);
    let end = data.windows(2).position(|window| window == b"\n\n");
    let (head, body) = end.map_or((&data[..], &b""[..]), |end| (&data[..end], &data[end + 2..]));
    let head = with_markers(&String::from_utf8_lossy(head));
    let body = match str::from_utf8(body) {
        Ok(text) => with_markers(text).into_bytes(),
        Err(_) => body.to_owned(),
    };
    let variables: BTreeMap<&str, &str> =
        head.lines().filter_map(|line| line.split_once('=')).collect();
    let own = match variables.get("CONFIGURATION").copied() {
        Some("address") => Some(MOVED_TO_ADDRESS),
        Some("url") => Some(MOVED_TO_URL),
        Some("little") => Some(LITTLE),
        Some("plain") => Some(PLAIN),
        _ => None,
    };
    if let (true, Ok(text)) = (is_request(&body), str::from_utf8(&body)) {
        roxmltree::Document::parse(text).expect("another reader takes it too");
    }
    let variable = |name: &str| {
        variables.get(name).filter(|value| !value.is_empty()).map(|value| value.to_string())
    };
    // The page draws a code for telephones, and shows several times what cannot be an address.
    let length = head.len() + body.len();
    let (cgi, fault) = bounded(length, 1_000_000, 150, || answer(variable, body, EVERYTHING, own));
    // Only a redirect can turn out wrong for one domain and right for another.
    assert!(fault.is_none() || own == Some(MOVED_TO_ADDRESS), "{fault:?}");
    check(&cgi, variables.get("REQUEST_METHOD") == Some(&"HEAD"));
});
