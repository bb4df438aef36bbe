//! `/verifications`: questions about packs by GS1 Lightweight Messaging, and the archive of all that
//! were sent and served, with both messages.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use theriac_node::{Node, VerificationEntry, VerifyReport};
use theriac_store::VerificationDirection;
use utoipa::ToSchema;

use crate::access::Local;
use crate::body;
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

/// A question to the labeler of a pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VerificationRequest {
    /// The code of the pack in any form, with lot and expiry.
    pub code: String,
}

/// Asks the labeler of a pack by GS1 Lightweight Messaging, whatever is on record here.
///
/// # Errors
///
/// [`CodeUnreadable`](crate::ProblemCode::CodeUnreadable).
pub(crate) async fn ask(
    _: Local,
    State(node): State<Node>,
    body::Json(request): body::Json<VerificationRequest>,
) -> Result<Json<VerifyReport>, Problem> {
    Ok(Json(node.request_verification(&request.code).await?))
}
