//! `/shipments`: what was sent and received, with transaction information, as documents and as a
//! page to print.

mod page;

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::{Html, Response};
use theriac_epcis::trade::{Guideline, LabelForm};
use theriac_node::{FileFormat, Node, ShipmentDirection, ShipmentEntry, ShipmentReport};

use super::files::download;
use crate::access::Local;
use crate::limits::{LIST_ROWS, LIST_ROWS_MAX};
use crate::parameters::Parameters;
use crate::problem::{Problem, ProblemCode};

/// Shipments, the latest first: `direction` lists those sent or received, `limit` sets how many.
///
/// # Errors
///
/// [`ProblemCode::ParameterWrong`].
pub(crate) async fn list(
    _: Local,
    State(node): State<Node>,
    mut parameters: Parameters,
) -> Result<Json<Vec<ShipmentEntry>>, Problem> {
    let direction = word(&mut parameters, "direction", &["out", "in"])?;
    let limit = parameters.rows("limit", LIST_ROWS, LIST_ROWS_MAX)?;
    parameters.finish()?;
    let direction = direction.map(|index| [ShipmentDirection::Out, ShipmentDirection::In][index]);
    Ok(Json(node.shipments(direction, limit).await?))
}

/// A shipment with its transaction information.
///
/// # Errors
///
/// [`ProblemCode::TradeUnknown`].
pub(crate) async fn one(
    _: Local,
    State(node): State<Node>,
    name: Result<Path<String>, PathRejection>,
) -> Result<Json<ShipmentReport>, Problem> {
    Ok(Json(node.shipment(&read(name)).await?))
}

/// The transaction information and statement as a page to print.
///
/// # Errors
///
/// [`ProblemCode::TradeUnknown`].
pub(crate) async fn information(
    _: Local,
    State(node): State<Node>,
    name: Result<Path<String>, PathRejection>,
) -> Result<Html<String>, Problem> {
    let report = node.shipment(&read(name)).await?;
    Ok(Html(page::render(&report, node.profile())))
}

/// The document of a shipment: `format`, `guideline` and `labels` as the partner wants them unless
/// said.
///
/// # Errors
///
/// [`ProblemCode::ParameterWrong`], [`ProblemCode::TradeUnknown`].
pub(crate) async fn document(
    _: Local,
    State(node): State<Node>,
    name: Result<Path<String>, PathRejection>,
    mut parameters: Parameters,
) -> Result<Response, Problem> {
    let formats = FileFormat::ALL.map(FileFormat::word);
    let format = word(&mut parameters, "format", &formats)?.map(|index| FileFormat::ALL[index]);
    let guideline = word(&mut parameters, "guideline", &["r1.2", "r1.3"])?;
    let labels = word(&mut parameters, "labels", &["cbv", "gs1ushc"])?;
    parameters.finish()?;
    let guideline = guideline.map(|index| [Guideline::R12, Guideline::R13][index]);
    let labels = labels.map(|index| [LabelForm::Cbv, LabelForm::Gs1ushc][index]);
    let file = node.shipment_document(&read(name), format, guideline, labels).await?;
    Ok(download(&file.name, file.format.media_type(), file.bytes))
}

/// Takes a parameter that is one of these words; its rank.
fn word(parameters: &mut Parameters, name: &str, words: &[&str]) -> Result<Option<usize>, Problem> {
    let Some(text) = parameters.text(name) else { return Ok(None) };
    let found = words.iter().position(|word| *word == text);
    found.map(Some).ok_or_else(|| {
        let found: String = text.chars().take(40).collect();
        let detail = format!("expected one of {} in {name}, found {found:?}", words.join(", "));
        Problem::new(ProblemCode::ParameterWrong, detail)
    })
}

/// The name in a path; what is no UTF-8 is none.
fn read(name: Result<Path<String>, PathRejection>) -> String {
    name.map_or_else(|_| String::new(), |Path(name)| name)
}
