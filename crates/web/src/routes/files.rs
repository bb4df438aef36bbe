//! `/files`: files from and to partners without a node.

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use theriac_node::{FILE_BYTES_MAX, FileReport, Node};

use crate::access::Local;
use crate::body;
use crate::limits::{LIST_ROWS, LIST_ROWS_MAX};
use crate::parameters::Parameters;
use crate::problem::{Problem, ProblemCode};

/// The files, newest first; `limit` sets how many.
///
/// # Errors
///
/// [`ProblemCode::ParameterWrong`].
pub(crate) async fn list(
    _: Local,
    State(node): State<Node>,
    mut parameters: Parameters,
) -> Result<Json<Vec<FileReport>>, Problem> {
    let limit = parameters.rows("limit", LIST_ROWS, LIST_ROWS_MAX)?;
    parameters.finish()?;
    Ok(Json(node.files(limit).await?))
}

/// Takes a file: an EPCIS document of this member or of a partner, or a table; `name` is its name.
/// Answered once it was worked on.
///
/// # Errors
///
/// [`ProblemCode::BodyTooLarge`], [`ProblemCode::ParameterWrong`].
pub(crate) async fn take(
    _: Local,
    State(node): State<Node>,
    mut parameters: Parameters,
    request: Request,
) -> Result<Json<FileReport>, Problem> {
    let name = parameters.text("name").unwrap_or_else(|| "upload".to_owned());
    parameters.finish()?;
    let bytes = body::read(request.into_body(), FILE_BYTES_MAX).await?;
    Ok(Json(node.take_file(&name, bytes.into()).await?))
}

/// What became of a file.
///
/// # Errors
///
/// [`ProblemCode::TradeUnknown`].
pub(crate) async fn one(
    _: Local,
    State(node): State<Node>,
    id: Result<Path<String>, PathRejection>,
) -> Result<Json<FileReport>, Problem> {
    Ok(Json(node.file(read(id)?).await?))
}

/// The bytes of a file.
///
/// # Errors
///
/// [`ProblemCode::TradeUnknown`].
pub(crate) async fn content(
    _: Local,
    State(node): State<Node>,
    id: Result<Path<String>, PathRejection>,
) -> Result<Response, Problem> {
    let (name, bytes) = node.file_bytes(read(id)?).await?;
    Ok(download(&name, "application/octet-stream", bytes))
}

/// An answer that a browser saves under a name.
pub(crate) fn download(name: &str, media_type: &'static str, bytes: Vec<u8>) -> Response {
    let plain = |c: char| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '_' };
    let name: String = name.chars().map(plain).collect();
    let disposition = format!("attachment; filename=\"{name}\"");
    let headers = [
        (header::CONTENT_TYPE, media_type.to_owned()),
        (header::CONTENT_DISPOSITION, disposition),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    (headers, bytes).into_response()
}

fn read(id: Result<Path<String>, PathRejection>) -> Result<i64, Problem> {
    let text = id.map_or_else(|_| String::new(), |Path(text)| text);
    text.parse().map_err(|_| {
        let found: String = text.chars().take(40).collect();
        let detail = format!("expected the number of a file, found {found:?}");
        Problem::new(ProblemCode::TradeUnknown, detail)
    })
}
