//! Errors of the EPCIS interface (EPCIS 2.0, section 12.6.2): one of the standard's exceptions with
//! an HTTP status, as problem+json or problem+xml.
//!
//! Whatever goes wrong below `/epcis` ends here: handlers return an [`Exception`], and what other
//! parts of the service refuse (who asks, overload, an unknown path) is mapped in
//! `of_problem.rs`.

mod kind;
mod of_node;
mod of_problem;
mod reference;

pub use kind::ExceptionKind;
pub(super) use of_problem::of_status;
pub(crate) use reference::write_reference;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::xml::Element;
use crate::limits::RETRY_AFTER_S;

/// Media type of a problem in XML (RFC 7807, section 6.2).
pub const MEDIA_TYPE_XML: &str = "application/problem+xml";

/// Why a request of the EPCIS interface was not done: `RFC7807ProblemResponseBody`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Exception {
    /// The standard's exception, `epcisException:…`.
    #[serde(rename = "type")]
    pub kind: ExceptionKind,
    /// The exception in words; the same for every occurrence.
    pub title: &'static str,
    /// HTTP status.
    pub status: u16,
    /// What happened this time.
    pub detail: String,
    /// What to do about it; Theriac's own member.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// The named query that failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query_name: Option<String>,
    /// The subscription that failed.
    #[serde(rename = "subscriptionID", skip_serializing_if = "Option::is_none")]
    pub subscription_id: Option<String>,
}

impl Exception {
    /// An exception with the usual status of its kind.
    pub fn new(kind: ExceptionKind, detail: impl Into<String>) -> Self {
        Self {
            kind,
            title: kind.title(),
            status: kind.status().as_u16(),
            detail: detail.into(),
            hint: None,
            query_name: None,
            subscription_id: None,
        }
    }

    /// Replaces the status, for what the standard has no exception of its own.
    #[must_use]
    pub fn with_status(mut self, status: StatusCode) -> Self {
        self.status = status.as_u16();
        self
    }

    /// Says what to do about it.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Names the query that failed.
    #[must_use]
    pub fn of_query(mut self, name: impl Into<String>) -> Self {
        self.query_name = Some(name.into());
        self
    }

    /// The element `EPCISException` of the namespace `urn:epcglobal:epcis:xsd:2`.
    pub fn to_xml(&self) -> String {
        let mut exception = Element::epcis("EPCISException");
        self.write_fields(&mut exception);
        exception.finish()
    }

    /// The children that `RFC7807ProblemResponseBodyType` has.
    pub(super) fn write_fields(&self, element: &mut Element) {
        element.text("type", &self.kind.urn());
        element.text("title", self.title);
        element.text("status", &self.status.to_string());
        element.text("detail", &self.detail);
    }

    /// The answer in the form that the client reads.
    pub(super) fn respond(self, as_xml: bool) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let (media_type, body) = match as_xml {
            true => (MEDIA_TYPE_XML, self.to_xml()),
            false => {
                let json = serde_json::to_string(&self);
                let json = json.expect("an exception becomes JSON, because it is text and numbers");
                (crate::problem::MEDIA_TYPE, json)
            }
        };
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
        if matches!(status, StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_EARLY) {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(RETRY_AFTER_S));
        }
        response
    }
}

impl IntoResponse for Exception {
    /// In JSON; the layer over `/epcis` finds the exception beside the answer, and writes it in XML
    /// if the client reads that.
    fn into_response(self) -> Response {
        let mut response = self.clone().respond(false);
        response.extensions_mut().insert(self);
        response
    }
}

impl std::fmt::Display for Exception {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.detail)
    }
}

impl std::error::Error for Exception {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exception_in_xml_is_escaped() {
        let exception = Exception::new(ExceptionKind::Validation, "expected <a>, found \"b\" & c");
        assert_eq!(
            exception.to_xml(),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\
             <epcis:EPCISException xmlns:epcis=\"urn:epcglobal:epcis:xsd:2\">\
             <type>epcisException:ValidationException</type>\
             <title>The document or request breaks a rule of the standard</title>\
             <status>400</status>\
             <detail>expected &lt;a&gt;, found &quot;b&quot; &amp; c</detail>\
             </epcis:EPCISException>"
        );
    }
}
