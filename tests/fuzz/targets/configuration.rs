//! The texts of `autodiscover.toml` and of a domain's own file in, an account or messages of one line out.
//!
//! The input is the first text and, after a NUL, the second, with repetitions.

#![no_main]

use autodiscover::fuzzing::{answer, faults};
use autodiscover_fuzz::{bounded, check, expanded};
use libfuzzer_sys::fuzz_target;

const ADDRESS: &str = "%22a%3C%26%3E'b%22@xn--tda.example";
const BODY: &str = "<Autodiscover><Request><EMailAddress>\"a&lt;&amp;>'b\"@xn--tda.example\
    </EMailAddress><AcceptableResponseSchema>http://schemas.microsoft.com/exchange/autodiscover/\
    SCHEMA</AcceptableResponseSchema></Request></Autodiscover>";

fuzz_target!(|data: &[u8]| {
    let data = expanded(data, 32 << 10);
    let text = String::from_utf8_lossy(&data);
    let (main, own) = match text.split_once('\0') {
        Some((main, own)) => (main, Some(own)),
        None => (&*text, None),
    };
    // For each of a hundred mistakes its line is looked for from the start of the file.
    let faults = bounded(text.len(), 150_000, 5000, || faults(main, own));
    for fault in &faults {
        assert!(!fault.is_empty() && !fault.chars().any(char::is_control), "{fault:?}");
    }
    if !faults.is_empty() {
        return;
    }
    for schema in ["outlook/responseschema/2006a", "mobilesync/responseschema/2006"] {
        let body = BODY.replace("SCHEMA", schema).into_bytes();
        let post = |name: &str| (name == "REQUEST_METHOD").then(|| "POST".to_owned());
        let (cgi, fault) = bounded(text.len(), 30_000, 60, || answer(post, body, main, own));
        assert_eq!(fault, None);
        check(&cgi, false);
    }
    // Among them the page, which draws a code for telephones.
    for target in [
        format!("/autodiscover/autodiscover.json?Protocol=ActiveSync&Email={ADDRESS}"),
        "/mail/config-v1.1.xml".to_owned(),
        format!("/mail/a.mobileconfig?emailaddress={ADDRESS}"),
        "/.well-known/user-agent-configuration.json".to_owned(),
        format!("/?emailaddress={ADDRESS}"),
    ] {
        let get = |name: &str| match name {
            "REQUEST_METHOD" => Some("GET".to_owned()),
            "REQUEST_URI" => Some(target.clone()),
            "HTTP_HOST" => Some("autoconfig.xn--tda.example".to_owned()),
            _ => None,
        };
        let (cgi, fault) =
            bounded(text.len(), 1_000_000, 60, || answer(get, Vec::new(), main, own));
        assert_eq!(fault, None);
        check(&cgi, false);
    }
});
