//! `GET /alarms`: packs of which a copy was seen.

use axum::Json;
use axum::extract::State;
use theriac_node::{AlarmReport, Node};

use crate::access::Local;
use crate::limits::{LIST_ROWS, LIST_ROWS_MAX};
use crate::parameters::Parameters;
use crate::problem::Problem;

/// Alarms about packs, newest first; `limit` sets how many.
///
/// # Errors
///
/// [`ParameterWrong`](crate::ProblemCode::ParameterWrong).
pub(crate) async fn list(
    _: Local,
    State(node): State<Node>,
    mut parameters: Parameters,
) -> Result<Json<Vec<AlarmReport>>, Problem> {
    let limit = parameters.rows("limit", LIST_ROWS, LIST_ROWS_MAX)?;
    parameters.finish()?;
    Ok(Json(node.alarms(limit).await?))
}
