//! Recalls: packs are found, set apart and counted wherever they are, also where a node was away, and
//! put back when the recall is lifted.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use theriac_custody::{CaseKind, HoldingState, ItemStatus, VerdictCode};
use theriac_gs1::Sgtin;
use theriac_node::{RecallEntry, RecallView};
use theriac_store::{HolderState, RecallState};

use crate::events::{Lot, id, sscc};
use crate::network::{Network, Who};

const DAY: i64 = 24 * 60 * 60;

impl Network {
    async fn ask_to(&self, who: Who, path: &str, body: &Value) -> (u16, Value) {
        let request = self.http.post(format!("{}{path}", self.url(who))).json(body);
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        (status, response.json().await.unwrap())
    }

    /// Orders a recall that must be taken; its number at the node.
    async fn order(&self, who: Who, scope: Value, more: Value) -> i64 {
        let mut order = json!({ "scope": scope, "class": 1, "reason": "glass in vials" });
        for (name, value) in more.as_object().unwrap() {
            order[name] = value.clone();
        }
        let (status, view) = self.ask_to(who, "/recalls", &order).await;
        assert_eq!(status, 201, "{view}");
        view["number"].as_i64().unwrap()
    }

    async fn recall_of(&self, who: Who, number: i64) -> RecallView {
        self.get(who, &format!("/recalls/{number}")).await
    }

    async fn statuses(&self, who: Who, units: &[Sgtin]) -> Vec<Option<ItemStatus>> {
        let mut statuses = Vec::new();
        for unit in units {
            statuses.push(self.status(who, unit).await);
        }
        statuses
    }

    async fn assert_all(&self, who: Who, units: &[Sgtin], status: ItemStatus) {
        assert_eq!(self.statuses(who, units).await, vec![Some(status); units.len()], "{who:?}");
    }
}

fn of_lot(lot: &Lot) -> Value {
    json!({ "lots": { "gtin": lot.id.gtin, "lots": [lot.id.lot] } })
}

fn holder(view: &RecallView, who: Who) -> &theriac_node::HolderView {
    let found = view.holders.iter().find(|holder| holder.company.gln == who.gln());
    found.unwrap_or_else(|| panic!("{who:?} is no holder: {:#?}", view.holders))
}

fn counts(list: &[(&str, u64)]) -> BTreeMap<String, u64> {
    list.iter().map(|(word, count)| ((*word).to_owned(), *count)).collect()
}

/// A lot of 12 at five places: 2 with the maker, 3 with the wholesaler, 3 in stock and 1 dispensed at a
/// pharmacy, 3 on their way to another.
async fn spread_lot(network: &Network, lot: &Lot) -> Vec<Sgtin> {
    let units = network.stock(lot, 12).await;
    network.hand_over(Who::Maker, Who::Wholesaler, &units[2..]).await;
    network.hand_over(Who::Wholesaler, Who::PharmacyA, &units[5..9]).await;
    network.admit(Who::PharmacyA, &[network.dispense(Who::PharmacyA, &units[8..9])]).await;
    let shipped = network.ship(Who::Wholesaler, Who::PharmacyB, &units[9..]);
    network.admit(Who::Wholesaler, &[shipped]).await;
    network.settle_all().await;
    units
}

const ALL: [Who; 4] = [Who::Maker, Who::Wholesaler, Who::PharmacyA, Who::PharmacyB];

#[tokio::test(flavor = "multi_thread")]
async fn a_lot_is_set_apart_wherever_it_is_and_counted_until_all_is_accounted_for() {
    let network = Network::of(&ALL).await;
    let lot = Lot::lasting("A");
    let units = spread_lot(&network, &lot).await;
    let number = network.order(Who::Maker, of_lot(&lot), json!({})).await;
    network.settle_all().await;

    network.assert_all(Who::Maker, &units[..2], ItemStatus::Quarantined).await;
    network.assert_all(Who::Wholesaler, &units[2..5], ItemStatus::Quarantined).await;
    network.assert_all(Who::PharmacyA, &units[5..8], ItemStatus::Quarantined).await;
    network.assert_all(Who::PharmacyB, &units[9..], ItemStatus::Expected).await;
    for (who, unit) in [(Who::Maker, 0), (Who::Wholesaler, 2), (Who::PharmacyA, 5)] {
        let there = network.on_ledger(who, &units[unit]).await;
        assert_eq!(there, (Some(who), HoldingState::Quarantined));
        assert_eq!(network.verdict(who, &units[unit]).await, VerdictCode::Recalled);
    }
    let view = network.recall_of(Who::Maker, number).await;
    let expected = counts(&[("dispensed", 1), ("in_transit", 3), ("quarantined", 8)]);
    assert_eq!((view.packs, view.total, view.out), (expected, 12, 3));
    assert!(view.exact && view.recall.on_ledger);
    assert_eq!(view.outstanding.len(), 1, "{:?}", view.outstanding);
    assert!(view.outstanding[0].starts_with("3 packs are on their way to PharmacyB"));
    let (status, problem) =
        network.ask_to(Who::Maker, &format!("/recalls/{number}/close"), &json!({})).await;
    assert_eq!(status, 409);
    assert_eq!(problem["type"], "urn:theriac:problem:recall-outstanding");

    // Goods on their way are set apart as soon as they are received.
    let received = network.receive(Who::Wholesaler, Who::PharmacyB, &units[9..]);
    network.admit(Who::PharmacyB, &[received]).await;
    network.settle_all().await;
    network.assert_all(Who::PharmacyB, &units[9..], ItemStatus::Quarantined).await;
    let view = network.recall_of(Who::Maker, number).await;
    assert_eq!((&view.outstanding, view.out), (&Vec::new(), 0));
    for who in [Who::Wholesaler, Who::PharmacyA, Who::PharmacyB] {
        assert_eq!(holder(&view, who).state, HolderState::Acknowledged, "{who:?}");
    }
    let answer = holder(&view, Who::PharmacyA).answer.clone().unwrap();
    assert_eq!(answer.packs, counts(&[("quarantined", 3), ("retired_dispensed", 1)]));
    assert_eq!(answer.set_apart, 3);

    let close = format!("/recalls/{number}/close");
    let (status, closure) = network.ask_to(Who::Maker, &close, &json!({})).await;
    assert_eq!((status, &closure["accounted_basis_points"]), (200, &json!(10_000)), "{closure}");
    assert_eq!(closure["answered"], json!([3, 3]));
    let report = network.http.get(format!("{}/recalls/{number}/report", network.url(Who::Maker)));
    let text = report.send().await.unwrap().text().await.unwrap();
    for line in ["packs         12", "  dispensed   1", "3 of 3 have answered", "100.00 %"] {
        assert!(text.contains(line), "{line} is not in {text}");
    }
    network.assert_no_cases().await;
    network.assert_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_holder_that_was_away_for_days_acts_when_it_is_back() {
    let mut network = Network::of(&ALL).await;
    let lot = Lot::lasting("A");
    let units = spread_lot(&network, &lot).await;
    network.down(Who::PharmacyA).await;
    let number = network.order(Who::Maker, of_lot(&lot), json!({})).await;
    network.settle_all().await;
    let view = network.recall_of(Who::Maker, number).await;
    assert_eq!(holder(&view, Who::PharmacyA).state, HolderState::Told);
    assert!(!holder(&view, Who::PharmacyA).overdue);
    let silent =
        |sentence: &String| sentence.starts_with("PharmacyA") && sentence.ends_with("not answered");
    assert!(view.outstanding.iter().any(silent), "{:?}", view.outstanding);

    // The time to react to class I has passed: somebody must call.
    network.clock.skip(DAY + 60);
    network.settle(Who::Maker).await;
    let view = network.recall_of(Who::Maker, number).await;
    assert!(holder(&view, Who::PharmacyA).overdue);
    assert!(!holder(&view, Who::Wholesaler).overdue);
    let (kind, reason) = network.last_case(Who::Maker).await;
    assert_eq!(kind, CaseKind::RecallUnacknowledged);
    assert!(reason.contains(&Who::PharmacyA.gln().to_string()), "{reason}");
    // Looking again opens no second one.
    network.clock.skip(DAY);
    network.settle(Who::Maker).await;
    assert_eq!(network.cases(Who::Maker).await.len(), 1);

    network.up(Who::PharmacyA).await;
    network.settle_all().await;
    network.assert_all(Who::PharmacyA, &units[5..8], ItemStatus::Quarantined).await;
    let view = network.recall_of(Who::Maker, number).await;
    assert_eq!(holder(&view, Who::PharmacyA).state, HolderState::Acknowledged);
    network.assert_no_cases().await;
    network.assert_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lifting_puts_back_what_was_set_apart_for_it_and_nothing_else() {
    let network = Network::of(&[Who::Maker, Who::Wholesaler]).await;
    let lot = Lot::lasting("A");
    let units = network.stock(&lot, 6).await;
    network.hand_over(Who::Maker, Who::Wholesaler, &units[2..]).await;
    let suspect = network.quarantine(Who::Wholesaler, &units[2..3]);
    network.admit(Who::Wholesaler, &[suspect]).await;
    network.settle_all().await;
    let number = network.order(Who::Maker, of_lot(&lot), json!({})).await;
    network.settle_all().await;
    network.assert_all(Who::Wholesaler, &units[2..], ItemStatus::Quarantined).await;
    // Nobody can release a recalled pack for long.
    network.admit(Who::Wholesaler, &[network.release(Who::Wholesaler, &units[2..3])]).await;
    network.settle_all().await;
    network.assert_all(Who::Wholesaler, &units[2..3], ItemStatus::Quarantined).await;

    let lift = json!({ "reason": "the glass was of another lot" });
    let (status, view) =
        network.ask_to(Who::Maker, &format!("/recalls/{number}/lift"), &lift).await;
    assert_eq!(status, 200, "{view}");
    network.settle_all().await;
    network.assert_all(Who::Wholesaler, &units[3..], ItemStatus::InStock).await;
    network.assert_all(Who::Maker, &units[..2], ItemStatus::InStock).await;
    assert_eq!(network.verdict(Who::Wholesaler, &units[4]).await, VerdictCode::Genuine);
    for who in [Who::Maker, Who::Wholesaler] {
        let recalls: Vec<RecallEntry> = network.get(who, "/recalls").await;
        let states: Vec<_> = recalls.iter().map(|recall| recall.state).collect();
        assert_eq!(states, [RecallState::Lifted], "{who:?}");
    }
    network.assert_no_cases().await;
    network.assert_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn single_packs_are_recalled_and_the_rest_of_their_lot_is_sold() {
    let network = Network::of(&ALL).await;
    let lot = Lot::lasting("A");
    let units = spread_lot(&network, &lot).await;
    let recalled = [&units[0], &units[3], &units[6], &units[8], &units[10]];
    let packs: Vec<String> = recalled.iter().map(|unit| id(unit).digital_link()).collect();
    let number = network.order(Who::Maker, json!({ "packs": packs }), json!({ "class": 2 })).await;
    network.settle_all().await;
    for (who, unit) in [(Who::Maker, 0), (Who::Wholesaler, 3), (Who::PharmacyA, 6)] {
        network.assert_all(who, &units[unit..=unit], ItemStatus::Quarantined).await;
    }
    for (who, unit) in [(Who::Maker, 1), (Who::Wholesaler, 2), (Who::PharmacyA, 5)] {
        network.assert_all(who, &units[unit..=unit], ItemStatus::InStock).await;
    }
    let view = network.recall_of(Who::Maker, number).await;
    let expected = counts(&[("dispensed", 1), ("in_transit", 1), ("quarantined", 3)]);
    assert_eq!((view.packs, view.total), (expected, 5));
    let received = network.receive(Who::Wholesaler, Who::PharmacyB, &units[9..]);
    network.admit(Who::PharmacyB, &[received]).await;
    network.settle_all().await;
    network.assert_all(Who::PharmacyB, &units[10..11], ItemStatus::Quarantined).await;
    network.admit(Who::PharmacyB, &[network.dispense(Who::PharmacyB, &units[9..10])]).await;

    let lift = json!({ "reason": "they were counted wrongly" });
    let (status, view) =
        network.ask_to(Who::Maker, &format!("/recalls/{number}/lift"), &lift).await;
    assert_eq!(status, 200, "{view}");
    network.settle_all().await;
    network.assert_all(Who::PharmacyB, &units[10..11], ItemStatus::InStock).await;
    network.assert_all(Who::Wholesaler, &units[3..4], ItemStatus::InStock).await;
    network.assert_no_cases().await;
    network.assert_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_shipped_to_a_company_is_recalled_wherever_it_went() {
    let network = Network::of(&ALL).await;
    let lot = Lot::lasting("A");
    let units = network.stock(&lot, 6).await;
    network.hand_over(Who::Maker, Who::Wholesaler, &units[1..5]).await;
    network.hand_over(Who::Wholesaler, Who::PharmacyA, &units[1..3]).await;
    network.hand_over(Who::Maker, Who::PharmacyB, &units[5..]).await;
    let to = |who: Who| json!({ "shipped": { "gtin": lot.id.gtin, "to": [who.gln()] } });
    let number = network.order(Who::Maker, to(Who::Wholesaler), json!({})).await;
    network.settle_all().await;
    network.assert_all(Who::PharmacyA, &units[1..3], ItemStatus::Quarantined).await;
    network.assert_all(Who::Wholesaler, &units[3..5], ItemStatus::Quarantined).await;
    network.assert_all(Who::PharmacyB, &units[5..], ItemStatus::InStock).await;
    network.assert_all(Who::Maker, &units[..1], ItemStatus::InStock).await;
    assert_eq!(network.recall_of(Who::Maker, number).await.total, 4);
    // It sells none of it on, and what comes back to it is counted.
    let back = network.release(Who::PharmacyA, &units[1..3]);
    network.admit(Who::PharmacyA, &[back]).await;
    network.settle_all().await;
    network.assert_all(Who::PharmacyA, &units[1..3], ItemStatus::Quarantined).await;
    network.assert_no_cases().await;
    network.assert_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_holder_without_a_node_is_listed_and_told_by_hand() {
    let network = Network::of(&ALL).await;
    let lot = Lot::lasting("A");
    spread_lot(&network, &lot).await;
    let set = json!({ "action": "set_endpoint", "endpoint": "" });
    let (status, answer) = network.ask_to(Who::PharmacyB, "/registry", &set).await;
    assert_eq!(status, 200, "{answer}");
    network.settle_all().await;
    let number = network.order(Who::Maker, of_lot(&lot), json!({})).await;
    let view = network.recall_of(Who::Maker, number).await;
    assert_eq!(holder(&view, Who::PharmacyB).state, HolderState::NotReached);
    assert_eq!(holder(&view, Who::PharmacyB).told_at, None);
    let told = json!({ "holder": Who::PharmacyB.gln(), "note": "telephone, Ms Roth, sets apart" });
    let path = format!("/recalls/{number}/told");
    let (status, view) = network.ask_to(Who::Maker, &path, &told).await;
    assert_eq!(status, 200, "{view}");
    let view = network.recall_of(Who::Maker, number).await;
    assert_eq!(holder(&view, Who::PharmacyB).state, HolderState::ByHand);
    let nobody = json!({ "holder": Who::Rival.gln(), "note": "" });
    assert_eq!(network.ask_to(Who::Maker, &path, &nobody).await.0, 409);
}

#[tokio::test(flavor = "multi_thread")]
async fn whole_cases_stay_packed_and_a_wholesale_recall_ends_before_pharmacies() {
    let network = Network::of(&ALL).await;
    let (case, lot) = (sscc(Who::Maker, 7), Lot::lasting("A"));
    let units = network.stock(&lot, 6).await;
    network.admit(Who::Maker, &[network.pack(Who::Maker, &case, &units[..3])]).await;
    network.hand_over(Who::Maker, Who::PharmacyA, &units[4..]).await;
    let shipped = network.ship_box(Who::Maker, Who::Wholesaler, &case);
    network.admit(Who::Maker, &[shipped]).await;
    network.settle_all().await;
    let received = network.receive_box(Who::Maker, Who::Wholesaler, &case);
    network.admit(Who::Wholesaler, &[received]).await;
    network.settle_all().await;
    let depth = json!({ "depth": "wholesale", "class": 3 });
    let number = network.order(Who::Maker, of_lot(&lot), depth).await;
    network.settle_all().await;
    network.assert_all(Who::Wholesaler, &units[..3], ItemStatus::Quarantined).await;
    let packed = network.item(Who::Wholesaler, &units[0]).await.unwrap().item.parent;
    assert_eq!(packed, Some(case));
    // The ledger does not stop the pharmacy.
    network.assert_all(Who::PharmacyA, &units[4..], ItemStatus::InStock).await;
    network.admit(Who::PharmacyA, &[network.dispense(Who::PharmacyA, &units[4..5])]).await;
    let view = network.recall_of(Who::Maker, number).await;
    assert!(!view.recall.on_ledger);
    assert_eq!(view.outstanding, Vec::<String>::new());
    network.settle_all().await;
    network.assert_no_cases().await;
    network.assert_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_labeler_and_regulators_are_obeyed() {
    let network = Network::of(&[Who::Maker, Who::Rival, Who::Wholesaler]).await;
    let lot = Lot::lasting("A");
    let units = network.stock(&lot, 4).await;
    network.hand_over(Who::Maker, Who::Wholesaler, &units).await;
    let order = json!({ "scope": of_lot(&lot), "class": 1, "reason": "envy" });
    let (status, problem) = network.ask_to(Who::Rival, "/recalls", &order).await;
    assert_eq!((status, &problem["type"]), (409, &json!("urn:theriac:problem:recall-refused")));
    let window = json!({ "gtin": lot.id.gtin, "from": "2028-01-01", "to": "2028-12-30" });
    let none = json!({ "scope": { "expiring": window }, "class": 1, "reason": "tests" });
    assert_eq!(network.ask_to(Who::Maker, "/recalls", &none).await.0, 409);
    let wrong = json!({ "scope": { "packs": [] }, "class": 1, "reason": "tests" });
    assert_eq!(network.ask_to(Who::Maker, "/recalls", &wrong).await.0, 400);
    network.assert_all(Who::Wholesaler, &units, ItemStatus::InStock).await;
    let window = json!({ "gtin": lot.id.gtin, "from": "2028-01-01", "to": "2028-12-31" });
    network.order(Who::Maker, json!({ "expiring": window }), json!({})).await;
    network.settle_all().await;
    network.assert_all(Who::Wholesaler, &units, ItemStatus::Quarantined).await;
    network.assert_no_cases().await;
}
