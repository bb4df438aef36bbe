//! `GET /health` and `GET /reconcile`: how the node stands.

use axum::Json;
use axum::extract::State;
use theriac_node::{Health, Node, ReconcileReport};

use crate::access::Local;
use crate::problem::Problem;

/// State of the node and its ledger, with what another node needs to join it.
///
/// # Errors
///
/// [`ProblemCode::Internal`](crate::ProblemCode::Internal).
pub(crate) async fn health(State(node): State<Node>) -> Result<Json<Health>, Problem> {
    Ok(Json(node.health().await?))
}

/// Compares database and ledger.
///
/// # Errors
///
/// [`ProblemCode::Internal`](crate::ProblemCode::Internal).
pub(crate) async fn reconcile(
    _: Local,
    State(node): State<Node>,
) -> Result<Json<ReconcileReport>, Problem> {
    Ok(Json(node.reconcile().await?))
}
