//! The clock as a parameter: real for a service, simulated for a demo or a test.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// Tells the time; every stage asks this and nothing else.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// The machine's clock.
pub fn system_clock() -> Clock {
    Arc::new(Timestamp::now)
}

/// The UTC date of a time; expiry is judged by it, as on the ledger.
pub(crate) fn date_of(time: Timestamp) -> Date {
    time.to_zoned(TimeZone::UTC).date()
}

/// Days since 1970-01-01; negative before.
pub(crate) fn days_of(date: Date) -> i32 {
    let epoch = jiff::civil::date(1970, 1, 1);
    date.since((jiff::Unit::Day, epoch)).map_or(0, |span| span.get_days())
}

/// Days since 1970-01-01 as the ledger counts them; dates before count as day 0.
pub(crate) fn ledger_days(date: Date) -> u32 {
    u32::try_from(days_of(date)).unwrap_or(0)
}

/// The date that is `days` after 1970-01-01; the last or first one that there is for more.
pub(crate) fn date_of_days(days: i32) -> Date {
    let epoch = jiff::civil::date(1970, 1, 1);
    epoch.saturating_add(jiff::Span::new().days(days))
}
