//! The jurisdiction's codes of alerts, and what causes them.

use serde::{Deserialize, Serialize};

use super::Profile;
use crate::breach::BreachCode;

/// A code of the jurisdiction for something that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Alert {
    /// What causes it.
    pub cause: AlertCause,
    /// The code.
    pub code: String,
    /// What it means.
    pub text: String,
    /// Codes of the systems below, such as those of the EU's national systems.
    #[serde(default)]
    pub examples: Vec<String>,
}

/// What was found that a jurisdiction may have a code for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlertCause {
    /// No labeler has the GTIN.
    ProductUnknown,
    /// The labeler never made a lot with this number.
    LotUnknown,
    /// The labeler never made a pack with this serial number.
    SerialUnknown,
    /// The pack is of another lot than its label says.
    LotMismatch,
    /// The pack has another expiry date than its label says.
    ExpiryMismatch,
    /// The pack is already in the state that was asked for.
    AlreadyInState,
    /// The state that was asked for does not follow the pack's.
    ChangeNotPossible,
    /// What was to be undone is not as it was left, or may not be undone.
    UndoNotPossible,
    /// The time in which it could be undone is over.
    UndoTooLate,
    /// It was to be undone at another place.
    UndoElsewhere,
    /// The pack was seen where one pack cannot have been.
    CloneSuspected,
}

impl AlertCause {
    /// The cause that a broken rule of custody is.
    pub fn of_breach(code: BreachCode) -> Option<Self> {
        match code {
            BreachCode::ProductUnknown => Some(Self::ProductUnknown),
            BreachCode::ItemUnknown => Some(Self::SerialUnknown),
            BreachCode::AlreadyRetired => Some(Self::AlreadyInState),
            BreachCode::StateNotNext
            | BreachCode::SetApart
            | BreachCode::LotNotNormal
            | BreachCode::Expired => Some(Self::ChangeNotPossible),
            BreachCode::UndoNotAllowed => Some(Self::UndoNotPossible),
            BreachCode::UndoTooLate => Some(Self::UndoTooLate),
            BreachCode::UndoElsewhere => Some(Self::UndoElsewhere),
            _ => None,
        }
    }
}

impl Profile {
    /// The jurisdiction's alert for a cause, if it has one.
    pub fn alert(&self, cause: AlertCause) -> Option<&Alert> {
        self.alerts.iter().find(|alert| alert.cause == cause)
    }
}
