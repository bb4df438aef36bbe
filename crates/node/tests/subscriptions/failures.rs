//! Receivers that fail, and nodes that crash: nothing is lost.

use std::time::Duration;

use serde_json::json;
use theriac_store::SubscriptionState;

use crate::receiver::{Mood, Receiver};
use crate::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_was_down_gets_everything_in_order() {
    let world = World::new().await;
    let receiver = Receiver::start().await;
    receiver.set(Mood::Answers(503));
    let id = world.subscribe("all", &receiver, |_| ()).await;
    world.capture([3]).await;
    let mut pause = 1;
    for failures in 1..=4 {
        assert!(!world.notify().await);
        let record = world.record(&id).await;
        assert_eq!((record.failures, record.position.0), (failures, 0));
        assert!(record.error.unwrap().contains("503"));
        let next = world.node.now().as_millisecond() + pause * 1_000;
        assert_eq!(record.next_at, Some(next), "the pause doubles");
        world.capture([10 + failures]).await;
        assert!(!world.notify().await);
        assert_eq!(receiver.got().len(), failures as usize, "it is left alone meanwhile");
        world.advance(pause);
        pause *= 2;
    }
    receiver.set(Mood::Takes);
    assert!(world.notify().await);
    assert_eq!(receiver.minutes(), [3, 11, 12, 13, 14]);
    let record = world.record(&id).await;
    assert_eq!((record.failures, record.error, record.next_at), (0, None, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_nobody_answers_for_is_tried_again_within_an_hour() {
    let world = World::new().await;
    let receiver = Receiver::start().await;
    let closed = |request: &mut theriac_node::SubscriptionRequest| {
        request.dest = "http://127.0.0.1:1/".to_owned();
    };
    let id = world.subscribe("all", &receiver, closed).await;
    world.capture([1]).await;
    for _ in 0..14 {
        world.notify().await;
        world.advance(3_600);
    }
    let record = world.record(&id).await;
    assert_eq!(record.failures, 14);
    assert!(record.next_at.unwrap() <= world.node.now().as_millisecond());
    assert_eq!(record.state, SubscriptionState::Active);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_between_the_message_and_the_position_repeats_it_and_loses_nothing() {
    let world = World::new().await;
    let receiver = Receiver::start().await;
    let id = world.subscribe("all", &receiver, |_| ()).await;
    world.capture([1]).await;
    world.notify().await;
    world.capture([2]).await;
    receiver.set(Mood::Hangs);
    // The receiver has the message, the node has no answer, and dies.
    let node = world.node.clone();
    let telling = tokio::spawn(async move { node.notify_subscribers().await });
    let hung = tokio::time::timeout(Duration::from_secs(60), receiver.wait_for(2)).await.unwrap();
    assert_eq!(hung[1].minutes(), [2]);
    telling.abort();
    assert!(telling.await.unwrap_err().is_cancelled());
    let world = world.restart().await;
    world.capture([3]).await;
    receiver.set(Mood::Takes);
    assert!(world.notify().await);
    let all: Vec<Vec<u32>> = receiver.got().iter().map(|got| got.minutes()).collect();
    assert_eq!(all, [vec![1], vec![2], vec![2, 3]]);
    let world = world.restart().await;
    assert!(!world.notify().await, "what was taken is not repeated");
    assert_eq!(world.record(&id).await.failures, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crash_within_many_parts_goes_on_where_it_was() {
    let world = World::new().await;
    let receiver = Receiver::start().await;
    world.subscribe("all", &receiver, |_| ()).await;
    world.capture(0..250).await;
    let node = world.node.clone();
    let telling = tokio::spawn(async move { node.notify_subscribers().await });
    tokio::time::timeout(Duration::from_secs(60), receiver.wait_for(1)).await.unwrap();
    telling.abort();
    let _ = telling.await;
    let world = world.restart().await;
    world.notify().await;
    let mut minutes = receiver.minutes();
    assert!(minutes.len() < 500, "what was taken before is not all repeated: {}", minutes.len());
    let first = minutes.iter().position(|minute| *minute == 249).unwrap();
    assert_eq!(first, minutes.len() - 1, "the last comes last");
    minutes.sort_unstable();
    minutes.dedup();
    assert_eq!(minutes, (0..250).collect::<Vec<u32>>());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_finds_messages_too_large_gets_smaller_ones() {
    let world = World::new().await;
    let receiver = Receiver::start().await;
    receiver.set(Mood::TakesUpTo(3));
    let id = world.subscribe("all", &receiver, |_| ()).await;
    world.capture(0..20).await;
    assert!(world.notify().await);
    assert_eq!(receiver.minutes(), (0..20).collect::<Vec<u32>>());
    assert_eq!(world.record(&id).await.failures, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_that_alone_is_too_large_is_told_by_an_exception() {
    let world = World::new().await;
    let receiver = Receiver::start().await;
    receiver.set(Mood::TakesUpTo(0));
    let id = world.subscribe("all", &receiver, |_| ()).await;
    world.capture([7]).await;
    assert!(world.notify().await);
    let [_, told] = receiver.got().try_into().unwrap();
    assert_eq!(told.header("content-type"), "application/problem+json");
    let problem = told.json();
    assert_eq!(problem["type"], "epcisException:QueryTooLargeException");
    assert_eq!((&problem["queryName"], &problem["subscriptionID"]), (&json!("all"), &json!(id)));
    assert!(problem["detail"].as_str().unwrap().contains("ni:///sha-256;"), "{problem}");
    assert!(!world.notify().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_is_not_followed_and_gone_is_gone() {
    let world = World::new().await;
    let receiver = Receiver::start().await;
    receiver.set(Mood::Answers(307));
    let id = world.subscribe("all", &receiver, |_| ()).await;
    world.capture([1]).await;
    assert!(!world.notify().await);
    assert_eq!(receiver.got().len(), 1);
    assert!(world.record(&id).await.error.unwrap().contains("307"));
    world.advance(10);
    receiver.set(Mood::Answers(410));
    assert!(!world.notify().await);
    let record = world.record(&id).await;
    assert_eq!(record.state, SubscriptionState::Stopped);
    world.advance(10_000);
    world.capture([2]).await;
    assert!(!world.notify().await);
    assert_eq!(receiver.got().len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_can_never_be_sent_is_stopped_with_the_reason() {
    let world = World::new().await;
    let receiver = Receiver::start().await;
    let dest = world.subscribe("all", &receiver, |request| request.dest = "callback".into()).await;
    let form = json!({"form": "pdf"});
    let form = world.subscribe("all", &receiver, |request| request.controls = form).await;
    world.capture([1]).await;
    assert!(!world.notify().await);
    for (id, why) in [(dest, "dest"), (form, "controls")] {
        let record = world.record(&id).await;
        assert_eq!(record.state, SubscriptionState::Stopped);
        assert!(record.error.unwrap().contains(why));
    }
    assert!(receiver.got().is_empty());
}
