//! Shipping, and taking a shipment back.

use jiff::civil::Date;
use theriac_epcis::{Disposition, Event, PartyType};
use theriac_gs1::{Gln, Identifier, Lgtin};

use super::select::{empty, select, select_stock};
use crate::breach::{Actor, Breach, BreachCode, WaitsFor};
use crate::item::{ItemStatus, is_unit};
use crate::operation::{LotStatus, Operation};
use crate::world::World;

/// Sends stock to the member that the event's destination names.
pub(super) fn ship(
    event: &Event,
    epcs: &[Identifier],
    world: &mut World,
    today: Date,
) -> Result<Vec<Operation>, Breach> {
    let selection = select_stock(world, epcs, "shipped")?;
    let consignee = consignee(event, world)?;
    if consignee == world.me {
        // Between two sites of one member nothing changes hands.
        return Ok(vec![Operation::Anchor]);
    }
    if !is_withdrawal(event) {
        fit_for_sale(&selection.items, world, today)?;
    }
    selection.detach(world);
    world.set_status(&selection.items, ItemStatus::InTransit);
    Ok(vec![Operation::Ship { units: selection.units, consignee }])
}

/// The member that the goods go to: of the event's destinations the owning party, else the
/// possessing party, else the location, the first that the registry knows.
fn consignee(event: &Event, world: &World) -> Result<Gln, Breach> {
    let mut named: Vec<(usize, Gln)> = event
        .common()
        .destinations
        .iter()
        .filter_map(|destination| Some((rank(&destination.kind), gln(&destination.id.id)?)))
        .collect();
    named.sort_unstable();
    let first = named.first().ok_or_else(|| {
        Breach::new(
            BreachCode::ConsigneeMissing,
            "expected a destination with a GLN in destinationList, found none".to_owned(),
            "send the event again with the owning_party (PGLN) or location (SGLN) it went to",
        )
    })?;
    let known = named.iter().map(|(_, gln)| *gln).find(|gln| {
        *gln == world.me || world.members.get(gln).is_some_and(|m| !m.roles.is_empty())
    });
    known.ok_or_else(|| {
        Breach::new(
            BreachCode::ConsigneeUnknown,
            format!("expected the GLN of an active member as destination, found {}", first.1),
            format!("register it: theriac member add --gln {} …", first.1),
        )
        .by(Actor::Governor)
        .until(WaitsFor::Member(first.1))
    })
}

fn rank(kind: &PartyType) -> usize {
    match kind {
        PartyType::OwningParty => 0,
        PartyType::PossessingParty => 1,
        _ => 2,
    }
}

fn gln(id: &Identifier) -> Option<Gln> {
    match id {
        Identifier::Pgln(gln) => Some(*gln),
        Identifier::Sgln(sgln) => Some(sgln.gln),
        _ => None,
    }
}

/// Whether goods are sent back or out of the market, for which they need not be fit for sale.
fn is_withdrawal(event: &Event) -> bool {
    matches!(
        event.disposition(),
        Some(
            Disposition::Returned
                | Disposition::Recalled
                | Disposition::Expired
                | Disposition::Damaged
                | Disposition::Disposed
                | Disposition::NonSellableOther
        )
    )
}

/// Recalled, blocked and expired units are not sold on.
pub(super) fn fit_for_sale(items: &[Identifier], world: &World, today: Date) -> Result<(), Breach> {
    for id in items.iter().filter(|id| is_unit(id)) {
        let (Identifier::Sgtin(sgtin), Some(item)) = (id, world.items.get(id)) else { continue };
        let Some(lot) = &item.lot else { continue };
        let lgtin = Lgtin { gtin: sgtin.gtin, lot: lot.clone() };
        let Some(record) = world.lots.get(&lgtin) else { continue };
        if record.status != LotStatus::Normal {
            let status = match record.status.recall_class() {
                Some(class) => format!("recalled, class {class}"),
                None => "blocked".to_owned(),
            };
            return Err(Breach::new(
                BreachCode::LotNotNormal,
                format!("expected a pack of a lot fit for sale, found {id} of lot {lot}: {status}"),
                "set it apart and follow the labeler's instructions",
            )
            .on([id]));
        }
        if record.expiry < today {
            return Err(Breach::new(
                BreachCode::Expired,
                format!(
                    "expected a pack that is not expired, found {id}, expired on {}",
                    record.expiry
                ),
                "take it out of stock: destroy it or send it back",
            )
            .on([id]));
        }
    }
    Ok(())
}

/// Takes back goods of a shipment that nobody has received.
pub(super) fn cancel(epcs: &[Identifier], world: &mut World) -> Result<Vec<Operation>, Breach> {
    let selection = select(world, epcs)?;
    if selection.units.is_empty() {
        return Err(empty(epcs, "taken back"));
    }
    for id in selection.items.iter().filter(|id| is_unit(id)) {
        let status = world.items.get(id).map(|item| item.status);
        if status != Some(ItemStatus::InTransit) {
            return Err(not_on_the_way(id, status));
        }
    }
    selection.detach(world);
    world.set_status(&selection.items, ItemStatus::InStock);
    Ok(vec![Operation::Cancel { units: selection.units }])
}

fn not_on_the_way(id: &Identifier, status: Option<ItemStatus>) -> Breach {
    let status = status.map_or("unknown", ItemStatus::word);
    Breach::new(
        BreachCode::NotHeld,
        format!("expected goods of this member on their way, found {id} {status}"),
        "check which shipment was meant; what was received can only be sent back",
    )
    .on([id])
}
