//! What anybody may learn, and how who guesses is held up.

use serde_json::Value;

use crate::events::Lot;
use crate::network::{Network, Who};
use crate::request::Answer;

/// Asks as a patient's phone does, whose address the proxy tells.
async fn ask(network: &Network, target: &str, address: &str, accept: &str) -> Answer {
    let headers = [("x-forwarded-for", address), ("accept", accept)];
    network.ask_with(Who::Maker, "GET", target, &headers).await
}

#[tokio::test(flavor = "multi_thread")]
async fn anybody_learns_genuine_not_genuine_or_withdrawn_and_no_more() {
    let network = Network::of(&[Who::Maker, Who::PharmacyA]).await;
    let lot = Lot::lasting("A");
    let units = network.stock(&lot, 3).await;
    network.hand_over(Who::Maker, Who::PharmacyA, &units[..2]).await;
    network.admit(Who::PharmacyA, &[network.quarantine(Who::PharmacyA, &units[1..2])]).await;
    network.settle_all().await;
    let verify = async |n: usize, rest: &str| -> Value {
        let unit = &units[n];
        let target = format!("/verify?code=(01){}(21){}{rest}", unit.gtin, unit.serial);
        let answer = ask(&network, &target, "192.0.2.1", "*/*").await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json()
    };
    let genuine = verify(0, "").await;
    assert_eq!(genuine["verdict"], "genuine");
    let names: Vec<&String> = genuine.as_object().unwrap().keys().collect();
    assert_eq!(names, ["verdict", "reason", "what_to_do", "identifier"]);
    // In the maker's stock or a pharmacy's: the same words.
    assert_eq!(verify(2, "").await["reason"], genuine["reason"]);
    let withdrawn = verify(1, "").await;
    assert_eq!(withdrawn["verdict"], "withdrawn");
    assert!(!withdrawn.to_string().contains("quarantine"), "{withdrawn}");
    // A wrong lot and an unknown serial number cannot be told apart.
    let mislabelled = verify(0, "(10)B").await;
    let unknown = format!("/verify?code=(01){}(21)4711", units[0].gtin);
    let unknown = ask(&network, &unknown, "192.0.2.1", "*/*").await.json();
    assert_eq!(mislabelled["verdict"], "not_genuine");
    for name in ["verdict", "reason", "what_to_do"] {
        assert_eq!(mislabelled[name], unknown[name]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_guesses_serial_numbers_gets_429_on_every_path_and_others_go_on() {
    let network = Network::of(&[Who::Maker]).await;
    let lot = Lot::lasting("A");
    let units = network.stock(&lot, 1).await;
    let mut refused = None;
    for number in 0..20 {
        let target = format!("/01/{}/21/guess{number}", lot.id.gtin);
        let answer = ask(&network, &target, "192.0.2.66", "application/json").await;
        if answer.status == 429 {
            refused = Some(answer);
            break;
        }
        assert_eq!(answer.json()["verdict"], "not_genuine");
    }
    let refused = refused.expect("refused after a few guesses");
    let after: i64 = refused.header("retry-after").parse().unwrap();
    assert!((1..=3).contains(&after), "{after}");
    let right = format!("/verify?code=(01){}(21){}", lot.id.gtin, units[0].serial);
    assert_eq!(ask(&network, &right, "192.0.2.66", "*/*").await.status, 429);
    // What it forges in front of its address does not help.
    assert_eq!(ask(&network, &right, "198.51.100.9, 192.0.2.66", "*/*").await.status, 429);
    assert_eq!(ask(&network, &right, "192.0.2.67", "*/*").await.status, 200);
    network.clock.skip(after);
    assert_eq!(ask(&network, &right, "192.0.2.66", "*/*").await.status, 200);
    // One more guess, and the pause is longer.
    let guess = format!("/01/{}/21/again", lot.id.gtin);
    assert_eq!(ask(&network, &guess, "192.0.2.66", "application/json").await.status, 200);
    let refused = ask(&network, &right, "192.0.2.66", "*/*").await;
    let longer: i64 = refused.header("retry-after").parse().unwrap();
    assert!(longer > after, "{longer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_questions_at_once_from_one_address_are_too_many() {
    let network = Network::of(&[Who::Maker]).await;
    let lot = Lot::lasting("A");
    network.stock(&lot, 1).await;
    let target = format!("/01/{}/21/{}", lot.id.gtin, lot.unit(1).serial);
    let mut statuses = Vec::new();
    for _ in 0..70 {
        statuses
            .push(ask(&network, &target, "192.0.2.5", "application/json").await.status.as_u16());
    }
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 60);
    assert!(statuses[60..].iter().all(|status| *status == 429));
}
