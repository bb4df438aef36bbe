//! What each text may hold (GS1 General Specifications, section 3).

use std::fmt;

use super::TextError;
use crate::charset::CharSet;

/// Least number of digits of a company prefix at the start of a reference.
const COMPANY_PREFIX_DIGITS: usize = 4;

/// Which text an error is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldName {
    /// Serial number, AI 21.
    Serial,
    /// Batch or lot number, AI 10.
    Lot,
    /// Extension of a GLN, AI 254.
    GlnExtension,
    /// Third-party controlled serial number, AI 235.
    ThirdPartySerial,
    /// Serial number of a returnable asset, in AI 8003.
    AssetSerial,
    /// Serial number of a document, in AI 253.
    DocumentSerial,
    /// Serial number of a coupon, in AI 255.
    CouponSerial,
    /// Serial number of a component or part, AI 8011.
    PartSerial,
    /// Global Individual Asset Identifier, AI 8004.
    Giai,
    /// Global Identification Number for Consignment, AI 401.
    Ginc,
    /// Component or part identifier, AI 8010.
    PartNumber,
}

impl FieldName {
    /// Greatest number of characters.
    #[must_use]
    pub const fn max_chars(self) -> usize {
        match self {
            Self::CouponSerial | Self::PartSerial => 12,
            Self::AssetSerial => 16,
            Self::DocumentSerial => 17,
            Self::Serial | Self::Lot | Self::GlnExtension => 20,
            Self::ThirdPartySerial => 28,
            Self::Giai | Self::Ginc | Self::PartNumber => 30,
        }
    }

    const fn set(self) -> CharSet {
        match self {
            Self::CouponSerial | Self::PartSerial => CharSet::DIGITS,
            Self::PartNumber => CharSet::CSET_39,
            _ => CharSet::CSET_82,
        }
    }

    pub(super) const fn set_name(self) -> &'static str {
        match self {
            Self::CouponSerial | Self::PartSerial => "digits only",
            Self::PartNumber => "characters of the GS1 set 39",
            _ => "characters of the GS1 set 82",
        }
    }

    const fn starts_with_company_prefix(self) -> bool {
        matches!(self, Self::Giai | Self::Ginc | Self::PartNumber)
    }
}

impl fmt::Display for FieldName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Serial => "serial number",
            Self::Lot => "lot number",
            Self::GlnExtension => "GLN extension",
            Self::ThirdPartySerial => "third-party serial number",
            Self::AssetSerial => "serial number of an asset",
            Self::DocumentSerial => "serial number of a document",
            Self::CouponSerial => "serial number of a coupon",
            Self::PartSerial => "serial number of a part",
            Self::Giai => "GIAI",
            Self::Ginc => "GINC",
            Self::PartNumber => "component or part identifier",
        })
    }
}

/// Checks characters, length, and what the field asks of its first characters.
pub(super) fn check(field: FieldName, text: &str) -> Result<(), TextError> {
    if let Some((offset, found)) = field.set().first_outside(text) {
        return Err(TextError::Character { field, found, offset });
    }
    if !(1..=field.max_chars()).contains(&text.len()) {
        return Err(TextError::Length { field, found: text.len() });
    }
    if field == FieldName::PartSerial && text.len() > 1 && text.starts_with('0') {
        return Err(TextError::LeadingZero { field });
    }
    if field.starts_with_company_prefix() {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        if digits < COMPANY_PREFIX_DIGITS {
            return Err(TextError::CompanyPrefix { field, found: digits });
        }
    }
    Ok(())
}
