//! `POST /exchange/shipments`: another node delivers a shipment's events and manifest.

use axum::Json;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use theriac_node::{Accepted, Node};

use crate::access::signed_headers;
use crate::body;
use crate::limits::EXCHANGE_BYTES_MAX;
use crate::problem::{Problem, ProblemCode};

/// Takes a shipment: 202 once it is durable. The message is checked against the ledger first.
///
/// # Errors
///
/// 401 or 403 for a message that is not from a member, 425 for one that is ahead of what this node
/// has followed, 422 for one that does not agree with the ledger.
pub(crate) async fn shipment(
    State(node): State<Node>,
    request: Request,
) -> Result<(StatusCode, Json<Accepted>), Problem> {
    let (parts, body) = request.into_parts();
    let headers = signed_headers(&parts.headers)?.ok_or_else(|| {
        Problem::new(ProblemCode::SignatureMissing, "expected a signed message, found none")
    })?;
    let (method, path) = (parts.method.as_str(), parts.uri.path());
    // A stranger is turned away before its body is read.
    node.authenticate_head(&headers, method, path).await?;
    let bytes = body::read(body, EXCHANGE_BYTES_MAX).await?;
    let accepted = node.accept_shipment(&headers, method, path, &bytes).await?;
    Ok((StatusCode::ACCEPTED, Json(accepted)))
}
