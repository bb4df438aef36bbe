//! Places for messages that come in: a member that floods this node gets two, and leaves some to others.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use theriac_gs1::Gln;

/// Messages that are taken in at a time; each may be in memory.
const PLACES: usize = 8;

/// Messages of one member that are taken in at a time.
const PLACES_OF_MEMBER: usize = 2;

/// The places for messages.
#[derive(Debug, Clone, Default)]
pub(crate) struct Places(Arc<Mutex<BTreeMap<Gln, usize>>>);

/// A place for a message, until it is dropped.
#[derive(Debug)]
pub struct Place {
    places: Places,
    member: Gln,
}

impl Places {
    /// A place for a message of a member; none if all are taken.
    pub(super) fn take(&self, member: Gln) -> Option<Place> {
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let all: usize = taken.values().sum();
        let own = taken.entry(member).or_default();
        if all >= PLACES || *own >= PLACES_OF_MEMBER {
            return None;
        }
        *own += 1;
        Some(Place { places: self.clone(), member })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = taken.get_mut(&self.member) {
            *own = own.saturating_sub(1);
        }
        taken.retain(|_, own| *own > 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_member_does_not_take_all_places() {
        let places = Places::default();
        let member = |n: u64| Gln::from_body(952_123_500_001 + n).unwrap();
        let first: Vec<Place> =
            (0..PLACES_OF_MEMBER).map(|_| places.take(member(0)).unwrap()).collect();
        assert!(places.take(member(0)).is_none());
        let others: Vec<Place> = (1..).map_while(|n| places.take(member(n))).take(100).collect();
        assert_eq!(first.len() + others.len(), PLACES);
        drop(first);
        assert!(places.take(member(0)).is_some());
    }
}
