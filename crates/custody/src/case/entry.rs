//! What is said and done in a case: entries that both parties may have, each with a name of its own.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use theriac_gs1::Gln;

use super::{EvidenceItem, Uuid};
use crate::hash::Hash;

/// An entry of a case; never changed once it is made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its name.
    pub id: Uuid,
    /// Its place: one more than the highest that its author had seen. Entries with one number were
    /// made without knowledge of each other.
    pub number: u64,
    /// Who made it.
    pub author: Gln,
    /// When, by the author's clock.
    pub at: Timestamp,
    /// What was said or done.
    #[serde(flatten)]
    pub act: Act,
    /// What speaks for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<EvidenceItem>,
}

/// What was said or done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum Act {
    /// The case was opened.
    Opened,
    /// Something was said. Who says it when it is their turn hands the turn over, unless they `keep` it.
    Said {
        /// The words.
        text: String,
        /// Whether the turn stays.
        #[serde(default)]
        keep: bool,
    },
    /// A way to end the case was proposed.
    Proposed {
        /// The way.
        resolution: Resolution,
        /// In the proposer's words.
        #[serde(default)]
        text: Option<String>,
    },
    /// A proposal of the other party was answered; the first answer counts.
    Answered {
        /// The entry that proposed it.
        proposal: Uuid,
        /// Whether it is accepted.
        accept: bool,
        /// In the answerer's words.
        #[serde(default)]
        text: Option<String>,
        /// What is proposed instead.
        #[serde(default)]
        alternative: Option<Resolution>,
    },
    /// The deadline has passed, and the other party was reminded.
    Reminded,
    /// The packs are looked into; those in stock were set apart.
    Quarantined {
        /// Hash of the EPCIS event that sets them apart, if any was in stock.
        #[serde(default)]
        event: Option<Hash>,
        /// Items that it names.
        packs: u64,
    },
    /// The packs were found legitimate, and are released.
    Cleared {
        /// Why.
        text: String,
        /// Hash of the EPCIS event that says so, if packs were set apart.
        #[serde(default)]
        event: Option<Hash>,
    },
    /// The packs were found illegitimate; they stay apart, and partners and authorities are told.
    Confirmed {
        /// Why.
        text: String,
        /// In which way.
        classification: Classification,
    },
    /// The case has ended.
    Resolved {
        /// How, in words.
        outcome: String,
        /// How, in the words of the trade.
        #[serde(default)]
        resolution: Option<Resolution>,
    },
}

impl Act {
    /// Whether it is a party's inner affair, which the other one does not learn.
    #[must_use]
    pub const fn is_private(&self) -> bool {
        matches!(self, Self::Quarantined { .. } | Self::Cleared { .. } | Self::Confirmed { .. })
    }
}

/// Ways to end a case, as the exception messages of PDG (Partnership for DSCSA Governance) name them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Resolution {
    /// The party asked sends data again, or right ones.
    #[serde(rename = "Send new data")]
    SendNewData,
    /// The party asked sends the product.
    #[serde(rename = "Send product")]
    SendProduct,
    /// The proposer returns the product.
    #[serde(rename = "Return product")]
    ReturnProduct,
    /// The party asked sends the product back.
    #[serde(rename = "Send back product")]
    SendBackProduct,
    /// The party asked credits the proposer's account.
    #[serde(rename = "Credit account")]
    CreditAccount,
    /// The party asked debits the proposer's account.
    #[serde(rename = "Debit account")]
    DebitAccount,
}

impl Resolution {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::SendNewData,
        Self::SendProduct,
        Self::ReturnProduct,
        Self::SendBackProduct,
        Self::CreditAccount,
        Self::DebitAccount,
    ];

    /// The words used in messages and pages.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::SendNewData => "Send new data",
            Self::SendProduct => "Send product",
            Self::ReturnProduct => "Return product",
            Self::SendBackProduct => "Send back product",
            Self::CreditAccount => "Credit account",
            Self::DebitAccount => "Debit account",
        }
    }

    /// Whether the proposer carries it out, and not the party asked.
    #[must_use]
    pub const fn is_proposers(self) -> bool {
        matches!(self, Self::ReturnProduct)
    }
}

impl std::fmt::Display for Resolution {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.words())
    }
}

impl std::str::FromStr for Resolution {
    type Err = ResolutionError;

    /// Reads the words in any case, with spaces, hyphens or underscores.
    fn from_str(text: &str) -> Result<Self, ResolutionError> {
        let plain = text.trim().replace(['-', '_'], " ");
        let found = Self::ALL.into_iter().find(|way| way.words().eq_ignore_ascii_case(&plain));
        found.ok_or_else(|| ResolutionError(text.chars().take(80).collect()))
    }
}

/// Text that names no resolution.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "expected send-new-data, send-product, return-product, send-back-product, credit-account or \
     debit-account, found {0:?}"
)]
pub struct ResolutionError(String);

/// In which way a product is illegitimate (FD&C Act, section 581(8); Form FDA 3911, field 5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Classification {
    /// A counterfeit.
    Counterfeit,
    /// Diverted from its way.
    Diverted,
    /// Stolen.
    Stolen,
    /// Intentionally adulterated.
    IntentionalAdulteration,
    /// Part of a fraudulent transaction.
    FraudulentTransaction,
    /// Unfit for distribution: it would be reasonably likely to do serious harm.
    UnfitForDistribution,
}

impl Classification {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Counterfeit,
        Self::Diverted,
        Self::Stolen,
        Self::IntentionalAdulteration,
        Self::FraudulentTransaction,
        Self::UnfitForDistribution,
    ];

    /// The word used in API, tables and pages.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Counterfeit => "counterfeit",
            Self::Diverted => "diverted",
            Self::Stolen => "stolen",
            Self::IntentionalAdulteration => "intentional_adulteration",
            Self::FraudulentTransaction => "fraudulent_transaction",
            Self::UnfitForDistribution => "unfit_for_distribution",
        }
    }

    /// The classification that [`word`](Self::word) names, also with hyphens.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        let word = word.replace('-', "_");
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_what_is_written_and_read() {
        for way in Resolution::ALL {
            assert_eq!(serde_json::to_value(way).unwrap(), way.words());
            assert_eq!(way.words().to_lowercase().replace(' ', "-").parse(), Ok(way));
        }
        assert!("refund".parse::<Resolution>().unwrap_err().to_string().contains("\"refund\""));
        for kind in Classification::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.word());
            assert_eq!(Classification::from_word(kind.word()), Some(kind));
        }
    }

    #[test]
    fn an_entry_is_flat_json() {
        let entry = Entry {
            id: Uuid::random([1; 16]),
            number: 2,
            author: Gln::from_body(952_110_000_001).unwrap(),
            at: "2026-11-23T06:00:00Z".parse().unwrap(),
            act: Act::Proposed { resolution: Resolution::SendNewData, text: None },
            evidence: Vec::new(),
        };
        let json = serde_json::to_value(&entry).unwrap();
        assert_eq!(json["act"], "proposed");
        assert_eq!(json["resolution"], "Send new data");
        assert_eq!(serde_json::from_value::<Entry>(json).unwrap(), entry);
    }
}
