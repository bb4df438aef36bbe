//! Messages between nodes through faults: weeks without an answer, lost answers, keys that change,
//! members that may not act, members that flood.

use axum::Router;
use axum::routing::get;
use theriac_custody::{CaseKind, Hash, ItemStatus, VerdictCode};
use theriac_gs1::Sgtin;
use theriac_ledger::MemberStatus;
use theriac_node::exchange::Envelope;
use theriac_node::{DeliveryRecord, RegistryAction, VerifyReport};
use theriac_store::{DeliveryState, InboxState, MessageId};
use theriac_web::ProblemCode;
use theriac_web::routes::exchange::{ExchangedMessages, RetryAnswer, ServiceKeysAnswer};
use tokio::net::TcpListener;

use crate::events::Lot;
use crate::letters::{Answer, envelope};
use crate::network::{Network, Who};

const HOUR: i64 = 3_600;

impl Network {
    /// Ships units to the wholesaler, whose node is down, and keeps its message on its way.
    async fn ship_to_nobody(&mut self, count: u32) -> (Vec<Sgtin>, DeliveryRecord) {
        let units = self.stock(&Lot::lasting("A"), count).await;
        self.down(Who::Wholesaler).await;
        self.admit(Who::Maker, &[self.ship(Who::Maker, Who::Wholesaler, &units)]).await;
        self.settle_all().await;
        let delivery = self.due(Who::Maker).await.pop().unwrap();
        (units, delivery)
    }

    async fn due(&self, who: Who) -> Vec<DeliveryRecord> {
        self.node(who).store().deliveries(DeliveryState::Due).await.unwrap()
    }

    async fn standing(&self, who: Who, status: MemberStatus) {
        let action = RegistryAction::SetStatus { gln: who.gln(), status };
        self.node(Who::Regulator).act(&action).await.unwrap();
    }

    async fn post_local<T: serde::de::DeserializeOwned>(&self, who: Who, path: &str) -> T {
        let url = format!("{}{path}", self.url(who));
        let response = self.http.post(url).json(&serde_json::json!({})).send().await.unwrap();
        assert!(response.status().is_success(), "{path}: {}", response.status());
        response.json().await.unwrap()
    }

    async fn refusals(&self, who: Who) -> Vec<String> {
        let cases = self.cases(who).await.into_iter().map(|case| case.matter);
        cases.filter(|case| case.kind == CaseKind::MessageRefused).map(|case| case.reason).collect()
    }
}

/// The same message as the node sends, with the name that it has.
fn same(delivery: &DeliveryRecord) -> Envelope {
    Envelope {
        message: delivery.message,
        kind: delivery.kind,
        subject: delivery.subject,
        body: delivery.body.clone(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_outlives_weeks_without_an_answer_and_restarts_of_both() {
    let mut network = Network::of(&[Who::Maker, Who::Wholesaler]).await;
    let (units, _) = network.ship_to_nobody(2).await;
    for hour in 0..3 * 7 * 24 {
        network.clock.skip(HOUR);
        if hour % 100 == 0 {
            network.down(Who::Maker).await;
            network.up(Who::Maker).await;
        }
        if hour % 12 == 0 {
            network.settle(Who::Maker).await;
        }
    }
    let waiting = network.due(Who::Maker).await.pop().unwrap();
    assert!(waiting.attempts > 30, "{}", waiting.attempts);
    let pause = waiting.next_at - network.clock.now().as_millisecond();
    assert!(pause <= HOUR * 1_000, "it is tried at least once an hour: {pause} ms");
    assert!(network.refusals(Who::Maker).await.is_empty());

    network.up(Who::Wholesaler).await;
    network.settle_all().await;
    assert_eq!(network.due(Who::Maker).await.len(), 0);
    assert_eq!(network.status(Who::Wholesaler, &units[0]).await, Some(ItemStatus::Expected));
    network.assert_no_cases().await;
    network.assert_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_whose_answer_was_lost_is_acknowledged_and_handled_once() {
    let mut network = Network::of(&[Who::Maker, Who::Wholesaler]).await;
    let (units, delivery) = network.ship_to_nobody(3).await;
    network.up(Who::Wholesaler).await;
    network.settle(Who::Wholesaler).await;
    // The message arrives twice at a time, and nobody hears the answers.
    let letter = network.letter(Who::Maker, Who::Wholesaler, &same(&delivery)).await;
    let (first, second) = tokio::join!(
        network.post(Who::Wholesaler, &letter),
        network.post(Who::Wholesaler, &letter)
    );
    let answers = [first, second];
    assert!(answers.contains(&Answer::Taken { known: true }), "{answers:?}");
    let events = network.node(Who::Wholesaler).health().await.unwrap().events;
    network.down(Who::Wholesaler).await;
    network.up(Who::Wholesaler).await;
    network.settle_all().await;
    assert_eq!(network.due(Who::Maker).await.len(), 0);
    assert_eq!(network.node(Who::Wholesaler).health().await.unwrap().events, events);
    let inbox: ExchangedMessages = network.get(Who::Wholesaler, "/exchange/messages").await;
    assert_eq!(inbox.received.len(), 1, "{:#?}", inbox.received);
    assert_eq!(inbox.received[0].state, InboxState::Handled.word());
    assert_eq!(network.status(Who::Wholesaler, &units[2]).await, Some(ItemStatus::Expected));
    network.assert_no_cases().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_before_the_ledger_is_kept_and_handled_without_its_sender() {
    let mut network = Network::of(&[Who::Maker, Who::Wholesaler]).await;
    let units = network.stock(&Lot::lasting("A"), 2).await;
    network.down(Who::Wholesaler).await;
    network.admit(Who::Maker, &[network.ship(Who::Maker, Who::Wholesaler, &units)]).await;
    network.settle(Who::Maker).await;
    let delivery = network.due(Who::Maker).await.pop().unwrap();
    let letter = network.letter(Who::Maker, Who::Wholesaler, &same(&delivery)).await;
    network.cut_ledger().await;
    network.up(Who::Wholesaler).await;
    let answer = network.post(Who::Wholesaler, &letter).await;
    assert!(matches!(answer, Answer::Problem(..)), "{answer:?}");
    assert_eq!(network.item(Who::Wholesaler, &units[0]).await, None);
    network.down(Who::Maker).await;
    network.restore_ledger().await;
    network.settle(Who::Wholesaler).await;
    assert_eq!(network.status(Who::Wholesaler, &units[0]).await, Some(ItemStatus::Expected));
    network.up(Who::Maker).await;
    network.settle_all().await;
    assert_eq!(network.due(Who::Maker).await.len(), 0);
    network.assert_no_cases().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_change_while_a_message_is_on_its_way() {
    let mut network = Network::of(&[Who::Maker, Who::Wholesaler]).await;
    let (units, delivery) = network.ship_to_nobody(1).await;
    network.up(Who::Wholesaler).await;
    let letter = network.letter(Who::Maker, Who::Wholesaler, &same(&delivery)).await;
    let store = network.node(Who::Maker).store();
    let before = store.stored_member(&Who::Wholesaler.gln()).await.unwrap().unwrap().sealing_key;
    let keys: ServiceKeysAnswer = network.post_local(Who::Wholesaler, "/exchange/keys").await;
    assert!(keys.published);
    assert_ne!(Some(keys.sealing), before);
    // Sealed to the old key: it opens.
    let answer = network.post(Who::Wholesaler, &letter).await;
    assert!(matches!(answer, Answer::Taken { .. }), "{answer:?}");

    // The sender's keys change too: what it signs counts at once, and after all have followed.
    let keys: ServiceKeysAnswer = network.post_local(Who::Maker, "/exchange/keys").await;
    assert!(keys.published);
    for _ in 0..2 {
        network.clock.skip(3_600);
        network.settle_all().await;
    }
    assert_eq!(network.due(Who::Maker).await.len(), 0);
    let known = network.node(Who::Wholesaler).store().stored_member(&Who::Maker.gln()).await;
    assert_eq!(known.unwrap().unwrap().signing_key, Some(keys.signing));
    network.admit(Who::Wholesaler, &[network.receive(Who::Maker, Who::Wholesaler, &units)]).await;
    network.settle_all().await;
    network.assert_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_lost_its_keys_has_the_message_sealed_again() {
    let mut network = Network::of(&[Who::Maker, Who::Wholesaler]).await;
    let (units, delivery) = network.ship_to_nobody(1).await;
    let letter = network.letter(Who::Maker, Who::Wholesaler, &same(&delivery)).await;
    std::fs::remove_file(network.dir(Who::Wholesaler).join("keys/service.1.json")).unwrap();
    network.up(Who::Wholesaler).await;
    network.settle(Who::Wholesaler).await;
    let problem = network.post(Who::Wholesaler, &letter).await.problem();
    assert_eq!(problem, ProblemCode::SealAgain);
    network.settle_all().await;
    assert_eq!(network.due(Who::Maker).await.len(), 0);
    assert_eq!(network.status(Who::Wholesaler, &units[0]).await, Some(ItemStatus::Expected));
    network.assert_no_cases().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_but_the_receiver_can_read_a_message() {
    let mut network = Network::of(&[Who::Maker, Who::Wholesaler, Who::Rival]).await;
    let (units, delivery) = network.ship_to_nobody(1).await;
    let serial = units[0].serial.to_string();
    let contains = |bytes: &[u8]| bytes.windows(serial.len()).any(|at| at == serial.as_bytes());
    assert!(contains(&delivery.body));
    let letter = network.letter(Who::Maker, Who::Wholesaler, &same(&delivery)).await;
    assert!(!contains(&letter.body));
    // Signed for the rival, and sealed to the wholesaler.
    let node = network.node(Who::Maker);
    let mut astray = letter.clone();
    let path = theriac_node::exchange::MESSAGES_PATH;
    astray.headers = node.sign(Who::Rival.gln(), "POST", path, &letter.body).await.unwrap();
    let problem = network.post(Who::Rival, &astray).await.problem();
    assert_eq!(problem, ProblemCode::SealAgain);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_suspended_sender_is_refused_with_the_reason_until_it_may_act_again() {
    let mut network = Network::of(&[Who::Maker, Who::Wholesaler]).await;
    let (units, _) = network.ship_to_nobody(1).await;
    network.standing(Who::Maker, MemberStatus::Suspended).await;
    network.up(Who::Wholesaler).await;
    network.settle(Who::Wholesaler).await;
    for _ in 0..3 {
        network.clock.skip(HOUR);
        network.settle(Who::Maker).await;
    }
    let reason = "it is suspended";
    let here = network.refusals(Who::Wholesaler).await;
    assert!(here.len() == 1 && here[0].contains(reason), "once a day: {here:?}");
    assert!(here[0].contains(&Who::Maker.gln().to_string()), "{here:?}");
    let there = network.refusals(Who::Maker).await;
    assert!(there.len() == 1 && there[0].contains(reason), "{there:?}");
    let waiting = network.due(Who::Maker).await.pop().unwrap();
    assert!(waiting.error.is_some_and(|error| error.contains(reason)));
    assert_eq!(network.item(Who::Wholesaler, &units[0]).await, None);

    network.standing(Who::Maker, MemberStatus::Active).await;
    network.settle_all().await;
    network.clock.skip(HOUR);
    network.settle_all().await;
    assert_eq!(network.due(Who::Maker).await.len(), 0);
    assert_eq!(network.status(Who::Wholesaler, &units[0]).await, Some(ItemStatus::Expected));
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_about_goods_is_sent_to_a_member_that_may_not_act() {
    let mut network = Network::of(&[Who::Maker, Who::Wholesaler]).await;
    network.ship_to_nobody(1).await;
    network.standing(Who::Wholesaler, MemberStatus::Suspended).await;
    network.up(Who::Wholesaler).await;
    network.clock.skip(HOUR);
    network.settle_all().await;
    let there = network.refusals(Who::Maker).await;
    assert!(there.len() == 1 && there[0].contains("it is suspended"), "{there:?}");
    let inbox: ExchangedMessages = network.get(Who::Wholesaler, "/exchange/messages").await;
    assert_eq!(inbox.received, []);
    network.standing(Who::Wholesaler, MemberStatus::Active).await;
    network.settle_all().await;
    let hurried: RetryAnswer = network.post_local(Who::Maker, "/exchange/retry").await;
    assert_eq!(hurried.messages, network.due(Who::Maker).await.len() as u64);
    network.settle_all().await;
    assert_eq!(network.due(Who::Maker).await.len(), 0);
    let sent: ExchangedMessages = network.get(Who::Maker, "/exchange/messages").await;
    assert_eq!(sent.sent[0].state, DeliveryState::Acknowledged.word());
    assert_eq!((sent.sent[0].next_at.clone(), sent.sent[0].kind.as_str()), (None, "shipment"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_that_floods_causes_a_bounded_number_of_cases() {
    let mut network = Network::of(&[Who::Maker, Who::Wholesaler]).await;
    let (_, delivery) = network.ship_to_nobody(1).await;
    network.up(Who::Wholesaler).await;
    let mut message: theriac_node::exchange::ShipmentMessage =
        serde_json::from_slice(&delivery.body).unwrap();
    message.from = Who::Wholesaler.gln();
    let wrong = envelope(serde_json::to_vec(&message).unwrap());
    let mut taken = 0;
    for number in 0..230_u32 {
        let mut name = [0; 16];
        name[..4].copy_from_slice(&number.to_be_bytes());
        let wrong = Envelope { message: MessageId(name), ..wrong.clone() };
        let letter = network.letter(Who::Maker, Who::Wholesaler, &wrong).await;
        match network.post(Who::Wholesaler, &letter).await.problem() {
            ProblemCode::MessageRejected => taken += 1,
            other => assert_eq!(other, ProblemCode::TooEarly),
        }
    }
    assert_eq!(taken, 200);
    assert_eq!(network.cases(Who::Wholesaler).await.len(), 20);
    // The next day the true one gets through.
    network.clock.skip(25 * HOUR);
    network.settle_all().await;
    assert_eq!(network.due(Who::Maker).await.len(), 0);
}

/// A labeler's node that says genuine of a pack in a holding that the ledger does not have.
#[tokio::test(flavor = "multi_thread")]
async fn a_verdict_that_contradicts_the_ledger_is_not_believed() {
    let network = Network::of(&[Who::Maker, Who::Wholesaler]).await;
    let units = network.stock(&Lot::lasting("A"), 2).await;
    let truth = network.verify(Who::Maker, &units[0]).await;
    assert_eq!(truth.verdict.code, VerdictCode::Genuine);
    let forged = VerifyReport {
        evidence: theriac_node::Evidence { holding: Some(Hash([9; 32])), ..truth.evidence.clone() },
        ..truth.clone()
    };
    for (report, believed) in [(truth, true), (forged, false)] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().route("/verify", get(async move || axum::Json(report)));
        let service = tokio::spawn(async move { axum::serve(listener, router).await });
        let moved = RegistryAction::SetEndpoint { gln: None, endpoint };
        network.node(Who::Maker).act(&moved).await.unwrap();
        network.settle(Who::Wholesaler).await;
        let found = network.verdict(Who::Wholesaler, &units[0]).await;
        assert_eq!(found == VerdictCode::Genuine, believed, "{found:?}");
        service.abort();
    }
}
