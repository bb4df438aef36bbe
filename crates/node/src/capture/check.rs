//! The first pass of a capture with rollback: reads and checks all of the document, and puts nothing
//! of it on record but its errors.
//!
//! # Invariants
//!
//! - The second pass begins only when the first has found no error. The first event that is dealt
//!   with moves the capture's position: a capture resumed at the beginning is checked again, one
//!   resumed later was checked.
//! - Memory does not grow with the document, but for 24 bytes for each `eventID` in it.

use theriac_store::{CaptureRecord, Counts};

use super::process::Passed;
use crate::admit::{Identity, Known, Seen, refused};
use crate::error::NodeError;
use crate::node::Node;
use crate::parse::Batch;

/// How the error of a capture begins of which nothing was captured because of its events.
pub(super) const ROLLED_BACK: &str = "rolled back: ";

/// What the first pass has found so far.
#[derive(Debug, Default)]
pub(super) struct Checked {
    events: u64,
    counts: Counts,
    seen: Seen,
}

impl Node {
    /// Checks a document; why nothing of it is captured, if it has errors.
    pub(super) async fn check_document(
        &self,
        record: &CaptureRecord,
    ) -> Result<Option<String>, NodeError> {
        let mut checked = Checked::default();
        let error = self.pass(record, Passed::Check(&mut checked)).await?;
        let Checked { events, counts, .. } = checked;
        let refused = (counts.refused > 0).then(|| {
            format!(
                "{ROLLED_BACK}{} of {events} events are refused, so that nothing is captured",
                counts.refused
            )
        });
        Ok(error.or(refused))
    }

    /// Checks a batch and keeps its errors.
    pub(super) async fn check_batch(
        &self,
        record: &CaptureRecord,
        batch: &Batch,
        checked: &mut Checked,
    ) -> Result<(), NodeError> {
        let mut tx = self.inner().store.write().await?;
        let known = Known::of(&mut tx, &batch.events).await?;
        let mut outcomes = Vec::new();
        for parsed in &batch.events {
            let refusal = match &parsed.outcome {
                Err(refusal) => Some(refusal.clone()),
                Ok(sound) => match (checked.seen.note(sound), known.judge(sound)) {
                    (Err(refusal), _) | (Ok(()), Identity::Taken(refusal)) => Some(refusal),
                    (Ok(()), Identity::New { .. } | Identity::Duplicate) => None,
                },
            };
            outcomes.extend(refusal.map(|refusal| refused(parsed, &refusal)));
        }
        checked.events += batch.events.len() as u64;
        checked.counts.refused += outcomes.len() as u64;
        if outcomes.is_empty() {
            return Ok(());
        }
        tx.insert_outcomes(record.id, &outcomes).await?;
        tx.advance_capture(record.id, 0, &checked.counts).await?;
        Ok(tx.commit().await?)
    }
}
