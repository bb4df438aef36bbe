//! Cases: what disagrees, who must act, and what the parties say to each other.

pub mod acts;
pub(crate) mod messages;

use axum::Json;
use axum::extract::{Path, State};
use serde::{Deserialize, Serialize};
use theriac_custody::{Matter, Uuid};
use theriac_gs1::{Gln, Identifier};
use theriac_node::{
    CaseDetail, CaseFilter, CaseLine, CaseRecord, CaseState, Node, ProposalLine, is_overdue,
};

use crate::access::Local;
use crate::limits::{LIST_ROWS, LIST_ROWS_MAX};
use crate::parameters::{Parameters, wrong};
use crate::problem::Problem;
use crate::routes::events::rfc3339;

/// A case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseEntry {
    /// Its number here.
    pub case: i64,
    /// Its name, which the other party knows too.
    pub uuid: Uuid,
    /// Row of the event that it holds.
    pub event: Option<i64>,
    /// Its kind, why, who must act and what to do.
    #[serde(flatten)]
    pub matter: Matter,
    /// How far it is.
    pub state: CaseState,
    /// The other party.
    pub counterparty: Option<Gln>,
    /// Who opened it, if it was the other party.
    pub opened_by: Option<Gln>,
    /// How many packs it is about.
    pub pack_count: u64,
    /// When it was opened, RFC 3339.
    pub opened_at: String,
    /// When it should have ended, RFC 3339.
    pub deadline: Option<String>,
    /// Whether it is open, and should have ended.
    pub overdue: bool,
    /// When it was closed, RFC 3339.
    pub closed_at: Option<String>,
    /// How it ended.
    pub outcome: Option<String>,
}

/// A case with what was said and done in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseView {
    /// The case.
    #[serde(flatten)]
    pub case: CaseEntry,
    /// Who must act now.
    pub turn: Gln,
    /// Whether the other party has the case too.
    pub shared: bool,
    /// The packs that it is about, the first 1000.
    pub packs: Vec<Identifier>,
    /// Proposals, in their order.
    pub proposals: Vec<ProposalLine>,
    /// What was said and done, in its order.
    pub entries: Vec<CaseLine>,
}

/// Cases, newest first: `open=false` lists closed ones as well, `limit` sets how many.
///
/// # Errors
///
/// [`ParameterWrong`](crate::ProblemCode::ParameterWrong).
pub(crate) async fn list(
    _: Local,
    State(node): State<Node>,
    mut parameters: Parameters,
) -> Result<Json<Vec<CaseEntry>>, Problem> {
    let now = node.now().as_millisecond();
    let overdue: Option<bool> = parameters.value("overdue", "true or false")?;
    let state = parameters.text("state").map(|word| {
        CaseState::from_word(&word).ok_or_else(|| {
            let words: Vec<&str> = CaseState::ALL.iter().map(|state| state.word()).collect();
            wrong(format!("expected one of {} in state, found {word:?}", words.join(", ")))
        })
    });
    let state = state.transpose()?;
    let filter = CaseFilter {
        open_only: parameters.value("open", "true or false")?.unwrap_or(state.is_none()),
        state,
        counterparty: parameters.value("with", "a GLN")?,
        overdue_at: overdue.filter(|overdue| *overdue).map(|_| now),
    };
    let limit = parameters.rows("limit", LIST_ROWS, LIST_ROWS_MAX)?;
    parameters.finish()?;
    let cases = node.cases_where(filter, limit).await?;
    Ok(Json(cases.into_iter().map(|record| CaseEntry::of(record, now)).collect()))
}

/// One case, by its number or its name.
///
/// # Errors
///
/// [`CaseUnknown`](crate::ProblemCode::CaseUnknown).
pub(crate) async fn one(
    _: Local,
    State(node): State<Node>,
    Path(case): Path<String>,
    parameters: Parameters,
) -> Result<Json<CaseView>, Problem> {
    parameters.finish()?;
    let detail = node.case_detail(&case).await?;
    Ok(view(&node, detail))
}

/// The packs of a case in the order of their keys, `after` the one named.
///
/// # Errors
///
/// [`CaseUnknown`](crate::ProblemCode::CaseUnknown),
/// [`ParameterWrong`](crate::ProblemCode::ParameterWrong).
pub(crate) async fn packs(
    _: Local,
    State(node): State<Node>,
    Path(case): Path<String>,
    mut parameters: Parameters,
) -> Result<Json<Vec<Identifier>>, Problem> {
    let after: Option<Identifier> = parameters.value("after", "the Digital Link of a pack")?;
    let limit = parameters.rows("limit", LIST_ROWS, LIST_ROWS_MAX)?;
    parameters.finish()?;
    let after = after.map(|id| id.key());
    Ok(Json(node.case_packs(&case, after.as_deref(), limit).await?))
}

/// A case as it is answered.
pub(super) fn view(node: &Node, detail: CaseDetail) -> Json<CaseView> {
    let CaseDetail { record, turn, shared, packs, proposals, entries } = detail;
    let case = CaseEntry::of(record, node.now().as_millisecond());
    Json(CaseView { case, turn, shared, packs, proposals, entries })
}

impl CaseEntry {
    /// A case as it stands at `now`, in milliseconds.
    fn of(record: CaseRecord, now: i64) -> Self {
        Self {
            overdue: is_overdue(&record, now),
            case: record.id.0,
            uuid: record.uuid,
            event: record.event.map(|event| event.0),
            matter: record.matter,
            state: record.state,
            counterparty: record.counterparty,
            opened_by: record.opened_by,
            pack_count: record.packs,
            opened_at: rfc3339(record.opened_at),
            deadline: record.deadline.map(rfc3339),
            closed_at: record.closed_at.map(rfc3339),
            outcome: record.outcome,
        }
    }
}
