//! Answers that are a success.

use serde_json::{Value, json};

use super::header;
use crate::epcis::Media;

/// What a success looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::openapi) enum Success {
    /// Text for people.
    Text,
    /// This document.
    OpenApi,
    /// JSON of this schema.
    Json(&'static str),
    /// A proof bundle.
    Bundle,
    /// Bytes.
    Bytes,
    /// A page for people, in HTML.
    Html,
    /// A file.
    File,
    /// A list of this schema.
    List(&'static str),
    /// A page of a list of this schema.
    PageOf(&'static str),
    /// JSON of this schema; it was made.
    Added(&'static str),
    /// JSON of this schema; it was accepted.
    Accepted(&'static str),
    /// The report of a capture, or its number.
    Captured,
    /// EPCIS: the resources.
    Resources,
    /// EPCIS: JSON of this schema.
    EpcisJson(&'static str),
    /// EPCIS: a page of a list of this schema.
    EpcisPage(&'static str),
    /// EPCIS: a page of names.
    Collection,
    /// EPCIS: the path of a capture job.
    Job,
    /// EPCIS: a capture job in JSON or XML.
    JobInBoth,
    /// EPCIS: a query document.
    Events,
    /// EPCIS: a query document, or the change to a WebSocket.
    EventsOrStream,
    /// EPCIS: an event that was captured.
    Event,
    /// EPCIS: the path of what was made.
    Made,
    /// EPCIS: a subscription that was made.
    Subscribed,
    /// EPCIS: a subscription.
    Subscription,
    /// EPCIS: it is gone.
    Gone,
    /// SOAP: the description of the service.
    Wsdl,
    /// SOAP: the result of an operation.
    Soap,
    /// What a Digital Link leads to.
    Resolved,
    /// Done, and nothing to say.
    Nothing,
    /// Nobody has said; a test finds it.
    Undescribed,
}

const PAGE: &[&str] = &["Link", "GS1-Next-Page-Token-Expires"];

impl Success {
    /// Its answers with their statuses.
    pub(super) fn answers(self) -> Vec<(&'static str, Value)> {
        match self {
            Self::Text => vec![("200", plain("text/plain", &json!({ "type": "string" })))],
            Self::OpenApi => vec![("200", own(&json!({ "$ref": schema("OpenApi") })))],
            Self::Json(name) => vec![("200", own(&json!({ "$ref": schema(name) })))],
            Self::Bundle => vec![("200", own(&json!({ "type": "object" })))],
            Self::Bytes => {
                let bytes = json!({ "type": "string", "format": "binary" });
                vec![("200", plain("application/octet-stream", &bytes))]
            }
            Self::Html => vec![("200", plain("text/html", &json!({ "type": "string" })))],
            Self::File => {
                let bytes = json!({ "type": "string", "format": "binary" });
                let mut answer = plain("application/octet-stream", &bytes);
                for media in ["application/xml", "application/ld+json", "text/csv"] {
                    answer["content"][media] = json!({ "schema": bytes });
                }
                vec![("200", answer)]
            }
            Self::List(name) => vec![("200", own(&list_of(name)))],
            Self::PageOf(name) => {
                let mut answer = own(&list_of(name));
                answer["headers"] = header::named(&[], PAGE);
                vec![("200", answer)]
            }
            Self::Added(name) => vec![("201", own(&json!({ "$ref": schema(name) })))],
            Self::Accepted(name) => vec![("202", own(&json!({ "$ref": schema(name) })))],
            Self::Captured => vec![("202", captured())],
            Self::Wsdl => vec![("200", plain("text/xml", &json!({ "type": "string" })))],
            Self::Soap => vec![("200", envelope("The result of the operation."))],
            Self::Resolved => resolved(),
            Self::Nothing => vec![("204", json!({ "description": "Done." }))],
            Self::Undescribed => Vec::new(),
            _ => self.of_epcis(),
        }
    }

    /// The answers below `/epcis`.
    fn of_epcis(self) -> Vec<(&'static str, Value)> {
        let refer = |name| json!({ "$ref": schema(name) });
        match self {
            Self::Resources => {
                vec![("200", both("ResourceCollection", "TopLevelResourceCollection"))]
            }
            Self::EpcisJson(name) => vec![("200", epcis(&refer(name), &[], &[]))],
            Self::EpcisPage(name) => vec![("200", epcis(&list_of(name), &[], PAGE))],
            Self::Collection => vec![("200", epcis(&refer("ResourceCollection"), &[], PAGE))],
            Self::Job => {
                let headers = header::epcis(&["Location", "GS1-Capture-Error-Behaviour"], &[]);
                vec![("202", bare("The document is durable; its job is at `Location`.", &headers))]
            }
            Self::JobInBoth => vec![("200", both("CaptureJob", "EPCISCaptureJob"))],
            Self::Events => vec![("200", events())],
            Self::EventsOrStream => {
                let headers = header::epcis(&["Upgrade"], &[]);
                let what = "Events follow over a WebSocket, each message a query document.";
                vec![("101", bare(what, &headers)), ("200", events())]
            }
            Self::Event => vec![("201", epcis(&refer("EpcisEvent"), &["Location"], &[]))],
            Self::Made => {
                vec![(
                    "201",
                    bare("Made; it is at `Location`.", &header::epcis(&["Location"], &[])),
                )]
            }
            Self::Subscribed => vec![("201", epcis(&refer("Subscription"), &["Location"], &[]))],
            Self::Subscription => {
                vec![("200", epcis(&refer("Subscription"), &["GS1-Query-Min-Record-Time"], &[]))]
            }
            _ => vec![("204", bare("Done; nothing of it is left.", &header::epcis(&[], &[])))],
        }
    }
}

fn schema(name: &str) -> String {
    format!("#/components/schemas/{name}")
}

fn list_of(name: &str) -> Value {
    json!({ "type": "array", "items": { "$ref": schema(name) } })
}

/// An answer of one media type.
fn plain(media: &str, schema: &Value) -> Value {
    json!({ "description": "As asked.", "content": { media: { "schema": schema } } })
}

/// An answer of one of Theriac's own paths.
fn own(schema: &Value) -> Value {
    plain("application/json", schema)
}

/// A SOAP envelope in the version of the request.
pub(super) fn envelope(what: &str) -> Value {
    let schema = json!({ "$ref": schema("Envelope") });
    json!({
        "description": what,
        "content": {
            "text/xml": { "schema": schema }, "application/soap+xml": { "schema": schema },
        },
    })
}

/// The answer to a capture.
fn captured() -> Value {
    let any =
        [json!({ "$ref": schema("CaptureReport") }), json!({ "$ref": schema("CaptureTicket") })];
    let mut answer = own(&json!({ "anyOf": any }));
    answer["description"] = "The document is durable: what became of its events, or the number of \
        the capture if they are still to come."
        .into();
    answer["headers"] = header::named(&["Location"], &[]);
    answer
}

/// A page, JSON or a linkset of this node, or the way to what was asked for.
fn resolved() -> Vec<(&'static str, Value)> {
    let page = json!({
        "description": "What this node says: a page, JSON, or all links (RFC 9264).",
        "headers": header::named(&[], &["Link"]),
        "content": {
            "text/html": { "schema": { "type": "string" } },
            "application/json": { "schema": { "type": "object" } },
            "application/linkset+json": { "schema": { "type": "object" } },
        },
    });
    let elsewhere = bare("The link asked for.", &header::named(&["Location"], &["Link"]));
    vec![("200", page), ("307", elsewhere)]
}

/// An answer without a body.
fn bare(what: &str, headers: &Value) -> Value {
    json!({ "description": what, "headers": headers })
}

/// An answer below `/epcis` that there is in JSON alone.
fn epcis(schema: &Value, required: &[&str], optional: &[&str]) -> Value {
    let mut answer = bare("As asked.", &header::epcis(required, optional));
    for media in Media::JSON {
        answer["content"][media.name()] = json!({ "schema": schema });
    }
    answer
}

/// An answer below `/epcis` that there is in JSON and XML.
fn both(json: &str, xml: &str) -> Value {
    let mut answer = epcis(&json!({ "$ref": schema(json) }), &[], &[]);
    for media in Media::ALL.iter().filter(|media| media.is_xml()) {
        answer["content"][media.name()] = json!({ "schema": { "$ref": schema(xml) } });
    }
    answer
}

/// Events as a query document.
fn events() -> Value {
    let mut answer = both("EpcisQueryDocument", "EPCISQueryDocument");
    let optional = ["Link", "GS1-Next-Page-Token-Expires", "GS1-CBV-XML-Format"];
    answer["headers"] = header::epcis(&["GS1-EPC-Format"], &optional);
    answer
}
