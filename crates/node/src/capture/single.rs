//! One event, captured while its sender waits.

use sha2::{Digest, Sha256};
use theriac_custody::Hash;
use theriac_epcis::{Event, check, to_json};
use theriac_store::{CaptureId, CaptureSource, EventRecord, NewCapture, OutcomeRecord};

use crate::admit::identity_of;
use crate::error::NodeError;
use crate::node::Node;
use crate::parse::Parsed;

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
    /// Captures one event. When this returns, the event is durable and admitted, or held in a case.
    ///
    /// # Errors
    ///
    /// [`CaptureEventError`].
    pub async fn capture_event(&self, event: Event) -> Result<EventRecord, CaptureEventError> {
        if let Some(violation) = check(&event).first() {
            let reason = format!(
                "expected {}, found {}, at {}",
                violation.expected, violation.found, violation.path
            );
            return Err(CaptureEventError::Refused { reason, code: violation.rule.to_owned() });
        }
        let id = self.capture_one(event).await?;
        let outcomes = self.inner().store.outcomes(id).await?;
        let first = outcomes.into_iter().next();
        self.stir();
        self.inner().work.notify_one();
        self.captured_event(first).await
    }

    async fn captured_event(
        &self,
        outcome: Option<OutcomeRecord>,
    ) -> Result<EventRecord, CaptureEventError> {
        let missing = || NodeError::Inconsistent {
            expected: "an outcome of the event captured",
            found: "none".to_owned(),
        };
        let outcome = outcome.ok_or_else(missing)?;
        let hash = outcome.event_hash.ok_or_else(missing)?;
        let record = self.inner().store.event_by_hash(&hash).await?.ok_or_else(missing)?;
        match outcome.event {
            Some(_) => Ok(record),
            None => Err(CaptureEventError::AlreadyExists {
                event_id: record.event_id.unwrap_or_default(),
                same: true,
            }),
        }
    }

    async fn capture_one(&self, event: Event) -> Result<CaptureId, NodeError> {
        let bytes = to_json(&event).to_string().into_bytes();
        let _guard = self.inner().processing.lock().await;
        let mut tx = self.inner().store.write().await?;
        let id = tx
            .begin_capture(&NewCapture {
                received_at: self.now().as_millisecond(),
                source: CaptureSource::Api,
                content_type: Some("application/ld+json".to_owned()),
                sender: None,
            })
            .await?;
        tx.append_chunk(id, 0, &bytes).await?;
        tx.seal_capture(id, Hash(Sha256::digest(&bytes).into()), bytes.len() as u64).await?;
        tx.commit().await?;
        let hash = identity_of(&event);
        let parsed = Parsed {
            ordinal: 0,
            place: "the event".to_owned(),
            kind: Some(event.kind().to_owned()),
            outcome: Ok((event, hash)),
        };
        self.admit_batch(id, vec![parsed]).await?;
        let mut tx = self.inner().store.write().await?;
        tx.finish_capture(id, None).await?;
        tx.commit().await?;
        Ok(id)
    }
}
