//! A node asks responders of other systems by GS1 Lightweight Messaging.

use serde_json::{Value, json};
use theriac_custody::VerdictCode;
use theriac_gs1::Sgtin;
use theriac_node::{VerificationEntry, VerifyReport};

use crate::events::Lot;
use crate::network::{Network, Who};
use crate::responder::{Behaviour, Responder};

/// A product of a manufacturer that is in no registry.
fn lot() -> Lot {
    Lot::new(Who::PharmacyB.gtin(7), "L/1", "2028-12-31")
}

/// What a scanner reads on a pack.
fn scanned(unit: &Sgtin, lot: &Lot) -> String {
    let exp = theriac_gs1::to_yymmdd(lot.expiry);
    format!("(01){}(21){}(10){}(17){exp}", unit.gtin, unit.serial, lot.id.lot)
}

impl Network {
    async fn post(&self, who: Who, path: &str, body: &Value) -> (u16, String) {
        let request = self.http.post(format!("{}{path}", self.url(who))).json(body);
        let response = request.send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    }

    /// Says who answers for the product of `lot`.
    async fn directory(&self, who: Who, lot: &Lot, url: &str, window: Option<(&str, &str)>) {
        let mut entry = json!({
            "gtin": lot.id.gtin, "gln": Who::PharmacyB.gln(), "url": url, "contact": "+1 555 0100",
        });
        if let Some((first, last)) = window {
            entry["first_expiry"] = first.into();
            entry["last_expiry"] = last.into();
        }
        let (status, text) = self.post(who, "/responders", &entry).await;
        assert_eq!(status, 201, "{text}");
    }

    async fn scan(&self, who: Who, code: &str) -> VerifyReport {
        let client = reqwest::Client::new();
        let url =
            reqwest::Url::parse_with_params(&format!("{}/verify", self.url(who)), [("code", code)]);
        let response = client.get(url.unwrap()).send().await.unwrap();
        assert_eq!(response.status(), 200);
        response.json().await.unwrap()
    }

    async fn asked(&self, who: Who) -> Vec<VerificationEntry> {
        self.get(who, "/verifications?direction=asked").await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_product_of_a_labeler_without_a_node_is_verified_by_its_responder() {
    let network = Network::of(&[Who::Wholesaler]).await;
    let lot = lot();
    let responder = Responder::start(Behaviour::Say(json!({"verified": true}))).await;
    network.directory(Who::Wholesaler, &lot, &responder.url(), None).await;
    let report = network.scan(Who::Wholesaler, &scanned(&lot.unit(1), &lot)).await;
    assert_eq!(report.verdict.code, VerdictCode::Genuine);
    assert_eq!(report.evidence.answered_by, "responder");
    // The request is that of the standard, to the letter.
    let asked = responder.asked();
    let [target] = &asked[..] else { panic!("{asked:?}") };
    let (head, uuid) = target.rsplit_once("corrUUID=").unwrap();
    let serial = lot.unit(1).serial.as_str().replace('/', "%2F");
    let expected = format!(
        "/verify/gtin/{}/lot/L%2F1/ser/{serial}?exp=281231&linkType=verificationService\
         &context=dscsaSaleableReturn&reqGLN={}&",
        lot.id.gtin,
        Who::Wholesaler.gln()
    );
    assert_eq!(head, expected);
    assert!(uuid.parse::<theriac_custody::lightweight::CorrUuid>().is_ok(), "{uuid}");
    // Both messages are archived.
    let archived = network.asked(Who::Wholesaler).await;
    assert_eq!(archived.len(), 1);
    assert_eq!((&archived[0].request, archived[0].correlation.as_str()), (target, uuid));
    assert_eq!((archived[0].status, archived[0].verified), (Some(200), Some(true)));
    assert!(archived[0].answer.as_ref().unwrap().contains(uuid));

    for (data, expected) in [
        (json!({"verified": true, "additionalInfo": "Recalled"}), VerdictCode::Recalled),
        (
            json!({"verified": false, "verificationFailureReason": "No_match_GTIN_Serial"}),
            VerdictCode::NotGenuine,
        ),
    ] {
        responder.now(Behaviour::Say(data));
        let unit = lot.unit(if expected == VerdictCode::Recalled { 2 } else { 3 });
        let report = network.scan(Who::Wholesaler, &scanned(&unit, &lot)).await;
        // A labeler's no is final only where nobody else could have made the pack.
        assert_eq!(report.verdict.code, expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_yes_is_good_for_a_while_and_a_no_is_asked_again() {
    let network = Network::of(&[Who::Wholesaler]).await;
    let lot = lot();
    let responder = Responder::start(Behaviour::Say(json!({"verified": true}))).await;
    network.directory(Who::Wholesaler, &lot, &responder.url(), None).await;
    let code = scanned(&lot.unit(1), &lot);
    network.scan(Who::Wholesaler, &code).await;
    assert_eq!(responder.asked().len(), 1);
    let report = network.scan(Who::Wholesaler, &code).await;
    assert_eq!(
        (report.verdict.code, report.evidence.answered_by.as_str()),
        (VerdictCode::Genuine, "cache")
    );
    assert!(report.evidence.answered_at.is_some());
    assert_eq!(responder.asked().len(), 0);
    // Another label on the same serial number is another question.
    responder.now(Behaviour::Say(
        json!({"verified": false, "verificationFailureReason": "No_match_GTIN_Serial_Expiry"}),
    ));
    let relabelled = code.replace("281231", "291231");
    let report = network.scan(Who::Wholesaler, &relabelled).await;
    assert_eq!(report.verdict.code, VerdictCode::NotGenuine);
    network.scan(Who::Wholesaler, &relabelled).await;
    assert_eq!(responder.asked().len(), 2);
    network.clock.skip(301);
    network.scan(Who::Wholesaler, &code).await;
    assert_eq!(responder.asked().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_answer_is_told_with_what_to_do_and_left_alone_for_a_while() {
    let mut network = Network::of(&[Who::Wholesaler]).await;
    network.configure(Who::Wholesaler, |config| config.verification.timeout_ms = 200).await;
    let lot = lot();
    let responder = Responder::start(Behaviour::Status(500)).await;
    network.directory(Who::Wholesaler, &lot, &responder.url(), None).await;
    let code = scanned(&lot.unit(1), &lot);
    for (behaviour, why) in [
        (Behaviour::Status(500), "it answered with status 500"),
        (Behaviour::Rubbish("<html>"), "its answer cannot be used: expected the JSON"),
        (Behaviour::AnotherUuid, "its answer cannot be used: expected the corrUUID"),
    ] {
        responder.now(behaviour);
        let report = network.scan(Who::Wholesaler, &code).await;
        assert_eq!(report.verdict.code, VerdictCode::Unknown);
        let unanswered = report.unanswered.unwrap();
        let [asked] = &unanswered.asked[..] else { panic!("{unanswered:?}") };
        assert!(asked.why.starts_with(why), "{}", asked.why);
        assert_eq!(
            (asked.party.gln, asked.party.name.as_str()),
            (Who::PharmacyB.gln(), "+1 555 0100")
        );
        let [since, due] = [&unanswered.since, &unanswered.due]
            .map(|text| text.parse::<jiff::Timestamp>().unwrap().as_second());
        assert_eq!(due - since, 24 * 3_600);
        assert!(
            report.verdict.what_to_do.contains("call +1 555 0100"),
            "{}",
            report.verdict.what_to_do
        );
    }
    assert_eq!(responder.asked().len(), 3);
    // Three failures in a row: it is left alone, though it would answer.
    responder.now(Behaviour::Say(json!({"verified": true})));
    let report = network.scan(Who::Wholesaler, &code).await;
    let why = &report.unanswered.unwrap().asked[0].why;
    assert!(why.starts_with("it failed 3 times in a row"), "{why}");
    assert_eq!(responder.asked().len(), 0);
    // After the pause one question finds out.
    network.clock.skip(16);
    let report = network.scan(Who::Wholesaler, &code).await;
    assert_eq!(report.verdict.code, VerdictCode::Genuine);
    // One that is slow, and one that is gone.
    responder.now(Behaviour::Silent);
    let other = scanned(&lot.unit(2), &lot);
    let report = network.scan(Who::Wholesaler, &other).await;
    let why = report.unanswered.unwrap().asked[0].why.clone();
    assert_eq!(why, "it could not be reached: it did not answer in time");
    responder.stop().await;
    network.clock.skip(3_600);
    let report = network.scan(Who::Wholesaler, &other).await;
    assert_eq!(report.verdict.code, VerdictCode::Unknown);
    let unanswered = report.unanswered.unwrap();
    assert!(unanswered.asked[0].why.starts_with("it could not be reached"), "{unanswered:?}");
    assert_eq!(unanswered.last_answer, None, "of the other pack nobody ever said anything");
    // What was said of the first pack is told although it is old.
    let report = network.scan(Who::Wholesaler, &code).await;
    assert_eq!(report.verdict.code, VerdictCode::Unknown);
    assert!(report.unanswered.unwrap().last_answer.unwrap().verified);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_expiry_decides_who_is_asked_after_a_merger() {
    let network = Network::of(&[Who::Wholesaler]).await;
    let lot = lot();
    let old = Responder::start(Behaviour::Say(json!({"verified": true}))).await;
    let new = Responder::start(Behaviour::Say(json!({"verified": true}))).await;
    network.directory(Who::Wholesaler, &lot, &old.url(), Some(("2020-01-01", "2027-06-30"))).await;
    network.directory(Who::Wholesaler, &lot, &new.url(), Some(("2027-07-01", "2035-12-31"))).await;
    let early = Lot { expiry: "2027-06-30".parse().unwrap(), ..lot.clone() };
    network.scan(Who::Wholesaler, &scanned(&lot.unit(1), &lot)).await;
    assert_eq!((old.asked().len(), new.asked().len()), (0, 1));
    network.scan(Who::Wholesaler, &scanned(&lot.unit(2), &early)).await;
    assert_eq!((old.asked().len(), new.asked().len()), (1, 0));
    // Windows do not overlap, and a URL is the base of a service.
    let entry = |first: &str, url: &str| {
        json!({
            "gtin": lot.id.gtin, "gln": Who::PharmacyB.gln(), "url": url, "first_expiry": first,
            "last_expiry": "2030-01-01",
        })
    };
    let (status, text) = network
        .post(Who::Wholesaler, "/responders", &entry("2027-01-01", "https://a.example"))
        .await;
    assert!(status == 400 && text.contains("expected no entry"), "{status} {text}");
    let (status, _) = network
        .post(Who::Wholesaler, "/responders", &entry("2036-01-01", "file:///etc/passwd"))
        .await;
    assert_eq!(status, 400);
    let answer =
        network.ask(Who::Wholesaler, "DELETE", &format!("/responders/{}", lot.id.gtin)).await;
    assert_eq!(answer.status, 204);
    let left: Vec<Value> = network.get(Who::Wholesaler, "/responders").await;
    assert_eq!(left, Vec::<Value>::new());
    let report = network.scan(Who::Wholesaler, &scanned(&lot.unit(3), &lot)).await;
    assert_eq!(report.verdict.reason, "no labeler has registered this GTIN");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_ledger_leads_to_the_labeler_of_a_return_and_both_nodes_archive_it() {
    let network = Network::of(&[Who::Maker, Who::Wholesaler]).await;
    let lot = Lot::lasting("A");
    let units = network.stock(&lot, 2).await;
    network.hand_over(Who::Maker, Who::Wholesaler, &units).await;
    let body = json!({"code": scanned(&units[0], &lot)});
    let (status, text) = network.post(Who::Wholesaler, "/verifications", &body).await;
    assert_eq!(status, 200, "{text}");
    let report: VerifyReport = serde_json::from_str(&text).unwrap();
    assert_eq!(report.verdict.code, VerdictCode::Genuine);
    let sent = network.asked(Who::Wholesaler).await.remove(0);
    let served: Vec<VerificationEntry> =
        network.get(Who::Maker, &format!("/verifications?corrUUID={}", sent.correlation)).await;
    assert_eq!((&served[0].request, &served[0].answer), (&sent.request, &sent.answer));
    assert_eq!(served[0].requester, Who::Wholesaler.gln());
    // A forged one, and one without its lot and expiry.
    let forged = json!({"code": scanned(&lot.unit(4711), &lot)});
    let (_, text) = network.post(Who::Wholesaler, "/verifications", &forged).await;
    let report: VerifyReport = serde_json::from_str(&text).unwrap();
    assert_eq!(report.verdict.code, VerdictCode::NotGenuine);
    let short = json!({"code": format!("(01){}(21){}", units[0].gtin, units[0].serial)});
    let (_, text) = network.post(Who::Wholesaler, "/verifications", &short).await;
    let report: VerifyReport = serde_json::from_str(&text).unwrap();
    let why = &report.unanswered.unwrap().asked[0].why;
    assert_eq!(why, "lot and expiry are not in the code: scan the 2D code");
}
