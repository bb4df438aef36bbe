//! `/master-data`: descriptions of products, places and parties.

use axum::Json;
use axum::extract::State;
use theriac_node::{Description, Descriptions, Node};

use crate::access::Local;
use crate::body;
use crate::problem::{Problem, ProblemCode};

/// Most descriptions of one request.
const DESCRIPTIONS_MAX: usize = 1_000;

/// All descriptions on record.
///
/// # Errors
///
/// [`ProblemCode::Internal`].
pub(crate) async fn list(
    _: Local,
    State(node): State<Node>,
) -> Result<Json<Descriptions>, Problem> {
    Ok(Json(node.descriptions().await?))
}

/// Puts descriptions on record as this member's own word.
///
/// # Errors
///
/// [`ProblemCode::BodyWrong`].
pub(crate) async fn put(
    _: Local,
    State(node): State<Node>,
    body::Json(descriptions): body::Json<Vec<Description>>,
) -> Result<Json<Descriptions>, Problem> {
    let found = descriptions.len();
    if found > DESCRIPTIONS_MAX {
        let detail = format!("expected at most {DESCRIPTIONS_MAX} descriptions, found {found}");
        return Err(Problem::new(ProblemCode::BodyWrong, detail));
    }
    node.describe(&descriptions).await?;
    Ok(Json(node.descriptions().await?))
}
