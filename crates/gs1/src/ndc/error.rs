//! Why a text or GTIN gives no National Drug Code.

use super::{Ndc, NdcFormat};
use crate::key::Gtin;

/// Why there is no such National Drug Code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NdcError {
    /// Segments of other widths, or digits of another number.
    #[error(
        "expected an NDC as 4-4-2, 5-3-2, 5-4-1, 5-4-2 or 6-4-2 digits with dashes, or as 11 or 12 \
         digits, found {found:?}"
    )]
    Shape {
        /// The text, cut to 80 characters.
        found: Box<str>,
    },
    /// Not as many digits as the format has.
    #[error("expected {} digits for an NDC {format}, found {found:?}", format.digits())]
    Digits {
        /// The format asked for.
        format: NdcFormat,
        /// The text, cut to 80 characters.
        found: Box<str>,
    },
    /// Digits that can be cut into segments in several ways.
    #[error("expected where the segments of the NDC end, found digits of {first} and of {second}")]
    Ambiguous {
        /// One reading.
        first: Ndc,
        /// Another one.
        second: Ndc,
    },
    /// A segment that is too wide for the format asked for.
    #[error("expected an NDC that has a form of {expected} digits, found {ndc}")]
    NoSuchForm {
        /// The code.
        ndc: Ndc,
        /// The format asked for.
        expected: &'static str,
    },
    /// A code of 11 or 12 digits where a GTIN was asked for.
    #[error("expected an NDC of 10 digits, which alone fits into a GTIN, found {ndc}")]
    NeedsTenDigits {
        /// The code.
        ndc: Ndc,
    },
    /// An indicator that no package of a drug has.
    #[error("expected an indicator of 0 to 8, found {found}")]
    Indicator {
        /// The indicator.
        found: u8,
    },
    /// A GTIN that is not made of an NDC.
    #[error("expected 03 behind the indicator of a GTIN made of an NDC, found {gtin}")]
    NotInGtin {
        /// The GTIN.
        gtin: Gtin,
    },
    /// A company prefix that is no labeler behind `03`.
    #[error("expected a company prefix of 6 or 7 digits before an NDC, found {found}")]
    CompanyPrefix {
        /// Number of digits.
        found: usize,
    },
}

impl NdcError {
    /// What to do about it.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::Shape { .. } | Self::Digits { .. } => "copy the code with its dashes",
            Self::Ambiguous { .. } => "look the product up in the FDA's NDC directory",
            Self::NoSuchForm { .. } | Self::NeedsTenDigits { .. } => {
                "write the code as the label has it; one of 12 digits goes into AI 715"
            }
            Self::Indicator { .. } => "0 is the unit, 1 to 8 are packages of it",
            Self::NotInGtin { .. } | Self::CompanyPrefix { .. } => {
                "this GTIN is not made of an NDC: look it up in the labeler's master data"
            }
        }
    }
}
