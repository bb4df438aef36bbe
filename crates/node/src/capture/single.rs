//! One event, captured while its sender waits.

use sha2::{Digest, Sha256};
use theriac_custody::Hash;
use theriac_epcis::{DocumentHeader, Event, write_document};
use theriac_store::{
    CaptureId, CaptureSource, ErrorBehaviour, EventRecord, NewCapture, OutcomeRecord,
    RecordedState, WriteTx,
};

use crate::admit::{EVENT_ID_TAKEN, Sound};
use crate::error::NodeError;
use crate::node::Node;
use crate::parse::{self, Parsed, Refusal};

/// Why one event is not captured.
#[derive(Debug, thiserror::Error)]
pub enum CaptureEventError {
    /// It, or another event with its `eventID`, is on record.
    #[error("expected an event that is not on record, found {event_id} on record already")]
    AlreadyExists {
        /// Its `eventID`.
        event_id: String,
        /// Whether the event on record is this very one.
        same: bool,
    },
    /// It breaks the standard.
    #[error("{reason}")]
    Refused {
        /// What was expected, what was found.
        reason: String,
        /// The rule.
        code: String,
    },
    /// This node's own fault.
    #[error(transparent)]
    Node(#[from] NodeError),
}

impl From<theriac_store::StoreError> for CaptureEventError {
    fn from(error: theriac_store::StoreError) -> Self {
        Self::Node(error.into())
    }
}

impl Node {
    /// Captures one event. When this returns, the event is durable and admitted, or held in a case;
    /// one without `eventID` was given one.
    ///
    /// # Errors
    ///
    /// [`CaptureEventError`].
    pub async fn capture_event(&self, event: Event) -> Result<EventRecord, CaptureEventError> {
        let sound = parse::sound(event).map_err(CaptureEventError::from)?;
        let event_id = sound.event_id().to_owned();
        let id = self.capture_one(sound).await?;
        self.stir();
        self.inner().work.notify_one();
        let missing = || NodeError::Inconsistent {
            expected: "an outcome of the event captured",
            found: "none".to_owned(),
        };
        let outcomes = self.inner().store.outcomes(id).await?;
        let outcome = outcomes.into_iter().next().ok_or_else(missing)?;
        match (outcome.state, outcome.event) {
            (RecordedState::Refused, _) => Err(refused(&outcome, event_id)),
            (_, Some(row)) => Ok(self.inner().store.event(row).await?.ok_or_else(missing)?),
            (_, None) => Err(CaptureEventError::AlreadyExists { event_id, same: true }),
        }
    }

    async fn capture_one(&self, sound: Sound) -> Result<CaptureId, NodeError> {
        let _guard = self.inner().processing.lock().await;
        let mut tx = self.inner().store.write().await?;
        let id = self.seal_event(&mut tx, &sound.event).await?;
        tx.commit().await?;
        self.catch_up(id).await?;
        let parsed = Parsed {
            ordinal: 0,
            place: "$".to_owned(),
            kind: Some(sound.event.kind().to_owned()),
            outcome: Ok(sound),
        };
        self.admit_batch(id, vec![parsed]).await?;
        let mut tx = self.inner().store.write().await?;
        tx.finish_capture(id, None, self.now().as_millisecond()).await?;
        tx.commit().await?;
        Ok(id)
    }
}

impl Node {
    /// Captures an event of this node's own making; [`process`](Self::process) admits it once the
    /// transaction is committed, also after a crash.
    pub(crate) async fn seal_event(
        &self,
        tx: &mut WriteTx,
        event: &Event,
    ) -> Result<CaptureId, NodeError> {
        let bytes = self.document_of(event)?;
        let id = tx
            .begin_capture(&NewCapture {
                received_at: self.now().as_millisecond(),
                source: CaptureSource::Api,
                content_type: Some("application/ld+json".to_owned()),
                sender: None,
                error_behaviour: ErrorBehaviour::Rollback,
            })
            .await?;
        tx.append_chunk(id, 0, &bytes).await?;
        let digest = Hash(Sha256::digest(&bytes).into());
        tx.seal_capture(id, digest, bytes.len() as u64).await?;
        Ok(id)
    }

    /// The document that is processed should this node die before the event is admitted.
    fn document_of(&self, event: &Event) -> Result<Vec<u8>, NodeError> {
        let mut document = Vec::new();
        let header = DocumentHeader::new(self.now());
        write_document(std::iter::once(event), &header, &mut document).map_err(|error| {
            NodeError::Inconsistent {
                expected: "an event that can be written",
                found: error.to_string(),
            }
        })?;
        Ok(document)
    }
}

impl From<Refusal> for CaptureEventError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused { reason: refusal.reason, code: refusal.code }
    }
}

fn refused(outcome: &OutcomeRecord, event_id: String) -> CaptureEventError {
    let detail = |field: &str| {
        let value = outcome.detail.as_ref().and_then(|detail| detail.get(field)?.as_str());
        value.unwrap_or_default().to_owned()
    };
    match detail("code") {
        code if code == EVENT_ID_TAKEN => {
            CaptureEventError::AlreadyExists { event_id, same: false }
        }
        code => CaptureEventError::Refused { reason: detail("reason"), code },
    }
}
