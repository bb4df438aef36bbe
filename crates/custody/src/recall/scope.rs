//! Which packs a recall is about.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use theriac_gs1::{Gln, Gtin, Lgtin, Lot, Sgtin};

/// Which packs a recall is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum RecallScope {
    /// Whole lots of a product.
    Lots(LotsOf),
    /// These packs, one by one.
    Packs(Vec<Sgtin>),
    /// All lots of a product that expire within a window.
    Expiring(Expiring),
    /// What was shipped to some companies of a lot, or of a product, wherever it is today.
    Shipped(ShippedTo),
}

/// Whole lots of a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LotsOf {
    /// The product.
    pub gtin: Gtin,
    /// Its lots, from 1 to [`RecallScope::LOTS_MAX`].
    pub lots: Vec<Lot>,
}

/// All lots of a product that expire within a window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expiring {
    /// The product.
    pub gtin: Gtin,
    /// First expiry date.
    pub from: Date,
    /// Last expiry date.
    pub to: Date,
}

/// What was shipped to some companies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShippedTo {
    /// The product.
    pub gtin: Gtin,
    /// The lot; without one, all lots of the product.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lot: Option<Lot>,
    /// The companies, from 1 to [`RecallScope::COMPANIES_MAX`].
    pub to: Vec<Gln>,
}

/// Why a scope is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScopeError {
    /// It names nothing, or too much.
    #[error("expected from 1 to {most} {what}, found {found}")]
    Count {
        /// What is named.
        what: &'static str,
        /// How many may be named.
        most: usize,
        /// How many are named.
        found: usize,
    },
    /// The window ends before it begins.
    #[error("expected a window of expiry dates, found one from {from} to {to}")]
    Window {
        /// First date.
        from: Date,
        /// Last date.
        to: Date,
    },
    /// The packs are of several products.
    #[error("expected packs of one product, found {first} and {second}")]
    Products {
        /// GTIN of the first pack.
        first: Gtin,
        /// Another GTIN.
        second: Gtin,
    },
}

impl RecallScope {
    /// Most lots that one recall names.
    pub const LOTS_MAX: usize = 1_000;

    /// Most packs that one recall names one by one.
    pub const PACKS_MAX: usize = 10_000;

    /// Most companies that one recall names.
    pub const COMPANIES_MAX: usize = 100;

    /// Whole lots.
    pub fn lot(lot: Lgtin) -> Self {
        Self::Lots(LotsOf { gtin: lot.gtin, lots: vec![lot.lot] })
    }

    /// Whether the scope names something, of one product, and not too much.
    ///
    /// # Errors
    ///
    /// [`ScopeError`].
    pub fn check(&self) -> Result<(), ScopeError> {
        match self {
            Self::Lots(of) => counted("lots", of.lots.len(), Self::LOTS_MAX),
            Self::Packs(packs) => {
                counted("packs", packs.len(), Self::PACKS_MAX)?;
                one_product(packs)
            }
            Self::Expiring(Expiring { from, to, .. }) if from > to => {
                Err(ScopeError::Window { from: *from, to: *to })
            }
            Self::Expiring(_) => Ok(()),
            Self::Shipped(shipped) => counted("companies", shipped.to.len(), Self::COMPANIES_MAX),
        }
    }

    /// The product; `None` if the scope names nothing.
    pub fn gtin(&self) -> Option<Gtin> {
        match self {
            Self::Lots(of) => Some(of.gtin),
            Self::Packs(packs) => packs.first().map(|pack| pack.gtin),
            Self::Expiring(of) => Some(of.gtin),
            Self::Shipped(shipped) => Some(shipped.gtin),
        }
    }

    /// The lots that the scope names by their number, all of them meant whole.
    pub fn lots(&self) -> Vec<Lgtin> {
        match self {
            Self::Lots(of) => {
                let lot = |lot: &Lot| Lgtin { gtin: of.gtin, lot: lot.clone() };
                of.lots.iter().map(lot).collect()
            }
            _ => Vec::new(),
        }
    }
}

fn counted(what: &'static str, found: usize, most: usize) -> Result<(), ScopeError> {
    match found {
        0 => Err(ScopeError::Count { what, most, found }),
        _ if found > most => Err(ScopeError::Count { what, most, found }),
        _ => Ok(()),
    }
}

fn one_product(packs: &[Sgtin]) -> Result<(), ScopeError> {
    let first = packs.first().map(|pack| pack.gtin);
    match packs.iter().map(|pack| pack.gtin).find(|gtin| Some(*gtin) != first) {
        Some(second) => Err(ScopeError::Products { first: first.unwrap_or(second), second }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn scope(json: serde_json::Value) -> RecallScope {
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn each_scope_has_its_json_form() {
        for json in [
            json!({ "lots": { "gtin": "09506000134352", "lots": ["A", "B"] } }),
            json!({ "packs": ["https://id.gs1.org/01/09506000134352/21/1"] }),
            json!({ "expiring": { "gtin": "09506000134352", "from": "2027-01-01", "to": "2027-12-31" } }),
            json!({ "shipped": { "gtin": "09506000134352", "lot": "A", "to": ["9506000134307"] } }),
            json!({ "shipped": { "gtin": "09506000134352", "to": ["9506000134307"] } }),
        ] {
            let read: Result<RecallScope, _> = serde_json::from_value(json.clone());
            let read = read.unwrap_or_else(|error| panic!("{json}: {error}"));
            assert_eq!(read.check(), Ok(()), "{json}");
            assert_eq!(serde_json::to_value(&read).unwrap(), json);
            assert!(read.gtin().is_some());
        }
    }

    #[test]
    fn what_names_nothing_or_too_much_is_no_scope() {
        let nothing = scope(json!({ "lots": { "gtin": "09506000134352", "lots": [] } }));
        let error = nothing.check().unwrap_err().to_string();
        assert_eq!(error, "expected from 1 to 1000 lots, found 0");
        let backwards =
            json!({ "gtin": "09506000134352", "from": "2027-12-31", "to": "2027-01-01" });
        let error = scope(json!({ "expiring": backwards })).check().unwrap_err().to_string();
        assert_eq!(
            error,
            "expected a window of expiry dates, found one from 2027-12-31 to 2027-01-01"
        );
        let packs = |gtins: [&str; 2]| {
            RecallScope::Packs(
                gtins
                    .map(|gtin| Sgtin { gtin: gtin.parse().unwrap(), serial: "1".parse().unwrap() })
                    .to_vec(),
            )
        };
        let two = packs(["09506000134352", "09521321000117"]);
        let error = two.check().unwrap_err();
        assert!(matches!(error, ScopeError::Products { .. }), "{error}");
        assert_eq!(packs(["09506000134352"; 2]).check(), Ok(()));
    }
}
