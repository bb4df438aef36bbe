//! Pages: stable while events come in, tokens of their own query, given back.

use crate::server::{Server, observed};

/// All serials from a page on, while an event comes in between two pages.
async fn all_while_writing(server: &Server, first: &str, serial: &mut u32) -> Vec<String> {
    let mut found = Vec::new();
    let mut path = Some(first.to_owned());
    while let Some(page) = path {
        let answer = server.get(&page).await;
        found.extend(answer.serials());
        path = answer.next();
        *serial += 1;
        // Earlier and later than all others, in turn.
        let minute = if serial.is_multiple_of(2) { 0 } else { 59 };
        let event = observed(&format!("new{serial}"), minute);
        assert_eq!(server.post("/epcis/events", &event).await.status, 201);
    }
    found
}

#[tokio::test]
async fn pages_show_what_was_there_when_the_first_was_asked_for() {
    let serials: Vec<String> = (10..17).map(|serial| serial.to_string()).collect();
    // By time the other way round than on record.
    let events: Vec<_> = serials
        .iter()
        .zip((10..30).rev())
        .map(|(serial, minute)| observed(serial, minute))
        .collect();
    let server = Server::with(&events).await;
    let mut serial = 100;
    let reversed: Vec<String> = serials.iter().rev().cloned().collect();
    let since = "GE_eventTime=2026-03-01T08:10:00Z&LT_eventTime=2026-03-01T08:40:00Z";
    for (query, expected) in [
        ("", &serials),
        ("&orderBy=recordTime&orderDirection=ASC", &serials),
        ("&orderBy=recordTime", &reversed),
        ("&orderBy=eventTime&orderDirection=ASC", &reversed),
        ("&orderBy=eventTime", &serials),
        ("&orderBy=eventTime&eventCountLimit=7", &serials),
    ] {
        let path = format!("/epcis/events?perPage=2&{since}{query}");
        let found = all_while_writing(&server, &path, &mut serial).await;
        let expected = if query.is_empty() { &reversed } else { expected };
        assert_eq!(&found, expected, "{query}");
    }
    let whole = all_while_writing(&server, "/epcis/events?perPage=3", &mut serial).await;
    assert_eq!(whole[..7], serials[..]);
    let mut once = whole.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), whole.len(), "no event is on two pages");
}

#[tokio::test]
async fn a_token_is_good_for_its_own_query_until_it_is_given_back() {
    let events: Vec<_> = (1..6).map(|serial| observed(&serial.to_string(), serial)).collect();
    let server = Server::with(&events).await;
    let next = server.get("/epcis/events?perPage=2").await.next().unwrap();
    let token = next.rsplit('=').next().unwrap().to_owned();
    assert_eq!(server.get(&next).await.serials(), ["3", "4"]);
    assert_eq!(server.get(&next).await.serials(), ["3", "4"], "a page can be asked for again");
    for path in [
        "/epcis/events?EQ_bizStep=receiving&perPage=2",
        "/epcis/bizSteps/receiving/events?perPage=2",
        "/epcis/events?orderBy=eventTime",
        "/events?perPage=2",
    ] {
        let answer = server.get(&format!("{path}&nextPageToken={token}")).await;
        assert_eq!(answer.status, 400, "{path}");
    }
    let removed = server.delete(&format!("/epcis/nextPageToken/{token}")).await;
    assert_eq!((removed.status, removed.text.as_str()), (204, ""));
    server.get(&next).await.is_exception(400, "QueryParameterException");
    assert_eq!(server.delete(&format!("/epcis/nextPageToken/{token}")).await.status, 204);
    assert_eq!(server.delete("/epcis/nextPageToken/none").await.status, 204);
}

#[tokio::test]
async fn an_order_that_no_index_has_is_paged_as_well() {
    let coloured = |serial: u32, weight: u32| {
        let mut event = observed(&serial.to_string(), serial);
        event["example:weight"] = serde_json::json!(weight);
        event["@context"] =
            serde_json::json!([event["@context"], {"example": "http://ns.example.com/epcis/"}]);
        event
    };
    let events = [coloured(1, 30), coloured(2, 10), coloured(3, 200), coloured(4, 20)];
    let server = Server::with(&events).await;
    let field = crate::server::escape("http://ns.example.com/epcis/weight");
    let mut serial = 500;
    for (direction, expected) in [("ASC", ["2", "4", "1", "3"]), ("DESC", ["3", "1", "4", "2"])] {
        let path = format!(
            "/epcis/events?orderBy={field}&orderDirection={direction}&perPage=3&EXISTS_{field}=true"
        );
        assert_eq!(all_while_writing(&server, &path, &mut serial).await, expected);
    }
}
