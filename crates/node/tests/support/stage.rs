//! A maker whose ledger is behind a proxy, with a clock that the test moves.

#![allow(dead_code, reason = "each test program uses a part of it")]

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{Timestamp, ToSpan};
use theriac_node::{Clock, Config, Node};

use crate::goods::maker;
use crate::proxy::{Proxy, copy, ledger};
use crate::support::passphrase;

/// Seconds that the node's clock is ahead.
pub(crate) type Ahead = Arc<AtomicI64>;

/// A maker's node, and what is around it.
pub(crate) struct Stage {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) proxy: Proxy,
    pub(crate) node: Node,
    pub(crate) config: Config,
    pub(crate) ahead: Ahead,
}

/// A clock that is as far ahead as the test says.
pub(crate) fn clock(ahead: &Ahead) -> Clock {
    let ahead = Arc::clone(ahead);
    Arc::new(move || Timestamp::now() + ahead.load(Ordering::SeqCst).seconds())
}

impl Stage {
    /// The maker with its product and a partner on the ledger, which is kept as it is then.
    pub(crate) async fn set(change: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path().join("node");
        let (node, mut config) = maker(&dir).await;
        node.close().await;
        copy(&dir.join("ledger"), &folder.path().join("base"));
        let proxy = Proxy::before(ledger(&dir.join("ledger"))).await;
        config.ledger.url = Some(proxy.url.clone());
        change(&mut config);
        let ahead = Ahead::default();
        let node = Node::open(&dir, config.clone(), &passphrase(), clock(&ahead)).await.unwrap();
        Self { folder, proxy, node, config, ahead }
    }

    /// The node's folder.
    pub(crate) fn dir(&self) -> PathBuf {
        self.folder.path().join("node")
    }

    /// Moves the clock.
    pub(crate) fn later(&self, seconds: i64) {
        self.ahead.fetch_add(seconds, Ordering::SeqCst);
    }

    /// Closes the node and opens it again.
    pub(crate) async fn restart(self) -> Self {
        let Self { folder, proxy, node, config, ahead } = self;
        node.close().await;
        let dir = folder.path().join("node");
        let node = Node::open(&dir, config.clone(), &passphrase(), clock(&ahead)).await.unwrap();
        Self { folder, proxy, node, config, ahead }
    }

    /// A ledger as it was at the beginning: a branch beside the present one.
    pub(crate) fn branch(&self, name: &str) -> theriac_chain::Chain {
        let dir = self.folder.path().join(name);
        copy(&self.folder.path().join("base"), &dir);
        ledger(&dir)
    }
}
