//! A connection that stays: requests and answers, and notifications in between.
//!
//! ```text
//!  eth_subscribe ─▶ subscription: its filter, the next height it is to see
//!  head changes  ─▶ blocks from that height on ─▶ one text each: a head, or a log
//! ```
//!
//! Nothing is queued but what one block gives: the height that a subscription has come to is its
//! queue, and the blocks are in the store. So no head and no log is ever left out.

use std::{
    collections::VecDeque,
    sync::{Arc, Weak},
};

use alloy_rpc_types_eth::{Filter, Header};
use serde::Serialize;
use tokio::sync::watch;

use crate::{
    block::BlockHead,
    chain::{Chain, Inner},
    error::SessionEnd,
    limits::{SUBSCRIPTION_LAG_BLOCKS_MAX, SUBSCRIPTIONS_MAX},
    rpc::{self, RpcError, matches_in},
    store::View,
};

/// One client's connection. It does not keep the ledger open.
#[derive(Debug)]
pub struct Session {
    chain: Weak<Inner>,
    heads: watch::Receiver<BlockHead>,
    subscriptions: Subscriptions,
    ready: VecDeque<String>,
}

/// What a client asked to be told.
#[derive(Debug, Default)]
pub(crate) struct Subscriptions {
    list: Vec<Subscription>,
    /// How many there ever were: what the next one is called.
    given: u64,
}

#[derive(Debug)]
struct Subscription {
    id: u64,
    topic: Topic,
    /// The next height to look at.
    next: u64,
}

/// What a subscription is about.
#[derive(Clone, Debug)]
pub(crate) enum Topic {
    /// The header of every block.
    Heads,
    /// Every log that the filter lets through.
    Logs(Box<Filter>),
}

impl Session {
    pub(crate) fn new(chain: &Chain) -> Self {
        Self {
            chain: Arc::downgrade(chain.shared()),
            heads: chain.heads(),
            subscriptions: Subscriptions::default(),
            ready: VecDeque::new(),
        }
    }

    /// Answers a request as [`Chain::rpc`] does, and `eth_subscribe` and `eth_unsubscribe` besides.
    ///
    /// # Errors
    ///
    /// The ledger is closed.
    pub async fn rpc(&mut self, request: &str) -> Result<String, SessionEnd> {
        let inner = self.chain.upgrade().ok_or(SessionEnd::Stopped)?;
        Ok(rpc::answer(&Chain::from(inner), Some(&mut self.subscriptions), request).await)
    }

    /// Waits for the next notification; forever while there is no subscription.
    ///
    /// It may be dropped while it waits, and called again: nothing is lost.
    ///
    /// # Errors
    ///
    /// The client is too far behind, or the ledger is closed or cannot be read.
    pub async fn next(&mut self) -> Result<String, SessionEnd> {
        loop {
            if let Some(text) = self.ready.pop_front() {
                return Ok(text);
            }
            let head = self.heads.borrow_and_update().number;
            if !self.advance(head)? {
                self.heads.changed().await.map_err(|_| SessionEnd::Stopped)?;
            }
        }
    }

    /// Lets the subscription that is furthest behind see one block more; answers whether one did.
    fn advance(&mut self, head: u64) -> Result<bool, SessionEnd> {
        let behind = self.subscriptions.list.iter_mut().min_by_key(|one| one.next);
        let Some(subscription) = behind.filter(|one| one.next <= head) else { return Ok(false) };
        let lag = head - subscription.next + 1;
        if lag > SUBSCRIPTION_LAG_BLOCKS_MAX {
            return Err(SessionEnd::TooSlow { blocks: lag });
        }
        let inner = self.chain.upgrade().ok_or(SessionEnd::Stopped)?;
        let view = inner.store.view()?;
        if subscription.next < view.bodies_from()? {
            return Err(SessionEnd::TooSlow { blocks: lag });
        }
        subscription.see(&view, &mut self.ready)?;
        Ok(true)
    }
}

impl Subscription {
    /// Adds what the next block has for this subscription.
    fn see(&mut self, view: &View<'_>, ready: &mut VecDeque<String>) -> Result<(), SessionEnd> {
        let header = view.header(self.next)?;
        let number = self.next;
        self.next += 1;
        let Some(header) = header else { return Ok(()) };
        match &self.topic {
            Topic::Heads => ready.push_back(notification(self.id, Header::from_sealed(header))?),
            Topic::Logs(filter) if !filter.matches_bloom(header.logs_bloom) => {}
            Topic::Logs(filter) => {
                let mut logs = Vec::new();
                matches_in(view, filter, number, &mut logs)?;
                for log in logs {
                    ready.push_back(notification(self.id, log)?);
                }
            }
        }
        Ok(())
    }
}

impl Subscriptions {
    /// Subscribes to what comes after block `head`; answers the subscription's id.
    pub(crate) fn add(&mut self, topic: Topic, head: u64) -> Result<String, RpcError> {
        if self.list.len() >= SUBSCRIPTIONS_MAX {
            return Err(RpcError::TooManySubscriptions);
        }
        self.given += 1;
        let id = self.given;
        self.list.push(Subscription { id, topic, next: head + 1 });
        Ok(shown(id))
    }

    /// Ends a subscription; answers whether there was one.
    pub(crate) fn remove(&mut self, id: &str) -> bool {
        let before = self.list.len();
        self.list.retain(|one| shown(one.id) != id);
        self.list.len() < before
    }
}

fn shown(id: u64) -> String {
    format!("{id:#x}")
}

#[derive(Serialize)]
struct Notification<T> {
    jsonrpc: &'static str,
    method: &'static str,
    params: Params<T>,
}

#[derive(Serialize)]
struct Params<T> {
    subscription: String,
    result: T,
}

fn notification<T: Serialize>(id: u64, result: T) -> Result<String, SessionEnd> {
    let params = Params { subscription: shown(id), result };
    let whole = Notification { jsonrpc: "2.0", method: "eth_subscription", params };
    Ok(serde_json::to_string(&whole)?)
}
