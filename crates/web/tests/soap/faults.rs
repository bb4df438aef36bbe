//! Each exception of the standard that a request can bring about, and who may answer it.

use crate::server::{EPCIS_1, Server, poll, query_fields};
use crate::subscriptions::subscribe;

fn message(operation: &str, fields: &str) -> String {
    format!("<q:{operation} xmlns:q='{EPCIS_1}'>{fields}</q:{operation}>")
}

/// Schedule, and the two other fields that controls have.
fn controls(schedule: &str) -> String {
    format!("{schedule}<reportIfEmpty>false</reportIfEmpty>")
}

const HOURLY: &str = "<schedule><minute>0</minute></schedule>";
const DEST: &str = "http://127.0.0.1:9/";

#[tokio::test]
async fn every_exception_comes_from_what_the_standard_says() {
    let server = Server::with(&["1", "22"]).await;
    let one = "<string>ObjectEvent</string>";
    let many = "<string>a</string>".repeat(10_001);
    let all: &[(&str, Vec<String>)] = &[
        (
            "NoSuchNameException",
            vec![
                poll("OtherQuery", &[]),
                poll("soap-subscription:x", &[]),
                message("GetSubscriptionIDs", "<queryName>OtherQuery</queryName>"),
                subscribe("a", "OtherQuery", DEST, &controls(HOURLY)),
            ],
        ),
        (
            "QueryParameterException",
            vec![
                poll("SimpleEventQuery", &[("EQ_abcd", "X")]),
                poll("SimpleEventQuery", &[("GE_eventTime", "yesterday")]),
                poll("SimpleEventQuery", &[("eventType", one), ("eventType", one)]),
                poll("SimpleEventQuery", &[("eventCountLimit", "1")]),
                poll("SimpleMasterDataQuery", &[]),
                message(
                    "Subscribe",
                    &format!(
                        "{}<dest>{DEST}</dest><controls>{}</controls><subscriptionID>a</subscriptionID>",
                        query_fields("SimpleEventQuery", &[("EQ_abcd", "X")]),
                        controls(HOURLY)
                    ),
                ),
            ],
        ),
        ("QueryTooLargeException", vec![poll("SimpleEventQuery", &[("maxEventCount", "1")])]),
        ("QueryTooComplexException", vec![poll("SimpleEventQuery", &[("EQ_bizStep", &many)])]),
        (
            "NoSuchSubscriptionException",
            vec![message("Unsubscribe", "<subscriptionID>a</subscriptionID>")],
        ),
        (
            "SubscribeNotPermittedException",
            vec![subscribe("a", "SimpleMasterDataQuery", DEST, &controls(HOURLY))],
        ),
        (
            "InvalidURIException",
            vec![
                subscribe("a", "SimpleEventQuery", "htto://127.0.0.1/", &controls(HOURLY)),
                subscribe("a", "SimpleEventQuery", "callback", &controls(HOURLY)),
                subscribe("a", "SimpleEventQuery", "http:///a", &controls(HOURLY)),
            ],
        ),
        (
            "SubscriptionControlsException",
            vec![
                subscribe("a", "SimpleEventQuery", DEST, &controls("")),
                subscribe("a", "SimpleEventQuery", DEST, &controls("<schedule/>")),
                subscribe(
                    "a",
                    "SimpleEventQuery",
                    DEST,
                    &controls("<schedule><second>61</second></schedule>"),
                ),
                subscribe(
                    "a",
                    "SimpleEventQuery",
                    DEST,
                    &controls("<schedule><year>1</year></schedule>"),
                ),
                subscribe(
                    "a",
                    "SimpleEventQuery",
                    DEST,
                    &controls("<schedule><dayOfMonth>30</dayOfMonth><month>2</month></schedule>"),
                ),
                subscribe("a", "SimpleEventQuery", DEST, &controls("<trigger>urn:other</trigger>")),
                subscribe(
                    "a",
                    "SimpleEventQuery",
                    DEST,
                    &controls(&format!(
                        "{HOURLY}<trigger>{}</trigger>",
                        theriac_web::soap::TRIGGER
                    )),
                ),
            ],
        ),
        (
            "ValidationException",
            vec![
                message("Poll", "<params/>"),
                message("Unsubscribe", "<subscriptionID> </subscriptionID>"),
                message("Subscribe", "<queryName>SimpleEventQuery</queryName>"),
                subscribe(&"a".repeat(151), "SimpleEventQuery", DEST, &controls(HOURLY)),
                subscribe("a", "SimpleEventQuery", DEST, HOURLY),
                subscribe(
                    "a",
                    "SimpleEventQuery",
                    DEST,
                    &controls(&format!("{HOURLY}<initialRecordTime>now</initialRecordTime>")),
                ),
            ],
        ),
    ];
    for (exception, messages) in all {
        for message in messages {
            server.send(message).await.is_fault(500, exception);
        }
    }
    assert_eq!(server.node.named_queries(None, 10).await.unwrap(), [], "nothing was kept");
}

#[tokio::test]
async fn an_exception_that_names_its_query_does() {
    let server = Server::with(&["1", "22"]).await;
    let answer = server.poll("SimpleEventQuery", &[("maxEventCount", "1")]).await;
    assert!(
        answer.body().ends_with(
            "</reason><queryName>SimpleEventQuery</queryName></epcisq:QueryTooLargeException>\
             </detail></soap:Fault>"
        ),
        "{answer:?}"
    );
}
