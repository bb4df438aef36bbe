//! Recall, block and lift of whole lots.

use std::collections::BTreeSet;

use theriac_gs1::Lgtin;

use super::select::product_unknown;
use crate::breach::{Actor, Breach, BreachCode, WaitsFor};
use crate::operation::{LotStatus, Operation};
use crate::world::{LotRecord, Role, World};

/// Changes the status of the lots; the labeler and regulators may.
pub(super) fn lot_status(
    lots: &[Lgtin],
    status: LotStatus,
    world: &mut World,
) -> Result<Vec<Operation>, Breach> {
    let lots: BTreeSet<&Lgtin> = lots.iter().collect();
    for lot in &lots {
        may_change(lot, world)?;
    }
    let mut operations = Vec::with_capacity(lots.len());
    for lot in lots {
        let Some(record) = world.lots.get(lot) else { continue };
        if (record.status, status) == (LotStatus::Normal, LotStatus::Normal) {
            // There is nothing to lift; the ledger would refuse it.
            continue;
        }
        let expiry = record.expiry;
        world.set_lot(lot, LotRecord { expiry, status });
        operations.push(Operation::LotStatus { lot: lot.clone(), status });
    }
    if operations.is_empty() {
        operations.push(Operation::Anchor);
    }
    Ok(operations)
}

fn may_change(lot: &Lgtin, world: &World) -> Result<(), Breach> {
    let labeler = *world.products.get(&lot.gtin).ok_or_else(|| product_unknown(lot.gtin))?;
    if labeler != world.me && !world.roles.has(Role::Regulator) {
        return Err(Breach::new(
            BreachCode::NotLabeler,
            format!("expected a lot of this member, found lot {} of {labeler}", lot.lot),
            "ask the labeler or the regulator to change the lot's status",
        )
        .by(Actor::Labeler));
    }
    if !world.lots.contains_key(lot) {
        return Err(lot_unknown(lot, labeler == world.me));
    }
    Ok(())
}

/// Without the lot's secret its tag on the ledger is not known: a regulator that has never seen a
/// pack of the lot cannot recall it alone.
fn lot_unknown(lot: &Lgtin, own: bool) -> Breach {
    let reason = format!("expected a lot on record, found lot {} of {}", lot.lot, lot.gtin);
    let breach = if own {
        Breach::new(
            BreachCode::ItemUnknown,
            reason,
            "check the lot number; commission its packs first",
        )
    } else {
        Breach::new(
            BreachCode::ItemUnknown,
            reason,
            "check the lot number; let the labeler recall the lot, or send the data of it here",
        )
        .by(Actor::Labeler)
    };
    breach.until(WaitsFor::Product(lot.gtin))
}
