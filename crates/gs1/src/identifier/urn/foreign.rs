//! EPC URNs of schemes without a GS1 key: checked, and kept as they are (EPC Tag Data Standard,
//! section 6.3).

use super::shown;
use crate::identifier::error::UriError;

/// Whether the components are right for the scheme; every text is for a scheme that is not known.
pub(super) fn check(scheme: &str, rest: &str) -> Result<(), UriError> {
    let Some(foreign) = Foreign::named(scheme) else { return Ok(()) };
    let parts: Vec<&str> = rest.split('.').collect();
    if parts.len() == foreign.components() && foreign.has(&parts) {
        return Ok(());
    }
    Err(UriError::UrnShape { expected: foreign.shape(), found: shown(rest) })
}

/// Whether a pattern of the scheme is right: wildcards for the last components only.
pub(crate) fn is_pattern(scheme: &str, rest: &str) -> bool {
    let Some(foreign) = Foreign::named(scheme) else { return false };
    let parts: Vec<&str> = rest.split('.').collect();
    let fixed = parts.iter().position(|&part| part == "*").unwrap_or(parts.len());
    parts.len() == foreign.components()
        && parts[fixed..].iter().all(|&part| part == "*")
        && foreign.has(&parts[..fixed])
}

#[derive(Clone, Copy)]
enum Foreign {
    Gid,
    Usdod,
    Adi,
    Bic,
    Imovn,
}

impl Foreign {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "gid" => Self::Gid,
            "usdod" => Self::Usdod,
            "adi" => Self::Adi,
            "bic" => Self::Bic,
            "imovn" => Self::Imovn,
            _ => return None,
        })
    }

    const fn components(self) -> usize {
        match self {
            Self::Gid | Self::Adi => 3,
            Self::Usdod => 2,
            Self::Bic | Self::Imovn => 1,
        }
    }

    const fn shape(self) -> &'static str {
        match self {
            Self::Gid => "ManagerNumber.ObjectClass.SerialNumber, numbers without leading zeros,",
            Self::Usdod => "CAGECodeOrDODAAC.SerialNumber",
            Self::Adi => "CAGECodeOrDODAAC.PartNumber.SerialNumber",
            Self::Bic => "a container number of four letters and seven digits",
            Self::Imovn => "a vessel number of seven digits",
        }
    }

    /// Whether these first components are right.
    fn has(self, parts: &[&str]) -> bool {
        parts.iter().enumerate().all(|(index, part)| match (self, index) {
            (Self::Gid, _) | (Self::Usdod, 1) => is_number(part),
            (Self::Usdod | Self::Adi, 0) => is_cage_code_or_dodaac(part),
            (Self::Adi, 1) => has_adi_characters(part),
            (Self::Adi, _) => {
                let serial = part.strip_prefix("%23").unwrap_or(part);
                !serial.is_empty() && has_adi_characters(serial)
            }
            (Self::Bic, _) => is_container(part.as_bytes()),
            (Self::Usdod | Self::Imovn, _) => part.len() == 7 && is_digits(part),
        })
    }
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A number in its shortest form.
fn is_number(text: &str) -> bool {
    !text.is_empty() && is_digits(text) && (text == "0" || !text.starts_with('0'))
}

/// Five or six digits and capital letters, not I and O.
fn is_cage_code_or_dodaac(text: &str) -> bool {
    let right = |byte| matches!(byte, b'0'..=b'9' | b'A'..=b'H' | b'J'..=b'N' | b'P'..=b'Z');
    matches!(text.len(), 5 | 6) && text.bytes().all(right)
}

/// Capital letters, digits, `-`, and `/` as its escape.
fn has_adi_characters(text: &str) -> bool {
    let plain = text.replace("%2F", "-").replace("%2f", "-");
    plain.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'A'..=b'Z' | b'-')) && plain.len() <= 32
}

/// Owner of three letters, category J, U or Z, serial number of six digits, check digit (ISO 6346).
fn is_container(text: &[u8]) -> bool {
    text.len() == 11
        && text[..3].iter().all(u8::is_ascii_uppercase)
        && matches!(text[3], b'J' | b'U' | b'Z')
        && text[4..].iter().all(u8::is_ascii_digit)
}
