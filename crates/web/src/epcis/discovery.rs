//! `OPTIONS` of every path: methods, versions, forms and limits (EPCIS 2.0, section 12.7.3).

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, options};

use super::headers;
use super::terms::{CbvPreference, EpcPreference};
use super::version::Version;
use crate::limits::{CAPTURE_BYTES_MAX, CAPTURE_EVENTS_MAX};

/// The extensions that the node knows the meaning of; others are kept as they are.
pub(super) const EXTENSIONS: &str =
    "cbvmda=urn:epcglobal:cbv:mda,gs1ushc=http://epcis.gs1us.org/hc/ns";

/// Version of the program.
pub(super) const VENDOR: &str = concat!("theriac-", env!("CARGO_PKG_VERSION"));

/// What a path can do, as `OPTIONS` tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Discovery {
    /// The methods.
    pub(super) allow: &'static str,
    /// Whether documents are captured here.
    pub(super) captures: bool,
}

impl Discovery {
    /// A path with these methods.
    pub(super) const fn of(allow: &'static str) -> Self {
        Self { allow, captures: false }
    }

    /// The path that documents are captured at.
    pub(super) const CAPTURE: Self = Self { allow: "OPTIONS, HEAD, GET, POST", captures: true };

    /// What is only read.
    pub(super) const READ: Self = Self::of("OPTIONS, HEAD, GET");

    /// What is read and added to.
    pub(super) const WRITE: Self = Self::of("OPTIONS, HEAD, GET, POST");

    /// What is read and removed.
    pub(super) const REMOVE: Self = Self::of("OPTIONS, HEAD, GET, DELETE");

    /// What is only removed.
    pub(super) const GIVE_BACK: Self = Self::of("OPTIONS, DELETE");

    /// Adds `OPTIONS` to the methods of a path.
    pub(super) fn on<S: Clone + Send + Sync + 'static>(
        self,
        methods: MethodRouter<S>,
    ) -> MethodRouter<S> {
        methods.merge(options(move || async move { self.respond() }))
    }

    /// The answer to `OPTIONS`.
    pub(super) fn respond(self) -> Response {
        let mut headers = HeaderMap::new();
        headers.insert(header::ALLOW, HeaderValue::from_static(self.allow));
        let oldest = if self.captures { Version::V1_0 } else { Version::V1_2 };
        for (name, version) in [
            (headers::EPCIS_MIN, oldest),
            (headers::EPCIS_MAX, Version::V2_0),
            (headers::CBV_MIN, oldest),
            (headers::CBV_MAX, Version::V2_0),
        ] {
            insert(&mut headers, name, &version.to_string());
        }
        let forms: Vec<&str> = EpcPreference::ALL.iter().map(|form| form.word()).collect();
        insert(&mut headers, headers::EPC_FORMAT, &forms.join(","));
        let forms: Vec<&str> = CbvPreference::ALL.iter().map(|form| form.word()).collect();
        insert(&mut headers, headers::CBV_XML_FORMAT, &forms.join(","));
        if self.captures {
            insert(&mut headers, headers::CAPTURE_ERROR_BEHAVIOUR, "all");
            insert(&mut headers, headers::CAPTURE_LIMIT, &CAPTURE_EVENTS_MAX.to_string());
            insert(&mut headers, headers::CAPTURE_FILE_SIZE_LIMIT, &CAPTURE_BYTES_MAX.to_string());
        }
        (StatusCode::NO_CONTENT, headers).into_response()
    }
}

/// The methods of a path below `/epcis`.
pub(super) fn allowed(path: &str) -> &'static str {
    let segments: Vec<&str> = path.split('/').skip(2).collect();
    let discovery = match segments[..] {
        ["capture"] => Discovery::CAPTURE,
        ["events" | "queries"] | ["queries", _, "subscriptions"] => Discovery::WRITE,
        ["queries", _] | ["queries", _, "subscriptions", _] => Discovery::REMOVE,
        ["nextPageToken", _] => Discovery::GIVE_BACK,
        _ => Discovery::READ,
    };
    discovery.allow
}

/// Sets a header whose text holds no control characters.
pub(super) fn insert(headers: &mut HeaderMap, name: header::HeaderName, text: &str) {
    if let Ok(value) = HeaderValue::from_str(text) {
        headers.insert(name, value);
    }
}
