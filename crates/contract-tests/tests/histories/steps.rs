//! What a history is made of: raw choices that are read in the light of the state.

use proptest::prelude::*;

/// One step.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    /// What to do.
    pub(crate) kind: u8,
    /// Which, whom, how.
    pub(crate) choices: [u32; 4],
    /// Which subtrees: holding, height, index.
    pub(crate) places: Vec<(u32, u32, u32)>,
    /// Of 16: below 12 the named actor is the right one and places are in order and its own.
    pub(crate) honesty: u8,
}

impl Step {
    /// A commission of 256 units, so that there is something.
    pub(crate) fn first() -> Self {
        Self { kind: 0, choices: [0, 0, 255, 1], places: vec![], honesty: 0 }
    }

    /// Whether it keeps to the rules.
    pub(crate) fn honest(&self) -> bool {
        self.honesty < 12
    }
}

/// Any step.
pub(crate) fn step() -> impl Strategy<Value = Step> {
    let places = prop::collection::vec(any::<(u32, u32, u32)>(), 1..8);
    (0u8..36, any::<[u32; 4]>(), places, 0u8..16)
        .prop_map(|(kind, choices, places, honesty)| Step { kind, choices, places, honesty })
}

/// One of a list.
pub(crate) fn choose<T: Clone>(from: &[T], choice: u32) -> Option<T> {
    (!from.is_empty()).then(|| from[choice as usize % from.len()].clone())
}
