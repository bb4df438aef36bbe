//! What is told about goods reaches their consignee, whatever happens to nodes and links.

use anyhow::ensure;
use theriac_gs1::Identifier;

use super::Scene;
use crate::story::world::{MAKER_A, MAKER_B, WHOLESALER};

/// A pallet is announced while the consignee cannot be reached; then both nodes are killed; then every
/// message comes twice.
pub async fn through_faults(scene: &mut Scene<'_>) -> anyhow::Result<()> {
    let pallet = Identifier::from(scene.goods.lot_a(0)?.pallet);
    let link = scene.world.parties[WHOLESALER].link.clone();
    link.cut(true);
    let expected = scene.units(WHOLESALER, "expected").await?;
    scene.sell(MAKER_A, WHOLESALER, &[pallet]).await?;
    scene.until_units(MAKER_A, "in_transit", 12).await?;
    scene.teller.tell("the pallet is on the ledger; the wholesaler cannot be reached");
    for at in [MAKER_A, WHOLESALER] {
        scene.world.parties[at].process.kill()?;
        scene.world.parties[at].process.start().await?;
    }
    scene.teller.tell("both nodes were killed and started again");
    link.deliver_twice(true);
    link.cut(false);
    let posted = link.posted();
    scene.until_units(WHOLESALER, "expected", expected + 12).await?;
    ensure!(link.posted() >= posted + 2, "expected the message twice, found it once");
    link.deliver_twice(false);
    scene.teller.tell("the message came twice, and 12 packs are expected once");
    Ok(())
}

/// The first of two shipments is turned back, the second overtakes it, and the answer to one is lost.
pub async fn out_of_order(scene: &mut Scene<'_>) -> anyhow::Result<()> {
    let cases: Vec<Identifier> =
        scene.goods.lot_a(1)?.cases.iter().map(|case| Identifier::from(case.id)).collect();
    let link = scene.world.parties[WHOLESALER].link.clone();
    let expected = scene.units(WHOLESALER, "expected").await?;
    link.turn_back(2);
    for case in &cases {
        scene.sell(MAKER_A, WHOLESALER, std::slice::from_ref(case)).await?;
    }
    let other = Identifier::from(scene.goods.lot_b(1)?.cases[0].id);
    link.lose_answers(1);
    scene.sell(MAKER_B, WHOLESALER, &[other]).await?;
    scene.until_units(WHOLESALER, "expected", expected + 18).await?;
    scene.world.settle().await?;
    scene.teller.tell(
        "two messages were turned back, one answer was lost: all three shipments are there once",
    );
    Ok(())
}
