//! `POST /shipments`, `POST /shipments/cancel`: goods leave, or are taken back, by their codes;
//! `GET /whereabouts`: where they are.

use axum::Json as Answer;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use theriac_node::{CaptureEventError, Node, ShipError, ShipOrder, ShipReport, Whereabouts};
use utoipa::ToSchema;

use crate::access::Local;
use crate::body::Json;
use crate::parameters::Parameters;
use crate::problem::{Problem, ProblemCode};

/// The goods of a shipment that is to be taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CancelRequest {
    /// Codes of packs and logistic units, in any form.
    pub codes: Vec<String>,
}

/// Ships goods: captures the shipping event that the order means.
///
/// # Errors
///
/// [`ProblemCode::BodyWrong`], [`ProblemCode::CodeUnreadable`].
pub(crate) async fn ship(
    _: Local,
    State(node): State<Node>,
    Json(order): Json<ShipOrder>,
) -> Result<Answer<ShipReport>, Problem> {
    Ok(Answer(node.ship(&order).await?))
}

/// Takes back a shipment that nobody has received.
///
/// # Errors
///
/// As [`ship`].
pub(crate) async fn cancel(
    _: Local,
    State(node): State<Node>,
    Json(request): Json<CancelRequest>,
) -> Result<Answer<ShipReport>, Problem> {
    Ok(Answer(node.take_back(&request.codes).await?))
}

/// At which of the member's sites the item that bears `code` is.
///
/// # Errors
///
/// [`ProblemCode::ParameterWrong`], [`ProblemCode::CodeUnreadable`].
pub(crate) async fn whereabouts(
    _: Local,
    State(node): State<Node>,
    mut parameters: Parameters,
) -> Result<Answer<Whereabouts>, Problem> {
    let code = parameters.required("code")?;
    parameters.finish()?;
    Ok(Answer(node.whereabouts(&code).await?))
}

impl From<ShipError> for Problem {
    fn from(error: ShipError) -> Self {
        match error {
            ShipError::Code(error) => error.into(),
            ShipError::Node(error) | ShipError::Event(CaptureEventError::Node(error)) => {
                error.into()
            }
            error => Self::new(ProblemCode::BodyWrong, error.to_string()),
        }
    }
}
