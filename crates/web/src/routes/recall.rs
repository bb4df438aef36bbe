//! `POST /recall`: a labeler or regulator takes a lot off the market, or puts it back.

use axum::extract::State;
use serde::{Deserialize, Serialize};
use theriac_gs1::{Gtin, Lot};
use theriac_node::{Node, RecallOrder, RecallReport};
use utoipa::ToSchema;

use crate::access::Local;
use crate::body::Json;
use crate::problem::{Problem, ProblemCode};

/// What is to happen to a lot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecallRequest {
    /// GTIN of the lot.
    #[schema(value_type = String, pattern = "^[0-9]{8,14}$")]
    pub gtin: Gtin,
    /// Lot number.
    #[schema(value_type = String, min_length = 1, max_length = 20)]
    pub lot: Lot,
    /// Class of the recall, 1 (gravest) to 3; absent when it is lifted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 3)]
    pub class: Option<u8>,
    /// Whether the recall is lifted.
    #[serde(default)]
    pub lift: bool,
    /// Why, in a sentence.
    pub reason: String,
}

/// Recalls a lot: from the block of its transaction on nobody can dispense a pack of it.
///
/// # Errors
///
/// [`ProblemCode::BodyWrong`] unless it has either a class or `lift`;
/// [`ProblemCode::RecallRefused`].
pub(crate) async fn recall(
    _: Local,
    State(node): State<Node>,
    Json(request): Json<RecallRequest>,
) -> Result<axum::Json<RecallReport>, Problem> {
    let order = order(request)?;
    Ok(axum::Json(node.recall(&order).await?))
}

fn order(request: RecallRequest) -> Result<RecallOrder, Problem> {
    let RecallRequest { gtin, lot, class, lift, reason } = request;
    match (class, lift) {
        (Some(1..=3), false) | (None, true) => Ok(RecallOrder { gtin, lot, class, reason }),
        (class, lift) => {
            let found = class.map_or("none".to_owned(), |class| class.to_string());
            let detail =
                format!("expected a class from 1 to 3, or lift, found class {found}, lift {lift}");
            Err(Problem::new(ProblemCode::BodyWrong, detail))
        }
    }
}
