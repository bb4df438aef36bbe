//! The products of the story.

use theriac_gs1::Gtin;

use crate::company::{Company, MANUFACTURER};

/// A medicine in one package size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    /// The number of the pack.
    pub gtin: Gtin,
    /// Name, strength and content.
    pub name: String,
    /// Index of the company whose GTIN it is, in
    /// [`Scenario::companies`](crate::Scenario::companies).
    pub labeler: usize,
}

/// The products, all of the manufacturer.
pub(crate) fn products(companies: &[Company]) -> Vec<Product> {
    ["Theriacin 10 mg, 28 tablets", "Mithridatin 250 mg, 20 capsules"]
        .into_iter()
        .zip(1..)
        .map(|(name, item)| Product {
            gtin: companies[MANUFACTURER].gtin(item),
            name: name.to_owned(),
            labeler: MANUFACTURER,
        })
        .collect()
}

/// A GTIN of a prefix that nobody of the story has.
pub(crate) fn unregistered_gtin() -> Gtin {
    gtin(9_521_999, 7)
}

/// The GTIN with indicator 0 of a 7-digit prefix and an item reference of at most 5 digits.
pub(crate) fn gtin(prefix: u64, item: u64) -> Gtin {
    Gtin::from_body(prefix * 100_000 + item).expect("a GTIN, because its body has 12 digits")
}
