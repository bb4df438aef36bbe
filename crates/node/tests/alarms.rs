//! Sightings, alarms about copied packs, uses that are told again, states and alerts of the
//! jurisdiction: at the labeler's node, which is asked by others.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "support/goods.rs"]
mod goods;
#[path = "support/company.rs"]
mod support;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use goods::*;
use jiff::{Timestamp, ToSpan};
use serde_json::{Value, json};
use theriac_custody::alarm::AlarmKind;
use theriac_custody::{AlertCause, CaseKind, Role, Roles, VerdictCode};
use theriac_gs1::Gln;
use theriac_ledger::Signer;
use theriac_node::{Asker, Clock, NewMember, Node, OpenError, Sight};

const HOUR: i64 = 3_600;
const STRANGER: &str = "9521323000016";

/// The maker's node under a profile, with a clock that the test moves.
async fn node(dir: &Path, profile: &str) -> (Node, Arc<AtomicI64>) {
    let (node, mut config) = maker(dir).await;
    let stranger = NewMember {
        gln: STRANGER.parse::<Gln>().unwrap(),
        name: "Shop".to_owned(),
        roles: [Role::Dispenser].into_iter().collect::<Roles>(),
        licence_expiry: None,
        endpoint: String::new(),
        account: Signer::random().account(),
    };
    node.add_member(&stranger).await.unwrap();
    node.settle().await.unwrap();
    node.close().await;
    config.profile = profile.to_owned();
    let ahead: Arc<AtomicI64> = Arc::default();
    let seconds = Arc::clone(&ahead);
    let clock: Clock =
        Arc::new(move || Timestamp::now() + seconds.load(Ordering::SeqCst).seconds());
    let node = Node::open(dir, config, &support::passphrase(), clock).await.unwrap();
    (node, ahead)
}

fn member(gln: &str) -> Asker {
    Asker::Member(gln.parse().unwrap())
}

fn at_position(position: &str) -> Sight {
    Sight { position: Some(position.parse().unwrap()), ..Sight::default() }
}

async fn clones(node: &Node) -> usize {
    let cases = node.cases(true, 100).await.unwrap();
    cases.iter().filter(|case| case.matter.kind == CaseKind::CloneSuspected).count()
}

/// A use of packs: this node's member is no pharmacy, but it repackages nothing either.
fn sampled(numbers: &[u32], at: &str) -> Value {
    let mut event = destroyed(numbers, at);
    event["bizStep"] = json!("sampling");
    event
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pack_where_nobody_sent_it_is_an_alarm_once_the_data_are_due() {
    let folder = tempfile::tempdir().unwrap();
    let (node, ahead) = node(&folder.path().join("node"), "us-dscsa").await;
    recorded(&node, &[made(&[1, 2], "2026-01-01T10:00:00Z")]).await;
    recorded(&node, &[shipped(&packs(&[2]), "2026-01-02T10:00:00Z")]).await;
    for asker in [member(STRANGER), member(STRANGER), member(PARTNER), Asker::Here, Asker::Public] {
        node.verify(&pack(2), asker).await.unwrap();
    }
    let stolen = node.verify(&pack(1), member(STRANGER)).await.unwrap();
    assert_eq!(stolen.verdict.code, VerdictCode::NotHere);
    node.settle().await.unwrap();
    assert_eq!(clones(&node).await, 0, "data may be late");
    ahead.fetch_add(71 * HOUR, Ordering::SeqCst);
    node.settle().await.unwrap();
    assert_eq!(clones(&node).await, 0, "data may be late");
    ahead.fetch_add(2 * HOUR, Ordering::SeqCst);
    node.settle().await.unwrap();
    let alarms = node.alarms(9).await.unwrap();
    assert_eq!(alarms.len(), 2, "each pack once: {alarms:#?}");
    assert!(alarms.iter().all(|alarm| alarm.kind == AlarmKind::OutOfCustody));
    assert!(alarms.iter().all(|alarm| alarm.sighting.member.to_string() == STRANGER));
    assert_eq!(clones(&node).await, 2);
    // Whoever has it in hand is told, and there is no second alarm.
    let again = node.verify(&pack(2), member(STRANGER)).await.unwrap();
    assert_eq!(
        again.alarm.as_ref(),
        Some(&alarms.iter().find(|a| a.pack == pack(2)).unwrap().reason)
    );
    ahead.fetch_add(100 * HOUR, Ordering::SeqCst);
    node.settle().await.unwrap();
    assert_eq!(clones(&node).await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn late_data_end_the_suspicion() {
    let folder = tempfile::tempdir().unwrap();
    let (node, ahead) = node(&folder.path().join("node"), "us-dscsa").await;
    recorded(&node, &[made(&[1], "2026-01-01T10:00:00Z")]).await;
    node.verify(&pack(1), member(PARTNER)).await.unwrap();
    node.settle().await.unwrap();
    ahead.fetch_add(48 * HOUR, Ordering::SeqCst);
    // The goods came before the data of their shipment.
    recorded(&node, &[shipped(&packs(&[1]), "2026-01-02T10:00:00Z")]).await;
    ahead.fetch_add(48 * HOUR, Ordering::SeqCst);
    node.settle().await.unwrap();
    assert_eq!(node.alarms(9).await.unwrap(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_places_at_once_are_an_alarm_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let (node, _) = node(&folder.path().join("node"), "eu-fmd").await;
    recorded(&node, &[made(&[1], "2026-01-01T10:00:00Z")]).await;
    recorded(&node, &[shipped(&packs(&[1]), "2026-01-02T10:00:00Z")]).await;
    let munich = at_position("48.137,11.575");
    for _ in 0..3 {
        node.verify_seen(&pack(1), member(PARTNER), &munich).await.unwrap();
    }
    node.settle().await.unwrap();
    assert_eq!(node.alarms(9).await.unwrap(), []);
    let lisbon = at_position("38.722,-9.139");
    node.verify_seen(&pack(1), member(PARTNER), &lisbon).await.unwrap();
    node.settle().await.unwrap();
    let alarms = node.alarms(9).await.unwrap();
    assert_eq!(alarms.len(), 1);
    assert_eq!(alarms[0].kind, AlarmKind::TwoPlaces);
    assert!(alarms[0].against.is_some());
    assert_eq!(clones(&node).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_that_is_told_again_is_no_case() {
    let folder = tempfile::tempdir().unwrap();
    let (node, _) = node(&folder.path().join("node"), "eu-fmd").await;
    recorded(&node, &[made(&[1, 2], "2026-01-01T10:00:00Z")]).await;
    recorded(&node, &[sampled(&[1], "2026-01-02T10:00:00Z")]).await;
    // A client that got no answer sends it again, with another time.
    recorded(&node, &[sampled(&[1], "2026-01-02T10:02:00Z")]).await;
    // In one document too.
    let twice = [sampled(&[2], "2026-01-02T11:00:00Z"), sampled(&[2], "2026-01-02T11:00:09Z")];
    recorded(&node, &twice).await;
    assert!(node.cases(true, 9).await.unwrap().is_empty());
    let mut elsewhere = sampled(&[1], "2026-01-02T10:03:00Z");
    elsewhere["readPoint"] = json!({ "id": "https://id.gs1.org/414/9521321000025" });
    for event in [sampled(&[1], "2026-01-09T10:00:00Z"), elsewhere] {
        let report = capture(&node, &[event]).await;
        assert_eq!(report.held, 1, "{report:#?}");
        let outcome = &report.outcomes[0];
        assert_eq!(outcome.code.as_deref(), Some("already_retired"));
        assert_eq!(outcome.alert.as_ref().map(|alert| alert.code.as_str()), Some("A7"));
    }
    node.settle().await.unwrap();
    assert_eq!(node.reconcile().await.unwrap().differences, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_answer_has_state_and_alert_of_the_jurisdiction() {
    let folder = tempfile::tempdir().unwrap();
    let (node, _) = node(&folder.path().join("node"), "eu-fmd").await;
    let mut made = made(&[1, 2, 3], "2026-01-01T10:00:00Z");
    // A label has two digits for the year.
    made["ilmd"]["cbvmda:itemExpirationDate"] = json!("2060-12-31");
    recorded(&node, &[made]).await;
    recorded(&node, &[sampled(&[2], "2026-01-02T10:00:00Z")]).await;
    recorded(&node, &[set_apart(&[3], "2026-01-02T10:00:00Z")]).await;
    let code = |serial: &str, lot: &str, expiry: &str| {
        format!("(01){PRODUCT}(21){serial}(10){lot}(17){expiry}")
    };
    for (serial, lot, expiry, state, cause, alert) in [
        ("S1", "L1", "601231", Some("Active"), None, None),
        ("S2", "L1", "601231", Some("Sample"), None, None),
        ("S3", "L1", "601231", Some("Locked"), None, None),
        ("S1", "L1", "591231", Some("Active"), Some(AlertCause::ExpiryMismatch), Some("A52")),
        ("S1", "L9", "601231", Some("Active"), Some(AlertCause::LotUnknown), Some("A2")),
        ("S9", "L1", "601231", None, Some(AlertCause::SerialUnknown), Some("A3")),
    ] {
        let report = node.verify(&code(serial, lot, expiry), Asker::Here).await.unwrap();
        let jurisdiction = report.jurisdiction.unwrap();
        assert_eq!(jurisdiction.profile, "eu-fmd");
        assert_eq!(jurisdiction.state.as_deref(), state, "{serial} {lot} {expiry}");
        assert_eq!(report.cause, cause, "{serial} {lot} {expiry}");
        assert_eq!(jurisdiction.alert.map(|alert| alert.code).as_deref(), alert);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_ended_comes_back_only_as_the_profile_lets_it() {
    let folder = tempfile::tempdir().unwrap();
    let (node, ahead) = node(&folder.path().join("node"), "eu-fmd").await;
    recorded(&node, &[made(&[1, 2, 3], "2026-01-01T10:00:00Z")]).await;
    let ended = |number: u32| {
        let mut event = sampled(&[number], &format!("2026-01-02T10:00:0{number}Z"));
        event["readPoint"] = json!({ "id": "https://id.gs1.org/414/9521321000025" });
        event
    };
    for number in [1, 2, 3] {
        recorded(&node, &[ended(number)]).await;
    }
    let declare = |number: u32, place: Option<&str>| {
        let mut event = declared(&ended(number), "2026-01-02T12:00:00Z");
        if let Some(place) = place {
            event["@context"] = json!([{ "theriac": "https://theriac.example/epcis/" }]);
            event["errorDeclaration"]["theriac:place"] = json!(place);
        }
        event
    };
    let code = |report: &theriac_node::CaptureReport| report.outcomes[0].code.clone();
    let report = capture(&node, &[declare(1, Some(STRANGER))]).await;
    assert_eq!(code(&report).as_deref(), Some("undo_elsewhere"), "{report:#?}");
    let alert = report.outcomes[0].alert.as_ref().unwrap();
    assert_eq!((alert.code.as_str(), alert.examples[0].as_str()), ("A24", "NMVS_NC_PCK_21"));
    recorded(&node, &[declare(2, Some("9521321000025"))]).await;
    let report = node.verify(&pack(2), Asker::Here).await.unwrap();
    assert_eq!(report.verdict.code, VerdictCode::Genuine);
    ahead.fetch_add(11 * 24 * HOUR, Ordering::SeqCst);
    let report = capture(&node, &[declare(3, None)]).await;
    assert_eq!(code(&report).as_deref(), Some("undo_too_late"), "{report:#?}");
    let alert = report.outcomes[0].alert.as_ref().unwrap();
    assert_eq!(alert.examples, ["NMVS_NC_PCK_20"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_third_profile_is_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("node");
    let text = include_str!("../../custody/tests/profiles/made-up.toml");
    std::fs::write(folder.path().join("xx.toml"), text).unwrap();
    let (node, _) = node(&dir, "../xx.toml").await;
    recorded(&node, &[made(&[1], "2026-01-01T10:00:00Z")]).await;
    assert_eq!(node.profile().name, "xx-made-up");
    let report = node.verify(&pack(1), Asker::Here).await.unwrap();
    assert_eq!(report.jurisdiction.unwrap().state.as_deref(), Some("im Handel"));
    let nobody = node.verify(&pack(9), Asker::Here).await.unwrap().jurisdiction.unwrap();
    assert_eq!(nobody.alert.map(|alert| alert.code).as_deref(), Some("XX-1"));
    let mut config = node.config().clone();
    node.close().await;
    config.profile = "zz-nowhere".to_owned();
    let clock = theriac_node::system_clock();
    let Err(error) = Node::open(&dir, config, &support::passphrase(), clock).await else {
        panic!("there is no such profile");
    };
    assert!(matches!(error, OpenError::Profile(_)), "{error}");
    assert!(error.to_string().contains("us-dscsa, eu-fmd"), "{error}");
}
