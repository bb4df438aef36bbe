//! The schemes of EPC URNs that stand for GS1 keys (EPC Tag Data Standard, section 6.3).

use crate::identifier::{Identifier, ItipPart};

/// A scheme of EPC URNs, or of a class of EPCs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Scheme {
    Sgtin,
    Lgtin,
    Upui,
    Itip,
    Sscc,
    Sgln,
    Pgln,
    Grai,
    Giai,
    Gdti,
    Sgcn,
    Gsrn,
    Gsrnp,
    Ginc,
    Gsin,
    Cpi,
}

impl Scheme {
    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "sgtin" => Self::Sgtin,
            "sscc" => Self::Sscc,
            "sgln" => Self::Sgln,
            "pgln" => Self::Pgln,
            "grai" => Self::Grai,
            "giai" => Self::Giai,
            "gdti" => Self::Gdti,
            "sgcn" => Self::Sgcn,
            "gsrn" => Self::Gsrn,
            "gsrnp" => Self::Gsrnp,
            "ginc" => Self::Ginc,
            "gsin" => Self::Gsin,
            "itip" => Self::Itip,
            "cpi" => Self::Cpi,
            "upui" => Self::Upui,
            "lgtin" => Self::Lgtin,
            _ => return None,
        })
    }

    /// The head of a URN that names one thing (of LGTIN: one batch).
    pub(super) const fn head(self) -> &'static str {
        match self {
            Self::Sgtin => "urn:epc:id:sgtin:",
            Self::Lgtin => "urn:epc:class:lgtin:",
            Self::Upui => "urn:epc:id:upui:",
            Self::Itip => "urn:epc:id:itip:",
            Self::Sscc => "urn:epc:id:sscc:",
            Self::Sgln => "urn:epc:id:sgln:",
            Self::Pgln => "urn:epc:id:pgln:",
            Self::Grai => "urn:epc:id:grai:",
            Self::Giai => "urn:epc:id:giai:",
            Self::Gdti => "urn:epc:id:gdti:",
            Self::Sgcn => "urn:epc:id:sgcn:",
            Self::Gsrn => "urn:epc:id:gsrn:",
            Self::Gsrnp => "urn:epc:id:gsrnp:",
            Self::Ginc => "urn:epc:id:ginc:",
            Self::Gsin => "urn:epc:id:gsin:",
            Self::Cpi => "urn:epc:id:cpi:",
        }
    }

    /// The head of a URN that names all things of a class.
    pub(super) const fn class_head(self) -> Option<&'static str> {
        Some(match self {
            Self::Sgtin => "urn:epc:idpat:sgtin:",
            Self::Itip => "urn:epc:idpat:itip:",
            Self::Grai => "urn:epc:idpat:grai:",
            Self::Gdti => "urn:epc:idpat:gdti:",
            Self::Sgcn => "urn:epc:idpat:sgcn:",
            Self::Cpi => "urn:epc:idpat:cpi:",
            Self::Upui => "urn:epc:idpat:upui:",
            _ => return None,
        })
    }

    /// The components after the head.
    pub(crate) const fn shape(self) -> &'static str {
        match self {
            Self::Sgtin => "CompanyPrefix.ItemReference.Serial",
            Self::Lgtin => "CompanyPrefix.ItemReference.Lot",
            Self::Upui => "CompanyPrefix.ItemReference.ThirdPartySerial",
            Self::Itip => "CompanyPrefix.ItemReference.Piece.Total.Serial",
            Self::Sscc => "CompanyPrefix.SerialReference",
            Self::Sgln => "CompanyPrefix.LocationReference.Extension",
            Self::Pgln => "CompanyPrefix.PartyReference",
            Self::Grai => "CompanyPrefix.AssetType.Serial",
            Self::Giai => "CompanyPrefix.AssetReference",
            Self::Gdti => "CompanyPrefix.DocumentType.Serial",
            Self::Sgcn => "CompanyPrefix.CouponReference.Serial",
            Self::Gsrn | Self::Gsrnp => "CompanyPrefix.ServiceReference",
            Self::Ginc => "CompanyPrefix.ConsignmentReference",
            Self::Gsin => "CompanyPrefix.ShipmentReference",
            Self::Cpi => "CompanyPrefix.PartReference.Serial",
        }
    }

    /// Number of components after the head.
    pub(crate) const fn components(self) -> usize {
        match self {
            Self::Itip => 5,
            Self::Sscc
            | Self::Pgln
            | Self::Giai
            | Self::Gsrn
            | Self::Gsrnp
            | Self::Ginc
            | Self::Gsin => 2,
            _ => 3,
        }
    }

    /// Whether an identifier is of this scheme; a class is of the scheme of its items. A batch of
    /// pieces is of none, for it has no URN.
    pub(crate) const fn has(self, id: &Identifier) -> bool {
        match id {
            Identifier::Sgtin(_) => matches!(self, Self::Sgtin),
            Identifier::Lgtin(_) => matches!(self, Self::Lgtin),
            Identifier::Upui(_) => matches!(self, Self::Upui),
            Identifier::Gtin(_) => matches!(self, Self::Sgtin | Self::Upui),
            Identifier::Itip(itip) => {
                matches!(self, Self::Itip) && !matches!(itip.part, ItipPart::Lot(_))
            }
            Identifier::Sscc(_) => matches!(self, Self::Sscc),
            Identifier::Sgln(_) => matches!(self, Self::Sgln),
            Identifier::Pgln(_) => matches!(self, Self::Pgln),
            Identifier::Grai(_) => matches!(self, Self::Grai),
            Identifier::Giai(_) => matches!(self, Self::Giai),
            Identifier::Gdti(_) => matches!(self, Self::Gdti),
            Identifier::Gcn(_) => matches!(self, Self::Sgcn),
            Identifier::Gsrn(_) => matches!(self, Self::Gsrn),
            Identifier::Gsrnp(_) => matches!(self, Self::Gsrnp),
            Identifier::Ginc(_) => matches!(self, Self::Ginc),
            Identifier::Gsin(_) => matches!(self, Self::Gsin),
            Identifier::Cpi(_) => matches!(self, Self::Cpi),
            Identifier::Other(_) => false,
        }
    }
}
