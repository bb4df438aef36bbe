//! Subscriptions as they are asked for, shown and ended.

use axum::body::Body;
use serde_json::{Value, json};

use crate::server::Server;

async fn with_query() -> Server {
    let server = Server::start().await;
    let query = json!({"name": "all", "query": {"eventType": ["ObjectEvent"]}});
    assert_eq!(server.post("/epcis/queries", &query).await.status, 201);
    server
}

const PATH: &str = "/epcis/queries/all/subscriptions";

fn streamed() -> Value {
    json!({"dest": "https://client.example.com/callback", "signatureToken": "13df38d8", "stream": true})
}

#[tokio::test]
async fn a_subscription_is_made_shown_and_ended_and_its_secret_never_told() {
    let server = with_query().await;
    let answer = server.post(PATH, &streamed()).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    assert!(!answer.text.contains("13df38d8"));
    let made = answer.json();
    let id = made["subscriptionID"].as_str().unwrap();
    assert_eq!(answer.header("location"), format!("{PATH}/{id}"));
    assert_eq!((&made["stream"], &made["dest"]), (&json!(true), &streamed()["dest"]));
    let shown = server.get(answer.header("location")).await;
    assert_eq!(shown.json(), made);
    assert!(!shown.header("gs1-query-min-record-time").is_empty());
    let options = server.ask("OPTIONS", answer.header("location"), &[], Body::empty()).await;
    assert_eq!((options.status, options.header("allow")), (204, "OPTIONS, HEAD, GET, DELETE"));
    assert_eq!(options.header("gs1-query-min-record-time"), made["minRecordTime"]);
    assert_eq!(server.get(PATH).await.json(), json!([made]));
    let record = server.node.subscription("all", id).await.unwrap().unwrap();
    assert_eq!(server.node.signature_token(&record).as_deref(), Some("13df38d8"));
    assert!(!record.token.unwrap().windows(8).any(|bytes| bytes == b"13df38d8"));
    assert_eq!(server.delete(answer.header("location")).await.status, 204);
    server.get(answer.header("location")).await.is_exception(404, "NoSuchResourceException");
    server.delete(answer.header("location")).await.is_exception(404, "NoSuchResourceException");
    let options = server.ask("OPTIONS", answer.header("location"), &[], Body::empty()).await;
    options.is_exception(404, "NoSuchResourceException");
    assert_eq!(server.get(PATH).await.json(), json!([]));
}

#[tokio::test]
async fn subscriptions_are_listed_page_by_page() {
    let server = with_query().await;
    for _ in 0..5 {
        assert_eq!(server.post(PATH, &streamed()).await.status, 201);
    }
    let (mut found, mut path) = (Vec::new(), Some(format!("{PATH}?perPage=2")));
    while let Some(page) = path {
        let answer = server.get(&page).await;
        let list = answer.json();
        found.extend(
            list.as_array()
                .unwrap()
                .iter()
                .map(|each| each["subscriptionID"].as_str().unwrap().to_owned()),
        );
        path = answer.next();
    }
    assert_eq!(found.len(), 5);
    assert!(found.is_sorted());
}

#[tokio::test]
async fn a_subscription_with_a_schedule_keeps_it() {
    let server = with_query().await;
    let body = json!({
        "dest": "http://127.0.0.1:9/", "reportIfEmpty": true,
        "initialRecordTime": "2022-01-06T06:52:24.880Z",
        "schedule": {"hour": "1", "minute": "5,[10-20]"},
    });
    let made = server.post(PATH, &body).await.json();
    assert_eq!(made["schedule"], body["schedule"]);
    assert_eq!(made["reportIfEmpty"], true);
    assert_eq!(made["initialRecordTime"], "2022-01-06T06:52:24.88Z");
    assert_eq!(made["minRecordTime"], made["initialRecordTime"]);
    let record =
        server.node.subscription("all", made["subscriptionID"].as_str().unwrap()).await.unwrap();
    assert!(record.unwrap().next_at.is_some());
    assert_eq!(server.delete("/epcis/queries/all").await.status, 204);
    server.get(PATH).await.is_exception(404, "NoSuchNameException");
}

#[tokio::test]
async fn a_wrong_subscription_is_refused() {
    let server = with_query().await;
    let with = |fields: Value| {
        let mut body = json!({"dest": "https://client.example.com/callback"});
        body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        body
    };
    for body in [
        with(json!({})),
        with(json!({"stream": false})),
        with(json!({"stream": true, "schedule": {"hour": "1"}})),
        with(json!({"schedule": {}})),
        with(json!({"schedule": {"hour": "24"}})),
        with(json!({"schedule": {"year": "2026"}})),
        with(json!({"schedule": {"month": "2", "dayOfMonth": "30"}})),
    ] {
        server.post(PATH, &body).await.is_exception(400, "SubscriptionControlsException");
    }
    for body in [
        json!({"stream": true}),
        json!({"dest": "ftp://client.example.com/", "stream": true}),
        json!({"dest": "callback", "stream": true}),
        with(json!({"stream": true, "initialRecordTime": "now"})),
        with(json!({"stream": true, "more": 1})),
        json!([]),
    ] {
        server.post(PATH, &body).await.is_exception(400, "ValidationException");
    }
    let none = server.post("/epcis/queries/none/subscriptions", &streamed()).await;
    none.is_exception(404, "NoSuchNameException");
    assert_eq!(none.json()["queryName"], "none");
}
