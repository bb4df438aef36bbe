//! GS1 dates: YYMMDD (GS1 General Specifications, sections 3.4 and 7.12).

use jiff::civil::Date;

/// Why six characters are no date.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DateError {
    /// Not six digits.
    #[error("expected six digits YYMMDD, found {found:?}")]
    Shape {
        /// The text, cut to 24 characters.
        found: Box<str>,
    },
    /// Six digits that are no day of the calendar.
    #[error("expected a day of the calendar, found year {year}, month {month}, day {day}")]
    Calendar {
        /// Full year.
        year: i16,
        /// Month as found.
        month: i8,
        /// Day as found.
        day: i8,
    },
}

/// The date of six digits YYMMDD; day `00` is the last day of the month.
///
/// The century is the one that brings the year nearest to `current_year`: at most 50 years ahead
/// and 49 back (section 7.12).
///
/// # Errors
///
/// [`DateError`] when the text is not six digits, or no day of the calendar.
///
/// ```
/// # use theriac_gs1::date::yymmdd;
/// assert_eq!(yymmdd("270200", 2026)?.to_string(), "2027-02-28");
/// # Ok::<(), theriac_gs1::date::DateError>(())
/// ```
pub fn yymmdd(text: &str, current_year: i16) -> Result<Date, DateError> {
    let Some([yy, month, day]) = pairs(text) else {
        return Err(DateError::Shape { found: text.chars().take(24).collect() });
    };
    let year = year_nearest(yy, current_year);
    let calendar = |_| DateError::Calendar { year, month, day };
    match day {
        0 => Date::new(year, month, 1).map(Date::last_of_month).map_err(calendar),
        _ => Date::new(year, month, day).map_err(calendar),
    }
}

/// The six digits YYMMDD of a date. The century is lost.
#[must_use]
pub fn to_yymmdd(date: Date) -> String {
    format!("{:02}{:02}{:02}", date.year().rem_euclid(100), date.month(), date.day())
}

fn year_nearest(yy: i8, current_year: i16) -> i16 {
    // Within jiff's years, so that no sum overflows.
    let current = current_year.clamp(-9_000, 9_000);
    let same_century = current - current.rem_euclid(100) + i16::from(yy);
    match same_century - current {
        51.. => same_century - 100,
        ..=-50 => same_century + 100,
        _ => same_century,
    }
}

/// Whether six digits are a day, in some century of the window.
pub(crate) fn is_day(text: &str) -> bool {
    pairs(text).is_some_and(|[yy, month, day]| day > 0 && day <= days_of(yy, month))
}

/// As [`is_day`], where day `00` stands for the month.
pub(crate) fn is_day_or_month(text: &str) -> bool {
    pairs(text)
        .is_some_and(|[yy, month, day]| (1..=12).contains(&month) && day <= days_of(yy, month))
}

/// Whether eight digits YYYYMMDD are a day.
pub(crate) fn is_long_day(text: &str) -> bool {
    let Some((year, rest)) = text.split_at_checked(4) else { return false };
    let number = |part: Option<&str>| part.and_then(|part| part.parse().ok());
    match (year.parse(), number(rest.get(..2)), number(rest.get(2..))) {
        (Ok(year), Some(month), Some(day)) => Date::new(year, month, day).is_ok(),
        _ => false,
    }
}

fn days_of(yy: i8, month: i8) -> i8 {
    match month {
        2 if yy % 4 == 0 => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    }
}

fn pairs(text: &str) -> Option<[i8; 3]> {
    let digits: &[u8; 6] = text.as_bytes().try_into().ok()?;
    let pair = |at: usize| {
        let (tens, ones) = (digits[at], digits[at + 1]);
        (tens.is_ascii_digit() && ones.is_ascii_digit())
            .then(|| ((tens - b'0') * 10 + (ones - b'0')) as i8)
    };
    Some([pair(0)?, pair(2)?, pair(4)?])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, current_year: i16) -> String {
        yymmdd(text, current_year).map_or_else(|error| error.to_string(), |date| date.to_string())
    }

    #[test]
    fn window_of_a_century() {
        assert_eq!(read("761231", 2026), "2076-12-31", "50 years ahead");
        assert_eq!(read("771231", 2026), "1977-12-31", "49 years back");
        assert_eq!(read("010101", 1999), "2001-01-01");
        assert_eq!(read("991231", 2001), "1999-12-31");
    }

    #[test]
    fn day_zero_is_the_last_of_the_month() {
        assert_eq!(read("280200", 2026), "2028-02-29");
        assert_eq!(read("271100", 2026), "2027-11-30");
    }

    #[test]
    fn wrong_dates_say_what_is_wrong() {
        assert_eq!(
            read("271301", 2026),
            "expected a day of the calendar, found year 2027, month 13, day 1"
        );
        assert_eq!(
            read("270229", 2026),
            "expected a day of the calendar, found year 2027, month 2, day 29"
        );
        assert_eq!(read("27-1-1", 2026), "expected six digits YYMMDD, found \"27-1-1\"");
    }

    #[test]
    fn writes_what_it_reads() {
        let date = yymmdd("300405", 2026).expect("a day of the calendar");
        assert_eq!(to_yymmdd(date), "300405");
    }
}
