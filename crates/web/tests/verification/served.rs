//! A labeler's node answers requests of GS1 Lightweight Messaging.

use serde_json::{Value, json};
use theriac_node::VerificationEntry;

use crate::events::Lot;
use crate::network::{Network, Who};
use crate::request::{Answer, UUID, right_target, target};

/// The `data` of an answer, whose other fields are as they must be.
fn data(answer: &Answer) -> Value {
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("cache-control"), "private, no-cache");
    let mut json = answer.json();
    let names: Vec<&String> = json.as_object().unwrap().keys().collect();
    assert_eq!(names, ["verificationTimestamp", "responderGLN", "corrUUID", "data"]);
    assert_eq!(json["corrUUID"], UUID);
    assert_eq!(json["responderGLN"], Who::Maker.gln().to_string());
    let timestamp = json["verificationTimestamp"].as_str().unwrap();
    assert!(timestamp.parse::<jiff::Timestamp>().is_ok(), "{timestamp}");
    assert!(timestamp.ends_with("+00:00") && timestamp.as_bytes()[19] == b'.', "{timestamp}");
    json["data"].take()
}

fn no(reason: &str) -> Value {
    json!({"verified": false, "verificationFailureReason": reason})
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_are_those_of_the_scenarios() {
    let network = Network::of(&[Who::Maker, Who::Wholesaler]).await;
    let lot = Lot::lasting("A");
    let units = network.stock(&lot, 4).await;
    network.hand_over(Who::Maker, Who::Wholesaler, &units[..3]).await;
    let ask = async |target: &str| data(&network.ask(Who::Maker, "GET", target).await);
    let by = Who::Wholesaler;

    // A, in both forms of the path.
    let right = right_target(&units[0], &lot, by);
    assert_eq!(ask(&right).await, json!({"verified": true}));
    let numbered = right
        .replace("/gtin/", "/01/")
        .replace("/lot/", "/10/")
        .replace("/ser/", "/21/")
        .replace("exp=", "17=");
    assert_eq!(ask(&format!("{numbered}&future=1")).await, json!({"verified": true}));
    // E.
    assert_eq!(ask(&target(&units[0], "B", "281231", by)).await, no("No_match_GTIN_Serial_Lot"));
    let expiry = ask(&target(&units[0], "A", "281130", by)).await;
    assert_eq!(expiry, no("No_match_GTIN_Serial_Expiry"));
    let both = ask(&target(&units[0], "B", "281130", by)).await;
    assert_eq!(both, no("No_match_GTIN_Serial_Lot_Expiry"));
    let unknown = ask(&right_target(&lot.unit(4711), &lot, by)).await;
    assert_eq!(unknown, no("No_match_GTIN_Serial"));
    // C1: in quarantine at the wholesaler, and dispensed.
    network.admit(by, &[network.quarantine(by, &units[1..2])]).await;
    network.settle_all().await;
    let suspect = json!({
        "verified": false,
        "verificationFailureReason": "Not_for_re-distribution",
        "additionalInfo": "Suspect",
    });
    assert_eq!(ask(&right_target(&units[1], &lot, by)).await, suspect);
    // B1.
    let order = json!({"gtin": lot.id.gtin, "lot": "A", "class": 2, "reason": "test"});
    let recall = network.http.post(format!("{}/recall", network.url(Who::Maker))).json(&order);
    assert!(recall.send().await.unwrap().status().is_success());
    network.settle_all().await;
    assert_eq!(ask(&right).await, json!({"verified": true, "additionalInfo": "Recalled"}));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_pack_is_told_as_such_and_the_profile_decides_how() {
    let mut network = Network::of(&[Who::Maker, Who::Wholesaler]).await;
    let lot = Lot::new(Who::Maker.gtin(1), "A", "2026-12-31");
    let units = network.stock(&lot, 1).await;
    let right = right_target(&units[0], &lot, Who::Wholesaler);
    network.clock.set_noon("2026-12-31".parse().unwrap());
    let answer = network.ask(Who::Maker, "GET", &right).await;
    assert_eq!(data(&answer), json!({"verified": true}));
    network.clock.set_noon("2027-01-01".parse().unwrap());
    let answer = network.ask(Who::Maker, "GET", &right).await;
    assert_eq!(data(&answer), json!({"verified": true, "additionalInfo": "Expired"}));
    network.configure(Who::Maker, |config| config.profile = "eu-fmd".to_owned()).await;
    let answer = network.ask(Who::Maker, "GET", &right).await;
    assert_eq!(data(&answer), no("No_reason_provided"));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_ask_and_what_is_malformed_gets_the_status_of_the_standard() {
    let network = Network::of(&[Who::Maker, Who::Wholesaler, Who::Rival]).await;
    let lot = Lot::lasting("A");
    let units = network.stock(&lot, 1).await;
    let right = right_target(&units[0], &lot, Who::Wholesaler);
    let status = async |method: &str, target: &str| {
        let answer = network.ask(Who::Maker, method, target).await;
        assert_ne!(answer.header("content-type"), "application/json", "{target}");
        answer.status.as_u16()
    };
    assert_eq!(status("GET", &right.replace("exp=281231", "exp=2812")).await, 400);
    assert_eq!(status("GET", &right.replace(UUID, "1")).await, 400);
    assert_eq!(status("GET", &right.replace("&context=dscsaSaleableReturn", "")).await, 400);
    // Nobody: not in the registry, or with a wrong check digit.
    let unknown = right_target(&units[0], &lot, Who::PharmacyB);
    assert_eq!(status("GET", &unknown).await, 401);
    let gln = Who::Wholesaler.gln().to_string();
    let digit = (gln.as_bytes()[12] - b'0' + 1) % 10;
    let wrong = right.replace(&gln, &format!("{}{digit}", &gln[..12]));
    assert_eq!(status("GET", &wrong).await, 401);
    // A product of another labeler, one of nobody, and digits that are no GTIN.
    let rivals = Lot::new(Who::Rival.gtin(1), "A", "2028-12-31").unit(1);
    assert_eq!(status("GET", &right_target(&rivals, &lot, Who::Wholesaler)).await, 404);
    let nobodys = Lot::new(Who::PharmacyB.gtin(1), "A", "2028-12-31").unit(1);
    assert_eq!(status("GET", &right_target(&nobodys, &lot, Who::Wholesaler)).await, 404);
    for method in ["POST", "PUT", "DELETE"] {
        assert_eq!(status(method, &right).await, 405, "{method}");
    }
    // A suspended member.
    let (gln, status) = (Who::Wholesaler.gln(), theriac_ledger::MemberStatus::Suspended);
    let suspend = theriac_node::RegistryAction::SetStatus { gln, status };
    network.node(Who::Regulator).act(&suspend).await.unwrap();
    network.settle_all().await;
    let answer = network.ask(Who::Maker, "GET", &right).await;
    assert_eq!(answer.status, 403);
    assert!(answer.text.contains("is suspended"), "{}", answer.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn connectivity_is_answered_in_both_ways() {
    let network = Network::of(&[Who::Maker, Who::Wholesaler]).await;
    let lot = Lot::lasting("A");
    let expected = json!({"responderGLN": Who::Maker.gln().to_string()});
    let short = format!("/checkConnectivity?gtin={}&reqGLN={}", lot.id.gtin, Who::Wholesaler.gln());
    let long = format!("{short}&linkType=verificationService&context=dscsaSaleableReturn");
    let right = right_target(&lot.unit(1), &lot, Who::Wholesaler);
    for target in [short.clone(), long, format!("{right}&checkConnectivity=true")] {
        let answer = network.ask(Who::Maker, "GET", &target).await;
        assert_eq!((answer.status.as_u16(), answer.json()), (200, expected.clone()), "{target}");
    }
    assert_eq!(network.ask(Who::Wholesaler, "GET", &short).await.status, 404);
    let missing = format!("/checkConnectivity?gtin={}", lot.id.gtin);
    assert_eq!(network.ask(Who::Maker, "GET", &missing).await.status, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn both_messages_of_what_was_answered_are_archived() {
    let mut network = Network::of(&[Who::Maker, Who::Wholesaler]).await;
    let lot = Lot::lasting("A");
    let units = network.stock(&lot, 1).await;
    let right = right_target(&units[0], &lot, Who::Wholesaler);
    let answer = network.ask(Who::Maker, "GET", &right).await;
    network.down(Who::Maker).await;
    network.up(Who::Maker).await;
    let path = format!("/verifications?direction=served&corrUUID={UUID}");
    let archived: Vec<VerificationEntry> = network.get(Who::Maker, &path).await;
    let [entry] = &archived[..] else { panic!("{archived:?}") };
    assert_eq!(entry.request, right);
    assert_eq!(entry.answer.as_deref(), Some(answer.text.as_str()));
    assert_eq!((entry.status, entry.verified), (Some(200), Some(true)));
    assert_eq!(entry.requester, Who::Wholesaler.gln());
    assert_eq!((entry.lot.as_deref(), entry.expiry.as_deref()), (Some("A"), Some("2028-12-31")));
    let asked: Vec<VerificationEntry> =
        network.get(Who::Maker, "/verifications?direction=asked").await;
    assert_eq!(asked, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_guesses_serial_numbers_is_held_up_and_others_are_not() {
    let network = Network::of(&[Who::Maker, Who::Wholesaler, Who::PharmacyA]).await;
    let lot = Lot::lasting("A");
    let units = network.stock(&lot, 1).await;
    let mut refused = None;
    for number in 0..200 {
        let guess = right_target(&lot.unit(1_000 + number), &lot, Who::Wholesaler);
        let answer = network.ask(Who::Maker, "GET", &guess).await;
        if answer.status == 403 {
            refused = Some(answer);
            break;
        }
        assert_eq!(data(&answer), no("No_match_GTIN_Serial"));
    }
    let refused = refused.expect("refused after many guesses");
    let after: i64 = refused.header("retry-after").parse().unwrap();
    assert!((1..=3).contains(&after), "{after}");
    // An honest question of another member is answered; the guesser's own after the pause.
    let honest = right_target(&units[0], &lot, Who::PharmacyA);
    assert_eq!(network.ask(Who::Maker, "GET", &honest).await.status, 200);
    let own = right_target(&units[0], &lot, Who::Wholesaler);
    assert_eq!(network.ask(Who::Maker, "GET", &own).await.status, 403);
    network.clock.skip(after);
    assert_eq!(network.ask(Who::Maker, "GET", &own).await.status, 200);
}
