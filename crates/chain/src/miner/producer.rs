//! Making blocks of what is queued, on the miner's thread.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::{Arc, mpsc::Receiver},
};

use alloy_consensus::{Transaction, TxEnvelope, transaction::Recovered};
use revm::primitives::{Address, B256};
use tokio::sync::watch;

use super::{Answer, SendError, Submission};
use crate::{
    block::{BlockHead, ExecutedBlock},
    chain::Clock,
    error::StoreError,
    execute::{self, Outcome},
    limits::BLOCK_TRANSACTIONS_MAX,
    pool::Pool,
    prune::Pruner,
    state::StateCache,
    store::Store,
};

/// What the thread owns.
pub(super) struct Producer {
    pub(super) chain_id: u64,
    pub(super) store: Arc<Store>,
    pub(super) clock: Clock,
    pub(super) head: watch::Sender<BlockHead>,
    pub(super) pool: Arc<Pool>,
    pub(super) cache: StateCache,
    pub(super) pruner: Option<Pruner>,
}

impl Producer {
    /// Makes blocks until all senders are gone.
    pub(super) fn run(&mut self, submissions: &Receiver<Vec<Submission>>) {
        while let Ok(mut batch) = submissions.recv() {
            while batch.len() < BLOCK_TRANSACTIONS_MAX {
                match submissions.try_recv() {
                    Ok(more) => batch.extend(more),
                    Err(_) => break,
                }
            }
            while !batch.is_empty() {
                batch = self.produce(batch);
                if let Some(pruner) = &self.pruner {
                    pruner.after_block();
                }
            }
        }
    }

    /// Makes one block of `batch`, answers, and gives back what did not fit into it.
    fn produce(&mut self, batch: Vec<Submission>) -> Vec<Submission> {
        let (unique, mut twins) = split_twins(in_nonce_order(batch));
        let outcomes = match self.extend(unique.iter().map(|one| &one.transaction)) {
            Ok(outcomes) => outcomes,
            Err(error) => {
                tracing::error!(%error, "no block could be made durable");
                let error = SendError::Store(Arc::new(error));
                let waiting = unique.into_iter().chain(twins.into_values().flatten());
                waiting.for_each(|one| self.answer(one, Err(error.clone())));
                return Vec::new();
            }
        };
        let mut later = Vec::new();
        for (submission, outcome) in unique.into_iter().zip(outcomes) {
            let hash = *submission.transaction.tx_hash();
            let same = twins.remove(&hash).unwrap_or_default();
            let all = std::iter::once(submission).chain(same);
            match outcome {
                Outcome::Mined => all.for_each(|one| self.answer(one, Ok(hash))),
                Outcome::Refused(refusal) => {
                    all.for_each(|one| self.answer(one, Err(refusal.clone().into())));
                }
                Outcome::Later => later.extend(all),
            }
        }
        later
    }

    /// Executes transactions into one block and makes it durable, unless it would be empty.
    /// One that is mined already counts as mined: senders send again after a crash.
    fn extend<'t>(
        &mut self,
        offered: impl Iterator<Item = &'t Recovered<TxEnvelope>>,
    ) -> Result<Vec<Outcome>, StoreError> {
        let view = self.store.view()?;
        let mut fresh = Vec::new();
        let mut known = Vec::new();
        for transaction in offered {
            let mined = view.place_of(*transaction.tx_hash())?.is_some();
            known.push(mined);
            if !mined {
                fresh.push(transaction.clone());
            }
        }
        let parent = view.head()?;
        let timestamp = (self.clock)().max(parent.timestamp);
        let history = view.history_root(parent.number + 1)?;
        let state = view.state(Some(&mut self.cache))?;
        let (block, outcomes) =
            execute::block(self.chain_id, &parent, timestamp, history, fresh, state)?;
        drop(view);
        if !block.transactions.is_empty() {
            self.store.append(&block)?;
            self.publish(&block);
        }
        let mut outcomes = outcomes.into_iter();
        let next = |known| if known { Some(Outcome::Mined) } else { outcomes.next() };
        Ok(known.into_iter().filter_map(next).collect())
    }

    fn publish(&mut self, block: &ExecutedBlock) {
        self.cache.apply(&block.changes);
        self.head.send_replace(BlockHead::from(&block.header));
        tracing::debug!(
            number = block.header.number,
            transactions = block.transactions.len(),
            gas_used = block.header.gas_used,
            "block"
        );
    }

    fn answer(&self, submission: Submission, answer: Answer) {
        let Submission { transaction, answer: waiting } = submission;
        self.pool.remove(transaction.signer(), transaction.nonce());
        // Nobody waits any more when the client went away; the block is durable all the same.
        let _ = waiting.send(answer);
    }
}

/// Puts each sender's transactions into the order of their nonces, in the places that the sender
/// has in the queue: what arrives out of order makes no gap.
fn in_nonce_order(batch: Vec<Submission>) -> Vec<Submission> {
    let senders: Vec<Address> = batch.iter().map(|one| one.transaction.signer()).collect();
    let mut by_sender: HashMap<Address, BTreeMap<(u64, usize), Submission>> = HashMap::new();
    for (index, submission) in batch.into_iter().enumerate() {
        let key = (submission.transaction.nonce(), index);
        by_sender.entry(submission.transaction.signer()).or_default().insert(key, submission);
    }
    senders
        .into_iter()
        .filter_map(|sender| by_sender.get_mut(&sender)?.pop_first())
        .map(|(_, submission)| submission)
        .collect()
}

/// Takes out submissions of a transaction that is in the batch already.
fn split_twins(batch: Vec<Submission>) -> (Vec<Submission>, HashMap<B256, Vec<Submission>>) {
    let mut unique: Vec<Submission> = Vec::with_capacity(batch.len());
    let mut twins: HashMap<B256, Vec<Submission>> = HashMap::new();
    let mut seen = HashSet::new();
    for submission in batch {
        let hash = *submission.transaction.tx_hash();
        match seen.insert(hash) {
            true => unique.push(submission),
            false => twins.entry(hash).or_default().push(submission),
        }
    }
    (unique, twins)
}
