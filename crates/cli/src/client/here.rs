//! A node that no process serves, opened in this one.

use std::net::{Ipv4Addr, SocketAddr};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{Request, header};
use theriac_node::{Config, Node, NodeFolder};
use theriac_store::CaptureSource;
use tower::Service;

use super::{Answer, ClientError, next_of, open_node};
use crate::output;
use crate::passphrase;

/// A node in this process, asked through its paths without a socket.
pub(super) struct Here {
    node: Node,
    router: Router,
}

impl Here {
    /// Opens the node in `folder`, and brings it up to date with the ledger if that answers.
    pub(super) async fn open(folder: &NodeFolder) -> anyhow::Result<Self> {
        let config = Config::load(&folder.config_file())?;
        let passphrase = passphrase::known()?;
        let node = open_node(folder.path(), &config, &passphrase).await?;
        if let Err(error) = node.settle().await {
            output::note(&format!(
                "answers are from what is on record here, and some work is put off: {error}"
            ));
        }
        let router = theriac_web::router(node.clone());
        Ok(Self { node, router })
    }

    pub(super) fn node(&self) -> &Node {
        &self.node
    }

    pub(super) async fn request(
        &self,
        method: &str,
        target: &str,
        json: Option<Vec<u8>>,
    ) -> Result<Answer, ClientError> {
        let kind = json.is_some().then_some("application/json");
        self.stream(method, target, kind, Body::from(json.unwrap_or_default())).await
    }

    pub(super) async fn stream(
        &self,
        method: &str,
        target: &str,
        content_type: Option<&str>,
        body: Body,
    ) -> Result<Answer, ClientError> {
        let loopback = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let mut request = Request::builder()
            .method(method)
            .uri(target)
            .header("prefer", "respond-async")
            .extension(ConnectInfo(loopback))
            .extension(CaptureSource::Cli);
        if let Some(content_type) = content_type {
            request = request.header(header::CONTENT_TYPE, content_type);
        }
        let request = request
            .body(body)
            .expect("a request, because its path is escaped and its headers are constants");
        let Ok(response) = self.router.clone().call(request).await;
        let (head, body) = response.into_parts();
        let link = head.headers.get(header::LINK).and_then(|value| value.to_str().ok());
        let next = link.and_then(next_of);
        // It comes out of this process, which has made it already.
        let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
        Ok(Answer { status: head.status.as_u16(), next, body })
    }
}
