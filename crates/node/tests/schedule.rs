//! Schedules against a model that looks at every second.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use proptest::prelude::*;
use theriac_node::Schedule;

const FIELDS: [(&str, u32, u32); 6] = [
    ("second", 0, 59),
    ("minute", 0, 59),
    ("hour", 0, 23),
    ("dayOfMonth", 1, 31),
    ("month", 1, 12),
    ("dayOfWeek", 1, 7),
];

/// Seconds that the model looks at: two days.
const HORIZON: i64 = 2 * 86_400;

/// For each field the numbers that it names, if it is given.
type Given = [Option<Vec<(u32, u32)>>; 6];

fn field(index: usize) -> impl Strategy<Value = Option<Vec<(u32, u32)>>> {
    let (_, least, greatest) = FIELDS[index];
    let range = (least..=greatest, least..=greatest).prop_map(|(a, b)| (a.min(b), a.max(b)));
    let number = (least..=greatest).prop_map(|number| (number, number));
    proptest::option::of(proptest::collection::vec(prop_oneof![number, range], 1..4))
}

fn given() -> impl Strategy<Value = Given> {
    (field(0), field(1), field(2), field(3), field(4), field(5))
        .prop_map(|(a, b, c, d, e, f)| [a, b, c, d, e, f])
        .prop_filter("a field", |given| given.iter().any(Option::is_some))
}

fn text(ranges: &[(u32, u32)]) -> String {
    let one = |(from, to): &(u32, u32)| match from == to {
        true => from.to_string(),
        false => format!("[{from}-{to}]"),
    };
    ranges.iter().map(one).collect::<Vec<_>>().join(",")
}

fn schedule(given: &Given) -> Schedule {
    let pairs: Vec<(String, String)> = FIELDS
        .iter()
        .zip(given)
        .filter_map(|((name, _, _), ranges)| Some(((*name).to_owned(), text(ranges.as_ref()?))))
        .collect();
    Schedule::from_pairs(&pairs).unwrap()
}

fn matches(given: &Given, time: Timestamp) -> bool {
    let at = time.to_zoned(TimeZone::UTC);
    let weekday = at.weekday().to_monday_one_offset();
    let numbers = [at.second(), at.minute(), at.hour(), at.day(), at.month(), weekday];
    let smallest = given.iter().position(Option::is_some).unwrap();
    (0..6).all(|index| {
        let number = u32::try_from(numbers[index]).unwrap();
        match &given[index] {
            Some(ranges) => ranges.iter().any(|(from, to)| (*from..=*to).contains(&number)),
            None => index >= smallest.min(3) || number == FIELDS[index].1,
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_next_time_is_the_first_second_that_matches(
        given in given(),
        millis in 0_i64..4_000_000_000_000,
    ) {
        let time = Timestamp::from_millisecond(millis).unwrap();
        let next = schedule(&given).next_after(time);
        let first = Timestamp::from_second(time.as_second() + 1).unwrap();
        let model = (0..HORIZON)
            .map(|n| first.checked_add(n.seconds()).unwrap())
            .find(|time| matches(&given, *time));
        match model {
            Some(_) => prop_assert_eq!(next, model),
            None => {
                let later = |next: Timestamp| {
                    matches(&given, next) && next.as_second() >= first.as_second() + HORIZON
                };
                prop_assert!(next.is_none_or(later));
            }
        }
    }

    #[test]
    fn no_text_is_a_panic(name in "second|minute|hour|dayOfMonth|month|dayOfWeek|x", text in ".{0,12}") {
        let _ = Schedule::from_pairs(&[(name, text)]);
    }
}
