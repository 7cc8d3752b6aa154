//! QR codes, as the path of an SVG.

use qrcode::{Color, EcLevel, QrCode};

/// A QR code with its quiet zone, one unit a module.
pub struct Code {
    pub width: usize,
    /// A stroke for each run of dark modules in a row.
    pub path: String,
}

impl Code {
    /// The light margin that readers need, in modules (ISO/IEC 18004).
    const QUIET: usize = 4;

    /// With the least error correction: a screen has no stains, and larger modules are read from further away.
    ///
    /// None when the text is longer than a code can hold.
    pub fn new(text: &str) -> Option<Code> {
        let code = QrCode::with_error_correction_level(text, EcLevel::L).ok()?;
        let modules = code.to_colors();
        let mut path = String::with_capacity(8 << 10);
        for (y, row) in modules.chunks(code.width()).enumerate() {
            let mut x = 0;
            for run in row.chunk_by(|a, b| a == b) {
                if run[0] == Color::Dark {
                    let (x, y) = (x + Code::QUIET, y + Code::QUIET);
                    path += &format!("M{x} {y}h{}", run.len());
                }
                x += run.len();
            }
        }
        Some(Code { width: code.width() + 2 * Code::QUIET, path })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_its_margin_and_its_corners() {
        let code = Code::new("https://example.org/").unwrap();
        assert_eq!(code.width, 25 + 8);
        // The top edges of the finder patterns are seven modules wide.
        assert!(code.path.starts_with("M4 4h7"));
        assert!(code.path.contains("M22 4h7M4 5h1"));
        assert!(Code::new(&"x".repeat(3000)).is_none());
    }
}
