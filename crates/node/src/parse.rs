//! Stages 2 and 3, parse and check: bytes become events, or refusals that say where and why.
//!
//! Runs on a thread of its own, fed with chunks through a pipe; hands over batches.

use std::io::{self, BufReader, Read};
use std::ops::ControlFlow;

use theriac_epcis::{
    DocumentError, DocumentInfo, Event, Item, MasterDataElement, Parsed as Readable, ReadError,
    check, read_items,
};
use tokio::sync::mpsc;

use crate::admit::Sound;

/// Events that are admitted in one database transaction.
const BATCH_EVENTS: usize = 500;

/// EPCs that are admitted in one database transaction, but for the last event's.
const BATCH_EPCS: usize = 20_000;

/// Elements of master data that are stored in one database transaction.
const BATCH_ELEMENTS: usize = 500;

/// What the parser hands over at a time.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    /// Events, in the order of the document.
    pub(crate) events: Vec<Parsed>,
    /// Elements of master data.
    pub(crate) master_data: Vec<MasterDataElement>,
    epcs: usize,
}

impl Batch {
    fn is_full(&self) -> bool {
        self.events.len() >= BATCH_EVENTS
            || self.epcs >= BATCH_EPCS
            || self.master_data.len() >= BATCH_ELEMENTS
    }

    fn is_empty(&self) -> bool {
        self.events.is_empty() && self.master_data.is_empty()
    }

    fn push(&mut self, parsed: Parsed) {
        self.epcs += parsed.outcome.as_ref().map_or(0, |sound| sound.event.epcs().count());
        self.events.push(parsed);
    }
}

/// An event with its place in the document, structurally and semantically judged.
#[derive(Debug)]
pub(crate) struct Parsed {
    /// Position in the document, from 0.
    pub(crate) ordinal: u64,
    /// Line, column and path.
    pub(crate) place: String,
    /// Kind, where it could be read.
    pub(crate) kind: Option<String>,
    /// The event with what it is known by, or why it is refused.
    pub(crate) outcome: Result<Sound, Refusal>,
}

/// Why an event is refused: the sender has to send it again, right.
#[derive(Debug, Clone)]
pub(crate) struct Refusal {
    /// What was expected, what was found, at which path in the event.
    pub(crate) reason: String,
    /// The rule of the standard.
    pub(crate) code: String,
}

/// The two ends of the pipe between the store and the parser.
pub(crate) fn pipe() -> (mpsc::Sender<Vec<u8>>, ChunkReader) {
    let (sender, receiver) = mpsc::channel(4);
    (sender, ChunkReader { receiver, chunk: io::Cursor::new(Vec::new()) })
}

/// Reads the chunks that come through the pipe; blocks until they do.
pub(crate) struct ChunkReader {
    receiver: mpsc::Receiver<Vec<u8>>,
    chunk: io::Cursor<Vec<u8>>,
}

impl Read for ChunkReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.chunk.read(buffer)?;
            if read > 0 || buffer.is_empty() {
                return Ok(read);
            }
            match self.receiver.blocking_recv() {
                Some(chunk) => self.chunk = io::Cursor::new(chunk),
                None => return Ok(0),
            }
        }
    }
}

/// Parses the document and hands over its events from ordinal `skip` on, and all its master data,
/// in batches.
///
/// # Errors
///
/// [`DocumentError`] if the document cannot be read to its end; the batches before it stand.
pub(crate) fn run(
    reader: ChunkReader,
    skip: u64,
    batches: &mpsc::Sender<Batch>,
) -> Result<DocumentInfo, DocumentError> {
    let mut batch = Batch::default();
    let result = read_items(BufReader::with_capacity(64 * 1024, reader), &mut |item| {
        match item {
            Item::Event(event) if (event.ordinal as u64) < skip => {}
            Item::Event(event) => batch.push(Parsed {
                ordinal: event.ordinal as u64,
                place: event.place.to_string(),
                kind: event.kind,
                outcome: judge(event.outcome),
            }),
            Item::MasterData(element) => batch.master_data.push(element),
        }
        if !batch.is_full() {
            return ControlFlow::Continue(());
        }
        match batches.blocking_send(std::mem::take(&mut batch)) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    });
    if !batch.is_empty() {
        // Admission that has stopped wants no more.
        let _ = batches.blocking_send(batch);
    }
    result
}

/// Checks an event that could be read against the rules of the standard.
fn judge(outcome: Result<Readable, ReadError>) -> Result<Sound, Refusal> {
    match outcome {
        Err(error) => {
            Err(Refusal { reason: error.to_string(), code: "unreadable_event".to_owned() })
        }
        Ok(readable) => sound(readable.event),
    }
}

/// An event that obeys the rules of the standard, with what it is known by.
///
/// # Errors
///
/// The first rule that it breaks.
pub(crate) fn sound(event: Event) -> Result<Sound, Refusal> {
    match check(&event).first() {
        None => Ok(Sound::new(event)),
        Some(violation) => Err(Refusal {
            reason: format!(
                "expected {}, found {}, at {}",
                violation.expected, violation.found, violation.path
            ),
            code: violation.rule.to_owned(),
        }),
    }
}
