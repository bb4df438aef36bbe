//! Named queries and their subscriptions.

use serde_json::{Value, json};
use theriac_store::{EventId, NewSubscription, Store, SubscriptionState};

fn query() -> Value {
    json!({"eventTypes": ["ObjectEvent"], "EQ_bizStep": ["shipping"]})
}

/// Keeps the named query `name` with subscriptions of these ids.
async fn subscribe(store: &Store, name: &str, ids: &[&str]) {
    let mut tx = store.write().await.unwrap();
    let query = tx.insert_named_query(name, &query(), 5).await.unwrap().unwrap();
    for id in ids {
        let new = NewSubscription {
            id: (*id).to_owned(),
            query,
            dest: "https://example.org/hook".to_owned(),
            token: Some(vec![1, 2, 3]),
            controls: json!({"schedule": {"second": "0"}}),
            report_if_empty: true,
            initial_record_time: Some(-1),
            created_at: 6,
            position: EventId(0),
            next_at: Some(100),
        };
        assert!(tx.insert_subscription(&new).await.unwrap(), "{id}");
        assert!(!tx.insert_subscription(&new).await.unwrap(), "{id} is taken");
    }
    tx.commit().await.unwrap();
}

async fn due(store: &Store, now: i64) -> Vec<String> {
    let due = store.due_subscriptions(now, 100).await.unwrap();
    due.into_iter().map(|subscription| subscription.id).collect()
}

pub(crate) async fn a_query_is_kept_under_its_name(store: &Store) {
    let mut tx = store.write().await.unwrap();
    let id = tx.insert_named_query("a", &query(), 5).await.unwrap();
    assert!(id.is_some());
    assert_eq!(tx.insert_named_query("a", &json!({}), 6).await.unwrap(), None);
    tx.commit().await.unwrap();
    let record = store.named_query("a").await.unwrap().unwrap();
    assert_eq!((Some(record.id), record.name.as_str()), (id, "a"));
    assert_eq!((record.query, record.created_at), (query(), 5));
    assert_eq!(store.named_query("A").await.unwrap(), None, "names keep their case");
}

pub(crate) async fn queries_are_listed_by_name(store: &Store) {
    for name in ["b", "c", "a"] {
        subscribe(store, name, &[]).await;
    }
    let names = |records: Vec<theriac_store::NamedQueryRecord>| {
        records.into_iter().map(|record| record.name).collect::<Vec<_>>()
    };
    assert_eq!(names(store.named_queries(None, 2).await.unwrap()), ["a", "b"]);
    assert_eq!(names(store.named_queries(Some("b"), 2).await.unwrap()), ["c"]);
}

pub(crate) async fn a_deleted_query_takes_its_subscriptions(store: &Store) {
    subscribe(store, "a", &["1", "2"]).await;
    subscribe(store, "b", &["3"]).await;
    let mut tx = store.write().await.unwrap();
    assert!(tx.delete_named_query("a").await.unwrap());
    assert!(!tx.delete_named_query("a").await.unwrap());
    assert_eq!(tx.subscriptions_of("a").await.unwrap(), []);
    assert_eq!(store.subscriptions_of("a").await.unwrap().len(), 2, "until it is committed");
    tx.commit().await.unwrap();
    assert_eq!(store.subscription("1").await.unwrap(), None);
    assert_eq!(due(store, 100).await, ["3"]);
    subscribe(store, "a", &["1"]).await;
}

pub(crate) async fn a_subscription_comes_back_as_it_was(store: &Store) {
    subscribe(store, "a", &["2", "1"]).await;
    let record = store.subscription("1").await.unwrap().unwrap();
    assert_eq!((record.id.as_str(), record.query_name.as_str()), ("1", "a"));
    assert_eq!((&record.query, record.dest.as_str()), (&query(), "https://example.org/hook"));
    assert_eq!(record.token, Some(vec![1, 2, 3]));
    assert_eq!(record.controls, json!({"schedule": {"second": "0"}}));
    assert_eq!((record.report_if_empty, record.initial_record_time), (true, Some(-1)));
    assert_eq!((record.created_at, record.last_notified_at), (6, None));
    assert_eq!((record.position, record.failures), (EventId(0), 0));
    assert_eq!((record.next_at, record.error.as_deref()), (Some(100), None));
    assert_eq!(record.state, SubscriptionState::Active);
    let both = store.subscriptions_of("a").await.unwrap();
    assert_eq!(both.iter().map(|each| each.id.as_str()).collect::<Vec<_>>(), ["1", "2"]);
    assert_eq!(store.active_subscriptions().await.unwrap(), both);
    assert_eq!(store.subscription("3").await.unwrap(), None);
}

pub(crate) async fn a_subscription_advances_and_forgets_failures(store: &Store) {
    subscribe(store, "a", &["1"]).await;
    let mut tx = store.write().await.unwrap();
    assert!(tx.subscription_failed("1", "refused", 200).await.unwrap());
    assert!(tx.subscription_delivered("1", EventId(7), 150, Some(300)).await.unwrap());
    tx.commit().await.unwrap();
    let record = store.subscription("1").await.unwrap().unwrap();
    assert_eq!((record.position, record.failures, record.error), (EventId(7), 0, None));
    assert_eq!((record.last_notified_at, record.next_at), (Some(150), Some(300)));

    let mut tx = store.write().await.unwrap();
    assert!(tx.subscription_passed("1", EventId(9), None).await.unwrap());
    tx.commit().await.unwrap();
    let record = store.subscription("1").await.unwrap().unwrap();
    assert_eq!((record.position, record.next_at), (EventId(9), None));
    assert_eq!(record.last_notified_at, Some(150), "there was nothing to tell");
    assert!(due(store, i64::MAX).await.is_empty(), "it waits for an event");
}

pub(crate) async fn a_failed_subscription_is_due_again(store: &Store) {
    subscribe(store, "a", &["1", "2"]).await;
    assert!(due(store, 99).await.is_empty());
    assert_eq!(due(store, 100).await, ["1", "2"]);
    let mut tx = store.write().await.unwrap();
    tx.subscription_failed("1", "refused", 150).await.unwrap();
    tx.subscription_failed("1", "timed out", 200).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(due(store, 199).await, ["2"]);
    assert_eq!(due(store, 200).await, ["2", "1"], "the longest due first");
    let record = store.subscription("1").await.unwrap().unwrap();
    assert_eq!((record.failures, record.error.as_deref()), (2, Some("timed out")));
    assert_eq!(record.position, EventId(0), "nothing is passed over");
}

pub(crate) async fn a_stopped_subscription_is_due_no_more(store: &Store) {
    subscribe(store, "a", &["1", "2"]).await;
    let mut tx = store.write().await.unwrap();
    assert!(tx.stop_subscription("1", "gone").await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(due(store, i64::MAX).await, ["2"]);
    assert_eq!(store.active_subscriptions().await.unwrap().len(), 1);
    let record = store.subscription("1").await.unwrap().unwrap();
    assert_eq!((record.state, record.error.as_deref()), (SubscriptionState::Stopped, Some("gone")));
}

pub(crate) async fn what_a_client_deleted_is_told_apart(store: &Store) {
    subscribe(store, "a", &["1"]).await;
    let mut tx = store.write().await.unwrap();
    assert!(tx.delete_subscription("1").await.unwrap());
    assert!(!tx.delete_subscription("1").await.unwrap());
    assert!(!tx.subscription_delivered("1", EventId(1), 1, None).await.unwrap());
    assert!(!tx.subscription_passed("1", EventId(1), None).await.unwrap());
    assert!(!tx.subscription_failed("1", "refused", 1).await.unwrap());
    assert!(!tx.stop_subscription("1", "gone").await.unwrap());
    tx.commit().await.unwrap();
    assert!(store.named_query("a").await.unwrap().is_some(), "the query stays");
}
