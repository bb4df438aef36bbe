//! A maker of one product, and the events that several tests capture.

#![allow(dead_code, reason = "each test program uses a part of it")]

use std::path::Path;

use serde_json::{Value, json};
use theriac_custody::{Role, Roles};
use theriac_gs1::{Gln, Gtin};
use theriac_ledger::Signer;
use theriac_node::{CaptureOptions, CaptureReport, CaptureSource, Config, ErrorBehaviour};
use theriac_node::{NewMember, Node};

use crate::support::company;

pub(crate) const PRODUCT: &str = "09521321000117";
pub(crate) const PARTNER: &str = "9521322000017";
pub(crate) const BOX: &str = "https://id.gs1.org/00/095213210000000018";

/// The maker's node, with its product and a wholesaler registered.
pub(crate) async fn maker(dir: &Path) -> (Node, Config) {
    let (node, config) = company(dir).await;
    node.add_product(PRODUCT.parse::<Gtin>().unwrap(), None).await.unwrap();
    let partner = NewMember {
        gln: PARTNER.parse::<Gln>().unwrap(),
        name: "Silent Wholesale".to_owned(),
        roles: [Role::Wholesaler].into_iter().collect::<Roles>(),
        licence_expiry: None,
        endpoint: String::new(),
        account: Signer::random().account(),
    };
    node.add_member(&partner).await.unwrap();
    node.settle().await.unwrap();
    (node, config)
}

pub(crate) fn pack(number: u32) -> String {
    format!("https://id.gs1.org/01/{PRODUCT}/21/S{number}")
}

pub(crate) fn packs(numbers: &[u32]) -> Vec<String> {
    numbers.iter().map(|n| pack(*n)).collect()
}

pub(crate) fn document(events: &[Value]) -> Vec<u8> {
    whole(events, json!({}))
}

/// A document with a header.
pub(crate) fn whole(events: &[Value], header: Value) -> Vec<u8> {
    let mut document = json!({
        "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-01-01T00:00:00Z",
        "epcisBody": { "eventList": events },
    });
    if header != json!({}) {
        document["epcisHeader"] = header;
    }
    serde_json::to_vec(&document).unwrap()
}

fn object(action: &str, step: &str, epcs: &[String], at: &str) -> Value {
    json!({
        "type": "ObjectEvent",
        "action": action,
        "bizStep": step,
        "eventTime": at,
        "eventTimeZoneOffset": "+00:00",
        "epcList": epcs,
    })
}

pub(crate) fn made(numbers: &[u32], at: &str) -> Value {
    let mut event = object("ADD", "commissioning", &packs(numbers), at);
    event["ilmd"] = json!({ "cbvmda:lotNumber": "L1", "cbvmda:itemExpirationDate": "2099-12-31" });
    event
}

pub(crate) fn shipped(epcs: &[String], at: &str) -> Value {
    let mut event = object("OBSERVE", "shipping", epcs, at);
    let destination = format!("https://id.gs1.org/417/{PARTNER}");
    event["destinationList"] = json!([{ "type": "owning_party", "destination": destination }]);
    event
}

pub(crate) fn seen(numbers: &[u32], at: &str) -> Value {
    object("OBSERVE", "storing", &packs(numbers), at)
}

pub(crate) fn set_apart(numbers: &[u32], at: &str) -> Value {
    let mut event = object("OBSERVE", "holding", &packs(numbers), at);
    event["disposition"] = json!("non_conformant");
    event
}

pub(crate) fn destroyed(numbers: &[u32], at: &str) -> Value {
    object("DELETE", "destroying", &packs(numbers), at)
}

pub(crate) fn packed(action: &str, numbers: &[u32], at: &str) -> Value {
    json!({
        "type": "AggregationEvent",
        "action": action,
        "bizStep": if action == "ADD" { "packing" } else { "unpacking" },
        "eventTime": at,
        "eventTimeZoneOffset": "+00:00",
        "parentID": BOX,
        "childEPCs": packs(numbers),
    })
}

/// The declaration that `event` is erroneous.
pub(crate) fn declared(event: &Value, at: &str) -> Value {
    let mut event = event.clone();
    event["errorDeclaration"] = json!({
        "declarationTime": at,
        "reason": "incorrect_data",
        "correctiveEventIDs": ["urn:uuid:0195d7f4-0000-7000-8000-000000000001"],
    });
    event
}

pub(crate) async fn capture(node: &Node, events: &[Value]) -> CaptureReport {
    node.capture(CaptureSource::Api, &document(events)).await.unwrap()
}

/// Captures events that are all admitted.
pub(crate) async fn captured(node: &Node, events: &[Value]) {
    let report = capture(node, events).await;
    assert_eq!(report.admitted, events.len() as u64, "{report:#?}");
}

/// Captures events that are all admitted, and brings them to the ledger.
pub(crate) async fn recorded(node: &Node, events: &[Value]) {
    captured(node, events).await;
    node.settle().await.unwrap();
}

pub(crate) fn rollback() -> CaptureOptions {
    CaptureOptions {
        source: CaptureSource::Api,
        content_type: None,
        error_behaviour: ErrorBehaviour::Rollback,
    }
}
