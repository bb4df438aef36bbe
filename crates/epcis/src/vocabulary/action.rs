//! The action of an event (EPCIS 2.0, section 7.3.2).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::word::WordError;

/// How an event relates to the life of what it names (EPCIS 2.0, section 7.3.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Action {
    /// Created, or added to the parent or transaction.
    Add,
    /// Seen, nothing added or removed.
    Observe,
    /// Ended, or removed from the parent or transaction.
    Delete,
}

impl Action {
    /// The word of the standard: `ADD`, `OBSERVE` or `DELETE`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Add => "ADD",
            Self::Observe => "OBSERVE",
            Self::Delete => "DELETE",
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for Action {
    type Err = WordError;

    fn from_str(text: &str) -> Result<Self, WordError> {
        match text {
            "ADD" => Ok(Self::Add),
            "OBSERVE" => Ok(Self::Observe),
            "DELETE" => Ok(Self::Delete),
            _ => Err(WordError { expected: "ADD, OBSERVE or DELETE", found: text.to_owned() }),
        }
    }
}
