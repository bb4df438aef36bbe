//! Company prefix and reference as the digits of a key.

use std::fmt;

use crate::company_prefix::CompanyPrefixLength;
use crate::identifier::error::UriError;
use crate::identifier::{Identifier, Lgtin, Sgln, Sgtin, Upui};
use crate::key::{AssetType, Coupon, DocumentType, Gln, Gsin, Gsrn, Gtin, KeyName, Sscc, number};

/// A key with a check digit, which a URN writes without it.
pub(super) trait UrnKey: Sized {
    const NAME: KeyName;
    /// Number of digits but the check digit.
    const BODY_DIGITS: usize;
    /// Whether the first digit stands in front of the reference in a URN, and not of the prefix.
    const SHIFTED: bool;
    fn of_body(body: u64) -> Result<Self, UriError>;
    fn body(&self) -> u64;
}

macro_rules! urn_key {
    ($($key:ident, $name:ident, $shifted:literal;)+) => {$(
        impl UrnKey for $key {
            const NAME: KeyName = KeyName::$name;
            const BODY_DIGITS: usize = $key::DIGITS - 1;
            const SHIFTED: bool = $shifted;

            fn of_body(body: u64) -> Result<Self, UriError> {
                Ok(Self::from_body(body)?)
            }

            fn body(&self) -> u64 {
                $key::body(*self)
            }
        }
    )+};
}

urn_key! {
    Gtin, Gtin, true;
    Sscc, Sscc, true;
    Gln, Gln, false;
    AssetType, Grai, false;
    DocumentType, Gdti, false;
    Coupon, Gcn, false;
    Gsrn, Gsrn, false;
    Gsin, Gsin, false;
}

/// The key, its check digit computed.
pub(super) fn key<K: UrnKey>(
    prefix: &str,
    reference: &str,
) -> Result<(K, CompanyPrefixLength), UriError> {
    let length = CompanyPrefixLength::new(prefix.len())?;
    let (expected, found) = (K::BODY_DIGITS, prefix.len() + reference.len());
    if found != expected {
        return Err(UriError::UrnDigits { expected, found });
    }
    let (prefix, tail) = (number(K::NAME, prefix)?, number(K::NAME, reference)?);
    if !K::SHIFTED {
        let body = prefix * 10u64.pow(reference.len() as u32) + tail;
        return Ok((K::of_body(body)?, length));
    }
    let unit = 10u64.pow((expected - length.digits() - 1) as u32);
    let (first, rest) = (tail / unit, tail % unit);
    let body = first * 10u64.pow(expected as u32 - 1) + prefix * unit + rest;
    Ok((K::of_body(body)?, length))
}

/// Writes company prefix and reference of a key.
pub(super) fn write<K: UrnKey>(
    f: &mut impl fmt::Write,
    key: &K,
    length: CompanyPrefixLength,
) -> fmt::Result {
    let length = length.digits();
    let width = K::BODY_DIGITS - usize::from(K::SHIFTED) - length;
    let (prefix_unit, unit) = (10u64.pow((length + width) as u32), 10u64.pow(width as u32));
    let (first, rest) = (key.body() / prefix_unit, key.body() % prefix_unit);
    write!(f, "{:0length$}.", rest / unit)?;
    if K::SHIFTED {
        write!(f, "{first}")?;
    }
    if width > 0 {
        write!(f, "{:0width$}", rest % unit)?;
    }
    Ok(())
}

/// The first `count` digits (6 to 12) from where the company prefix begins, as a number; `None` when
/// the identifier has fewer, or no company prefix.
pub(crate) fn leading(id: &Identifier, count: usize) -> Option<u64> {
    Some(match id {
        Identifier::Sgtin(Sgtin { gtin, .. })
        | Identifier::Lgtin(Lgtin { gtin, .. })
        | Identifier::Upui(Upui { gtin, .. })
        | Identifier::Gtin(gtin) => of_key(gtin, count),
        Identifier::Itip(itip) => of_key(&itip.gtin, count),
        Identifier::Sscc(sscc) => of_key(sscc, count),
        Identifier::Sgln(Sgln { gln, .. }) | Identifier::Pgln(gln) => of_key(gln, count),
        Identifier::Grai(grai) => of_key(&grai.asset_type, count),
        Identifier::Gdti(gdti) => of_key(&gdti.document_type, count),
        Identifier::Gcn(gcn) => of_key(&gcn.coupon, count),
        Identifier::Gsrn(gsrn) | Identifier::Gsrnp(gsrn) => of_key(gsrn, count),
        Identifier::Gsin(gsin) => of_key(gsin, count),
        Identifier::Giai(giai) => return of_text(giai.as_str(), count),
        Identifier::Ginc(ginc) => return of_text(ginc.as_str(), count),
        Identifier::Cpi(cpi) => return of_text(cpi.part.as_str(), count),
        Identifier::Other(_) => return None,
    })
}

fn of_key<K: UrnKey>(key: &K, count: usize) -> u64 {
    let digits = K::BODY_DIGITS - usize::from(K::SHIFTED);
    let from_prefix = key.body() % 10u64.pow(digits as u32);
    from_prefix / 10u64.pow((digits - count) as u32)
}

fn of_text(text: &str, count: usize) -> Option<u64> {
    let digits = text.get(..count)?;
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
}
