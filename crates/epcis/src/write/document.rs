//! A document of events, written in a stream.

use std::io::{self, Write};

use jiff::Timestamp;

use super::json::to_json;
use crate::event::Event;

/// The context that every document names; it is never fetched.
const CONTEXT: &str = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld";

/// What a document says about itself (EPCIS 2.0, section 10.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentHeader {
    /// When the document is made.
    pub creation_date: Timestamp,
    /// The document's own identifier; an absolute URI.
    pub id: Option<String>,
    /// The query that it answers: the document is then an `EPCISQueryDocument`.
    pub query_name: Option<String>,
    /// The subscription that it answers; only with `query_name`.
    pub subscription_id: Option<String>,
}

impl DocumentHeader {
    /// A capture document of this time.
    #[must_use]
    pub fn new(creation_date: Timestamp) -> Self {
        Self { creation_date, id: None, query_name: None, subscription_id: None }
    }
}

/// Writes an `EPCISDocument` or `EPCISQueryDocument` of EPCIS 2.0 JSON-LD, one event at a time.
///
/// # Errors
///
/// Those of `out`.
pub fn write_document<'a>(
    events: impl Iterator<Item = &'a Event>,
    header: &DocumentHeader,
    mut out: impl Write,
) -> io::Result<()> {
    let kind = if header.query_name.is_some() { "EPCISQueryDocument" } else { "EPCISDocument" };
    write!(out, "{{\"@context\":[\"{CONTEXT}\"],")?;
    if let Some(id) = &header.id {
        write!(out, "\"id\":{},", json_text(id))?;
    }
    let date = header.creation_date;
    write!(out, "\"type\":\"{kind}\",\"schemaVersion\":\"2.0\",\"creationDate\":\"{date}\",")?;
    out.write_all(b"\"epcisBody\":{")?;
    if let Some(name) = &header.query_name {
        write!(out, "\"queryResults\":{{\"queryName\":{},", json_text(name))?;
        if let Some(subscription) = &header.subscription_id {
            write!(out, "\"subscriptionID\":{},", json_text(subscription))?;
        }
        out.write_all(b"\"resultsBody\":{")?;
    }
    out.write_all(b"\"eventList\":[")?;
    for (index, event) in events.enumerate() {
        if index > 0 {
            out.write_all(b",")?;
        }
        serde_json::to_writer(&mut out, &to_json(event))?;
    }
    out.write_all(if header.query_name.is_some() { b"]}}}}" } else { b"]}}" })?;
    out.flush()
}

fn json_text(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
