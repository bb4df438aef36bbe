//! Verifications, responders, links of products.

use jiff::civil::date;
use theriac_gs1::{Gln, Sgtin};
use theriac_store::{
    NewVerification, ProductLink, ResponderEntry, ResponderPath, Store, VerificationDirection,
    VerificationOutcome, VerificationProtocol,
};

use crate::fixture::gtin;

fn unit(serial: &str) -> Sgtin {
    Sgtin { gtin: gtin(1), serial: serial.parse().unwrap() }
}

fn gln() -> Gln {
    Gln::from_body(952_132_100_001).unwrap()
}

fn question(serial: &str, correlation: &str, asked_at: i64) -> NewVerification {
    NewVerification {
        direction: VerificationDirection::Asked,
        protocol: VerificationProtocol::Lightweight,
        correlation: correlation.to_owned(),
        unit: unit(serial),
        lot: Some("L".parse().unwrap()),
        expiry: Some(date(2028, 12, 31)),
        requester: gln(),
        responder: Some("0012345000008".to_owned()),
        url: Some("https://vrs.example".to_owned()),
        request: "/verify/gtin/1".to_owned(),
        asked_at,
    }
}

fn answer(answered_at: i64, verified: Option<bool>) -> VerificationOutcome {
    VerificationOutcome {
        answered_at,
        status: Some(200),
        answer: Some("{}".to_owned()),
        verified,
        error: verified.is_none().then(|| "rubbish".to_owned()),
    }
}

pub(crate) async fn both_messages_are_archived(store: &Store) {
    let mut tx = store.write().await.unwrap();
    let asked = question("1", "a", 10);
    let id = tx.insert_verification(&asked, None).await.unwrap();
    let served =
        NewVerification { direction: VerificationDirection::Served, ..question("1", "b", 11) };
    let done = answer(12, Some(false));
    tx.insert_verification(&served, Some(&done)).await.unwrap();
    assert_eq!(tx.verifications_of("a").await.unwrap()[0].outcome, None);
    tx.end_verification(id, &answer(13, Some(true))).await.unwrap();
    tx.commit().await.unwrap();

    let all = store.verifications(None, 10).await.unwrap();
    assert_eq!(all.iter().map(|row| &row.question).collect::<Vec<_>>(), [&served, &asked]);
    assert_eq!(all[0].outcome, Some(done));
    assert_eq!(all[1].outcome, Some(answer(13, Some(true))));
    let only = store.verifications(Some(VerificationDirection::Asked), 10).await.unwrap();
    assert_eq!(only, all[1..]);
    assert_eq!(store.verifications(None, 1).await.unwrap(), all[..1]);
}

pub(crate) async fn the_last_usable_answer_is_found(store: &Store) {
    let protocol = VerificationProtocol::Lightweight;
    let mut tx = store.write().await.unwrap();
    tx.insert_verification(&question("1", "a", 10), Some(&answer(11, Some(true)))).await.unwrap();
    assert_eq!(tx.unanswered_since(&unit("1")).await.unwrap(), None);
    tx.insert_verification(&question("1", "b", 20), Some(&answer(21, None))).await.unwrap();
    tx.insert_verification(&question("1", "c", 30), None).await.unwrap();
    tx.insert_verification(&question("2", "d", 5), None).await.unwrap();
    let served =
        NewVerification { direction: VerificationDirection::Served, ..question("1", "e", 40) };
    tx.insert_verification(&served, Some(&answer(41, Some(false)))).await.unwrap();
    tx.commit().await.unwrap();
    let last = store.last_answer(&unit("1"), protocol).await.unwrap().unwrap();
    assert_eq!(last.question.correlation, "a");
    assert_eq!(store.unanswered_since(&unit("1")).await.unwrap(), Some(20));
    assert_eq!(store.unanswered_since(&unit("2")).await.unwrap(), Some(5));
    assert_eq!(store.unanswered_since(&unit("3")).await.unwrap(), None);
    assert_eq!(store.last_answer(&unit("2"), protocol).await.unwrap(), None);
    let other = store.last_answer(&unit("1"), VerificationProtocol::Node).await.unwrap();
    assert_eq!(other, None);
}

pub(crate) async fn responders_are_kept_by_product_and_expiry(store: &Store) {
    let entry = |first_expiry, url: &str| ResponderEntry {
        gtin: gtin(1),
        gln: gln(),
        url: url.to_owned(),
        first_expiry,
        last_expiry: date(9999, 12, 31),
        path: ResponderPath::Ai,
        contact: Some("+1 555 0100".to_owned()),
    };
    let [early, late] = [date(2020, 1, 1), date(2027, 1, 1)];
    let mut tx = store.write().await.unwrap();
    tx.put_responder(&entry(late, "https://b.example")).await.unwrap();
    tx.put_responder(&entry(early, "https://a.example")).await.unwrap();
    tx.put_responder(&entry(late, "https://c.example")).await.unwrap();
    tx.put_responder(&ResponderEntry { gtin: gtin(2), ..entry(early, "https://d.example") })
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let expected = [entry(early, "https://a.example"), entry(late, "https://c.example")];
    assert_eq!(store.responders_of(gtin(1)).await.unwrap(), expected);
    assert_eq!(store.responders().await.unwrap().len(), 3);
    let mut tx = store.write().await.unwrap();
    assert_eq!(tx.delete_responders(gtin(1)).await.unwrap(), 2);
    tx.commit().await.unwrap();
    assert_eq!(store.responders_of(gtin(1)).await.unwrap(), []);
}

pub(crate) async fn links_of_a_product_are_replaced_and_forgotten(store: &Store) {
    let link = |link_type: &str, title: &str| ProductLink {
        gtin: gtin(1),
        link_type: link_type.to_owned(),
        href: "https://maker.example/leaflet".to_owned(),
        title: title.to_owned(),
        media_type: None,
        language: Some("en".to_owned()),
    };
    let mut tx = store.write().await.unwrap();
    tx.put_product_link(&link("gs1:epil", "Leaflet")).await.unwrap();
    tx.put_product_link(&link("gs1:pip", "Page")).await.unwrap();
    tx.put_product_link(&link("gs1:epil", "The leaflet")).await.unwrap();
    tx.commit().await.unwrap();
    let expected = [link("gs1:epil", "The leaflet"), link("gs1:pip", "Page")];
    assert_eq!(store.product_links(gtin(1)).await.unwrap(), expected);
    assert_eq!(store.product_links(gtin(2)).await.unwrap(), []);
    let mut tx = store.write().await.unwrap();
    assert_eq!(tx.delete_product_links(gtin(1), Some("gs1:epil"), None).await.unwrap(), 1);
    assert_eq!(tx.delete_product_links(gtin(1), None, Some("https://x.example")).await.unwrap(), 0);
    tx.commit().await.unwrap();
    assert_eq!(store.product_links(gtin(1)).await.unwrap(), expected[1..]);
}
