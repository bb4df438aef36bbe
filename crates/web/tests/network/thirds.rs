//! Handovers in which a third is concerned: logistics providers, drop shipments, own sites, repackagers.

use serde_json::{Value, json};
use theriac_custody::{HoldingState, ItemStatus, Reason, VerdictCode};
use theriac_epcis::{BizStep, Common, Disposition, Event, Extension, Offset, TransformationEvent};
use theriac_gs1::{Epc, Sgtin};
use theriac_node::EventState;

use crate::books::code;
use crate::events::{Lot, id};
use crate::network::{Network, Who};

impl Network {
    /// Ships by codes; the answer.
    async fn order_shipped(&self, from: Who, order: &Value) -> Value {
        let url = format!("{}/shipments", self.url(from));
        let response = self.http.post(url).json(order).send().await.unwrap();
        assert_eq!(response.status().as_u16(), 200);
        response.json().await.unwrap()
    }

    async fn ordered(&self, from: Who, order: &Value) {
        let report = self.order_shipped(from, order).await;
        assert_eq!(report["state"], "admitted", "{report:#}");
        self.settle_all().await;
    }

    async fn take(&self, who: Who) {
        let url = format!("{}/arrivals", self.url(who));
        let response = self.http.post(url).json(&json!({ "all": true })).send().await.unwrap();
        assert_eq!(response.status().as_u16(), 201);
        self.settle_all().await;
    }
}

fn codes(units: &[Sgtin]) -> Vec<String> {
    units.iter().map(code).collect()
}

/// A 3PL takes goods over and does not own them: it ships in the owner's name, and uses nothing up.
#[tokio::test(flavor = "multi_thread")]
async fn a_logistics_provider_holds_for_the_owner() {
    let all = [Who::Maker, Who::Wholesaler, Who::Carrier, Who::PharmacyA];
    let network = Network::of(&all).await;
    let units = network.stock(&Lot::lasting("A"), 3).await;
    let (owner, carrier) = (Who::Wholesaler.gln(), Who::Carrier.gln());
    let to_store = json!({ "to": owner, "possessor": carrier, "codes": codes(&units) });
    network.ordered(Who::Maker, &to_store).await;
    network.take(Who::Carrier).await;
    let held = (Some(Who::Carrier), HoldingState::Held);
    assert_eq!(network.on_ledger(Who::Carrier, &units[0]).await, held);
    assert_eq!(network.item(Who::Carrier, &units[0]).await.unwrap().item.owner, Some(owner));
    // The owner knows of it, and has no custody.
    let told: Vec<Value> = network.get(Who::Wholesaler, "/events").await;
    assert_eq!(told.len(), 1);
    assert_eq!(network.status(Who::Wholesaler, &units[0]).await, None);

    let alone = json!({ "to": Who::PharmacyA.gln(), "codes": codes(&units[..1]) });
    let report = network.order_shipped(Who::Carrier, &alone).await;
    assert_eq!(report["state"], "held");
    assert!(report["reason"].as_str().unwrap().contains("the owner of"), "{report:#}");
    let sold = json!({
        "to": Who::PharmacyA.gln(), "owned_by": owner, "codes": codes(&units[..1]),
    });
    network.ordered(Who::Carrier, &sold).await;
    network.take(Who::PharmacyA).await;
    assert_eq!(network.verdict(Who::PharmacyA, &units[0]).await, VerdictCode::Genuine);
    assert_eq!(network.item(Who::PharmacyA, &units[0]).await.unwrap().item.owner, None);
    let told: Vec<Value> = network.get(Who::Wholesaler, "/events").await;
    assert_eq!(told.len(), 2);
    // Back to the owner.
    network.ordered(Who::Carrier, &json!({ "to": owner, "codes": codes(&units[1..]) })).await;
    network.take(Who::Wholesaler).await;
    assert_eq!(network.item(Who::Wholesaler, &units[1]).await.unwrap().item.owner, None);
    network.assert_clean().await;
}

/// The maker ships to the pharmacy what the wholesaler has bought and sold on.
#[tokio::test(flavor = "multi_thread")]
async fn a_drop_shipment_goes_past_who_bought_it() {
    let network = Network::of(&[Who::Maker, Who::Wholesaler, Who::PharmacyA]).await;
    let units = network.stock(&Lot::lasting("A"), 2).await;
    let order = json!({
        "to": Who::Wholesaler.gln(), "possessor": Who::PharmacyA.gln(), "drop_shipment": true,
        "codes": codes(&units),
    });
    network.ordered(Who::Maker, &order).await;
    network.take(Who::PharmacyA).await;
    for unit in &units {
        let held = (Some(Who::PharmacyA), HoldingState::Held);
        assert_eq!(network.on_ledger(Who::PharmacyA, unit).await, held);
        assert_eq!(network.item(Who::PharmacyA, unit).await.unwrap().item.owner, None);
        assert_eq!(network.status(Who::Wholesaler, unit).await, None);
    }
    let told: Vec<Value> = network.get(Who::Wholesaler, "/events").await;
    assert_eq!(told.len(), 1, "{told:#?}");
    let store = network.node(Who::Wholesaler).store();
    assert_eq!(store.events_of_item(&id(&units[1])).await.unwrap().len(), 1);
    network.admit(Who::PharmacyA, &[network.dispense(Who::PharmacyA, &units)]).await;
    network.settle_all().await;
    network.assert_no_cases().await;
    network.assert_clean().await;
}

/// Between sites of one company nothing changes hands, and it is known where the goods are.
#[tokio::test(flavor = "multi_thread")]
async fn a_transfer_between_own_sites_is_no_handover() {
    let network = Network::of(&[Who::Maker]).await;
    let units = network.stock(&Lot::lasting("A"), 2).await;
    let before = network.node_proof(Who::Maker, &units[0]).await.holding;
    let site = format!("https://id.gs1.org/414/{}/254/WEST", Who::Maker.gln());
    let order = json!({ "to": Who::Maker.gln(), "place": site, "codes": codes(&units[..1]) });
    network.ordered(Who::Maker, &order).await;
    let ask = |unit: &Sgtin| format!("/whereabouts?code={}", code(unit).replace('/', "%2F"));
    let found: Value = network.get(Who::Maker, &ask(&units[0])).await;
    assert_eq!((&found["status"], &found["to"]), (&json!("in_stock"), &json!(site)));
    let arrived = json!({ "kind": "delivery", "place": site });
    let url = format!("{}/arrivals", network.url(Who::Maker));
    let opened: Value =
        network.http.post(&url).json(&arrived).send().await.unwrap().json().await.unwrap();
    assert_eq!(opened["expected"], 0);
    let mut event = network.receive(Who::Maker, Who::Maker, &units[..1]);
    let place: theriac_gs1::Identifier = site.parse().unwrap();
    event.common_mut().biz_location = Some(Epc::from(place).into());
    network.admit(Who::Maker, &[event]).await;
    network.settle_all().await;
    let found: Value = network.get(Who::Maker, &ask(&units[0])).await;
    assert_eq!((&found["site"], &found["to"]), (&json!(site), &json!(null)));
    assert_eq!(network.node_proof(Who::Maker, &units[0]).await.holding, before);
    network.assert_no_cases().await;
    network.assert_clean().await;
}

/// Old packs are used up, and new ones of the repackager's own begin their life.
#[tokio::test(flavor = "multi_thread")]
async fn repackaging_ends_old_packs_and_begins_new_ones() {
    let network = Network::of(&[Who::Maker, Who::Repackager, Who::PharmacyA]).await;
    let old = network.stock(&Lot::lasting("A"), 2).await;
    network.hand_over(Who::Maker, Who::Repackager, &old).await;
    let lot = Lot::new(Who::Repackager.gtin(1), "R1", "2028-06-30");
    let new = lot.units(3);
    let event = repackage(&network, &lot, &old, &new);
    network.admit(Who::Repackager, std::slice::from_ref(&event)).await;
    network.settle_all().await;
    assert_eq!(network.event_state(Who::Repackager, &event).await, EventState::Final);
    for unit in &old {
        let ended = Some(ItemStatus::Retired(Reason::Repackaged));
        assert_eq!(network.status(Who::Repackager, unit).await, ended);
        assert_eq!(network.verdict(Who::Repackager, unit).await, VerdictCode::AlreadyRetired);
    }
    // One event is about both lives.
    let store = network.node(Who::Repackager).store();
    for unit in old.iter().chain(&new) {
        let events = store.events_of_item(&id(unit)).await.unwrap();
        assert!(events.iter().any(|event| event.kind == "TransformationEvent"));
    }
    network.hand_over(Who::Repackager, Who::PharmacyA, &new).await;
    assert_eq!(network.verdict(Who::PharmacyA, &new[0]).await, VerdictCode::Genuine);
    network.assert_clean().await;
}

fn repackage(network: &Network, lot: &Lot, old: &[Sgtin], new: &[Sgtin]) -> Event {
    let mut common = Common::at(network.clock.tick(), Offset::UTC);
    common.biz_step = Some(BizStep::Repackaging);
    common.disposition = Some(Disposition::Active);
    let epcs = |units: &[Sgtin]| units.iter().map(|unit| Epc::from(id(unit))).collect();
    let mda = "urn:epcglobal:cbv:mda:";
    Event::Transformation(TransformationEvent {
        common,
        input_epcs: epcs(old),
        input_quantities: Vec::new(),
        output_epcs: epcs(new),
        output_quantities: Vec::new(),
        transformation_id: None,
        ilmd: vec![
            Extension::text(mda, "lotNumber", lot.id.lot.as_str()),
            Extension::text(mda, "itemExpirationDate", lot.expiry.to_string()),
        ],
    })
}
