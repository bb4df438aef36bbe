//! Writing an identifier as an EPC URN.

use std::fmt::{self, Write};

use super::{LGTIN, PGLN, SGLN, SGTIN, SGTIN_PATTERN, SSCC};
use crate::charset::CharSet;
use crate::company_prefix::CompanyPrefixLength;
use crate::identifier::{Identifier, Lgtin, Sgln, Sgtin};
use crate::key::Gln;
use crate::percent;

/// Writes the URN; `None` when the length that it needs is missing.
pub(in crate::identifier) fn write(
    id: &Identifier,
    length: Option<CompanyPrefixLength>,
) -> Option<String> {
    if let Identifier::Other(uri) = id {
        let is_urn = uri.as_str().get(..4)?.eq_ignore_ascii_case("urn:");
        return is_urn.then(|| uri.to_string());
    }
    let digits = length?.digits();
    let mut urn = String::with_capacity(56);
    write_known(&mut urn, id, digits).ok().map(|()| urn)
}

fn write_known(f: &mut String, id: &Identifier, length: usize) -> fmt::Result {
    let raw = CharSet::URN_RAW;
    match id {
        Identifier::Sgtin(Sgtin { gtin, serial }) => {
            write_shifted(f, SGTIN, gtin.body(), 13, length)?;
            f.push('.');
            percent::encode(f, serial.as_str(), raw)
        }
        Identifier::Lgtin(Lgtin { gtin, lot }) => {
            write_shifted(f, LGTIN, gtin.body(), 13, length)?;
            f.push('.');
            percent::encode(f, lot.as_str(), raw)
        }
        Identifier::Gtin(gtin) => {
            write_shifted(f, SGTIN_PATTERN, gtin.body(), 13, length)?;
            f.write_str(".*")
        }
        Identifier::Sscc(sscc) => write_shifted(f, SSCC, sscc.body(), 17, length),
        Identifier::Sgln(Sgln { gln, extension }) => {
            write_gln(f, SGLN, *gln, length)?;
            f.push('.');
            percent::encode(f, extension.as_ref().map_or("0", |e| e.as_str()), raw)
        }
        Identifier::Pgln(gln) => write_gln(f, PGLN, *gln, length),
        Identifier::Other(_) => Err(fmt::Error),
    }
}

/// Prefix and reference of a key whose first digit belongs to the reference.
fn write_shifted(
    f: &mut String,
    scheme: &str,
    body: u64,
    digits: usize,
    length: usize,
) -> fmt::Result {
    let text = format!("{body:0digits$}");
    let (first, rest) = text.split_at(1);
    let (prefix, reference) = rest.split_at(length);
    write!(f, "{scheme}{prefix}.{first}{reference}")
}

fn write_gln(f: &mut String, scheme: &str, gln: Gln, length: usize) -> fmt::Result {
    let text = format!("{:012}", gln.body());
    let (prefix, reference) = text.split_at(length);
    write!(f, "{scheme}{prefix}.{reference}")
}
