//! What became of each event of a capture.

use sea_query::{Expr, ExprTrait, Query};
use theriac_custody::Hash;

use crate::capture::CaptureId;
use crate::case_file::CaseRecord;
use crate::column::{cell, opt};
use crate::connection::{Conflict, Connection, Insert, Row};
use crate::error::StoreError;
use crate::event::{self, EventId, EventRecord, EventState};
use crate::store::{WriteTx, reads};
use crate::word::words;

words! {
    /// What became of an event that is not put on record.
    OutcomeState {
        /// It breaks the standard.
        Refused = 0 "refused",
        /// It was on record already.
        Duplicate = 1 "duplicate",
    }

    /// What became of an event of a capture.
    RecordedState {
        /// It obeys the standard and the rules of custody.
        Admitted = 0 "admitted",
        /// It breaks a rule of custody and is in a case.
        Held = 1 "held",
        /// Its ledger transaction is mined.
        Recorded = 2 "recorded",
        /// Its ledger transaction can no longer be reverted.
        Final = 3 "final",
        /// It was on record already.
        Duplicate = 4 "duplicate",
        /// It breaks the standard.
        Refused = 5 "refused",
    }
}

/// What became of an event that is not put on record.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// Its number in the capture, from 0.
    pub ordinal: u64,
    /// Where it stands in the document, as a JSON pointer or an XPath.
    pub place: String,
    /// Its kind, when that could be read.
    pub kind: Option<String>,
    /// What became of it.
    pub state: OutcomeState,
    /// Why: the violations of the standard.
    pub detail: serde_json::Value,
    /// Its hash, when it could be computed.
    pub event_hash: Option<Hash>,
}

/// What became of an event of a capture.
#[derive(Debug, Clone, PartialEq)]
pub struct OutcomeRecord {
    /// Its number in the capture, from 0.
    pub ordinal: u64,
    /// Where it stands in the document.
    pub place: String,
    /// What became of it.
    pub state: RecordedState,
    /// Its kind, when that could be read.
    pub kind: Option<String>,
    /// Its business step; of an event on record.
    pub biz_step: Option<String>,
    /// Its hash, when it could be computed.
    pub event_hash: Option<Hash>,
    /// Its row, when this capture put it on record.
    pub event: Option<EventId>,
    /// Its latest case, if it has one.
    pub case: Option<CaseRecord>,
    /// Hash of the ledger transaction that records it.
    pub transaction: Option<Hash>,
    /// Why it was not put on record.
    pub detail: Option<serde_json::Value>,
}

reads! {
    /// What became of all events of a capture that were dealt with, in their order.
    snapshot fn outcomes(id: CaptureId) -> Vec<OutcomeRecord>;
}

impl WriteTx {
    /// Stores what became of events that are not put on record; a later outcome replaces an
    /// earlier one of the same ordinal.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database does not take it.
    pub async fn insert_outcomes(
        &mut self,
        id: CaptureId,
        outcomes: &[Outcome],
    ) -> Result<(), StoreError> {
        let insert = Insert {
            table: "outcome",
            columns: &["capture", "ordinal", "place", "kind", "state", "detail", "event_hash"],
            conflict: Conflict::Update(
                &["capture", "ordinal"],
                &["place", "kind", "state", "detail", "event_hash"],
            ),
            returning: &[],
        };
        let row = |outcome: &Outcome| {
            vec![
                cell(&id),
                cell(&outcome.ordinal),
                cell(&outcome.place),
                opt(outcome.kind.as_ref()),
                cell(&outcome.state),
                cell(&outcome.detail),
                opt(outcome.event_hash.as_ref()),
            ]
        };
        self.connection().insert(&insert, outcomes.iter().map(row).collect()).await.map(drop)
    }
}

async fn outcomes(
    connection: &mut Connection<'_>,
    id: CaptureId,
) -> Result<Vec<OutcomeRecord>, StoreError> {
    let select = Query::select()
        .column(sea_query::Asterisk)
        .from("outcome")
        .and_where(Expr::col("capture").eq(id.0))
        .take();
    let mut outcomes: Vec<OutcomeRecord> =
        connection.all(&select).await?.iter().map(not_on_record).collect::<Result<_, _>>()?;
    outcomes.extend(event::events_of_capture(connection, id).await?.into_iter().map(on_record));
    outcomes.sort_by_key(|outcome| outcome.ordinal);
    Ok(outcomes)
}

fn not_on_record(row: &Row) -> Result<OutcomeRecord, StoreError> {
    Ok(OutcomeRecord {
        ordinal: row.get("ordinal")?,
        place: row.get("place")?,
        state: match row.get("state")? {
            OutcomeState::Refused => RecordedState::Refused,
            OutcomeState::Duplicate => RecordedState::Duplicate,
        },
        kind: row.opt("kind")?,
        biz_step: None,
        event_hash: row.opt("event_hash")?,
        event: None,
        case: None,
        transaction: None,
        detail: Some(row.get("detail")?),
    })
}

fn on_record(event: EventRecord) -> OutcomeRecord {
    OutcomeRecord {
        ordinal: event.ordinal,
        place: event.place,
        state: match event.state {
            EventState::Admitted => RecordedState::Admitted,
            EventState::Held => RecordedState::Held,
            EventState::Recorded => RecordedState::Recorded,
            EventState::Final => RecordedState::Final,
        },
        kind: Some(event.kind),
        biz_step: event.biz_step,
        event_hash: Some(event.hash),
        event: Some(event.id),
        case: event.case,
        transaction: event.transaction.map(|transaction| transaction.hash),
        detail: None,
    }
}
