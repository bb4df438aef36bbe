//! Shipping, and taking a shipment back.

use jiff::civil::Date;
use theriac_epcis::{Disposition, Event};
use theriac_gs1::{Gln, Identifier, Lgtin};

use super::consignment::{Consignment, consignment, source_owner};
use super::select::{empty, select, select_held, select_stock};
use crate::authority::may_trade;
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
    // What is not to be sold is often set apart, and goes back from there.
    let (selection, apart) = match is_withdrawal(event) {
        true => select_held(world, epcs, "sent back")?,
        false => (select_stock(world, epcs, "shipped")?, Vec::new()),
    };
    let Consignment { consignee, .. } = consignment(event, world)?;
    if consignee == world.me {
        // Between two sites of one member nothing changes hands.
        return Ok(vec![Operation::Anchor]);
    }
    authorised(consignee, world)?;
    in_the_owners_name(event, &selection.items, consignee, world)?;
    if !is_withdrawal(event) {
        fit_for_sale(&selection.items, world, today)?;
    }
    selection.detach(world);
    world.set_status(&selection.items, ItemStatus::InTransit);
    let release = (!apart.is_empty()).then_some(Operation::Release { units: apart });
    let ship = Operation::Ship { units: selection.units, consignee };
    Ok(release.into_iter().chain([ship]).collect())
}

/// Goods go from a member that may trade to another one.
fn authorised(consignee: Gln, world: &World) -> Result<(), Breach> {
    let told = "expected a member that may trade";
    // What a node does not know of itself yet, the ledger judges.
    if world.members.contains_key(&world.me)
        && let Err(found) = may_trade(world.me, &world.members)
    {
        return Err(Breach::new(
            BreachCode::SenderNotAuthorised,
            format!("{told} as sender, found {found}"),
            "ask the governors: the goods stay here until this member may trade again",
        )
        .by(Actor::Governor)
        .until(WaitsFor::Member(world.me)));
    }
    may_trade(consignee, &world.members).map_err(|found| {
        Breach::new(
            BreachCode::ConsigneeNotAuthorised,
            format!("{told} as consignee, found {found}"),
            "do not send the goods: ask the consignee, who must be authorised first",
        )
        .by(Actor::Governor)
        .until(WaitsFor::Member(consignee))
    })
}

/// Who holds goods for another member ships them in that one's name, or back to it.
fn in_the_owners_name(
    event: &Event,
    items: &[Identifier],
    consignee: Gln,
    world: &World,
) -> Result<(), Breach> {
    let named = source_owner(event);
    for id in items {
        let owner = world.items.get(id).and_then(|item| item.owner);
        let Some(owner) = owner.filter(|owner| Some(*owner) != named && *owner != consignee) else {
            continue;
        };
        return Err(Breach::new(
            BreachCode::NotOwner,
            format!(
                "expected {owner}, the owner of {id}, as owning_party in sourceList, found {}",
                named.map_or_else(|| "none".to_owned(), |gln| gln.to_string())
            ),
            "these goods are held for their owner: ship them in its name, by its order",
        )
        .on([id]));
    }
    Ok(())
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
