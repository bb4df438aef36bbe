//! Why a document cannot be written.

use std::io;

use thiserror::Error;

/// Why a document cannot be written.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum WriteError {
    /// The output refuses more: its own fault, such as a closed connection or a full disk.
    #[error("cannot write the document")]
    Output {
        /// The output's error.
        #[source]
        source: io::Error,
    },
}

impl From<WriteError> for io::Error {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Output { source } => source,
        }
    }
}
