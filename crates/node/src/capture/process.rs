//! A captured document on its way through the other stages: one pass, or with rollback two.
//!
//! # Invariants
//!
//! - Events are admitted in the order of capture, also across restarts.

use theriac_epcis::MasterDataElement;
use theriac_store::{CaptureId, CaptureRecord, CaptureState};
use tokio::sync::mpsc;

use super::{ErrorBehaviour, check};
use crate::error::NodeError;
use crate::node::Node;
use crate::parse;
use crate::report::CaptureReport;

/// The error of a document on which the parser itself has failed.
const PARSER_FAILED: &str = "this program failed while it read the document: report it with the document; the events before stand";

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
        let mut master_data = 0;
        while let Some(batch) = parsed.recv().await {
            match &mut what {
                Passed::Check(checked) => self.check_batch(record, &batch, checked).await?,
                Passed::Admit => {
                    master_data += batch.master_data.len() as u64;
                    self.store_master_data(record.id, &batch.master_data, master_data).await?;
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

    /// Stores elements of master data; `total` of the capture so far.
    async fn store_master_data(
        &self,
        id: CaptureId,
        elements: &[MasterDataElement],
        total: u64,
    ) -> Result<(), NodeError> {
        if elements.is_empty() {
            return Ok(());
        }
        let mut tx = self.inner().store.write().await?;
        tx.put_master_data(elements, id).await?;
        tx.set(&master_data_key(id), &total.to_string()).await?;
        Ok(tx.commit().await?)
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
