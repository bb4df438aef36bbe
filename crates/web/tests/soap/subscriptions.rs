//! `subscribe`, `unsubscribe`, `getSubscriptionIDs`, and what is on record of a subscription.

use axum::body::Body;
use theriac_node::{DeliveryControls, PayloadForm};

use crate::receiver::Receiver;
use crate::server::{EPCIS_1, Server, observed, query_fields};

/// The message that subscribes to receipts.
pub(crate) fn subscribe(id: &str, query: &str, dest: &str, controls: &str) -> String {
    let fields = query_fields(
        query,
        &[("EQ_bizStep", "<string>urn:epcglobal:cbv:bizstep:receiving</string>")],
    );
    format!(
        "<q:Subscribe xmlns:q='{EPCIS_1}'>{fields}<dest>{dest}</dest>\
         <controls>{controls}</controls><subscriptionID>{id}</subscriptionID></q:Subscribe>"
    )
}

fn unsubscribe(id: &str) -> String {
    format!(
        "<q:Unsubscribe xmlns:q='{EPCIS_1}'><subscriptionID>{id}</subscriptionID></q:Unsubscribe>"
    )
}

async fn ids(server: &Server, query: &str) -> Vec<String> {
    let ask = format!(
        "<q:GetSubscriptionIDs xmlns:q='{EPCIS_1}'><queryName>{query}</queryName></q:GetSubscriptionIDs>"
    );
    server.send(&ask).await.strings()
}

const DEST: &str = "https://client.example.com/callback";
const CONTROLS: &str = "<schedule><hour>1</hour><minute>5,[10-20]</minute></schedule>\
    <initialRecordTime>2026-01-06T06:52:24.880Z</initialRecordTime><reportIfEmpty>true</reportIfEmpty>";

#[tokio::test]
async fn a_subscription_is_made_listed_and_ended() {
    let server = Server::start().await;
    let made = server.send(&subscribe("mine & ours", "SimpleEventQuery", DEST, CONTROLS)).await;
    made.is_fault(400, "ValidationException");
    let made = server.send(&subscribe("mine &amp; ours", "SimpleEventQuery", DEST, CONTROLS)).await;
    assert!(made.result().starts_with("<epcisq:SubscribeResult "), "{made:?}");
    let again =
        server.send(&subscribe("mine &amp; ours", "SimpleEventQuery", DEST, CONTROLS)).await;
    again.is_fault(500, "DuplicateSubscriptionException");
    assert_eq!(ids(&server, "SimpleEventQuery").await, ["mine &amp; ours"]);
    assert_eq!(ids(&server, "SimpleMasterDataQuery").await, [""; 0]);
    let ended = server.send(&unsubscribe("mine &amp; ours")).await;
    assert!(ended.result().starts_with("<epcisq:UnsubscribeResult "), "{ended:?}");
    server.send(&unsubscribe("mine &amp; ours")).await.is_fault(500, "NoSuchSubscriptionException");
    assert_eq!(ids(&server, "SimpleEventQuery").await, [""; 0]);
    assert_eq!(server.node.named_queries(None, 10).await.unwrap(), [], "its query went with it");
}

#[tokio::test]
async fn the_row_says_what_is_to_be_delivered() {
    let server = Server::start().await;
    server.send(&subscribe("a", "SimpleEventQuery", DEST, CONTROLS)).await.result();
    let record = server.node.subscription("soap-subscription:a", "a").await.unwrap().unwrap();
    assert_eq!(record.query, serde_json::json!({"EQ_bizStep": ["receiving"]}));
    assert_eq!((record.dest.as_str(), record.report_if_empty), (DEST, true));
    assert_eq!(record.initial_record_time, Some(1_767_682_344_880));
    assert!(record.next_at.is_some());
    let controls = DeliveryControls::read(&record.controls).unwrap();
    assert_eq!(
        (controls.form, controls.query_name.as_deref()),
        (PayloadForm::Xml12, Some("SimpleEventQuery"))
    );
    assert!(controls.when().unwrap().is_some());
    let trigger = format!(
        "<trigger>{}</trigger><reportIfEmpty>0</reportIfEmpty>",
        theriac_web::soap::TRIGGER
    );
    server.send(&subscribe("b", "SimpleEventQuery", DEST, &trigger)).await.result();
    let record = server.node.subscription("soap-subscription:b", "b").await.unwrap().unwrap();
    assert_eq!((record.next_at, record.initial_record_time), (None, None));
    assert!(DeliveryControls::read(&record.controls).unwrap().when().unwrap().is_none());
}

#[tokio::test]
async fn the_rest_interface_shows_it_and_soap_hides_its_query() {
    let server = Server::start().await;
    server.send(&subscribe("a", "SimpleEventQuery", DEST, CONTROLS)).await.result();
    let names = format!("<q:GetQueryNames xmlns:q='{EPCIS_1}'/>");
    assert_eq!(server.send(&names).await.strings().len(), 2);
    let path = "/epcis/queries/soap-subscription:a/subscriptions/a";
    let shown = server.ask("GET", path, &[], Body::empty()).await;
    assert_eq!(shown.status, 200, "{shown:?}");
    let gone = server.ask("DELETE", "/epcis/queries/soap-subscription:a", &[], Body::empty()).await;
    assert_eq!(gone.status, 204, "{gone:?}");
    assert_eq!(ids(&server, "SimpleEventQuery").await, [""; 0]);
}

#[tokio::test]
async fn a_query_left_over_without_its_subscription_is_no_hindrance() {
    let server = Server::start().await;
    let query = serde_json::json!({"eventType": ["ObjectEvent"]});
    server.node.create_query("soap-subscription:a", &query).await.unwrap();
    server.send(&unsubscribe("a")).await.is_fault(500, "NoSuchSubscriptionException");
    server.send(&subscribe("a", "SimpleEventQuery", DEST, CONTROLS)).await.result();
    assert_eq!(ids(&server, "SimpleEventQuery").await, ["a"]);
}

#[tokio::test]
async fn an_event_is_sent_in_epcis_1_2_when_it_is_recorded() {
    let server = Server::with(&["1"]).await;
    let receiver = Receiver::start().await;
    let trigger = format!(
        "<trigger>{}</trigger><reportIfEmpty>false</reportIfEmpty>",
        theriac_web::soap::TRIGGER
    );
    let message = subscribe("a", "SimpleEventQuery", &receiver.url(), &trigger);
    server.send(&message).await.result();
    assert!(!server.node.notify_subscribers().await.unwrap());
    server.capture(observed(&["22"])).await;
    assert!(server.node.notify_subscribers().await.unwrap());
    let messages = receiver.take();
    assert_eq!(messages.len(), 1, "{messages:?}");
    for part in [
        "<epcisq:EPCISQueryDocument xmlns:epcisq=\"urn:epcglobal:epcis-query:xsd:1\" schemaVersion=\"1.2\"",
        "<queryName>SimpleEventQuery</queryName><subscriptionID>a</subscriptionID>",
        "<epc>urn:epc:id:sgtin:9521321.012345.22</epc>",
    ] {
        assert!(messages[0].contains(part), "{part} in {messages:?}");
    }
    assert!(!messages[0].contains("012345.1<"), "{messages:?}");
}

#[tokio::test]
async fn of_two_clients_with_one_identifier_one_subscribes() {
    let server = Server::start().await;
    let message = subscribe("a", "SimpleEventQuery", DEST, CONTROLS);
    let (one, other) = tokio::join!(server.send(&message), server.send(&message));
    let (made, refused) = if one.status == 200 { (one, other) } else { (other, one) };
    made.result();
    refused.is_fault(500, "DuplicateSubscriptionException");
    assert_eq!(ids(&server, "SimpleEventQuery").await, ["a"]);
    server.send(&unsubscribe("a")).await.result();
}
