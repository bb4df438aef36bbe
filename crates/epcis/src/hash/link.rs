//! Digital Links whose key is wrong (a check digit, a length), which are no typed identifiers.
//!
//! The algorithm of the CBV gives them the same form as right ones: it judges no check digits.

use std::fmt::Write as _;

use super::key::LEFT_RAW;

/// A key: its application identifier and short name, the digits that it begins with, its greatest
/// length, and the qualifiers that may follow: those of which the finest is kept (finest first),
/// and those that are dropped.
struct Key {
    ai: &'static str,
    short: &'static str,
    digits: usize,
    length_max: usize,
    kept: &'static [(&'static str, &'static str)],
    dropped: &'static [(&'static str, &'static str)],
}

const KEYS: &[Key] = &[
    key("00", "sscc", 18, 18, &[], &[]),
    key("01", "gtin", 8, 14, &[("21", "ser"), ("235", "tpx"), ("10", "lot")], &[("22", "cpv")]),
    key("414", "gln", 13, 13, &[("254", "glnx")], &[]),
    key("417", "party", 13, 13, &[], &[("7040", "uic")]),
    key("253", "gdti", 13, 30, &[], &[]),
    key("255", "gcn", 13, 25, &[], &[]),
    key("401", "ginc", 0, 30, &[], &[]),
    key("402", "gsin", 17, 17, &[], &[]),
    key("8003", "grai", 14, 30, &[], &[]),
    key("8004", "giai", 0, 30, &[], &[("7040", "uic")]),
    key("8006", "itip", 18, 18, &[("21", "ser"), ("10", "lot")], &[("22", "cpv")]),
    key("8010", "cpid", 0, 30, &[("8011", "cpsn")], &[]),
    key("8017", "gsrnp", 18, 18, &[], &[("8019", "srin")]),
    key("8018", "gsrn", 18, 18, &[], &[("8019", "srin")]),
];

const fn key(
    ai: &'static str,
    short: &'static str,
    digits: usize,
    length_max: usize,
    kept: &'static [(&'static str, &'static str)],
    dropped: &'static [(&'static str, &'static str)],
) -> Key {
    Key { ai, short, digits, length_max, kept, dropped }
}

/// The canonical key of a Digital Link on any domain; `None` when the text is none.
pub(super) fn from_link(text: &str) -> Option<String> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
    let path = rest.split(['?', '#']).next()?;
    let segments: Vec<&str> = path.split('/').skip(1).filter(|part| !part.is_empty()).collect();
    (0..segments.len().saturating_sub(1)).find_map(|at| read(&segments[at..]))
}

fn read(segments: &[&str]) -> Option<String> {
    let (name, value) = (segments[0], unescape(segments[1])?);
    let key = KEYS.iter().find(|key| key.ai == name || key.short == name)?;
    let value = if key.ai == "01" { pad(&value)? } else { value };
    let leading = value.get(..key.digits)?;
    if value.is_empty() || value.len() > key.length_max || !is_digits(leading, key.digits) {
        return None;
    }
    let mut qualifiers = Vec::new();
    for pair in segments[2..].chunks(2) {
        let [name, value] = pair else { return None };
        let mut known = key.kept.iter().chain(key.dropped);
        let (ai, _) = known.find(|(ai, short)| ai == name || short == name)?;
        qualifiers.push((*ai, unescape(value)?));
    }
    let mut out = format!("{}/", key.ai);
    escape(&mut out, &value);
    for (kept, _) in key.kept {
        if let Some((_, value)) = qualifiers.iter().find(|(ai, _)| ai == kept) {
            out.push('/');
            out.push_str(kept);
            out.push('/');
            escape(&mut out, value);
            break;
        }
    }
    Some(out)
}

/// A GTIN of 8, 12, 13 or 14 digits as 14; its check digit is not judged here.
fn pad(gtin: &str) -> Option<String> {
    let digits = matches!(gtin.len(), 8 | 12 | 13 | 14) && is_digits(gtin, gtin.len());
    digits.then(|| format!("{gtin:0>14}"))
}

/// Escapes what CBV 2.0 wants escaped in the value of a key.
fn escape(out: &mut String, value: &str) {
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric()
            || b"-._~".contains(&byte)
            || LEFT_RAW.as_bytes().contains(&byte)
        {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
}

/// The text with its percent escapes replaced; `None` when one is wrong or not ASCII.
fn unescape(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.split('%');
    out.push_str(rest.next()?);
    for part in rest {
        let digits = part.get(..2)?;
        let byte = u8::from_str_radix(digits, 16).ok()?;
        if !byte.is_ascii() || digits.starts_with('+') {
            return None;
        }
        out.push(char::from(byte));
        out.push_str(&part[2..]);
    }
    Some(out)
}

/// Whether the text is this many digits.
fn is_digits(text: &str, count: usize) -> bool {
    text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit())
}
