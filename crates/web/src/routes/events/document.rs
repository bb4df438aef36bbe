//! The answer to a query, as an EPCIS document.

use std::fmt::Write;

use jiff::Timestamp;
use serde_json::Value;
use theriac_store::EventRecord;

use super::rfc3339;
use crate::problem::Problem;

const HEAD: &str = "{\"@context\":[\"https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld\"],\
    \"type\":\"EPCISQueryDocument\",\"schemaVersion\":\"2.0\"";

/// An `EPCISQueryDocument` of EPCIS 2.0 JSON-LD with the events as they were captured, each with its
/// `recordTime`.
pub(super) fn query_document(
    events: &[EventRecord],
    created: Timestamp,
) -> Result<String, Problem> {
    let mut document = String::from(HEAD);
    write!(
        document,
        ",\"creationDate\":\"{created}\",\"epcisBody\":{{\"queryResults\":{{\
         \"queryName\":\"SimpleEventQuery\",\"resultsBody\":{{\"eventList\":["
    )
    .expect("text takes text, because memory does not run out first");
    for (index, record) in events.iter().enumerate() {
        if index > 0 {
            document.push(',');
        }
        document.push_str(&body(record)?);
    }
    document.push_str("]}}}}");
    Ok(document)
}

fn body(record: &EventRecord) -> Result<String, Problem> {
    let mut event: Value =
        serde_json::from_str(&record.body).map_err(|error| Problem::internal(&error))?;
    if let Value::Object(fields) = &mut event {
        // The record time of this repository, whatever another one said.
        fields.insert("recordTime".to_owned(), rfc3339(record.record_time).into());
    }
    Ok(event.to_string())
}
