//! Numbers that countries give to medicines besides the GTIN, as far as a rule for them is known.
//!
//! The national numbers in AIs 710 to 717 stay text: which ones exist only the country's register
//! knows. What can be told from the digits alone is here.

mod china;
mod russia;

pub use china::{ChinaCode, ChinaCodeError};
pub use russia::CryptoTail;

use crate::check_digit::check_digit;

/// Whether the text is a German Pharmazentralnummer (AI 710): eight digits, the last of which is
/// the sum of the others times their position, modulo 11, and never 10.
///
/// ```
/// assert!(theriac_gs1::national::is_pzn("27580899"));
/// assert!(!theriac_gs1::national::is_pzn("27580898"));
/// ```
#[must_use]
pub fn is_pzn(text: &str) -> bool {
    let Some((digits, check)) = digits(text, 8).and_then(|digits| digits.split_last_chunk::<1>())
    else {
        return false;
    };
    let weighted =
        digits.iter().zip(1u32..).map(|(digit, weight)| u32::from(digit - b'0') * weight);
    weighted.sum::<u32>() % 11 == u32::from(check[0] - b'0')
}

/// Whether the text is a French Code Identifiant de Présentation of 13 digits (AI 711): it starts
/// with 3400 and ends with the check digit of a GTIN.
///
/// ```
/// assert!(theriac_gs1::national::is_cip13("3400930000014"));
/// ```
#[must_use]
pub fn is_cip13(text: &str) -> bool {
    digits(text, 13).is_some()
        && text.starts_with("3400")
        && text.parse().is_ok_and(|value: u64| u64::from(check_digit(value / 10)) == value % 10)
}

fn digits(text: &str, count: usize) -> Option<&[u8]> {
    let right = text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    right.then_some(text.as_bytes())
}
