//! A captured document on its way through the other stages: one pass, or with rollback two.
//!
//! # Invariants
//!
//! - Events are admitted in the order of capture, also across restarts.

use std::ops::ControlFlow;

use theriac_epcis::trade::gln_of;
use theriac_epcis::{Item, MasterDataElement, read_items};
use theriac_gs1::Gln;
use theriac_store::{CaptureId, CaptureRecord, CaptureState};
use tokio::sync::mpsc;

use super::{ErrorBehaviour, check};
use crate::error::NodeError;
use crate::node::Node;
use crate::parse;
use crate::report::CaptureReport;

/// The error of a document on which the parser itself has failed.
const PARSER_FAILED: &str = "this program failed while it read the document: report it with the document; the events before stand";

/// What a document has described so far.
#[derive(Default)]
struct Described {
    elements: u64,
    /// The other company whose word it is.
    told_by: Option<Gln>,
}

/// What is done with the batches of a document.
pub(super) enum Passed<'a> {
    /// They are checked.
    Check(&'a mut check::Checked),
    /// They are admitted.
    Admit,
}

impl Node {
    /// Parses, checks and admits the events of a capture, from where it was left.
    ///
    /// # Errors
    ///
    /// [`NodeError`]; what was admitted stays so, and the rest is taken up again.
    pub async fn process(&self, id: CaptureId) -> Result<CaptureReport, NodeError> {
        let record = self.inner().store.capture(id).await?;
        let record = record.ok_or(NodeError::NoSuchCapture(id.0))?;
        if record.state == CaptureState::Captured {
            self.process_from(&record).await?;
            self.stir();
            self.inner().work.notify_one();
        }
        self.capture_report(id).await?.ok_or(NodeError::NoSuchCapture(id.0))
    }

    /// Processes captures that were acknowledged before this node stopped.
    pub(crate) async fn resume_captures(&self) -> Result<bool, NodeError> {
        let Ok(_guard) = self.inner().processing.try_lock() else { return Ok(false) };
        let unfinished = self.inner().store.unfinished_captures().await?;
        let mut failed = None;
        for record in &unfinished {
            // One that cannot be read keeps no other from being processed.
            match self.read_and_admit(record).await {
                Ok(()) => self.stir(),
                Err(error) => failed = failed.or(Some(error)),
            }
        }
        failed.map_or(Ok(!unfinished.is_empty()), Err)
    }

    async fn process_from(&self, record: &CaptureRecord) -> Result<(), NodeError> {
        let _guard = self.inner().processing.lock().await;
        self.catch_up(record.id).await?;
        // Somebody else may have processed it meanwhile.
        match self.inner().store.capture(record.id).await? {
            Some(record) if record.state == CaptureState::Captured => {
                self.read_and_admit(&record).await
            }
            _ => Ok(()),
        }
    }

    /// Processes the captures before `id`, so that events are admitted in the order of capture: what
    /// was checked stands until it is admitted, also across restarts. The caller holds the lock.
    pub(super) async fn catch_up(&self, id: CaptureId) -> Result<(), NodeError> {
        let unfinished = self.inner().store.unfinished_captures().await?;
        for earlier in unfinished.iter().take_while(|earlier| earlier.id < id) {
            // One that cannot be read keeps no other from being processed.
            if let Err(error) = self.read_and_admit(earlier).await {
                tracing::warn!(capture = earlier.id.0, %error, "an earlier capture is put off");
            }
        }
        Ok(())
    }

    async fn read_and_admit(&self, record: &CaptureRecord) -> Result<(), NodeError> {
        let check = record.error_behaviour == ErrorBehaviour::Rollback && record.next_ordinal == 0;
        let wrong = if check { self.check_document(record).await? } else { None };
        let error = match wrong {
            Some(error) => Some(error),
            None => self.pass(record, Passed::Admit).await?,
        };
        let mut tx = self.inner().store.write().await?;
        tx.finish_capture(record.id, error.as_deref(), self.now().as_millisecond()).await?;
        Ok(tx.commit().await?)
    }

    /// Reads a document once, from where the capture was left; why it cannot be read to its end, if
    /// it cannot.
    pub(super) async fn pass(
        &self,
        record: &CaptureRecord,
        mut what: Passed<'_>,
    ) -> Result<Option<String>, NodeError> {
        let (chunks, reader) = parse::pipe();
        let (batches, mut parsed) = mpsc::channel(2);
        let skip = record.next_ordinal;
        let parser = tokio::task::spawn_blocking(move || parse::run(reader, skip, &batches));
        let feeder = tokio::spawn(feed(self.clone(), record.id, chunks));
        let mut described = Described::default();
        while let Some(batch) = parsed.recv().await {
            match &mut what {
                Passed::Check(checked) => self.check_batch(record, &batch, checked).await?,
                Passed::Admit => {
                    self.store_master_data(record, &batch.master_data, &mut described).await?;
                    self.admit_batch(record.id, batch.events).await?;
                }
            }
        }
        let error = match parser.await {
            Ok(document) => document.err().map(|error| error.to_string()),
            // Read again it would fail again, and for ever.
            Err(failure) if failure.is_panic() => Some(PARSER_FAILED.to_owned()),
            Err(_) => return Err(NodeError::Stopping),
        };
        feeder.await.map_err(|_| NodeError::Stopping)??;
        Ok(error)
    }

    /// Stores elements of master data: as this member's own word, or as that of the company whose
    /// document it is.
    async fn store_master_data(
        &self,
        record: &CaptureRecord,
        elements: &[MasterDataElement],
        described: &mut Described,
    ) -> Result<(), NodeError> {
        if elements.is_empty() {
            return Ok(());
        }
        if described.elements == 0 {
            described.told_by = self.sender_of(record).await?;
        }
        described.elements += elements.len() as u64;
        let mut tx = self.inner().store.write().await?;
        match described.told_by {
            None => tx.put_master_data(elements, record.id).await?,
            Some(partner) => {
                self.note_descriptions(&mut tx, partner, elements).await?;
                tx.put_told_master_data(elements, record.id, partner).await?;
            }
        }
        tx.set(&master_data_key(record.id), &described.elements.to_string()).await?;
        Ok(tx.commit().await?)
    }

    /// The other company that a captured document is of, by the header at its beginning.
    async fn sender_of(&self, record: &CaptureRecord) -> Result<Option<Gln>, NodeError> {
        if record.sender.is_some() {
            return Ok(record.sender);
        }
        let Some(chunk) = self.inner().store.chunk(record.id, 0).await? else { return Ok(None) };
        let reading = tokio::task::spawn_blocking(move || {
            let first = &mut |_: Item| ControlFlow::Break(());
            read_items(&chunk[..], first).ok().and_then(|info| info.sender)
        });
        let sender = reading.await.map_err(|_| NodeError::Stopping)?;
        match sender.as_deref().and_then(gln_of) {
            Some(sender) if !self.is_own_place(sender).await? => {
                let mut tx = self.inner().store.read().await?;
                Ok(Some(self.company_of(&mut tx, sender).await?))
            }
            _ => Ok(None),
        }
    }

    pub(super) async fn master_data_of(&self, id: CaptureId) -> Result<u64, NodeError> {
        let total = self.inner().store.get(&master_data_key(id)).await?;
        Ok(total.and_then(|total| total.parse().ok()).unwrap_or(0))
    }
}

/// Sends a capture's bytes to its parser.
async fn feed(node: Node, id: CaptureId, chunks: mpsc::Sender<Vec<u8>>) -> Result<(), NodeError> {
    for n in 0.. {
        match node.inner().store.chunk(id, n).await? {
            // A parser that has stopped reading wants no more.
            Some(chunk) => {
                if chunks.send(chunk).await.is_err() {
                    break;
                }
            }
            None => break,
        }
    }
    Ok(())
}

/// Where the number of elements of master data of a capture is kept.
fn master_data_key(id: CaptureId) -> String {
    format!("master-data/{id}")
}
