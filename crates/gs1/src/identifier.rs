//! What EPCIS events and scans name: a typed identifier with one canonical text form.
//!
//! # Invariants
//!
//! - The canonical text is the GS1 Digital Link on `https://id.gs1.org`.
//! - Two texts that name the same thing (URN, Digital Link of any domain, short names, GTIN-13)
//!   read as equal identifiers.

mod digital_link;
mod epc;
mod error;
mod uri;
mod urn;

pub use epc::Epc;
pub use error::UriError;
pub use uri::Uri;

use std::fmt;
use std::str::FromStr;

use crate::key::{Gln, Gtin, Sscc};
use crate::serial::{GlnExtension, Lot, Serial};
use crate::text_form::serde_as_text;

/// One unit: GTIN and serial number.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sgtin {
    /// The trade item.
    pub gtin: Gtin,
    /// Which one of them.
    pub serial: Serial,
}

/// One batch: GTIN and lot number.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lgtin {
    /// The trade item.
    pub gtin: Gtin,
    /// Which batch of it.
    pub lot: Lot,
}

/// One place: GLN and optional extension.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sgln {
    /// The location.
    pub gln: Gln,
    /// A place inside it. An extension `0` means none (TDS, section 7.3) and is read as `None`.
    pub extension: Option<GlnExtension>,
}

/// Anything that an event or a scan can name.
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
            Self::Gtin(gtin) => Some(*gtin),
            _ => None,
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
        let _ = digital_link::write_key(&mut key, self);
        key
    }
}

impl fmt::Display for Identifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !matches!(self, Self::Other(_)) {
            f.write_str(digital_link::CANONICAL_STEM)?;
        }
        digital_link::write_key(f, self)
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

kind!(Sgtin(Sgtin), Lgtin(Lgtin), Gtin(Gtin), Sscc(Sscc), Sgln(Sgln));

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
}
