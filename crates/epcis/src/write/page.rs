//! Bytes on their way to the output.
//!
//! # Invariants
//!
//! Writing never fails where it is called: the first error of the output is kept, nothing is
//! written after it, and [`Page::check`] and [`Page::finish`] tell it.

use std::io::{self, Write};

use super::error::WriteError;

/// Bytes that are gathered before they go out.
const GATHERED_BYTES: usize = 32 * 1024;

/// Gathers small pieces and hands them to the output.
pub(super) struct Page<'w> {
    gathered: Vec<u8>,
    out: Box<dyn Write + 'w>,
    failed: Option<io::Error>,
    /// Whether the output ever failed.
    broken: bool,
}

impl<'w> Page<'w> {
    pub(super) fn new(out: impl Write + 'w) -> Self {
        let gathered = Vec::with_capacity(2 * GATHERED_BYTES);
        Self { gathered, out: Box::new(out), failed: None, broken: false }
    }

    pub(super) fn push(&mut self, text: &str) {
        self.gathered.extend_from_slice(text.as_bytes());
        if self.gathered.len() >= GATHERED_BYTES {
            self.hand_over();
        }
    }

    /// A value as JSON.
    pub(super) fn json(&mut self, value: &serde_json::Value) {
        if let Err(error) = serde_json::to_writer(&mut *self, value) {
            self.fail(error.into());
        }
    }

    fn fail(&mut self, error: io::Error) {
        self.broken = true;
        self.failed.get_or_insert(error);
    }

    fn hand_over(&mut self) {
        if !self.broken
            && let Err(error) = self.out.write_all(&self.gathered)
        {
            self.fail(error);
        }
        self.gathered.clear();
    }

    /// The error since the last check.
    pub(super) fn check(&mut self) -> Result<(), WriteError> {
        match self.failed.take() {
            Some(source) => Err(WriteError::Output { source }),
            None => Ok(()),
        }
    }

    /// Hands over what is left.
    pub(super) fn finish(mut self) -> Result<(), WriteError> {
        self.hand_over();
        self.check()?;
        self.out.flush().map_err(|source| WriteError::Output { source })
    }
}

impl Write for Page<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.gathered.extend_from_slice(bytes);
        if self.gathered.len() >= GATHERED_BYTES {
            self.hand_over();
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
