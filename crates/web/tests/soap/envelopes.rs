//! Envelopes: both versions of SOAP, both versions of EPCIS, prefixes, and what is none.

use axum::body::Body;

use crate::server::{EPCIS_1, SOAP_1_1, SOAP_1_2, Server, envelope};

const PATH: &str = theriac_web::soap::PATH;

fn ask(operation: &str, namespace: &str) -> String {
    format!("<q:{operation} xmlns:q='{namespace}'/>")
}

#[tokio::test]
async fn versions_are_told_in_the_namespace_of_the_question() {
    let server = Server::start().await;
    let version = server.send(&ask("GetStandardVersion", EPCIS_1)).await;
    assert_eq!(
        version.result(),
        "<epcisq:GetStandardVersionResult xmlns:epcisq=\"urn:epcglobal:epcis-query:xsd:1\">1.2\
         </epcisq:GetStandardVersionResult>"
    );
    let version = server.send(&ask("GetStandardVersion", "urn:epcglobal:epcis-query:xsd:2")).await;
    assert_eq!(
        version.result(),
        "<epcisq:GetStandardVersionResult xmlns:epcisq=\"urn:epcglobal:epcis-query:xsd:2\">2.0\
         </epcisq:GetStandardVersionResult>"
    );
    let vendor = server.send(&ask("GetVendorVersion", EPCIS_1)).await;
    assert!(vendor.result().ends_with("\"></epcisq:GetVendorVersionResult>"), "{vendor:?}");
}

#[tokio::test]
async fn prefixes_declarations_and_white_space_make_no_difference() {
    let server = Server::start().await;
    let texts = [
        format!(
            "<?xml version='1.0'?>\n<!-- a --><Envelope xmlns='{SOAP_1_1}'>\n<Body>\n\
                 <GetQueryNames xmlns='{EPCIS_1}'>\n</GetQueryNames></Body> </Envelope>\n"
        ),
        format!(
            "\u{feff}<x:Envelope xmlns:x='{SOAP_1_1}' xmlns:y='{EPCIS_1}'><x:Header><h \
                 mustUnderstand='1'/></x:Header><x:Body><y:GetQueryNames/></x:Body></x:Envelope>"
        ),
    ];
    for text in texts {
        let names = server.post(text).await.strings();
        assert_eq!(names, ["SimpleEventQuery", "SimpleMasterDataQuery"]);
    }
}

#[tokio::test]
async fn soap_1_2_is_answered_in_kind() {
    let server = Server::start().await;
    let headers = [("content-type", "application/soap+xml; charset=utf-8; action=\"poll\"")];
    let names = envelope(SOAP_1_2, &ask("GetQueryNames", EPCIS_1));
    let answer = server.ask("POST", PATH, &headers, names).await;
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (200, "application/soap+xml; charset=utf-8")
    );
    assert!(answer.text.contains(&format!("<soap:Envelope xmlns:soap=\"{SOAP_1_2}\">")));
    let wrong = envelope(SOAP_1_2, &ask("Poll", EPCIS_1));
    let answer = server.ask("POST", PATH, &headers, wrong).await;
    assert_eq!((answer.status, answer.exception()), (400, Some("ValidationException")));
    assert!(
        answer.body().starts_with("<soap:Fault><soap:Code><soap:Value>soap:Sender<"),
        "{answer:?}"
    );
}

#[tokio::test]
async fn what_soap_has_a_code_for_is_told_by_it() {
    let server = Server::start().await;
    let old = envelope("http://schemas.xmlsoap.org/soap/", &ask("GetQueryNames", EPCIS_1));
    let answer = server.post(old).await;
    assert_eq!((answer.status, answer.exception()), (500, None));
    assert!(answer.body().contains("<faultcode>soap:VersionMismatch</faultcode>"), "{answer:?}");
    let strict = format!(
        "<s:Envelope xmlns:s='{SOAP_1_1}'><s:Header><w:Security xmlns:w='urn:w' s:mustUnderstand='1'/>\
         </s:Header><s:Body>{}</s:Body></s:Envelope>",
        ask("GetQueryNames", EPCIS_1)
    );
    let answer = server.post(strict).await;
    assert_eq!((answer.status, answer.exception()), (500, None));
    assert!(answer.body().contains("<faultcode>soap:MustUnderstand</faultcode>"), "{answer:?}");
}

#[tokio::test]
async fn what_is_no_message_is_a_validation_exception() {
    let server = Server::start().await;
    let entity = "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>".to_owned()
        + &envelope(SOAP_1_1, &ask("GetQueryNames", EPCIS_1));
    for text in ["", "poll", "<a", "<a/>", &entity, "{\"poll\": 1}"] {
        server.post(text.to_owned()).await.is_fault(400, "ValidationException");
    }
    server.post(vec![0xff, 0xfe, 0x00]).await.is_fault(400, "ValidationException");
    let deep = format!("{}{}", "<a>".repeat(100), "</a>".repeat(100));
    server.post(deep).await.is_fault(413, "ValidationException");
    for message in [
        "",
        "<a/>",
        "text",
        &ask("GetQueryNames", "urn:other"),
        &ask("Poll", EPCIS_1),
        &ask("Capture", EPCIS_1),
        &ask("QueryResults", EPCIS_1),
        &ask("GetQueryNames", EPCIS_1).repeat(2),
    ] {
        server.send(message).await.is_fault(500, "ValidationException");
    }
    let bodiless = format!("<s:Envelope xmlns:s='{SOAP_1_1}'/>");
    server.post(bodiless).await.is_fault(500, "ValidationException");
}

#[tokio::test]
async fn what_http_refuses_is_a_fault_too() {
    let server = Server::start().await;
    let message = envelope(SOAP_1_1, &ask("GetQueryNames", EPCIS_1));
    let xml = ("content-type", "text/xml");
    let json = [("content-type", "application/json")];
    server.ask("POST", PATH, &json, message.clone()).await.is_fault(415, "ValidationException");
    let answer = server.ask("PUT", PATH, &[xml], message.clone()).await;
    assert_eq!(answer.is_fault_of(405), "ValidationException");
    let large = vec![b' '; theriac_web::soap::limits::SOAP_BYTES_MAX + 1];
    server.post(large).await.is_fault(413, "ValidationException");
    for header in [("forwarded", "for=192.0.2.7"), ("origin", "https://example.org")] {
        let answer = server.ask("POST", PATH, &[xml, header], message.clone()).await;
        answer.is_fault(403, "SecurityException");
        let answer = server.ask("GET", "/epcis/soap?wsdl", &[header], Body::empty()).await;
        answer.is_fault(403, "SecurityException");
    }
}
