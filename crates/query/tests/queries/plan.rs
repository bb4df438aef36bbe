//! A plan is as narrow as an index allows.

use serde_json::{Value, json};
use theriac_query::{EventQuery, ItemCondition, Name, Namespaces, Plan, Role};

use crate::events::master_data;

fn query(query: &Value) -> EventQuery {
    let object = query.as_object().expect("an object");
    EventQuery::from_json(object, &Namespaces::new()).expect("a query")
}

fn names(any_of: &[(Role, &str)]) -> Vec<Vec<Name>> {
    vec![any_of.iter().map(|(role, text)| Name::new(*role, *text)).collect()]
}

#[test]
fn a_condition_on_a_name_asks_the_index_of_names() {
    let shop = "https://id.gs1.org/414/0614141073467";
    for (asked, wanted) in [
        (json!({"EQ_bizStep": ["shipping"]}), vec![(Role::BizStep, "shipping")]),
        (
            json!({"EQ_disposition": ["urn:epcglobal:cbv:disp:active"]}),
            vec![(Role::Disposition, "active")],
        ),
        (
            json!({"EQ_readPoint": ["urn:epc:id:sgln:0614141.07346.0"]}),
            vec![(Role::ReadPoint, shop)],
        ),
        (json!({"EQ_bizLocation": [shop]}), vec![(Role::BizLocation, shop)]),
        (json!({"EQ_bizTransaction_po": ["urn:x:1"]}), vec![(Role::BizTransaction, "urn:x:1")]),
        (json!({"EQ_source_location": ["urn:x:2"]}), vec![(Role::Source, "urn:x:2")]),
        (json!({"EQ_destination_location": ["urn:x:3"]}), vec![(Role::Destination, "urn:x:3")]),
        (json!({"EQ_transformationID": ["urn:x:4"]}), vec![(Role::Transformation, "urn:x:4")]),
        (json!({"EXISTS_errorDeclaration": null}), vec![(Role::ErrorDeclared, "")]),
        (
            json!({"GE_errorDeclarationTime": "2026-01-01T00:00:00Z"}),
            vec![(Role::ErrorDeclared, "")],
        ),
        (json!({"EQ_correctiveEventID": ["urn:x:5"]}), vec![(Role::ErrorDeclared, "")]),
        (
            json!({"EQ_errorReason": ["did_not_occur"]}),
            vec![(Role::ErrorDeclared, "did_not_occur")],
        ),
        (
            json!({"MATCH_parentID": ["urn:epc:id:sscc:0614141.1234567890"]}),
            vec![(Role::Parent, "00/106141412345678908")],
        ),
        (
            json!({"MATCH_epcClass": ["urn:epc:idpat:sgtin:0614141.107346.*"]}),
            vec![(Role::EpcClass, "01/10614141073464")],
        ),
        (
            json!({"MATCH_anyEPCClass": ["urn:epc:class:lgtin:0614141.107346.A"]}),
            vec![(Role::EpcClass, "01/10614141073464/10/A")],
        ),
    ] {
        assert_eq!(query(&asked).plan().names, names(&wanted), "{asked}");
    }
}

#[test]
fn a_condition_on_objects_asks_the_index_of_items() {
    let one = "urn:epc:id:sgtin:0614141.107346.2018".parse().expect("an EPC");
    let class = "https://id.gs1.org/01/10614141073464".parse().expect("a class");
    let prefix = |key: &str| ItemCondition::KeyPrefix(key.to_owned());
    let company = (0..10).map(|first| prefix(&format!("01/{first}0614141"))).collect();
    for (asked, wanted) in [
        (json!(["urn:epc:id:sgtin:0614141.107346.2018"]), vec![ItemCondition::Exact(one)]),
        (
            json!(["urn:epc:idpat:sgtin:0614141.107346.*"]),
            vec![ItemCondition::Exact(class), prefix("01/10614141073464/21/")],
        ),
        (json!(["urn:epc:idpat:sgtin:0614141.*.*"]), company),
    ] {
        for parameter in ["MATCH_epc", "MATCH_anyEPC", "MATCH_inputEPC", "MATCH_outputEPC"] {
            assert_eq!(
                query(&json!({parameter: asked})).plan().items,
                std::slice::from_ref(&wanted),
                "{asked}"
            );
        }
    }
}

#[test]
fn conditions_that_leave_nothing_are_told() {
    let plan = |asked: Value| query(&asked).plan();
    assert_eq!(plan(json!({})), Plan::default());
    let both = plan(
        json!({"eventType": ["ObjectEvent", "AggregationEvent"], "MATCH_parentID": ["urn:x:1"]}),
    );
    assert_eq!((both.kinds, both.impossible), (vec!["AggregationEvent".to_owned()], false));
    assert!(plan(json!({"eventType": ["https://example.com/OwnEvent"]})).impossible);
    assert!(plan(json!({"eventType": ["ObjectEvent"], "MATCH_inputEPC": ["urn:x:1"]})).impossible);
    let day =
        json!({"GE_eventTime": "2026-03-02T00:00:00Z", "LT_eventTime": "2026-03-01T00:00:00Z"});
    assert!(plan(day).impossible);
    let ids = |id: &str| query(&json!({"EQ_eventID": [id, "urn:x:both"]}));
    assert_eq!(ids("urn:x:1").and(ids("urn:x:2")).plan().event_ids, ["urn:x:both"]);
    let one = |id: &str| query(&json!({"EQ_eventID": [id]}));
    assert!(one("urn:x:1").and(one("urn:x:2")).plan().impossible);
}

#[test]
fn master_data_tells_what_lies_below_a_place() {
    let asked = query(&json!({"WD_bizLocation": ["https://example.com/town"]}));
    assert!(asked.needs_master_data() && asked.plan().names.is_empty());
    let shop = (Role::BizLocation, "https://id.gs1.org/414/0614141073467");
    let plan = asked.plan_with(Some(&master_data()));
    assert_eq!(plan.names, names(&[(Role::BizLocation, "https://example.com/town"), shop]));
}

#[test]
fn the_numbers_of_the_roles_are_kept() {
    let codes: Vec<u8> = Role::ALL.iter().map(|role| role.code()).collect();
    assert_eq!(codes, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    assert!(Role::ALL.iter().all(|role| Role::from_code(role.code()) == Some(*role)));
    assert_eq!((Role::from_code(0), Role::from_code(12)), (None, None));
}
