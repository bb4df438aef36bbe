//! Queries that are refused, with the parameter at fault and what was expected.

use serde_json::{Map, Value, json};
use theriac_query::{EventQuery, MasterDataQuery, Namespaces, ParamValue, QueryError, QueryFault};

fn read(query: &Value) -> Result<EventQuery, QueryError> {
    let object: &Map<String, Value> = query.as_object().expect("an object");
    EventQuery::from_json(object, &Namespaces::new())
}

fn refusal(query: &Value) -> String {
    let error = read(query).expect_err(&query.to_string());
    assert_eq!(error.fault(), QueryFault::Parameter);
    error.to_string()
}

#[test]
fn a_parameter_that_the_standard_has_not_is_refused() {
    for name in [
        "EQ_abcd",
        "eq_bizStep",
        "EQ_value",
        "EQ_minValue_CEL",
        "EQ_percRank",
        "GT_eventTime",
        "GE_quantity_kg",
        "MATCH_thing",
        "EXISTS_color",
        "EXISTS_",
        "HASATTR_",
        "EQATTR_bizLocation",
        "WD_disposition",
        "perPage",
        "",
    ] {
        let error = read(&json!({name: ["1"]})).expect_err(name);
        assert!(matches!(error, QueryError::Unknown { .. }), "{name}: {error}");
        assert_eq!(error.parameter(), Some(name));
    }
    assert_eq!(
        refusal(&json!({"EQ_abcd": "X"})),
        "expected a parameter of SimpleEventQuery, found \"EQ_abcd\""
    );
}

#[test]
fn a_value_of_the_wrong_type_is_refused() {
    for (query, expected) in [
        (json!({"EQ_bizStep": []}), "a list of one or more texts, found an empty list"),
        (json!({"EQ_bizStep": null}), "a list of one or more texts, found no value"),
        (json!({"EQ_bizStep": "shipping"}), "a list of one or more texts, found \"shipping\""),
        (
            json!({"EQ_bizStep": ["sending"]}),
            "business steps of the CBV or absolute URIs, found \"sending\"",
        ),
        (json!({"EQ_action": ["add"]}), "ADD, OBSERVE or DELETE, found \"add\""),
        (
            json!({"GE_eventTime": "2026-03-01"}),
            "a date and time with its time zone, found \"2026-03-01\"",
        ),
        (json!({"GE_eventTime": 5}), "a date and time with its time zone, found 5"),
        (
            json!({"GE_eventTime": ["a", "b"]}),
            "a date and time with its time zone, found a list of 2",
        ),
        (json!({"GT_quantity": "many"}), "a number, found \"many\""),
        (json!({"GT_quantity": [1, 2]}), "a number, found a list of 2 values"),
        (json!({"EQ_booleanValue": "maybe"}), "true or false, found \"maybe\""),
        (json!({"MATCH_epc": ["not a URI"]}), "EPCs or patterns of EPCs, found \"not a URI\""),
        (json!({"MATCH_epc": ["urn:epc:id:sgtin:1.2.3"]}), "EPCs or patterns of EPCs, found"),
        (json!({"EQ_source_seller": ["urn:x:y"]}), "a type of the CBV or an absolute URI"),
        (json!({"EXISTS_errorDeclaration": ["x"]}), "no value, found a list of 1 values"),
        (json!({"orderBy": "color"}), "eventTime, recordTime or the name of an extension field"),
        (json!({"orderDirection": "down"}), "ASC or DESC, found \"down\""),
        (json!({"maxEventCount": -1}), "a whole number that is not negative, found -1"),
        (json!({"maxEventCount": 1.5}), "a whole number that is not negative, found 1.5"),
        (json!({"eventType": {"a": 1}}), "a text, a number, a truth value or a list of these"),
    ] {
        let refusal = refusal(&query);
        assert!(refusal.contains(expected), "{query}: {refusal}");
    }
}

#[test]
fn a_prefix_that_is_not_declared_is_refused() {
    let refused = refusal(&json!({"EQ_foo:bar": ["1"]}));
    assert!(refused.contains("@context or GS1-Extensions") && refused.contains("\"foo\""));
    assert!(read(&json!({"@context": {"foo": "https://a.example/"}, "EQ_foo:bar": ["1"]})).is_ok());
    assert!(read(&json!({"EQ_cbvmda:lotNumber": ["1"]})).is_ok());
    assert!(read(&json!({"EQ_https://a.example/#bar": ["1"]})).is_ok());
    assert!(read(&json!({"EQ_INNER_#bar": ["1"]})).is_ok());
}

#[test]
fn controls_that_exclude_each_other_are_refused() {
    let refused =
        refusal(&json!({"orderBy": "eventTime", "eventCountLimit": 5, "maxEventCount": 9}));
    assert!(refused.contains("only one of the parameters"), "{refused}");
    let refused = refusal(&json!({"eventCountLimit": 5}));
    assert_eq!(refused, "expected parameter \"orderBy\" because of eventCountLimit, found none");
    let read = read(&json!({"orderBy": "eventTime", "eventCountLimit": 5})).expect("a query");
    assert!(read.controls().descending());
    assert_eq!(read.controls().event_count_limit, Some(5));
}

#[test]
fn a_query_beyond_the_limits_is_too_complex() {
    let many: Vec<String> = (0..10_001).map(|serial| format!("urn:x:{serial}")).collect();
    let error = read(&json!({"EQ_eventID": many})).expect_err("too many values");
    assert_eq!(error.fault(), QueryFault::TooComplex);
    assert_eq!(error.to_string(), "expected at most 10000 values of a list, found 10001");
}

#[test]
fn a_soap_request_may_leave_a_value_empty_but_not_name_a_parameter_twice() {
    let step = |value| ("EQ_bizStep".to_owned(), value);
    let list = ParamValue::List(vec!["shipping".to_owned()]);
    let unset = EventQuery::from_soap(&[step(ParamValue::Void)]).expect("a query");
    assert_eq!(unset, EventQuery::default());
    assert!(EventQuery::from_soap(&[step(ParamValue::List(Vec::new()))]).is_err());
    let unknown = [("EQ_abcd".to_owned(), ParamValue::Void)];
    assert!(matches!(EventQuery::from_soap(&unknown), Err(QueryError::Unknown { .. })));
    let twice = EventQuery::from_soap(&[step(list.clone()), step(list)]);
    assert!(matches!(twice, Err(QueryError::Repeated { .. })));
}

#[test]
fn a_query_of_master_data_says_what_it_wants_told() {
    let read = |query: Value| MasterDataQuery::from_json(query.as_object().expect("an object"));
    let missing = read(json!({"includeAttributes": true})).expect_err("a choice is missing");
    assert_eq!(missing.to_string(), "expected parameter \"includeChildren\", found none");
    let both = json!({"includeAttributes": true, "includeChildren": false, "EQ_id": ["x"]});
    assert!(matches!(read(both), Err(QueryError::Unknown { .. })));
    let empty = json!({"includeAttributes": true, "includeChildren": false, "WD_name": []});
    assert!(matches!(read(empty), Err(QueryError::Value { .. })));
}
