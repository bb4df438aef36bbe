//! National Drug Codes of the United States, and GTINs made of them (21 CFR 207.33; GS1 US
//! healthcare guideline).
//!
//! # Invariants
//!
//! - A code is kept as segments with their widths: without its dashes a code of 10 digits has
//!   several readings, none of which is guessed.

mod error;
mod format;

pub use error::NdcError;
pub use format::NdcFormat;

use std::fmt;
use std::str::FromStr;

use crate::company_prefix::CompanyPrefixLength;
use crate::key::Gtin;
use crate::text_form::serde_as_text;

/// A National Drug Code: labeler, product and package.
///
/// Codes of different widths differ, though they may name the same package: compare
/// [`to_ndc12`](Self::to_ndc12), which every code has.
///
/// ```
/// # use theriac_gs1::Ndc;
/// let ndc: Ndc = "0002-1433-80".parse()?;
/// assert_eq!(ndc.to_ndc11()?.to_string(), "00002-1433-80");
/// assert_eq!(ndc.to_gtin(0)?.to_string(), "00300021433802");
/// # Ok::<(), theriac_gs1::NdcError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ndc {
    format: NdcFormat,
    labeler: u32,
    product: u16,
    package: u8,
}

impl Ndc {
    /// The code of these digits, cut as the format says.
    ///
    /// # Errors
    ///
    /// [`NdcError::Digits`] when the digits are not as many as the format has.
    pub fn from_digits(digits: &str, format: NdcFormat) -> Result<Self, NdcError> {
        let (_, product, package) = format.widths();
        if digits.len() != format.digits() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(NdcError::Digits { format, found: shown(digits) });
        }
        let value: u64 = digits.bytes().fold(0, |value, byte| value * 10 + u64::from(byte - b'0'));
        let (package_unit, product_unit) = (10u64.pow(package), 10u64.pow(product));
        Ok(Self {
            format,
            labeler: (value / package_unit / product_unit) as u32,
            product: (value / package_unit % product_unit) as u16,
            package: (value % package_unit) as u8,
        })
    }

    /// The widths of its segments.
    #[must_use]
    pub const fn format(self) -> NdcFormat {
        self.format
    }

    /// The digits without dashes.
    #[must_use]
    pub fn digits(self) -> String {
        self.to_string().replace('-', "")
    }

    /// The code of 11 digits (5-4-2), as bills have it.
    ///
    /// # Errors
    ///
    /// [`NdcError::NoSuchForm`] for a labeler of six digits.
    pub fn to_ndc11(self) -> Result<Self, NdcError> {
        self.widened(NdcFormat::F542)
    }

    /// The code of 12 digits (6-4-2), the only form from 7 March 2033 on.
    #[must_use]
    pub const fn to_ndc12(self) -> Self {
        Self { format: NdcFormat::F642, ..self }
    }

    /// The codes of 10 digits that become this one when their short segment is filled with a zero;
    /// of a code of 10 digits, itself.
    #[must_use]
    pub fn ndc10_candidates(self) -> Vec<Self> {
        if self.format.digits() == 10 {
            return vec![self];
        }
        NdcFormat::TEN_DIGITS.into_iter().filter_map(|format| self.widened(format).ok()).collect()
    }

    /// The code of 10 digits.
    ///
    /// # Errors
    ///
    /// [`NdcError::Ambiguous`] when more than one could have become this one, and
    /// [`NdcError::NoSuchForm`] when none could.
    pub fn to_ndc10(self) -> Result<Self, NdcError> {
        match self.ndc10_candidates()[..] {
            [one] => Ok(one),
            [] => Err(NdcError::NoSuchForm { ndc: self, expected: "10" }),
            [first, second, ..] => Err(NdcError::Ambiguous { first, second }),
        }
    }

    /// The same code in a format whose segments are wide enough.
    ///
    /// # Errors
    ///
    /// [`NdcError::NoSuchForm`] when they are not.
    pub fn to_format(self, format: NdcFormat) -> Result<Self, NdcError> {
        self.widened(format)
    }

    fn widened(self, format: NdcFormat) -> Result<Self, NdcError> {
        let (labeler, product, package) = format.widths();
        let fits = self.labeler < 10u32.pow(labeler)
            && u32::from(self.product) < 10u32.pow(product)
            && u32::from(self.package) < 10u32.pow(package);
        if fits {
            Ok(Self { format, ..self })
        } else {
            Err(NdcError::NoSuchForm { ndc: self, expected: format.name() })
        }
    }

    /// The GTIN of the package at this level: indicator, `03`, the 10 digits, check digit.
    ///
    /// # Errors
    ///
    /// [`NdcError::Indicator`] for an indicator above 8 (0 is the unit, 9 is variable measure);
    /// [`NdcError::NeedsTenDigits`] for a code of 11 or 12 digits: take
    /// [`to_ndc10`](Self::to_ndc10) first.
    pub fn to_gtin(self, indicator: u8) -> Result<Gtin, NdcError> {
        if self.format.digits() != 10 {
            return Err(NdcError::NeedsTenDigits { ndc: self });
        }
        if indicator > 8 {
            return Err(NdcError::Indicator { found: indicator });
        }
        let digits: u64 = self.digits().bytes().fold(0, |n, byte| n * 10 + u64::from(byte - b'0'));
        let body = u64::from(indicator) * 10u64.pow(12) + 3 * 10u64.pow(10) + digits;
        Gtin::from_body(body).map_err(|_| NdcError::Indicator { found: indicator })
    }

    /// The 10 digits in a GTIN, which do not tell where the segments end.
    ///
    /// # Errors
    ///
    /// [`NdcError::NotInGtin`] when the digits behind the indicator are not `03`.
    pub fn digits_in_gtin(gtin: Gtin) -> Result<String, NdcError> {
        let digits = gtin.body() % 10u64.pow(12);
        if digits / 10u64.pow(10) != 3 {
            return Err(NdcError::NotInGtin { gtin });
        }
        Ok(format!("{:010}", digits % 10u64.pow(10)))
    }

    /// The code in a GTIN, whose labeler is the company prefix without `03`: a company prefix of 6
    /// digits is 4-4-2.
    ///
    /// # Errors
    ///
    /// [`NdcError::NotInGtin`] when the GTIN has none; [`NdcError::Ambiguous`] for a company prefix
    /// of 7 digits, which is 5-3-2 or 5-4-1 (use [`from_gtin_as`](Self::from_gtin_as) with what the
    /// NDC directory says), or of unknown length; [`NdcError::CompanyPrefix`] for another length.
    pub fn from_gtin(gtin: Gtin, length: Option<CompanyPrefixLength>) -> Result<Self, NdcError> {
        let digits = Self::digits_in_gtin(gtin)?;
        let (first, second) = match length.map(CompanyPrefixLength::digits) {
            Some(6) => return Self::from_digits(&digits, NdcFormat::F442),
            Some(7) => (NdcFormat::F532, NdcFormat::F541),
            None => (NdcFormat::F442, NdcFormat::F532),
            Some(found) => return Err(NdcError::CompanyPrefix { found }),
        };
        Err(NdcError::Ambiguous {
            first: Self::from_digits(&digits, first)?,
            second: Self::from_digits(&digits, second)?,
        })
    }

    /// The code in a GTIN, in this format of 10 digits.
    ///
    /// # Errors
    ///
    /// [`NdcError::NotInGtin`] when the GTIN has none; [`NdcError::Digits`] when the format is not
    /// of 10 digits.
    pub fn from_gtin_as(gtin: Gtin, format: NdcFormat) -> Result<Self, NdcError> {
        Self::from_digits(&Self::digits_in_gtin(gtin)?, format)
    }
}

impl FromStr for Ndc {
    type Err = NdcError;

    /// Reads segments with dashes (`0002-1433-80`), or 11 or 12 digits, which have one format each.
    fn from_str(text: &str) -> Result<Self, NdcError> {
        let mut segments = text.split('-');
        let widths = (segments.next(), segments.next(), segments.next(), segments.next());
        let format = match widths {
            (Some(digits), None, ..) => match digits.len() {
                10 => {
                    return Err(NdcError::Ambiguous {
                        first: Self::from_digits(digits, NdcFormat::F442)?,
                        second: Self::from_digits(digits, NdcFormat::F532)?,
                    });
                }
                11 => Some(NdcFormat::F542),
                12 => Some(NdcFormat::F642),
                _ => None,
            },
            (Some(labeler), Some(product), Some(package), None) => {
                NdcFormat::of_widths(labeler.len(), product.len(), package.len())
            }
            _ => None,
        };
        let format = format.ok_or_else(|| NdcError::Shape { found: shown(text) })?;
        Self::from_digits(&text.replace('-', ""), format)
    }
}

impl fmt::Display for Ndc {
    /// The segments with dashes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (labeler, product, package) = self.format.widths();
        let (labeler, product, package) = (labeler as usize, product as usize, package as usize);
        write!(
            f,
            "{:0labeler$}-{:0product$}-{:0package$}",
            self.labeler, self.product, self.package
        )
    }
}

impl fmt::Debug for Ndc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ndc({self})")
    }
}

serde_as_text!(Ndc);

fn shown(text: &str) -> Box<str> {
    text.chars().take(80).collect()
}
