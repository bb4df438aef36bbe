//! Where the ledger is, and how requests reach it: over HTTP, or inside this process.
//!
//! Several endpoints of the same network stand in for each other: requests go to one until it fails,
//! then to the next, which they stay with.

mod pool;
mod standing;

use std::fmt;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use alloy::rpc::json_rpc::{RequestPacket, ResponsePacket};
use alloy::transports::http::Http;
use alloy::transports::{TransportError, TransportErrorKind, TransportFut};
use futures::future::BoxFuture;
use reqwest::{Client, Url};
use tower::Service;

pub(crate) use pool::{Connection, Pool};

/// How long one HTTP request may take in all, where there is only one endpoint.
pub const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);

/// How long one HTTP request may take in all, where another endpoint can take over.
pub const REQUEST_TIMEOUT_OF_SEVERAL: Duration = Duration::from_secs(10);

/// How long the endpoint may take to accept a connection.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// A JSON-RPC server in this process.
pub trait LocalRpc: Send + Sync {
    /// Answers one JSON-RPC request, or one batch of them, given and answered as JSON text.
    fn request(&self, json: String) -> BoxFuture<'static, String>;
}

/// Where the ledger answers JSON-RPC.
#[derive(Clone)]
pub enum Endpoint {
    /// Any Ethereum nodes of one network, by the URLs of their JSON-RPC services: one, or several
    /// separated by commas (a comma within a URL is written `%2C`). They are used in this order.
    Http(String),
    /// A ledger in this process.
    Local(Arc<dyn LocalRpc>),
}

/// An endpoint that cannot be used at all.
#[derive(Debug, thiserror::Error)]
pub enum EndpointError {
    /// Configuration: the text is not the URL of an HTTP service.
    #[error("expected the http or https URL of a JSON-RPC service, found {found}")]
    NotAUrl {
        /// The scheme, or what is wrong with the text; never the text, which may hold a secret.
        found: String,
    },
    /// Installation: no HTTP client can be made, as when the system's certificates cannot be read.
    #[error("cannot make an HTTP client: {source}")]
    NoClient {
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl fmt::Debug for Endpoint {
    /// Shows scheme, host and port only: user, path and query of a URL may be secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Local(_) => f.write_str("Local"),
            Self::Http(text) => {
                write!(f, "Http({})", urls(text).map(shown).collect::<Vec<_>>().join(","))
            }
        }
    }
}

impl Endpoint {
    /// Nodes of one network, by the URLs of their JSON-RPC services, in the order of their use.
    pub fn http<Url: AsRef<str>>(urls: &[Url]) -> Self {
        Self::Http(urls.iter().map(|url| url.as_ref().trim()).collect::<Vec<_>>().join(","))
    }

    /// A connection for the requests of this crate, to nodes with this chain id where it is known.
    pub(crate) fn connection(&self, chain_id: Option<u64>) -> Result<Connection, EndpointError> {
        match self {
            Self::Local(rpc) => Ok(Connection::local(LocalTransport(Arc::clone(rpc)))),
            Self::Http(text) => {
                let urls: Vec<&str> = urls(text).collect();
                let timeout =
                    if urls.len() > 1 { REQUEST_TIMEOUT_OF_SEVERAL } else { REQUEST_TIMEOUT };
                let clients: Result<Vec<_>, _> =
                    urls.iter().map(|url| Ok((shown(url), http(url, timeout)?))).collect();
                Ok(Connection::pool(Pool::new(clients?, chain_id)))
            }
        }
    }

    /// A client for the requests of this crate.
    pub(crate) fn client(&self) -> Result<alloy::rpc::client::RpcClient, EndpointError> {
        Ok(self.connection(None)?.client().clone())
    }
}

/// The URLs of a list; at least one text, if only an empty one.
fn urls(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim)
}

/// A URL without what may be a secret.
fn shown(text: &str) -> String {
    let Ok(url) = text.parse::<Url>() else { return "not a URL".into() };
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}://{}{port}", url.scheme(), url.host_str().unwrap_or(""))
}

fn http(text: &str, timeout: Duration) -> Result<Http<Client>, EndpointError> {
    let not_a_url = |found: String| EndpointError::NotAUrl { found };
    let url = text.parse::<Url>().map_err(|error| not_a_url(error.to_string()))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(not_a_url(format!("the scheme {}", url.scheme())));
    }
    ensure_cryptography();
    let client = Client::builder()
        .timeout(timeout)
        .connect_timeout(CONNECT_TIMEOUT)
        .build()
        .map_err(|error| EndpointError::NoClient { source: error.into() })?;
    Ok(Http::with_client(client, url))
}

/// TLS needs an implementation of its cryptography for the whole process; where the program chose
/// none, this is it.
fn ensure_cryptography() {
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        // Another thread may choose in the same moment, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
    }
}

/// A [`LocalRpc`] as a transport of the client library.
#[derive(Clone)]
pub(crate) struct LocalTransport(Arc<dyn LocalRpc>);

impl Service<RequestPacket> for LocalTransport {
    type Response = ResponsePacket;
    type Error = TransportError;
    type Future = TransportFut<'static>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), TransportError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: RequestPacket) -> Self::Future {
        let rpc = Arc::clone(&self.0);
        Box::pin(async move {
            let json = serde_json::to_string(&request).map_err(TransportErrorKind::custom)?;
            let answer = rpc.request(json).await;
            serde_json::from_str(&answer).map_err(|error| TransportError::deser_err(error, answer))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Answers every request with its own method name.
    struct Echo;

    impl LocalRpc for Echo {
        fn request(&self, json: String) -> BoxFuture<'static, String> {
            Box::pin(async move {
                let request: serde_json::Value = serde_json::from_str(&json).unwrap();
                let (id, method) = (&request["id"], &request["method"]);
                format!(r#"{{"jsonrpc":"2.0","id":{id},"result":{method}}}"#)
            })
        }
    }

    #[tokio::test]
    async fn a_local_endpoint_carries_requests_and_answers() {
        let client = Endpoint::Local(Arc::new(Echo)).client().unwrap();
        let answer: String = client.request("eth_chainId", ()).await.unwrap();
        assert_eq!(answer, "eth_chainId");
    }

    #[test]
    fn debug_shows_no_secret_of_a_url() {
        let endpoint = Endpoint::Http("https://user:hush@host:8545/v3/key?token=hush".into());
        assert_eq!(format!("{endpoint:?}"), "Http(https://host:8545)");
        let endpoint = Endpoint::http(&["http://user:hush@one", "no url", "https://two/hush"]);
        assert_eq!(format!("{endpoint:?}"), "Http(http://one,not a URL,https://two)");
    }

    #[test]
    fn a_client_for_https_can_be_made() {
        assert!(Endpoint::Http("https://ledger.example".into()).client().is_ok());
    }

    #[test]
    fn only_http_urls_are_taken() {
        for (text, expected) in [
            ("ftp://host", "scheme ftp"),
            ("no url", "relative URL"),
            ("", "relative URL"),
            ("http://one,,http://two", "relative URL"),
        ] {
            let error = Endpoint::Http(text.into()).client().unwrap_err().to_string();
            assert!(error.contains(expected), "{text}: {error}");
        }
    }
}
