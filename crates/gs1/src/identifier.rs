//! What EPCIS events and scans name: a typed identifier with one canonical text form.
//!
//! # Invariants
//!
//! - The canonical text is the GS1 Digital Link on `https://id.gs1.org`.
//! - Two texts that name the same thing (URN, Digital Link of any domain, short names, GTIN-13)
//!   read as equal identifiers.

mod digital_link;
mod elements;
mod epc;
mod error;
mod numbered;
mod place;
mod trade_item;
mod uri;
mod urn;

pub use epc::Epc;
pub use error::UriError;
pub use numbered::{Cpi, Gcn, Gdti, Grai};
pub use place::Sgln;
pub use trade_item::{Itip, ItipPart, Lgtin, PieceOfTotal, Sgtin, Upui};
pub use uri::Uri;
pub(crate) use urn::{Scheme, class_of, is_foreign_pattern, leading, one_of, shown};

use std::fmt;
use std::str::FromStr;

use crate::charset::CharSet;
use crate::key::{Gln, Gsin, Gsrn, Gtin, Sscc};
use crate::serial::{Giai, Ginc};
use crate::text_form::serde_as_text;

/// Anything that an event or a scan can name.
///
/// A consumer product variant (AI 22), a UIC (AI 7040) and a service relation instance (AI 8019)
/// in a Digital Link tell more about what is named and are no part of its name: a unit is its GTIN
/// and serial number, whatever variant it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Identifier {
    /// One unit.
    Sgtin(Sgtin),
    /// One batch, as a class of items.
    Lgtin(Lgtin),
    /// One trade item, as a class of items (`urn:epc:idpat:sgtin:….*`).
    Gtin(Gtin),
    /// One logistic unit.
    Sscc(Sscc),
    /// One place.
    Sgln(Sgln),
    /// One party.
    Pgln(Gln),
    /// Returnable assets of one type, or one of them.
    Grai(Grai),
    /// One asset.
    Giai(Giai),
    /// Documents of one type, or one of them.
    Gdti(Gdti),
    /// Coupons of one kind, or one of them.
    Gcn(Gcn),
    /// The recipient of a service.
    Gsrn(Gsrn),
    /// The provider of a service.
    Gsrnp(Gsrn),
    /// Goods under one transport contract.
    Ginc(Ginc),
    /// Logistic units shipped together.
    Gsin(Gsin),
    /// One piece of a trade item, or all such pieces (of a batch).
    Itip(Box<Itip>),
    /// Components or parts of one number, or one of them.
    Cpi(Box<Cpi>),
    /// One unit that a third party numbers.
    Upui(Upui),
    /// Any other absolute URI, verbatim.
    Other(Uri),
}

impl Identifier {
    /// Reads an EPC URN, a GS1 Digital Link on any domain, or another absolute URI.
    ///
    /// A text that starts as one of the schemes read here and then goes wrong is an error, never
    /// [`Identifier::Other`]; so is a wrong key on `id.gs1.org`.
    ///
    /// # Errors
    ///
    /// [`UriError`] when the text is no absolute URI, or its key is wrong.
    pub fn from_uri(text: &str) -> Result<Epc, UriError> {
        if let Some(epc) = urn::read(text)? {
            return Ok(epc);
        }
        match digital_link::read(text)? {
            Some(id) => Ok(Epc::from(id)),
            None => Ok(Epc::from(Self::Other(Uri::new(text)?))),
        }
    }

    /// The trade item of a unit, batch or class.
    #[must_use]
    pub const fn gtin(&self) -> Option<Gtin> {
        match self {
            Self::Sgtin(Sgtin { gtin, .. }) | Self::Lgtin(Lgtin { gtin, .. }) => Some(*gtin),
            Self::Gtin(gtin) | Self::Upui(Upui { gtin, .. }) => Some(*gtin),
            _ => None,
        }
    }

    /// Whether it names all items of a kind or of a batch, and not one item, place or party.
    ///
    /// Of another URI this is not known: `false`.
    #[must_use]
    pub const fn is_class(&self) -> bool {
        match self {
            Self::Gtin(_) | Self::Lgtin(_) => true,
            Self::Grai(grai) => grai.serial.is_none(),
            Self::Gdti(gdti) => gdti.serial.is_none(),
            Self::Gcn(gcn) => gcn.serial.is_none(),
            Self::Itip(itip) => !matches!(itip.part, ItipPart::Serial(_)),
            Self::Cpi(cpi) => cpi.serial.is_none(),
            _ => false,
        }
    }

    /// The canonical GS1 Digital Link on `https://id.gs1.org`; of another URI, the URI verbatim.
    #[must_use]
    pub fn digital_link(&self) -> String {
        self.to_string()
    }

    /// The key without a domain, as in the Digital Link: `01/09506000134352/21/abc`.
    ///
    /// Of another URI, the URI verbatim.
    #[must_use]
    pub fn key(&self) -> String {
        let mut key = String::with_capacity(48);
        // Writing to a String never fails.
        let _ = digital_link::write_key(&mut key, self, CharSet::URI_UNRESERVED);
        key
    }

    /// As [`key`](Self::key), but the ASCII characters of `raw` in a value stay as they are,
    /// besides letters, digits and `-._~`.
    #[must_use]
    pub fn key_leaving(&self, raw: &str) -> String {
        let mut key = String::with_capacity(48);
        // Writing to a String never fails.
        let _ = digital_link::write_key(&mut key, self, CharSet::URI_UNRESERVED.and(raw));
        key
    }
}

impl fmt::Display for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !matches!(self, Self::Other(_)) {
            f.write_str(digital_link::CANONICAL_STEM)?;
        }
        digital_link::write_key(f, self, CharSet::URI_UNRESERVED)
    }
}

impl FromStr for Identifier {
    type Err = UriError;

    /// As [`Identifier::from_uri`], without the company prefix length.
    fn from_str(text: &str) -> Result<Self, UriError> {
        Self::from_uri(text).map(|epc| epc.id)
    }
}

serde_as_text!(Identifier);

macro_rules! kind {
    ($($kind:ident($inner:ty)),+ $(,)?) => {$(
        impl From<$inner> for Identifier {
            fn from(inner: $inner) -> Self {
                Self::$kind(inner)
            }
        }
    )+};
}

kind!(
    Sgtin(Sgtin),
    Lgtin(Lgtin),
    Gtin(Gtin),
    Sscc(Sscc),
    Sgln(Sgln),
    Grai(Grai),
    Giai(Giai),
    Gdti(Gdti),
    Gcn(Gcn),
    Ginc(Ginc),
    Gsin(Gsin),
    Itip(Box<Itip>),
    Cpi(Box<Cpi>),
    Upui(Upui),
);

impl From<Itip> for Identifier {
    fn from(itip: Itip) -> Self {
        Self::Itip(Box::new(itip))
    }
}

impl From<Cpi> for Identifier {
    fn from(cpi: Cpi) -> Self {
        Self::Cpi(Box::new(cpi))
    }
}

macro_rules! part {
    ($($kind:ident, $expected:literal;)+) => {$(
        impl fmt::Display for $kind {
            /// The canonical Digital Link.
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                Identifier::from(self.clone()).fmt(f)
            }
        }

        impl FromStr for $kind {
            type Err = UriError;

            fn from_str(text: &str) -> Result<Self, UriError> {
                match text.parse()? {
                    Identifier::$kind(inner) => Ok(inner),
                    _ => Err(UriError::Kind { expected: $expected, found: error::shown(text) }),
                }
            }
        }

        serde_as_text!($kind);
    )+};
}

part! {
    Sgtin, "an SGTIN";
    Lgtin, "an LGTIN";
    Sgln, "an SGLN";
    Grai, "a GRAI";
    Gdti, "a GDTI";
    Gcn, "a GCN";
    Upui, "a UPUI";
}
