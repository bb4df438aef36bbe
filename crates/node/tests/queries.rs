//! Queries of one company: what it captured, page by page, in order, as it comes in.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "support/company.rs"]
mod support;

use serde_json::{Map, Value, json};
use support::company;
use theriac_node::{CaptureSource, FoundEvent, Node, PagePosition, PageRequest, QueryFailure};
use theriac_query::{EventQuery, MasterDataQuery, Namespaces};
use theriac_store::EventId;

const CONTEXT: &str = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld";

/// An event `number` minutes after eight.
fn event(number: usize) -> Value {
    json!({
        "type": "ObjectEvent", "action": "OBSERVE",
        "bizStep": if number.is_multiple_of(2) { "shipping" } else { "receiving" },
        "eventTime": format!("2026-03-01T08:{number:02}:00Z"), "eventTimeZoneOffset": "+00:00",
        "epcList": [format!("urn:epc:id:sgtin:9521321.012345.{number}")],
        "bizLocation": {"id": "urn:epc:id:sgln:9521321.00002.0"},
    })
}

async fn capture(node: &Node, header: Value, events: &[Value]) {
    let document = json!({
        "@context": [CONTEXT], "type": "EPCISDocument", "schemaVersion": "2.0",
        "creationDate": "2026-03-01T09:00:00Z", "epcisHeader": header,
        "epcisBody": {"eventList": events},
    });
    let report = node.capture(CaptureSource::Cli, document.to_string().as_bytes()).await.unwrap();
    assert_eq!(report.admitted + report.held, events.len() as u64, "{report:#?}");
}

fn query(value: Value) -> EventQuery {
    let map: Map<String, Value> = value.as_object().unwrap().clone();
    EventQuery::from_json(&map, &Namespaces::new()).unwrap()
}

fn minutes(events: &[FoundEvent]) -> Vec<i8> {
    let minute = |found: &FoundEvent| {
        let time = found.event.common().event_time;
        time.to_zoned(jiff::tz::TimeZone::UTC).minute()
    };
    events.iter().map(minute).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_follows_misses_nothing_and_gets_nothing_twice() {
    let folder = tempfile::tempdir().unwrap();
    let (node, _) = company(&folder.path().join("node")).await;
    let shipped = query(json!({"EQ_bizStep": ["shipping"], "orderBy": "eventTime"}));
    let (mut found, mut reached) = (Vec::new(), EventId(0));
    for round in 0..3 {
        let events: Vec<Value> = (round * 10..round * 10 + 10).map(event).collect();
        capture(&node, json!({}), &events).await;
        loop {
            let page = node.query_recorded(&shipped, reached, 2).await.unwrap();
            assert!(page.events.len() <= 2 && page.reached >= reached);
            found.extend(minutes(&page.events));
            reached = page.reached;
            if !page.more {
                break;
            }
        }
    }
    assert_eq!(found, (0..30).filter(|minute| minute % 2 == 0).collect::<Vec<i8>>());
    let nothing = node.query_recorded(&shipped, reached, 2).await.unwrap();
    assert_eq!((nothing.events.len(), nothing.reached, nothing.more), (0, reached, false));
    node.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_given_whole_or_in_pages_in_the_order_of_the_query() {
    let folder = tempfile::tempdir().unwrap();
    let (node, _) = company(&folder.path().join("node")).await;
    let events: Vec<Value> = (0..25).map(event).collect();
    capture(&node, json!({}), &events).await;
    let descending = query(json!({"orderBy": "eventTime"}));
    let whole = node.query_all_events(&descending).await.unwrap();
    let expected: Vec<i8> = (0..25).rev().collect();
    assert_eq!(minutes(&whole), expected);
    assert!(whole.iter().all(|found| found.event.common().record_time.is_some()));
    let (mut paged, mut from) = (Vec::new(), None::<PagePosition>);
    loop {
        let page = node.query_events(&descending, PageRequest { rows: 7, from }).await.unwrap();
        paged.extend(minutes(&page.events));
        // Through the bytes of a token.
        from = page.next.map(|next| PagePosition::from_bytes(&next.to_bytes()).unwrap());
        if from.is_none() {
            break;
        }
    }
    assert_eq!(paged, expected);
    let few = query(json!({"maxEventCount": 24}));
    let failure = node.query_all_events(&few).await.unwrap_err();
    assert!(matches!(failure, QueryFailure::TooLarge { limit: 24, .. }), "{failure}");
    node.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn master_data_is_found_and_answers_for_descendants() {
    let folder = tempfile::tempdir().unwrap();
    let (node, _) = company(&folder.path().join("node")).await;
    let site = json!({
        "id": "urn:epc:id:sgln:9521321.00001.0",
        "attributes": [{"id": "urn:epcglobal:cbv:mda:city", "attribute": "Basel"}],
        "children": ["urn:epc:id:sgln:9521321.00002.0"],
    });
    let header = json!({"epcisMasterData": {"vocabularyList": [
        {"type": "urn:epcglobal:epcis:vtype:BusinessLocation", "vocabularyElementList": [site]},
    ]}});
    capture(&node, header, &[event(1)]).await;
    let below = query(json!({"WD_bizLocation": ["urn:epc:id:sgln:9521321.00001.0"]}));
    assert_eq!(minutes(&node.query_all_events(&below).await.unwrap()), [1]);
    let other = query(json!({"WD_bizLocation": ["urn:epc:id:sgln:9521321.00009.0"]}));
    assert_eq!(node.query_all_events(&other).await.unwrap().len(), 0);
    let parameters = json!({"includeAttributes": true, "includeChildren": false});
    let all = MasterDataQuery::from_json(parameters.as_object().unwrap()).unwrap();
    let elements = node.query_master_data(&all).await.unwrap();
    assert_eq!(elements.len(), 1, "{elements:?}");
    assert_eq!((elements[0].attributes.len(), elements[0].children.len()), (1, 0));
    node.close().await;
}
