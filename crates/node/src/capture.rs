//! Stage 1, capture: a document's bytes become durable before anybody is told that it was taken;
//! then its events go through the other stages.
//!
//! ```text
//! bytes ── CaptureWriter ──> captured (acknowledged) ── parse ── check ── admit ──> report
//! ```
//!
//! With [`ErrorBehaviour::Rollback`] the document is read twice: nothing is admitted before all of it
//! was found free of errors.
//!
//! # Invariants
//!
//! - Memory does not grow with the document: it is written and read in chunks.
//! - A capture that was acknowledged is processed to its end, across restarts; each event once.

mod check;
mod job;
mod process;
mod single;
mod writer;

pub use job::{CaptureJob, CaptureJobError};
pub use single::CaptureEventError;
pub use theriac_store::ErrorBehaviour;
pub use writer::CaptureWriter;

use theriac_custody::profile::Alert;
use theriac_custody::{AlertCause, CaseKind, Profile};
use theriac_store::{
    CaptureId, CaptureRecord, CaptureSource, NewCapture, OutcomeRecord, RecordedState,
};

use crate::error::NodeError;
use crate::node::Node;
use crate::report::{CaptureReport, EventOutcome};

/// How a document is to be captured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaptureOptions {
    /// Where it comes from.
    pub source: CaptureSource,
    /// Its media type, as the client says.
    pub content_type: Option<String>,
    /// What an error in it does to its other events.
    pub error_behaviour: ErrorBehaviour,
}

impl Node {
    /// Begins to take in a document whose events without error are captured, whatever the others.
    ///
    /// # Errors
    ///
    /// [`NodeError::Store`].
    pub async fn begin_capture(
        &self,
        source: CaptureSource,
        content_type: Option<&str>,
    ) -> Result<CaptureWriter, NodeError> {
        let content_type = content_type.map(str::to_owned);
        let error_behaviour = ErrorBehaviour::Proceed;
        self.begin_capture_with(CaptureOptions { source, content_type, error_behaviour }).await
    }

    /// Begins to take in a document.
    ///
    /// # Errors
    ///
    /// [`NodeError::Store`].
    pub async fn begin_capture_with(
        &self,
        options: CaptureOptions,
    ) -> Result<CaptureWriter, NodeError> {
        let new = NewCapture {
            received_at: self.now().as_millisecond(),
            source: options.source,
            content_type: options.content_type,
            sender: None,
            error_behaviour: options.error_behaviour,
        };
        let mut tx = self.inner().store.write().await?;
        let id = tx.begin_capture(&new).await?;
        tx.commit().await?;
        Ok(CaptureWriter::new(self.clone(), id))
    }

    /// Takes in a whole document at once and processes it; its events without error are captured,
    /// whatever the others.
    ///
    /// # Errors
    ///
    /// [`NodeError`]; once the document is durable it is processed later at the latest.
    pub async fn capture(
        &self,
        source: CaptureSource,
        document: &[u8],
    ) -> Result<CaptureReport, NodeError> {
        let error_behaviour = ErrorBehaviour::Proceed;
        let options = CaptureOptions { source, content_type: None, error_behaviour };
        self.capture_with(options, document).await
    }

    /// Takes in a whole document at once and processes it.
    ///
    /// # Errors
    ///
    /// [`NodeError`]; once the document is durable it is processed later at the latest.
    pub async fn capture_with(
        &self,
        options: CaptureOptions,
        document: &[u8],
    ) -> Result<CaptureReport, NodeError> {
        let mut writer = self.begin_capture_with(options).await?;
        writer.write(document).await?;
        let id = writer.finish().await?;
        self.process(id).await
    }

    /// What became of each event of a capture so far; `None` if there is no such capture.
    ///
    /// # Errors
    ///
    /// [`NodeError::Store`].
    pub async fn capture_report(&self, id: CaptureId) -> Result<Option<CaptureReport>, NodeError> {
        let Some(record) = self.inner().store.capture(id).await? else { return Ok(None) };
        let outcomes = self.inner().store.outcomes(id).await?;
        let counts = record.counts;
        Ok(Some(CaptureReport {
            capture: id.0,
            document_error: record.error,
            events: counts.admitted + counts.held + counts.refused + counts.duplicate,
            admitted: counts.admitted,
            held: counts.held,
            refused: counts.refused,
            duplicate: counts.duplicate,
            master_data: self.master_data_of(id).await?,
            outcomes: outcomes.iter().map(|record| outcome(record, self.profile())).collect(),
        }))
    }

    /// The latest captures, newest first.
    ///
    /// # Errors
    ///
    /// [`NodeError::Store`].
    pub async fn captures(&self, limit: u64) -> Result<Vec<CaptureRecord>, NodeError> {
        Ok(self.inner().store.captures(limit).await?)
    }
}

fn outcome(record: &OutcomeRecord, profile: &Profile) -> EventOutcome {
    let held = record.state == RecordedState::Held;
    let matter = record.case.as_ref().filter(|_| held).map(|case| &case.matter);
    let detail = |field: &str| {
        let value = record.detail.as_ref()?.get(field)?;
        value.as_str().map(str::to_owned)
    };
    EventOutcome {
        ordinal: record.ordinal,
        place: record.place.clone(),
        kind: record.kind.clone(),
        biz_step: record.biz_step.clone(),
        state: record.state.word().to_owned(),
        hash: record.event_hash.map(|hash| hash.to_string()),
        reason: matter.map(|matter| matter.reason.clone()).or_else(|| detail("reason")),
        what_to_do: matter.map(|matter| matter.what_to_do.clone()).or_else(|| detail("what_to_do")),
        code: matter.map(|matter| matter.kind.word()).or_else(|| detail("code")),
        alert: matter.and_then(|matter| alert_of(matter.kind, profile)),
        case: record.case.as_ref().filter(|_| held).map(|case| case.id.0),
        transaction: record.transaction.map(|hash| hash.to_string()),
    }
}

/// The jurisdiction's alert for a broken rule.
fn alert_of(kind: CaseKind, profile: &Profile) -> Option<Alert> {
    let CaseKind::Rule(code) = kind else { return None };
    profile.alert(AlertCause::of_breach(code)?).cloned()
}
