//! Colours, and how well one can be read on another (WCAG 2.2).

use std::fmt;

/// A colour of sRGB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Color {
    red: u8,
    green: u8,
    blue: u8,
}

/// The contrast that text needs with what lies behind it (WCAG 2.2, 1.4.3).
pub const READABLE: f64 = 4.5;

/// The grounds of the page's two schemes on which a colour is hardest to read.
pub const LIGHT: Color = Color { red: 0xf6, green: 0xf5, blue: 0xf2 };
pub const DARK: Color = Color { red: 0x1a, green: 0x1f, blue: 0x22 };

pub const WHITE: Color = Color { red: 255, green: 255, blue: 255 };
pub const BLACK: Color = Color { red: 0, green: 0, blue: 0 };

impl Color {
    /// The colour, written as `#rrggbb`; None for anything else.
    pub fn new(text: &str) -> Option<Color> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6)?;
        // A sign would count as a part of the number.
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let [_, red, green, blue] = u32::from_str_radix(digits, 16).ok()?.to_be_bytes();
        Some(Color { red, green, blue })
    }

    /// How bright it is, from 0 to 1 (WCAG 2.2, «relative luminance»).
    fn luminance(self) -> f64 {
        let linear = |channel: u8| match f64::from(channel) / 255.0 {
            small if small <= 0.04045 => small / 12.92,
            other => ((other + 0.055) / 1.055).powf(2.4),
        };
        0.2126 * linear(self.red) + 0.7152 * linear(self.green) + 0.0722 * linear(self.blue)
    }

    /// From 1 for the same colour to 21 for black and white (WCAG 2.2, «contrast ratio»).
    pub fn contrast(self, other: Color) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    /// The colour with some twentieths of another in it.
    pub fn mixed(self, other: Color, twentieths: u8) -> Color {
        let share = u16::from(twentieths.min(20));
        let mix = |one: u8, two: u8| {
            let sum = u16::from(one) * (20 - share) + u16::from(two) * share;
            u8::try_from(sum / 20).unwrap_or(u8::MAX)
        };
        Color {
            red: mix(self.red, other.red),
            green: mix(self.green, other.green),
            blue: mix(self.blue, other.blue),
        }
    }

    /// The colour itself where text in it can be read on the ground and on a tint of itself there;
    /// else as much darker, or on a dark ground lighter, as it takes.
    pub fn readable_on(self, ground: Color) -> Color {
        let far = ground.opposite();
        let shades = (0..20).map(|twentieths| self.mixed(far, twentieths));
        shades.into_iter().find(|shade| shade.is_readable_on(ground)).unwrap_or(far)
    }

    fn is_readable_on(self, ground: Color) -> bool {
        self.contrast(ground) >= READABLE && self.contrast(self.tint_on(ground)) >= READABLE
    }

    /// The ground with a breath of the colour.
    pub fn tint_on(self, ground: Color) -> Color {
        ground.mixed(self, 2)
    }

    /// Black or white, whichever can be read better on the colour.
    pub fn opposite(self) -> Color {
        if self.contrast(WHITE) >= self.contrast(BLACK) { WHITE } else { BLACK }
    }
}

impl fmt::Display for Color {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        write!(formatter, "#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn color(text: &str) -> Color {
        Color::new(text).unwrap()
    }

    #[test]
    fn a_colour_has_six_digits() {
        assert_eq!(color("#0B6670").to_string(), "#0b6670");
        for text in
            ["", "#", "0b6670", "#0b667", "#0b66700", "#0b667g", "#+b6670", "teal", "#é6670"]
        {
            assert_eq!(Color::new(text), None, "{text}");
        }
    }

    /// From the definition in WCAG 2.2; #767676 is known as the palest grey that passes on white.
    #[test]
    fn contrast_is_that_of_wcag() {
        assert!((WHITE.contrast(BLACK) - 21.0).abs() < 1e-9);
        assert!((WHITE.contrast(WHITE) - 1.0).abs() < 1e-9);
        assert!(color("#767676").contrast(WHITE) >= READABLE);
        assert!(color("#777777").contrast(WHITE) < READABLE);
    }

    #[test]
    fn a_colour_becomes_readable_and_stays_when_it_is() {
        assert_eq!(color("#0b6670").readable_on(LIGHT), color("#0b6670"));
        for text in ["#ffff00", "#ff0000", "#000000", "#ffffff", "#808080", "#0000ff", "#f6f5f2"] {
            for ground in [LIGHT, DARK] {
                let readable = color(text).readable_on(ground);
                assert!(readable.is_readable_on(ground), "{text} on {ground}: {readable}");
                assert!(readable.opposite().contrast(readable) >= READABLE, "{readable}");
            }
        }
    }
}
