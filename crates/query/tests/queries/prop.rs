//! Properties of queries, on events and parameters put together at random.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::events::{EX, events, master_data, record_time};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Map, Value, json};
use theriac_epcis::{Common, Event, event_hash};
use theriac_query::{About, EventQuery, MasterDataIndex, Namespaces, ParamValue, Plan, names_of};

static EVENTS: LazyLock<BTreeMap<&'static str, Event>> = LazyLock::new(events);
static MASTER_DATA: LazyLock<MasterDataIndex> = LazyLock::new(master_data);

fn namespaces() -> Namespaces {
    let mut namespaces = Namespaces::new();
    namespaces.declare("ex", EX);
    namespaces
}

/// An event of the support file, with the part that all kinds share from another one.
fn event() -> impl Strategy<Value = Event> {
    let names: Vec<&'static str> = EVENTS.keys().copied().collect();
    let time = select(vec!["2026-03-01T08:00:00Z", "2026-03-02T00:00:00Z", "2026-03-03T00:00:00Z"]);
    (select(names.clone()), select(names.clone()), select(names), time, any::<u8>()).prop_map(
        |(what, rest, other, time, mask)| {
            let mut event = EVENTS[what].clone();
            let (rest, other) = (EVENTS[rest].common(), EVENTS[other].common());
            mix(event.common_mut(), rest, other, mask);
            event.common_mut().event_time = time.parse().expect("a time");
            event
        },
    )
}

fn mix(common: &mut Common, rest: &Common, other: &Common, mask: u8) {
    let bit = |index: u8| mask & (1 << index) != 0;
    if bit(0) {
        common.event_id.clone_from(&rest.event_id);
    }
    if bit(1) {
        common.biz_step.clone_from(&rest.biz_step);
        common.disposition.clone_from(&other.disposition);
    }
    if bit(2) {
        common.read_point.clone_from(&rest.read_point);
        common.biz_location.clone_from(&other.biz_location);
    }
    if bit(3) {
        common.biz_transactions.extend(rest.biz_transactions.iter().cloned());
    }
    if bit(4) {
        common.sources.clone_from(&rest.sources);
        common.destinations.clone_from(&other.destinations);
    }
    if bit(5) {
        common.error_declaration.clone_from(&rest.error_declaration);
    }
    if bit(6) {
        common.sensor_elements.clone_from(&rest.sensor_elements);
    }
    if bit(7) {
        common.extensions.clone_from(&rest.extensions);
    }
}

/// Up to three parameters of the table, each name once.
fn parameters() -> impl Strategy<Value = Map<String, Value>> {
    subsequence(crate::table::cases(), 0..=3).prop_map(|cases| {
        cases.into_iter().map(|(name, value, ..)| (name.to_owned(), value)).collect()
    })
}

fn controls() -> impl Strategy<Value = Map<String, Value>> {
    select(vec![
        json!({}),
        json!({"orderBy": "eventTime", "orderDirection": "ASC"}),
        json!({"orderBy": "recordTime", "eventCountLimit": 3}),
        json!({"orderBy": "ex:weight", "maxEventCount": 7}),
        json!({"maxEventCount": 0}),
    ])
    .prop_map(|controls| controls.as_object().cloned().unwrap_or_default())
}

/// What an index would select.
fn selected(plan: &Plan, event: &Event, about: &About<'_>) -> bool {
    plan.selects(event, &names_of(event), about.record_time, about.event_hash)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4096, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_plan_leaves_out_no_event_that_matches(query in parameters(), event in event()) {
        let query = EventQuery::from_json(&query, &namespaces()).expect("a query");
        let about = About {
            record_time: record_time("bare"),
            event_hash: Some(event_hash(&event)),
            master_data: Some(&*MASTER_DATA),
        };
        if query.matches(&event, &about) {
            prop_assert!(selected(&query.plan(), &event, &about));
            prop_assert!(selected(&query.plan_with(Some(&*MASTER_DATA)), &event, &about));
        }
        let hash = json!({"EQ_eventID": [event_hash(&event).to_string()]});
        let query = EventQuery::from_json(hash.as_object().expect("an object"), &namespaces());
        let query = query.expect("a query");
        prop_assert_eq!(query.matches(&event, &about), event.common().event_id.is_none());
        prop_assert!(selected(&query.plan(), &event, &about));
    }

    #[test]
    fn a_query_is_written_and_read_again(
        mut query in parameters(),
        controls in controls(),
    ) {
        query.extend(controls);
        let query = EventQuery::from_json(&query, &namespaces()).expect("a query");
        let written = serde_json::to_value(&query).expect("a query is written");
        let object = written.as_object().expect("an object");
        prop_assert_eq!(EventQuery::from_json(object, &Namespaces::new()), Ok(query));
    }

    #[test]
    fn a_query_and_another_matches_what_both_match(
        first in parameters(),
        second in parameters(),
        event in event(),
    ) {
        let read = |query| EventQuery::from_json(query, &namespaces()).expect("a query");
        let (first, second) = (read(&first), read(&second));
        let about = About::recorded_at(record_time("bare")).with_master_data(&*MASTER_DATA);
        let both = first.matches(&event, &about) && second.matches(&event, &about);
        let joined = first.and(second);
        prop_assert_eq!(joined.matches(&event, &about), both);
        prop_assert!(!both || selected(&joined.plan(), &event, &about));
    }

    /// No names and no values make the reader panic, and what is read is written and read again.
    #[test]
    fn any_pairs_are_read_or_refused(
        pairs in prop::collection::vec((name(), text()), 0..4),
    ) {
        if let Ok(query) = EventQuery::from_pairs(&pairs, &namespaces()) {
            let written = serde_json::to_value(&query).expect("a query is written");
            let object = written.as_object().expect("an object");
            prop_assert_eq!(EventQuery::from_json(object, &Namespaces::new()), Ok(query));
        }
        let soap: Vec<(String, ParamValue)> = pairs
            .into_iter()
            .map(|(name, text)| (name, ParamValue::Text(text)))
            .collect();
        let _ = EventQuery::from_soap(&soap);
        let _ = theriac_query::MasterDataQuery::from_soap(&soap);
    }
}

fn name() -> impl Strategy<Value = String> {
    let known: Vec<String> = crate::table::cases().iter().map(|case| case.0.to_owned()).collect();
    prop_oneof![
        select(known),
        "(EQ|GT|GE|LT|LE|WD|MATCH|EXISTS|HASATTR|EQATTR)_[a-zA-Z_:#/é.]{0,12}",
        "\\PC{0,12}",
    ]
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,12}",
        "-?[0-9]{1,5}(\\.[0-9]{1,3})?",
        Just("2026-03-01T08:00:00+01:00".to_owned()),
        Just("urn:epc:id:sgtin:0614141.107346.2018".to_owned()),
        Just("[\"a\",\"b\"]".to_owned()),
    ]
}
