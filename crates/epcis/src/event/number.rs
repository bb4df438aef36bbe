//! Decimal numbers of events: quantities and measurements.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A decimal number in its canonical text: no exponent, no `+`, no needless zeros.
///
/// # Invariants
///
/// Written as a JSON number and read again it is the same number: it is a whole number within 64
/// bits, or the shortest text of a double.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Number {
    text: Box<str>,
}

/// A text that is no number that JSON can carry.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("expected a decimal number of at most 15 significant digits, found {found:?}")]
pub struct NumberError {
    /// The text that was found.
    pub found: String,
}

impl Number {
    /// The canonical text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The whole number, when it is one and is not negative.
    #[must_use]
    pub fn as_u64(&self) -> Option<u64> {
        self.text.parse().ok()
    }

    /// The number as a double.
    #[must_use]
    pub fn as_f64(&self) -> f64 {
        self.text.parse().unwrap_or(f64::NAN)
    }

    pub(crate) fn from_json(number: &serde_json::Number) -> Result<Self, NumberError> {
        if let Some(whole) = number.as_u64() {
            return Ok(whole.into());
        }
        if let Some(whole) = number.as_i64() {
            return Ok(Self { text: whole.to_string().into() });
        }
        number.to_string().parse()
    }

    pub(crate) fn to_json(&self) -> serde_json::Value {
        if let Ok(whole) = self.text.parse::<u64>() {
            return whole.into();
        }
        if let Ok(whole) = self.text.parse::<i64>() {
            return whole.into();
        }
        self.as_f64().into()
    }
}

/// Canonical decimal text, or `None` when it is not a decimal number.
pub(crate) fn canonical(text: &str) -> Option<String> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.len() + fraction.len() == 0
        || !whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit())
    {
        return None;
    }
    let whole = whole.trim_start_matches('0');
    let fraction = fraction.trim_end_matches('0');
    let zero = whole.is_empty() && fraction.is_empty();
    let mut canonical = String::with_capacity(text.len() + 1);
    if negative && !zero {
        canonical.push('-');
    }
    canonical.push_str(if whole.is_empty() { "0" } else { whole });
    if !fraction.is_empty() {
        canonical.push('.');
        canonical.push_str(fraction);
    }
    Some(canonical)
}

impl FromStr for Number {
    type Err = NumberError;

    fn from_str(text: &str) -> Result<Self, NumberError> {
        let error = || NumberError { found: text.to_owned() };
        let expanded = match text.contains(['e', 'E']) {
            false => canonical(text),
            true => text.parse::<f64>().ok().and_then(|value| canonical(&value.to_string())),
        };
        let canonical = expanded.ok_or_else(error)?;
        let whole = canonical.parse::<u64>().is_ok() || canonical.parse::<i64>().is_ok();
        let exact =
            whole || canonical.parse::<f64>().is_ok_and(|value| value.to_string() == canonical);
        if exact { Ok(Self { text: canonical.into() }) } else { Err(error()) }
    }
}

impl From<u64> for Number {
    fn from(value: u64) -> Self {
        Self { text: value.to_string().into() }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Serialize for Number {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_json().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = serde_json::Number::deserialize(deserializer)?;
        Self::from_json(&number).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_one_text() {
        for (text, want) in [
            ("200.0", "200"),
            ("0.30", "0.3"),
            ("+12.10000", "12.1"),
            ("-0", "0"),
            ("007", "7"),
            (".5", "0.5"),
            ("1e3", "1000"),
            ("18446744073709551615", "18446744073709551615"),
        ] {
            assert_eq!(text.parse::<Number>().map(|number| number.to_string()), Ok(want.into()));
        }
        for text in ["", "-", ".", "1.2.3", "twenty", "NaN", "inf", "0x1", "1 2", "1e999"] {
            assert!(text.parse::<Number>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_number_survives_json() {
        for text in ["0", "-5", "26.2", "0.000001", "123456789012345.6", "18446744073709551615"] {
            let number: Number = text.parse().expect("a number");
            let json = serde_json::to_string(&number).expect("json");
            assert_eq!(serde_json::from_str::<Number>(&json).expect("a number"), number, "{json}");
        }
    }
}
