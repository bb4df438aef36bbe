//! The handle to an open ledger.

use std::{fmt, path::Path, sync::Arc};

use tokio::sync::watch;

use crate::{
    audit::{self, AuditReport},
    block::BlockHead,
    error::{AuditError, OpenError, PruneError},
    miner::Miner,
    prune::{self, PruneReport, Pruner},
    rpc,
    session::Session,
    store::{LedgerStats, Store},
};

/// Gives the time in Unix seconds; a parameter, so that simulations set it.
pub type Clock = Arc<dyn Fn() -> u64 + Send + Sync>;

/// What a new ledger starts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Genesis {
    /// The chain id that transactions must be signed for (EIP-155).
    pub chain_id: u64,
}

/// How a ledger is kept; the default keeps everything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Bytes that transactions and receipts may have together before the oldest are pruned; `None`
    /// keeps all. With the limit, at most twice as many are kept at any time, of the newest blocks;
    /// headers and the state always stay.
    pub bodies_bytes_max: Option<u64>,
}

/// An open ledger. Clones share it; the last one dropped finishes what is queued and closes the
/// file.
#[derive(Clone)]
pub struct Chain(Arc<Inner>);

/// What the clones share. The miner comes first: it is joined before the store is closed.
pub(crate) struct Inner {
    pub(crate) miner: Miner,
    pub(crate) store: Arc<Store>,
    pub(crate) chain_id: u64,
    head: watch::Receiver<BlockHead>,
}

impl Chain {
    /// Opens the ledger in `dir`, or creates the folder and the ledger.
    ///
    /// # Errors
    ///
    /// The folder holds another chain id, is open elsewhere, or cannot be read and written.
    pub fn open(dir: &Path, genesis: Genesis, clock: Clock) -> Result<Self, OpenError> {
        Self::open_with(dir, genesis, Options::default(), clock)
    }

    /// Opens or creates the ledger in `dir` and keeps of it what `options` say.
    ///
    /// # Errors
    ///
    /// As [`Chain::open`].
    pub fn open_with(
        dir: &Path,
        genesis: Genesis,
        options: Options,
        clock: Clock,
    ) -> Result<Self, OpenError> {
        let chain_id = genesis.chain_id;
        let store = Arc::new(Store::open_or_create(dir, chain_id)?);
        let newest = BlockHead::from(&store.view()?.head()?);
        let (announce, head) = watch::channel(newest);
        let limit = options.bodies_bytes_max;
        let pruner = limit.map(|most| Pruner::start(store.clone(), chain_id, most));
        let pruner = pruner.transpose().map_err(OpenError::Thread)?;
        let miner = Miner::start(chain_id, store.clone(), clock, announce, pruner)
            .map_err(OpenError::Thread)?;
        Ok(Self(Arc::new(Inner { miner, store, chain_id, head })))
    }

    /// Answers a JSON-RPC 2.0 request, single or batch; the answer is empty when the request is
    /// made of notifications only.
    ///
    /// A transaction sent is answered when its block is durable. Every failure is an answer with
    /// an error object.
    pub async fn rpc(&self, request: &str) -> String {
        rpc::answer(self, None, request).await
    }

    /// A connection of one client, which can subscribe to heads and logs.
    pub fn session(&self) -> Session {
        Session::new(self)
    }

    /// The newest durable block.
    pub fn head(&self) -> BlockHead {
        *self.0.head.borrow()
    }

    /// Follows the newest durable block; may skip some when many are made.
    pub fn heads(&self) -> watch::Receiver<BlockHead> {
        self.0.head.clone()
    }

    /// The chain id of this ledger.
    pub fn chain_id(&self) -> u64 {
        self.0.chain_id
    }

    /// Totals over the whole ledger.
    pub fn stats(&self) -> LedgerStats {
        self.0.store.stats()
    }

    /// Executes every block again, from genesis or from the snapshot that a pruning left, and
    /// compares all that is stored with what comes out, up to the block that is the newest when the audit starts.
    ///
    /// `progress` is told how many blocks are done, and of how many. The whole state is held in
    /// memory.
    ///
    /// # Errors
    ///
    /// The first difference, or a store that cannot be read.
    pub fn audit(&self, progress: &mut dyn FnMut(u64, u64)) -> Result<AuditReport, AuditError> {
        audit::run(&self.0.store.view()?, self.0.chain_id, progress)
    }

    /// Audits the ledger in a folder that no process has open.
    ///
    /// # Errors
    ///
    /// As [`Chain::audit`], and as [`Chain::open`].
    pub fn audit_dir(
        dir: &Path,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<AuditReport, AuditError> {
        let (store, chain_id) = Store::open_existing(dir)?;
        audit::run(&store.view()?, chain_id, progress)
    }

    /// Prunes the ledger in a folder that no process has open: transactions, receipts and logs of
    /// all but the newest `keep_blocks` blocks (at least 1) are deleted and the file made shorter.
    /// Headers and the state stay, with a snapshot from which an audit can begin.
    ///
    /// What is to be deleted is audited first. `progress` is told how many blocks are done, and of
    /// how many. The whole state is held in memory.
    ///
    /// # Errors
    ///
    /// The ledger does not agree with its execution, or cannot be read or written.
    pub fn prune_dir(
        dir: &Path,
        keep_blocks: u64,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<PruneReport, PruneError> {
        prune::folder(dir, keep_blocks, progress)
    }

    pub(crate) fn inner(&self) -> &Inner {
        &self.0
    }

    pub(crate) fn shared(&self) -> &Arc<Inner> {
        &self.0
    }
}

impl From<Arc<Inner>> for Chain {
    fn from(inner: Arc<Inner>) -> Self {
        Self(inner)
    }
}

impl fmt::Debug for Inner {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut inner = formatter.debug_struct("Inner");
        inner.field("chain_id", &self.chain_id).finish_non_exhaustive()
    }
}

impl fmt::Debug for Chain {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut chain = formatter.debug_struct("Chain");
        chain.field("chain_id", &self.0.chain_id).field("head", &self.head()).finish()
    }
}
