//! A lot of a million packs, and cases of it from hand to hand.

use theriac_custody::{Hash, Reason};
use theriac_ledger::Call;

use super::goods::{Goods, Pack};
use super::{gas, gas_each};
use crate::benchmark::Failure;
use crate::metric::Metric;
use crate::world::{TODAY, World};

/// Height of the tree over the lot.
const LOT_HEIGHT: u8 = 20;
/// Height of the tree over a case.
const CASE_HEIGHT: u8 = 6;
/// Shipments that one transaction receives.
const RECEIVED_AT_ONCE: u64 = 20;
/// Last day on which the packs may be used.
pub(super) const EXPIRY: u32 = TODAY + 730;

pub(super) async fn run(seed: u64) -> Result<Vec<Metric>, Failure> {
    let world = World::new(seed).await?;
    let (lot, mut metrics) = commission(&world).await?;
    metrics.extend(cases(&world, &lot).await?);
    metrics.extend(refused(&world, &lot).await?);
    metrics.extend(rest(&world, &lot).await?);
    Ok(metrics)
}

/// A lot of `packs` packs from its first position on.
pub(super) fn packs_of(world: &World, lot: u64, packs: u64) -> Vec<Option<Pack>> {
    let tag = world.hash("lot", lot);
    (0..packs).map(|n| Some((tag, world.hash("pack", lot << 32 | n)))).collect()
}

/// The call that opens the holding of new goods.
pub(super) fn commission_call(goods: &Goods, lot_tag: Hash, expiry: u32, cause: Hash) -> Call {
    let (root, height) = (goods.tree.root(), goods.tree.height());
    Call::Commission { lot_tag, expiry, root, height, cause }
}

async fn commission(world: &World) -> Result<(Goods, Vec<Metric>), Failure> {
    let cause = world.hash("commission", 0);
    let goods = Goods::new(world.maker.account(), cause, packs_of(world, 0, 1 << LOT_HEIGHT))?;
    let call = commission_call(&goods, world.hash("lot", 0), EXPIRY, cause);
    let receipt = world.run(&world.maker, &[call]).await?;
    Ok((goods, vec![gas("commission_2^20", &receipt).budget(120_000.0)]))
}

/// The call that ships a case, and the goods that arrive.
fn ship_case(world: &World, lot: &Goods, case: u64) -> Result<(Call, Goods), Failure> {
    let cause = world.hash("ship", case);
    let part = lot.part(CASE_HEIGHT, case);
    let goods = Goods::gathered(world.maker.account(), cause, &[part])?;
    let (nodes, to) = (vec![part.proof()?], world.wholesaler.account());
    Ok((Call::Ship { nodes, to, cause }, goods))
}

async fn cases(world: &World, lot: &Goods) -> Result<Vec<Metric>, Failure> {
    let (call, first) = ship_case(world, lot, 0)?;
    let shipped = world.run(&world.maker, &[call]).await?;
    let receive =
        |goods: &Goods, n| Call::ReceiveShipment { id: goods.id, cause: world.hash("receive", n) };
    let received = world.run(&world.wholesaler, &[receive(&first, 0)]).await?;
    let mut ships = Vec::new();
    let mut receives = Vec::new();
    for case in 1..=RECEIVED_AT_ONCE {
        let (call, goods) = ship_case(world, lot, case * 4)?;
        ships.push(call);
        receives.push(receive(&goods, case));
    }
    world.run(&world.maker, &ships).await?;
    let several = world.run(&world.wholesaler, &receives).await?;
    Ok(vec![
        gas("ship_case_of_64", &shipped).budget(115_000.0),
        gas("receive", &received).budget(30_000.0),
        gas_each("receive_each_of_20_at_once", &several, receives.len(), "gas").budget(30_000.0),
    ])
}

async fn refused(world: &World, lot: &Goods) -> Result<Vec<Metric>, Failure> {
    let (call, goods) = ship_case(world, lot, 400)?;
    world.run(&world.maker, &[call]).await?;
    let refused = vec![goods.part(0, 5).proof()?];
    let call = Call::ReceiveInPart { id: goods.id, refused, cause: world.hash("receive", 400) };
    let receipt = world.run(&world.wholesaler, &[call]).await?;
    Ok(vec![gas("receive_all_but_one_unit", &receipt)])
}

/// What has no budget.
async fn rest(world: &World, lot: &Goods) -> Result<Vec<Metric>, Failure> {
    let pallet = lot.part(12, 200);
    let (nodes, to) = (vec![pallet.proof()?], world.wholesaler.account());
    let call = Call::Ship { nodes, to, cause: world.hash("ship", 1_000) };
    let shipped = world.run(&world.maker, &[call]).await?;
    let places = vec![(lot.id, 11, 500)];
    let call = Call::WriteOff { places, reason: Reason::Destroyed, cause: world.hash("fire", 0) };
    let burnt = world.run(&world.maker, &[call]).await?;
    let call = Call::Anchor { root: world.hash("root", 0), count: 1_000 };
    let anchored = world.run(&world.maker, &[call]).await?;
    let (lot_tag, cause) = (world.hash("lot", 0), world.hash("recall", 0));
    let call = Call::Recall { lot_tag, class: 1, cause };
    let recalled = world.run(&world.regulator, &[call]).await?;
    Ok(vec![
        gas("ship_pallet_of_4096", &shipped),
        gas("write_off_2048_units", &burnt),
        gas("anchor_1000_events", &anchored),
        gas("recall_lot", &recalled),
    ])
}
