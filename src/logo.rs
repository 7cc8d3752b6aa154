//! A logo that stands in the page itself: checked, freed of whatever could act or ask elsewhere, and made a `data:` URL.

use base64::prelude::{BASE64_STANDARD, Engine};
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, Writer};

/// The longest file, in bytes; it travels with every page.
pub const LONGEST: usize = 64 << 10;

/// How a PNG begins (W3C PNG, 5.2), and its first chunk (5.6).
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
const SVG: &str = "http://www.w3.org/2000/svg";
/// Elements that draw (SVG 2); none of them can run, link, animate or embed anything.
const ELEMENTS: &[&str] = &[
    "svg",
    "g",
    "defs",
    "symbol",
    "use",
    "title",
    "desc",
    "path",
    "rect",
    "circle",
    "ellipse",
    "line",
    "polyline",
    "polygon",
    "text",
    "tspan",
    "linearGradient",
    "radialGradient",
    "stop",
    "clipPath",
    "mask",
    "pattern",
];

/// The picture as a `data:` URL; the error says what is wrong with it, and what would be right.
///
/// Of an SVG remain the elements that draw, with their attributes, but for those that act, style from outside or
/// point out of the picture. Browsers run no script in an `img`; what is not there need not be trusted to that.
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
    let svg = sanitised(text.trim_start_matches('\u{FEFF}'))?;
    Ok(format!("data:image/svg+xml;base64,{}", BASE64_STANDARD.encode(svg)))
}

const NEITHER: &str = "the logo is neither PNG nor SVG; convert it to one of them";
const BROKEN: &str = "the logo is not well-formed XML; save it again as plain SVG";

/// The SVG with nothing but what draws.
fn sanitised(text: &str) -> Result<Vec<u8>, &'static str> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let mut writer = Writer::new(Vec::with_capacity(text.len()));
    // Within how many elements the reader is, and the outermost of them that is left out.
    let (mut depth, mut left_out, mut seen) = (0_usize, None, false);
    loop {
        let event = reader.read_event().map_err(|_| BROKEN)?;
        match event {
            Event::Start(start) => {
                if depth == 0 && (seen || start.name().as_ref() != "svg") {
                    return Err(NEITHER);
                }
                seen = true;
                depth += 1;
                if left_out.is_none() && is_kept(&start) {
                    writer
                        .write_event(Event::Start(drawing(&start, depth)?))
                        .map_err(|_| BROKEN)?;
                } else {
                    left_out.get_or_insert(depth);
                }
            }
            Event::End(end) => {
                if left_out.is_none() {
                    writer.write_event(Event::End(end)).map_err(|_| BROKEN)?;
                } else if left_out == Some(depth) {
                    left_out = None;
                }
                depth = depth.checked_sub(1).ok_or(BROKEN)?;
            }
            Event::Text(_) | Event::CData(_) | Event::GeneralRef(_)
                if depth == 0 || left_out.is_some() => {}
            Event::GeneralRef(reference) => {
                let known = ["amp", "lt", "gt", "quot", "apos"].contains(&&*reference);
                if !reference.is_char_ref() && !known {
                    return Err("the logo uses an entity; save it again as plain SVG");
                }
                writer.write_event(Event::GeneralRef(reference)).map_err(|_| BROKEN)?;
            }
            Event::Text(text) => writer.write_event(Event::Text(text)).map_err(|_| BROKEN)?,
            Event::Eof if depth == 0 && seen => return Ok(writer.into_inner()),
            Event::Eof => return Err(if seen { BROKEN } else { NEITHER }),
            // The declaration, comments, instructions, the document type, and CDATA, which only styles and scripts need.
            _ => {}
        }
    }
}

fn is_kept(start: &BytesStart) -> bool {
    ELEMENTS.contains(&start.name().as_ref())
}

/// The element with the attributes that draw.
fn drawing(start: &BytesStart, depth: usize) -> Result<BytesStart<'static>, &'static str> {
    let mut kept = BytesStart::new(start.name().as_ref().to_owned());
    let mut is_svg = depth > 1;
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|_| BROKEN)?;
        let name = attribute.key.as_ref();
        let value = unescape(&attribute.value).map_err(|_| BROKEN)?;
        is_svg |= name == "xmlns" && value == SVG;
        if draws(name, &value) {
            kept.push_attribute((name, &*value));
        }
    }
    if is_svg {
        Ok(kept)
    } else {
        Err("the logo lacks xmlns=\"http://www.w3.org/2000/svg\"; add it to its svg element")
    }
}

/// Whether an attribute only draws: no handler, no `style` with rules of its own, no reference but into the picture.
fn draws(name: &str, value: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let value = value.to_ascii_lowercase();
    match name.as_str() {
        "xmlns" => value == SVG,
        "xmlns:xlink" => value == "http://www.w3.org/1999/xlink",
        "href" | "xlink:href" => value.trim().starts_with('#'),
        _ if name.contains(':') || name.starts_with("on") => false,
        // CSS may escape the letters of a function's name.
        _ => {
            !value.contains('\\')
                && !value.contains("@")
                && !value.contains("image")
                && points_inside(&value)
        }
    }
}

/// Whether every `url(…)` in the value is a part of the picture.
fn points_inside(value: &str) -> bool {
    value.match_indices("url(").all(|(at, found)| {
        let target = value[at + found.len()..].trim_start();
        target.trim_start_matches(['"', '\'']).starts_with('#')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn svg(text: &str, expected: &str) {
        let text = text.replace("<svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"");
        let url = data_url(text.as_bytes()).unwrap();
        let bytes = BASE64_STANDARD.decode(url.strip_prefix("data:image/svg+xml;base64,").unwrap());
        let expected = expected.replace("<svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"");
        assert_eq!(String::from_utf8(bytes.unwrap()).unwrap(), expected);
    }

    #[test]
    fn what_draws_remains() {
        let text = "<svg viewBox=\"0 0 9 9\"><defs><linearGradient id=\"a\"></linearGradient></defs>\
            <g fill=\"url(#a)\" style=\"stroke: #f00\"><path d=\"M0 0h9\"></path></g><text>A &amp; B</text></svg>";
        svg(text, text);
        svg(
            "\u{FEFF}<?xml version=\"1.0\"?><!DOCTYPE svg><!-- x --><svg><rect/></svg>",
            "<svg><rect></rect></svg>",
        );
    }

    #[test]
    fn what_acts_or_asks_elsewhere_is_lost() {
        for lost in [
            "<script>alert(1)</script>",
            "<style>@import 'https://example.org/';</style>",
            "<foreignObject><g><p>x</p></g></foreignObject>",
            "<image href=\"https://example.org/\"/>",
            "<a href=\"javascript:alert(1)\"><path d=\"\"/></a>",
            "<animate attributeName=\"href\" values=\"javascript:alert(1)\"/>",
            "<set onbegin=\"alert(1)\"/>",
            "<x:script xmlns:x=\"http://www.w3.org/2000/svg\">alert(1)</x:script>",
        ] {
            svg(&format!("<svg>{lost}<g></g></svg>"), "<svg><g></g></svg>");
        }
        for lost in [
            "onload=\"alert(1)\"",
            "ONCLICK=\"alert(1)\"",
            "style=\"fill:url(https://example.org/)\"",
            "fill=\"url( 'https://example.org/#a' )\"",
            "fill=\"u\\72l(https://example.org/)\"",
            "href=\"https://example.org/#a\"",
            "xlink:href=\"data:text/html,x\"",
            "xml:base=\"https://example.org/\"",
            "style=\"background:image-set('https://example.org/')\"",
        ] {
            svg(&format!("<svg><g {lost}></g></svg>"), "<svg><g></g></svg>");
        }
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
            b"<svg xmlns='http://www.w3.org/2000/svg'/><svg xmlns='http://www.w3.org/2000/svg'/>",
            b"<!DOCTYPE svg [<!ENTITY a 'b'>]><svg xmlns='http://www.w3.org/2000/svg'><text>&a;</text></svg>",
        ] {
            assert!(data_url(bytes).is_err(), "{}", bytes.escape_ascii());
        }
        assert!(data_url(&[PNG, &vec![0; LONGEST]].concat()).is_err());
        let url = data_url(&[PNG, &[0; 100]].concat()).unwrap();
        assert!(url.starts_with("data:image/png;base64,iVBORw0KGgoAAAANSUhEUg"));
    }
}
