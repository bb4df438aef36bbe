//! GS1 Digital Links of GTIN, SSCC and GLN keys, on any domain (GS1 Digital Link: URI Syntax).

use std::borrow::Cow;
use std::fmt;

use super::error::{UriError, shown};
use super::short_name::ai_of;
use super::{Identifier, Lgtin, Sgln, Sgtin};
use crate::ai::Ai;
use crate::charset::CharSet;
use crate::percent;

/// Scheme and domain of the canonical form.
pub(super) const CANONICAL_STEM: &str = "https://id.gs1.org/";

/// Reads a Digital Link; `None` when the text is another URI, or of a key not typed here.
///
/// On a domain other than `id.gs1.org` a path such as `/2024/01/05` is no Digital Link: there, a
/// key of the right length must follow its AI.
pub(super) fn read(text: &str) -> Result<Option<Identifier>, UriError> {
    let Some((host, path)) = host_and_path(text) else { return Ok(None) };
    let Some((ai, key, qualifiers)) = last_key(path) else { return Ok(None) };
    let canonical_host = host.eq_ignore_ascii_case("id.gs1.org");
    if !canonical_host && !has_key_length(ai, key) {
        return Ok(None);
    }
    match ai {
        Ai::GTIN => trade_item(key, qualifiers),
        Ai::SSCC => alone(key, qualifiers, |key| Ok(Identifier::Sscc(key.parse()?))),
        Ai::LOCATION => place(key, qualifiers),
        _ => alone(key, qualifiers, |key| Ok(Identifier::Pgln(key.parse()?))),
    }
}

/// Host and path of an `http` or `https` URI; query and fragment are left out.
fn host_and_path(text: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = text.split_once("://")?;
    if !scheme.eq_ignore_ascii_case("https") && !scheme.eq_ignore_ascii_case("http") {
        return None;
    }
    let end = rest.bytes().position(|byte| matches!(byte, b'?' | b'#')).unwrap_or(rest.len());
    let (host, path) = rest[..end].split_once('/')?;
    (!host.is_empty()).then_some((host, path.strip_suffix('/').unwrap_or(path)))
}

/// The right-most AI of a key that is typed here, its value, and what follows.
fn last_key(path: &str) -> Option<(Ai, &str, &str)> {
    let mut end = path.len();
    loop {
        let start = path[..end].rfind('/').map_or(0, |slash| slash + 1);
        if let (Some(ai), Some(tail)) = (ai_of(&path[start..end]), path.get(end + 1..)) {
            if matches!(ai, Ai::GTIN | Ai::SSCC | Ai::LOCATION | Ai::PARTY) {
                let (key, qualifiers) = tail.split_once('/').unwrap_or((tail, ""));
                return Some((ai, key, qualifiers));
            }
        }
        end = start.checked_sub(1)?;
    }
}

fn has_key_length(ai: Ai, key: &str) -> bool {
    let right = match ai {
        Ai::GTIN => matches!(key.len(), 8 | 12 | 13 | 14),
        Ai::SSCC => key.len() == 18,
        _ => key.len() == 13,
    };
    right && key.bytes().all(|byte| byte.is_ascii_digit())
}

fn trade_item(key: &str, qualifiers: &str) -> Result<Option<Identifier>, UriError> {
    let gtin = key.parse()?;
    let (mut lot, mut serial) = (None, None);
    for (ai, value) in Qualifiers(qualifiers) {
        match ai {
            Some(Ai::VARIANT) => {}
            Some(Ai::LOT) => lot = Some(decoded(value)?.parse()?),
            Some(Ai::SERIAL) => serial = Some(decoded(value)?.parse()?),
            Some(Ai::THIRD_PARTY_SERIAL) => return Ok(None),
            _ => return Err(path_error("qualifier 22, 10, 21 or 235", qualifiers)),
        }
    }
    Ok(Some(match (serial, lot) {
        (Some(serial), _) => Identifier::Sgtin(Sgtin { gtin, serial }),
        (None, Some(lot)) => Identifier::Lgtin(Lgtin { gtin, lot }),
        (None, None) => Identifier::Gtin(gtin),
    }))
}

fn place(key: &str, qualifiers: &str) -> Result<Option<Identifier>, UriError> {
    let gln = key.parse()?;
    let mut extension = None;
    for (ai, value) in Qualifiers(qualifiers) {
        match ai {
            Some(Ai::GLN_EXTENSION) if value == "0" => extension = None,
            Some(Ai::GLN_EXTENSION) => extension = Some(decoded(value)?.parse()?),
            _ => return Err(path_error("qualifier 254", qualifiers)),
        }
    }
    Ok(Some(Identifier::Sgln(Sgln { gln, extension })))
}

fn alone(
    key: &str,
    qualifiers: &str,
    identifier: impl FnOnce(&str) -> Result<Identifier, UriError>,
) -> Result<Option<Identifier>, UriError> {
    if !qualifiers.is_empty() {
        return Err(path_error("no qualifier after this key", qualifiers));
    }
    identifier(key).map(Some)
}

/// Pairs of AI and still encoded value.
struct Qualifiers<'a>(&'a str);

impl<'a> Iterator for Qualifiers<'a> {
    type Item = (Option<Ai>, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let (name, tail) = self.0.split_once('/').unwrap_or((self.0, ""));
        let (value, rest) = tail.split_once('/').unwrap_or((tail, ""));
        self.0 = rest;
        Some((ai_of(name), value))
    }
}

fn decoded(text: &str) -> Result<Cow<'_, str>, UriError> {
    percent::decode(text).map_err(|_| UriError::Escape { found: shown(text) })
}

fn path_error(expected: &'static str, found: &str) -> UriError {
    UriError::Path { expected, found: shown(found) }
}

/// Writes the path of the Digital Link without a leading slash; of another URI, the URI.
pub(super) fn write_key(f: &mut impl fmt::Write, id: &Identifier) -> fmt::Result {
    match id {
        Identifier::Sgtin(Sgtin { gtin, serial }) => {
            write!(f, "01/{gtin}/21/")?;
            percent::encode(f, serial.as_str(), CharSet::URI_UNRESERVED)
        }
        Identifier::Lgtin(Lgtin { gtin, lot }) => {
            write!(f, "01/{gtin}/10/")?;
            percent::encode(f, lot.as_str(), CharSet::URI_UNRESERVED)
        }
        Identifier::Gtin(gtin) => write!(f, "01/{gtin}"),
        Identifier::Sscc(sscc) => write!(f, "00/{sscc}"),
        Identifier::Sgln(Sgln { gln, extension }) => {
            write!(f, "414/{gln}")?;
            let Some(extension) = extension else { return Ok(()) };
            f.write_str("/254/")?;
            percent::encode(f, extension.as_str(), CharSet::URI_UNRESERVED)
        }
        Identifier::Pgln(gln) => write!(f, "417/{gln}"),
        Identifier::Other(uri) => f.write_str(uri.as_str()),
    }
}
