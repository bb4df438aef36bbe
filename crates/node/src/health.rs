//! Health: what a node is doing, and what another node needs to know to join its ledger.

use theriac_store::{DeliveryState, OutboxState};

use crate::clock::days_of;
use crate::error::NodeError;
use crate::node::Node;
use crate::report::{Health, LedgerHealth};

impl Node {
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
                Ok(_) => "ok".to_owned(),
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
