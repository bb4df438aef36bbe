//! Identifiers as they are hashed: the constrained canonical Digital Link of CBV 2.0.
//!
//! Only the finest key is kept (serial before lot), and fewer characters are escaped than in the
//! Digital Link that this crate writes elsewhere.

use std::borrow::Cow;
use std::fmt::Write as _;

use theriac_gs1::{Epc, Identifier, Lgtin, Sgln, Sgtin};

use super::{link, urn};

/// Where all canonical Digital Links begin.
const STEM: &str = "https://id.gs1.org/";

/// An identifier as it is hashed.
pub(super) fn epc(epc: &Epc) -> String {
    match &epc.id {
        Identifier::Other(other) => uri(other.as_str()).into_owned(),
        id => typed(id),
    }
}

/// A text that may be an identifier, a word of the CBV, or neither.
pub(super) fn uri(text: &str) -> Cow<'_, str> {
    if !text.contains(':') {
        return Cow::Borrowed(text);
    }
    match Identifier::from_uri(text).map(|epc| epc.id) {
        Ok(Identifier::Other(_)) | Err(_) => {}
        Ok(id) => return Cow::Owned(typed(&id)),
    }
    let key = urn::from_urn(text).or_else(|| link::from_link(text));
    if let Some(key) = key {
        return Cow::Owned(format!("{STEM}{key}"));
    }
    word(text).map_or(Cow::Borrowed(text), Cow::Owned)
}

fn typed(id: &Identifier) -> String {
    let mut out = String::with_capacity(64);
    out.push_str(STEM);
    match id {
        Identifier::Sgtin(Sgtin { gtin, serial }) => {
            let _ = write!(out, "01/{gtin}/21/");
            escape(&mut out, serial.as_str());
        }
        Identifier::Lgtin(Lgtin { gtin, lot }) => {
            let _ = write!(out, "01/{gtin}/10/");
            escape(&mut out, lot.as_str());
        }
        Identifier::Sgln(Sgln { gln, extension }) => {
            let _ = write!(out, "414/{gln}");
            if let Some(extension) = extension {
                out.push_str("/254/");
                escape(&mut out, extension.as_str());
            }
        }
        other => out.push_str(&other.key()),
    }
    out
}

/// A word of the CBV in its old URN form, as a web URI.
fn word(text: &str) -> Option<String> {
    const KINDS: &[(&str, &str)] =
        &[("bizstep", "BizStep"), ("disp", "Disp"), ("btt", "BTT"), ("sdt", "SDT"), ("er", "ER")];
    let (kind, word) = text.strip_prefix("urn:epcglobal:cbv:")?.split_once(':')?;
    let (_, web) = KINDS.iter().find(|(urn, _)| *urn == kind)?;
    Some(format!("https://ref.gs1.org/cbv/{web}-{word}"))
}

/// Escapes what CBV 2.0 wants escaped in the value of a key.
pub(super) fn escape(out: &mut String, value: &str) {
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~';=".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
}

/// The text with its percent escapes replaced; `None` when one is wrong or not ASCII.
pub(super) fn unescape(text: &str) -> Option<String> {
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
pub(super) fn is_digits(text: &str, count: usize) -> bool {
    text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit())
}
