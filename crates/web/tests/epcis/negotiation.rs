//! Media types, versions, forms of identifiers and words; `OPTIONS`, `HEAD`.

use axum::body::Body;

use crate::server::{Server, escape, observed};

/// Every path with the methods that it takes.
const PATHS: [(&str, &str); 25] = [
    ("/epcis", "OPTIONS, HEAD, GET"),
    ("/epcis/", "OPTIONS, HEAD, GET"),
    ("/epcis/capture", "OPTIONS, HEAD, GET, POST"),
    ("/epcis/capture/1", "OPTIONS, HEAD, GET"),
    ("/epcis/events", "OPTIONS, HEAD, GET, POST"),
    ("/epcis/events/urn:uuid:1", "OPTIONS, HEAD, GET"),
    ("/epcis/eventTypes", "OPTIONS, HEAD, GET"),
    ("/epcis/eventTypes/ObjectEvent", "OPTIONS, HEAD, GET"),
    ("/epcis/eventTypes/ObjectEvent/events", "OPTIONS, HEAD, GET"),
    ("/epcis/epcs", "OPTIONS, HEAD, GET"),
    ("/epcis/epcs/x", "OPTIONS, HEAD, GET"),
    ("/epcis/epcs/x/events", "OPTIONS, HEAD, GET"),
    ("/epcis/bizSteps", "OPTIONS, HEAD, GET"),
    ("/epcis/bizSteps/shipping", "OPTIONS, HEAD, GET"),
    ("/epcis/bizSteps/shipping/events", "OPTIONS, HEAD, GET"),
    ("/epcis/bizLocations", "OPTIONS, HEAD, GET"),
    ("/epcis/bizLocations/x/events", "OPTIONS, HEAD, GET"),
    ("/epcis/readPoints", "OPTIONS, HEAD, GET"),
    ("/epcis/readPoints/x/events", "OPTIONS, HEAD, GET"),
    ("/epcis/dispositions", "OPTIONS, HEAD, GET"),
    ("/epcis/dispositions/active/events", "OPTIONS, HEAD, GET"),
    ("/epcis/queries", "OPTIONS, HEAD, GET, POST"),
    ("/epcis/queries/q", "OPTIONS, HEAD, GET, DELETE"),
    ("/epcis/queries/q/events", "OPTIONS, HEAD, GET"),
    ("/epcis/queries/q/subscriptions", "OPTIONS, HEAD, GET, POST"),
];

#[tokio::test]
async fn options_tell_what_every_path_can_do() {
    let server = Server::start().await;
    for (path, allow) in PATHS {
        let answer = server.ask("OPTIONS", path, &[], Body::empty()).await;
        assert_eq!((answer.status, answer.header("allow")), (204, allow), "{path}");
        assert_eq!(answer.header("gs1-epcis-version"), "2.0.0");
        assert_eq!(answer.header("gs1-epcis-max"), "2.0.0");
        assert_eq!(answer.header("gs1-cbv-version"), "2.0.0");
        assert!(answer.header("gs1-epc-format").contains("Always_EPC_URN"));
        assert!(answer.header("gs1-cbv-xml-format").contains("Always_URN"));
        assert!(answer.header("gs1-vendor-version").starts_with("theriac-"));
        assert!(answer.header("gs1-extensions").contains("cbvmda="));
    }
    let capture = server.ask("OPTIONS", "/epcis/capture", &[], Body::empty()).await;
    assert_eq!(capture.header("gs1-capture-error-behaviour"), "all");
    assert_eq!(capture.header("gs1-epcis-min"), "1.0.0");
    assert!(capture.header("gs1-epcis-capture-limit").parse::<u64>().unwrap() > 1_000_000);
    assert!(capture.header("gs1-epcis-capture-file-size-limit").parse::<u64>().unwrap() > 1 << 30);
    let events = server.ask("OPTIONS", "/epcis/events", &[], Body::empty()).await;
    assert_eq!(events.header("gs1-epcis-min"), "1.2.0");
    assert_eq!(events.header("gs1-epcis-capture-limit"), "");
}

#[tokio::test]
async fn head_is_get_without_its_body() {
    let server = Server::with(&[observed("1", 1)]).await;
    for path in ["/epcis/", "/epcis/events", "/epcis/bizSteps", "/epcis/queries", "/epcis/capture"]
    {
        let get = server.get(path).await;
        let head = server.ask("HEAD", path, &[], Body::empty()).await;
        assert_eq!((head.status, head.text.as_str()), (200, ""), "{path}");
        assert_eq!(head.header("content-type"), get.header("content-type"));
    }
}

#[tokio::test]
async fn the_answer_has_the_form_that_is_accepted() {
    let server = Server::with(&[observed("1", 1)]).await;
    for (accept, status, media, version) in [
        ("application/json", 200, "application/json", "2.0.0"),
        ("application/ld+json", 200, "application/ld+json", "2.0.0"),
        ("application/xml", 200, "application/xml", "2.0.0"),
        ("text/xml", 200, "text/xml", "2.0.0"),
        ("*/*", 200, "application/json", "2.0.0"),
        ("application/json;q=0.2, application/xml;q=0.9", 200, "application/xml", "2.0.0"),
        ("text/html", 406, "application/problem+json", "2.0.0"),
        ("application/problem+xml", 406, "application/problem+xml", "2.0.0"),
    ] {
        for path in ["/epcis/events", "/epcis/bizSteps/receiving/events"] {
            let answer = server.get_with(path, &[("accept", accept)]).await;
            assert_eq!(answer.status, status, "{path} {accept}: {answer:?}");
            assert_eq!(answer.header("content-type"), media, "{path} {accept}");
            assert_eq!(answer.header("gs1-epcis-version"), version);
        }
    }
    for path in ["/epcis/bizSteps", "/epcis/queries", "/epcis/capture", "/epcis/bizSteps/shipping"]
    {
        assert_eq!(server.get_with(path, &[("accept", "application/xml")]).await.status, 406);
    }
    let top = server.get_with("/epcis/", &[("accept", "application/xml")]).await;
    assert!(top.text.contains("<member>eventTypes</member>"), "{top:?}");
}

#[tokio::test]
async fn versions_are_negotiated() {
    let server = Server::with(&[observed("1", 1)]).await;
    let old = [("gs1-epcis-max", "1.2.0"), ("accept", "application/xml")];
    let answer = server.get_with("/epcis/events", &old).await;
    assert_eq!((answer.status, answer.header("gs1-epcis-version")), (200, "1.2.0"), "{answer:?}");
    assert!(answer.text.contains("urn:epcglobal:epcis-query:xsd:1"), "{}", answer.text);
    for headers in [
        [("gs1-epcis-max", "1.2"), ("accept", "application/json")],
        [("gs1-epcis-min", "2.1"), ("accept", "*/*")],
        [("gs1-epcis-max", "1.1"), ("accept", "*/*")],
        [("gs1-cbv-min", "3.0"), ("accept", "*/*")],
        [("gs1-epcis-version", "3.0.0"), ("accept", "*/*")],
        [("gs1-epcis-version", "new"), ("accept", "*/*")],
        [("gs1-epc-format", "Sometimes"), ("accept", "*/*")],
        [("gs1-cbv-xml-format", "Sometimes"), ("accept", "*/*")],
    ] {
        let answer = server.get_with("/epcis/events", &headers).await;
        answer.is_exception(406, "NotAcceptableException");
    }
}

#[tokio::test]
async fn identifiers_and_words_have_the_form_that_is_asked_for() {
    let server = Server::with(&[observed("1", 1)]).await;
    let link = "https://id.gs1.org/01/09521321123453/21/1";
    let urn = "urn:epc:id:sgtin:9521321.012345.1";
    let link = link.replace("09521321123453", &gtin());
    for (format, expected) in [
        (None, link.as_str()),
        (Some("Always_GS1_Digital_Link"), link.as_str()),
        (Some("Always_EPC_URN"), urn),
        (Some("Never_Translates"), urn),
        (Some("No_Preference"), urn),
    ] {
        let headers: Vec<_> = format.map(|format| ("gs1-epc-format", format)).into_iter().collect();
        let answer = server.get_with("/epcis/events", &headers).await;
        assert_eq!(answer.events()[0]["epcList"][0], expected, "{format:?}");
        let word = format.unwrap_or("Always_GS1_Digital_Link");
        assert_eq!(answer.header("gs1-epc-format"), word);
    }
    for (format, expected) in [
        ("Always_Web_URI", "https://ref.gs1.org/cbv/BizStep-receiving"),
        ("Always_URN", "urn:epcglobal:cbv:bizstep:receiving"),
    ] {
        let headers = [("gs1-cbv-xml-format", format), ("accept", "application/xml")];
        let answer = server.get_with("/epcis/events", &headers).await;
        assert!(answer.text.contains(expected), "{}", answer.text);
    }
    let by_link = server.get(&format!("/epcis/events?MATCH_anyEPC={}", escape(&link))).await;
    assert_eq!(by_link.events().len(), 1);
}

#[tokio::test]
async fn what_came_in_as_digital_link_is_told_as_urn_by_the_operators_table() {
    let urn = "urn:epc:id:sgtin:9521321.012345.1";
    let link = format!("https://id.gs1.org/01/{}/21/1", gtin());
    let mut event = observed("1", 1);
    event["epcList"][0] = link.clone().into();
    for (table, expected) in [(None, link.as_str()), (Some("9521321,7\n"), urn)] {
        let server = Server::with_company_prefixes(table).await;
        assert_eq!(server.post("/epcis/events", &event).await.status, 201);
        for (format, expected) in [("Always_EPC_URN", expected), ("Never_Translates", &link)] {
            let answer = server.get_with("/epcis/events", &[("gs1-epc-format", format)]).await;
            assert_eq!(answer.events()[0]["epcList"][0], expected, "{format}");
        }
    }
}

/// The GTIN of the packs.
fn gtin() -> String {
    let epc = theriac_gs1::Identifier::from_uri("urn:epc:id:sgtin:9521321.012345.1").unwrap();
    epc.id.to_string().split('/').nth(4).unwrap().to_owned()
}
