//! What a node has on its books, to be compared.

#![allow(dead_code, reason = "each test program uses a part of it")]

use std::collections::BTreeMap;

use theriac_custody::{Hash, ItemStatus, LotStatus, Place};
use theriac_gs1::Identifier;
use theriac_node::Node;
use theriac_store::{DeliveryState, EventState, OutboxState};

/// Items, holdings, lots, events, operations and messages.
#[derive(Debug, PartialEq)]
pub(crate) struct Snapshot {
    pub(crate) items: BTreeMap<Identifier, (ItemStatus, Option<Place>, Option<Identifier>)>,
    holdings: BTreeMap<Hash, (Hash, u8, Vec<Hash>, bool)>,
    on_ledger: BTreeMap<Hash, String>,
    lots: Vec<(String, LotStatus)>,
    events: Vec<(EventState, u64)>,
    outbox: Vec<(OutboxState, u64)>,
    messages: usize,
    cases: usize,
}

/// What stands on the books of a node now.
pub(crate) async fn snapshot(node: &Node) -> Snapshot {
    let store = node.store();
    let keys = store.item_keys(None, 10_000).await.unwrap();
    let ids: Vec<Identifier> =
        keys.iter().filter_map(|key| format!("https://id.gs1.org/{key}").parse().ok()).collect();
    let items = store.load_items(&ids).await.unwrap().into_iter().map(|record| {
        let item = record.item;
        (item.id, (item.status, item.place, item.parent))
    });
    let items = items.collect();
    let mut holdings = BTreeMap::new();
    let mut on_ledger = BTreeMap::new();
    for id in store.known_holdings().await.unwrap() {
        let known = store.known_holding(&id).await.unwrap().unwrap();
        holdings.insert(id, (known.root, known.height, known.leaves, known.shipment.is_some()));
        if let Some(facts) = store.ledger_holding(&id).await.unwrap() {
            let facts = format!("{:?} {} {}", facts.state, facts.holder, facts.consignee);
            on_ledger.insert(id, facts);
        }
    }
    let lots = store.lots().await.unwrap();
    let lots = lots.into_iter().map(|(lot, row)| (lot.lot.to_string(), row.record.status));
    let stats = store.stats().await.unwrap();
    let mut messages = 0;
    for state in DeliveryState::ALL {
        messages += store.deliveries(*state).await.unwrap().len();
    }
    Snapshot {
        items,
        holdings,
        on_ledger,
        lots: lots.collect(),
        events: stats.events,
        outbox: stats.outbox,
        messages,
        cases: node.cases(false, 1_000).await.unwrap().len(),
    }
}
