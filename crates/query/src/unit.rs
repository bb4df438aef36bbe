//! Units of measure (UN/CEFACT Recommendation 20) that can be converted into each other.

use std::cmp::Ordering;

use theriac_epcis::Number;

use crate::condition::compare_decimals;

/// Compares a measured value with a wanted one; `None` when their units cannot be compared.
pub(crate) fn compare(
    found: &Number,
    found_unit: Option<&str>,
    wanted: &Number,
    wanted_unit: &str,
) -> Option<Ordering> {
    (found_unit? == wanted_unit).then(|| compare_decimals(found, wanted))
}
