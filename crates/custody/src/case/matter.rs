//! What a case is about.

use serde::{Deserialize, Serialize};
use theriac_gs1::Identifier;

use crate::breach::{Actor, Breach, BreachCode, WaitsFor};

/// The kinds of cases: the rules of custody that events break, and what people and other parts of
/// the system find wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseKind {
    /// Announced packs did not come.
    Missing,
    /// Packs came that belong to no shipment announced.
    Extra,
    /// Packs came damaged.
    Damaged,
    /// What the label says differs from the data: lot, expiry, product.
    Mismatch,
    /// Packs came, and no data about them.
    NoData,
    /// Packs may be illegitimate.
    Suspect,
    /// One identifier was seen where one pack cannot have been.
    CloneSuspected,
    /// A returned pack did not pass its verification.
    ReturnFailed,
    /// A holder of recalled packs has not answered.
    RecallUnacknowledged,
    /// Master data are unknown or contradict each other.
    MasterData,
    /// A partner's node refused a message.
    MessageRefused,
    /// Anything else.
    Other,
    /// An event broke this rule of custody.
    #[serde(untagged)]
    Rule(BreachCode),
}

impl CaseKind {
    /// The word used in API, tables and pages.
    #[must_use]
    pub fn word(self) -> String {
        let word = serde_json::to_value(self).ok();
        let word = word.as_ref().and_then(serde_json::Value::as_str);
        word.expect("a word because no kind has fields of its own").to_owned()
    }

    /// The kind that [`word`](Self::word) names.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        serde_json::from_value(word.into()).ok()
    }
}

impl From<BreachCode> for CaseKind {
    fn from(code: BreachCode) -> Self {
        Self::Rule(code)
    }
}

impl PartialEq<BreachCode> for CaseKind {
    fn eq(&self, code: &BreachCode) -> bool {
        *self == Self::Rule(*code)
    }
}

/// What a case is about, in the words that a person reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matter {
    /// The kind.
    #[serde(rename = "code")]
    pub kind: CaseKind,
    /// The sentence a person reads: what was expected, what was found.
    pub reason: String,
    /// Who must act.
    pub actor: Actor,
    /// What to do.
    pub what_to_do: String,
    /// The items concerned, the first [`Matter::ITEMS_MAX`].
    pub items: Vec<Identifier>,
    /// What would let the event be admitted by itself, when it becomes known.
    pub waits_for: Option<WaitsFor>,
}

impl Matter {
    /// Longest list of items that is carried along; the case has all of them.
    pub const ITEMS_MAX: usize = 100;
}

impl From<&Breach> for Matter {
    fn from(breach: &Breach) -> Self {
        Self {
            kind: breach.code.into(),
            reason: breach.reason.clone(),
            actor: breach.actor,
            what_to_do: breach.what_to_do.clone(),
            items: breach.items.iter().take(Self::ITEMS_MAX).cloned().collect(),
            waits_for: breach.waits_for.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_one_word_also_if_it_is_a_rule() {
        for (kind, word) in [
            (CaseKind::NoData, "no_data"),
            (CaseKind::Rule(BreachCode::LotMismatch), "lot_mismatch"),
            (CaseKind::Mismatch, "mismatch"),
        ] {
            assert_eq!(kind.word(), word);
            assert_eq!(CaseKind::from_word(word), Some(kind));
        }
        assert_eq!(CaseKind::from_word("rule"), None);
        assert!(CaseKind::Rule(BreachCode::Empty) == BreachCode::Empty);
    }

    #[test]
    fn a_matter_reads_what_was_written_of_a_breach() {
        let breach = Breach::new(BreachCode::NotHeld, "not held".to_owned(), "receive it");
        let written = serde_json::to_string(&breach).unwrap();
        let matter: Matter = serde_json::from_str(&written).unwrap();
        assert_eq!(matter, Matter::from(&breach));
        assert_eq!(serde_json::to_string(&matter).unwrap(), written);
    }
}
