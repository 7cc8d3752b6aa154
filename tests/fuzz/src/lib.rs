//! How a short input becomes a long or deep one, what it may cost, and what must be true of every answer.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering::Relaxed};

/// The edges of the program that were passed so far.
static STEPS: AtomicU64 = AtomicU64::new(0);

/// libFuzzer takes these for coverage: an input that costs more for each byte than all before is kept and changed further.
#[used]
#[unsafe(link_section = "__libfuzzer_extra_counters")]
static COSTS: [AtomicU8; 128] = [const { AtomicU8::new(0) }; 128];

/// Called at every edge. The compiler itself counts no edges where a name begins like this.
#[unsafe(no_mangle)]
pub extern "C" fn __sanitizer_step() {
    STEPS.store(STEPS.load(Relaxed) + 1, Relaxed);
}

/// Does the work on an input of that many bytes. Steps are counted, not time, so a busy machine does not matter.
///
/// # Panics
/// When it takes more than `once` steps and `each` for every byte; and when none was counted.
#[track_caller]
pub fn bounded<T>(bytes: usize, once: u64, each: u64, work: impl FnOnce() -> T) -> T {
    let before = STEPS.load(Relaxed);
    let result = work();
    let steps = STEPS.load(Relaxed) - before;
    let share = 1000 * steps / (once + each * bytes as u64);
    // Ten levels for each doubling from a thousandth of the bound.
    let level = (10.0 * (share as f64 + 1.0).log2()) as usize;
    COSTS[level.min(COSTS.len() - 1)].store(1, Relaxed);
    assert!(steps > 0, "built without the flags of tests/fuzz.sh");
    assert!(share <= 1000, "{steps} steps for {bytes} bytes");
    result
}

/// The input with its repetitions written out, at most `most` bytes of it.
///
/// `04 n PIECE 05` is the piece two to the n times; `06 n OPEN 05 CLOSE 05` is OPEN two to the n times, and as often CLOSE
/// before the matching `07` or the end. Neither stands within another.
pub fn expanded(input: &[u8], most: usize) -> Vec<u8> {
    fn piece<'i>(rest: &mut &'i [u8]) -> &'i [u8] {
        let end = rest.iter().position(|byte| *byte == 5).unwrap_or(rest.len());
        let found = &rest[..end];
        *rest = rest.get(end + 1..).unwrap_or_default();
        found
    }
    let mut text = Vec::new();
    let repeat = |text: &mut Vec<u8>, piece: &[u8], times: usize| {
        let room = most.saturating_sub(text.len()) / piece.len().max(1);
        text.extend(piece.repeat(times.min(room)));
    };
    let mut rest = input;
    let mut open: Vec<(&[u8], usize)> = Vec::new();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        match byte {
            4 | 6 => {
                let Some((n, after)) = rest.split_first() else { break };
                let times = 1 << (n % 17);
                rest = after;
                let first = piece(&mut rest);
                if byte == 6 {
                    open.push((piece(&mut rest), times));
                }
                repeat(&mut text, first, times);
            }
            7 => {
                if let Some((close, times)) = open.pop() {
                    repeat(&mut text, close, times);
                }
            }
            _ => text.push(byte),
        }
    }
    while let Some((close, times)) = open.pop() {
        repeat(&mut text, close, times);
    }
    text.truncate(most);
    text
}

/// A quoted local part that is markup in every document that we write, and never comes from ourselves.
pub const MARKER: &str = "\"<zq'&zq>\"";
/// Pieces of the marker that no document may hold outside of an escape; the last may stand in the text of XML, not of HTML.
const RAW: [&str; 4] = ["<zq", "&zq", "zq>", "zq'"];

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
        "text/html" => raw(text, &RAW),
        "text/plain" => assert!(!text.contains("zq"), "the client's text is in {text:?}"),
        _ => panic!("Content-Type {content_type:?}"),
    }
}

fn raw(text: &str, pieces: &[&str]) {
    assert!(pieces.iter().all(|raw| !text.contains(raw)), "the marker is raw in {text}");
}

fn xml(text: &str) {
    raw(text, &RAW[..3]);
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
