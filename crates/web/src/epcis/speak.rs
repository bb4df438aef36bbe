//! The layer over `/epcis`: every answer carries the versions, every error is the standard's.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

use super::accept::Accept;
use super::discovery::{EXTENSIONS, VENDOR, allowed, insert};
use super::exception::{Exception, ExceptionKind, of_status};
use super::headers;
use super::version::Version;
use crate::limits::URI_BYTES_MAX;
use crate::problem::Problem;

/// Answers a request in the words of EPCIS 2.0 if its path lies below `/epcis`; others are passed
/// on as they are.
pub(crate) async fn speak_epcis(request: Request, next: Next) -> Response {
    if !is_below(request.uri().path()) {
        return next.run(request).await;
    }
    let as_xml = Accept::read(request.headers()).prefers_xml();
    let length = request.uri().to_string().len();
    let allowed = allowed(request.uri().path());
    let mut response = if length > URI_BYTES_MAX {
        let detail = format!("expected a URI of at most {URI_BYTES_MAX} bytes, found {length}");
        Exception::new(ExceptionKind::UriTooLong, detail)
            .with_hint("save the query with POST /epcis/queries and ask for its events")
            .respond(as_xml)
    } else {
        translate(next.run(request).await, as_xml)
    };
    if response.status() == StatusCode::METHOD_NOT_ALLOWED {
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allowed));
    }
    add_versions(response.headers_mut());
    response
}

fn is_below(path: &str) -> bool {
    path.strip_prefix("/epcis").is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Writes an error as the standard's exception, in the form that the client reads.
fn translate(mut response: Response, as_xml: bool) -> Response {
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let exception = response.extensions_mut().remove::<Exception>();
    let problem = response.extensions_mut().remove::<Problem>();
    let exception = match (exception, problem) {
        (Some(exception), _) => exception,
        (None, Some(problem)) => problem.into(),
        (None, None) => of_status(status),
    };
    let mut told = exception.respond(as_xml);
    // Such as the limits of a capture.
    for (name, value) in response.headers() {
        if name != header::CONTENT_TYPE && name != header::CONTENT_LENGTH {
            told.headers_mut().insert(name.clone(), value.clone());
        }
    }
    told
}

/// Adds the headers that all answers have, but for those that the answer sets itself.
fn add_versions(headers: &mut HeaderMap) {
    let version = Version::V2_0.to_string();
    for (name, text) in [
        (headers::EPCIS_VERSION, version.as_str()),
        (headers::CBV_VERSION, version.as_str()),
        (headers::EXTENSIONS, EXTENSIONS),
        (headers::VENDOR_VERSION, VENDOR),
    ] {
        if !headers.contains_key(&name) {
            insert(headers, name, text);
        }
    }
    headers.append(header::VARY, HeaderValue::from_static("Accept, GS1-EPC-Format"));
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use axum::body::{Body, to_bytes};
    use axum::middleware::{from_fn, from_fn_with_state};
    use axum::routing::get;
    use tower::Service;

    use crate::overload::{Places, refuse_above_limit};
    use crate::router::route_unknown;

    #[test]
    fn only_paths_below_epcis_speak_epcis() {
        for path in ["/epcis", "/epcis/", "/epcis/events"] {
            assert!(is_below(path), "{path}");
        }
        for path in ["/", "/events", "/epcisx"] {
            assert!(!is_below(path), "{path}");
        }
    }

    async fn ask(places: usize, path: &str) -> Response {
        let mut router: Router = Router::new()
            .route("/epcis/x", get(|| async {}))
            .fallback(route_unknown)
            .layer(from_fn_with_state(Places::new(places), refuse_above_limit))
            .layer(from_fn(speak_epcis));
        router.call(Request::get(path).body(Body::empty()).unwrap()).await.unwrap()
    }

    #[tokio::test]
    async fn overload_is_told_as_an_exception() {
        assert_eq!(ask(1, "/epcis/x").await.status(), StatusCode::OK);
        let refused = ask(0, "/epcis/x").await;
        assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert!(refused.headers().contains_key(header::RETRY_AFTER));
        assert_eq!(refused.headers()[headers::EPCIS_VERSION], "2.0.0");
        let body = to_bytes(refused.into_body(), 10_000).await.unwrap();
        let text = String::from_utf8(body.to_vec()).unwrap();
        assert!(text.contains("epcisException:ImplementationException"), "{text}");
    }

    #[tokio::test]
    async fn other_paths_are_passed_on_as_they_are() {
        let unknown = ask(1, "/x").await;
        assert_eq!(unknown.status(), StatusCode::NOT_FOUND);
        assert!(!unknown.headers().contains_key(headers::EPCIS_VERSION));
    }
}
