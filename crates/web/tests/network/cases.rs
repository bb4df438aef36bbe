//! Cases between two companies: both have the case, agree on whose turn it is, and nobody else can
//! add to it; links that repeat, disorder and break change nothing.

use serde_json::{Value, json};
use theriac_custody::{CaseKind, Uuid};
use theriac_node::CaseState;
use theriac_node::exchange::Envelope;
use theriac_store::{DeliveryKind, MessageId};
use theriac_web::ProblemCode;
use theriac_web::routes::cases::{CaseEntry, CaseView};

use crate::books::code;
use crate::events::Lot;
use crate::network::{Network, Who};

impl Network {
    /// Posts JSON; status and answer.
    pub(crate) async fn ask(&self, who: Who, path: &str, body: &Value) -> (u16, Value) {
        let url = format!("{}{path}", self.url(who));
        let response = self.http.post(url).json(body).send().await.unwrap();
        let status = response.status().as_u16();
        (status, response.json().await.unwrap())
    }

    /// As [`ask`](Self::ask) for what must be done: how the case stands then.
    pub(crate) async fn act(&self, who: Who, path: &str, body: Value) -> CaseView {
        let (status, answer) = self.ask(who, path, &body).await;
        assert!(status < 300, "{who:?} {path}: {status} {answer}");
        serde_json::from_value(answer).unwrap()
    }

    pub(crate) async fn case(&self, who: Who, name: Uuid) -> CaseView {
        self.get(who, &format!("/cases/{name}")).await
    }

    /// A pharmacy opens a case with its wholesaler about packs that came without data.
    async fn goods_without_data(&self, lot: &Lot) -> CaseView {
        let packs: Vec<String> = lot.units(2).iter().map(code).collect();
        let wholesaler = Who::Wholesaler.gln();
        let body = json!({
            "kind": "no_data", "reason": "50 packs came, data for 48", "packs": packs,
            "with": wholesaler, "tell": true,
            "evidence": [{ "what": "order", "number": "PO-114" }],
        });
        self.act(Who::PharmacyA, "/cases", body).await
    }
}

fn acts(view: &CaseView) -> Vec<String> {
    let word = |line: &theriac_node::CaseLine| {
        serde_json::to_value(&line.entry).unwrap()["act"].as_str().unwrap().to_owned()
    };
    view.entries.iter().map(word).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_parties_talk_a_case_to_its_end() {
    let network = Network::of(&[Who::Wholesaler, Who::PharmacyA]).await;
    let opened = network.goods_without_data(&Lot::lasting("A1")).await;
    assert_eq!((opened.case.state, opened.turn), (CaseState::Waiting, Who::Wholesaler.gln()));
    let name = opened.case.uuid;
    network.settle_all().await;

    let theirs = network.case(Who::Wholesaler, name).await;
    assert_eq!(theirs.case.state, CaseState::Open);
    assert_eq!(theirs.case.opened_by, Some(Who::PharmacyA.gln()));
    assert_eq!((theirs.case.matter.kind, &theirs.packs), (CaseKind::NoData, &opened.packs));
    assert_eq!((theirs.packs.len(), theirs.case.pack_count), (2, 2));
    assert_eq!(theirs.case.deadline, opened.case.deadline);
    assert_eq!(theirs.entries[0].entry.evidence.len(), 1);

    let (here, there) = (format!("/cases/{}", opened.case.case), format!("/cases/{name}"));
    let way = json!({ "resolution": "Return product", "text": "shall we send them back?" });
    network.act(Who::PharmacyA, &format!("{here}/proposals"), way).await;
    network.settle_all().await;
    let answer = json!({ "accept": false, "alternative": "Send new data" });
    network.act(Who::Wholesaler, &format!("{there}/answers"), answer).await;
    network.settle_all().await;
    let agreed =
        network.act(Who::PharmacyA, &format!("{here}/answers"), json!({ "accept": true })).await;
    // New data were proposed by the wholesaler, and the party asked sends them: odd, but agreed.
    assert_eq!(agreed.turn, Who::PharmacyA.gln());
    network.settle_all().await;
    assert_eq!(network.case(Who::Wholesaler, name).await.turn, agreed.turn);

    let end = json!({ "outcome": "the data came" });
    let (status, problem) = network.ask(Who::Wholesaler, &format!("{there}/resolve"), &end).await;
    assert_eq!(status, 409, "{problem}");
    assert_eq!(problem["type"], "urn:theriac:problem:case-refused");
    network.act(Who::PharmacyA, &format!("{here}/resolve"), end).await;
    network.settle_all().await;
    for who in [Who::PharmacyA, Who::Wholesaler] {
        let view = network.case(who, name).await;
        assert_eq!(view.case.state, CaseState::Resolved, "{who:?}");
        assert_eq!(view.case.outcome.as_deref(), Some("the data came"));
        assert_eq!(acts(&view), ["opened", "proposed", "answered", "answered", "resolved"]);
        let fates: Vec<_> = view.proposals.iter().map(|p| p.accepted).collect();
        assert_eq!(fates, [Some(false), Some(true)]);
    }
    let (status, _) = network
        .ask(Who::PharmacyA, &format!("{here}/messages"), &json!({ "text": "one more thing" }))
        .await;
    assert_eq!(status, 409);
    network.assert_no_cases().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_party_that_was_away_finds_all_that_was_said_in_its_order() {
    let mut network = Network::of(&[Who::Wholesaler, Who::PharmacyA]).await;
    network.down(Who::Wholesaler).await;
    let opened = network.goods_without_data(&Lot::lasting("A1")).await;
    let here = format!("/cases/{}", opened.case.case);
    for text in ["first", "second", "third"] {
        let body = json!({ "text": text, "keep": true });
        network.act(Who::PharmacyA, &format!("{here}/messages"), body).await;
    }
    network.settle(Who::PharmacyA).await;
    network.down(Who::PharmacyA).await;
    network.up(Who::PharmacyA).await;
    network.up(Who::Wholesaler).await;
    network.clock.skip(7_200);
    network.settle_all().await;
    let (mine, theirs) = (
        network.case(Who::PharmacyA, opened.case.uuid).await,
        network.case(Who::Wholesaler, opened.case.uuid).await,
    );
    assert_eq!(acts(&theirs), ["opened", "said", "said", "said"]);
    let entries =
        |view: &CaseView| view.entries.iter().map(|l| l.entry.clone()).collect::<Vec<_>>();
    assert_eq!(entries(&mine), entries(&theirs));
}

/// A message about a case, put into an envelope of its own.
fn letter(number: u8, message: &Value) -> Envelope {
    let body = serde_json::to_vec(message).unwrap();
    Envelope { message: MessageId([number; 16]), kind: DeliveryKind::Case, subject: None, body }
}

#[tokio::test(flavor = "multi_thread")]
async fn repeated_early_and_foreign_messages_change_nothing() {
    let network = Network::of(&[Who::Wholesaler, Who::PharmacyA, Who::PharmacyB]).await;
    let name = Uuid::random([7; 16]);
    let entry = |id: u8, number: u64, by: Who, act: &str| {
        json!({
            "id": Uuid::random([id; 16]), "number": number, "author": by.gln(),
            "at": "2026-11-23T06:00:00Z", "act": act, "text": "words", "keep": true,
        })
    };
    let opening = json!({
        "kind": "missing", "reason": "two packs are missing", "what_to_do": "look for them",
        "turn": Who::Wholesaler.gln(), "packs": [], "opened_at": "2026-11-23T06:00:00Z",
        "deadline": "2099-01-01T00:00:00Z",
    });
    let first =
        json!({ "case": name, "opening": opening, "entry": entry(1, 1, Who::PharmacyA, "opened") });
    let second = json!({ "case": name, "entry": entry(2, 2, Who::PharmacyA, "said") });
    let send = async |number: u8, by: Who, message: &Value| {
        let letter = network.letter(by, Who::Wholesaler, &letter(number, message)).await;
        network.post(Who::Wholesaler, &letter).await
    };
    assert_eq!(send(1, Who::PharmacyA, &second).await.problem(), ProblemCode::TooEarly);
    for number in [2, 2, 3] {
        send(number, Who::PharmacyA, &first).await;
    }
    network.settle(Who::Wholesaler).await;
    for number in [1, 4] {
        send(number, Who::PharmacyA, &second).await;
    }
    let view = network.case(Who::Wholesaler, name).await;
    assert_eq!(acts(&view), ["opened", "said"]);
    // A partner's deadline is a year away at most.
    assert!(
        view.case.deadline.as_deref().is_some_and(|at| at < "2028"),
        "{:?}",
        view.case.deadline
    );

    let forged = json!({ "case": name, "entry": entry(3, 3, Who::PharmacyA, "said") });
    let reason = send(5, Who::PharmacyB, &forged).await.rejected();
    assert!(reason.contains("expected an entry of"), "{reason}");
    let foreign = json!({ "case": name, "entry": entry(3, 3, Who::PharmacyB, "said") });
    let reason = send(6, Who::PharmacyB, &foreign).await.rejected();
    assert!(reason.contains("is no party of case"), "{reason}");
    let mut private = json!({ "case": name, "entry": entry(4, 3, Who::PharmacyA, "cleared") });
    let reason = send(7, Who::PharmacyA, &private).await.rejected();
    assert!(reason.contains("two parties share"), "{reason}");
    private["entry"] = json!("nonsense");
    assert_eq!(send(8, Who::PharmacyA, &private).await.problem(), ProblemCode::BodyWrong);
    assert_eq!(network.case(Who::Wholesaler, name).await.entries, view.entries);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_must_act_is_reminded_once_a_day_after_the_deadline() {
    let network = Network::of(&[Who::Wholesaler, Who::PharmacyA]).await;
    let opened = network.goods_without_data(&Lot::lasting("A1")).await;
    network.settle_all().await;
    let reminders = async || {
        network.settle_all().await;
        let view = network.case(Who::Wholesaler, opened.case.uuid).await;
        (acts(&view).iter().filter(|act| *act == "reminded").count(), view.case.overdue)
    };
    network.clock.skip(71 * 3_600);
    assert_eq!(reminders().await, (0, false));
    network.clock.skip(2 * 3_600);
    assert_eq!(reminders().await, (1, true));
    network.clock.skip(23 * 3_600);
    assert_eq!(reminders().await, (1, true));
    network.clock.skip(2 * 3_600);
    assert_eq!(reminders().await, (2, true));
    let overdue: Vec<CaseEntry> = network.get(Who::PharmacyA, "/cases?overdue=true").await;
    assert_eq!(overdue.len(), 1);
    // Once it is the pharmacy's turn, nobody is reminded of what they have done.
    let there = format!("/cases/{}/messages", opened.case.uuid);
    network.act(Who::Wholesaler, &there, json!({ "text": "the data are on their way" })).await;
    network.clock.skip(48 * 3_600);
    assert_eq!(reminders().await.0, 2);
}

/// Goods before data: the held event's case goes to the sender, and both cases end when the data
/// have come.
#[tokio::test(flavor = "multi_thread")]
async fn a_held_events_case_ends_at_both_parties_when_it_is_admitted() {
    let network = Network::of(&[Who::Maker, Who::PharmacyA]).await;
    let lot = Lot::lasting("A1");
    let units = network.stock(&lot, 2).await;
    let early = network.receive(Who::Maker, Who::PharmacyA, &units);
    assert_eq!(network.held(Who::PharmacyA, &early).await, "item_unknown");
    let case = network.cases(Who::PharmacyA).await.remove(0);
    let tell = format!("/cases/{}/tell", case.case);
    let told = network.act(Who::PharmacyA, &tell, json!({ "to": Who::Maker.gln() })).await;
    assert_eq!(told.case.state, CaseState::Waiting);
    network.settle_all().await;
    assert_eq!(network.case(Who::Maker, case.uuid).await.case.state, CaseState::Open);
    let (status, _) = network.ask(Who::PharmacyA, &tell, &json!({ "to": Who::Maker.gln() })).await;
    assert_eq!(status, 409, "it is told once");

    network.admit(Who::Maker, &[network.ship(Who::Maker, Who::PharmacyA, &units)]).await;
    network.settle_all().await;
    for who in [Who::PharmacyA, Who::Maker] {
        let view = network.case(who, case.uuid).await;
        assert_eq!(view.case.outcome.as_deref(), Some("admitted"), "{who:?}");
    }
    network.assert_no_cases().await;
    network.assert_clean().await;
}
