//! Numeric GS1 keys with a check digit: GTIN, SSCC, GLN and their kin (GS1 General Specifications,
//! section 7.9).

mod error;

pub use error::{KeyError, KeyName};

use std::fmt;
use std::str::FromStr;

use crate::check_digit::check_digit;
use crate::text_form::serde_as_text;

/// The number of `digits`, all of them decimal.
pub(crate) fn number(key: KeyName, digits: &str) -> Result<u64, KeyError> {
    let mut value = 0u64;
    for (offset, byte) in digits.bytes().enumerate() {
        if !byte.is_ascii_digit() {
            let found = digits[offset..].chars().next().unwrap_or('\0');
            return Err(KeyError::NotADigit { key, found, offset });
        }
        value = value.wrapping_mul(10).wrapping_add(u64::from(byte - b'0'));
    }
    Ok(value)
}

/// `value`, when its last digit is its check digit.
pub(crate) const fn checked(key: KeyName, value: u64) -> Result<u64, KeyError> {
    let expected = check_digit(value / 10);
    let found = (value % 10) as u8;
    if expected == found { Ok(value) } else { Err(KeyError::CheckDigit { key, expected, found }) }
}

macro_rules! numeric_key {
    ($(#[$doc:meta])* $name:ident, $key:expr, $digits:literal, $lengths:pat) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u64);

        impl $name {
            /// Number of digits of the canonical text.
            pub const DIGITS: usize = $digits;

            /// The key of this number, its check digit included.
            ///
            /// # Errors
            ///
            /// [`KeyError`] when the number has too many digits or the check digit is wrong.
            pub const fn new(value: u64) -> Result<Self, KeyError> {
                if value >= 10u64.pow($digits) {
                    return Err(KeyError::TooLarge { key: $key, found: value });
                }
                match checked($key, value) {
                    Ok(value) => Ok(Self(value)),
                    Err(error) => Err(error),
                }
            }

            /// The key whose digits but the last are `body`, with its check digit computed.
            ///
            /// # Errors
            ///
            /// [`KeyError::TooLarge`] when the body has too many digits.
            pub const fn from_body(body: u64) -> Result<Self, KeyError> {
                if body >= 10u64.pow($digits - 1) {
                    return Err(KeyError::TooLarge { key: $key, found: body });
                }
                Ok(Self(body * 10 + check_digit(body) as u64))
            }

            /// The key as a number, its check digit included.
            #[must_use]
            pub const fn value(self) -> u64 {
                self.0
            }

            /// The key as a number, its check digit left out.
            #[must_use]
            pub const fn body(self) -> u64 {
                self.0 / 10
            }
        }

        impl FromStr for $name {
            type Err = KeyError;

            fn from_str(text: &str) -> Result<Self, KeyError> {
                match text.len() {
                    $lengths => checked($key, number($key, text)?).map(Self),
                    _ => Err(KeyError::Length { key: $key, found: text.chars().count() }),
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:0width$}", self.0, width = $digits)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }
    };
}

numeric_key! {
    /// Global Trade Item Number, 14 digits (GTIN-8, -12 and -13 are padded on the left).
    ///
    /// ```
    /// # use theriac_gs1::Gtin;
    /// let gtin: Gtin = "9506000134352".parse()?;
    /// assert_eq!(gtin.to_string(), "09506000134352");
    /// # Ok::<(), theriac_gs1::KeyError>(())
    /// ```
    Gtin, KeyName::Gtin, 14, 8 | 12 | 13 | 14
}

numeric_key! {
    /// Serial Shipping Container Code, 18 digits: the key of a logistic unit.
    Sscc, KeyName::Sscc, 18, 18
}

numeric_key! {
    /// Global Location Number, 13 digits: the key of a place or a party.
    Gln, KeyName::Gln, 13, 13
}

numeric_key! {
    /// Type of a returnable asset, 13 digits: a GRAI without its serial and its leading zero.
    AssetType, KeyName::Grai, 13, 13
}

numeric_key! {
    /// Type of a document, 13 digits: a GDTI without its serial.
    DocumentType, KeyName::Gdti, 13, 13
}

numeric_key! {
    /// Coupon, 13 digits: a GCN without its serial.
    Coupon, KeyName::Gcn, 13, 13
}

numeric_key! {
    /// Global Service Relation Number, 18 digits: the provider or the recipient of a service.
    Gsrn, KeyName::Gsrn, 18, 18
}

numeric_key! {
    /// Global Shipment Identification Number, 17 digits: what one sender tells a carrier to bring
    /// to one recipient.
    Gsin, KeyName::Gsin, 17, 17
}

serde_as_text!(Gtin, Sscc, Gln, AssetType, DocumentType, Coupon, Gsrn, Gsin);

impl Gtin {
    /// Indicator digit, the first of 14: 0 an item, 1 to 8 a packaging level, 9 variable measure.
    #[must_use]
    pub const fn indicator(self) -> u8 {
        (self.0 / 10_000_000_000_000) as u8
    }
}
