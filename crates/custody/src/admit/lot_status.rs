//! Recall, block and lift of whole lots.

use theriac_gs1::Lgtin;

use super::select::product_unknown;
use crate::breach::{Actor, Breach, BreachCode, WaitsFor};
use crate::operation::{LotStatus, Operation};
use crate::world::{Role, World};

/// Changes the status of the lots; the labeler and regulators may.
pub(super) fn lot_status(
    lots: &[Lgtin],
    status: LotStatus,
    world: &mut World,
) -> Result<Vec<Operation>, Breach> {
    for lot in lots {
        may_change(lot, world)?;
    }
    for lot in lots {
        if let Some(record) = world.lots.get_mut(lot) {
            record.status = status;
            world.changed_lots.insert(lot.clone());
        }
    }
    Ok(lots.iter().map(|lot| Operation::LotStatus { lot: lot.clone(), status }).collect())
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
        return Err(Breach::new(
            BreachCode::ItemUnknown,
            format!("expected a lot on record, found lot {} of {}", lot.lot, lot.gtin),
            "check the lot number; commission its packs first",
        )
        .until(WaitsFor::Product(lot.gtin)));
    }
    Ok(())
}
