//! Cases of 64 packs, each a holding of its own in the hands of one member.

use theriac_ledger::{Call, Signer};

use super::goods::Goods;
use super::handover::{EXPIRY, commission_call, packs_of};
use crate::benchmark::Failure;
use crate::world::World;

/// Height of the tree over a case.
pub(super) const CASE_HEIGHT: u8 = 6;
/// Shipments in one transaction.
const AT_ONCE: usize = 50;

/// Makes the lot `lot` with `count` cases and hands each over to `holder` in a shipment of its own.
pub(crate) async fn cases(
    world: &World,
    lot: u64,
    count: u64,
    holder: &Signer,
) -> Result<Vec<Goods>, Failure> {
    let (cause, maker) = (world.hash("commission", lot), world.maker.account());
    let made = Goods::new(maker, cause, packs_of(world, lot, count << CASE_HEIGHT))?;
    let call = commission_call(&made, world.hash("lot", lot), EXPIRY, cause);
    world.run(&world.maker, &[call]).await?;
    let mut goods = Vec::new();
    let mut ships = Vec::new();
    let mut receives = Vec::new();
    for case in 0..count {
        let cause = world.hash("case", lot << 32 | case);
        let part = made.part(CASE_HEIGHT, case);
        let arrives = Goods::gathered(maker, cause, &[part])?;
        ships.push(Call::Ship { nodes: vec![part.proof()?], to: holder.account(), cause });
        receives.push(Call::ReceiveShipment { id: arrives.id, cause });
        goods.push(arrives);
    }
    for ships in ships.chunks(AT_ONCE) {
        world.run(&world.maker, ships).await?;
    }
    for receives in receives.chunks(AT_ONCE) {
        world.run(holder, receives).await?;
    }
    Ok(goods)
}
