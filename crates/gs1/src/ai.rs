//! Application identifiers: the two to four digits that say what the value after them means.

mod check_pair;
mod code_list;
mod coupon;
mod format;
mod iban;
mod pairing;
mod rule;
mod table;
mod value;

pub use format::AiEntry;
pub(crate) use pairing::fit_together;
pub use pairing::{PairViolation, check_pairs};
pub use value::ValueError;

use std::fmt;
use std::str::FromStr;

/// An application identifier, as `01` or `8003`; not every one of them is [known](Ai::entry).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ai {
    /// The digits, padded on the right with NUL: orders as the text does.
    digits: [u8; 4],
}

/// A text that is no application identifier: expected two to four digits.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected an application identifier of 2 to 4 digits, found {found:?}")]
pub struct AiError {
    /// The text found, cut to 24 characters.
    pub found: Box<str>,
}

impl Ai {
    /// Serial Shipping Container Code.
    pub const SSCC: Self = Self::literal(b"00");
    /// Global Trade Item Number.
    pub const GTIN: Self = Self::literal(b"01");
    /// GTIN of the items in a logistic unit.
    pub const CONTENT: Self = Self::literal(b"02");
    /// Batch or lot number.
    pub const LOT: Self = Self::literal(b"10");
    /// Expiry date.
    pub const EXPIRY: Self = Self::literal(b"17");
    /// Serial number.
    pub const SERIAL: Self = Self::literal(b"21");
    /// Consumer product variant.
    pub const VARIANT: Self = Self::literal(b"22");
    /// Third-party controlled serial number.
    pub const THIRD_PARTY_SERIAL: Self = Self::literal(b"235");
    /// Extension of a GLN.
    pub const GLN_EXTENSION: Self = Self::literal(b"254");
    /// GLN of a place.
    pub const LOCATION: Self = Self::literal(b"414");
    /// National healthcare reimbursement numbers, 710 to 717.
    pub const NATIONAL_NUMBERS: [Self; 8] = [
        Self::literal(b"710"),
        Self::literal(b"711"),
        Self::literal(b"712"),
        Self::literal(b"713"),
        Self::literal(b"714"),
        Self::literal(b"715"),
        Self::literal(b"716"),
        Self::literal(b"717"),
    ];
    /// GLN of a party.
    pub const PARTY: Self = Self::literal(b"417");

    pub(crate) const fn literal(text: &[u8]) -> Self {
        let mut digits = [0; 4];
        let mut i = 0;
        while i < text.len() {
            digits[i] = text[i];
            i += 1;
        }
        Self { digits }
    }

    /// The AI of these digits, when there are two to four of them and nothing else.
    pub(crate) fn from_digits(text: &[u8]) -> Option<Self> {
        let fits = (2..=4).contains(&text.len()) && text.iter().all(u8::is_ascii_digit);
        fits.then(|| Self::literal(text))
    }

    /// What the table of AIs says about it; `None` when it is not assigned.
    #[must_use]
    pub fn entry(self) -> Option<&'static AiEntry> {
        table::find(self)
    }

    /// The AI at the start of an element string; `None` when no assigned AI stands there.
    pub(crate) fn at_start(text: &[u8]) -> Option<(Self, &'static AiEntry)> {
        let ai = Self::from_digits(text.get(..table::digits_of_ai(text)?)?)?;
        ai.entry().map(|entry| (ai, entry))
    }

    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        let length = self.digits.iter().position(|&digit| digit == 0).unwrap_or(4);
        str::from_utf8(&self.digits[..length]).unwrap_or_default()
    }
}

impl FromStr for Ai {
    type Err = AiError;

    fn from_str(text: &str) -> Result<Self, AiError> {
        Self::from_digits(text.as_bytes())
            .ok_or_else(|| AiError { found: text.chars().take(24).collect() })
    }
}

impl fmt::Display for Ai {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Ai {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ai({self})")
    }
}

crate::text_form::serde_as_text!(Ai);
