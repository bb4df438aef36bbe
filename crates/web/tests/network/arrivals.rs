//! Arrivals: goods are received by scanning, over HTTP.

use serde_json::{Value, json};
use theriac_custody::{CaseKind, HoldingState, ItemStatus};
use theriac_gs1::{Identifier, Sgtin};
use theriac_web::routes::cases::CaseEntry;

use crate::events::{Lot, id, sscc};
use crate::network::{Network, Who};

impl Network {
    /// Posts JSON to a company's node; status and answer.
    async fn send_scan(&self, who: Who, path: &str, body: &Value) -> (u16, Value) {
        let request = self.http.post(format!("{}{path}", self.url(who))).json(body);
        let response = request.send().await.unwrap();
        (response.status().as_u16(), response.json().await.unwrap())
    }

    async fn done(&self, who: Who, path: &str, body: &Value) -> Value {
        let (status, answer) = self.send_scan(who, path, body).await;
        assert!((200..300).contains(&status), "{path}: {status} {answer}");
        answer
    }

    /// Opens an arrival; the path of it.
    async fn arrive(&self, who: Who, body: &Value) -> String {
        let opened = self.done(who, "/arrivals", body).await;
        format!("/arrivals/{}", opened["arrival"])
    }

    /// Scans; the answers in a word each.
    async fn scans(&self, who: Who, arrival: &str, body: &Value) -> Vec<String> {
        let answer = self.done(who, &format!("{arrival}/scans"), body).await;
        let answers = answer["answers"].as_array().unwrap();
        answers.iter().map(|answer| answer["answer"].as_str().unwrap().to_owned()).collect()
    }

    async fn kinds(&self, who: Who) -> Vec<(CaseKind, Vec<Identifier>)> {
        let cases = self.cases(who).await;
        cases.into_iter().map(|case| (case.matter.kind, case.matter.items)).collect()
    }
}

/// What a scanner reads from a pack's label.
fn label(unit: &Sgtin, lot: &str, expiry: &str) -> String {
    format!("(01){}(21){}(10){lot}(17){expiry}", unit.gtin, unit.serial)
}

fn labels(units: &[Sgtin]) -> Vec<String> {
    units.iter().map(|unit| label(unit, "A", "281231")).collect()
}

/// Ten packs on a pallet, shipped by the maker.
async fn pallet_on_its_way(network: &Network) -> (Vec<Sgtin>, Identifier) {
    let lot = Lot::lasting("A");
    let units = lot.units(10);
    let pallet = sscc(Who::Maker, 1);
    let made = network.make(Who::Maker, &lot, &units);
    network.admit(Who::Maker, &[made, network.pack(Who::Maker, &pallet, &units)]).await;
    network.admit(Who::Maker, &[network.ship_box(Who::Maker, Who::Wholesaler, &pallet)]).await;
    network.settle_all().await;
    (units, pallet)
}

async fn statuses(network: &Network, who: Who, units: &[Sgtin]) -> Vec<ItemStatus> {
    let mut statuses = Vec::new();
    for unit in units {
        statuses.push(network.status(who, unit).await.unwrap());
    }
    statuses
}

/// Missing, damaged, wrong label, extra, unknown: each in a case of its own, and the rest is stock.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_as_announced_opens_a_case_on_exactly_those_packs() {
    let network = Network::of(&[Who::Maker, Who::Wholesaler]).await;
    let (units, _) = pallet_on_its_way(&network).await;
    let strangers = network.stock(&Lot::lasting("B"), 1).await;
    let arrival = network.arrive(Who::Wholesaler, &json!({ "sender": Who::Maker.gln() })).await;

    let scan = json!({ "codes": labels(&units[..6]), "request_key": "first" });
    assert_eq!(network.scans(Who::Wholesaler, &arrival, &scan).await, ["expected"; 6]);
    // The same request is answered the same; the same pack again is a duplicate.
    assert_eq!(network.scans(Who::Wholesaler, &arrival, &scan).await, ["expected"; 6]);
    let again = json!({ "codes": labels(&units[..1]) });
    assert_eq!(network.scans(Who::Wholesaler, &arrival, &again).await, ["duplicate"]);
    let damaged = json!({ "codes": labels(&units[6..7]), "damaged": true });
    assert_eq!(network.scans(Who::Wholesaler, &arrival, &damaged).await, ["damaged"]);
    let wrong = json!({ "codes": [
        label(&units[7], "A", "291231"), label(&strangers[0], "B", "281231"), "not a code",
    ] });
    let answers = network.scans(Who::Wholesaler, &arrival, &wrong).await;
    assert_eq!(answers, ["mismatch", "unknown", "unreadable"]);
    let stands: Value = network.get(Who::Wholesaler, &arrival).await;
    assert_eq!((&stands["expected"], &stands["here"]), (&json!(10), &json!(8)));
    assert_eq!(stands["missing"].as_array().unwrap().len(), 2);

    let closed = network.done(Who::Wholesaler, &format!("{arrival}/close"), &json!({})).await;
    assert_eq!(closed["state"], "closed");
    let outcome = &closed["outcome"];
    assert_eq!((&outcome["received"], &outcome["refused"]), (&json!(6), &json!(4)));
    assert_eq!((&outcome["missing"], &outcome["without_data"]), (&json!(2), &json!(1)));
    assert_eq!(outcome["cases"].as_array().unwrap().len(), 4);
    network.settle_all().await;
    assert_eq!(statuses(&network, Who::Wholesaler, &units[..6]).await, [ItemStatus::InStock; 6]);
    let mut kinds = network.kinds(Who::Wholesaler).await;
    kinds.sort_by_key(|(kind, _)| kind.word());
    let expected = [
        (CaseKind::Damaged, vec![id(&units[6])]),
        (CaseKind::Mismatch, vec![id(&units[7])]),
        (CaseKind::Missing, vec![id(&units[8]), id(&units[9])]),
        (CaseKind::NoData, vec![id(&strangers[0])]),
    ];
    assert_eq!(kinds, expected);
    // What did not come is the maker's again, on the ledger too.
    for unit in &units[6..] {
        let back = (Some(Who::Maker), HoldingState::Held);
        assert_eq!(network.on_ledger(Who::Maker, unit).await, back);
    }
    // Closing again tells the same; it is not open any more.
    let again = network.done(Who::Wholesaler, &format!("{arrival}/close"), &json!({})).await;
    assert_eq!(again["outcome"], closed["outcome"]);
    let (status, problem) = network
        .send_scan(Who::Wholesaler, &format!("{arrival}/scans"), &json!({ "codes": ["x"] }))
        .await;
    assert_eq!((status, &problem["type"]), (409, &json!("urn:theriac:problem:arrival-ended")));
    network.assert_clean().await;
}

/// The pallet's label is enough; one of its packs is damaged.
#[tokio::test(flavor = "multi_thread")]
async fn a_pallet_is_received_by_its_label() {
    let network = Network::of(&[Who::Maker, Who::Wholesaler]).await;
    let (units, pallet) = pallet_on_its_way(&network).await;
    let open = json!({ "container": pallet.digital_link() });
    let arrival = network.arrive(Who::Wholesaler, &open).await;
    let damaged = json!({ "codes": labels(&units[..1]), "damaged": true });
    assert_eq!(network.scans(Who::Wholesaler, &arrival, &damaged).await, ["damaged"]);
    let whole = json!({ "codes": [pallet.digital_link()] });
    assert_eq!(network.scans(Who::Wholesaler, &arrival, &whole).await, ["expected"]);
    let inside = json!({ "codes": labels(&units[1..2]) });
    assert_eq!(network.scans(Who::Wholesaler, &arrival, &inside).await, ["duplicate"]);
    let closed = network.done(Who::Wholesaler, &format!("{arrival}/close"), &json!({})).await;
    let outcome = &closed["outcome"];
    assert_eq!((&outcome["received"], &outcome["refused"]), (&json!(9), &json!(1)), "{closed:#}");
    network.settle_all().await;
    assert_eq!(statuses(&network, Who::Wholesaler, &units[1..]).await, [ItemStatus::InStock; 9]);
    assert_eq!(network.status(Who::Maker, &units[0]).await, Some(ItemStatus::InStock));
    network.assert_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_shipment_is_received_at_once_and_only_once() {
    let network = Network::of(&[Who::Maker, Who::Wholesaler]).await;
    let (units, _) = pallet_on_its_way(&network).await;
    let holding = network.node_proof(Who::Wholesaler, &units[0]).await.holding;
    let all = json!({ "shipment": holding, "all": true, "request_key": "truck 7" });
    let first = network.done(Who::Wholesaler, "/arrivals", &all).await;
    assert_eq!((&first["state"], &first["outcome"]["received"]), (&json!("closed"), &json!(10)));
    let second = network.done(Who::Wholesaler, "/arrivals", &all).await;
    assert_eq!(second, first);
    network.settle_all().await;
    let held = (Some(Who::Wholesaler), HoldingState::Held);
    assert_eq!(network.on_ledger(Who::Wholesaler, &units[0]).await, held);
    network.assert_no_cases().await;
    network.assert_clean().await;
}

/// The truck is faster than the data: what was scanned goes into stock when the data comes.
#[tokio::test(flavor = "multi_thread")]
async fn goods_that_are_scanned_before_their_data_match_up_by_themselves() {
    let network = Network::of(&[Who::Maker, Who::Wholesaler]).await;
    let units = network.stock(&Lot::lasting("A"), 4).await;
    network.admit(Who::Maker, &[network.ship(Who::Maker, Who::Wholesaler, &units[..2])]).await;
    network.settle_all().await;
    let arrival = network.arrive(Who::Wholesaler, &json!({ "sender": Who::Maker.gln() })).await;
    let scan = json!({ "codes": labels(&units) });
    let answers = network.scans(Who::Wholesaler, &arrival, &scan).await;
    assert_eq!(answers, ["expected", "expected", "unknown", "unknown"]);
    network.done(Who::Wholesaler, &format!("{arrival}/close"), &json!({})).await;
    network.settle_all().await;
    let cases = network.kinds(Who::Wholesaler).await;
    assert_eq!(cases, [(CaseKind::NoData, vec![id(&units[2]), id(&units[3])])]);
    network.admit(Who::Maker, &[network.ship(Who::Maker, Who::Wholesaler, &units[2..])]).await;
    network.settle_all().await;
    assert_eq!(statuses(&network, Who::Wholesaler, &units).await, [ItemStatus::InStock; 4]);
    assert_eq!(network.kinds(Who::Wholesaler).await, []);
    network.assert_clean().await;
}

/// Data before goods, and a part comes later: it is waited for, and its case ends by itself.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_missing_can_be_waited_for() {
    let network = Network::of(&[Who::Maker, Who::Wholesaler]).await;
    let (units, _) = pallet_on_its_way(&network).await;
    let arrival = network.arrive(Who::Wholesaler, &json!({})).await;
    let scan = json!({ "codes": labels(&units[..7]) });
    network.scans(Who::Wholesaler, &arrival, &scan).await;
    let wait = json!({ "missing": "wait" });
    let closed = network.done(Who::Wholesaler, &format!("{arrival}/close"), &wait).await;
    assert_eq!(
        (&closed["outcome"]["missing"], &closed["outcome"]["refused"]),
        (&json!(3), &json!(0))
    );
    network.settle_all().await;
    assert_eq!(statuses(&network, Who::Wholesaler, &units[7..]).await, [ItemStatus::Expected; 3]);
    let kinds = network.kinds(Who::Wholesaler).await;
    assert_eq!(kinds.len(), 1);
    assert_eq!(kinds[0].0, CaseKind::Missing);
    let later = network.arrive(Who::Wholesaler, &json!({ "all": true })).await;
    network.settle_all().await;
    assert_ne!(later, arrival);
    assert_eq!(statuses(&network, Who::Wholesaler, &units).await, [ItemStatus::InStock; 10]);
    assert_eq!(network.kinds(Who::Wholesaler).await, []);
    network.assert_clean().await;
}

/// A lot that is recalled while it is on the road is received, and set apart on the ledger.
#[tokio::test(flavor = "multi_thread")]
async fn what_must_not_be_sold_is_set_apart_when_it_arrives() {
    let network = Network::of(&[Who::Maker, Who::Wholesaler]).await;
    let (units, pallet) = pallet_on_its_way(&network).await;
    let recalled = network.recall(Who::Maker, &Lot::lasting("A"));
    network.admit(Who::Maker, &[recalled]).await;
    network.settle_all().await;
    let arrival = network.arrive(Who::Wholesaler, &json!({})).await;
    let scan = json!({ "codes": labels(&units[..1]) });
    assert_eq!(network.scans(Who::Wholesaler, &arrival, &scan).await, ["not_fit"]);
    let scan = json!({ "codes": [pallet.digital_link()] });
    assert_eq!(network.scans(Who::Wholesaler, &arrival, &scan).await, ["expected"]);
    let closed = network.done(Who::Wholesaler, &format!("{arrival}/close"), &json!({})).await;
    assert_eq!(closed["outcome"]["set_apart"], 10, "{closed:#}");
    network.settle_all().await;
    for unit in &units {
        let apart = (Some(Who::Wholesaler), HoldingState::Quarantined);
        assert_eq!(network.on_ledger(Who::Wholesaler, unit).await, apart);
    }
    network.assert_clean().await;
}

/// Of a return, what is damaged is kept, apart; the rest is verified and is stock.
#[tokio::test(flavor = "multi_thread")]
async fn a_return_is_scanned_verified_and_restocked() {
    let network = Network::of(&[Who::Maker, Who::Wholesaler, Who::PharmacyA]).await;
    let units = network.stock(&Lot::lasting("A"), 3).await;
    network.hand_over(Who::Maker, Who::Wholesaler, &units).await;
    network.hand_over(Who::Wholesaler, Who::PharmacyA, &units).await;
    let order = json!({ "to": Who::Wholesaler.gln(), "codes": labels(&units), "returned": true });
    let shipped = network.done(Who::PharmacyA, "/shipments", &order).await;
    assert_eq!(shipped["state"], "admitted", "{shipped}");
    network.settle_all().await;
    let arrival = network.arrive(Who::Wholesaler, &json!({ "kind": "return" })).await;
    let scan = json!({ "codes": labels(&units[..2]) });
    network.scans(Who::Wholesaler, &arrival, &scan).await;
    let damaged = json!({ "codes": labels(&units[2..]), "damaged": true });
    network.scans(Who::Wholesaler, &arrival, &damaged).await;
    network.done(Who::Wholesaler, &format!("{arrival}/close"), &json!({})).await;
    network.settle_all().await;
    use ItemStatus::{InStock, Quarantined};
    let expected = [InStock, InStock, Quarantined];
    assert_eq!(statuses(&network, Who::Wholesaler, &units).await, expected);
    let kinds = network.kinds(Who::Wholesaler).await;
    assert_eq!(kinds, [(CaseKind::Damaged, vec![id(&units[2])])]);
    network.assert_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_arrival_is_cancelled_and_a_shipment_taken_back() {
    let network = Network::of(&[Who::Maker, Who::Wholesaler]).await;
    let (units, pallet) = pallet_on_its_way(&network).await;
    let arrival = network.arrive(Who::Wholesaler, &json!({})).await;
    network.scans(Who::Wholesaler, &arrival, &json!({ "codes": labels(&units[..1]) })).await;
    let url = format!("{}{arrival}", network.url(Who::Wholesaler));
    for _ in 0..2 {
        let answer: Value = network.http.delete(&url).send().await.unwrap().json().await.unwrap();
        assert_eq!(answer["state"], "cancelled");
    }
    let (status, _) =
        network.send_scan(Who::Wholesaler, &format!("{arrival}/close"), &json!({})).await;
    assert_eq!(status, 409);
    assert_eq!(network.status(Who::Wholesaler, &units[0]).await, Some(ItemStatus::Expected));
    let back = json!({ "codes": [pallet.digital_link()] });
    let taken = network.done(Who::Maker, "/shipments/cancel", &back).await;
    assert_eq!(taken["state"], "admitted", "{taken}");
    network.settle_all().await;
    assert_eq!(statuses(&network, Who::Maker, &units).await, [ItemStatus::InStock; 10]);
    let cases: Vec<CaseEntry> = network.cases(Who::Wholesaler).await;
    assert_eq!(cases, []);
    network.assert_clean().await;
}
