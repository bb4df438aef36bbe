//! `GET /verify?code=…` and `GET /trace?code=…`: the two questions about a pack; `GET /told?code=…`:
//! what this member tells another about it.
//!
//! The code may have any form: a raw scan (FNC1 as `%1D`), bracketed, Digital Link, EPC URN. What is
//! answered depends on who asks: the node's own member, another member (by signature), anybody.

use std::time::Instant;

use axum::Json;
use axum::extract::State;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use theriac_custody::VerdictCode;
use theriac_node::{
    Asker, Journey, Node, PublicCode, PublicVerdict, Sight, SignedStatement, Source, held_back,
};

use crate::access::{client_address, is_local, signer};
use crate::parameters::Parameters;
use crate::problem::{Problem, ProblemCode};

/// The verdict about a pack; 200 whatever the verdict. Anybody but members learns no more than whether
/// the pack is genuine, not genuine or withdrawn.
///
/// # Errors
///
/// [`CodeUnreadable`](crate::ProblemCode::CodeUnreadable),
/// [`TooManyQuestions`](crate::ProblemCode::TooManyQuestions), and those of a signature.
pub(crate) async fn verify(
    State(node): State<Node>,
    mut parameters: Parameters,
    parts: Parts,
) -> Result<Response, Problem> {
    let code = parameters.required("code")?;
    let sight = Sight {
        at: parameters.value("at", "a time as 2026-11-22T10:00:00Z")?,
        place: parameters.value("place", "a GLN")?,
        position: parameters.value("position", "degrees north and east as 48.137,11.575")?,
        for_public: parameters.value("public", "true or false")?.unwrap_or(false),
    };
    parameters.finish()?;
    Ok(match asker(&node, &parts).await? {
        Asker::Here => Json(node.verify_seen(&code, Asker::Here, &sight).await?).into_response(),
        Asker::Member(gln) => {
            let source = Source::Party(gln);
            node.admit_question(source)?;
            let report = node.verify_seen(&code, Asker::Member(gln), &sight).await?;
            if report.verdict.code == VerdictCode::NotGenuine {
                node.note_miss(source);
            }
            Json(report).into_response()
        }
        Asker::Public => Json(public_verdict(&node, &code, &parts).await?).into_response(),
    })
}

/// What anybody may learn about the pack that bears `code`; who guesses is held up.
///
/// # Errors
///
/// As [`verify`].
pub(crate) async fn public_verdict(
    node: &Node,
    code: &str,
    parts: &Parts,
) -> Result<PublicVerdict, Problem> {
    // The member's own programs are not counted.
    let source = (!is_local(parts)).then(|| Source::address(client_address(parts)));
    if let Some(source) = source {
        node.admit_question(source)?;
    }
    let began = Instant::now();
    let report = node.verify(code, Asker::Public).await;
    tokio::time::sleep(held_back(began.elapsed())).await;
    let verdict = PublicVerdict::from(report?);
    if let Some(source) = source.filter(|_| verdict.verdict == PublicCode::NotGenuine) {
        node.note_miss(source);
    }
    Ok(verdict)
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
    Ok(match signer(node, parts).await? {
        Some(member) => Asker::Member(member),
        None if is_local(parts) => Asker::Here,
        None => Asker::Public,
    })
}
