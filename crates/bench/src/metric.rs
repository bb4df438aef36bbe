//! One measured value, beside its budget.

use serde::{Serialize, Serializer};

/// Which way a value gets better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Better {
    /// Less is better: a cost, a time.
    Lower,
    /// More is better: a throughput.
    Higher,
}

/// One measured value.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Metric {
    /// What was measured; begins with the name of the benchmark and a full stop, such as
    /// `gas.receive`.
    pub name: String,
    /// The value, in `unit`.
    #[serde(serialize_with = "number")]
    pub value: f64,
    /// What it has to be at most or at least, in `unit`; `None` if nothing is demanded.
    #[serde(serialize_with = "optional_number")]
    pub budget: Option<f64>,
    /// The unit of value and budget, such as `gas`, `gas/unit`, `units/s`, `ms`.
    pub unit: &'static str,
    /// Which way it gets better.
    pub better: Better,
    /// The same work done in other ways.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub beside: Vec<Beside>,
}

/// The same work done in another way.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Beside {
    /// The other way.
    pub pattern: &'static str,
    /// Its value, in the unit of the metric.
    #[serde(serialize_with = "number")]
    pub value: f64,
    /// Its value for each 1 of the metric's; `None` where that is 0.
    #[serde(serialize_with = "optional_number")]
    pub ratio: Option<f64>,
}

impl Metric {
    /// A value of which less is better, without a budget.
    pub fn lower(name: impl Into<String>, value: f64, unit: &'static str) -> Self {
        Self::new(name.into(), value, unit, Better::Lower)
    }

    /// A value of which more is better, without a budget.
    pub fn higher(name: impl Into<String>, value: f64, unit: &'static str) -> Self {
        Self::new(name.into(), value, unit, Better::Higher)
    }

    fn new(name: String, value: f64, unit: &'static str, better: Better) -> Self {
        Self { name, value, budget: None, unit, better, beside: Vec::new() }
    }

    /// The same with a budget.
    #[must_use]
    pub fn budget(mut self, budget: f64) -> Self {
        self.budget = Some(budget);
        self
    }

    /// The same with the value of another way to do the work.
    #[must_use]
    pub fn beside(mut self, pattern: &'static str, value: f64) -> Self {
        let ratio = (self.value != 0.0).then(|| hundredths(value / self.value));
        self.beside.push(Beside { pattern, value, ratio });
        self
    }

    /// Whether the budget is kept; `None` without a budget. No number keeps no budget.
    pub fn is_met(&self) -> Option<bool> {
        self.budget.map(|budget| match self.better {
            Better::Lower => self.value <= budget,
            Better::Higher => self.value >= budget,
        })
    }
}

/// Rounds to two digits after the point.
fn hundredths(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

/// Greatest number below which every integer is an `f64`.
const EXACT_MAX: f64 = 9_007_199_254_740_992.0;

/// Writes integers without a fraction, all else with the digits that it needs.
fn number<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    if value.fract() == 0.0 && value.abs() < EXACT_MAX {
        serializer.serialize_i64(*value as i64)
    } else {
        serializer.serialize_f64(*value)
    }
}

#[expect(clippy::ref_option, reason = "serde gives a reference")]
fn optional_number<S: Serializer>(value: &Option<f64>, serializer: S) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => number(value, serializer),
        None => serializer.serialize_none(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_is_kept_on_its_side() {
        let gas = |value| Metric::lower("gas.receive", value, "gas").budget(30_000.0);
        assert_eq!(gas(30_000.0).is_met(), Some(true));
        assert_eq!(gas(30_001.0).is_met(), Some(false));
        assert_eq!(gas(f64::NAN).is_met(), Some(false));
        let rate = |value| Metric::higher("ledger.dispense", value, "units/s").budget(60_000.0);
        assert_eq!(rate(60_000.0).is_met(), Some(true));
        assert_eq!(rate(59_999.0).is_met(), Some(false));
        assert_eq!(Metric::lower("x", 1.0, "ms").is_met(), None);
    }

    #[test]
    fn the_json_has_the_fields_of_the_format() {
        let metric = Metric::lower("gas.receive", 28_000.0, "gas").budget(30_000.0);
        let json = serde_json::to_string(&metric).unwrap();
        let expected =
            r#"{"name":"gas.receive","value":28000,"budget":30000,"unit":"gas","better":"lower"}"#;
        assert_eq!(json, expected);
        let metric = Metric::higher("x", 0.25, "units/s").beside("a slot per pack", 1.0);
        let json = serde_json::to_value(&metric).unwrap();
        assert_eq!(json["budget"], serde_json::Value::Null);
        assert_eq!(json["beside"][0]["ratio"], 4);
        assert_eq!(json["value"], 0.25);
    }
}
