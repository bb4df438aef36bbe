//! Named queries.

use serde_json::{Value, json};

use crate::server::{Server, observed};

fn query(name: &str) -> Value {
    json!({"name": name, "query": {"eventType": ["ObjectEvent"], "EQ_bizStep": ["receiving"]}})
}

#[tokio::test]
async fn a_query_is_kept_listed_asked_and_forgotten() {
    let server = Server::with(&[observed("1", 1), observed("2", 2)]).await;
    let answer = server.post("/epcis/queries", &query("my query")).await;
    assert_eq!((answer.status, answer.header("location")), (201, "/epcis/queries/my%20query"));
    let kept = server.get("/epcis/queries/my%20query").await.json();
    assert_eq!(kept, query("my query"));
    assert_eq!(server.get("/epcis/queries").await.json(), json!([query("my query")]));
    let found = server.get("/epcis/queries/my%20query/events?perPage=1").await;
    assert_eq!(found.serials(), ["1"]);
    assert_eq!(found.json()["epcisBody"]["queryResults"]["queryName"], "my query");
    assert_eq!(server.get(&found.next().unwrap()).await.serials(), ["2"]);
    let narrowed = "/epcis/queries/my%20query/events?GE_eventTime=2026-03-01T08:02:00Z";
    assert_eq!(server.get(narrowed).await.serials(), ["2"]);
    let again = server.post("/epcis/queries", &query("my query")).await;
    again.is_exception(409, "ResourceAlreadyExistsException");
    assert_eq!(server.delete("/epcis/queries/my%20query").await.status, 204);
    server.get("/epcis/queries/my%20query").await.is_exception(404, "NoSuchNameException");
    assert_eq!(server.get("/epcis/queries").await.json(), json!([]));
}

#[tokio::test]
async fn queries_are_listed_page_by_page() {
    let server = Server::start().await;
    for name in ["c", "a", "e", "b", "d"] {
        assert_eq!(server.post("/epcis/queries", &query(name)).await.status, 201);
    }
    let mut names = Vec::new();
    let mut path = Some("/epcis/queries?perPage=2".to_owned());
    while let Some(page) = path {
        let answer = server.get(&page).await;
        let list = answer.json();
        names.extend(list.as_array().unwrap().iter().map(|each| each["name"].clone()));
        path = answer.next();
    }
    assert_eq!(names, ["a", "b", "c", "d", "e"]);
}

#[tokio::test]
async fn a_stream_is_not_a_page() {
    let server = Server::start().await;
    assert_eq!(server.post("/epcis/queries", &query("q")).await.status, 201);
    for parameter in ["stream=true", "second=0", "reportIfEmpty=true"] {
        let answer = server.get(&format!("/epcis/queries/q/events?{parameter}")).await;
        answer.is_exception(400, "SubscriptionControlsException");
    }
}

#[tokio::test]
async fn a_wrong_query_is_refused() {
    let server = Server::start().await;
    for body in [
        json!({"name": "q", "query": {"EQ_nothing": ["x"]}}),
        json!({"name": "q", "query": {"GE_eventTime": "yesterday"}}),
        json!({"name": "q"}),
        json!({"query": {}}),
        json!({"name": "", "query": {}}),
        json!({"name": "q", "query": {}, "more": 1}),
        json!([]),
    ] {
        let answer = server.post("/epcis/queries", &body).await;
        answer.is_exception(400, "QueryValidationException");
    }
    for name in ["SimpleEventQuery", "SimpleMasterDataQuery"] {
        let answer = server.post("/epcis/queries", &query(name)).await;
        answer.is_exception(409, "ResourceAlreadyExistsException");
    }
}

#[tokio::test]
async fn a_query_keeps_the_prefixes_that_it_was_made_with() {
    let mut event = observed("1", 1);
    event["example:colour"] = json!("red");
    event["@context"] = json!([event["@context"], {"example": "http://ns.example.com/epcis/"}]);
    let server = Server::with(&[event, observed("2", 2)]).await;
    let body = json!({"name": "red", "query": {"EQ_example:colour": ["red"]}});
    let headers = [
        ("content-type", "application/json"),
        ("gs1-extensions", "example=http://ns.example.com/epcis/"),
    ];
    let answer = server.ask("POST", "/epcis/queries", &headers, body.to_string()).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    assert_eq!(server.get("/epcis/queries/red/events").await.serials(), ["1"]);
}
