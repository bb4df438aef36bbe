//! What a request carries.

use serde_json::{Value, json};

use super::examples;
use crate::epcis::Media;

/// A body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Body {
    /// JSON of this schema.
    Json(&'static str),
    /// A list of this schema.
    ListOf(&'static str),
    /// EPCIS: JSON of this schema.
    EpcisJson(&'static str),
    /// The message of another node.
    Message,
    /// An EPCIS document; what it is is told by its beginning.
    AnyDocument,
    /// A file of any kind.
    File,
    /// EPCIS: a document.
    Document,
    /// SOAP: a message.
    Envelope,
    /// EPCIS: one event in JSON.
    Event,
}

/// The body as a request has it.
pub(super) fn request(body: Body) -> Value {
    let mut request = json!({ "required": true, "content": {} });
    let content = &mut request["content"];
    match body {
        Body::Json(name) => content["application/json"] = of(name),
        Body::ListOf(name) => {
            let items = of(name)["schema"].take();
            content["application/json"] = json!({ "schema": { "type": "array", "items": items } });
        }
        Body::File => {
            let bytes = json!({ "type": "string", "format": "binary" });
            content["application/octet-stream"] = json!({ "schema": bytes });
        }
        Body::EpcisJson(name) => {
            Media::JSON.iter().for_each(|media| content[media.name()] = of(name));
        }
        Body::Message => {
            content["application/octet-stream"] = json!({ "schema": {} });
        }
        Body::AnyDocument | Body::Document => {
            for media in Media::ALL {
                let name = if media.is_xml() { "EPCISDocument" } else { "EpcisDocument" };
                content[media.name()] = of(name);
            }
        }
        Body::Envelope => {
            content["text/xml"] = of("Envelope");
            content["application/soap+xml"] = of("Envelope");
        }
        Body::Event => {
            Media::JSON.iter().for_each(|media| content[media.name()] = of("EpcisEvent"))
        }
    }
    request
}

/// A schema with its example.
fn of(name: &str) -> Value {
    let mut content = json!({ "schema": { "$ref": format!("#/components/schemas/{name}") } });
    if let Some(example) = examples::of(name) {
        content["example"] = example;
    }
    content
}
