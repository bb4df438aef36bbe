//! `GET /cases`: what disagrees, and who must act.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use theriac_custody::Matter;
use theriac_node::{CaseRecord, Node};

use crate::access::Local;
use crate::limits::{LIST_ROWS, LIST_ROWS_MAX};
use crate::parameters::Parameters;
use crate::problem::Problem;
use crate::routes::events::rfc3339;

/// A case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseEntry {
    /// Its number.
    pub case: i64,
    /// Row of the event that it holds.
    pub event: Option<i64>,
    /// The broken rule, why, who must act and what to do.
    #[serde(flatten)]
    pub matter: Matter,
    /// When it was opened, RFC 3339.
    pub opened_at: String,
    /// When it was closed, RFC 3339.
    pub closed_at: Option<String>,
    /// How it ended.
    pub outcome: Option<String>,
}

/// Cases, newest first: `open=false` lists closed ones as well, `limit` sets how many.
///
/// # Errors
///
/// [`ParameterWrong`](crate::ProblemCode::ParameterWrong).
pub(crate) async fn list(
    _: Local,
    State(node): State<Node>,
    mut parameters: Parameters,
) -> Result<Json<Vec<CaseEntry>>, Problem> {
    let open_only = parameters.value("open", "true or false")?.unwrap_or(true);
    let limit = parameters.rows("limit", LIST_ROWS, LIST_ROWS_MAX)?;
    parameters.finish()?;
    let cases = node.cases(open_only, limit).await?;
    Ok(Json(cases.into_iter().map(CaseEntry::from).collect()))
}

impl From<CaseRecord> for CaseEntry {
    fn from(record: CaseRecord) -> Self {
        Self {
            case: record.id.0,
            event: record.event.map(|event| event.0),
            matter: record.matter,
            opened_at: rfc3339(record.opened_at),
            closed_at: record.closed_at.map(rfc3339),
            outcome: record.outcome,
        }
    }
}
