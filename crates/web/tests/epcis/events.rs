//! `/epcis/events`: one event in, events out, by parameters and by `eventID`.

use serde_json::json;

use crate::server::{Server, escape, observed};

#[tokio::test]
async fn one_event_is_captured_and_found_where_the_answer_says() {
    let server = Server::start().await;
    let mut event = observed("1", 1);
    event["eventID"] = json!("urn:uuid:831c0292-4de1-430a-8255-2aca821abaab");
    let answer = server.post("/epcis/events", &event).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    let location = answer.header("location");
    assert_eq!(location, "/epcis/events/urn:uuid:831c0292-4de1-430a-8255-2aca821abaab");
    assert_eq!(answer.json()["eventID"], event["eventID"]);
    assert!(answer.json()["recordTime"].is_string());
    let found = server.get(location).await.events();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["eventID"], event["eventID"]);
    assert!(found[0]["recordTime"].is_string());

    server.post("/epcis/events", &event).await.is_exception(409, "ResourceAlreadyExistsException");
    event["disposition"] = json!("active");
    server.post("/epcis/events", &event).await.is_exception(409, "ResourceAlreadyExistsException");
}

#[tokio::test]
async fn an_event_without_an_id_is_found_by_its_hash() {
    let server = Server::start().await;
    let answer = server.post("/epcis/events", &observed("1", 1)).await;
    let location = answer.header("location").to_owned();
    assert!(location.starts_with("/epcis/events/ni:%2F%2F%2Fsha-256%3B"), "{location}");
    let found = server.get(&location).await.events();
    assert!(found[0]["eventID"].as_str().unwrap().starts_with("ni:///sha-256;"));
    let id = escape(found[0]["eventID"].as_str().unwrap());
    assert_eq!(server.get(&format!("/epcis/events?EQ_eventID={id}")).await.events().len(), 1);
    server
        .post("/epcis/events", &observed("1", 1))
        .await
        .is_exception(409, "ResourceAlreadyExistsException");
}

#[tokio::test]
async fn an_error_declaration_stands_beside_the_event_that_it_declares() {
    let server = Server::start().await;
    let mut event = observed("1", 1);
    event["eventID"] = json!("urn:uuid:831c0292-4de1-430a-8255-2aca821abaab");
    assert_eq!(server.post("/epcis/events", &event).await.status, 201);
    event["errorDeclaration"] =
        json!({"declarationTime": "2026-03-02T08:00:00Z", "reason": "did_not_occur"});
    let answer = server.post("/epcis/events", &event).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    let found = server.get(answer.header("location")).await.events();
    assert_eq!(found.len(), 2);
    assert!(found[0]["errorDeclaration"].is_null() && found[1]["errorDeclaration"].is_object());
    let declared = server.get("/epcis/events?EXISTS_errorDeclaration=true").await.events();
    assert_eq!(declared.len(), 1);
}

#[tokio::test]
async fn an_event_that_breaks_the_standard_is_refused() {
    let server = Server::start().await;
    let mut event = observed("1", 1);
    event["eventTime"] = json!("yesterday");
    server.post("/epcis/events", &event).await.is_exception(400, "ValidationException");
    let mut event = observed("1", 1);
    event["action"] = json!("LOOK");
    server.post("/epcis/events", &event).await.is_exception(400, "ValidationException");
    server.post("/epcis/events", &json!([1])).await.is_exception(400, "ValidationException");
}

#[tokio::test]
async fn events_are_found_by_parameters() {
    let mut shipped = observed("3", 3);
    shipped["bizStep"] = json!("shipping");
    shipped["bizTransactionList"] =
        json!([{"type": "po", "bizTransaction": "http://transaction.acme.com/po/12345678"}]);
    shipped["example:colour"] = json!("red");
    shipped["@context"] = json!([shipped["@context"], {"example": "http://ns.example.com/epcis/"}]);
    let server = Server::with(&[observed("1", 1), observed("2", 2), shipped]).await;
    let place = escape("https://example.org/places/hall");
    let dock = escape("urn:epc:id:sgln:9521321.00002.dock");
    let pattern = escape("urn:epc:idpat:sgtin:9521321.012345.*");
    let field = escape("EQ_http://ns.example.com/epcis/colour");
    for (query, expected) in [
        ("".to_owned(), &["1", "2", "3"][..]),
        ("EQ_bizStep=shipping".to_owned(), &["3"]),
        ("EQ_bizStep=urn:epcglobal:cbv:bizstep:shipping".to_owned(), &["3"]),
        ("EQ_bizStep=shipping&EQ_bizStep=receiving".to_owned(), &["1", "2", "3"]),
        ("eventType=AggregationEvent".to_owned(), &[]),
        ("eventType=ObjectEvent".to_owned(), &["1", "2", "3"]),
        ("GE_eventTime=2026-03-01T08:02:00Z".to_owned(), &["2", "3"]),
        ("LT_eventTime=2026-03-01T08:02:00Z".to_owned(), &["1"]),
        ("EQ_action=ADD".to_owned(), &[]),
        (format!("EQ_bizLocation={place}"), &["1", "2", "3"]),
        (format!("EQ_readPoint={dock}&EQ_bizStep=receiving"), &["1", "2"]),
        (format!("MATCH_epc={pattern}"), &["1", "2", "3"]),
        ("MATCH_anyEPC=urn:epc:id:sgtin:9521321.012345.2".to_owned(), &["2"]),
        (
            format!("EQ_bizTransaction_po={}", escape("http://transaction.acme.com/po/12345678")),
            &["3"],
        ),
        (format!("{field}=red"), &["3"]),
        ("orderBy=eventTime&orderDirection=ASC".to_owned(), &["1", "2", "3"]),
        ("orderBy=eventTime".to_owned(), &["3", "2", "1"]),
        ("orderBy=eventTime&eventCountLimit=2".to_owned(), &["3", "2"]),
        ("orderBy=recordTime&orderDirection=ASC&eventCountLimit=1".to_owned(), &["1"]),
        ("maxEventCount=3".to_owned(), &["1", "2", "3"]),
    ] {
        let answer = server.get(&format!("/epcis/events?{query}")).await;
        assert_eq!(answer.serials(), expected, "{query}");
    }
    server.get("/epcis/events?maxEventCount=2").await.is_exception(413, "QueryTooLargeException");
    let headers = [("gs1-extensions", "example=http://ns.example.com/epcis/")];
    let by_prefix = server.get_with("/epcis/events?EQ_example:colour=red", &headers).await;
    assert_eq!(by_prefix.serials(), ["3"]);
    let own = server.get("/events?EQ_bizStep=shipping").await;
    assert_eq!(own.json()[0]["biz_step"], "shipping");
}
