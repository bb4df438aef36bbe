//! Writing the key of a Digital Link.

use std::fmt;

use crate::ai::Ai;
use crate::charset::CharSet;
use crate::identifier::elements::{CPID, GCN, GDTI, GIAI, GINC, GRAI, GSIN, GSRN, GSRNP, ITIP};
use crate::identifier::{Identifier, ItipPart, Lgtin, Sgln, Sgtin, Upui};
use crate::percent;

/// Writes the path of the Digital Link without a leading slash; of another URI, the URI. The
/// characters of `raw` stand for themselves.
pub(in crate::identifier) fn write_key(
    f: &mut impl fmt::Write,
    id: &Identifier,
    raw: CharSet,
) -> fmt::Result {
    match id {
        Identifier::Sgtin(Sgtin { gtin, serial }) => {
            write!(f, "01/{gtin}/21/")?;
            percent::encode(f, serial.as_str(), raw)
        }
        Identifier::Lgtin(Lgtin { gtin, lot }) => {
            write!(f, "01/{gtin}/10/")?;
            percent::encode(f, lot.as_str(), raw)
        }
        Identifier::Upui(Upui { gtin, serial }) => {
            write!(f, "01/{gtin}/235/")?;
            percent::encode(f, serial.as_str(), raw)
        }
        Identifier::Gtin(gtin) => write!(f, "01/{gtin}"),
        Identifier::Sscc(sscc) => write!(f, "00/{sscc}"),
        Identifier::Sgln(Sgln { gln, extension }) => {
            write!(f, "414/{gln}")?;
            write_qualifier(f, "254", extension.as_ref(), raw)
        }
        Identifier::Pgln(gln) => write!(f, "417/{gln}"),
        Identifier::Grai(grai) => write_text(f, GRAI, &grai.value(), raw),
        Identifier::Giai(giai) => write_text(f, GIAI, giai.as_str(), raw),
        Identifier::Gdti(gdti) => write_text(f, GDTI, &gdti.value(), raw),
        Identifier::Gcn(gcn) => write_text(f, GCN, &gcn.value(), raw),
        Identifier::Gsrn(gsrn) => write!(f, "{GSRN}/{gsrn}"),
        Identifier::Gsrnp(gsrn) => write!(f, "{GSRNP}/{gsrn}"),
        Identifier::Ginc(ginc) => write_text(f, GINC, ginc.as_str(), raw),
        Identifier::Gsin(gsin) => write!(f, "{GSIN}/{gsin}"),
        Identifier::Itip(itip) => {
            write!(f, "{ITIP}/{}{}", itip.gtin, itip.piece)?;
            match &itip.part {
                ItipPart::All => Ok(()),
                ItipPart::Lot(lot) => write_qualifier(f, "10", Some(lot), raw),
                ItipPart::Serial(serial) => write_qualifier(f, "21", Some(serial), raw),
            }
        }
        Identifier::Cpi(cpi) => {
            write_text(f, CPID, cpi.part.as_str(), raw)?;
            write_qualifier(f, "8011", cpi.serial.as_ref(), raw)
        }
        Identifier::Other(uri) => f.write_str(uri.as_str()),
    }
}

fn write_text(f: &mut impl fmt::Write, ai: Ai, value: &str, raw: CharSet) -> fmt::Result {
    write!(f, "{ai}/")?;
    percent::encode(f, value, raw)
}

fn write_qualifier(
    f: &mut impl fmt::Write,
    ai: &str,
    value: Option<&impl AsRef<str>>,
    raw: CharSet,
) -> fmt::Result {
    let Some(value) = value else { return Ok(()) };
    write!(f, "/{ai}/")?;
    percent::encode(f, value.as_ref(), raw)
}
