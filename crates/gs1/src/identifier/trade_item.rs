//! Trade items: units, batches and pieces of them.

use std::fmt;
use std::str::FromStr;

use super::error::{UriError, shown};
use crate::key::{Gtin, KeyError, KeyName, number};
use crate::serial::{Lot, Serial, ThirdPartySerial};

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

/// One unit that a third party numbers (UPUI): GTIN and AI 235, as on tobacco in the EU.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Upui {
    /// The trade item.
    pub gtin: Gtin,
    /// Which one of them.
    pub serial: ThirdPartySerial,
}

/// One piece of a trade item that comes in several (ITIP, AI 8006).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Itip {
    /// The trade item that all pieces together are.
    pub gtin: Gtin,
    /// Which piece.
    pub piece: PieceOfTotal,
    /// Whether one, those of a batch, or all such pieces.
    pub part: ItipPart,
}

/// How many pieces of the same number an [`Itip`] names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ItipPart {
    /// All of them: a class.
    All,
    /// Those of a batch (AI 10): a class, for which there is no EPC URN.
    Lot(Lot),
    /// One (AI 21).
    Serial(Serial),
}

/// Number of a piece and number of pieces, 1 to 99 each, the first not greater than the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PieceOfTotal {
    piece: u8,
    total: u8,
}

impl PieceOfTotal {
    /// Piece number `piece` of `total`.
    ///
    /// # Errors
    ///
    /// [`UriError::Piece`] when one of them is 0 or above 99, or the piece is above the total.
    pub const fn new(piece: u8, total: u8) -> Result<Self, UriError> {
        if piece >= 1 && piece <= total && total <= 99 {
            Ok(Self { piece, total })
        } else {
            Err(UriError::Piece { piece, total })
        }
    }

    /// Which piece, from 1.
    #[must_use]
    pub const fn piece(self) -> u8 {
        self.piece
    }

    /// How many pieces there are.
    #[must_use]
    pub const fn total(self) -> u8 {
        self.total
    }
}

impl fmt::Display for PieceOfTotal {
    /// Four digits, as in AI 8006.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}{:02}", self.piece, self.total)
    }
}

impl FromStr for PieceOfTotal {
    type Err = UriError;

    /// Four digits, as in AI 8006.
    fn from_str(text: &str) -> Result<Self, UriError> {
        if text.len() != 4 {
            return Err(UriError::Path {
                expected: "two digits each of piece and total",
                found: shown(text),
            });
        }
        let value = number(KeyName::Itip, text)?;
        Self::new((value / 100) as u8, (value % 100) as u8)
    }
}

impl Itip {
    /// Trade item and piece of a value of AI 8006, 18 digits.
    pub(crate) fn of_value(value: &str) -> Result<(Gtin, PieceOfTotal), UriError> {
        match (value.get(..14), value.get(14..)) {
            (Some(gtin), Some(piece)) if piece.len() == 4 => Ok((gtin.parse()?, piece.parse()?)),
            _ => Err(KeyError::Length { key: KeyName::Itip, found: value.chars().count() }.into()),
        }
    }

    /// The value of AI 8006.
    pub(crate) fn value(&self) -> String {
        format!("{}{}", self.gtin, self.piece)
    }
}
