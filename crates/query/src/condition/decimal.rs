//! Exact comparison of decimal numbers.

use std::cmp::Ordering;

use theriac_epcis::Number;

/// Compares two numbers by their canonical decimal text, without rounding.
pub(crate) fn compare_decimals(left: &Number, right: &Number) -> Ordering {
    let (left, right) = (left.as_str(), right.as_str());
    match (left.strip_prefix('-'), right.strip_prefix('-')) {
        (None, None) => compare_sizes(left, right),
        (Some(left), Some(right)) => compare_sizes(right, left),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
    }
}

/// Compares canonical numbers without sign: more digits before the point are more; then text
/// order is number order.
fn compare_sizes(left: &str, right: &str) -> Ordering {
    let split = |text: &'_ str| -> (usize, usize) {
        let point = text.find('.').unwrap_or(text.len());
        (point, (point + 1).min(text.len()))
    };
    let ((left_point, left_rest), (right_point, right_rest)) = (split(left), split(right));
    left_point
        .cmp(&right_point)
        .then_with(|| left[..left_point].cmp(&right[..right_point]))
        .then_with(|| left[left_rest..].cmp(&right[right_rest..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_compared_exactly() {
        let order =
            ["-10", "-9.5", "-9", "-0.1", "0", "0.05", "0.1", "0.15", "1", "9", "9.99", "10"];
        for (rank, left) in order.iter().enumerate() {
            for (other, right) in order.iter().enumerate() {
                let numbers = (left.parse().unwrap(), right.parse().unwrap());
                assert_eq!(compare_decimals(&numbers.0, &numbers.1), rank.cmp(&other));
            }
        }
    }
}
