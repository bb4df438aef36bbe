//! How values stand in columns, and how they are read back.

use jiff::civil::{Date, date};
use sea_query::{Expr, Value};
use theriac_custody::item::{ItemStatus, Reason};
use theriac_custody::{Account, Hash, HoldingState, LotStatus, Roles, Salt};
use theriac_gs1::{Gln, Gtin, Identifier, Lot};

/// Milliseconds since 1970-01-01T00:00Z.
pub type Millis = i64;

/// Days since 1970-01-01.
pub type Days = i32;

/// A value that a column can hold.
pub(crate) trait Column: Sized {
    /// What the database sees.
    type Raw: Into<Value>;
    /// What the column holds, for an error message.
    const EXPECTED: &'static str;

    /// The stored form.
    fn write(&self) -> Self::Raw;

    /// The value with this stored form; `None` when no value has it.
    fn read(raw: Self::Raw) -> Option<Self>;
}

/// The stored form of `value`, as a value of a statement.
pub(crate) fn cell<T: Column>(value: &T) -> Value {
    value.write().into()
}

/// The stored form of `value` or NULL.
pub(crate) fn opt<T: Column>(value: Option<&T>) -> Value
where
    Option<T::Raw>: Into<Value>,
{
    value.map(Column::write).into()
}

/// The stored form of `value`, as an expression.
pub(crate) fn val<T: Column>(value: &T) -> Expr {
    Expr::val(cell(value))
}

macro_rules! column {
    ($($type:ty as $raw:ty, $expected:literal: $write:expr, $read:expr;)+) => {$(
        impl Column for $type {
            type Raw = $raw;
            const EXPECTED: &'static str = $expected;

            fn write(&self) -> $raw {
                let write: fn(&Self) -> $raw = $write;
                write(self)
            }

            fn read(raw: $raw) -> Option<Self> {
                let read: fn($raw) -> Option<Self> = $read;
                read(raw)
            }
        }
    )+};
}

column! {
    i64 as i64, "a number": |n| *n, Some;
    u64 as i64, "a number": |n| *n as i64, |raw| Some(raw as u64);
    i32 as i64, "a number of 32 bits": |n| i64::from(*n), |raw| raw.try_into().ok();
    u32 as i64, "a number of 32 bits": |n| i64::from(*n), |raw| raw.try_into().ok();
    u8 as i64, "a number of 8 bits": |n| i64::from(*n), |raw| raw.try_into().ok();
    bool as bool, "a truth value": |flag| *flag, Some;
    String as String, "text": Clone::clone, Some;
    Vec<u8> as Vec<u8>, "bytes": Clone::clone, Some;
    serde_json::Value as String, "JSON": ToString::to_string,
        |raw| serde_json::from_str(&raw).ok();
    Hash as Vec<u8>, "32 bytes": |hash| hash.0.to_vec(), |raw| Hash::from_slice(&raw);
    Account as Vec<u8>, "20 bytes": |account| account.0.to_vec(), |raw| Account::from_slice(&raw);
    Salt as Vec<u8>, "16 bytes": |salt| salt.0.to_vec(), |raw| raw.try_into().ok().map(Salt);
    Roles as i64, "a role mask": |roles| i64::from(roles.0), |raw| raw.try_into().ok().map(Roles);
    Gln as i64, "a GLN": |gln| gln.value() as i64, |raw| Gln::new(raw as u64).ok();
    Gtin as i64, "a GTIN": |gtin| gtin.value() as i64, |raw| Gtin::new(raw as u64).ok();
    Lot as String, "a lot number": |lot| lot.as_str().to_owned(), |raw| Lot::new(raw).ok();
    Identifier as String, "the key of an identifier": Identifier::key, identifier;
    Date as i64, "days since 1970": |date| i64::from(days_of(*date)),
        |raw| date_of(raw.try_into().ok()?);
    ItemStatus as i64, "the number of an item's status": |status| item_status_code(*status),
        item_status;
    Reason as i64, "the number of a reason": |reason| i64::from(reason.code()),
        |raw| Reason::from_code(raw.try_into().ok()?);
    HoldingState as i64, "the number of a holding's state": |state| i64::from(state.code()),
        |raw| HoldingState::from_code(raw.try_into().ok()?);
    LotStatus as i64, "the number of a lot's status": |status| i64::from(status.code()),
        |raw| LotStatus::from_code(raw.try_into().ok()?);
}

/// A key starts with the digits of an AI, a URI with the letter of its scheme.
fn identifier(key: String) -> Option<Identifier> {
    if key.starts_with(|first: char| first.is_ascii_digit()) {
        format!("https://id.gs1.org/{key}").parse().ok()
    } else {
        key.parse().ok()
    }
}

const EPOCH: Date = date(1970, 1, 1);

/// Days since 1970-01-01.
pub(crate) fn days_of(date: Date) -> Days {
    date.duration_since(EPOCH).as_hours().div_euclid(24) as Days
}

/// The date `days` after 1970-01-01; `None` outside the years that a date can have.
pub(crate) fn date_of(days: Days) -> Option<Date> {
    EPOCH.checked_add(jiff::Span::new().try_days(days).ok()?).ok()
}

/// Retired units have 16 and the ledger's number of the reason.
const RETIRED: i64 = 16;

/// The number of an item whose beginning was undone.
const UNDONE: i64 = 14;

const LIVE_STATUSES: [ItemStatus; 8] = [
    ItemStatus::Expected,
    ItemStatus::InStock,
    ItemStatus::InTransit,
    ItemStatus::HandedOver,
    ItemStatus::Refused,
    ItemStatus::Quarantined,
    ItemStatus::Stolen,
    ItemStatus::Lost,
];

fn item_status_code(status: ItemStatus) -> i64 {
    match status {
        ItemStatus::Expected => 0,
        ItemStatus::InStock => 1,
        ItemStatus::InTransit => 2,
        ItemStatus::HandedOver => 3,
        ItemStatus::Refused => 4,
        ItemStatus::Quarantined => 5,
        ItemStatus::Stolen => 6,
        ItemStatus::Lost => 7,
        ItemStatus::Undone => UNDONE,
        ItemStatus::Retired(reason) => RETIRED + i64::from(reason.code()),
    }
}

fn item_status(raw: i64) -> Option<ItemStatus> {
    match raw.checked_sub(RETIRED) {
        Some(reason) if reason >= 0 => {
            Reason::from_code(reason.try_into().ok()?).map(ItemStatus::Retired)
        }
        _ if raw == UNDONE => Some(ItemStatus::Undone),
        _ => LIVE_STATUSES.get(usize::try_from(raw).ok()?).copied(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_days_since_1970() {
        for (day, days) in [
            (date(1970, 1, 1), 0),
            (date(1969, 12, 31), -1),
            (date(2028, 2, 29), 21_243),
            (Date::MIN, -4_371_587),
            (Date::MAX, 2_932_896),
        ] {
            assert_eq!(days_of(day), days, "{day}");
            assert_eq!(Date::read(days.into()), Some(day));
        }
        assert_eq!(Date::read(2_932_897), None);
        assert_eq!(Date::read(i64::MIN), None);
        assert_eq!(Date::read(i32::MAX.into()), None);
    }

    #[test]
    fn numbers_keep_their_value() {
        for n in [0, 1, u64::MAX / 2, u64::MAX / 2 + 1, u64::MAX] {
            assert_eq!(u64::read(n.write()), Some(n));
        }
        assert_eq!(u8::read(256), None);
        assert_eq!(u32::read(-1), None);
    }

    #[test]
    fn statuses_have_stable_numbers() {
        assert_eq!(ItemStatus::Expected.write(), 0);
        assert_eq!(ItemStatus::Lost.write(), 7);
        assert_eq!(ItemStatus::Retired(Reason::Expired).write(), 23);
        for raw in [-1, 8, 15, 24, i64::MIN, i64::MAX] {
            assert_eq!(ItemStatus::read(raw), None, "{raw}");
        }
    }

    #[test]
    fn wrong_stored_forms_are_no_values() {
        assert_eq!(Hash::read(vec![0; 31]), None);
        assert_eq!(Gln::read(-1), None);
        assert_eq!(Gtin::read(1), None, "the check digit is wrong");
        assert_eq!(Identifier::read("01/123".to_owned()), None);
        assert_eq!(Identifier::read(String::new()), None);
        assert_eq!(serde_json::Value::read("{".to_owned()), None);
    }
}
