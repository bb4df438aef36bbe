//! The messages of inquiries.

use serde::{Deserialize, Serialize};
use theriac_custody::Hash;
use theriac_gs1::{Gln, Identifier};
use theriac_store::InquiryKind;

use super::{INQUIRY_ITEMS_MAX, INQUIRY_TEXT_MAX};
use crate::trace::SignedStatement;

/// What is asked, as its asker signs it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Question {
    /// Its number, random.
    pub(super) number: Hash,
    /// The member that asks.
    pub(super) from: Gln,
    /// Why it is asked.
    pub(super) kind: InquiryKind,
    /// The items, as GS1 Digital Links.
    pub(super) items: Vec<String>,
    /// The reason.
    pub(super) reason: String,
    /// The legal basis.
    pub(super) legal_basis: String,
    /// When it was asked, RFC 3339.
    pub(super) asked_at: String,
}

impl Question {
    /// The items; what is wrong with them, or with the texts, if something is.
    pub(super) fn items(&self) -> Result<Vec<Identifier>, String> {
        if self.items.is_empty() || self.items.len() > INQUIRY_ITEMS_MAX {
            let found = self.items.len();
            return Err(format!("expected 1 to {INQUIRY_ITEMS_MAX} items, found {found}"));
        }
        if self.reason.chars().count().max(self.legal_basis.chars().count()) > INQUIRY_TEXT_MAX {
            return Err(format!("expected at most {INQUIRY_TEXT_MAX} characters of reason"));
        }
        let item = |link: &String| {
            let wrong = || format!("expected a pack, logistic unit or lot, found {link:?}");
            let id: Identifier = link.parse().map_err(|_| wrong())?;
            is_asked_about(&id).then_some(id).ok_or_else(wrong)
        };
        self.items.iter().map(item).collect()
    }
}

/// Whether an inquiry can be about it: a pack, a logistic unit or a lot.
pub(super) fn is_asked_about(id: &Identifier) -> bool {
    matches!(
        id,
        Identifier::Sgtin(_) | Identifier::Sscc(_) | Identifier::Lgtin(_) | Identifier::Other(_)
    )
}

/// An inquiry on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct InquiryMessage {
    /// The question.
    pub(super) question: SignedStatement,
    /// How often it was sent before.
    #[serde(default)]
    pub(super) reminder: u32,
}

/// What becomes of an inquiry at a party.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum AnswerState {
    /// Here is the answer.
    Answered,
    /// A person must approve it first.
    Pending,
    /// There will be none.
    Denied,
}

/// An answer on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AnswerMessage {
    /// The number of the inquiry.
    pub(super) number: Hash,
    /// What becomes of it.
    pub(super) state: AnswerState,
    /// Why, in words.
    #[serde(default)]
    pub(super) reason: Option<String>,
    /// What is told, one statement for each item.
    #[serde(default)]
    pub(super) told: Vec<SignedStatement>,
    /// Documents.
    #[serde(default)]
    pub(super) documents: Vec<Attached>,
}

/// A document in an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Attached {
    /// Its name.
    pub(super) name: String,
    /// Its media type.
    pub(super) content_type: String,
    /// Its bytes, in hexadecimal.
    pub(super) body: String,
}
