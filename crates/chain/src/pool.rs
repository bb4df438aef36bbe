//! The nonces of transactions that are sent but not yet in a block.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Mutex, PoisonError},
};

use revm::primitives::Address;

/// How many transactions with each nonce are on their way into a block, by sender.
#[derive(Default)]
pub(crate) struct Pool(Mutex<HashMap<Address, BTreeMap<u64, usize>>>);

impl Pool {
    /// A transaction was queued.
    pub(crate) fn add(&self, sender: Address, nonce: u64) {
        self.with(|queued| *queued.entry(sender).or_default().entry(nonce).or_default() += 1);
    }

    /// A transaction was answered.
    pub(crate) fn remove(&self, sender: Address, nonce: u64) {
        self.with(|queued| {
            let Some(nonces) = queued.get_mut(&sender) else { return };
            match nonces.get_mut(&nonce) {
                Some(times) if *times > 1 => *times -= 1,
                _ => drop(nonces.remove(&nonce)),
            }
            if nonces.is_empty() {
                queued.remove(&sender);
            }
        });
    }

    /// The nonce after all that `sender` has queued without a gap; `next` is the mined one.
    pub(crate) fn pending(&self, sender: Address, mut next: u64) -> u64 {
        self.with(|queued| {
            if let Some(nonces) = queued.get(&sender) {
                next +=
                    (next..).zip(nonces.range(next..)).take_while(|(a, b)| a == b.0).count() as u64;
            }
            next
        })
    }

    /// Transactions on their way.
    pub(crate) fn len(&self) -> usize {
        self.with(|queued| queued.values().flat_map(BTreeMap::values).sum())
    }

    fn with<T>(&self, act: impl FnOnce(&mut HashMap<Address, BTreeMap<u64, usize>>) -> T) -> T {
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
