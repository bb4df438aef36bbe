//! The browsable collections and their events.

use serde_json::json;

use crate::server::{Server, escape, observed};

#[tokio::test]
async fn the_top_level_lists_the_resources() {
    let server = Server::start().await;
    for path in ["/epcis", "/epcis/"] {
        let list = server.get(path).await.json();
        assert_eq!(list["type"], "Collection");
        assert_eq!(list["member"].as_array().unwrap().len(), 9);
        assert!(list["@context"].is_string());
    }
}

#[tokio::test]
async fn collections_list_the_standard_and_what_events_name() {
    let mut event = observed("1", 1);
    event["bizStep"] = json!("https://example.org/steps/polishing");
    let server = Server::with(&[event, observed("2", 2)]).await;
    for (name, least, member) in [
        ("eventTypes", 5, "TransformationEvent"),
        ("bizSteps", 42, "https://example.org/steps/polishing"),
        ("bizSteps", 42, "void_shipping"),
        ("dispositions", 33, "in_progress"),
        ("bizLocations", 1, "https://example.org/places/hall"),
        ("readPoints", 1, "https://id.gs1.org/414/9521321000025/254/dock"),
        ("epcs", 2, "https://id.gs1.org/01/09521321123453/21/1"),
    ] {
        let mut members = Vec::new();
        let mut path = Some(format!("/epcis/{name}?perPage=20"));
        while let Some(page) = path {
            let answer = server.get(&page).await;
            let list = answer.json();
            assert_eq!(list["type"], "Collection");
            let found = list["member"].as_array().unwrap();
            assert!(!found.is_empty() && found.len() <= 20, "{page}");
            members.extend(found.iter().map(|member| member.as_str().unwrap().to_owned()));
            path = answer.next();
        }
        assert_eq!(members.len(), least, "{name}: {members:?}");
        let sample = members.iter().find(|each| each.contains("/21/1")).cloned();
        let member = if name == "epcs" { sample.unwrap() } else { member.to_owned() };
        assert!(members.contains(&member), "{name}: {members:?}");
        let mut sorted = members.clone();
        sorted.dedup();
        assert_eq!(sorted.len(), members.len(), "{name} lists nothing twice");
    }
}

#[tokio::test]
async fn a_member_leads_to_its_events() {
    let server = Server::with(&[observed("1", 1), observed("2", 2)]).await;
    let steps = ["receiving", "urn:epcglobal:cbv:bizstep:receiving"];
    let web = escape("https://ref.gs1.org/cbv/BizStep-receiving");
    for (path, expected) in [
        ("eventTypes/ObjectEvent".to_owned(), 2),
        ("eventTypes/AggregationEvent".to_owned(), 0),
        ("epcs/urn:epc:id:sgtin:9521321.012345.1".to_owned(), 1),
        (format!("bizSteps/{}", steps[0]), 2),
        (format!("bizSteps/{}", steps[1]), 2),
        (format!("bizSteps/{web}"), 2),
        ("bizSteps/shipping".to_owned(), 0),
        ("dispositions/in_progress".to_owned(), 2),
        (format!("bizLocations/{}", escape("https://example.org/places/hall")), 2),
        ("readPoints/urn:epc:id:sgln:9521321.00002.dock".to_owned(), 2),
    ] {
        let below = server.get(&format!("/epcis/{path}")).await;
        assert_eq!(below.json()["member"], json!(["events"]), "{path}");
        let events = server.get(&format!("/epcis/{path}/events")).await;
        assert_eq!(events.events().len(), expected, "{path}");
    }
    let narrowed = "/epcis/bizSteps/receiving/events?GE_eventTime=2026-03-01T08:02:00Z";
    assert_eq!(server.get(narrowed).await.serials(), ["2"]);
    for path in
        ["epcs/no", "epcs/urn:epc:id:sgtin:9521321.012345.7", "readPoints/x", "dispositions/x"]
    {
        for path in [format!("/epcis/{path}"), format!("/epcis/{path}/events")] {
            server.get(&path).await.is_exception(404, "NoSuchResourceException");
        }
    }
}
