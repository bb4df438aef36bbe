//! Why a receiver gets no answer (EPCIS 2.0, section 8.2.6; EPCIS 1.2, section 8.2.8).

use jiff::Timestamp;
use serde_json::json;

use super::{Envelope, Message};

/// The exceptions that a receiver can be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallbackException {
    /// More events match than the query admits, or an event is larger than the receiver takes.
    QueryTooLarge,
    /// The query cannot be run.
    Implementation,
}

impl CallbackException {
    /// Its name in both versions of the standard.
    pub fn name(self) -> &'static str {
        match self {
            Self::QueryTooLarge => "QueryTooLargeException",
            Self::Implementation => "ImplementationException",
        }
    }

    fn status(self) -> u16 {
        match self {
            Self::QueryTooLarge => 413,
            Self::Implementation => 500,
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::QueryTooLarge => "More events match than the limit admits",
            Self::Implementation => "The node could not do it",
        }
    }
}

/// `RFC7807ProblemResponseBody`, with the time when it was made.
pub(super) fn to_json(
    envelope: &Envelope,
    kind: CallbackException,
    detail: &str,
    at: Timestamp,
) -> Message {
    let mut problem = json!({
        "type": format!("epcisException:{}", kind.name()),
        "title": kind.title(),
        "status": kind.status(),
        "detail": detail,
        "queryName": envelope.query_name,
        "creationDate": at.to_string(),
    });
    if let Some(id) = &envelope.subscription_id {
        problem["subscriptionID"] = json!(id);
    }
    Message { content_type: "application/problem+json", body: problem.to_string().into_bytes() }
}

/// An `EPCISQueryDocument` of version `1` (1.2) or `2` (2.0) with the exception.
pub(super) fn to_xml(
    envelope: &Envelope,
    kind: CallbackException,
    detail: &str,
    at: Timestamp,
    version: &str,
) -> Message {
    let schema = if version == "1" { "1.2" } else { "2.0" };
    let name = kind.name();
    let mut fields = element("reason", detail);
    if kind == CallbackException::Implementation {
        fields.push_str("<severity>ERROR</severity>");
    }
    fields.push_str(&element("queryName", &envelope.query_name));
    if let Some(id) = &envelope.subscription_id {
        fields.push_str(&element("subscriptionID", id));
    }
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\
         <epcisq:EPCISQueryDocument xmlns:epcisq=\"urn:epcglobal:epcis-query:xsd:{version}\" \
         schemaVersion=\"{schema}\" creationDate=\"{at}\"><EPCISBody><epcisq:{name}>{fields}\
         </epcisq:{name}></EPCISBody></epcisq:EPCISQueryDocument>"
    );
    Message { content_type: "application/xml", body: body.into_bytes() }
}

fn element(name: &str, text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '\t' | '\n' => escaped.push(' '),
            // Characters that XML 1.0 cannot hold.
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    format!("<{name}>{escaped}</{name}>")
}

#[cfg(test)]
mod tests {
    use theriac_epcis::EpcFormat;

    use super::super::PayloadForm;
    use super::*;

    fn envelope(form: PayloadForm) -> Envelope {
        let id = Some("s<1>".to_owned());
        Envelope { query_name: "q&a".into(), subscription_id: id, form, epc: EpcFormat::default() }
    }

    #[test]
    fn an_exception_is_a_problem_in_json() {
        let message = envelope(PayloadForm::Json).exception(
            CallbackException::QueryTooLarge,
            "expected at most 5 events",
            "2026-01-01T00:00:00Z".parse().unwrap(),
        );
        assert_eq!(message.content_type, "application/problem+json");
        let problem: serde_json::Value = serde_json::from_slice(&message.body).unwrap();
        assert_eq!(
            problem,
            json!({
                "type": "epcisException:QueryTooLargeException",
                "title": "More events match than the limit admits",
                "status": 413,
                "detail": "expected at most 5 events",
                "queryName": "q&a",
                "subscriptionID": "s<1>",
                "creationDate": "2026-01-01T00:00:00Z",
            })
        );
    }

    #[test]
    fn an_exception_stands_in_a_query_document_in_xml() {
        let message = envelope(PayloadForm::Xml12).exception(
            CallbackException::Implementation,
            "a\u{0}b",
            "2026-01-01T00:00:00Z".parse().unwrap(),
        );
        assert_eq!(
            message.into_text(),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><epcisq:EPCISQueryDocument \
             xmlns:epcisq=\"urn:epcglobal:epcis-query:xsd:1\" schemaVersion=\"1.2\" \
             creationDate=\"2026-01-01T00:00:00Z\"><EPCISBody><epcisq:ImplementationException>\
             <reason>a\u{fffd}b</reason><severity>ERROR</severity><queryName>q&amp;a</queryName>\
             <subscriptionID>s&lt;1&gt;</subscriptionID></epcisq:ImplementationException>\
             </EPCISBody></epcisq:EPCISQueryDocument>"
        );
    }
}
