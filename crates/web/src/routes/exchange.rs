//! `POST /exchange/messages`: another node delivers a message.

use axum::Json;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use theriac_node::{Node, Taken};

use crate::access::signed_headers;
use crate::body;
use crate::limits::EXCHANGE_BYTES_MAX;
use crate::problem::{Problem, ProblemCode};

/// Takes a message: 202 once it is durable and handled.
///
/// # Errors
///
/// 401 or 403 for a message that is not from a member that may act, 425 for one that cannot be handled
/// yet (it is kept), 422 for one that does not agree with the ledger.
pub(crate) async fn message(
    State(node): State<Node>,
    request: Request,
) -> Result<(StatusCode, Json<Taken>), Problem> {
    let (parts, body) = request.into_parts();
    let headers = signed_headers(&parts.headers)?.ok_or_else(|| {
        Problem::new(ProblemCode::SignatureMissing, "expected a signed message, found none")
    })?;
    let (method, path) = (parts.method.as_str(), parts.uri.path());
    // A stranger is turned away before its body is read.
    node.authenticate_head(&headers, method, path).await?;
    let bytes = body::read(body, EXCHANGE_BYTES_MAX).await?;
    let taken = node.accept_message(&headers, method, path, &bytes).await?;
    Ok((StatusCode::ACCEPTED, Json(taken)))
}
