//! What a ledger says that was recorded, counted from its logs: what is there twice counts twice.

use std::collections::HashSet;

use theriac_custody::HoldingState;
use theriac_ledger::{Deployment, Endpoint, Ledger, LedgerEvent};

use crate::documents::Totals;

/// Counts what the ledger has recorded, but for the units commissioned, of which it knows only roots.
pub(crate) async fn totals(endpoint: Endpoint, deployment: Deployment) -> Totals {
    let ledger = Ledger::connect(endpoint, deployment).await.unwrap();
    let head = ledger.head().await.unwrap().number;
    let mut totals = Totals::default();
    let mut places = HashSet::new();
    for log in ledger.logs(1, head).await.unwrap() {
        match log.event {
            LedgerEvent::Retired { places: retired, .. } => {
                for place in retired {
                    assert!(places.insert(place), "retired twice: {place:?}");
                    totals.retired += 1;
                }
            }
            LedgerEvent::Anchored { count, .. } => totals.anchored += u64::from(count),
            LedgerEvent::LotStatusChanged { .. } => totals.lots_changed += 1,
            LedgerEvent::HoldingOpened { state: HoldingState::InTransit, .. } => {
                totals.shipped += 1
            }
            LedgerEvent::HoldingOpened { state: HoldingState::Quarantined, .. } => {
                totals.set_apart += 1;
            }
            _ => {}
        }
    }
    totals
}
