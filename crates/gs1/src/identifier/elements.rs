//! Identifiers as elements of a bar code, and back.

use super::{Cpi, Gcn, Gdti, Grai, Identifier, Itip, ItipPart, Lgtin, Sgln, Sgtin, Upui};
use crate::ai::Ai;
use crate::element::Element;

impl Identifier {
    /// The elements that a bar code of this identifier has; none for another URI.
    #[must_use]
    pub fn elements(&self) -> Vec<Element> {
        let element = |ai, value: &dyn ToString| Element::typed(ai, value.to_string());
        match self {
            Self::Sgtin(Sgtin { gtin, serial }) => {
                vec![element(Ai::GTIN, gtin), element(Ai::SERIAL, serial)]
            }
            Self::Lgtin(Lgtin { gtin, lot }) => {
                vec![element(Ai::GTIN, gtin), element(Ai::LOT, lot)]
            }
            Self::Upui(Upui { gtin, serial }) => {
                vec![element(Ai::GTIN, gtin), element(Ai::THIRD_PARTY_SERIAL, serial)]
            }
            Self::Gtin(gtin) => vec![element(Ai::GTIN, gtin)],
            Self::Sscc(sscc) => vec![element(Ai::SSCC, sscc)],
            Self::Sgln(Sgln { gln, extension: None }) => vec![element(Ai::LOCATION, gln)],
            Self::Sgln(Sgln { gln, extension: Some(extension) }) => {
                vec![element(Ai::LOCATION, gln), element(Ai::GLN_EXTENSION, extension)]
            }
            Self::Pgln(gln) => vec![element(Ai::PARTY, gln)],
            Self::Grai(grai) => vec![element(GRAI, &grai.value())],
            Self::Giai(giai) => vec![element(GIAI, giai)],
            Self::Gdti(gdti) => vec![element(GDTI, &gdti.value())],
            Self::Gcn(gcn) => vec![element(GCN, &gcn.value())],
            Self::Gsrn(gsrn) => vec![element(GSRN, gsrn)],
            Self::Gsrnp(gsrn) => vec![element(GSRNP, gsrn)],
            Self::Ginc(ginc) => vec![element(GINC, ginc)],
            Self::Gsin(gsin) => vec![element(GSIN, gsin)],
            Self::Itip(itip) => {
                let mut elements = vec![element(ITIP, &itip.value())];
                match &itip.part {
                    ItipPart::All => {}
                    ItipPart::Lot(lot) => elements.push(element(Ai::LOT, lot)),
                    ItipPart::Serial(serial) => elements.push(element(Ai::SERIAL, serial)),
                }
                elements
            }
            Self::Cpi(cpi) => {
                let mut elements = vec![element(CPID, &cpi.part)];
                elements.extend(cpi.serial.as_ref().map(|serial| element(CPID_SERIAL, serial)));
                elements
            }
            Self::Other(_) => Vec::new(),
        }
    }

    /// What the elements of one bar code name, the finest key first: unit, logistic unit, piece,
    /// batch, trade item, part, asset, document, coupon, service relation, shipment, consignment,
    /// place, party. `None` when they have none of these keys.
    #[must_use]
    pub fn from_elements(elements: &[Element]) -> Option<Self> {
        let value = |ai: Ai| {
            elements.iter().find(|element| element.ai == ai).map(|element| &*element.value)
        };
        None.or_else(|| trade_unit(&value))
            .or_else(|| value(Ai::SSCC)?.parse().ok().map(Self::Sscc))
            .or_else(|| piece(&value))
            .or_else(|| trade_item(&value))
            .or_else(|| asset_or_part(&value))
            .or_else(|| document_or_service(&value))
            .or_else(|| value(GSIN)?.parse().ok().map(Self::Gsin))
            .or_else(|| value(GINC)?.parse().ok().map(Self::Ginc))
            .or_else(|| place(&value))
            .or_else(|| value(Ai::PARTY)?.parse().ok().map(Self::Pgln))
    }
}

pub(super) const GDTI: Ai = Ai::literal(b"253");
pub(super) const GCN: Ai = Ai::literal(b"255");
pub(super) const GINC: Ai = Ai::literal(b"401");
pub(super) const GSIN: Ai = Ai::literal(b"402");
pub(super) const GRAI: Ai = Ai::literal(b"8003");
pub(super) const GIAI: Ai = Ai::literal(b"8004");
pub(super) const ITIP: Ai = Ai::literal(b"8006");
pub(super) const CPID: Ai = Ai::literal(b"8010");
pub(super) const CPID_SERIAL: Ai = Ai::literal(b"8011");
pub(super) const GSRNP: Ai = Ai::literal(b"8017");
pub(super) const GSRN: Ai = Ai::literal(b"8018");

fn trade_unit<'a>(value: &impl Fn(Ai) -> Option<&'a str>) -> Option<Identifier> {
    let gtin = value(Ai::GTIN)?.parse().ok()?;
    if let Some(serial) = value(Ai::SERIAL).and_then(|text| text.parse().ok()) {
        return Some(Sgtin { gtin, serial }.into());
    }
    let serial = value(Ai::THIRD_PARTY_SERIAL)?.parse().ok()?;
    Some(Upui { gtin, serial }.into())
}

fn trade_item<'a>(value: &impl Fn(Ai) -> Option<&'a str>) -> Option<Identifier> {
    let gtin = value(Ai::GTIN)?.parse().ok()?;
    Some(match value(Ai::LOT).and_then(|text| text.parse().ok()) {
        Some(lot) => Lgtin { gtin, lot }.into(),
        None => Identifier::Gtin(gtin),
    })
}

fn piece<'a>(value: &impl Fn(Ai) -> Option<&'a str>) -> Option<Identifier> {
    let (gtin, piece) = Itip::of_value(value(ITIP)?).ok()?;
    let serial = value(Ai::SERIAL).and_then(|text| text.parse().ok()).map(ItipPart::Serial);
    let lot = || value(Ai::LOT).and_then(|text| text.parse().ok()).map(ItipPart::Lot);
    let part = serial.or_else(lot).unwrap_or(ItipPart::All);
    Some(Itip { gtin, piece, part }.into())
}

fn asset_or_part<'a>(value: &impl Fn(Ai) -> Option<&'a str>) -> Option<Identifier> {
    if let Some(part) = value(CPID).and_then(|text| text.parse().ok()) {
        let serial = value(CPID_SERIAL).and_then(|text| text.parse().ok());
        return Some(Cpi { part, serial }.into());
    }
    if let Some(grai) = value(GRAI).and_then(|text| Grai::of_value(text).ok()) {
        return Some(grai.into());
    }
    value(GIAI)?.parse().ok().map(Identifier::Giai)
}

fn document_or_service<'a>(value: &impl Fn(Ai) -> Option<&'a str>) -> Option<Identifier> {
    None.or_else(|| Gdti::of_value(value(GDTI)?).ok().map(Identifier::Gdti))
        .or_else(|| Gcn::of_value(value(GCN)?).ok().map(Identifier::Gcn))
        .or_else(|| value(GSRNP)?.parse().ok().map(Identifier::Gsrnp))
        .or_else(|| value(GSRN)?.parse().ok().map(Identifier::Gsrn))
}

fn place<'a>(value: &impl Fn(Ai) -> Option<&'a str>) -> Option<Identifier> {
    let gln = value(Ai::LOCATION)?.parse().ok()?;
    let extension = value(Ai::GLN_EXTENSION).filter(|&extension| extension != "0");
    let extension = extension.and_then(|text| text.parse().ok());
    Some(Sgln { gln, extension }.into())
}
