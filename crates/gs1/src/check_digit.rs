//! The GS1 check digit of numeric keys (GS1 General Specifications, section 7.9.1).

/// Check digit of the decimal digits of `body`, the key without its last digit.
///
/// Weights are 3, 1, 3, 1, … from the right-most digit; leading zeros do not matter.
///
/// ```
/// assert_eq!(theriac_gs1::check_digit(629_104_150_021), 3);
/// ```
#[must_use]
pub const fn check_digit(body: u64) -> u8 {
    let mut rest = body;
    let mut sum = 0;
    while rest > 0 {
        let pair = rest % 100;
        sum += 3 * (pair % 10) + pair / 10;
        rest /= 100;
    }
    ((10 - sum % 10) % 10) as u8
}

#[cfg(test)]
mod tests {
    use super::check_digit;

    #[test]
    fn published_examples() {
        assert_eq!(check_digit(37_610_425_002_123_456), 9, "SSCC");
        assert_eq!(check_digit(950_600_013_435), 2, "GTIN-13");
        assert_eq!(check_digit(0), 0);
    }
}
