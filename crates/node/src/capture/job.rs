//! A capture as the standard shows it: a capture job (EPCIS 2.0, section 12.6).

use jiff::Timestamp;
use theriac_store::{CaptureId, CaptureRecord, CaptureState, OutcomeRecord, RecordedState};

use super::ErrorBehaviour;
use super::check::ROLLED_BACK;
use crate::error::NodeError;
use crate::node::Node;

/// A capture job.
///
/// | `running` | `success` | meaning |
/// |---|---|---|
/// | yes | yes | under way, no error so far |
/// | yes | no | under way, with errors |
/// | no | yes | all events are captured |
/// | no | no | rollback: none is captured; proceed: only those without error are |
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaptureJob {
    /// Number of the capture at this node.
    pub capture: i64,
    /// Whether events are still to come.
    pub running: bool,
    /// Whether no error was found so far. An event that is held in a case is no error: it is
    /// captured.
    pub success: bool,
    /// What an error does to the other events.
    pub behaviour: ErrorBehaviour,
    /// When its first byte came.
    pub created_at: Timestamp,
    /// When its last event was dealt with.
    pub finished_at: Option<Timestamp>,
    /// The errors found so far, in the order of the document; that of the document itself last. At
    /// most [`CaptureJob::ERRORS_MAX`].
    pub errors: Vec<CaptureJobError>,
}

impl CaptureJob {
    /// Most errors that a job lists.
    pub const ERRORS_MAX: usize = 1_000;
}

/// An error of a capture job, with the parts of a problem document (RFC 9457).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaptureJobError {
    /// Type of the problem, such as `epcisException:ValidationException`.
    pub problem: &'static str,
    /// Its title.
    pub title: &'static str,
    /// Its HTTP status.
    pub status: u16,
    /// What was expected, what was found.
    pub detail: String,
    /// The rule broken, such as `event-id-taken`.
    pub code: Option<String>,
    /// The event's position in the document, from 0; `None`: the document itself.
    pub ordinal: Option<u64>,
    /// Where in the document: line, column and path.
    pub place: Option<String>,
}

impl Node {
    /// A capture as a job; `None` if there is no such capture.
    ///
    /// # Errors
    ///
    /// [`NodeError::Store`].
    pub async fn capture_job(&self, id: CaptureId) -> Result<Option<CaptureJob>, NodeError> {
        let Some(record) = self.inner().store.capture(id).await? else { return Ok(None) };
        let outcomes = match record.counts.refused {
            0 => Vec::new(),
            _ => self.inner().store.outcomes(id).await?,
        };
        Ok(Some(job(&record, &outcomes)))
    }

    /// The latest captures as jobs, newest first, without their errors.
    ///
    /// # Errors
    ///
    /// [`NodeError::Store`].
    pub async fn capture_jobs(&self, limit: u64) -> Result<Vec<CaptureJob>, NodeError> {
        let captures = self.inner().store.captures(limit).await?;
        Ok(captures.iter().map(|record| job(record, &[])).collect())
    }
}

fn job(record: &CaptureRecord, outcomes: &[OutcomeRecord]) -> CaptureJob {
    let refused = outcomes.iter().filter(|outcome| outcome.state == RecordedState::Refused);
    let mut errors: Vec<_> = refused.take(CaptureJob::ERRORS_MAX).map(of_event).collect();
    let document = record.error.as_deref().filter(|error| !error.starts_with(ROLLED_BACK));
    errors.extend(document.map(of_document));
    CaptureJob {
        capture: record.id.0,
        running: matches!(record.state, CaptureState::Receiving | CaptureState::Captured),
        success: record.counts.refused == 0 && record.error.is_none(),
        behaviour: record.error_behaviour,
        created_at: time(record.received_at),
        finished_at: record.finished_at.map(time),
        errors,
    }
}

fn time(millis: i64) -> Timestamp {
    Timestamp::from_millisecond(millis).unwrap_or(Timestamp::UNIX_EPOCH)
}

fn of_event(outcome: &OutcomeRecord) -> CaptureJobError {
    let detail = |field: &str| {
        let value = outcome.detail.as_ref()?.get(field)?;
        value.as_str().map(str::to_owned)
    };
    let code = detail("code");
    let taken = code.as_deref() == Some(crate::admit::EVENT_ID_TAKEN);
    let (problem, title, status) = if taken {
        ("epcisException:ResourceAlreadyExistsException", "Resource already exists", 409)
    } else {
        ("epcisException:ValidationException", "Event breaks the standard", 400)
    };
    CaptureJobError {
        problem,
        title,
        status,
        detail: detail("reason").unwrap_or_default(),
        code,
        ordinal: Some(outcome.ordinal),
        place: Some(outcome.place.clone()),
    }
}

fn of_document(error: &str) -> CaptureJobError {
    CaptureJobError {
        problem: "epcisException:ValidationException",
        title: "Document cannot be read",
        status: 400,
        detail: error.to_owned(),
        code: None,
        ordinal: None,
        place: None,
    }
}
