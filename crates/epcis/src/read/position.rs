//! Reads bytes and knows where it is: line and column.

use std::fmt;
use std::io::{self, BufRead, Read};

use super::DocumentError;

/// A place in a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Line, from 1.
    pub line: u64,
    /// Column in bytes, from 1.
    pub column: u64,
    /// Path, such as `epcisBody.eventList[3]` or `/EPCISDocument/EPCISBody`; may be empty.
    pub path: String,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {} column {}", self.line, self.column)?;
        if !self.path.is_empty() {
            write!(f, " in {}", self.path)?;
        }
        Ok(())
    }
}

/// An input that counts lines.
pub(crate) struct Cursor<R> {
    input: R,
    line: u64,
    column: u64,
    /// Bytes that may still be read before it is too much.
    allowed: usize,
    /// Bytes that were read.
    taken: u64,
}

impl<R: BufRead> Cursor<R> {
    pub(super) fn new(input: R) -> Self {
        Self { input, line: 1, column: 1, allowed: usize::MAX, taken: 0 }
    }

    /// Lets [`BufRead`] fail after about this many bytes from here.
    pub(super) fn limit(&mut self, bytes_max: usize) {
        self.allowed = bytes_max;
    }

    /// Bytes that were read so far.
    pub(super) fn taken(&self) -> u64 {
        self.taken
    }

    /// Whether the limit was reached.
    pub(super) fn is_exhausted(&self) -> bool {
        self.allowed == 0
    }

    /// The place of the next byte.
    pub(super) fn place(&self, path: &str) -> Place {
        Place { line: self.line, column: self.column, path: path.to_owned() }
    }

    pub(super) fn fail(&self, source: io::Error) -> DocumentError {
        failed(source, self.place(""))
    }

    /// The next byte, which is not consumed; `None` at the end.
    pub(super) fn peek(&mut self) -> Result<Option<u8>, DocumentError> {
        Ok(self.chunk()?.first().copied())
    }

    /// Bytes that can be had without waiting; empty at the end.
    pub(super) fn chunk(&mut self) -> Result<&[u8], DocumentError> {
        loop {
            match self.input.fill_buf() {
                Ok(_) => break,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(self.fail(error)),
            }
        }
        let Self { input, line, column, .. } = self;
        input.fill_buf().map_err(|source| {
            failed(source, Place { line: *line, column: *column, path: String::new() })
        })
    }

    /// Consumes bytes of the chunk.
    pub(super) fn advance(&mut self, bytes: usize) {
        if let Ok(chunk) = self.input.fill_buf() {
            let taken = &chunk[..bytes.min(chunk.len())];
            let lines = taken.iter().filter(|byte| **byte == b'\n').count();
            match taken.iter().rposition(|byte| *byte == b'\n') {
                Some(last) => self.column = (taken.len() - last) as u64,
                None => self.column += taken.len() as u64,
            }
            self.line += lines as u64;
        }
        self.allowed = self.allowed.saturating_sub(bytes);
        self.taken += bytes as u64;
        self.input.consume(bytes);
    }

    pub(super) fn skip_byte_order_mark(&mut self) -> Result<(), DocumentError> {
        for mark in [0xef, 0xbb, 0xbf] {
            if self.peek()? != Some(mark) {
                return Ok(());
            }
            self.advance(1);
            self.column = 1;
        }
        Ok(())
    }

    pub(super) fn skip_space(&mut self) -> Result<(), DocumentError> {
        loop {
            let chunk = self.chunk()?;
            if chunk.is_empty() {
                return Ok(());
            }
            let blank = chunk.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            let more = blank == chunk.len();
            self.advance(blank);
            if !more {
                return Ok(());
            }
        }
    }
}

/// An input that failed; characters that are broken are the sender's fault.
pub(super) fn failed(source: io::Error, place: Place) -> DocumentError {
    match source.kind() {
        io::ErrorKind::InvalidData => DocumentError::NotWellFormed {
            expected: "characters of the declared encoding".to_owned(),
            found: source.to_string(),
            place,
        },
        _ => DocumentError::Input { place, source },
    }
}

impl<R: BufRead> Read for Cursor<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = {
            let chunk = self.input.fill_buf()?;
            let read = chunk.len().min(buffer.len());
            buffer[..read].copy_from_slice(&chunk[..read]);
            read
        };
        self.advance(read);
        Ok(read)
    }
}

impl<R: BufRead> BufRead for Cursor<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.allowed == 0 {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, "beyond the limit"));
        }
        self.input.fill_buf()
    }

    fn consume(&mut self, bytes: usize) {
        self.advance(bytes);
    }
}
