//! `GET /bundle?code=…`: a file that proves a pack's life, or an event, to anybody.

use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use theriac_node::{Node, ProveOptions};

use crate::access::Local;
use crate::parameters::Parameters;
use crate::problem::Problem;

/// The bundle, to the byte as it must be kept.
///
/// # Errors
///
/// [`CodeUnreadable`](crate::ProblemCode::CodeUnreadable),
/// [`NotProvable`](crate::ProblemCode::NotProvable),
/// [`ParameterWrong`](crate::ProblemCode::ParameterWrong).
pub(crate) async fn bundle(
    _: Local,
    State(node): State<Node>,
    mut parameters: Parameters,
) -> Result<impl IntoResponse, Problem> {
    let code = parameters.required("code")?;
    let block = parameters.value("block", "the number of a block")?;
    let events: Option<bool> = parameters.value("events", "true or false")?;
    parameters.finish()?;
    let options = ProveOptions { block, without_events: events == Some(false) };
    let bundle = node.prove(&code, &options).await?;
    let text = bundle.to_text().map_err(|error| Problem::internal(&error))?;
    Ok(([(header::CONTENT_TYPE, "application/json")], text))
}
