//! Texts inside and after a key: serial and lot numbers, extensions, references.
//!
//! # Invariants
//!
//! - Verbatim: case and leading zeros are part of a text, `01` and `1` differ, so do `a` and `A`.
//! - A text obeys the length and the characters of its [`FieldName`].

mod error;
mod field;

pub use error::TextError;
pub use field::FieldName;

use std::fmt;
use std::str::FromStr;

use crate::text_form::serde_as_text;

macro_rules! text_field {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Box<str>);

        impl $name {
            /// The text, checked against [`FieldName`].
            ///
            /// # Errors
            ///
            /// [`TextError`] when the length or a character is wrong.
            pub fn new(text: impl Into<Box<str>>) -> Result<Self, TextError> {
                let text = text.into();
                field::check(FieldName::$name, &text)?;
                Ok(Self(text))
            }

            /// The text, verbatim.
            #[must_use]
            pub const fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = TextError;

            fn from_str(text: &str) -> Result<Self, TextError> {
                field::check(FieldName::$name, text)?;
                Ok(Self(text.into()))
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({:?})"), &self.0)
            }
        }

        serde_as_text!($name);
    )+};
}

text_field! {
    /// Serial number of a unit (AI 21): 1 to 20 characters of CSET 82.
    Serial;
    /// Batch or lot number (AI 10): 1 to 20 characters of CSET 82.
    Lot;
    /// Extension that names a place inside a GLN (AI 254): 1 to 20 characters of CSET 82. `0`
    /// means none in an EPC URN.
    GlnExtension;
    /// Serial number that a third party controls (AI 235): 1 to 28 characters of CSET 82.
    ThirdPartySerial;
    /// Serial number of a returnable asset (in AI 8003): 1 to 16 characters of CSET 82.
    AssetSerial;
    /// Serial number of a document (in AI 253): 1 to 17 characters of CSET 82.
    DocumentSerial;
    /// Serial number of a coupon (in AI 255): 1 to 12 digits.
    CouponSerial;
    /// Serial number of a component or part (AI 8011): 1 to 12 digits, the first of several not 0
    /// (`0` alone is a number of an EPC URN, but refused in a bar code).
    PartSerial;
    /// Global Individual Asset Identifier (AI 8004): company prefix and reference, together at
    /// most 30 characters of CSET 82.
    Giai;
    /// Global Identification Number for Consignment (AI 401): company prefix and reference,
    /// together at most 30 characters of CSET 82.
    Ginc;
    /// Component or part identifier (AI 8010): company prefix and reference, together at most 30
    /// characters of CSET 39.
    PartNumber;
}
