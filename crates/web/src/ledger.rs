//! The embedded ledger's own port: Ethereum JSON-RPC 2.0 over HTTP and WebSocket for other nodes and
//! tools.

mod socket;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use theriac_chain::Chain;

use crate::body;
use crate::limits::LEDGER_BYTES_MAX;
use crate::overload::{Places, refuse_above_limit, refuse_slow};
use crate::problem::{Problem, ProblemCode};
use crate::router::{method_not_allowed, route_unknown};

/// `POST /` takes JSON-RPC requests, single or in a batch; `GET /` opens a WebSocket, which takes the
/// same as messages, and subscriptions.
///
/// Whoever reaches the port can read the ledger and send signed transactions, as with any Ethereum
/// node; the ledger checks their signatures.
pub fn ledger_router(chain: Chain) -> Router {
    Router::new()
        .route("/", post(answer).get(socket::open))
        .fallback(route_unknown)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(from_fn(refuse_slow))
        .layer(from_fn_with_state(Places::default(), refuse_above_limit))
        .with_state(chain)
}

async fn answer(State(chain): State<Chain>, request: Request) -> Result<Response, Problem> {
    let bytes = body::read(request.into_body(), LEDGER_BYTES_MAX).await?;
    let text = str::from_utf8(&bytes)
        .map_err(|error| Problem::new(ProblemCode::BodyWrong, error.to_string()))?;
    let answer = chain.rpc(text).await;
    if answer.is_empty() {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    Ok(([(header::CONTENT_TYPE, "application/json")], Body::from(answer)).into_response())
}
