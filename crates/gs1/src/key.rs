//! Numeric GS1 keys with a check digit: GTIN, SSCC, GLN (GS1 General Specifications, section 7.9).

use std::fmt;
use std::str::FromStr;

use crate::check_digit::check_digit;
use crate::text_form::serde_as_text;

/// Which numeric key an error is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyName {
    /// Global Trade Item Number.
    Gtin,
    /// Serial Shipping Container Code.
    Sscc,
    /// Global Location Number.
    Gln,
    /// Another key with a check digit, by its application identifier.
    Other(crate::ai::Ai),
}

impl fmt::Display for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gtin => f.write_str("GTIN"),
            Self::Sscc => f.write_str("SSCC"),
            Self::Gln => f.write_str("GLN"),
            Self::Other(ai) => write!(f, "key of ({ai})"),
        }
    }
}

/// Why a text or number is not a key. The fault is with whoever wrote, printed or read the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Too many or too few characters.
    #[error("expected {} digits for a {key}, found {found}", digits_of(*key))]
    Length {
        /// The key expected.
        key: KeyName,
        /// Number of characters found.
        found: usize,
    },
    /// A character that is no decimal digit.
    #[error("expected only digits in a {key}, found {found:?} at offset {offset}")]
    NotADigit {
        /// The key expected.
        key: KeyName,
        /// The character found.
        found: char,
        /// Its offset in bytes from the start of the key.
        offset: usize,
    },
    /// A number with more digits than the key has.
    #[error("expected a number of at most {} digits for a {key}, found {found}", digits_of(*key))]
    TooLarge {
        /// The key expected.
        key: KeyName,
        /// The number found.
        found: u64,
    },
    /// A last digit that does not follow from the others.
    #[error("expected check digit {expected} in the {key}, found {found}")]
    CheckDigit {
        /// The key expected.
        key: KeyName,
        /// The digit that follows from the others.
        expected: u8,
        /// The digit found.
        found: u8,
    },
}

impl KeyError {
    /// What to do about it.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::Length { .. } => "a digit is missing or too many: scan the code again",
            Self::NotADigit { .. } => "a key has digits only: scan the code again, do not type it",
            Self::TooLarge { .. } => "check the number against the label",
            Self::CheckDigit { .. } => {
                "a digit was misread or mistyped: scan the code again; if it reads the same, the \
                 label was printed wrong and its labeler must answer"
            }
        }
    }
}

const fn digits_of(key: KeyName) -> &'static str {
    match key {
        KeyName::Gtin => "8, 12, 13 or 14",
        KeyName::Sscc => "18",
        KeyName::Gln => "13",
        KeyName::Other(_) => "its",
    }
}

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

serde_as_text!(Gtin, Sscc, Gln);

impl Gtin {
    /// Indicator digit, the first of 14: 0 an item, 1 to 8 a packaging level, 9 variable measure.
    #[must_use]
    pub const fn indicator(self) -> u8 {
        (self.0 / 10_000_000_000_000) as u8
    }
}
