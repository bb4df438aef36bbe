//! Stages 2 and 3, parse and check: bytes become events, or refusals that say where and why.
//!
//! Runs on a thread of its own, fed with chunks through a pipe; hands over batches.

use std::io::{self, BufReader, Read};
use std::ops::ControlFlow;

use theriac_custody::Hash;
use theriac_epcis::{DocumentError, DocumentInfo, Event, ReadEvent, check, read};
use tokio::sync::mpsc;

use crate::admit::hash_of;

/// Events that are admitted in one database transaction.
const BATCH_EVENTS: usize = 500;

/// EPCs that are admitted in one database transaction, but for the last event's.
const BATCH_EPCS: usize = 20_000;

/// An event with its place in the document, structurally and semantically judged.
#[derive(Debug)]
pub(crate) struct Parsed {
    /// Position in the document, from 0.
    pub(crate) ordinal: u64,
    /// Line, column and path.
    pub(crate) place: String,
    /// Kind, where it could be read.
    pub(crate) kind: Option<String>,
    /// The event with its hash, or why it is refused.
    pub(crate) outcome: Result<(Event, Hash), Refusal>,
}

/// Why an event is refused: the sender has to send it again, right.
#[derive(Debug)]
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

/// Parses the document and hands over its events from ordinal `skip` on, in batches.
///
/// # Errors
///
/// [`DocumentError`] if the document cannot be read to its end; the batches before it stand.
pub(crate) fn run(
    reader: ChunkReader,
    skip: u64,
    batches: &mpsc::Sender<Vec<Parsed>>,
) -> Result<DocumentInfo, DocumentError> {
    let mut batch = Vec::new();
    let mut epcs = 0;
    let result = read(BufReader::with_capacity(64 * 1024, reader), &mut |event| {
        if (event.ordinal as u64) < skip {
            return ControlFlow::Continue(());
        }
        let parsed = judge(event);
        epcs += parsed.outcome.as_ref().map_or(0, |(event, _)| event.epcs().count());
        batch.push(parsed);
        if batch.len() < BATCH_EVENTS && epcs < BATCH_EPCS {
            return ControlFlow::Continue(());
        }
        epcs = 0;
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
fn judge(read: ReadEvent) -> Parsed {
    let outcome = match read.outcome {
        Err(error) => {
            Err(Refusal { reason: error.to_string(), code: "unreadable_event".to_owned() })
        }
        Ok(parsed) => match check(&parsed.event).first() {
            None => {
                let hash = hash_of(&parsed.event);
                Ok((parsed.event, hash))
            }
            Some(violation) => Err(Refusal {
                reason: format!(
                    "expected {}, found {}, at {}",
                    violation.expected, violation.found, violation.path
                ),
                code: violation.rule.to_owned(),
            }),
        },
    };
    Parsed { ordinal: read.ordinal as u64, place: read.place.to_string(), kind: read.kind, outcome }
}
