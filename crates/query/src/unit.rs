//! Units of measure (UN/CEFACT Recommendation 20) that can be converted into each other.
//!
//! `GE_value_CEL=8` also finds what a sensor told in Fahrenheit: the parameters with a unit look
//! at the amount, not at how it is written (EPCIS 2.0, section 8.2.7.1). Conversion is exact.

mod table;

use std::cmp::Ordering;

use theriac_epcis::Number;

use crate::condition::compare_decimals;
use table::{Unit, find};

/// The unit of a quantity that names none (section 7.3.3.3).
pub(crate) const PIECES: &str = "H87";

/// Compares a measured amount with a wanted one; `None` when their units cannot be compared.
pub(crate) fn compare(
    found: &Number,
    found_unit: &str,
    wanted: &Number,
    wanted_unit: &str,
) -> Option<Ordering> {
    if found_unit == wanted_unit {
        return Some(compare_decimals(found, wanted));
    }
    let (from, to) = (find(found_unit)?, find(wanted_unit)?);
    if from.kind != to.kind {
        return None;
    }
    exact(found, from, wanted, to).or_else(|| {
        let amount = |number: &Number, unit: &Unit| {
            (number.as_f64() + unit.offset as f64 / 100.0) * unit.numerator as f64
                / unit.denominator as f64
        };
        amount(found, from).partial_cmp(&amount(wanted, to))
    })
}

/// Compares two amounts of one kind without rounding; `None` when the digits are too many.
fn exact(found: &Number, from: &Unit, wanted: &Number, to: &Unit) -> Option<Ordering> {
    let found = Decimal::read(found)?.plus_hundredths(from.offset)?;
    let wanted = Decimal::read(wanted)?.plus_hundredths(to.offset)?;
    let left = found.digits.checked_mul(from.numerator)?.checked_mul(to.denominator)?;
    let right = wanted.digits.checked_mul(to.numerator)?.checked_mul(from.denominator)?;
    let left = left.checked_mul(10_i128.checked_pow(wanted.decimals)?)?;
    let right = right.checked_mul(10_i128.checked_pow(found.decimals)?)?;
    Some(left.cmp(&right))
}

/// `digits` divided by ten to the power of `decimals`.
struct Decimal {
    digits: i128,
    decimals: u32,
}

impl Decimal {
    fn read(number: &Number) -> Option<Self> {
        let (whole, fraction) = number.as_str().split_once('.').unwrap_or((number.as_str(), ""));
        let digits = format!("{whole}{fraction}").parse().ok()?;
        Some(Self { digits, decimals: u32::try_from(fraction.len()).ok()? })
    }

    fn plus_hundredths(self, hundredths: i128) -> Option<Self> {
        if hundredths == 0 {
            return Some(self);
        }
        let Self { mut digits, mut decimals } = self;
        while decimals < 2 {
            digits = digits.checked_mul(10)?;
            decimals += 1;
        }
        let more = hundredths.checked_mul(10_i128.checked_pow(decimals - 2)?)?;
        Some(Self { digits: digits.checked_add(more)?, decimals })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(found: &str, found_unit: &str, wanted: &str, unit: &str) -> Option<Ordering> {
        compare(&found.parse().unwrap(), found_unit, &wanted.parse().unwrap(), unit)
    }

    #[test]
    fn amounts_of_one_kind_are_compared_exactly() {
        for (found, found_unit, wanted, unit) in [
            ("46.4", "FAH", "8", "CEL"),
            ("-40", "FAH", "-40", "CEL"),
            ("273.15", "KEL", "0", "CEL"),
            ("0.45359237", "KGM", "1", "LBR"),
            ("1500", "GRM", "1.5", "KGM"),
            ("3.785411784", "LTR", "1", "GLL"),
            ("2", "DZN", "24", "H87"),
            ("36", "KMH", "10", "MTS"),
        ] {
            assert_eq!(order(found, found_unit, wanted, unit), Some(Ordering::Equal), "{found}");
            assert_eq!(order(wanted, unit, found, found_unit), Some(Ordering::Equal));
        }
        assert_eq!(order("46.400001", "FAH", "8", "CEL"), Some(Ordering::Greater));
        assert_eq!(order("46.399999", "FAH", "8", "CEL"), Some(Ordering::Less));
        assert_eq!(order("1e300", "FAH", "8", "CEL"), Some(Ordering::Greater));
    }

    #[test]
    fn amounts_of_two_kinds_are_not_compared() {
        assert_eq!(order("8", "CEL", "8", "KGM"), None);
        assert_eq!(order("8", "XYZ", "8", "CEL"), None);
        assert_eq!(order("8", "XYZ", "8", "XYZ"), Some(Ordering::Equal));
    }
}
