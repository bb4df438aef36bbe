//! `/responders`: who answers verification requests for products whose labeler runs no node.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use jiff::civil::{Date, date};
use serde::{Deserialize, Serialize};
use theriac_gs1::{Gln, Gtin};
use theriac_node::Node;
use theriac_store::{ResponderEntry, ResponderPath};
use utoipa::ToSchema;

use crate::access::Local;
use crate::body;
use crate::parameters::wrong;
use crate::problem::Problem;

/// An entry of the lookup directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Responder {
    /// The product.
    #[schema(value_type = String, pattern = "^[0-9]{8,14}$")]
    pub gtin: Gtin,
    /// Who answers.
    #[schema(value_type = String, pattern = "^[0-9]{13}$")]
    pub gln: Gln,
    /// Base URL of its service, without `/verify`.
    pub url: String,
    /// First expiry date of the packs that it answers for; all unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub first_expiry: Option<Date>,
    /// Last expiry date of the packs that it answers for; all unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub last_expiry: Option<Date>,
    /// How it names keys: `short_names` (gtin, lot, ser, exp) or `ai` (01, 10, 21, 17).
    #[serde(default = "short_names")]
    #[schema(value_type = String, pattern = "^(short_names|ai)$")]
    pub path: ResponderPath,
    /// Whom to call when it does not answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
}

fn short_names() -> ResponderPath {
    ResponderPath::ShortNames
}

/// The window of an entry without one.
const ALWAYS: (Date, Date) = (date(1970, 1, 1), date(9999, 12, 31));

/// All entries.
///
/// # Errors
///
/// [`Internal`](crate::ProblemCode::Internal).
pub(crate) async fn list(
    _: Local,
    State(node): State<Node>,
) -> Result<Json<Vec<Responder>>, Problem> {
    Ok(Json(node.responders().await?.into_iter().map(Responder::from).collect()))
}

/// Keeps an entry.
///
/// # Errors
///
/// [`BodyWrong`](crate::ProblemCode::BodyWrong).
pub(crate) async fn put(
    _: Local,
    State(node): State<Node>,
    body::Json(responder): body::Json<Responder>,
) -> Result<(StatusCode, Json<Responder>), Problem> {
    let entry = ResponderEntry {
        gtin: responder.gtin,
        gln: responder.gln,
        url: responder.url.clone(),
        first_expiry: responder.first_expiry.unwrap_or(ALWAYS.0),
        last_expiry: responder.last_expiry.unwrap_or(ALWAYS.1),
        path: responder.path,
        contact: responder.contact.clone(),
    };
    node.put_responder(&entry).await?;
    Ok((StatusCode::CREATED, Json(responder)))
}

/// Forgets the entries of a GTIN.
///
/// # Errors
///
/// [`ParameterWrong`](crate::ProblemCode::ParameterWrong).
pub(crate) async fn delete(
    _: Local,
    State(node): State<Node>,
    Path(gtin): Path<String>,
) -> Result<StatusCode, Problem> {
    let gtin = gtin.parse().map_err(|error| wrong(format!("gtin: {error}")))?;
    node.delete_responders(gtin).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<ResponderEntry> for Responder {
    fn from(entry: ResponderEntry) -> Self {
        Self {
            gtin: entry.gtin,
            gln: entry.gln,
            url: entry.url,
            first_expiry: Some(entry.first_expiry).filter(|date| *date != ALWAYS.0),
            last_expiry: Some(entry.last_expiry).filter(|date| *date != ALWAYS.1),
            path: entry.path,
            contact: entry.contact,
        }
    }
}
