//! Schedules: what came since the last run is sent when the time has come.

use serde_json::{Value, json};
use theriac_node::{Schedule, SubscriptionRequest};

use crate::receiver::Receiver;
use crate::world::World;

/// Every hour; the tests begin at half past ten.
fn hourly(world: &World) -> impl FnOnce(&mut SubscriptionRequest) {
    let controls: Value = json!({"schedule": {"minute": "0"}});
    let schedule = Schedule::read(controls["schedule"].as_object().unwrap()).unwrap();
    let next_at = schedule.next_after(world.node.now());
    move |request| {
        request.controls = controls;
        request.next_at = next_at;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scheduled_run_sends_what_came_since_the_last() {
    let world = World::new().await;
    let receiver = Receiver::start().await;
    let id = world.subscribe("all", &receiver, hourly(&world)).await;
    world.capture([1]).await;
    world.advance(29 * 60 + 59);
    assert!(!world.notify().await, "it is not eleven yet");
    world.capture([2]).await;
    world.advance(1);
    assert!(world.notify().await);
    assert_eq!(receiver.minutes(), [1, 2]);
    let next = world.record(&id).await.next_at.unwrap();
    assert_eq!(next, world.node.now().as_millisecond() + 3_600_000);
    world.capture([3]).await;
    assert!(!world.notify().await);
    world.advance(3 * 3_600);
    let world = world.restart().await;
    assert!(world.notify().await, "a run that was missed is made up for, once");
    world.advance(3_600);
    assert!(!world.notify().await, "an empty answer is not sent");
    assert_eq!(receiver.minutes(), [1, 2, 3]);
    assert!(world.record(&id).await.next_at.unwrap() > world.node.now().as_millisecond());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_run_is_reported_to_who_wants_it() {
    let world = World::new().await;
    let receiver = Receiver::start().await;
    let hourly = hourly(&world);
    world
        .subscribe("all", &receiver, |request| {
            hourly(request);
            request.report_if_empty = true;
        })
        .await;
    world.advance(1_800);
    assert!(world.notify().await);
    world.capture([1]).await;
    world.advance(3_600);
    assert!(world.notify().await);
    let sizes: Vec<usize> = receiver.got().iter().map(|got| got.minutes().len()).collect();
    assert_eq!(sizes, [0, 1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_has_the_order_and_the_limit_of_its_query() {
    let world = World::new().await;
    let receiver = Receiver::start().await;
    let query = json!({"orderBy": "eventTime", "orderDirection": "DESC", "eventCountLimit": 150});
    world.query("latest", query).await;
    world.subscribe("latest", &receiver, hourly(&world)).await;
    world.capture((0..200).rev()).await;
    world.advance(1_800);
    assert!(world.notify().await);
    assert_eq!(receiver.minutes(), (50..200).rev().collect::<Vec<u32>>());
    world.advance(3_600);
    assert!(!world.notify().await, "what the limit leaves out is left out");
}

#[tokio::test(flavor = "multi_thread")]
async fn more_events_than_a_query_admits_are_an_exception() {
    let world = World::new().await;
    let receiver = Receiver::start().await;
    world.query("few", json!({"maxEventCount": 2})).await;
    let id = world.subscribe("few", &receiver, hourly(&world)).await;
    world.capture([1, 2, 3]).await;
    world.advance(1_800);
    assert!(world.notify().await);
    let [told] = receiver.got().try_into().unwrap();
    assert_eq!(told.json()["type"], "epcisException:QueryTooLargeException");
    assert_eq!(told.json()["status"], 413);
    world.capture([4, 5]).await;
    world.advance(3_600);
    assert!(world.notify().await);
    assert_eq!(receiver.minutes(), [4, 5]);
    assert_eq!(world.record(&id).await.failures, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_schedule_without_another_time_ends() {
    let world = World::new().await;
    let receiver = Receiver::start().await;
    let never = json!({"schedule": {"month": "2", "dayOfMonth": "30"}});
    let now = world.node.now();
    let id = world
        .subscribe("all", &receiver, |request| {
            request.controls = never;
            request.next_at = Some(now);
        })
        .await;
    world.capture([1]).await;
    assert!(world.notify().await);
    assert_eq!(receiver.minutes(), [1]);
    assert_eq!(world.record(&id).await.state, theriac_store::SubscriptionState::Stopped);
}
