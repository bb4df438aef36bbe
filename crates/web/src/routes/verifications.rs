//! `GET /verifications`: the archive of questions about packs, sent and served, with both messages.

use axum::Json;
use axum::extract::State;
use theriac_node::{Node, VerificationEntry};
use theriac_store::VerificationDirection;

use crate::access::Local;
use crate::limits::{LIST_ROWS, LIST_ROWS_MAX};
use crate::parameters::{Parameters, wrong};
use crate::problem::Problem;

/// Verifications, newest first.
///
/// # Errors
///
/// [`ParameterWrong`](crate::ProblemCode::ParameterWrong).
pub(crate) async fn list(
    _: Local,
    State(node): State<Node>,
    mut parameters: Parameters,
) -> Result<Json<Vec<VerificationEntry>>, Problem> {
    let direction = match parameters.text("direction") {
        None => None,
        Some(word) => Some(VerificationDirection::from_word(&word).ok_or_else(|| {
            wrong(format!("expected asked or served in direction, found {word:?}"))
        })?),
    };
    let correlation = parameters.text("corrUUID");
    let limit = parameters.rows("limit", LIST_ROWS, LIST_ROWS_MAX)?;
    parameters.finish()?;
    Ok(Json(node.verifications(direction, correlation.as_deref(), limit).await?))
}
