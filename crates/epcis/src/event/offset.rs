//! The time zone offset of an event (EPCIS 2.0, section 7.4.1).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// An offset from UTC, -14:00 to +14:00, in whole minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Offset {
    minutes: i16,
}

/// A text that is no time zone offset.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("expected an offset from -14:00 to +14:00 such as +02:00, found {found:?}")]
pub struct OffsetError {
    /// The text that was found.
    pub found: String,
}

impl Offset {
    /// No offset: `+00:00`.
    pub const UTC: Self = Self { minutes: 0 };

    /// An offset of minutes east of UTC; `None` beyond 14 hours.
    #[must_use]
    pub fn from_minutes(minutes: i16) -> Option<Self> {
        (minutes.abs() <= 14 * 60).then_some(Self { minutes })
    }

    /// Minutes east of UTC.
    #[must_use]
    pub fn minutes(self) -> i16 {
        self.minutes
    }
}

impl FromStr for Offset {
    type Err = OffsetError;

    fn from_str(text: &str) -> Result<Self, OffsetError> {
        let minutes = match text.as_bytes() {
            [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2]
                if [h1, h2, m1, m2].iter().all(|digit| digit.is_ascii_digit()) && *m1 < b'6' =>
            {
                let pair = |tens: &u8, ones: &u8| i16::from((tens - b'0') * 10 + (ones - b'0'));
                let size = pair(h1, h2) * 60 + pair(m1, m2);
                Some(if *sign == b'-' { -size } else { size })
            }
            _ => None,
        };
        minutes.and_then(Self::from_minutes).ok_or_else(|| OffsetError { found: text.to_owned() })
    }
}

impl fmt::Display for Offset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.minutes < 0 { '-' } else { '+' };
        let size = self.minutes.unsigned_abs();
        write!(f, "{sign}{:02}:{:02}", size / 60, size % 60)
    }
}

impl Serialize for Offset {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Offset {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offset_is_read_and_written() {
        for text in ["+00:00", "-06:00", "+05:45", "+14:00", "-14:00"] {
            assert_eq!(
                text.parse::<Offset>().map(|offset| offset.to_string()),
                Ok(text.to_owned())
            );
        }
        for text in ["", "Z", "+1:00", "+14:01", "+05:60", "05:00", "+aa:00", "+99:00"] {
            assert!(text.parse::<Offset>().is_err(), "{text}");
        }
    }
}
