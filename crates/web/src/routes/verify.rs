//! `GET /verify?code=…` and `GET /trace?code=…`: the two questions about a pack; `GET /told?code=…`:
//! what this member tells another about it.
//!
//! The code may have any form: a raw scan (FNC1 as `%1D`), bracketed, Digital Link, EPC URN. What is
//! answered depends on who asks: the node's own member, another member (by signature), anybody.

use axum::Json;
use axum::extract::State;
use axum::http::request::Parts;
use theriac_node::{Asker, Journey, Node, Sight, SignedStatement, VerifyReport};

use crate::access::{is_local, signed_headers};
use crate::parameters::Parameters;
use crate::problem::{Problem, ProblemCode};

/// The verdict about a pack; 200 whatever the verdict.
///
/// # Errors
///
/// [`CodeUnreadable`](crate::ProblemCode::CodeUnreadable), and those of a signature.
pub(crate) async fn verify(
    State(node): State<Node>,
    mut parameters: Parameters,
    parts: Parts,
) -> Result<Json<VerifyReport>, Problem> {
    let code = parameters.required("code")?;
    let sight = Sight {
        at: parameters.value("at", "a time as 2026-11-22T10:00:00Z")?,
        place: parameters.value("place", "a GLN")?,
        position: parameters.value("position", "degrees north and east as 48.137,11.575")?,
        for_public: parameters.value("public", "true or false")?.unwrap_or(false),
    };
    parameters.finish()?;
    let asker = asker(&node, &parts).await?;
    Ok(Json(node.verify_seen(&code, asker, &sight).await?))
}

/// The journey of a pack.
///
/// # Errors
///
/// As [`verify`].
pub(crate) async fn trace(
    State(node): State<Node>,
    mut parameters: Parameters,
    parts: Parts,
) -> Result<Json<Journey>, Problem> {
    let code = parameters.required("code")?;
    parameters.finish()?;
    let asker = asker(&node, &parts).await?;
    Ok(Json(node.trace(&code, asker).await?))
}

/// What this member tells the member that signs the request, signed.
///
/// # Errors
///
/// As [`verify`]; [`SignatureMissing`](crate::ProblemCode::SignatureMissing) for anybody else.
pub(crate) async fn told(
    State(node): State<Node>,
    mut parameters: Parameters,
    parts: Parts,
) -> Result<Json<SignedStatement>, Problem> {
    let code = parameters.required("code")?;
    let leaf = parameters.value("leaf", "true or false")?.unwrap_or(false);
    parameters.finish()?;
    match asker(&node, &parts).await? {
        Asker::Member(by) => Ok(Json(node.told(&code, by, leaf).await?)),
        Asker::Here | Asker::Public => {
            let detail = "expected a request signed by a member, found none";
            Err(Problem::new(ProblemCode::SignatureMissing, detail))
        }
    }
}

async fn asker(node: &Node, parts: &Parts) -> Result<Asker, Problem> {
    if let Some(headers) = signed_headers(&parts.headers)? {
        let target = parts.uri.path_and_query().map_or("/", |target| target.as_str());
        let member = node.authenticate(&headers, parts.method.as_str(), target, &[]).await?;
        return Ok(Asker::Member(member));
    }
    Ok(if is_local(parts) { Asker::Here } else { Asker::Public })
}
