//! The transactions that are sent but not yet in a block: how many, and with which nonces.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Mutex, PoisonError},
};

use revm::primitives::Address;

/// Transactions on their way into a block, up to a capacity.
pub(crate) struct Pool {
    queued: Mutex<Queued>,
    capacity: usize,
}

#[derive(Default)]
struct Queued {
    /// How many transactions with each nonce, by sender.
    nonces: HashMap<Address, BTreeMap<u64, usize>>,
    total: usize,
}

impl Pool {
    /// An empty pool for `capacity` transactions.
    pub(crate) fn new(capacity: usize) -> Self {
        Self { queued: Mutex::default(), capacity }
    }

    /// Takes in transactions by sender and nonce, all or, when there is no room, none; answers
    /// whether it did.
    #[must_use]
    pub(crate) fn add(&self, transactions: &[(Address, u64)]) -> bool {
        self.with(|queued| {
            if transactions.len() > self.capacity - queued.total {
                return false;
            }
            for (sender, nonce) in transactions {
                *queued.nonces.entry(*sender).or_default().entry(*nonce).or_default() += 1;
            }
            queued.total += transactions.len();
            true
        })
    }

    /// A transaction was answered.
    pub(crate) fn remove(&self, sender: Address, nonce: u64) {
        self.with(|queued| {
            let Some(nonces) = queued.nonces.get_mut(&sender) else { return };
            match nonces.get_mut(&nonce) {
                None => return,
                Some(times) if *times > 1 => *times -= 1,
                Some(_) => drop(nonces.remove(&nonce)),
            }
            if nonces.is_empty() {
                queued.nonces.remove(&sender);
            }
            queued.total -= 1;
        });
    }

    /// The nonce after all that `sender` has queued without a gap; `next` is the mined one.
    pub(crate) fn pending(&self, sender: Address, next: u64) -> u64 {
        self.with(|queued| {
            let Some(nonces) = queued.nonces.get(&sender) else { return next };
            let in_a_row = (next..).zip(nonces.range(next..)).take_while(|(a, (b, _))| a == *b);
            next + in_a_row.count() as u64
        })
    }

    /// Transactions on their way.
    pub(crate) fn len(&self) -> usize {
        self.with(|queued| queued.total)
    }

    fn with<T>(&self, act: impl FnOnce(&mut Queued) -> T) -> T {
        act(&mut self.queued.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pending_counts_only_without_a_gap() {
        let pool = Pool::new(10);
        let sender = Address::repeat_byte(1);
        assert!(pool.add(&[3, 4, 6, 4].map(|nonce| (sender, nonce))));
        assert_eq!(pool.pending(sender, 3), 5);
        assert_eq!(pool.pending(sender, 2), 2);
        assert_eq!(pool.pending(Address::ZERO, 7), 7);
        pool.remove(sender, 4);
        assert_eq!(pool.pending(sender, 3), 5, "the other one with nonce 4 is still queued");
        pool.remove(sender, 4);
        pool.remove(sender, 4);
        assert_eq!(pool.pending(sender, 3), 4);
        assert_eq!(pool.len(), 2);
    }

    #[test]
    fn a_full_pool_takes_all_or_nothing() {
        let pool = Pool::new(3);
        let sender = Address::repeat_byte(1);
        assert!(pool.add(&[(sender, 0), (sender, 1)]));
        assert!(!pool.add(&[(sender, 2), (sender, 3)]));
        assert_eq!(pool.len(), 2);
        assert!(pool.add(&[(sender, 2)]));
        assert!(!pool.add(&[(sender, 3)]));
        pool.remove(sender, 0);
        assert!(pool.add(&[(sender, 3)]));
    }
}
