//! EPC URNs of the schemes sgtin, lgtin, sscc, sgln, pgln (EPC Tag Data Standard, section 6.3).

mod write;

pub(in crate::identifier) use write::write;

use std::borrow::Cow;

use super::error::{UriError, shown};
use super::{Epc, Identifier, Lgtin, Sgln, Sgtin};
use crate::company_prefix::CompanyPrefixLength;
use crate::key::{Gln, Gtin, KeyName, Sscc, number};
use crate::percent;

const SGTIN: &str = "urn:epc:id:sgtin:";
const LGTIN: &str = "urn:epc:class:lgtin:";
const SSCC: &str = "urn:epc:id:sscc:";
const SGLN: &str = "urn:epc:id:sgln:";
const PGLN: &str = "urn:epc:id:pgln:";
const SGTIN_PATTERN: &str = "urn:epc:idpat:sgtin:";

/// Reads a URN of a scheme known here; `None` when the text is of another scheme.
pub(super) fn read(text: &str) -> Result<Option<Epc>, UriError> {
    if !text.get(..8).is_some_and(|head| head.eq_ignore_ascii_case("urn:epc:")) {
        return Ok(None);
    }
    let after = |scheme: &str| text.get(8..)?.strip_prefix(&scheme[8..]);
    if let Some(rest) = after(SGTIN) {
        return sgtin(rest).map(Some);
    }
    if let Some(rest) = after(SSCC) {
        return sscc(rest).map(Some);
    }
    if let Some(rest) = after(LGTIN) {
        return lgtin(rest).map(Some);
    }
    if let Some(rest) = after(SGLN) {
        return sgln(rest).map(Some);
    }
    if let Some(rest) = after(PGLN) {
        return pgln(rest).map(Some);
    }
    match after(SGTIN_PATTERN) {
        Some(rest) if !rest.ends_with(".*.*") => gtin_class(rest).map(Some),
        _ => Ok(None),
    }
}

fn sgtin(rest: &str) -> Result<Epc, UriError> {
    let (prefix, reference, serial) = three(rest, "CompanyPrefix.ItemReference.Serial")?;
    let (gtin, length) = gtin(prefix, reference)?;
    Ok(known(Sgtin { gtin, serial: decoded(serial)?.parse()? }, length))
}

fn lgtin(rest: &str) -> Result<Epc, UriError> {
    let (prefix, reference, lot) = three(rest, "CompanyPrefix.ItemReference.Lot")?;
    let (gtin, length) = gtin(prefix, reference)?;
    Ok(known(Lgtin { gtin, lot: decoded(lot)?.parse()? }, length))
}

fn gtin_class(rest: &str) -> Result<Epc, UriError> {
    const SHAPE: &str = "CompanyPrefix.ItemReference.*";
    let (prefix, reference, serial) = three(rest, SHAPE)?;
    if serial != "*" {
        return Err(UriError::UrnShape { expected: SHAPE, found: shown(rest) });
    }
    let (gtin, length) = gtin(prefix, reference)?;
    Ok(known(gtin, length))
}

/// GTIN = indicator (first digit of the reference), company prefix, rest of the reference, check.
fn gtin(prefix: &str, reference: &str) -> Result<(Gtin, CompanyPrefixLength), UriError> {
    let (body, length) = body(KeyName::Gtin, prefix, reference, 13)?;
    Ok((Gtin::from_body(body)?, length))
}

fn sscc(rest: &str) -> Result<Epc, UriError> {
    let (prefix, reference) = two(rest, "CompanyPrefix.SerialReference")?;
    let (body, length) = body(KeyName::Sscc, prefix, reference, 17)?;
    Ok(known(Sscc::from_body(body)?, length))
}

/// Key digits but the check digit, when the first digit of the reference goes to the front.
fn body(
    key: KeyName,
    prefix: &str,
    reference: &str,
    digits: usize,
) -> Result<(u64, CompanyPrefixLength), UriError> {
    let length = CompanyPrefixLength::new(prefix.len())?;
    digit_count(prefix, reference, digits)?;
    let (prefix, reference) = (number(key, prefix)?, number(key, reference)?);
    let reference_unit = 10u64.pow((digits - length.digits() - 1) as u32);
    let (first, rest) = (reference / reference_unit, reference % reference_unit);
    let body = first * 10u64.pow(digits as u32 - 1) + prefix * reference_unit + rest;
    Ok((body, length))
}

fn sgln(rest: &str) -> Result<Epc, UriError> {
    let (prefix, reference, extension) = three(rest, "CompanyPrefix.LocationReference.Extension")?;
    let (gln, length) = gln(prefix, reference)?;
    let extension = match extension {
        "0" => None,
        text => Some(decoded(text)?.parse()?),
    };
    Ok(known(Sgln { gln, extension }, length))
}

fn pgln(rest: &str) -> Result<Epc, UriError> {
    let (prefix, reference) = two(rest, "CompanyPrefix.PartyReference")?;
    let (gln, length) = gln(prefix, reference)?;
    Ok(known(Identifier::Pgln(gln), length))
}

fn gln(prefix: &str, reference: &str) -> Result<(Gln, CompanyPrefixLength), UriError> {
    let length = CompanyPrefixLength::new(prefix.len())?;
    digit_count(prefix, reference, 12)?;
    let (head, tail) = (number(KeyName::Gln, prefix)?, number(KeyName::Gln, reference)?);
    let gln = Gln::from_body(head * 10u64.pow(reference.len() as u32) + tail)?;
    Ok((gln, length))
}

fn digit_count(prefix: &str, reference: &str, expected: usize) -> Result<(), UriError> {
    let found = prefix.len() + reference.len();
    if found == expected { Ok(()) } else { Err(UriError::UrnDigits { expected, found }) }
}

fn known(id: impl Into<Identifier>, length: CompanyPrefixLength) -> Epc {
    Epc { id: id.into(), company_prefix_length: Some(length) }
}

fn two<'a>(rest: &'a str, expected: &'static str) -> Result<(&'a str, &'a str), UriError> {
    rest.split_once('.').ok_or_else(|| UriError::UrnShape { expected, found: shown(rest) })
}

fn three<'a>(
    rest: &'a str,
    expected: &'static str,
) -> Result<(&'a str, &'a str, &'a str), UriError> {
    let (prefix, tail) = two(rest, expected)?;
    match tail.split_once('.') {
        Some((reference, last)) => Ok((prefix, reference, last)),
        None => Err(UriError::UrnShape { expected, found: shown(rest) }),
    }
}

fn decoded(text: &str) -> Result<Cow<'_, str>, UriError> {
    percent::decode(text).map_err(|_| UriError::Escape { found: shown(text) })
}
