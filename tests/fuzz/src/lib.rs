//! What must be true of every answer, whatever was asked and whatever is configured.

use std::collections::BTreeSet;

/// A quoted local part that is markup in every document that we write, and never comes from ourselves.
pub const MARKER: &str = "\"<zq'&zq>\"";
/// Pieces of the marker that no document may hold outside of an escape.
const RAW: [&str; 4] = ["<zq", "zq'", "&zq", "zq>"];

/// Text with three bytes that hardly occur standing for the marker: as it is, escaped for XML, escaped for a URL.
pub fn with_markers(text: &str) -> String {
    let escaped = |escape: fn(u32) -> String| MARKER.chars().map(|c| escape(c.into())).collect();
    let xml: String = escaped(|c| format!("&#{c};"));
    let url: String = escaped(|c| format!("%{c:02x}"));
    text.replace('\u{1}', MARKER).replace('\u{2}', &xml).replace('\u{3}', &url)
}

/// Checks what a web server would read: one answer, well-formed in the type that it names.
///
/// # Panics
/// When it is not.
pub fn check(cgi: &[u8], head: bool) {
    let end = cgi.windows(4).position(|window| window == b"\r\n\r\n").expect("a blank line");
    let (headers, body) = (str::from_utf8(&cgi[..end]).expect("headers"), &cgi[end + 4..]);
    let mut names = BTreeSet::new();
    let (mut content_type, mut length) = ("", None);
    for header in headers.split("\r\n") {
        let (name, value) = header.split_once(": ").expect("a header");
        assert!(name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'), "name {name:?}");
        assert!(value.bytes().all(|b| (b' '..=b'~').contains(&b)), "value {value:?}");
        assert!(value.matches('"').count() % 2 == 0, "quotes of {value:?}");
        assert!(RAW.iter().all(|raw| !value.contains(raw)), "the marker is in {header:?}");
        assert!(names.insert(name.to_ascii_lowercase()), "{name} twice");
        match name {
            "Status" => assert!(value[..3].parse::<u16>().is_ok(), "status {value:?}"),
            "Content-Type" => content_type = value,
            "Content-Length" => length = value.parse().ok(),
            _ => {}
        }
    }
    if head {
        assert!(body.is_empty() && length.is_some());
        return;
    }
    assert_eq!(length, Some(body.len()));
    let text = str::from_utf8(body).expect("a body in UTF-8");
    match content_type.split(';').next().unwrap_or_default() {
        "text/xml" | "application/xml" | "application/x-apple-aspen-config" => xml(text),
        "application/json" => keys(&serde_json::from_str(text).expect("JSON")),
        "text/html" => raw(text),
        "text/plain" => assert!(!text.contains("zq"), "the client's text is in {text:?}"),
        _ => panic!("Content-Type {content_type:?}"),
    }
}

fn raw(text: &str) {
    assert!(RAW.iter().all(|raw| !text.contains(raw)), "the marker is raw in {text}");
}

fn xml(text: &str) {
    raw(text);
    let options = roxmltree::ParsingOptions { allow_dtd: true, ..Default::default() };
    let document = roxmltree::Document::parse_with_options(text, options).expect("XML");
    for node in document.descendants() {
        assert!(!node.is_comment() && !node.is_pi(), "something strange in {text}");
        let attributes = node.attributes().map(|attribute| attribute.name());
        let namespace = node.tag_name().namespace().unwrap_or_default();
        for name in attributes.chain([node.tag_name().name(), namespace]) {
            assert!(!name.contains("zq"), "{name} is the client's");
        }
    }
}

fn keys(value: &serde_json::Value) {
    match value {
        serde_json::Value::Object(members) => members.iter().for_each(|(key, value)| {
            assert!(!key.contains("zq"), "{key} is the client's");
            keys(value);
        }),
        serde_json::Value::Array(elements) => elements.iter().for_each(keys),
        _ => {}
    }
}
