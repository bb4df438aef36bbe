//! Parameters of queries: a JSON object, or else a query string.
//!
//! - A query that is read is written and read again equal.
//! - Its plan leaves out no event that it matches.
//! - Master data queries are read by the same texts.
#![no_main]

#[path = "../../crates/query/tests/queries/events.rs"]
#[allow(dead_code)]
mod events;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use serde_json::{Map, Value};
use theriac_epcis::{Event, event_hash};
use theriac_gs1::percent::decode_query;
use theriac_query::{About, EventQuery, MasterDataIndex, MasterDataQuery, Namespaces, names_of};

static EVENTS: LazyLock<BTreeMap<&'static str, Event>> = LazyLock::new(events::events);
static MASTER_DATA: LazyLock<MasterDataIndex> = LazyLock::new(events::master_data);

fuzz_target!(|text: &str| {
    let mut namespaces = Namespaces::new();
    namespaces.declare("ex", events::EX);
    let (query, master_data) = match serde_json::from_str::<Map<String, Value>>(text) {
        Ok(object) => {
            (EventQuery::from_json(&object, &namespaces), MasterDataQuery::from_json(&object))
        }
        Err(_) => {
            let Some(pairs) = pairs(text) else { return };
            (EventQuery::from_pairs(&pairs, &namespaces), MasterDataQuery::from_pairs(&pairs))
        }
    };
    match query {
        Ok(query) => exact(text, &query),
        Err(error) => drop((error.to_string(), error.fault())),
    }
    if let Ok(query) = master_data {
        let _ = query.view();
        let found = MASTER_DATA.elements().filter(|one| query.matches(one, &*MASTER_DATA));
        assert!(found.count() <= MASTER_DATA.len());
    }
});

/// The pairs of a query string; `None` when an escape is wrong.
fn pairs(text: &str) -> Option<Vec<(String, String)>> {
    let pair = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        Some((decode_query(name).ok()?.into_owned(), decode_query(value).ok()?.into_owned()))
    };
    text.split('&').map(pair).collect()
}

fn exact(text: &str, query: &EventQuery) {
    let written = serde_json::to_value(query).unwrap_or_else(|error| panic!("{text:?}: {error}"));
    let object = written.as_object().expect("a query is an object");
    let again = EventQuery::from_json(object, &Namespaces::new());
    assert_eq!(again.as_ref(), Ok(query), "{text:?} written as {written}");
    for (name, event) in &*EVENTS {
        let about = About {
            record_time: events::record_time(name),
            event_hash: Some(event_hash(event)),
            master_data: Some(&*MASTER_DATA),
        };
        let _ = query.sort_key(event, about.record_time);
        if !query.matches(event, &about) {
            continue;
        }
        for plan in [query.plan(), query.plan_with(Some(&*MASTER_DATA))] {
            let names = names_of(event);
            let selected = plan.selects(event, &names, about.record_time, about.event_hash);
            assert!(selected, "{text:?} matches {name}, and its plan leaves it out: {plan:?}");
        }
    }
}
