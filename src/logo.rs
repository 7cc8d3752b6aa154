//! A logo inside the page: a PNG or SVG file as a `data:` URL.

use base64::prelude::{BASE64_STANDARD, Engine};
use quick_xml::NsReader;
use quick_xml::events::Event;
use quick_xml::name::{Namespace, ResolveResult};

/// The longest file, in bytes; it travels with every page.
pub const LONGEST: usize = 64 << 10;

/// How a PNG begins (W3C PNG, 5.2), and its first chunk (5.6).
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
const SVG: &str = "http://www.w3.org/2000/svg";

/// The picture as a `data:` URL; the error says what is wrong with it, and what would be right.
///
/// In an `img` browsers run no script of an SVG and load nothing that it refers to (SVG Integration, 3.2).
pub fn data_url(bytes: &[u8]) -> Result<String, &'static str> {
    if bytes.len() > LONGEST {
        return Err(
            "the logo is longer than 64 KiB; make it smaller, or give the https URL of one",
        );
    }
    if bytes.starts_with(PNG) {
        return Ok(format!("data:image/png;base64,{}", BASE64_STANDARD.encode(bytes)));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| NEITHER)?;
    check_svg(text.trim_start_matches('\u{FEFF}'))?;
    Ok(format!("data:image/svg+xml;base64,{}", BASE64_STANDARD.encode(text)))
}

const NEITHER: &str = "the logo is neither PNG nor SVG; convert it to one of them";
const BROKEN: &str = "the logo is not well-formed XML; save it again as plain SVG";

/// Whether a browser would show it: well-formed, and `svg` in its namespace.
fn check_svg(text: &str) -> Result<(), &'static str> {
    let mut reader = NsReader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let (mut depth, mut seen, mut entities) = (0, false, false);
    loop {
        match reader.read_resolved_event().map_err(|_| BROKEN)? {
            (space, Event::Start(start)) => {
                if depth == 0 && (seen || start.local_name().as_ref() != "svg") {
                    return Err(NEITHER);
                }
                if depth == 0 && !entities && space != ResolveResult::Bound(Namespace(SVG)) {
                    return Err(
                        "the logo lacks xmlns=\"http://www.w3.org/2000/svg\"; add it to its svg element",
                    );
                }
                if start.attributes().any(|attribute| attribute.is_err()) {
                    return Err(BROKEN);
                }
                seen = true;
                depth += 1;
            }
            (_, Event::End(_)) => depth -= 1,
            // Illustrator writes its namespaces as entities.
            (_, Event::DocType(_)) => entities = true,
            (_, Event::Eof) if depth == 0 && seen => return Ok(()),
            (_, Event::Eof) => return Err(if seen { BROKEN } else { NEITHER }),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_stays_as_it_is() {
        let text = "<svg xmlns=\"http://www.w3.org/2000/svg\"><path d=\"M0 0h9\"/></svg>";
        let url = data_url(text.as_bytes()).unwrap();
        let encoded = url.strip_prefix("data:image/svg+xml;base64,").unwrap();
        assert_eq!(BASE64_STANDARD.decode(encoded).unwrap(), text.as_bytes());
    }

    #[test]
    fn a_namespace_may_be_an_entity() {
        let text = "<!DOCTYPE svg [<!ENTITY ns_svg \"http://www.w3.org/2000/svg\">]><svg xmlns=\"&ns_svg;\"/>";
        assert!(data_url(text.as_bytes()).is_ok());
    }

    #[test]
    fn nothing_else_is_a_logo() {
        for bytes in [
            b"".as_slice(),
            b"GIF89a",
            b"\xff\xd8\xff",
            b"<html><svg/></html>",
            b"<svg/>",
            b"<svg xmlns='http://www.w3.org/2000/svg'>",
            b"<svg xmlns='http://www.w3.org/2000/svg'><g></svg>",
            b"<svg xmlns='http://www.w3.org/2000/svg'><g x='1' x='2'/></svg>",
            b"<svg xmlns='http://www.w3.org/2000/svg'/><svg xmlns='http://www.w3.org/2000/svg'/>",
        ] {
            assert!(data_url(bytes).is_err(), "{}", bytes.escape_ascii());
        }
        assert!(data_url(&[PNG, &vec![0; LONGEST]].concat()).is_err());
        let url = data_url(&[PNG, &[0; 100]].concat()).unwrap();
        assert!(url.starts_with("data:image/png;base64,iVBORw0KGgoAAAANSUhEUg"));
    }
}
