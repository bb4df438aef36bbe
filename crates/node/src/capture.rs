//! Stage 1, capture: a document's bytes become durable before anybody is told that it was taken;
//! then its events go through the other stages.
//!
//! ```text
//! bytes ── CaptureWriter ──> captured (acknowledged) ── parse ── check ── admit ──> report
//! ```
//!
//! # Invariants
//!
//! - Memory does not grow with the document: it is written and read in chunks.
//! - A capture that was acknowledged is processed to its end, across restarts; each event once.

mod check;
mod job;
mod single;

pub use job::{CaptureJob, CaptureJobError};
pub use single::CaptureEventError;
pub use theriac_store::ErrorBehaviour;

use sha2::{Digest, Sha256};
use theriac_custody::Hash;
use theriac_epcis::MasterDataElement;
use theriac_store::{
    CaptureId, CaptureRecord, CaptureSource, NewCapture, OutcomeRecord, RecordedState,
};
use tokio::sync::mpsc;

use crate::error::NodeError;
use crate::node::Node;
use crate::parse;
use crate::report::{CaptureReport, EventOutcome};

/// Bytes of a document that are written at once.
const CHUNK_BYTES: usize = 256 * 1024;

/// The error of a document on which the parser itself has failed.
const PARSER_FAILED: &str = "this program failed while it read the document: report it with the document; the events before stand";

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

/// What is done with the batches of a document.
enum Passed<'a> {
    /// They are checked.
    Check(&'a mut check::Checked),
    /// They are admitted.
    Admit,
}

/// A document that is being taken in; not acknowledged until [`finish`](Self::finish).
pub struct CaptureWriter {
    node: Node,
    id: CaptureId,
    buffer: Vec<u8>,
    chunks: u32,
    bytes: u64,
    hasher: Sha256,
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
        Ok(CaptureWriter {
            node: self.clone(),
            id,
            buffer: Vec::new(),
            chunks: 0,
            bytes: 0,
            hasher: Sha256::new(),
        })
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

    /// Parses, checks and admits the events of a capture, from where it was left.
    ///
    /// # Errors
    ///
    /// [`NodeError`]; what was admitted stays so, and the rest is taken up again.
    pub async fn process(&self, id: CaptureId) -> Result<CaptureReport, NodeError> {
        let record = self.inner().store.capture(id).await?;
        let record = record.ok_or(NodeError::NoSuchCapture(id.0))?;
        if record.state == theriac_store::CaptureState::Captured {
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
            Some(record) if record.state == theriac_store::CaptureState::Captured => {
                self.read_and_admit(&record).await
            }
            _ => Ok(()),
        }
    }

    /// Processes the captures before `id`, so that events are admitted in the order of capture: what
    /// was checked stands until it is admitted, also across restarts. The caller holds the lock.
    async fn catch_up(&self, id: CaptureId) -> Result<(), NodeError> {
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
    async fn pass(
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

    async fn master_data_of(&self, id: CaptureId) -> Result<u64, NodeError> {
        let total = self.inner().store.get(&master_data_key(id)).await?;
        Ok(total.and_then(|total| total.parse().ok()).unwrap_or(0))
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
            outcomes: outcomes.iter().map(outcome).collect(),
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

impl CaptureWriter {
    /// Takes in the next bytes.
    ///
    /// # Errors
    ///
    /// [`NodeError::Store`].
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), NodeError> {
        self.hasher.update(bytes);
        self.bytes += bytes.len() as u64;
        self.buffer.extend_from_slice(bytes);
        while self.buffer.len() >= CHUNK_BYTES {
            let rest = self.buffer.split_off(CHUNK_BYTES);
            let chunk = std::mem::replace(&mut self.buffer, rest);
            let mut tx = self.node.inner().store.write().await?;
            tx.append_chunk(self.id, self.chunks, &chunk).await?;
            tx.commit().await?;
            self.chunks += 1;
        }
        Ok(())
    }

    /// Ends the document. When this returns, its bytes are durable: it may be acknowledged.
    ///
    /// # Errors
    ///
    /// [`NodeError::Store`].
    pub async fn finish(self) -> Result<CaptureId, NodeError> {
        let sha256 = Hash(self.hasher.finalize().into());
        let mut tx = self.node.inner().store.write().await?;
        if !self.buffer.is_empty() {
            tx.append_chunk(self.id, self.chunks, &self.buffer).await?;
        }
        tx.seal_capture(self.id, sha256, self.bytes).await?;
        tx.commit().await?;
        Ok(self.id)
    }
}

/// Where the number of elements of master data of a capture is kept.
fn master_data_key(id: CaptureId) -> String {
    format!("master-data/{id}")
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

fn outcome(record: &OutcomeRecord) -> EventOutcome {
    let held = record.state == RecordedState::Held;
    let breach = record.case.as_ref().filter(|_| held).map(|case| &case.breach);
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
        reason: breach.map(|breach| breach.reason.clone()).or_else(|| detail("reason")),
        what_to_do: breach.map(|breach| breach.what_to_do.clone()).or_else(|| detail("what_to_do")),
        code: breach
            .and_then(|breach| serde_json::to_value(breach.code).ok())
            .and_then(|code| code.as_str().map(str::to_owned))
            .or_else(|| detail("code")),
        case: record.case.as_ref().filter(|_| held).map(|case| case.id.0),
        transaction: record.transaction.map(|hash| hash.to_string()),
    }
}
