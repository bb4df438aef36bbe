//! The jurisdiction's states of a pack, and from which to which it may go.

use serde::{Deserialize, Serialize};

use super::Profile;
use super::alert::{Alert, AlertCause};
use super::condition::Condition;

/// A state in the jurisdiction's words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StateRule {
    /// Its name.
    pub name: String,
    /// The conditions of a pack that are this state.
    pub of: Vec<Condition>,
    /// The states that may follow; absent: any that the rules of custody let follow. A state that can
    /// be undone may besides go back to that of an active pack.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<Vec<String>>,
    /// Whether it can be undone.
    #[serde(default)]
    pub undo: Undo,
}

/// Whether a state can be undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Undo {
    /// Never.
    #[default]
    Never,
    /// As the profile's [`UndoRule`](super::UndoRule) says.
    Window,
    /// At any time.
    AnyTime,
}

/// What the jurisdiction says of a pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Jurisdiction {
    /// Name of the profile.
    pub profile: String,
    /// The state of the pack; absent for one that is not on record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// The alert that what was found is, where the jurisdiction has a code for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alert: Option<Alert>,
}

impl Profile {
    /// The state of a pack in this condition.
    pub fn state(&self, condition: Condition) -> &StateRule {
        let found = self.states.iter().find(|state| state.of.contains(&condition));
        found.expect("a state because a sound profile has one for each condition")
    }

    /// What the jurisdiction says of a pack in this condition, and of what was found.
    pub fn jurisdiction(
        &self,
        condition: Option<Condition>,
        cause: Option<AlertCause>,
    ) -> Jurisdiction {
        Jurisdiction {
            profile: self.name.clone(),
            state: condition.map(|condition| self.state(condition).name.clone()),
            alert: cause.and_then(|cause| self.alert(cause)).cloned(),
        }
    }

    /// Whether a pack may go from one condition to another.
    ///
    /// # Errors
    ///
    /// The cause of the alert that the attempt is: the pack is in that state already, or the state
    /// does not follow.
    pub fn may_become(&self, from: Condition, to: Condition) -> Result<(), AlertCause> {
        if from == to {
            return Err(AlertCause::AlreadyInState);
        }
        let (before, after) = (self.state(from), self.state(to));
        let back = to == Condition::Active && before.undo != Undo::Never;
        match &before.next {
            _ if before.name == after.name || back => Ok(()),
            Some(next) if !next.contains(&after.name) => Err(AlertCause::ChangeNotPossible),
            _ => Ok(()),
        }
    }
}
