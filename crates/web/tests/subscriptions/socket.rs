//! WebSockets: what comes on record comes to whoever listens.

use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;

use crate::served::{PATIENCE, Served, Socket, serials};

/// The next message that is no ping.
async fn next(socket: &mut Socket) -> Message {
    loop {
        let message = timeout(PATIENCE, socket.next()).await.unwrap().unwrap().unwrap();
        if !message.is_ping() {
            return message;
        }
    }
}

async fn document(socket: &mut Socket) -> Value {
    match next(socket).await {
        Message::Text(text) => serde_json::from_str(&text).unwrap(),
        other => panic!("expected a text, found {other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn events_captured_afterwards_come_in_order() {
    let served = Served::start().await;
    served.observe("before").await;
    let mut streams = [
        served.listen("?stream=true").await,
        served.listen("?stream=true&EQ_bizStep=receiving").await,
    ];
    let mut others = served.listen("?stream=true&EQ_bizStep=shipping").await;
    for serial in ["one", "two", "three"] {
        served.observe(serial).await;
    }
    for stream in &mut streams {
        let mut found = Vec::new();
        while found.len() < 3 {
            found.extend(serials(&document(stream).await));
        }
        assert_eq!(found, ["one", "two", "three"]);
    }
    // A text is no message that means anything; a close is answered.
    others.send(Message::text("hello")).await.unwrap();
    others.close(None).await.unwrap();
    assert!(matches!(next(&mut others).await, Message::Close(_)));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_initial_record_time_and_the_form_of_epcs_are_heeded() {
    let served = Served::start().await;
    served.observe("first").await;
    let mut handshake = served.handshake("?stream=true&initialRecordTime=2020-01-01T00:00:00Z");
    handshake.headers_mut().insert("GS1-EPC-Format", "Always_EPC_URN".parse().unwrap());
    let (mut socket, answer) = tokio_tungstenite::connect_async(handshake).await.unwrap();
    assert_eq!(answer.status(), 101);
    let document = document(&mut socket).await;
    assert_eq!(serials(&document), ["first"]);
    assert!(document.to_string().contains("urn:epc:id:sgtin:9521321.012345.first"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_schedule_runs_and_reports_that_nothing_came() {
    let served = Served::start().await;
    let mut socket = served.listen("?second=*&reportIfEmpty=true").await;
    assert_eq!(serials(&document(&mut socket).await), [""; 0]);
    served.observe("scheduled").await;
    loop {
        let found = serials(&document(&mut socket).await);
        if !found.is_empty() {
            assert_eq!(found, ["scheduled"]);
            break;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_that_is_deleted_ends_its_streams() {
    let served = Served::start().await;
    let mut socket = served.listen("?stream=true").await;
    assert_eq!(served.delete("/epcis/queries/all").await, 204);
    let Message::Close(Some(CloseFrame { code, reason })) = next(&mut socket).await else {
        panic!("expected a close with its reason");
    };
    assert_eq!((u16::from(code), reason.as_str()), (1000, "the query was deleted"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_handshake_is_refused_in_words() {
    let served = Served::start().await;
    for parameters in ["", "?EQ_bizStep=shipping", "?stream=true&hour=1", "?stream=1", "?hour=25"] {
        let problem = served.refused(served.handshake(parameters)).await;
        assert_eq!(problem["type"], "epcisException:SubscriptionControlsException", "{problem}");
        assert_eq!(problem["status"], 400);
    }
    let problem = served.refused(served.handshake("?stream=true&EQ_nothing=x")).await;
    assert_eq!(problem["type"], "epcisException:QueryParameterException", "{problem}");
    let mut page = served.handshake("?stream=true");
    page.headers_mut().insert("Origin", "https://example.org".parse().unwrap());
    let problem = served.refused(page).await;
    assert_eq!(problem["type"], "epcisException:SecurityException", "{problem}");
    let (status, problem) = served.get("/epcis/queries/all/events?stream=true").await;
    assert_eq!(
        (status, &problem["type"]),
        (400, &json!("epcisException:SubscriptionControlsException"))
    );
    let (status, problem) = served.get("/epcis/queries/none/events?stream=true").await;
    assert_eq!((status, &problem["type"]), (404, &json!("epcisException:NoSuchNameException")));
}
