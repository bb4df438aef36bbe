//! The schedule of a subscription (EPCIS 2.0, section 8.2.5.3): times that have matching seconds,
//! minutes, hours, days and months, in UTC.
//!
//! A field is a list of numbers and ranges, `0,30` or `[1-5]`; a field that is absent matches
//! everything, but for those smaller than the smallest one given, which match their least number:
//! `hour: 1` is 01:00:00, once a day. `*`, `1-5` and steps such as `0/30` are read as well.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde_json::{Map, Value};

/// A schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schedule {
    /// For each field of [`FIELDS`] the numbers that match, as bits.
    fields: [u64; 6],
}

/// A field: its name, its least and greatest number.
const FIELDS: [(&str, u32, u32); 6] = [
    ("second", 0, 59),
    ("minute", 0, 59),
    ("hour", 0, 23),
    ("dayOfMonth", 1, 31),
    ("month", 1, 12),
    ("dayOfWeek", 1, 7),
];

/// How many days ahead are looked at: 29 February falls on each day of the week within 40 years.
const DAYS_MAX: u32 = 366 * 41;

/// Why a schedule is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScheduleError {
    /// It has no field.
    #[error(
        "expected a schedule with at least one of second, minute, hour, dayOfMonth, month and dayOfWeek, found none"
    )]
    Empty,
    /// It has a field that no schedule has.
    #[error("expected a field of a schedule, found {name:?}")]
    Unknown {
        /// The field.
        name: String,
    },
    /// A field is no list of numbers and ranges.
    #[error("expected {least} to {greatest} in {name}, such as 1,3 or [1-5], found {found:?}")]
    Field {
        /// The field.
        name: &'static str,
        /// Its least number.
        least: u32,
        /// Its greatest number.
        greatest: u32,
        /// What was found.
        found: String,
    },
}

impl Schedule {
    /// Reads the object `schedule` of a subscription; values are texts or numbers.
    ///
    /// # Errors
    ///
    /// [`ScheduleError`].
    pub fn read(schedule: &Map<String, Value>) -> Result<Self, ScheduleError> {
        let text = |value: &Value| match value {
            Value::String(text) => text.clone(),
            value => value.to_string(),
        };
        let pairs: Vec<_> =
            schedule.iter().map(|(name, value)| (name.clone(), text(value))).collect();
        Self::from_pairs(&pairs)
    }

    /// Reads fields by name, as a query string or a SOAP request has them.
    ///
    /// # Errors
    ///
    /// [`ScheduleError`].
    pub fn from_pairs(pairs: &[(String, String)]) -> Result<Self, ScheduleError> {
        let mut given: [Option<u64>; 6] = [None; 6];
        for (name, text) in pairs {
            let index = FIELDS.iter().position(|(each, _, _)| each == name);
            let index = index
                .ok_or_else(|| ScheduleError::Unknown { name: name.chars().take(100).collect() })?;
            given[index] = Some(field(index, text)?);
        }
        let smallest = given.iter().position(Option::is_some).ok_or(ScheduleError::Empty)?;
        let mut fields = [0; 6];
        for (index, (_, least, greatest)) in FIELDS.into_iter().enumerate() {
            let absent = match index < smallest.min(3) {
                true => 1 << least,
                false => bits(least, greatest, 1),
            };
            fields[index] = given[index].unwrap_or(absent);
        }
        Ok(Self { fields })
    }

    /// The first time after `time` that matches; `None` if there is none within 40 years.
    pub fn next_after(&self, time: Timestamp) -> Option<Timestamp> {
        let first = time.checked_add(1.second()).ok()?.to_zoned(TimeZone::UTC).datetime();
        let mut date = first.date();
        for day in 0..DAYS_MAX {
            if self.has_day(date)
                && let Some(at) = self.time_on(date, (day == 0).then_some(first))
            {
                return at.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp());
            }
            date = date.tomorrow().ok()?;
        }
        None
    }

    fn has(&self, field: usize, number: i8) -> bool {
        u32::try_from(number).is_ok_and(|number| self.fields[field] >> number & 1 == 1)
    }

    fn has_day(&self, date: Date) -> bool {
        self.has(3, date.day())
            && self.has(4, date.month())
            && self.has(5, date.weekday().to_monday_one_offset())
    }

    /// The first time of a day that matches, not before `first`.
    fn time_on(&self, date: Date, first: Option<DateTime>) -> Option<DateTime> {
        let numbers = |field: usize| (0..60).filter(move |number| self.has(field, *number));
        for hour in numbers(2) {
            if first.is_some_and(|first| hour < first.hour()) {
                continue;
            }
            for minute in numbers(1) {
                for second in numbers(0) {
                    let at = date.at(hour, minute, second, 0);
                    if first.is_none_or(|first| at >= floor(first)) {
                        return Some(at);
                    }
                }
            }
        }
        None
    }
}

/// The time without the fraction of its second.
fn floor(time: DateTime) -> DateTime {
    time.date().at(time.hour(), time.minute(), time.second(), 0)
}

/// The numbers from one to another, as bits.
fn bits(from: u32, to: u32, step: u32) -> u64 {
    let step = usize::try_from(step).unwrap_or(usize::MAX);
    (from..=to).step_by(step).fold(0, |bits, number| bits | 1 << number)
}

/// The numbers that a field's text names.
fn field(index: usize, text: &str) -> Result<u64, ScheduleError> {
    let (name, least, greatest) = FIELDS[index];
    let wrong =
        || ScheduleError::Field { name, least, greatest, found: text.chars().take(100).collect() };
    let mut found = 0;
    for element in text.split(',') {
        found |= element_bits(element.trim(), least, greatest).ok_or_else(wrong)?;
    }
    Ok(found)
}

/// The numbers that one element of a list names.
fn element_bits(element: &str, least: u32, greatest: u32) -> Option<u64> {
    let number = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let number = text.parse::<u32>().ok().filter(|_| digits)?;
        (least..=greatest).contains(&number).then_some(number)
    };
    let range = |text: &str| {
        let inner = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
        match inner.split_once('-') {
            Some((from, to)) => Some((number(from)?, number(to)?)),
            None if inner == "*" => Some((least, greatest)),
            None => Some((number(text)?, number(text)?)),
        }
    };
    let (from, to, step) = match element.split_once('/') {
        Some((start, step)) => {
            let (from, to) = range(start)?;
            let step = step.parse::<u32>().ok().filter(|step| (1..=59).contains(step))?;
            (from, if from == to { greatest } else { to }, step)
        }
        None => {
            let (from, to) = range(element)?;
            (from, to, 1)
        }
    };
    (from <= to).then(|| bits(from, to, step))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(fields: &[(&str, &str)], time: &str) -> Option<String> {
        let pairs: Vec<_> =
            fields.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        let schedule = Schedule::from_pairs(&pairs).unwrap();
        schedule.next_after(time.parse().unwrap()).map(|time| time.to_string())
    }

    #[test]
    fn the_next_time_is_found() {
        let now = "2026-11-22T18:20:30.5Z";
        for (fields, expected) in [
            (&[("second", "0,30")][..], "2026-11-22T18:21:00Z"),
            (&[("second", "0/15")], "2026-11-22T18:20:45Z"),
            (&[("second", "*")], "2026-11-22T18:20:31Z"),
            (&[("minute", "5"), ("hour", "1")], "2026-11-23T01:05:00Z"),
            (&[("hour", "1")], "2026-11-23T01:00:00Z"),
            (&[("dayOfWeek", "[1-5]")], "2026-11-23T00:00:00Z"),
            (&[("dayOfMonth", "29"), ("month", "2")], "2028-02-29T00:00:00Z"),
            (&[("month", "11"), ("minute", "20"), ("second", "[20-40]")], "2026-11-22T18:20:31Z"),
        ] {
            assert_eq!(next(fields, now).as_deref(), Some(expected), "{fields:?}");
        }
        assert_eq!(next(&[("dayOfMonth", "31"), ("month", "2")], now), None);
        assert_eq!(
            next(&[("second", "31")], "2026-11-22T18:20:31Z").unwrap(),
            "2026-11-22T18:21:31Z"
        );
    }

    #[test]
    fn what_is_no_schedule_is_refused() {
        let read =
            |name: &str, text: &str| Schedule::from_pairs(&[(name.to_owned(), text.to_owned())]);
        for (name, text) in [
            ("second", "60"),
            ("hour", ""),
            ("hour", "-1"),
            ("dayOfWeek", "0"),
            ("month", "[5-1]"),
            ("minute", "1,,2"),
            ("minute", "0/0"),
            ("year", "2026"),
        ] {
            assert!(read(name, text).is_err(), "{name} {text}");
        }
        assert_eq!(Schedule::from_pairs(&[]), Err(ScheduleError::Empty));
        let numbers = serde_json::json!({"hour": 1, "minute": "5"});
        assert!(Schedule::read(numbers.as_object().unwrap()).is_ok());
    }
}
