//! QR codes, as the path of an SVG.

use qrcode::bits::Bits;
use qrcode::canvas::{Canvas, MaskPattern};
use qrcode::ec::construct_codewords;
use qrcode::types::QrError;
use qrcode::{Color, EcLevel, QrResult, Version};

/// A QR code with its quiet zone, one unit a module.
pub struct Code {
    pub width: usize,
    /// A stroke for each run of dark modules in a row.
    pub path: String,
    /// What it says to those who see it.
    pub caption: &'static str,
    /// What it says to those who do not.
    pub label: &'static str,
}

impl Code {
    /// The light margin that readers need, in modules (ISO/IEC 18004).
    const QUIET: usize = 4;

    /// With the least error correction: a screen has no stains, and larger modules are read from further away.
    ///
    /// None when the text is longer than a code can hold.
    pub fn new(text: &str, caption: &'static str, label: &'static str) -> Option<Code> {
        let (side, modules) = modules(text).ok()?;
        let mut path = String::with_capacity(16 << 10);
        for (y, row) in modules.chunks(side).enumerate() {
            let mut x = 0;
            for run in row.chunk_by(|a, b| a == b) {
                if run[0] == Color::Dark {
                    path.push('M');
                    push_number(&mut path, x + Code::QUIET);
                    path.push(' ');
                    push_number(&mut path, y + Code::QUIET);
                    path.push('h');
                    push_number(&mut path, run.len());
                }
                x += run.len();
            }
        }
        Some(Code { width: side + 2 * Code::QUIET, path, caption, label })
    }
}

/// The number in digits; there are thousands of them, and formatting takes ten times as long.
fn push_number(text: &mut String, number: usize) {
    if number >= 10 {
        push_number(text, number / 10);
    }
    text.push(char::from(b'0' + (number % 10) as u8));
}

/// The text in the smallest version that holds it, byte by byte: to look for digits and capitals takes longer than it saves.
fn bits(text: &str) -> QrResult<Bits> {
    for number in 1..=40 {
        let mut bits = Bits::new(Version::Normal(number));
        // The mode, the length and the bytes (ISO/IEC 18004, 7.4.5).
        let length = if number < 10 { 8 } else { 16 };
        if 4 + length + 8 * text.len() <= bits.max_len(EcLevel::L)? {
            bits.push_byte_data(text.as_bytes())?;
            bits.push_terminator(EcLevel::L)?;
            return Ok(bits);
        }
    }
    Err(QrError::DataTooLong)
}

/// The modules, row by row, and how many are in a row.
fn modules(text: &str) -> QrResult<(usize, Vec<Color>)> {
    let bits = bits(text)?;
    let version = bits.version();
    let (data, correction) = construct_codewords(&bits.into_bytes(), version, EcLevel::L)?;
    let mut canvas = Canvas::new(version, EcLevel::L);
    canvas.draw_all_functional_patterns();
    canvas.draw_data(&data, &correction);
    // Every reader takes every mask; to weigh all eight takes ten million instructions.
    canvas.apply_mask(MaskPattern::Checkerboard);
    let side = usize::try_from(version.width()).unwrap_or_default();
    Ok((side, canvas.into_colors()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_its_margin_and_its_corners() {
        let code = Code::new("https://example.org/", "", "").unwrap();
        assert_eq!(code.width, 25 + 8);
        // The top edges of the finder patterns are seven modules wide.
        assert!(code.path.starts_with("M4 4h7"));
        assert!(code.path.contains("M22 4h7M4 5h1"));
        assert!(Code::new(&"x".repeat(3000), "", "").is_none());
    }
}
