//! The nonces of transactions that are sent but not yet in a block.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use revm::primitives::Address;

/// Nonces on their way into a block, by sender; a nonce may be there more than once.
#[derive(Default)]
pub(crate) struct Pool(Mutex<HashMap<Address, Vec<u64>>>);

impl Pool {
    /// A transaction was queued.
    pub(crate) fn add(&self, sender: Address, nonce: u64) {
        self.with(|queued| queued.entry(sender).or_default().push(nonce));
    }

    /// A transaction was answered.
    pub(crate) fn remove(&self, sender: Address, nonce: u64) {
        self.with(|queued| {
            let Some(nonces) = queued.get_mut(&sender) else { return };
            if let Some(index) = nonces.iter().position(|queued| *queued == nonce) {
                nonces.swap_remove(index);
            }
            if nonces.is_empty() {
                queued.remove(&sender);
            }
        });
    }

    /// The nonce after all that `sender` has queued without a gap; `next` is the mined one.
    pub(crate) fn pending(&self, sender: Address, mut next: u64) -> u64 {
        self.with(|queued| {
            let nonces = queued.get(&sender).map_or(&[][..], Vec::as_slice);
            while nonces.contains(&next) {
                next += 1;
            }
            next
        })
    }

    /// Transactions on their way.
    pub(crate) fn len(&self) -> usize {
        self.with(|queued| queued.values().map(Vec::len).sum())
    }

    fn with<T>(&self, act: impl FnOnce(&mut HashMap<Address, Vec<u64>>) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pending_counts_only_without_a_gap() {
        let pool = Pool::default();
        let sender = Address::repeat_byte(1);
        for nonce in [3, 4, 6, 4] {
            pool.add(sender, nonce);
        }
        assert_eq!(pool.pending(sender, 3), 5);
        assert_eq!(pool.pending(sender, 2), 2);
        assert_eq!(pool.pending(Address::ZERO, 7), 7);
        pool.remove(sender, 4);
        assert_eq!(pool.pending(sender, 3), 5, "the other one with nonce 4 is still queued");
        pool.remove(sender, 4);
        assert_eq!(pool.pending(sender, 3), 4);
        assert_eq!(pool.len(), 2);
    }
}
