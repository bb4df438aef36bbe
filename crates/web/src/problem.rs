//! Errors as problem+json (RFC 9457), each with a code that never changes its meaning.

mod code;
mod of_node;
mod reference;

pub use code::ProblemCode;
pub use reference::reference;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};

use crate::limits::RETRY_AFTER_S;

/// Media type of a problem.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// Why a request was not done, for the client.
///
/// In JSON `{"type":"urn:theriac:problem:code-unreadable","title":…,"status":422,"detail":…,
/// "hint":…}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The kind of problem.
    #[serde(rename = "type")]
    pub code: ProblemCode,
    /// The kind of problem, in words; the same for every occurrence.
    pub title: String,
    /// HTTP status.
    pub status: u16,
    /// What happened this time.
    pub detail: String,
    /// What to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// Seconds after which the client may ask again, for the header `Retry-After`.
    #[serde(skip)]
    pub retry_after_s: Option<u32>,
}

impl Problem {
    /// A problem with the usual hint of its code.
    pub fn new(code: ProblemCode, detail: impl Into<String>) -> Self {
        Self {
            code,
            title: code.title().to_owned(),
            status: code.status().as_u16(),
            detail: detail.into(),
            hint: Some(code.hint().to_owned()),
            retry_after_s: None,
        }
    }

    /// Replaces the hint by one that fits this occurrence.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Says when the client may ask again.
    #[must_use]
    pub fn with_retry_after(mut self, seconds: u32) -> Self {
        self.retry_after_s = Some(seconds);
        self
    }

    /// Something went wrong inside the node: it is logged here, and the client is not told what.
    pub(crate) fn internal(error: &(dyn std::error::Error + 'static)) -> Self {
        tracing::error!(error = %chain(error), "a request failed inside the node");
        Self::new(ProblemCode::Internal, "the node could not do it")
    }
}

/// An error and what it rests on, in one line.
pub(crate) fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut line = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let text = cause.to_string();
        if !line.ends_with(&text) {
            line = format!("{line}: {text}");
        }
        source = cause.source();
    }
    line
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_string(&self)
            .expect("a problem becomes JSON, because it is text and numbers");
        let mut response = (status, body).into_response();
        let usual = matches!(status, StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_EARLY)
            .then_some(RETRY_AFTER_S);
        let retry_after_s = self.retry_after_s.or(usual);
        // Below `/epcis` it is told in the words of the standard.
        response.extensions_mut().insert(self);
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        if let Some(seconds) = retry_after_s {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.detail)
    }
}

impl std::error::Error for Problem {}
