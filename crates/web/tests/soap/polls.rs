//! `poll`: what a result looks like, named queries, EPCIS 2.0.

use axum::body::Body;
use theriac_epcis::judge;

use crate::server::{SOAP_1_1, Server, envelope, query_fields};

#[tokio::test]
async fn events_are_told_in_epcis_1_2_with_their_record_time() {
    let server = Server::with(&["1", "22"]).await;
    let pattern = "<string>urn:epc:idpat:sgtin:9521321.012345.22</string>";
    let answer = server.poll("SimpleEventQuery", &[("MATCH_epc", pattern)]).await;
    let result = answer.result();
    for part in [
        "<epcisq:QueryResults xmlns:epcisq=\"urn:epcglobal:epcis-query:xsd:1\">\
         <queryName>SimpleEventQuery</queryName><resultsBody><EventList><ObjectEvent>",
        "<eventTime>2026-03-01T08:02:00Z</eventTime><recordTime>",
        "<epc>urn:epc:id:sgtin:9521321.012345.22</epc>",
        "<bizStep>urn:epcglobal:cbv:bizstep:receiving</bizStep>",
        "</ObjectEvent></EventList></resultsBody></epcisq:QueryResults>",
    ] {
        assert!(result.contains(part), "{part} in {result}");
    }
    assert_eq!(result.matches("<ObjectEvent>").count(), 1);
    is_valid(result);
    let none = server.poll("SimpleEventQuery", &[("eventType", "<string>None</string>")]).await;
    assert!(
        none.result().contains("<resultsBody><EventList></EventList></resultsBody>"),
        "{none:?}"
    );
}

/// A result is what the schema of EPCIS 1.2 has in the body of a query document.
fn is_valid(result: &str) {
    let document = format!(
        "<q:EPCISQueryDocument xmlns:q=\"{}\" schemaVersion=\"1.2\" \
         creationDate=\"2026-03-01T09:00:00Z\"><EPCISBody>{result}</EPCISBody></q:EPCISQueryDocument>",
        crate::server::EPCIS_1
    );
    let mut findings = Vec::new();
    judge(document.as_bytes(), &mut |finding| findings.push(format!("{finding:?}"))).unwrap();
    assert!(findings.is_empty(), "{findings:#?} in {document}");
}

#[tokio::test]
async fn order_and_limit_are_kept() {
    let server = Server::with(&["1", "333", "22"]).await;
    let limits = [("orderBy", "eventTime"), ("orderDirection", "DESC"), ("eventCountLimit", "2")];
    let answer = server.poll("SimpleEventQuery", &limits).await;
    let serials: Vec<&str> = answer.result().split("012345.").skip(1).collect();
    let serials: Vec<&str> = serials.iter().map(|text| text.split('<').next().unwrap()).collect();
    assert_eq!(serials, ["333", "22"]);
}

#[tokio::test]
async fn a_message_of_epcis_2_0_is_answered_in_kind() {
    let server = Server::with(&["1"]).await;
    let fields = query_fields("SimpleEventQuery", &[]);
    let message = format!("<q:Poll xmlns:q='urn:epcglobal:epcis-query:xsd:2'>{fields}</q:Poll>");
    let answer = server.post(envelope(SOAP_1_1, &message)).await;
    let result = answer.result();
    assert!(
        result.contains("<epcisq:QueryResults xmlns:epcisq=\"urn:epcglobal:epcis-query:xsd:2\">")
    );
    assert!(
        result.contains("<bizStep>https://ref.gs1.org/cbv/BizStep-receiving</bizStep>"),
        "{result}"
    );
    assert!(result.contains("<epc>urn:epc:id:sgtin:9521321.012345.1</epc>"), "{result}");
}

#[tokio::test]
async fn a_named_query_is_listed_and_asked_with_further_parameters() {
    let server = Server::with(&["1", "22"]).await;
    let query = r#"{"name": "received", "query": {"EQ_bizStep": ["receiving"]}}"#;
    let json = [("content-type", "application/json")];
    let made = server.ask("POST", "/epcis/queries", &json, Body::from(query)).await;
    assert_eq!(made.status, 201, "{made:?}");
    let names = format!("<q:GetQueryNames xmlns:q='{}'/>", crate::server::EPCIS_1);
    let names = server.send(&names).await.strings();
    assert_eq!(names, ["SimpleEventQuery", "SimpleMasterDataQuery", "received"]);
    let all = server.poll("received", &[]).await;
    assert!(all.result().contains("<queryName>received</queryName>"), "{all:?}");
    assert_eq!(all.result().matches("<ObjectEvent>").count(), 2);
    let early = server.poll("received", &[("LT_eventTime", "2026-03-01T08:02:00Z")]).await;
    assert_eq!(early.result().matches("<ObjectEvent>").count(), 1);
}
