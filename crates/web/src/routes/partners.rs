//! `/partners`: trading partners, what is set for them, how good their data is.

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use theriac_gs1::Gln;
use theriac_node::{Node, PartnerReport, PartnerSettings, QualityReport};

use crate::access::Local;
use crate::body;
use crate::problem::{Problem, ProblemCode};

/// The partners, by GLN.
///
/// # Errors
///
/// [`ProblemCode::Internal`].
pub(crate) async fn list(
    _: Local,
    State(node): State<Node>,
) -> Result<Json<Vec<PartnerReport>>, Problem> {
    Ok(Json(node.partners().await?))
}

/// One partner; a GLN that nobody knows has the settings that a partner has unless they are set.
///
/// # Errors
///
/// [`ProblemCode::TradeUnknown`] for what is no GLN.
pub(crate) async fn one(
    _: Local,
    State(node): State<Node>,
    gln: Result<Path<String>, PathRejection>,
) -> Result<Json<PartnerReport>, Problem> {
    let gln = read(gln)?;
    let partners = node.partners().await?;
    let known = partners.into_iter().find(|partner| partner.gln == gln);
    Ok(Json(known.unwrap_or_else(|| PartnerReport {
        gln,
        name: String::new(),
        member: false,
        endpoint: None,
        settings: PartnerSettings::default(),
    })))
}

/// Sets what is set for a partner, all of it.
///
/// # Errors
///
/// [`ProblemCode::BodyWrong`], [`ProblemCode::TradeUnknown`].
pub(crate) async fn set(
    _: Local,
    State(node): State<Node>,
    gln: Result<Path<String>, PathRejection>,
    body::Json(settings): body::Json<PartnerSettings>,
) -> Result<Json<PartnerSettings>, Problem> {
    node.set_partner(read(gln)?, &settings).await?;
    Ok(Json(settings))
}

/// How good the data is that came from a partner.
///
/// # Errors
///
/// [`ProblemCode::TradeUnknown`] for what is no GLN.
pub(crate) async fn quality(
    _: Local,
    State(node): State<Node>,
    gln: Result<Path<String>, PathRejection>,
) -> Result<Json<QualityReport>, Problem> {
    Ok(Json(node.data_quality(read(gln)?).await?))
}

fn read(gln: Result<Path<String>, PathRejection>) -> Result<Gln, Problem> {
    let text = gln.map_or_else(|_| String::new(), |Path(text)| text);
    text.parse().map_err(|_| {
        let found: String = text.chars().take(40).collect();
        Problem::new(ProblemCode::TradeUnknown, format!("expected a GLN, found {found:?}"))
    })
}
