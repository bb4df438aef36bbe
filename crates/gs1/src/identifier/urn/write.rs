//! Writing an identifier as an EPC URN.

use std::fmt::{self, Write};

use super::Scheme;
use super::digits::{self, UrnKey};
use crate::charset::CharSet;
use crate::company_prefix::CompanyPrefixLength;
use crate::identifier::{
    Cpi, Gcn, Gdti, Grai, Identifier, Itip, ItipPart, Lgtin, Sgln, Sgtin, Upui,
};
use crate::percent;

/// Writes the URN; `None` when the length that it needs is missing, or the key has no URN.
pub(in crate::identifier) fn write(
    id: &Identifier,
    length: Option<CompanyPrefixLength>,
) -> Option<String> {
    if let Identifier::Other(uri) = id {
        let is_urn = uri.as_str().get(..4)?.eq_ignore_ascii_case("urn:");
        return is_urn.then(|| uri.to_string());
    }
    let mut urn = String::with_capacity(56);
    write_known(&mut urn, id, length?).ok().map(|()| urn)
}

fn write_known(f: &mut String, id: &Identifier, length: CompanyPrefixLength) -> fmt::Result {
    match id {
        Identifier::Sgtin(Sgtin { gtin, serial }) => {
            one(f, Scheme::Sgtin, gtin, length, serial.as_str())
        }
        Identifier::Lgtin(Lgtin { gtin, lot }) => one(f, Scheme::Lgtin, gtin, length, lot.as_str()),
        Identifier::Upui(Upui { gtin, serial }) => {
            one(f, Scheme::Upui, gtin, length, serial.as_str())
        }
        Identifier::Gtin(gtin) => one_or_class(f, Scheme::Sgtin, gtin, length, None::<&str>),
        Identifier::Grai(Grai { asset_type, serial }) => {
            one_or_class(f, Scheme::Grai, asset_type, length, serial.as_ref())
        }
        Identifier::Gdti(Gdti { document_type, serial }) => {
            one_or_class(f, Scheme::Gdti, document_type, length, serial.as_ref())
        }
        Identifier::Gcn(Gcn { coupon, serial }) => {
            one_or_class(f, Scheme::Sgcn, coupon, length, serial.as_ref())
        }
        Identifier::Sgln(Sgln { gln, extension }) => {
            let extension = extension.as_ref().map_or("0", |extension| extension.as_str());
            one(f, Scheme::Sgln, gln, length, extension)
        }
        Identifier::Sscc(sscc) => alone(f, Scheme::Sscc, sscc, length),
        Identifier::Pgln(gln) => alone(f, Scheme::Pgln, gln, length),
        Identifier::Gsrn(gsrn) => alone(f, Scheme::Gsrn, gsrn, length),
        Identifier::Gsrnp(gsrn) => alone(f, Scheme::Gsrnp, gsrn, length),
        Identifier::Gsin(gsin) => alone(f, Scheme::Gsin, gsin, length),
        Identifier::Giai(giai) => reference(f, Scheme::Giai.head(), giai.as_str(), length),
        Identifier::Ginc(ginc) => reference(f, Scheme::Ginc.head(), ginc.as_str(), length),
        Identifier::Itip(itip) => piece(f, itip, length),
        Identifier::Cpi(cpi) => part(f, cpi, length),
        Identifier::Other(_) => Err(fmt::Error),
    }
}

fn alone(
    f: &mut String,
    scheme: Scheme,
    key: &impl UrnKey,
    length: CompanyPrefixLength,
) -> fmt::Result {
    write_key(f, scheme.head(), key, length)
}

fn one(
    f: &mut String,
    scheme: Scheme,
    key: &impl UrnKey,
    length: CompanyPrefixLength,
    serial: &str,
) -> fmt::Result {
    write_key(f, scheme.head(), key, length)?;
    f.push('.');
    percent::encode(f, serial, CharSet::URN_RAW)
}

fn one_or_class(
    f: &mut String,
    scheme: Scheme,
    key: &impl UrnKey,
    length: CompanyPrefixLength,
    serial: Option<impl AsRef<str>>,
) -> fmt::Result {
    if let Some(serial) = serial {
        return one(f, scheme, key, length, serial.as_ref());
    }
    write_key(f, scheme.class_head().ok_or(fmt::Error)?, key, length)?;
    f.write_str(".*")
}

fn piece(f: &mut String, itip: &Itip, length: CompanyPrefixLength) -> fmt::Result {
    let (head, serial) = match &itip.part {
        ItipPart::All => (Scheme::Itip.class_head().ok_or(fmt::Error)?, None),
        ItipPart::Serial(serial) => (Scheme::Itip.head(), Some(serial.as_str())),
        ItipPart::Lot(_) => return Err(fmt::Error),
    };
    write_key(f, head, &itip.gtin, length)?;
    write!(f, ".{:02}.{:02}.", itip.piece.piece(), itip.piece.total())?;
    match serial {
        Some(serial) => percent::encode(f, serial, CharSet::URN_RAW),
        None => f.write_str("*"),
    }
}

fn part(f: &mut String, cpi: &Cpi, length: CompanyPrefixLength) -> fmt::Result {
    let head = match cpi.serial {
        Some(_) => Scheme::Cpi.head(),
        None => Scheme::Cpi.class_head().ok_or(fmt::Error)?,
    };
    reference(f, head, cpi.part.as_str(), length)?;
    write!(f, ".{}", cpi.serial.as_ref().map_or("*", |serial| serial.as_str()))
}

/// A key that is a text; an error when it does not start with a company prefix of this length.
fn reference(f: &mut String, head: &str, text: &str, length: CompanyPrefixLength) -> fmt::Result {
    let (prefix, reference) = text.split_at_checked(length.digits()).ok_or(fmt::Error)?;
    if reference.is_empty() || !prefix.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(fmt::Error);
    }
    write!(f, "{head}{prefix}.")?;
    percent::encode(f, reference, CharSet::URN_RAW)
}

fn write_key(
    f: &mut String,
    head: &str,
    key: &impl UrnKey,
    length: CompanyPrefixLength,
) -> fmt::Result {
    f.push_str(head);
    digits::write(f, key, length)
}
