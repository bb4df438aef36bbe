//! Suspect packs: set apart on the ledger, cleared or confirmed; who must know is told, and the forms
//! of authorities and trade say what happened.

use serde_json::{Value, json};
use theriac_custody::{CaseKind, EvidenceItem, HoldingState, ItemStatus, VerdictCode};
use theriac_node::{CaseState, Form3911};
use theriac_web::routes::cases::CaseView;

use crate::books::code;
use crate::events::Lot;
use crate::network::{Network, Who};

impl Network {
    /// A company doubts packs of its own.
    async fn suspect(&self, who: Who, units: &[theriac_gs1::Sgtin]) -> CaseView {
        let packs: Vec<String> = units.iter().map(code).collect();
        let body = json!({ "kind": "suspect", "reason": "the seal looks glued", "packs": packs });
        self.act(who, "/cases", body).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn suspect_packs_are_set_apart_on_the_ledger_and_released_once_cleared() {
    let network = Network::of(&[Who::Maker, Who::PharmacyA]).await;
    let units = network.stock(&Lot::lasting("A1"), 3).await;
    network.hand_over(Who::Maker, Who::PharmacyA, &units).await;
    let opened = network.suspect(Who::PharmacyA, &units[..2]).await;
    assert_eq!(opened.case.state, CaseState::Investigating);
    network.settle_all().await;
    for unit in &units[..2] {
        assert_eq!(network.verdict(Who::PharmacyA, unit).await, VerdictCode::Quarantined);
        let (holder, state) = network.on_ledger(Who::PharmacyA, unit).await;
        assert_eq!((holder, state), (Some(Who::PharmacyA), HoldingState::Quarantined));
    }
    assert_eq!(network.verdict(Who::PharmacyA, &units[2]).await, VerdictCode::Genuine);

    // A second case about one of them keeps it apart.
    let other = network.suspect(Who::PharmacyA, &units[1..2]).await;
    let clear = format!("/cases/{}/clear", opened.case.case);
    let text = json!({ "text": "the maker knows the seal" });
    let (status, problem) = network.ask(Who::PharmacyA, &clear, &text).await;
    assert_eq!(status, 409, "{problem}");
    let reason = problem["detail"].as_str().unwrap();
    assert!(reason.contains(&format!("in case {} too", other.case.case)), "{reason}");
    network.act(Who::PharmacyA, &format!("/cases/{}/clear", other.case.case), text.clone()).await;
    let cleared = network.act(Who::PharmacyA, &clear, text).await;
    assert_eq!(cleared.case.outcome.as_deref(), Some("cleared: the maker knows the seal"));
    network.settle_all().await;
    for unit in &units {
        assert_eq!(network.status(Who::PharmacyA, unit).await, Some(ItemStatus::InStock));
        let (_, state) = network.on_ledger(Who::PharmacyA, unit).await;
        assert_eq!(state, HoldingState::Held);
    }
    network.admit(Who::PharmacyA, &[network.dispense(Who::PharmacyA, &units)]).await;
    network.settle_all().await;
    network.assert_no_cases().await;
    network.assert_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_must_know_of_illegitimate_packs_is_told_with_the_form() {
    let others = [Who::Maker, Who::Rival, Who::Wholesaler, Who::PharmacyA, Who::PharmacyB];
    let network = Network::of(&others).await;
    let units = network.stock(&Lot::lasting("A1"), 4).await;
    network.hand_over(Who::Maker, Who::Wholesaler, &units).await;
    network.hand_over(Who::Wholesaler, Who::PharmacyA, &units[..2]).await;
    let opened = network.suspect(Who::Wholesaler, &units[2..]).await;
    let here = format!("/cases/{}", opened.case.case);
    let body = json!({ "text": "the maker says: a copy", "classification": "counterfeit" });
    let confirmed = network.act(Who::Wholesaler, &format!("{here}/confirm"), body.clone()).await;
    let (status, _) = network.ask(Who::Wholesaler, &format!("{here}/confirm"), &body).await;
    assert_eq!(status, 409, "it is confirmed once");
    // The notices are due 24 hours after the determination; it was made at the time of the entry.
    let at = confirmed.entries.last().unwrap().entry.at;
    let due = at.checked_add(jiff::SignedDuration::from_hours(24)).unwrap();
    assert_eq!(confirmed.case.deadline, Some(due.to_string()));
    network.settle_all().await;

    for (who, told) in [
        (Who::Maker, 1),
        (Who::PharmacyA, 1),
        (Who::Regulator, 1),
        (Who::Rival, 0),
        (Who::PharmacyB, 0),
    ] {
        let cases = network.cases(who).await;
        assert_eq!(cases.len(), told, "{who:?}");
        for case in cases {
            assert_eq!(case.matter.kind, CaseKind::Suspect);
            let view = network.case(who, case.uuid).await;
            let form = view.entries[0].entry.evidence.iter().find_map(|item| match item {
                EvidenceItem::Other { name, value } if name == "form_3911" => Some(value.clone()),
                _ => None,
            });
            let form: Form3911 = serde_json::from_value(form.unwrap()).unwrap();
            assert_eq!((form.quantity, form.lot_numbers.as_slice()), (2, &["A1".to_owned()][..]));
        }
    }
    let (_, state) = network.on_ledger(Who::Wholesaler, &units[2]).await;
    assert_eq!(state, HoldingState::Quarantined, "they stay apart");
    let form: Value = network.get(Who::Wholesaler, &format!("{here}/3911")).await;
    assert_eq!(form["classification"], "counterfeit");
    assert_eq!(form["type_of_report"], "initial");
    assert_eq!(form["serial_numbers"].as_array().unwrap().len(), 2);
    assert_eq!(form["expiration_dates"], json!(["2028-12-31"]));
    assert_eq!(form["company_categories"], json!(["wholesaler"]));
    assert!(form["missing"].as_array().unwrap().contains(&json!("contact_email")));

    // The receiver sets its own apart and answers.
    let theirs = network.cases(Who::PharmacyA).await.remove(0);
    let there = format!("/cases/{}", theirs.case);
    network
        .act(Who::PharmacyA, &format!("{there}/messages"), json!({ "text": "we have none" }))
        .await;
    network.settle_all().await;
    let answered = network.case(Who::Wholesaler, theirs.uuid).await;
    assert_eq!(answered.case.state, CaseState::Open, "the answer has come");

    // It was a mistake: the notices end everywhere, and the form asks for termination.
    let text = json!({ "text": "the maker found the serial numbers" });
    network.act(Who::Wholesaler, &format!("{here}/clear"), text).await;
    network.settle_all().await;
    network.assert_no_cases().await;
    let form: Value = network.get(Who::Wholesaler, &format!("{here}/3911?incident=2026-17")).await;
    assert_eq!(
        (&form["type_of_report"], &form["incident_number"]),
        (&json!("termination"), &json!("2026-17"))
    );
    assert_eq!(network.verdict(Who::Wholesaler, &units[2]).await, VerdictCode::Genuine);
    network.assert_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_goes_to_a_party_without_a_node_and_back_as_messages_of_the_pdg() {
    let mut network = Network::of(&[Who::PharmacyA]).await;
    let supplier = "9521321000018";
    let lot = Lot::lasting("A1");
    let packs: Vec<String> = lot.units(2).iter().map(code).collect();
    let body = json!({
        "kind": "no_data", "reason": "no data for two packs", "packs": packs, "with": supplier,
        "tell": true, "evidence": [{ "what": "order", "number": "PO-114" }],
    });
    let opened = network.act(Who::PharmacyA, "/cases", body).await;
    let path = format!("/cases/{}/pdg", opened.case.case);
    let asked = network.http.get(format!("{}{path}", network.url(Who::PharmacyA)));
    assert_eq!(asked.send().await.unwrap().status().as_u16(), 409, "nobody to call");
    let desk = Some("desk@pharmacy.example".to_owned());
    network.configure(Who::PharmacyA, |config| config.contact.email = desk).await;

    let report: Value = network.get(Who::PharmacyA, &path).await;
    assert_eq!(report["exception_case_uuid"], json!(opened.case.uuid));
    assert_eq!((&report["po_number"], &report["case_resolved"]), (&json!("PO-114"), &json!(false)));
    let items = report["exceptions"]["missing_product_data"].as_array().unwrap();
    assert_eq!((items.len(), &items[0]["resolution_request"]), (2, &json!("Send new data")));
    let response = json!({
        "message_uuid": "b0059655-5998-5f66-8613-e117b80ee862",
        "exception_case_uuid": opened.case.uuid, "timestamp": 1_712_371_800, "po_number": "PO-114",
        "sender_information": { "gln": supplier, "email": "desk@supplier.example" },
        "response_items": [
            { "exception_item_uuid": items[0]["exception_item_uuid"], "resolution_response": "Accept",
              "comments": "tomorrow" },
            { "exception_item_uuid": items[1]["exception_item_uuid"], "resolution_response": "Accept",
              "comments": "tomorrow" },
        ],
    });
    for known in [false, true] {
        let (status, taken) = network.ask(Who::PharmacyA, "/cases/pdg", &response).await;
        assert_eq!((status, &taken["known"]), (200, &json!(known)), "{taken}");
    }
    let view = network.case(Who::PharmacyA, opened.case.uuid).await;
    assert_eq!(view.proposals[0].accepted, Some(true));
    assert_eq!(view.turn.to_string(), supplier);
    let end = json!({ "outcome": "the data came" });
    network.act(Who::PharmacyA, &format!("/cases/{}/resolve", opened.case.case), end).await;
    let report: Value = network.get(Who::PharmacyA, &path).await;
    assert_eq!((&report["case_resolved"], &report["exceptions"]), (&json!(true), &json!({})));

    network.assert_reported_by(supplier).await;
}

impl Network {
    /// A supplier reports too many packs; the pharmacy answers.
    async fn assert_reported_by(&self, supplier: &str) {
        let name = "c2a57e9f-3d54-5767-a9d1-82b08b3e7d61";
        let item = "ed86b24e-987e-5eb3-bb05-5d335c4da093";
        let mut report = json!({
            "message_uuid": "446b282a-93c5-5859-8641-4b5571ba3878", "exception_case_uuid": name,
            "timestamp": 1_712_368_200, "po_number": "ABD1234",
            "sender_information": { "gln": supplier, "email": "desk@supplier.example" },
            "exceptions": { "overages": [{
                "exception_item_uuid": item, "gtin": Who::Maker.gtin(1), "quantity_ordered": 100,
                "quantity_received": 110, "resolution_request": "Debit account",
            }] },
            "other_errors": ["The pallet was wet"], "case_resolved": false,
        });
        for opened in [true, false] {
            let (status, taken) = self.ask(Who::PharmacyA, "/cases/pdg", &report).await;
            assert_eq!((status, &taken["opened"]), (200, &json!(opened)), "{taken}");
        }
        let view = self.case(Who::PharmacyA, name.parse().unwrap()).await;
        assert_eq!((view.case.matter.kind, view.case.state), (CaseKind::Extra, CaseState::Open));
        assert_eq!((view.entries.len(), view.proposals.len()), (2, 1));
        let answers = format!("/cases/{name}/answers");
        self.act(Who::PharmacyA, &answers, json!({ "accept": true, "text": "agreed" })).await;
        let response: Value = self.get(Who::PharmacyA, &format!("/cases/{name}/pdg")).await;
        let answered = &response["response_items"][0];
        assert_eq!(answered["exception_item_uuid"], item);
        assert_eq!(
            (&answered["resolution_response"], &answered["comments"]),
            (&json!("Accept"), &json!("agreed"))
        );
        report["message_uuid"] = json!("906286a1-c855-58ce-956c-bd36ee29af0c");
        report["exceptions"] = json!({});
        report["other_errors"] = Value::Null;
        report["case_resolved"] = json!(true);
        self.ask(Who::PharmacyA, "/cases/pdg", &report).await;
        let view = self.case(Who::PharmacyA, name.parse().unwrap()).await;
        assert_eq!(view.case.state, CaseState::Resolved);
        report["sender_information"]["gln"] = json!(Who::Wholesaler.gln());
        let (status, _) = self.ask(Who::PharmacyA, "/cases/pdg", &report).await;
        assert_eq!(status, 400, "nobody else adds to it");
    }
}
