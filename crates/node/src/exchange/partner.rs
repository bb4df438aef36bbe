//! Reaching another member's node: where it answers, and how much of its answer is read.
//!
//! # Security
//!
//! A member writes its endpoint into the registry itself. It chooses host and port (which may be
//! this machine's own: several nodes can share one), but never a query, so that what this node asks
//! cannot become another request than the one that it means.

use reqwest::{Response, Url};

/// The URL of `path` (with its query) at a member's endpoint; `None` if the endpoint is not the
/// plain base URL of an HTTP service.
pub(crate) fn address(endpoint: &str, path: &str) -> Option<Url> {
    let base = Url::parse(endpoint).ok()?;
    let is_plain = matches!(base.scheme(), "http" | "https")
        && base.query().is_none()
        && base.fragment().is_none()
        && base.username().is_empty()
        && base.password().is_none();
    if !is_plain {
        return None;
    }
    Url::parse(&format!("{}{path}", base.as_str().trim_end_matches('/'))).ok()
}

/// The body of an answer; `None` if it is longer than `bytes_max` or breaks off.
pub(crate) async fn read(mut response: Response, bytes_max: usize) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.ok()? {
        if bytes.len() + chunk.len() > bytes_max {
            return None;
        }
        bytes.extend_from_slice(&chunk);
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_is_a_plain_base_url() {
        for (endpoint, expected) in [
            ("http://127.0.0.1:7340", "http://127.0.0.1:7340/verify?code=1"),
            ("https://node.example/", "https://node.example/verify?code=1"),
            ("https://node.example/theriac//", "https://node.example/theriac/verify?code=1"),
        ] {
            let url = address(endpoint, "/verify?code=1").map(String::from);
            assert_eq!(url.as_deref(), Some(expected));
        }
    }

    #[test]
    fn an_endpoint_cannot_make_another_request_of_it() {
        for endpoint in [
            "",
            "node.example",
            "file:///etc/passwd",
            "ftp://node.example",
            "http://127.0.0.1:7340/recalls?ignored=",
            "http://127.0.0.1:7340/recalls#",
            "http://user:secret@node.example",
        ] {
            assert_eq!(address(endpoint, "/verify?code=1"), None, "{endpoint}");
        }
    }
}
