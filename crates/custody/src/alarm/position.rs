//! Positions on the earth, and how far they are apart.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Radius of the earth in km.
const RADIUS_KM: f64 = 6_371.0;

/// A position, in hundred-thousandths of a degree (about one metre).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// From -9,000,000 (south) to 9,000,000 (north).
    pub latitude: i32,
    /// From -18,000,000 (west) to 18,000,000 (east).
    pub longitude: i32,
}

/// A text that is no position.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected a position such as 48.137,11.575 or geo:48.137,11.575, found {found:?}")]
pub struct PositionError {
    /// The text.
    pub found: String,
}

const DEGREE: f64 = 100_000.0;

impl Position {
    /// The position with these degrees; `None` outside the earth's.
    pub fn of_degrees(latitude: f64, longitude: f64) -> Option<Self> {
        let sound = latitude.abs() <= 90.0 && longitude.abs() <= 180.0;
        // Within the bounds both fit, and no number that is none is within them.
        let scaled = |degrees: f64| (degrees * DEGREE).round() as i32;
        sound.then(|| Self { latitude: scaled(latitude), longitude: scaled(longitude) })
    }

    /// The distance along the earth's surface, in km.
    pub fn distance_km(self, other: Self) -> f64 {
        let radians = |parts: i32| (f64::from(parts) / DEGREE).to_radians();
        let (north, other_north) = (radians(self.latitude), radians(other.latitude));
        let up = ((other_north - north) / 2.0).sin().powi(2);
        let along = ((radians(other.longitude) - radians(self.longitude)) / 2.0).sin().powi(2);
        let chord = up + north.cos() * other_north.cos() * along;
        2.0 * RADIUS_KM * chord.clamp(0.0, 1.0).sqrt().asin()
    }

    /// The position to a tenth of a degree (about 10 km): enough for the alarm, too coarse to find
    /// somebody.
    #[must_use]
    pub fn coarse(self) -> Self {
        let tenth = |parts: i32| {
            let tenth = DEGREE / 10.0;
            ((f64::from(parts) / tenth).round() * tenth) as i32
        };
        Self { latitude: tenth(self.latitude), longitude: tenth(self.longitude) }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let degrees = |parts: i32| f64::from(parts) / DEGREE;
        write!(f, "{},{}", degrees(self.latitude), degrees(self.longitude))
    }
}

impl FromStr for Position {
    type Err = PositionError;

    /// Reads decimal degrees, north and east positive, also as a `geo` URI (RFC 5870); an altitude
    /// and parameters are left out.
    fn from_str(text: &str) -> Result<Self, PositionError> {
        let error = || PositionError { found: text.chars().take(80).collect() };
        let body = text.trim();
        let body = body.strip_prefix("geo:").unwrap_or(body);
        let body = body.split(';').next().unwrap_or(body);
        let mut parts = body.split(',').map(str::trim);
        let mut next = || parts.next()?.parse::<f64>().ok();
        let (Some(latitude), Some(longitude)) = (next(), next()) else { return Err(error()) };
        Self::of_degrees(latitude, longitude).ok_or_else(error)
    }
}

impl Serialize for Position {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Position {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Position {
        text.parse().unwrap()
    }

    #[test]
    fn distances_are_those_of_the_atlas() {
        for (from, to, km) in [
            ("48.137,11.575", "52.520,13.405", 504.0),
            ("geo:51.507,-0.128", "40.713,-74.006", 5_570.0),
            ("0,179.9", "0,-179.9", 22.2),
            ("90,0", "-90,0", 20_015.0),
            ("1,1", "1,1", 0.0),
        ] {
            let found = at(from).distance_km(at(to));
            assert!((found - km).abs() < 3.0, "{from} {to}: {found}");
        }
    }

    #[test]
    fn what_is_no_position_is_refused() {
        assert_eq!(at("geo:48.2010,16.3695,183;crs=wgs84").to_string(), "48.201,16.3695");
        for text in ["", "1", "91,0", "0,181", "NaN,1", "a,b", "geo:"] {
            assert!(text.parse::<Position>().is_err(), "{text}");
        }
        assert_eq!(at("48.137,11.575").coarse().to_string(), "48.1,11.6");
    }
}
