//! Codes as scanners and keyboards mangle them.

use theriac_gs1::KeyboardLayout;

/// The separator FNC1 as scanners send it.
const GS: char = '\u{1d}';

/// What a scanner sends of a pack's code, mangled in the `n`th way.
pub(super) fn mangled(code: &str, n: u64) -> String {
    match n % 5 {
        0 => code.chars().map(swapped).collect(),
        1 => code.replace(GS, ""),
        2 => KeyboardLayout::French.typed(code),
        3 => KeyboardLayout::German.typed(code),
        _ => format!("  {code}\r\n"),
    }
}

/// Caps lock.
fn swapped(letter: char) -> char {
    match letter.is_ascii_lowercase() {
        true => letter.to_ascii_uppercase(),
        false => letter.to_ascii_lowercase(),
    }
}

/// What a scanner sends of a pack's code.
pub(super) fn scanned(gtin: &str, serial: &str, lot: &str, expiry: &str) -> String {
    format!("]d201{gtin}21{serial}{GS}17{expiry}10{lot}")
}
