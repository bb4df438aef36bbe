//! Each error of the standard with its status and type, in JSON and XML.

use axum::body::Body;
use serde_json::json;

use crate::server::{Server, observed};

#[tokio::test]
async fn every_error_is_an_exception_of_the_standard() {
    let server = Server::with(&[observed("1", 1)]).await;
    for (method, path, status, kind) in [
        ("GET", "/epcis/nothing", 404, "NoSuchResourceException"),
        ("GET", "/epcis/events/urn:uuid:nothing", 404, "NoSuchResourceException"),
        ("GET", "/epcis/capture/999", 404, "NoSuchResourceException"),
        ("GET", "/epcis/capture/x", 404, "NoSuchResourceException"),
        ("GET", "/epcis/bizSteps/nothing", 404, "NoSuchResourceException"),
        (
            "GET",
            "/epcis/epcs/urn:epc:id:sgtin:9521321.012345.2/events",
            404,
            "NoSuchResourceException",
        ),
        ("GET", "/epcis/epcs/%FF", 400, "ValidationException"),
        ("GET", "/epcis/capture/%00", 404, "NoSuchResourceException"),
        ("GET", "/epcis/queries/none", 404, "NoSuchNameException"),
        ("DELETE", "/epcis/queries/none", 404, "NoSuchNameException"),
        ("GET", "/epcis/queries/none/events", 404, "NoSuchNameException"),
        ("GET", "/epcis/queries/none/subscriptions", 404, "NoSuchNameException"),
        ("GET", "/epcis/queries/none/subscriptions/x", 404, "NoSuchResourceException"),
        ("PUT", "/epcis/events", 405, "ValidationException"),
        ("DELETE", "/epcis/capture/1", 405, "ValidationException"),
        ("GET", "/epcis/events?EQ_nothing=1", 400, "QueryParameterException"),
        ("GET", "/epcis/events?GE_eventTime=yesterday", 400, "QueryParameterException"),
        ("GET", "/epcis/events?perPage=0", 400, "QueryParameterException"),
        ("GET", "/epcis/events?nextPageToken=00", 400, "QueryParameterException"),
        ("GET", "/epcis/events?eventCountLimit=1", 400, "QueryParameterException"),
        (
            "GET",
            "/epcis/events?orderBy=eventTime&eventCountLimit=1&maxEventCount=1",
            400,
            "QueryParameterException",
        ),
        ("GET", "/epcis/events?EQ_example:colour=red", 400, "QueryParameterException"),
        ("GET", "/epcis/events?orderDirection=UP", 400, "QueryParameterException"),
        ("GET", "/epcis/bizSteps?x=1", 400, "QueryParameterException"),
        ("GET", "/epcis/events?maxEventCount=0", 413, "QueryTooLargeException"),
    ] {
        let answer = server.ask(method, path, &[], Body::empty()).await;
        answer.is_exception(status, kind);
        assert_eq!(answer.header("gs1-epcis-version"), "2.0.0");
    }
    let not_allowed = server.ask("PUT", "/epcis/events", &[], Body::empty()).await;
    assert!(not_allowed.header("allow").contains("POST"), "{not_allowed:?}");
    let long = format!("/epcis/events?EQ_eventID={}", "x".repeat(20_000));
    server.get(&long).await.is_exception(414, "URITooLongException");
}

#[tokio::test]
async fn an_error_is_told_in_xml_to_who_reads_it() {
    let server = Server::start().await;
    let headers = [("accept", "application/xml")];
    let answer = server.get_with("/epcis/events/urn:uuid:1", &headers).await;
    assert_eq!((answer.status, answer.header("content-type")), (404, "application/problem+xml"));
    let type_element = "<type>epcisException:NoSuchResourceException</type>";
    assert!(answer.text.contains("<epcis:EPCISException "), "{answer:?}");
    assert!(answer.text.contains(type_element) && answer.text.contains("<status>404</status>"));
}

#[tokio::test]
async fn bodies_of_another_kind_are_refused() {
    let server = Server::start().await;
    let event = observed("1", 1).to_string();
    for path in ["/epcis/events", "/epcis/capture", "/epcis/queries"] {
        let answer = server.ask("POST", path, &[("content-type", "text/csv")], event.clone()).await;
        answer.is_exception(415, "UnsupportedMediaTypeException");
    }
    let xml = [("content-type", "application/xml")];
    let answer = server.ask("POST", "/epcis/events", &xml, "<ObjectEvent/>").await;
    answer.is_exception(415, "UnsupportedMediaTypeException");
    let json = [("content-type", "application/json")];
    for path in ["/epcis/events", "/epcis/capture", "/epcis/queries"] {
        let answer = server.ask("POST", path, &json, "{\"no\":").await;
        assert_eq!(answer.status, 400, "{path}: {answer:?}");
        assert!(answer.json()["type"].as_str().unwrap().ends_with("ValidationException"));
    }
    let large = [("content-type", "application/json"), ("content-length", "99999999999999")];
    let answer = server.ask("POST", "/epcis/capture", &large, Body::empty()).await;
    answer.is_exception(413, "CaptureLimitExceededException");
    assert!(!answer.header("gs1-epcis-capture-file-size-limit").is_empty());
}

#[tokio::test]
async fn who_asks_from_elsewhere_is_refused() {
    let server = Server::start().await;
    for path in ["/epcis/", "/epcis/events", "/epcis/capture", "/epcis/queries"] {
        let elsewhere = [("x-forwarded-for", "192.0.2.7")];
        let answer = server.get_with(path, &elsewhere).await;
        answer.is_exception(403, "SecurityException");
    }
}

#[tokio::test]
async fn other_paths_keep_their_problems() {
    let server = Server::start().await;
    let answer = server.get("/nothing").await;
    assert_eq!(answer.json()["type"], "urn:theriac:problem:route-unknown");
    assert_eq!(answer.header("gs1-epcis-version"), "");
    let answer = server.get("/events?EQ_nothing=1").await;
    assert_eq!(
        (answer.status, &answer.json()["type"]),
        (400, &json!("urn:theriac:problem:parameter-wrong"))
    );
}
