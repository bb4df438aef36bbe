//! `GET /verify/gtin/…` and `GET /checkConnectivity`: GS1 Lightweight Messaging 1.1 for the products
//! of this member.
//!
//! Unlike the node's own paths these take parameters that they do not know, as the standard asks.

use axum::Json;
use axum::extract::State;
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use theriac_node::{Inquirer, Node, Served};

use crate::access::{client_address, signer};
use crate::problem::Problem;

/// What every path of a verification request starts with.
pub(crate) const PREFIX: &str = "/verify/";

/// The answer to a verification request; its path is read as it was sent, still encoded.
///
/// # Errors
///
/// 400, 401, 403, 404 as the standard has them.
pub(crate) async fn verify(State(node): State<Node>, parts: Parts) -> Result<Response, Problem> {
    let inquirer = inquirer(&node, &parts).await?;
    let path = parts.uri.path().strip_prefix(PREFIX).unwrap_or_default();
    let query = parts.uri.query().unwrap_or_default();
    Ok(answer(node.serve_verification(path, query, inquirer).await?))
}

/// The answer to a connectivity request.
///
/// # Errors
///
/// As [`verify`].
pub(crate) async fn connectivity(
    State(node): State<Node>,
    parts: Parts,
) -> Result<Response, Problem> {
    let inquirer = inquirer(&node, &parts).await?;
    let query = parts.uri.query().unwrap_or_default();
    Ok(answer(node.serve_connectivity(query, inquirer).await?))
}

async fn inquirer(node: &Node, parts: &Parts) -> Result<Inquirer, Problem> {
    Ok(Inquirer { signer: signer(node, parts).await?, address: client_address(parts) })
}

fn answer(served: Served) -> Response {
    let mut response = match served {
        Served::Verified(answer) => Json(answer).into_response(),
        Served::Connected(answer) => Json(answer).into_response(),
    };
    // As the standard asks: the next answer may be another one.
    let value = HeaderValue::from_static("private, no-cache");
    response.headers_mut().insert(header::CACHE_CONTROL, value);
    response
}
