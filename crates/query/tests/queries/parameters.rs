//! Each parameter of `SimpleEventQuery`, with an event that it selects and one that it does not.

use std::collections::BTreeMap;

use crate::events::{EX, events, master_data, record_time};
use serde_json::{Map, Value, json};
use theriac_epcis::Event;
use theriac_query::{About, EventQuery, MasterDataIndex, Namespaces, names_of};

fn namespaces() -> Namespaces {
    let mut namespaces = Namespaces::new();
    namespaces.declare("ex", EX);
    namespaces
}

fn query(parameter: &str, value: &Value) -> EventQuery {
    let object = Map::from_iter([(parameter.to_owned(), value.clone())]);
    EventQuery::from_json(&object, &namespaces())
        .unwrap_or_else(|error| panic!("{parameter} {value}: {error}"))
}

/// Whether the query selects the event; its plan must never select less.
fn selects(query: &EventQuery, name: &str, event: &Event, master_data: &MasterDataIndex) -> bool {
    let about = About {
        record_time: record_time(name),
        event_hash: Some(theriac_epcis::event_hash(event)),
        master_data: Some(master_data),
    };
    let selected = query.matches(event, &about);
    for plan in [query.plan(), query.plan_with(Some(master_data))] {
        let names = names_of(event);
        assert!(!selected || plan.selects(event, &names, about.record_time, about.event_hash));
    }
    selected
}

fn check(events: &BTreeMap<&str, Event>, query: &EventQuery, case: &crate::table::Case) {
    let (parameter, value, yes, no) = case;
    let master_data = master_data();
    assert!(selects(query, yes, &events[yes], &master_data), "{parameter} {value} selects {yes}");
    assert!(!selects(query, no, &events[no], &master_data), "{parameter} {value} leaves out {no}");
}

#[test]
fn each_parameter_selects_what_it_should() {
    let events = events();
    let cases = crate::table::cases();
    for case in &cases {
        check(&events, &query(case.0, &case.1), case);
    }
    println!("parameters: {} of {}", cases.len(), cases.len());
}

/// A query string asks the same: lists repeated, with bars, or as a JSON array.
#[test]
fn each_parameter_can_stand_in_a_query_string() {
    let events = events();
    for case in &crate::table::cases() {
        let parameter = case.0.to_owned();
        let text = |value: &Value| match value {
            Value::String(text) => text.clone(),
            Value::Null => "true".to_owned(),
            other => other.to_string(),
        };
        let forms: Vec<Vec<(String, String)>> = match &case.1 {
            Value::Array(items) => {
                let texts: Vec<String> = items.iter().map(text).collect();
                vec![
                    texts.iter().map(|text| (parameter.clone(), text.clone())).collect(),
                    vec![(parameter.clone(), texts.join("|"))],
                    vec![(parameter.clone(), case.1.to_string())],
                ]
            }
            value => vec![vec![(parameter, text(value))]],
        };
        for pairs in forms {
            let query = EventQuery::from_pairs(&pairs, &namespaces())
                .unwrap_or_else(|error| panic!("{pairs:?}: {error}"));
            check(&events, &query, case);
            check_round_trip(&query);
        }
    }
}

fn check_round_trip(query: &EventQuery) {
    let written = serde_json::to_value(query).expect("a query is written");
    let object = written.as_object().expect("an object");
    let read = EventQuery::from_json(object, &Namespaces::new())
        .unwrap_or_else(|error| panic!("{written}: {error}"));
    assert_eq!(&read, query, "{written}");
}

#[test]
fn each_query_is_written_and_read_again() {
    for (parameter, value, ..) in crate::table::cases() {
        check_round_trip(&query(parameter, &value));
    }
    let prefixed_twice = json!(["gs1:gs1:Speed", "gs1:https://gs1.org/voc/Speed"]);
    check_round_trip(&query("EQ_type", &prefixed_twice));
}

/// The schema of queries has no parameter that is not in the table.
#[test]
fn the_table_has_every_parameter_of_the_schema() {
    let shared = std::env::var_os("THERIAC_DATA").map_or_else(
        || std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        std::path::PathBuf::from,
    );
    let path = shared.join("gs1-epcis/REST_Bindings/query-schema.json");
    let Ok(schema) = std::fs::read_to_string(&path) else {
        eprintln!("skipped: no {}", path.display());
        return;
    };
    let schema: Value = serde_json::from_str(&schema).expect("a schema");
    let query = &schema["definitions"]["EPCIS-Query"];
    let controls = ["@context", "orderBy", "orderDirection", "eventCountLimit", "maxEventCount"];
    let cases = crate::table::cases();
    let mut missing = Vec::new();
    let (mut all, mut found) = (0, 0);
    for name in query["properties"].as_object().expect("properties").keys() {
        all += 1;
        let has = controls.contains(&name.as_str()) || cases.iter().any(|case| case.0 == name);
        if has { found += 1 } else { missing.push(name.clone()) }
    }
    for pattern in query["patternProperties"].as_object().expect("patterns").keys() {
        all += 1;
        let has = cases.iter().any(|case| is_of_pattern(case.0, pattern));
        if has { found += 1 } else { missing.push(pattern.clone()) }
    }
    println!("parameters and families of query-schema.json: {found} of {all}");
    assert!(missing.is_empty(), "{missing:#?}");
}

/// Whether the parameter is of the family: its fixed beginning, then a field, a unit or a type.
fn is_of_pattern(parameter: &str, pattern: &str) -> bool {
    let fixed = pattern.trim_start_matches('^');
    let end = fixed.find(['[', '\\']).unwrap_or(fixed.len());
    let Some(rest) = parameter.strip_prefix(&fixed[..end]) else { return false };
    match &fixed[end..] {
        variable if variable.starts_with("[A-Z0-9]") => {
            rest.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
        }
        variable if variable.contains(':') => rest.starts_with("ex:"),
        _ => true,
    }
}

#[test]
fn conditions_are_joined_by_and_values_by_or() {
    let events = events();
    let master_data = master_data();
    let read = |value: Value| {
        let object = value.as_object().cloned().expect("an object");
        EventQuery::from_json(&object, &namespaces()).expect("a query")
    };
    let one = read(json!({"EQ_action": ["ADD"], "EQ_bizStep": ["shipping", "commissioning"]}));
    assert!(selects(&one, "full", &events["full"], &master_data));
    assert!(!selects(&one, "bound", &events["bound"], &master_data));
    let both = one.and(read(json!({"eventType": ["AggregationEvent"]})));
    assert!(events.iter().all(|(name, event)| !selects(&both, name, event, &master_data)));
    assert!(serde_json::to_value(both.clone().and(both)).is_err(), "a parameter stands twice");
}

/// A `+` that a client does not escape arrives as a space, and leaves no doubt.
#[test]
fn a_time_zone_in_a_query_string_may_have_lost_its_plus() {
    let read = |time: &str| {
        let pairs = [("GE_eventTime".to_owned(), time.to_owned())];
        EventQuery::from_pairs(&pairs, &namespaces())
    };
    assert_eq!(read("2026-03-02T10:00:00 02:00"), read("2026-03-02T08:00:00Z"));
    assert!(read("2026-03-02T10:00:00").is_err());
}
