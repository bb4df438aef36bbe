//! Health: what a node is doing, and what another node needs to know to join its ledger.

use std::sync::PoisonError;
use std::sync::atomic::Ordering;

use theriac_ledger::ConnectError;
use theriac_store::{DeliveryState, OutboxState};

use crate::clock::days_of;
use crate::error::NodeError;
use crate::node::Node;
use crate::report::{Health, LedgerHealth};

/// A stage of the work on the ledger that can be in trouble.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Trouble {
    /// The ledger's endpoint does not have the contracts, or not yet.
    NotThere,
    /// The ledger's endpoint knows fewer blocks than this node.
    Behind,
    /// Logs cannot be followed.
    Following,
    /// Transactions do not get on.
    Sending,
}

impl Node {
    /// Notes how a stage went: its error is told by health until it goes well.
    pub(crate) fn note_trouble(&self, stage: Trouble, error: Option<&NodeError>) {
        self.tell_trouble(stage, error.map(ToString::to_string));
    }

    /// As [`note_trouble`](Self::note_trouble), in words.
    pub(crate) fn tell_trouble(&self, stage: Trouble, words: Option<String>) {
        let mut troubles = self.inner().troubles.lock().unwrap_or_else(PoisonError::into_inner);
        match words {
            Some(words) => _ = troubles.insert(stage, words),
            None => _ = troubles.remove(&stage),
        }
    }

    /// Sees that the ledger is the right one and has the contracts, until it has once: without them
    /// a transaction would be mined without effect, and logs would be missing.
    ///
    /// # Errors
    ///
    /// [`NodeError::Connect`] and [`NodeError::Ledger`]; health tells the first.
    pub(crate) async fn see_contracts(&self) -> Result<(), NodeError> {
        if self.inner().contracts_seen.load(Ordering::SeqCst) {
            return Ok(());
        }
        let seen = self.inner().ledger.check().await.map_err(|error| match error {
            ConnectError::Request(error) => NodeError::Ledger(error),
            error => NodeError::Connect(error),
        });
        self.note_trouble(Trouble::NotThere, seen.as_ref().err());
        self.inner().contracts_seen.store(seen.is_ok(), Ordering::SeqCst);
        seen
    }

    /// The first trouble that a stage is in.
    fn trouble(&self) -> Option<String> {
        let troubles = self.inner().troubles.lock().unwrap_or_else(PoisonError::into_inner);
        troubles.values().next().cloned()
    }

    /// The node's state of health.
    ///
    /// # Errors
    ///
    /// [`NodeError::Store`]; an unreachable ledger is told in the report.
    pub async fn health(&self) -> Result<Health, NodeError> {
        let store = &self.inner().store;
        let head = self.inner().ledger.head().await;
        let members = store.members(days_of(self.today())).await?;
        let roles = members.get(&self.gln()).map(|member| member.roles).unwrap_or_default();
        let stats = store.stats().await?;
        let waiting = |state: OutboxState| {
            matches!(state, OutboxState::Pending | OutboxState::Waiting | OutboxState::Signed)
        };
        Ok(Health {
            status: match &head {
                Ok(_) => self.trouble().unwrap_or_else(|| "ok".to_owned()),
                Err(error) => format!("the ledger does not answer: {error}"),
            },
            version: env!("CARGO_PKG_VERSION").to_owned(),
            name: self.config().name.clone(),
            gln: self.gln(),
            account: self.account(),
            roles: roles.iter().map(|role| role.word().to_owned()).collect(),
            ledger: LedgerHealth {
                chain_id: self.config().ledger.chain_id,
                registry: self.config().ledger.registry,
                custody: self.config().ledger.custody,
                documents: self.config().ledger.documents,
                timelock: self.config().ledger.timelock,
                rpc_url: self.rpc_url(),
                head: head.map_or(0, |head| head.number),
                followed: store.last_block().await?.map_or(0, |block| block.number),
            },
            events: stats.events.iter().map(|(s, n)| (s.word().to_owned(), *n)).collect(),
            units: stats.items.iter().map(|(s, n)| (s.word().to_owned(), *n)).collect(),
            operations_waiting: stats
                .outbox
                .iter()
                .filter(|(s, _)| waiting(*s))
                .map(|(_, n)| n)
                .sum(),
            deliveries_waiting: stats
                .deliveries
                .iter()
                .filter(|(state, _)| *state == DeliveryState::Due)
                .map(|(_, n)| n)
                .sum(),
            cases_open: store.cases(true, CASES_MAX).await?.len() as u64,
        })
    }

    /// Where other nodes reach the ledger: its own URL, or the embedded ledger's address.
    fn rpc_url(&self) -> Option<String> {
        let ledger = &self.config().ledger;
        ledger.url.clone().or_else(|| ledger.listen.map(|address| format!("http://{address}")))
    }
}

/// Open cases that are counted; more show as this number.
const CASES_MAX: u64 = 10_000;
