//! `GET /health`, `GET /reconcile` and `POST /reconcile`: how the node stands, and mending it.

use axum::Json;
use axum::extract::State;
use axum::http::request::Parts;
use theriac_node::{Health, Node, ReconcileReport};

use crate::access::{Local, is_local};
use crate::problem::Problem;

/// State of the node and its ledger, with what another node needs to join it. How much passes
/// through the node is told on its own machine only.
///
/// # Errors
///
/// [`ProblemCode::Internal`](crate::ProblemCode::Internal).
pub(crate) async fn health(
    State(node): State<Node>,
    parts: Parts,
) -> Result<Json<Health>, Problem> {
    let health = node.health().await?;
    Ok(Json(if is_local(&parts) { health } else { for_anybody(health) }))
}

fn for_anybody(health: Health) -> Health {
    let status = if health.status == "ok" { "ok" } else { "the ledger does not answer" };
    Health {
        status: status.to_owned(),
        events: Vec::new(),
        units: Vec::new(),
        operations_waiting: 0,
        deliveries_waiting: 0,
        cases_open: 0,
        ..health
    }
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

/// Mends what differs between database and ledger and is safe to mend.
///
/// # Errors
///
/// [`ProblemCode::Internal`](crate::ProblemCode::Internal).
pub(crate) async fn repair(
    _: Local,
    State(node): State<Node>,
) -> Result<Json<ReconcileReport>, Problem> {
    Ok(Json(node.repair().await?))
}
