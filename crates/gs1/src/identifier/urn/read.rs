//! Reading the URN of one thing, or of a class.

use std::borrow::Cow;

use super::digits::{UrnKey, key};
use super::{Scheme, class, foreign, shown};
use crate::company_prefix::CompanyPrefixLength;
use crate::identifier::error::UriError;
use crate::identifier::{
    Cpi, Epc, Gcn, Gdti, Grai, Identifier, Itip, ItipPart, Lgtin, PieceOfTotal, Sgln, Sgtin, Upui,
};
use crate::key::{KeyError, KeyName, number};
use crate::percent;

/// Reads a URN of a GS1 key; `None` when the text is of another scheme, or another pattern.
pub(in crate::identifier) fn read(text: &str) -> Result<Option<Epc>, UriError> {
    let Some((head, rest)) = text.split_at_checked(8) else { return Ok(None) };
    if !head.eq_ignore_ascii_case("urn:epc:") {
        return Ok(None);
    }
    // By far the most of all that events name.
    if let Some(rest) = rest.strip_prefix("id:sgtin:") {
        return one(Scheme::Sgtin, rest).map(Some);
    }
    let (kind, rest) = rest.split_once(':').unwrap_or((rest, ""));
    let (name, rest) = rest.split_once(':').unwrap_or((rest, ""));
    match (kind, Scheme::named(name)) {
        ("id", Some(scheme)) if scheme != Scheme::Lgtin => one(scheme, rest).map(Some),
        ("class", Some(Scheme::Lgtin)) => one(Scheme::Lgtin, rest).map(Some),
        ("idpat", Some(scheme)) => class::read(scheme, rest),
        ("id", None) => foreign::check(name, rest).map(|()| None),
        _ => Ok(None),
    }
}

/// The thing, or for LGTIN the batch, of these components.
pub(crate) fn one(scheme: Scheme, rest: &str) -> Result<Epc, UriError> {
    match scheme {
        Scheme::Sgtin => {
            with_serial(scheme, rest, |gtin, serial| Ok(Sgtin { gtin, serial: serial.parse()? }))
        }
        Scheme::Lgtin => {
            with_serial(scheme, rest, |gtin, lot| Ok(Lgtin { gtin, lot: lot.parse()? }))
        }
        Scheme::Upui => {
            with_serial(scheme, rest, |gtin, serial| Ok(Upui { gtin, serial: serial.parse()? }))
        }
        Scheme::Grai => with_serial(scheme, rest, |asset_type, serial| {
            Ok(Grai { asset_type, serial: Some(serial.parse()?) })
        }),
        Scheme::Gdti => with_serial(scheme, rest, |document_type, serial| {
            Ok(Gdti { document_type, serial: Some(serial.parse()?) })
        }),
        Scheme::Sgcn => with_serial(scheme, rest, |coupon, serial| {
            Ok(Gcn { coupon, serial: Some(serial.parse()?) })
        }),
        Scheme::Sgln => with_serial(scheme, rest, |gln, extension| {
            let extension = if extension == "0" { None } else { Some(extension.parse()?) };
            Ok(Sgln { gln, extension })
        }),
        Scheme::Sscc => alone(scheme, rest, Identifier::Sscc),
        Scheme::Pgln => alone(scheme, rest, Identifier::Pgln),
        Scheme::Gsrn => alone(scheme, rest, Identifier::Gsrn),
        Scheme::Gsrnp => alone(scheme, rest, Identifier::Gsrnp),
        Scheme::Gsin => alone(scheme, rest, Identifier::Gsin),
        Scheme::Giai | Scheme::Ginc => reference(scheme, rest),
        Scheme::Itip => piece(rest),
        Scheme::Cpi => part(rest),
    }
}

fn with_serial<K: UrnKey, I: Into<Identifier>>(
    scheme: Scheme,
    rest: &str,
    identifier: impl FnOnce(K, &str) -> Result<I, UriError>,
) -> Result<Epc, UriError> {
    let [prefix, reference, serial] = split(scheme, rest)?;
    let (key, length) = key(prefix, reference)?;
    Ok(known(identifier(key, &decoded(serial)?)?, length))
}

fn alone<K: UrnKey>(
    scheme: Scheme,
    rest: &str,
    identifier: impl FnOnce(K) -> Identifier,
) -> Result<Epc, UriError> {
    let [prefix, reference] = split(scheme, rest)?;
    let (key, length) = key(prefix, reference)?;
    Ok(known(identifier(key), length))
}

fn reference(scheme: Scheme, rest: &str) -> Result<Epc, UriError> {
    let [prefix, reference] = split(scheme, rest)?;
    let (text, length) = prefixed(scheme, prefix, reference, rest)?;
    let id = match scheme {
        Scheme::Ginc => Identifier::Ginc(text.parse()?),
        _ => Identifier::Giai(text.parse()?),
    };
    Ok(known(id, length))
}

fn part(rest: &str) -> Result<Epc, UriError> {
    let [prefix, reference, serial] = split(Scheme::Cpi, rest)?;
    let (text, length) = prefixed(Scheme::Cpi, prefix, reference, rest)?;
    Ok(known(Cpi { part: text.parse()?, serial: Some(serial.parse()?) }, length))
}

/// Company prefix and reference of a key that is a text.
pub(super) fn prefixed(
    scheme: Scheme,
    prefix: &str,
    reference: &str,
    rest: &str,
) -> Result<(String, CompanyPrefixLength), UriError> {
    let length = CompanyPrefixLength::new(prefix.len())?;
    number(KeyName::CompanyPrefix, prefix)?;
    if reference.is_empty() {
        return Err(UriError::UrnShape { expected: scheme.shape(), found: shown(rest) });
    }
    Ok((format!("{prefix}{}", decoded(reference)?), length))
}

fn piece(rest: &str) -> Result<Epc, UriError> {
    let [prefix, item, piece, total, serial] = split(Scheme::Itip, rest)?;
    let (gtin, length) = key(prefix, item)?;
    let piece = piece_of_total(piece, total)?;
    let part = ItipPart::Serial(decoded(serial)?.parse()?);
    Ok(known(Itip { gtin, piece, part }, length))
}

pub(super) fn piece_of_total(piece: &str, total: &str) -> Result<PieceOfTotal, UriError> {
    if piece.len() != 2 || total.len() != 2 {
        let found = 14 + piece.chars().count() + total.chars().count();
        return Err(KeyError::Length { key: KeyName::Itip, found }.into());
    }
    format!("{piece}{total}").parse()
}

pub(super) fn known(id: impl Into<Identifier>, length: CompanyPrefixLength) -> Epc {
    Epc { id: id.into(), company_prefix_length: Some(length) }
}

/// The components; the last one may have dots.
pub(super) fn split<const N: usize>(scheme: Scheme, text: &str) -> Result<[&str; N], UriError> {
    let mut components = [text; N];
    for index in 1..N {
        let Some((component, rest)) = components[index - 1].split_once('.') else {
            return Err(UriError::UrnShape { expected: scheme.shape(), found: shown(text) });
        };
        components[index - 1] = component;
        components[index] = rest;
    }
    Ok(components)
}

pub(super) fn decoded(text: &str) -> Result<Cow<'_, str>, UriError> {
    percent::decode(text).map_err(|_| UriError::Escape { found: shown(text) })
}
