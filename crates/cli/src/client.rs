//! Asks a node: one that serves a URL over HTTP, one that stands still in this process.
//!
//! Both ways lead through the paths of `theriac-web`, so a command is written once.

mod error;
mod here;
mod open;
mod upload;

pub use error::ClientError;
pub use open::open_node;
pub use upload::Document;

use axum::body::Bytes;
use serde::Serialize;
use serde::de::DeserializeOwned;
use theriac_node::Node;
use theriac_web::Problem;

use crate::output;
use crate::place::{self, Place};
use here::Here;

/// How long a node may take to accept a connection.
const CONNECT_TIME_MAX: std::time::Duration = std::time::Duration::from_secs(10);

/// A way to a node.
pub struct Client {
    way: Way,
}

enum Way {
    Http { http: reqwest::Client, url: String },
    Here(Here),
}

/// What a node answered.
struct Answer {
    status: u16,
    next: Option<String>,
    body: Bytes,
}

impl Client {
    /// The node at `place`: over HTTP if it is a URL or a folder that a process serves, else opened
    /// in this process, for which the passphrase is needed.
    ///
    /// # Errors
    ///
    /// No node there, wrong passphrase, or open in a process that does not serve.
    pub async fn open(place: Option<Place>) -> anyhow::Result<Self> {
        if let Some(Place::Url(url)) = place {
            return Self::http(&url);
        }
        let folder = place::folder(place)?;
        if let Some(url) = folder.serving_url() {
            return Self::http(&url);
        }
        match Here::open(&folder).await {
            Ok(here) => Ok(Self { way: Way::Here(here) }),
            // It began to serve in between.
            Err(error) => match folder.serving_url() {
                Some(url) => Self::http(&url),
                None => Err(error),
            },
        }
    }

    /// The node that serves `url`.
    ///
    /// # Errors
    ///
    /// The system's certificates cannot be read.
    pub fn http(url: &str) -> anyhow::Result<Self> {
        // Fails only if a provider is installed already, which serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = reqwest::Client::builder().connect_timeout(CONNECT_TIME_MAX);
        if names_this_machine(url) {
            builder = builder.no_proxy();
        }
        let url = url.trim_end_matches('/').to_owned();
        Ok(Self { way: Way::Http { http: builder.build()?, url } })
    }

    /// Asks for `path` with query parameters.
    ///
    /// # Errors
    ///
    /// [`ClientError`].
    pub async fn get<T: DeserializeOwned>(
        &self,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<T, ClientError> {
        Ok(self.page(path, query).await?.0)
    }

    /// Asks for `path`; with the answer comes the path of the next page, if there is one.
    ///
    /// # Errors
    ///
    /// [`ClientError`].
    pub async fn page<T: DeserializeOwned>(
        &self,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<(T, Option<String>), ClientError> {
        let target = target(path, query);
        let answer = match &self.way {
            Way::Here(here) => here.request("GET", &target, None).await?,
            Way::Http { http, url } => send(http.get(format!("{url}{target}")), url).await?,
        };
        let next = answer.next.clone();
        Ok((read(&answer)?, next))
    }

    /// Posts `body` to `path`.
    ///
    /// # Errors
    ///
    /// [`ClientError`].
    pub async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, ClientError> {
        let answer = match &self.way {
            Way::Here(here) => {
                let json = serde_json::to_vec(body).map_err(ClientError::Answer)?;
                here.request("POST", path, Some(json)).await?
            }
            Way::Http { http, url } => {
                send(http.post(format!("{url}{path}")).json(body), url).await?
            }
        };
        read(&answer)
    }

    /// Deletes what is at `path`.
    ///
    /// # Errors
    ///
    /// [`ClientError`].
    pub async fn delete(&self, path: &str, query: &[(&str, &str)]) -> Result<(), ClientError> {
        let target = target(path, query);
        let answer = match &self.way {
            Way::Here(here) => here.request("DELETE", &target, None).await?,
            Way::Http { http, url } => send(http.delete(format!("{url}{target}")), url).await?,
        };
        check(&answer)
    }

    /// Asks for bytes at `path`.
    ///
    /// # Errors
    ///
    /// [`ClientError`].
    pub async fn bytes(&self, path: &str, query: &[(&str, &str)]) -> Result<Bytes, ClientError> {
        let target = target(path, query);
        let answer = match &self.way {
            Way::Here(here) => here.request("GET", &target, None).await?,
            Way::Http { http, url } => send(http.get(format!("{url}{target}")), url).await?,
        };
        if (200..300).contains(&answer.status) { Ok(answer.body) } else { Err(refused(&answer)) }
    }

    /// Posts bytes to `path` with query parameters.
    ///
    /// # Errors
    ///
    /// [`ClientError`].
    pub async fn post_bytes<T: DeserializeOwned>(
        &self,
        path: &str,
        query: &[(&str, &str)],
        bytes: Vec<u8>,
    ) -> Result<T, ClientError> {
        const KIND: &str = "application/octet-stream";
        let target = target(path, query);
        let answer = match &self.way {
            Way::Here(here) => here.stream("POST", &target, Some(KIND), bytes.into()).await?,
            Way::Http { http, url } => {
                let request = http.post(format!("{url}{target}")).header("content-type", KIND);
                send(request.body(bytes), url).await?
            }
        };
        read(&answer)
    }

    /// Works until nothing is left to do, if the node is open in this process; one that serves does
    /// so by itself. A ledger or partner that does not answer is told on standard error: the work is
    /// kept for later.
    pub async fn settle(&self) {
        if let Way::Here(here) = &self.way
            && let Err(error) = here.node().settle().await
        {
            output::note(&format!("some work is put off: {error}"));
        }
    }

    /// The node, if it is open in this process.
    pub fn node(&self) -> Option<&Node> {
        match &self.way {
            Way::Here(here) => Some(here.node()),
            Way::Http { .. } => None,
        }
    }
}

/// A path with its query.
fn target(path: &str, query: &[(&str, &str)]) -> String {
    let mut target = path.to_owned();
    for (index, (name, value)) in query.iter().enumerate() {
        target.push(if index == 0 && !path.contains('?') { '?' } else { '&' });
        target.push_str(name);
        target.push('=');
        target.push_str(&escape(value));
    }
    target
}

/// Percent-encodes a value of a query.
fn escape(value: &str) -> String {
    let mut escaped = String::with_capacity(value.len());
    for byte in value.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                escaped.push(char::from(byte));
            }
            _ => escaped.push_str(&format!("%{byte:02X}")),
        }
    }
    escaped
}

fn names_this_machine(url: &str) -> bool {
    reqwest::Url::parse(url).is_ok_and(|url| {
        let host = url.host_str().unwrap_or_default();
        let ip = host.trim_start_matches('[').trim_end_matches(']').parse();
        host == "localhost" || ip.is_ok_and(|ip: std::net::IpAddr| ip.is_loopback())
    })
}

async fn send(request: reqwest::RequestBuilder, url: &str) -> Result<Answer, ClientError> {
    let unreachable = |cause| ClientError::Unreachable { url: url.to_owned(), cause };
    let response = request.send().await.map_err(unreachable)?;
    let status = response.status().as_u16();
    let link = response.headers().get("link").and_then(|value| value.to_str().ok());
    let next = link.and_then(next_of);
    let body = response.bytes().await.map_err(unreachable)?;
    Ok(Answer { status, next, body })
}

/// The path in a header `Link` with `rel="next"`.
fn next_of(link: &str) -> Option<String> {
    let (path, rest) = link.strip_prefix('<')?.split_once('>')?;
    rest.contains("rel=\"next\"").then(|| path.to_owned())
}

/// The value in an answer, or the problem it tells.
fn read<T: DeserializeOwned>(answer: &Answer) -> Result<T, ClientError> {
    check(answer)?;
    serde_json::from_slice(&answer.body).map_err(ClientError::Answer)
}

/// The problem that an answer tells, if it is no success.
fn check(answer: &Answer) -> Result<(), ClientError> {
    if (200..300).contains(&answer.status) {
        return Ok(());
    }
    Err(refused(answer))
}

/// The problem that an answer tells.
fn refused(answer: &Answer) -> ClientError {
    match serde_json::from_slice::<Problem>(&answer.body) {
        Ok(problem) => ClientError::Problem(problem),
        Err(_) => ClientError::Status { found: answer.status },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_code_fits_into_a_query() {
        let target = target("/verify", &[("code", "]d201\u{1d}a+b/é"), ("x", "1")]);
        assert_eq!(target, "/verify?code=%5Dd201%1Da%2Bb%2F%C3%A9&x=1");
        assert_eq!(super::target("/events?a=1", &[("b", "2")]), "/events?a=1&b=2");
    }

    #[test]
    fn the_next_page_is_found() {
        assert_eq!(next_of("</events?x=1>; rel=\"next\"").as_deref(), Some("/events?x=1"));
        assert_eq!(next_of("</events>; rel=\"prev\""), None);
    }

    #[test]
    fn this_machine_is_asked_without_a_proxy() {
        assert!(names_this_machine("http://127.0.0.1:7340"));
        assert!(names_this_machine("http://localhost:7340"));
        assert!(names_this_machine("http://[::1]:7340"));
        assert!(!names_this_machine("https://node.example.org"));
    }

    #[test]
    fn an_answer_that_is_no_problem_json_is_told_by_its_status() {
        let answer = |status, body| Answer { status, next: None, body: Bytes::from_static(body) };
        assert_eq!(read::<u8>(&answer(200, b"7")).unwrap(), 7);
        let error = read::<u8>(&answer(502, b"<html>")).unwrap_err();
        assert!(matches!(error, ClientError::Status { found: 502 }), "{error}");
    }
}
