//! A bundle as text: one form only, so that every byte of it counts.

use super::{Bundle, BundleError, FORMAT};

impl Bundle {
    /// The text of the bundle: JSON without spaces, and a line feed.
    ///
    /// # Errors
    ///
    /// [`BundleError::NotJson`], which does not happen: every part can be written.
    pub fn to_text(&self) -> Result<String, BundleError> {
        let not_json = |error: serde_json::Error| BundleError::NotJson { found: error.to_string() };
        Ok(serde_json::to_string(self).map_err(not_json)? + "\n")
    }

    /// Reads a bundle.
    ///
    /// # Errors
    ///
    /// [`BundleError::NotJson`], [`BundleError::Format`], or [`BundleError::NotAsWritten`] if the text
    /// is not to the byte what [`to_text`](Self::to_text) writes.
    pub fn read(text: &str) -> Result<Self, BundleError> {
        let not_json = |error: serde_json::Error| BundleError::NotJson { found: error.to_string() };
        let bundle: Self = serde_json::from_str(text).map_err(not_json)?;
        if bundle.format != FORMAT {
            return Err(BundleError::Format { found: bundle.format });
        }
        let written = bundle.to_text()?;
        if written == text {
            return Ok(bundle);
        }
        let same = written.bytes().zip(text.bytes()).take_while(|(a, b)| a == b).count();
        Err(BundleError::NotAsWritten { at: same })
    }
}
