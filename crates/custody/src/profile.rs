//! The rules of one jurisdiction, as data: a profile is a file, and a third one needs no code.
//!
//! `profiles/us-dscsa.toml` and `profiles/eu-fmd.toml` are part of the program; any other is read from
//! a file of the same form. What a profile can say is what the types here have.
//!
//! # Invariants
//!
//! - Each [`Condition`] of a pack has exactly one state.
//! - A profile only ever narrows the rules of custody: it forbids, it never permits what they forbid.

mod alarm;
mod alert;
mod condition;
mod deadline;
mod recall;
mod retention;
mod shipment;
mod sound;
mod state;
mod undo;
mod verification;

use std::sync::{Arc, LazyLock};

use serde::{Deserialize, Serialize};

pub use alarm::AlarmLimits;
pub use alert::{Alert, AlertCause};
pub use condition::Condition;
pub use deadline::{Deadlines, InquiryClock};
pub use recall::RecallClass;
pub use retention::{Keep, RecordKind, Retention};
pub use shipment::{Returns, ShipmentDocument, Shipments};
pub use state::{Jurisdiction, StateRule, Undo};
pub use undo::{UndoRule, may_undo};
pub use verification::{LightweightAnswer, Verification};

/// The rules of one jurisdiction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Its name, such as `us-dscsa`.
    pub name: String,
    /// The law that it follows.
    pub law: String,
    /// How long records are kept.
    pub retention: Retention,
    /// Until when what must be done.
    pub deadlines: Deadlines,
    /// When an end of life may be undone.
    pub undo: UndoRule,
    /// The jurisdiction's words for the states of a pack.
    pub states: Vec<StateRule>,
    /// The jurisdiction's codes of alerts.
    #[serde(default)]
    pub alerts: Vec<Alert>,
    /// What is done with returned goods.
    pub returns: Returns,
    /// What goes with a shipment.
    pub shipment: Shipments,
    /// How requests for verification are answered.
    pub verification: Verification,
    /// The classes of recalls.
    pub recalls: Vec<RecallClass>,
    /// When sightings of a pack are an alarm.
    pub alarm: AlarmLimits,
}

/// Why a text is not a profile.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// It is not of the form of a profile.
    #[error("{0}")]
    Form(#[from] Box<toml::de::Error>),
    /// It contradicts itself, or leaves something open.
    #[error("expected {expected}, found {found}")]
    Unsound {
        /// What was expected, and where.
        expected: String,
        /// What was found.
        found: String,
    },
}

/// The profile of a node that names none.
pub const DEFAULT_PROFILE: &str = "us-dscsa";

/// The texts of the profiles that are part of the program, by name.
const TEXTS: [(&str, &str); 2] = [
    ("us-dscsa", include_str!("../../../profiles/us-dscsa.toml")),
    ("eu-fmd", include_str!("../../../profiles/eu-fmd.toml")),
];

static BUILT_IN: LazyLock<Vec<Profile>> = LazyLock::new(|| {
    let read = |(_, text): &(&str, &str)| {
        Profile::parse(text).expect("a sound profile because a test reads each of them")
    };
    TEXTS.iter().map(read).collect()
});

static STANDARD: LazyLock<Arc<Profile>> = LazyLock::new(|| {
    let found = Profile::named(DEFAULT_PROFILE);
    Arc::new(found.expect("the default profile because it is part of the program").clone())
});

impl Profile {
    /// The profiles that are part of the program.
    pub fn built_in() -> &'static [Self] {
        &BUILT_IN
    }

    /// The profile with this name that is part of the program.
    pub fn named(name: &str) -> Option<&'static Self> {
        Self::built_in().iter().find(|profile| profile.name == name)
    }

    /// The profile of a node that names none.
    pub fn standard() -> Arc<Self> {
        Arc::clone(&STANDARD)
    }

    /// Reads a profile in TOML.
    ///
    /// # Errors
    ///
    /// [`ProfileError`]: a field is missing, unknown or of another kind; a condition has no state or
    /// two; a class of recall is missing; a name is not there.
    pub fn parse(text: &str) -> Result<Self, ProfileError> {
        let profile: Self = toml::from_str(text).map_err(Box::new)?;
        sound::check(&profile)?;
        Ok(profile)
    }
}
