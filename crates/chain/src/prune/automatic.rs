//! Pruning by itself, once the kept bodies have more bytes than they may.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc::{SyncSender, sync_channel},
    },
    thread::JoinHandle,
};

use crate::{error::PruneError, store::Store};

/// The handle to the thread; dropping it ends a pruning that runs and joins the thread.
pub(crate) struct Pruner {
    wake: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
    work: Arc<Work>,
}

struct Work {
    store: Arc<Store>,
    chain_id: u64,
    bytes_max: u64,
    stopping: AtomicBool,
    /// Held while pruning: the thread and the producer of blocks never do it at the same time.
    running: Mutex<()>,
}

impl Pruner {
    /// Starts the thread.
    pub(crate) fn start(store: Arc<Store>, chain_id: u64, bytes_max: u64) -> std::io::Result<Self> {
        let (stopping, running) = (AtomicBool::new(false), Mutex::new(()));
        let work = Arc::new(Work { store, chain_id, bytes_max, stopping, running });
        // One place: a call that comes while the thread works is not lost, more would be the same.
        let (wake, calls) = sync_channel(1);
        let thread = std::thread::Builder::new().name("theriac-pruner".to_owned()).spawn({
            let work = work.clone();
            move || calls.iter().for_each(|()| work.run())
        })?;
        Ok(Self { wake: Some(wake), thread: Some(thread), work })
    }

    /// Tells that a block was added. Prunes in the background when the bodies have more bytes than
    /// they may, and lets the caller wait for it when they have twice as many.
    pub(crate) fn after_block(&self) {
        let bytes = self.work.store.stats().bodies_bytes;
        if bytes > self.work.bytes_max.saturating_mul(2) {
            self.work.run();
        } else if bytes > self.work.bytes_max
            && let Some(wake) = &self.wake
        {
            let _ = wake.try_send(());
        }
    }
}

impl Work {
    fn run(&self) {
        let _running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        if let Err(error) = self.prune() {
            tracing::error!(%error, "old bodies could not be pruned");
        }
    }

    /// Prunes down to three quarters of the limit, so that not every block prunes.
    fn prune(&self) -> Result<(), PruneError> {
        if self.store.stats().bodies_bytes <= self.bytes_max {
            return Ok(());
        }
        let last = self.store.view()?.last_to_prune(self.bytes_max / 4 * 3)?;
        let Some(last) = last else { return Ok(()) };
        let go_on = &mut |_| !self.stopping.load(Ordering::Relaxed);
        super::up_to(&self.store, self.chain_id, last, go_on)?;
        tracing::info!(up_to = last, "bodies of old blocks pruned");
        Ok(())
    }
}

impl Drop for Pruner {
    fn drop(&mut self) {
        self.work.stopping.store(true, Ordering::Relaxed);
        self.wake = None;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the pruner panicked");
        }
    }
}
