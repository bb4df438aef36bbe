//! What the ledger says that was recorded, counted from its logs.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use futures::future::BoxFuture;
use theriac_chain::Chain;
use theriac_custody::{Hash, HoldingState};
use theriac_ledger::{Endpoint, Ledger, LedgerEvent, LocalRpc};
use theriac_node::{Config, Node, Passphrase, system_clock};

use crate::documents::Totals;
use crate::program::PASSPHRASE;

/// The embedded ledger, asked in this process.
struct InProcess(Chain);

impl LocalRpc for InProcess {
    fn request(&self, json: String) -> BoxFuture<'static, String> {
        let chain = self.0.clone();
        Box::pin(async move { chain.rpc(&json).await })
    }
}

/// Counts what the ledger of the stopped node has recorded. A unit or an event that it recorded
/// twice counts twice.
pub(crate) async fn totals(node: &Path) -> Totals {
    let config = Config::load(&node.join("theriac.toml")).unwrap();
    let deployment = config.deployment();
    let passphrase = Passphrase::new(PASSPHRASE);
    let node = Node::open(node, config, &passphrase, system_clock()).await.unwrap();
    let chain = node.chain().unwrap().clone();
    let endpoint = Endpoint::Local(Arc::new(InProcess(chain)));
    let ledger = Ledger::connect(endpoint, deployment).await.unwrap();
    let head = ledger.head().await.unwrap().number;
    let mut totals = Totals::default();
    let mut places = HashSet::new();
    for log in ledger.logs(1, head).await.unwrap() {
        match log.event {
            LedgerEvent::Commissioned { id, .. } => {
                let holding = node.store().known_holding(&id).await.unwrap();
                let holding = holding.unwrap_or_else(|| panic!("the node has forgotten {id}"));
                let units = holding.leaves.iter().filter(|leaf| **leaf != Hash::ZERO);
                totals.commissioned += units.count() as u64;
            }
            LedgerEvent::Retired { places: retired, .. } => {
                for place in retired {
                    assert_eq!(place.1, 0, "units are retired one by one");
                    assert!(places.insert(place), "retired twice: {place:?}");
                    totals.retired += 1;
                }
            }
            LedgerEvent::Anchored { count, .. } => totals.anchored += u64::from(count),
            LedgerEvent::LotStatusChanged { .. } => totals.lots_changed += 1,
            LedgerEvent::HoldingOpened { state: HoldingState::InTransit, .. } => {
                totals.shipped += 1;
            }
            LedgerEvent::HoldingOpened { state: HoldingState::Quarantined, .. } => {
                totals.set_apart += 1;
            }
            _ => {}
        }
    }
    node.close().await;
    totals
}
