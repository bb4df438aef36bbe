//! A file that came in: made durable, then worked on by what it is.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use theriac_custody::Hash;
use theriac_epcis::trade::{TradeFinding, TradeReader, TransactionInformation};
use theriac_gs1::Gln;
use theriac_store::{
    CaptureId, CaptureSource, Direction, NewTradeFile, TradeFileId, TradeFileRecord, TradeFileState,
};

use super::{FILE_BYTES_MAX, table};
use crate::error::NodeError;
use crate::node::Node;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FileKind {
    /// Events of this member.
    Own,
    /// What a partner tells.
    Told,
    /// A table of what this member did.
    Table,
}

/// What became of a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FileReport {
    /// Its number; 0 if it was not taken.
    pub file: i64,
    /// Its name.
    pub name: String,
    /// `processed`, `rejected` or `duplicate`; of one that goes out `due`, `written` or `failed`.
    pub state: String,
    /// What it is, if it could be read.
    pub kind: Option<FileKind>,
    /// Who sent it, or to whom it goes.
    pub partner: Option<Gln>,
    /// The first file with these bytes, if there is one.
    pub duplicate_of: Option<i64>,
    /// The capture that its events went into.
    pub capture: Option<i64>,
    /// Events that obey the rules, are held in a case, are refused, or were captured before.
    #[serde(default)]
    pub events: [u64; 4],
    /// The shipments that it tells of.
    #[serde(default)]
    pub shipments: Vec<Hash>,
    /// What is wrong with it.
    #[serde(default)]
    pub findings: Vec<TradeFinding>,
    /// Why it was rejected, a line for each reason.
    #[serde(default)]
    pub errors: Vec<String>,
}

/// Why a file is not taken.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// It is too large.
    #[error(
        "expected a file of at most {FILE_BYTES_MAX} bytes, found {found}: capture it (theriac capture)"
    )]
    TooLarge {
        /// Its size.
        found: u64,
    },
    /// No file has this number.
    #[error("expected the number of a file, found {0}")]
    Unknown(i64),
    /// This node's own fault.
    #[error(transparent)]
    Node(#[from] NodeError),
}

impl From<theriac_store::StoreError> for FileError {
    fn from(error: theriac_store::StoreError) -> Self {
        Self::Node(error.into())
    }
}

/// Longest name of a file that is kept, in characters.
const NAME_CHARS_MAX: usize = 120;

impl FileReport {
    fn of(record: &TradeFileRecord) -> Self {
        Self {
            file: record.id.0,
            name: record.name.clone(),
            state: record.state.word().to_owned(),
            kind: None,
            partner: record.partner,
            duplicate_of: None,
            capture: record.capture.map(|capture| capture.0),
            events: [0; 4],
            shipments: record.cause.into_iter().collect(),
            findings: Vec::new(),
            errors: Vec::new(),
        }
    }

    /// The report of a file that was not taken at all.
    pub(super) fn refused(name: &str, error: &str) -> Self {
        Self {
            file: 0,
            name: plain_name(name),
            state: TradeFileState::Rejected.word().to_owned(),
            kind: None,
            partner: None,
            duplicate_of: None,
            capture: None,
            events: [0; 4],
            shipments: Vec::new(),
            findings: Vec::new(),
            errors: vec![error.to_owned()],
        }
    }

    /// Whether it could not be used.
    pub fn is_rejected(&self) -> bool {
        self.state == TradeFileState::Rejected.word()
    }

    fn rejected(mut self, errors: impl IntoIterator<Item = String>) -> Self {
        self.state = TradeFileState::Rejected.word().to_owned();
        self.errors.extend(errors);
        self
    }
}

impl Node {
    /// Takes a file that came in. When this returns, its bytes are durable and what is in it was
    /// worked on: events of this member are captured, what a partner tells is on record as its word.
    ///
    /// # Errors
    ///
    /// [`FileError::TooLarge`].
    pub async fn take_file(&self, name: &str, bytes: Vec<u8>) -> Result<FileReport, FileError> {
        if bytes.len() > FILE_BYTES_MAX {
            return Err(FileError::TooLarge { found: bytes.len() as u64 });
        }
        let digest = Hash(Sha256::digest(&bytes).into());
        let mut tx = self.inner().store.write().await?;
        let before = tx.trade_files_with(&digest).await?;
        let first = before
            .iter()
            .find(|file| file.direction == Direction::In && file.state != TradeFileState::Rejected);
        let new = NewTradeFile {
            direction: Direction::In,
            partner: first.and_then(|first| first.partner),
            name: plain_name(name),
            at: self.now().as_millisecond(),
            state: match first {
                Some(_) => TradeFileState::Duplicate,
                None => TradeFileState::Received,
            },
            cause: None,
        };
        let id = tx.insert_trade_file(&new).await?;
        if let Some(first) = first {
            let duplicate_of = Some(first.id.0);
            let report = self.duplicate(&mut tx, id, duplicate_of).await?;
            tx.commit().await?;
            return Ok(report);
        }
        tx.set_trade_file_bytes(id, digest, &bytes).await?;
        tx.commit().await?;
        Ok(self.work_on_file(id, bytes).await?)
    }

    async fn duplicate(
        &self,
        tx: &mut theriac_store::WriteTx,
        id: TradeFileId,
        duplicate_of: Option<i64>,
    ) -> Result<FileReport, FileError> {
        let mut record = tx.trade_file(id).await?.ok_or(FileError::Unknown(id.0))?;
        let report = FileReport { duplicate_of, ..FileReport::of(&record) };
        record.report = serde_json::to_value(&report).unwrap_or_default();
        tx.set_trade_file(&record).await?;
        if let Some(partner) = record.partner {
            let kind = theriac_epcis::trade::FindingKind::DuplicateFile.word();
            tx.note_quality(partner, kind, 1, record.at, Some(&record.name)).await?;
        }
        Ok(report)
    }

    /// Works on files that were received before this node stopped; true if there were any.
    pub(super) async fn resume_files(&self) -> Result<bool, NodeError> {
        let received = self.inner().store.trade_files_in(TradeFileState::Received, 16).await?;
        for record in &received {
            let Ok(_guard) = self.inner().filing.try_lock() else { return Ok(false) };
            let bytes = self.inner().store.trade_file_bytes(record.id).await?;
            drop(_guard);
            self.work_on_file(record.id, bytes).await?;
        }
        Ok(!received.is_empty())
    }

    /// The files that came in and went out, the newest first.
    ///
    /// # Errors
    ///
    /// [`NodeError::Store`].
    pub async fn files(&self, limit: u64) -> Result<Vec<FileReport>, NodeError> {
        let records = self.inner().store.trade_files(limit).await?;
        Ok(records.iter().map(report_of).collect())
    }

    /// What became of a file.
    ///
    /// # Errors
    ///
    /// [`FileError::Unknown`].
    pub async fn file(&self, id: i64) -> Result<FileReport, FileError> {
        let record = self.inner().store.trade_file(TradeFileId(id)).await?;
        Ok(report_of(&record.ok_or(FileError::Unknown(id))?))
    }

    /// The bytes of a file, with its name.
    ///
    /// # Errors
    ///
    /// [`FileError::Unknown`].
    pub async fn file_bytes(&self, id: i64) -> Result<(String, Vec<u8>), FileError> {
        let record = self.inner().store.trade_file(TradeFileId(id)).await?;
        let record = record.ok_or(FileError::Unknown(id))?;
        Ok((record.name, self.inner().store.trade_file_bytes(record.id).await?))
    }

    async fn work_on_file(&self, id: TradeFileId, bytes: Vec<u8>) -> Result<FileReport, NodeError> {
        let _guard = self.inner().filing.lock().await;
        let missing = || NodeError::Inconsistent { expected: "a file", found: "none".to_owned() };
        let record = self.inner().store.trade_file(id).await?.ok_or_else(missing)?;
        if record.state != TradeFileState::Received {
            return Ok(report_of(&record));
        }
        let report = if is_table(&record.name, &bytes) {
            self.take_table(&record, &bytes).await?
        } else {
            self.take_document(&record, bytes).await?
        };
        match report.kind {
            Some(FileKind::Told) => {}
            _ => self.conclude(record, &report).await?,
        }
        Ok(report)
    }

    async fn conclude(
        &self,
        mut record: TradeFileRecord,
        report: &FileReport,
    ) -> Result<(), NodeError> {
        record.state =
            TradeFileState::from_word(&report.state).unwrap_or(TradeFileState::Processed);
        record.capture = report.capture.map(CaptureId);
        record.partner = report.partner;
        record.report = serde_json::to_value(report).unwrap_or_default();
        let mut tx = self.inner().store.write().await?;
        tx.set_trade_file(&record).await?;
        Ok(tx.commit().await?)
    }

    async fn take_document(
        &self,
        record: &TradeFileRecord,
        bytes: Vec<u8>,
    ) -> Result<FileReport, NodeError> {
        let now = self.now();
        let reading = tokio::task::spawn_blocking(move || {
            let read = TradeReader::read(&bytes[..], now);
            (read, bytes)
        });
        let (read, bytes) = reading.await.map_err(|_| NodeError::Stopping)?;
        let report = FileReport::of(record);
        let read = match read {
            Ok(read) => read,
            Err(error) => return Ok(report.rejected([error.to_string()])),
        };
        let sender = read.sender.or_else(|| {
            let event = &read.shipments.first()?.event;
            TransactionInformation::parties_of(event).0
        });
        match sender {
            Some(sender) if !self.is_own_place(sender).await? => {
                self.take_told(record, report, sender, read).await
            }
            _ => self.take_own(report, &bytes, FileKind::Own).await,
        }
    }

    async fn take_table(
        &self,
        record: &TradeFileRecord,
        bytes: &[u8],
    ) -> Result<FileReport, NodeError> {
        let report = FileReport::of(record);
        match table::read_table(bytes, self.gln(), self.now(), self.today()) {
            Err(errors) => {
                Ok(FileReport { kind: Some(FileKind::Table), ..report }.rejected(errors))
            }
            Ok(document) => self.take_own(report, &document, FileKind::Table).await,
        }
    }

    async fn take_own(
        &self,
        report: FileReport,
        document: &[u8],
        kind: FileKind,
    ) -> Result<FileReport, NodeError> {
        let captured = self.capture(CaptureSource::Api, document).await?;
        let report = FileReport {
            kind: Some(kind),
            capture: Some(captured.capture),
            events: [captured.admitted, captured.held, captured.refused, captured.duplicate],
            errors: captured
                .outcomes
                .iter()
                .filter_map(|one| one.reason.clone())
                .take(100)
                .collect(),
            state: TradeFileState::Processed.word().to_owned(),
            ..report
        };
        Ok(match captured.document_error {
            Some(error) => report.rejected([error]),
            None => report,
        })
    }

    /// Whether a GLN is this member's own or one of its places.
    pub(crate) async fn is_own_place(&self, gln: Gln) -> Result<bool, NodeError> {
        let settings = self.partner_settings(self.gln()).await?;
        Ok(gln == self.gln() || settings.sites.contains(&gln))
    }
}

/// The report in a record; that of a file that goes out is made of the record.
fn report_of(record: &TradeFileRecord) -> FileReport {
    let kept = serde_json::from_value::<FileReport>(record.report.clone()).ok();
    kept.unwrap_or_else(|| {
        let error = record.report.get("error").and_then(|error| error.as_str());
        FileReport {
            errors: error.map(str::to_owned).into_iter().collect(),
            ..FileReport::of(record)
        }
    })
}

/// The last part of a name, cut to a length that any disk takes.
fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let kept = last.chars().filter(|c| !c.is_control()).take(NAME_CHARS_MAX);
    let kept: String = kept.collect();
    if kept.is_empty() { "file".to_owned() } else { kept }
}

/// Whether a file is a table: by its name, else because it begins as no EPCIS document does.
fn is_table(name: &str, bytes: &[u8]) -> bool {
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    name.to_ascii_lowercase().ends_with(".csv") || first.is_some_and(u8::is_ascii_alphabetic)
}
