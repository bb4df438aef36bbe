//! Streams: whatever matches is sent as it comes.

use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use serde_json::json;
use sha2::Sha256;

use crate::receiver::{Mood, Receiver};
use crate::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn events_come_in_order_once_and_signed() {
    let world = World::new().await;
    let receiver = Receiver::start().await;
    world.capture([1]).await;
    let id =
        world.subscribe("all", &receiver, |request| request.token = Some("s3cret".into())).await;
    assert!(!world.notify().await, "what was recorded before is not sent");
    world.capture([5, 3]).await;
    assert!(world.notify().await);
    world.capture([4]).await;
    assert!(world.notify().await);
    assert!(!world.notify().await);
    assert_eq!(receiver.minutes(), [5, 3, 4]);
    for got in receiver.got() {
        assert_eq!(got.header("content-type"), "application/json");
        assert_eq!(got.json()["type"], "EPCISQueryDocument");
        assert_eq!(got.results()["queryName"], "all");
        assert_eq!(got.results()["subscriptionID"], json!(id));
        let hex = got.header("gs1-signature").strip_prefix("sha256=").unwrap();
        let mut mac = Hmac::<Sha256>::new_from_slice(b"s3cret").unwrap();
        mac.update(got.text.as_bytes());
        mac.verify_slice(&hex::decode(hex).unwrap()).unwrap();
    }
    let record = world.record(&id).await;
    assert_eq!(record.position, world.node.store().last_event().await.unwrap().unwrap());
    assert!(record.last_notified_at.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_matches_is_sent_and_nothing_after_the_end() {
    let world = World::new().await;
    let receiver = Receiver::start().await;
    let query = json!({"GE_eventTime": "2026-01-02T00:10:00Z"});
    world.query("late", query).await;
    let id = world.subscribe("late", &receiver, |_| ()).await;
    world.capture([9]).await;
    assert!(!world.notify().await);
    world.capture([10, 8, 11]).await;
    assert!(world.notify().await);
    assert_eq!(receiver.minutes(), [10, 11]);
    assert_eq!(world.node.subscription_ids("late").await.unwrap(), [id.as_str()]);
    assert!(world.node.unsubscribe("late", &id).await.unwrap());
    world.capture([12]).await;
    assert!(!world.notify().await);
    assert_eq!(receiver.got().len(), 1);
    assert!(receiver.got()[0].headers.get("gs1-signature").is_none(), "there is no token");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_events_come_in_parts() {
    let world = World::new().await;
    let receiver = Receiver::start().await;
    let id = world.subscribe("all", &receiver, |_| ()).await;
    world.capture(0..250).await;
    assert!(world.notify().await);
    let parts: Vec<usize> = receiver.got().iter().map(|got| got.minutes().len()).collect();
    assert_eq!(parts.iter().sum::<usize>(), 250);
    assert!(parts.len() >= 3 && parts.iter().all(|part| *part <= 100), "{parts:?}");
    assert_eq!(receiver.minutes(), (0..250).collect::<Vec<u32>>());
    assert_eq!(world.record(&id).await.next_at, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_initial_record_time_reaches_back_and_no_further() {
    let world = World::new().await;
    let receiver = Receiver::start().await;
    world.capture([1]).await;
    world.advance(60);
    let from = world.node.now();
    world.capture([2]).await;
    world.subscribe("all", &receiver, |request| request.initial_record_time = Some(from)).await;
    assert!(world.notify().await);
    assert_eq!(receiver.minutes(), [2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_answer_is_sent_to_who_wants_it() {
    let world = World::new().await;
    let receiver = Receiver::start().await;
    world.query("none", json!({"EQ_bizStep": ["shipping"]})).await;
    world.subscribe("none", &receiver, |request| request.report_if_empty = true).await;
    assert!(!world.notify().await, "the query was not run");
    world.capture([1]).await;
    assert!(world.notify().await);
    assert!(!world.notify().await);
    let [got] = receiver.got().try_into().unwrap();
    assert_eq!(got.results()["resultsBody"]["eventList"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_hangs_holds_up_no_other() {
    let world = World::new().await;
    let (hangs, takes) = (Receiver::start().await, Receiver::start().await);
    hangs.set(Mood::Hangs);
    world.subscribe("all", &hangs, |_| ()).await;
    world.subscribe("all", &takes, |_| ()).await;
    let node = world.node.clone();
    let running = tokio::spawn(async move { node.run(std::future::pending()).await });
    let both = async {
        world.capture([1]).await;
        hangs.wait_for(1).await;
        takes.wait_for(1).await;
        for minute in 2..5 {
            world.capture([minute]).await;
            takes.wait_for(minute as usize).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), both).await.unwrap();
    running.abort();
    assert_eq!(takes.minutes(), [1, 2, 3, 4]);
    assert_eq!(hangs.minutes(), [0_u32; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_can_be_xml_of_epcis_1_2() {
    let world = World::new().await;
    let receiver = Receiver::start().await;
    let controls = json!({"form": "xml-1.2", "queryName": "SimpleEventQuery"});
    let id = world.subscribe("all", &receiver, |request| request.controls = controls).await;
    world.capture([1]).await;
    assert!(world.notify().await);
    let [got] = receiver.got().try_into().unwrap();
    assert_eq!(got.header("content-type"), "application/xml");
    assert!(got.text.contains("urn:epcglobal:epcis-query:xsd:1"), "{}", got.text);
    let mut events = 0;
    let info = theriac_epcis::read(got.text.as_bytes(), &mut |_| {
        events += 1;
        std::ops::ControlFlow::Continue(())
    })
    .unwrap();
    assert_eq!(events, 1);
    assert_eq!(info.query_name.as_deref(), Some("SimpleEventQuery"));
    assert_eq!(info.subscription_id, Some(id));
}
