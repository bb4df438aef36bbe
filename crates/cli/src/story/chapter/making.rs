//! Packs begin their life.

use anyhow::ensure;
use jiff::Timestamp;
use jiff::civil::{Date, date};
use theriac_sim::trade::LotOrder;

use super::Scene;
use crate::story::world::{MAKER_A, MAKER_B};

/// Last day of every lot of the story.
pub const EXPIRY: Date = date(2031, 12, 31);

/// The lots of the first manufacturer: each has its adventure.
const LOTS_A: [&str; 6] = ["A1SCAN", "A2CLAIM", "A3CARRIED", "A4RECALL", "A5DROP", "A6FILE"];

/// Both manufacturers register a product each and make their lots.
pub async fn make(scene: &mut Scene<'_>) -> anyhow::Result<()> {
    let gtins = [MAKER_A, MAKER_B].map(|maker| scene.world.parties[maker].desk.company().gtin(1));
    scene.world.register_product(MAKER_A, gtins[0]).await?;
    scene.world.register_product(MAKER_B, gtins[1]).await?;
    for lot in LOTS_A {
        let made = make_lot(scene, MAKER_A, gtins[0], lot).await?;
        scene.goods.lots_a.push(made);
    }
    for lot in ["B1LATE", "B2SPARE"] {
        let made = make_lot(scene, MAKER_B, gtins[1], lot).await?;
        scene.goods.lots_b.push(made);
    }
    scene.world.settle().await?;
    let pack = scene.goods.lots_a[0].packs().next().map(|pack| pack.scan()).unwrap_or_default();
    let verdict = scene.world.verdict(MAKER_A, &pack).await?;
    ensure!(verdict == "genuine", "expected a genuine pack at its maker, found {verdict}");
    scene.teller.tell(format!("a pack of {} is genuine at its maker's node", LOTS_A[0]));
    Ok(())
}

async fn make_lot(
    scene: &mut Scene<'_>,
    maker: usize,
    gtin: theriac_gs1::Gtin,
    lot: &str,
) -> anyhow::Result<theriac_sim::trade::PackedLot> {
    let order = LotOrder { gtin, lot, expiry: EXPIRY, cases: 2, packs_each: 6 };
    let (made, document) = scene.world.parties[maker].desk.make(&order, Timestamp::now());
    scene.world.capture(maker, document).await?;
    let name = &scene.world.parties[maker].desk.company().name;
    let told =
        format!("{name} makes lot {lot}: {} packs in 2 cases on a pallet", made.packs().count());
    scene.teller.tell(told);
    Ok(made)
}
