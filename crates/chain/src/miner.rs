//! The block producer: one thread that turns all queued transactions into one durable block.
//!
//! While a block is executed and written, senders queue the next one: under load many
//! transactions share one fsync, and a lone transaction waits for nothing.

mod producer;

use std::{
    sync::{
        Arc,
        mpsc::{Sender, channel},
    },
    thread::JoinHandle,
};

use alloy_consensus::{Transaction, TxEnvelope, transaction::Recovered};
use revm::primitives::B256;
use tokio::sync::{oneshot, watch};

use crate::{
    block::BlockHead, chain::Clock, error::StoreError, limits::QUEUED_TRANSACTIONS_MAX, pool::Pool,
    prune::Pruner, state::StateCache, store::Store, transaction::Refusal,
};
use producer::Producer;

/// Why a transaction that was queued is not in a durable block.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum SendError {
    /// The sender's fault.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The disk's fault; the transaction may or may not be in a block, so send it again.
    #[error(transparent)]
    Store(Arc<StoreError>),
    /// More than [`QUEUED_TRANSACTIONS_MAX`] would wait for their block.
    #[error("txpool is full: {QUEUED_TRANSACTIONS_MAX} transactions wait, send it again later")]
    Full,
    /// The ledger is being closed.
    #[error("the ledger is stopping: send the transaction again after its restart")]
    Stopped,
}

type Answer = Result<B256, SendError>;

/// A transaction on its way, with the place to answer.
struct Submission {
    transaction: Recovered<TxEnvelope>,
    answer: oneshot::Sender<Answer>,
}

/// A transaction that is queued: where its answer will come.
pub(crate) type Queued = oneshot::Receiver<Answer>;

/// The handle to the thread; dropping it finishes what is queued and joins the thread.
pub(crate) struct Miner {
    queue: Option<Sender<Vec<Submission>>>,
    thread: Option<JoinHandle<()>>,
    pool: Arc<Pool>,
}

impl Miner {
    /// Starts the thread.
    pub(crate) fn start(
        chain_id: u64,
        store: Arc<Store>,
        clock: Clock,
        head: watch::Sender<BlockHead>,
        pruner: Option<Pruner>,
    ) -> std::io::Result<Self> {
        let (queue, submissions) = channel();
        let pool = Arc::new(Pool::new(QUEUED_TRANSACTIONS_MAX));
        let cache = StateCache::new();
        let mut producer =
            Producer { chain_id, store, clock, head, pool: pool.clone(), cache, pruner };
        let thread = std::thread::Builder::new()
            .name("theriac-miner".to_owned())
            .spawn(move || producer.run(&submissions))?;
        Ok(Self { queue: Some(queue), thread: Some(thread), pool })
    }

    /// Queues transactions together: nothing gets between them, and unless they fill it they
    /// are in one block. Each answer comes when its block is durable.
    ///
    /// # Errors
    ///
    /// Too many transactions wait already, or the ledger is stopping.
    pub(crate) fn submit(
        &self,
        transactions: Vec<Recovered<TxEnvelope>>,
    ) -> Result<Vec<Queued>, SendError> {
        let queue = self.queue.as_ref().ok_or(SendError::Stopped)?;
        let nonces: Vec<_> = transactions.iter().map(|one| (one.signer(), one.nonce())).collect();
        if !self.pool.add(&nonces) {
            return Err(SendError::Full);
        }
        let (submissions, answers): (Vec<_>, Vec<_>) = transactions
            .into_iter()
            .map(|transaction| {
                let (answer, receiver) = oneshot::channel();
                (Submission { transaction, answer }, receiver)
            })
            .unzip();
        queue.send(submissions).map_err(|_| SendError::Stopped)?;
        Ok(answers)
    }

    /// The nonces on their way.
    pub(crate) fn pool(&self) -> &Pool {
        &self.pool
    }
}

impl Drop for Miner {
    fn drop(&mut self) {
        self.queue = None;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the block producer panicked");
        }
    }
}
