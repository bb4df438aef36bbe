//! Cuts values out of a stream of JSON by counting brackets.

use std::io::BufRead;

use crate::limits::{DEPTH_MAX, FIELD_BYTES_MAX};
use crate::read::DocumentError;
use crate::read::position::Cursor;

/// How far into a value the scan is.
#[derive(Default)]
struct Scan {
    depth: usize,
    in_text: bool,
    escaped: bool,
    started: bool,
}

impl Scan {
    /// Number of bytes of the chunk that belong to the value, and whether it ends there.
    fn feed(&mut self, chunk: &[u8]) -> (usize, bool) {
        for (index, &byte) in chunk.iter().enumerate() {
            if self.in_text {
                match byte {
                    _ if self.escaped => self.escaped = false,
                    b'\\' => self.escaped = true,
                    b'"' => {
                        self.in_text = false;
                        if self.depth == 0 {
                            return (index + 1, true);
                        }
                    }
                    _ => {}
                }
                continue;
            }
            match byte {
                b'"' => self.in_text = true,
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' if self.depth > 0 => {
                    self.depth -= 1;
                    if self.depth == 0 {
                        return (index + 1, true);
                    }
                }
                b',' | b'}' | b']' | b' ' | b'\t' | b'\r' | b'\n' if self.depth == 0 => {
                    return (index, true);
                }
                _ => {}
            }
            self.started = true;
            if self.depth > DEPTH_MAX {
                return (index + 1, true);
            }
        }
        (chunk.len(), false)
    }
}

impl<R: BufRead> Cursor<R> {
    /// Appends the bytes of the next value, which may still be wrong inside.
    pub(super) fn take_value(
        &mut self,
        bytes: &mut Vec<u8>,
        what: &'static str,
        bytes_max: usize,
    ) -> Result<(), DocumentError> {
        let start = self.place("");
        let mut scan = Scan::default();
        loop {
            let chunk = self.chunk()?;
            if chunk.is_empty() {
                if scan.started && scan.depth == 0 && !scan.in_text {
                    return Ok(());
                }
                return Err(self.unexpected("the rest of the value", None));
            }
            let (taken, ends) = scan.feed(chunk);
            if bytes.len() + taken > bytes_max {
                return Err(DocumentError::TooLarge { what, bytes_max, place: start });
            }
            bytes.extend_from_slice(&chunk[..taken]);
            self.advance(taken);
            if scan.depth > DEPTH_MAX {
                let place = self.place("");
                return Err(DocumentError::TooDeep { depth_max: DEPTH_MAX, place });
            }
            if ends {
                if bytes.is_empty() {
                    let byte = self.peek()?;
                    return Err(self.unexpected("a value", byte));
                }
                return Ok(());
            }
        }
    }

    /// The next key of an object with its colon.
    pub(super) fn key(&mut self) -> Result<String, DocumentError> {
        match self.peek()? {
            Some(b'"') => {}
            byte => return Err(self.unexpected("a key", byte)),
        }
        let place = self.place("");
        let mut bytes = Vec::new();
        self.take_value(&mut bytes, "a key", FIELD_BYTES_MAX)?;
        let key = serde_json::from_slice(&bytes).map_err(|error| DocumentError::NotWellFormed {
            expected: "a key".to_owned(),
            found: error.to_string(),
            place,
        })?;
        self.skip_space()?;
        self.expect(b':')?;
        self.skip_space()?;
        Ok(key)
    }

    /// Consumes this byte.
    pub(super) fn expect(&mut self, byte: u8) -> Result<(), DocumentError> {
        match self.peek()? {
            Some(found) if found == byte => {
                self.advance(1);
                Ok(())
            }
            found => Err(self.unexpected(&format!("{:?}", char::from(byte)), found)),
        }
    }

    pub(super) fn unexpected(&self, expected: &str, found: Option<u8>) -> DocumentError {
        DocumentError::NotWellFormed {
            expected: expected.to_owned(),
            found: match found {
                Some(byte) if byte.is_ascii() => format!("{:?}", char::from(byte)),
                Some(byte) => format!("byte {byte:#04x}"),
                None => "the end of the document".to_owned(),
            },
            place: self.place(""),
        }
    }
}
