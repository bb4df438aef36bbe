//! GS1 Digital Links of all keys, on any domain (GS1 Digital Link: URI Syntax).

mod write;

pub(super) use write::write_key;

use std::borrow::Cow;

use super::error::{UriError, shown};

use super::elements::{CPID, CPID_SERIAL, GCN, GDTI, GIAI, GINC, GRAI, GSIN, GSRN, GSRNP, ITIP};
use super::{Cpi, Gcn, Gdti, Grai, Identifier, Itip, ItipPart, Lgtin, Sgln, Sgtin, Upui};
use crate::ai::Ai;
use crate::element::{Element, ElementError};
use crate::link::{Link, Pairs};
use crate::percent;
use crate::short_name::ai_of;

/// Importer's index of a unique identification code; tells more about a place, party or asset.
const UIC: Ai = Ai::literal(b"7040");
/// Service relation instance; tells more about a provider or recipient of a service.
const SERVICE_INSTANCE: Ai = Ai::literal(b"8019");

/// Scheme and domain of the canonical form.
pub(super) const CANONICAL_STEM: &str = "https://id.gs1.org/";

/// Reads a Digital Link; `None` when the text is another URI, or of a key not typed here.
///
/// On a domain other than `id.gs1.org` a path such as `/2024/01/05` is no Digital Link: there, a
/// key of the right length must follow its AI.
pub(super) fn read(text: &str) -> Result<Option<Identifier>, UriError> {
    if let Some((gtin, serial)) = canonical_unit(text) {
        return Ok(Some(Sgtin { gtin: gtin.parse()?, serial: decoded(serial)?.parse()? }.into()));
    }
    let Some(link) = Link::split(text) else { return Ok(None) };
    let canonical_host = link.host.eq_ignore_ascii_case("id.gs1.org");
    let Some((ai, key, qualifiers)) = link.key() else {
        return if canonical_host { no_key(link.path) } else { Ok(None) };
    };
    if !canonical_host && !has_key_length(ai, key) {
        return Ok(None);
    }
    match ai {
        Ai::GTIN => trade_item(key, qualifiers).map(Some),
        Ai::LOCATION => place(key, qualifiers).map(Some),
        Ai::SSCC => alone(qualifiers, &[]).and_then(|()| Ok(Some(Identifier::Sscc(key.parse()?)))),
        _ => match other_key(ai, key, qualifiers)? {
            None if canonical_host => untyped(ai, key),
            id => Ok(id),
        },
    }
}

/// GTIN and serial number of the canonical link of a unit, by far the most of all links.
fn canonical_unit(text: &str) -> Option<(&str, &str)> {
    let (gtin, rest) = text.strip_prefix("https://id.gs1.org/01/")?.split_once('/')?;
    let serial = rest.strip_prefix("21/")?;
    let ends = serial.is_empty() || serial.bytes().any(|byte| matches!(byte, b'/' | b'?' | b'#'));
    (!ends).then_some((gtin, serial))
}

/// A key that no EPC has (invoicing party, model number): right, and kept verbatim.
fn untyped(ai: Ai, key: &str) -> Result<Option<Identifier>, UriError> {
    match Element::new(ai, &*decoded(key)?) {
        Err(ElementError::Value { ai, source }) => {
            Err(UriError::Value { ai, source: Box::new(source) })
        }
        _ => Ok(None),
    }
}

fn other_key(ai: Ai, key: &str, qualifiers: &str) -> Result<Option<Identifier>, UriError> {
    let key = &*decoded(key)?;
    let may_follow: &[Ai] = match ai {
        ITIP => return piece(key, qualifiers).map(Some),
        CPID => return part(key, qualifiers).map(Some),
        Ai::PARTY | GIAI => &[UIC],
        GSRN | GSRNP => &[SERVICE_INSTANCE],
        _ => &[],
    };
    let id = match ai {
        Ai::PARTY => Identifier::Pgln(key.parse()?),
        GRAI => Identifier::Grai(Grai::of_value(key)?),
        GIAI => Identifier::Giai(key.parse()?),
        GDTI => Identifier::Gdti(Gdti::of_value(key)?),
        GCN => Identifier::Gcn(Gcn::of_value(key)?),
        GSRN => Identifier::Gsrn(key.parse()?),
        GSRNP => Identifier::Gsrnp(key.parse()?),
        GINC => Identifier::Ginc(key.parse()?),
        GSIN => Identifier::Gsin(key.parse()?),
        _ => return Ok(None),
    };
    alone(qualifiers, may_follow)?;
    Ok(Some(id))
}

/// A path that starts with a key's AI and then is not made of pairs.
fn no_key(path: &str) -> Result<Option<Identifier>, UriError> {
    let first = path.split('/').next().and_then(ai_of);
    match first {
        Some(
            Ai::GTIN
            | Ai::SSCC
            | Ai::LOCATION
            | Ai::PARTY
            | GRAI
            | GIAI
            | GDTI
            | GCN
            | GSRN
            | GSRNP
            | GINC
            | GSIN
            | ITIP
            | CPID,
        ) => Err(path_error("pairs of application identifier and value", path)),
        _ => Ok(None),
    }
}

/// Whether the value, still encoded, looks like a key of this AI.
fn has_key_length(ai: Ai, key: &str) -> bool {
    let digits = key.bytes().take_while(u8::is_ascii_digit).count();
    let whole = digits == key.len();
    match ai {
        Ai::GTIN => whole && matches!(digits, 8 | 12 | 13 | 14),
        Ai::SSCC | GSRN | GSRNP | ITIP => whole && digits == 18,
        Ai::LOCATION | Ai::PARTY => whole && digits == 13,
        GSIN => whole && digits == 17,
        GDTI | GCN => digits >= 13,
        GRAI => digits >= 14 && key.starts_with('0'),
        GIAI | GINC | CPID => digits >= 6 && key.len() > 6,
        _ => true,
    }
}

fn trade_item(key: &str, qualifiers: &str) -> Result<Identifier, UriError> {
    let gtin = key.parse()?;
    let (mut lot, mut serial, mut third_party) = (None, None, None);
    for (ai, value) in Pairs(qualifiers) {
        match ai {
            Ok(Ai::VARIANT) => {}
            Ok(Ai::LOT) => lot = Some(decoded(value)?.parse()?),
            Ok(Ai::SERIAL) => serial = Some(decoded(value)?.parse()?),
            Ok(Ai::THIRD_PARTY_SERIAL) => third_party = Some(decoded(value)?.parse()?),
            _ => return Err(path_error("qualifier 22, 10, 21 or 235", qualifiers)),
        }
    }
    Ok(match (serial, third_party, lot) {
        (Some(serial), None, _) => Identifier::Sgtin(Sgtin { gtin, serial }),
        (None, Some(serial), None) => Identifier::Upui(Upui { gtin, serial }),
        (_, Some(_), _) => return Err(path_error("235 without 10 and 21", qualifiers)),
        (None, None, Some(lot)) => Identifier::Lgtin(Lgtin { gtin, lot }),
        (None, None, None) => Identifier::Gtin(gtin),
    })
}

fn place(key: &str, qualifiers: &str) -> Result<Identifier, UriError> {
    let gln = key.parse()?;
    let mut extension = None;
    for (ai, value) in Pairs(qualifiers) {
        match ai {
            Ok(Ai::GLN_EXTENSION) if value == "0" => extension = None,
            Ok(Ai::GLN_EXTENSION) => extension = Some(decoded(value)?.parse()?),
            Ok(UIC) => {}
            _ => return Err(path_error("qualifier 254 or 7040", qualifiers)),
        }
    }
    Ok(Identifier::Sgln(Sgln { gln, extension }))
}

fn piece(key: &str, qualifiers: &str) -> Result<Identifier, UriError> {
    let (gtin, piece) = Itip::of_value(key)?;
    let (mut lot, mut serial) = (None, None);
    for (ai, value) in Pairs(qualifiers) {
        match ai {
            Ok(Ai::VARIANT) => {}
            Ok(Ai::LOT) => lot = Some(decoded(value)?.parse()?),
            Ok(Ai::SERIAL) => serial = Some(decoded(value)?.parse()?),
            _ => return Err(path_error("qualifier 22, 10 or 21", qualifiers)),
        }
    }
    let part = match (serial, lot) {
        (Some(serial), _) => ItipPart::Serial(serial),
        (None, Some(lot)) => ItipPart::Lot(lot),
        (None, None) => ItipPart::All,
    };
    Ok(Itip { gtin, piece, part }.into())
}

fn part(key: &str, qualifiers: &str) -> Result<Identifier, UriError> {
    let part = key.parse()?;
    let mut serial = None;
    for (ai, value) in Pairs(qualifiers) {
        match ai {
            Ok(CPID_SERIAL) => serial = Some(decoded(value)?.parse()?),
            _ => return Err(path_error("qualifier 8011", qualifiers)),
        }
    }
    Ok(Cpi { part, serial }.into())
}

/// Only these qualifiers follow, none of which is part of the name.
fn alone(qualifiers: &str, may_follow: &[Ai]) -> Result<(), UriError> {
    let mut pairs = Pairs(qualifiers);
    if pairs.all(|(ai, _)| ai.is_ok_and(|ai| may_follow.contains(&ai))) {
        return Ok(());
    }
    let expected =
        if may_follow.is_empty() { "no qualifier after this key" } else { "7040 or 8019" };
    Err(path_error(expected, qualifiers))
}

fn decoded(text: &str) -> Result<Cow<'_, str>, UriError> {
    percent::decode(text).map_err(|_| UriError::Escape { found: shown(text) })
}

fn path_error(expected: &'static str, found: &str) -> UriError {
    UriError::Path { expected, found: shown(found) }
}
