//! The releases of the GS1 US guideline for DSCSA, which differ in codes.

use serde::{Deserialize, Serialize};
use theriac_gs1::{Gtin, Ndc, NdcFormat};

/// A release of the guideline "Applying GS1 standards for DSCSA and traceability".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum Guideline {
    /// R1.2 of 2016.
    #[default]
    #[serde(rename = "r1.2")]
    R12,
    /// R1.3.
    #[serde(rename = "r1.3")]
    R13,
}

/// The text of the header's field `guidelineVersion` from R1.3 on.
const VERSION_13: &str = "GS1 US DSCSA R1.3";

impl Guideline {
    /// The authority of SGLNs in the business document header.
    #[must_use]
    pub const fn authority(self) -> &'static str {
        match self {
            Self::R12 => "SGLN",
            Self::R13 => "GS1",
        }
    }

    /// The type code of a National Drug Code in master data.
    #[must_use]
    pub const fn ndc_type_code(self) -> &'static str {
        match self {
            Self::R12 => "FDA_NDC_11",
            Self::R13 => "US_FDA_NDC",
        }
    }

    /// Whether a type code of either release says that the text is a National Drug Code.
    #[must_use]
    pub fn is_ndc_type_code(code: &str) -> bool {
        ["FDA_NDC_11", "US_FDA_NDC"].iter().any(|known| known.eq_ignore_ascii_case(code.trim()))
    }

    /// What the header says of the release.
    #[must_use]
    pub const fn version(self) -> Option<&'static str> {
        match self {
            Self::R12 => None,
            Self::R13 => Some(VERSION_13),
        }
    }

    /// The release that a header's `guidelineVersion` names; without one it is R1.2.
    #[must_use]
    pub fn of_version(version: Option<&str>) -> Self {
        match version {
            Some(version) if version.trim().ends_with("R1.3") => Self::R13,
            _ => Self::R12,
        }
    }

    /// A National Drug Code as the release writes it: 11 digits in R1.2, segments with dashes in
    /// R1.3. A text that is none, or whose segments are not certain, stays as it is.
    #[must_use]
    pub fn ndc_text(self, text: &str, gtin: Option<Gtin>) -> String {
        let Some(ndc) = ndc_of(text, gtin) else { return text.trim().to_owned() };
        match self {
            Self::R12 => ndc.to_ndc11().map_or_else(|_| ndc.digits(), Ndc::digits),
            Self::R13 => ndc_in_gtin(ndc, gtin).unwrap_or(ndc).to_string(),
        }
    }
}

/// A National Drug Code of a text with dashes, or of 11 or 12 digits; of 10 digits, which have
/// several readings, none.
pub(super) fn ndc_of(text: &str, gtin: Option<Gtin>) -> Option<Ndc> {
    let text = text.trim();
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let ndc = plain.parse::<Ndc>().ok()?;
    Some(ndc_in_gtin(ndc, gtin).unwrap_or(ndc))
}

/// The reading of a code of 11 or 12 digits that is in the GTIN.
fn ndc_in_gtin(ndc: Ndc, gtin: Option<Gtin>) -> Option<Ndc> {
    let gtin = gtin?;
    let candidates = ndc.ndc10_candidates();
    candidates.into_iter().find(|ndc| ndc.to_gtin(gtin.indicator()).is_ok_and(|own| own == gtin))
}

/// Whether a text is the National Drug Code of a GTIN; `None` where nobody can tell: the GTIN has
/// none, or the text cannot be read.
pub(super) fn ndc_fits(text: &str, gtin: Gtin) -> Option<bool> {
    let digits = Ndc::digits_in_gtin(gtin).ok()?;
    let bare: String = text.chars().filter(char::is_ascii_digit).collect();
    if bare.len() == 10 && bare == digits {
        return Some(true);
    }
    let ndc = match text.trim().parse::<Ndc>() {
        Ok(ndc) => ndc,
        Err(_) if bare.len() == 10 => Ndc::from_digits(&bare, NdcFormat::F442).ok()?,
        Err(_) => return None,
    };
    Some(ndc_in_gtin(ndc, Some(gtin)).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gtin() -> Gtin {
        "00300010123455".parse().unwrap()
    }

    #[test]
    fn a_code_is_written_as_the_release_wants_it() {
        assert_eq!(Guideline::R12.ndc_text("0001-0123-45", Some(gtin())), "00001012345");
        assert_eq!(Guideline::R13.ndc_text("00001012345", Some(gtin())), "0001-0123-45");
        assert_eq!(Guideline::R13.ndc_text("0001-0123-45", None), "0001-0123-45");
        assert_eq!(Guideline::R12.ndc_text("PZN 1234", Some(gtin())), "PZN 1234");
    }

    #[test]
    fn a_code_fits_its_gtin_or_does_not() {
        assert_eq!(ndc_fits("0001-0123-45", gtin()), Some(true));
        assert_eq!(ndc_fits("00001012345", gtin()), Some(true));
        assert_eq!(ndc_fits("0001012345", gtin()), Some(true));
        assert_eq!(ndc_fits("0001-0123-46", gtin()), Some(false));
        assert_eq!(ndc_fits("0001012346", gtin()), Some(false));
        assert_eq!(ndc_fits("unknown", gtin()), None);
        assert_eq!(ndc_fits("0001-0123-45", "09521321000117".parse().unwrap()), None);
    }

    #[test]
    fn a_release_is_known_by_its_version() {
        assert_eq!(Guideline::of_version(Guideline::R13.version()), Guideline::R13);
        assert_eq!(Guideline::of_version(None), Guideline::R12);
        assert!(Guideline::is_ndc_type_code("us_fda_ndc"));
    }
}
