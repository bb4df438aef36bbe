//! GS1 Digital Links of GTIN, SSCC and GLN keys, on any domain (GS1 Digital Link: URI Syntax).

use std::borrow::Cow;
use std::fmt;

use super::error::{UriError, shown};

use super::{Identifier, Lgtin, Sgln, Sgtin};
use crate::ai::Ai;
use crate::charset::CharSet;
use crate::link::{Link, Pairs};
use crate::percent;
use crate::short_name::ai_of;

/// Scheme and domain of the canonical form.
pub(super) const CANONICAL_STEM: &str = "https://id.gs1.org/";

/// Reads a Digital Link; `None` when the text is another URI, or of a key not typed here.
///
/// On a domain other than `id.gs1.org` a path such as `/2024/01/05` is no Digital Link: there, a
/// key of the right length must follow its AI.
pub(super) fn read(text: &str) -> Result<Option<Identifier>, UriError> {
    let Some(link) = Link::split(text) else { return Ok(None) };
    let canonical_host = link.host.eq_ignore_ascii_case("id.gs1.org");
    let Some((ai, key, qualifiers)) = link.key() else {
        return if canonical_host { no_key(link.path) } else { Ok(None) };
    };
    if !canonical_host && !has_key_length(ai, key) {
        return Ok(None);
    }
    match ai {
        Ai::GTIN => trade_item(key, qualifiers),
        Ai::LOCATION => place(key, qualifiers),
        Ai::SSCC => alone(key, qualifiers, |key| Ok(Identifier::Sscc(key.parse()?))),
        Ai::PARTY => alone(key, qualifiers, |key| Ok(Identifier::Pgln(key.parse()?))),
        _ => Ok(None),
    }
}

/// A path that starts with a key's AI and then is not made of pairs.
fn no_key(path: &str) -> Result<Option<Identifier>, UriError> {
    let first = path.split('/').next().and_then(ai_of);
    match first {
        Some(Ai::GTIN | Ai::SSCC | Ai::LOCATION | Ai::PARTY) => {
            Err(path_error("pairs of application identifier and value", path))
        }
        _ => Ok(None),
    }
}

fn has_key_length(ai: Ai, key: &str) -> bool {
    let right = match ai {
        Ai::GTIN => matches!(key.len(), 8 | 12 | 13 | 14),
        Ai::SSCC => key.len() == 18,
        Ai::LOCATION | Ai::PARTY => key.len() == 13,
        _ => true,
    };
    right && key.bytes().all(|byte| byte.is_ascii_digit())
}

fn trade_item(key: &str, qualifiers: &str) -> Result<Option<Identifier>, UriError> {
    let gtin = key.parse()?;
    let (mut lot, mut serial) = (None, None);
    for (ai, value) in Pairs(qualifiers) {
        match ai {
            Ok(Ai::VARIANT) => {}
            Ok(Ai::LOT) => lot = Some(decoded(value)?.parse()?),
            Ok(Ai::SERIAL) => serial = Some(decoded(value)?.parse()?),
            Ok(Ai::THIRD_PARTY_SERIAL) => return Ok(None),
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
    for (ai, value) in Pairs(qualifiers) {
        match ai {
            Ok(Ai::GLN_EXTENSION) if value == "0" => extension = None,
            Ok(Ai::GLN_EXTENSION) => extension = Some(decoded(value)?.parse()?),
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
