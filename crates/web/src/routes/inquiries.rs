//! `/inquiries`: what authorities ask, and how it is answered; `/disclosures`: who was told what.

use axum::Json as Answer;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use theriac_node::{
    DisclosureEntry, INQUIRY_DOCUMENT_BYTES_MAX, InquireError, InquiryEntry, InquiryId,
    InquiryReport, InquiryRequest, Node,
};
use utoipa::ToSchema;

use crate::access::Local;
use crate::body::{Json, read};
use crate::limits::{LIST_ROWS, LIST_ROWS_MAX};
use crate::parameters::Parameters;
use crate::problem::{Problem, ProblemCode};

/// What a person says who approves or denies an answer.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecisionRequest {
    /// Why, or what is to be said to it; needed to deny.
    #[serde(default)]
    pub reason: String,
}

/// A document for the answer of an inquiry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AttachRequest {
    /// Its name.
    pub name: String,
    /// Its media type.
    pub content_type: String,
    /// Its bytes, in hexadecimal.
    pub body: String,
}

/// A document that was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AttachAnswer {
    /// SHA-256 of its bytes.
    pub digest: String,
}

/// Inquiries, newest first.
///
/// # Errors
///
/// [`ProblemCode::ParameterWrong`].
pub(crate) async fn list(
    _: Local,
    State(node): State<Node>,
    mut parameters: Parameters,
) -> Result<Answer<Vec<InquiryEntry>>, Problem> {
    let limit = parameters.rows("limit", LIST_ROWS, LIST_ROWS_MAX)?;
    parameters.finish()?;
    Ok(Answer(node.inquiries(limit).await?))
}

/// Makes an authority's inquiry.
///
/// # Errors
///
/// [`ProblemCode::InquiryRefused`], [`ProblemCode::CodeUnreadable`].
pub(crate) async fn ask(
    _: Local,
    State(node): State<Node>,
    Json(request): Json<InquiryRequest>,
) -> Result<Response, Problem> {
    let id = node.inquire(&request).await?;
    let report = node.inquiry(id).await?;
    let location = format!("/inquiries/{id}");
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], Answer(report)).into_response())
}

/// An inquiry with its parties, journeys and documents.
///
/// # Errors
///
/// [`ProblemCode::InquiryUnknown`].
pub(crate) async fn one(
    _: Local,
    State(node): State<Node>,
    id: Result<Path<String>, PathRejection>,
) -> Result<Answer<InquiryReport>, Problem> {
    Ok(Answer(node.inquiry(number(id)?).await?))
}

/// Has an inquiry answered that waits for approval.
///
/// # Errors
///
/// [`ProblemCode::InquiryUnknown`], [`ProblemCode::InquiryRefused`].
pub(crate) async fn approve(
    _: Local,
    State(node): State<Node>,
    id: Result<Path<String>, PathRejection>,
    Json(decision): Json<DecisionRequest>,
) -> Result<Answer<InquiryReport>, Problem> {
    let id = number(id)?;
    node.approve_inquiry(id, &decision.reason).await?;
    Ok(Answer(node.inquiry(id).await?))
}

/// Denies an inquiry that waits for approval.
///
/// # Errors
///
/// As [`approve`].
pub(crate) async fn deny(
    _: Local,
    State(node): State<Node>,
    id: Result<Path<String>, PathRejection>,
    Json(decision): Json<DecisionRequest>,
) -> Result<Answer<InquiryReport>, Problem> {
    let id = number(id)?;
    node.deny_inquiry(id, &decision.reason).await?;
    Ok(Answer(node.inquiry(id).await?))
}

/// Adds a document to the answer of an inquiry that waits for approval.
///
/// # Errors
///
/// As [`approve`]; [`ProblemCode::BodyWrong`], [`ProblemCode::BodyTooLarge`].
pub(crate) async fn attach(
    _: Local,
    State(node): State<Node>,
    id: Result<Path<String>, PathRejection>,
    request: Request,
) -> Result<Answer<AttachAnswer>, Problem> {
    let id = number(id)?;
    let bytes = read(request.into_body(), 2 * INQUIRY_DOCUMENT_BYTES_MAX + 4_096).await?;
    let wrong = |error: String| Problem::new(ProblemCode::BodyWrong, error);
    let request: AttachRequest =
        serde_json::from_slice(&bytes).map_err(|error| wrong(error.to_string()))?;
    let body = hex::decode(&request.body).map_err(|error| wrong(error.to_string()))?;
    let digest = node.attach_to_inquiry(id, &request.name, &request.content_type, body).await?;
    Ok(Answer(AttachAnswer { digest: digest.to_string() }))
}

/// The bytes of a document.
///
/// # Errors
///
/// [`ProblemCode::InquiryUnknown`].
pub(crate) async fn document(
    _: Local,
    State(node): State<Node>,
    path: Result<Path<(String, String)>, PathRejection>,
) -> Result<Response, Problem> {
    let (id, digest) = path.map_or_else(|_| Default::default(), |Path(path)| path);
    let id = parsed(&id)?;
    let found = node.inquiry_document(id, &digest).await?;
    let (_, body) = found.ok_or_else(|| {
        Problem::new(ProblemCode::InquiryUnknown, format!("inquiry {id} has no such document"))
    })?;
    // What it is, its sender says; no browser is to believe it.
    let headers = [
        (header::CONTENT_TYPE, "application/octet-stream"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    Ok((headers, body).into_response())
}

/// Who was told how much about what, the latest first.
///
/// # Errors
///
/// [`ProblemCode::ParameterWrong`].
pub(crate) async fn disclosures(
    _: Local,
    State(node): State<Node>,
    mut parameters: Parameters,
) -> Result<Answer<Vec<DisclosureEntry>>, Problem> {
    let limit = parameters.rows("limit", LIST_ROWS, LIST_ROWS_MAX)?;
    parameters.finish()?;
    Ok(Answer(node.disclosures(limit).await?))
}

fn number(id: Result<Path<String>, PathRejection>) -> Result<InquiryId, Problem> {
    // What is no UTF-8 is no number.
    parsed(&id.map_or_else(|_| String::new(), |Path(id)| id))
}

fn parsed(id: &str) -> Result<InquiryId, Problem> {
    id.parse().map(InquiryId).map_err(|_| {
        let found: String = id.chars().take(40).collect();
        let detail = format!("expected the number of an inquiry, found {found:?}");
        Problem::new(ProblemCode::InquiryUnknown, detail)
    })
}

impl From<InquireError> for Problem {
    fn from(error: InquireError) -> Self {
        match error {
            InquireError::Code(error) => error.into(),
            InquireError::Node(error) => error.into(),
            InquireError::Unknown(_) => Self::new(ProblemCode::InquiryUnknown, error.to_string()),
            InquireError::Request { .. } => Self::new(ProblemCode::BodyWrong, error.to_string()),
            InquireError::NotARegulator | InquireError::NotWaiting(_) => {
                Self::new(ProblemCode::InquiryRefused, error.to_string())
            }
        }
    }
}
