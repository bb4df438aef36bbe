//! A lot is recalled while a part of it is on its way and a holder is away.

use anyhow::{Context, ensure};
use serde_json::json;
use theriac_gs1::Identifier;

use super::Scene;
use crate::story::world::{MAKER_A, PHARMACY, WHOLESALER, eventually};

/// The manufacturer recalls a lot: the wholesaler has a case, another is on its way to the pharmacy,
/// whose node is down.
pub async fn a_lot(scene: &mut Scene<'_>) -> anyhow::Result<()> {
    let lot = scene.goods.lot_a(3)?.clone();
    let [here, moving] = [0, 1].map(|index| Identifier::from(lot.cases[index].id));
    scene.sell(MAKER_A, WHOLESALER, std::slice::from_ref(&here)).await?;
    scene.world.settle().await?;
    scene.receive(WHOLESALER, &[here]).await?;
    scene.world.expect_verdict(WHOLESALER, &lot.cases[0].packs[0].scan(), "genuine").await?;
    let announced = scene.units(PHARMACY, "expected").await?;
    scene.sell(MAKER_A, PHARMACY, std::slice::from_ref(&moving)).await?;
    scene.until_units(PHARMACY, "expected", announced + 6).await?;
    scene.world.settle().await?;
    scene.world.parties[PHARMACY].process.kill()?;
    scene
        .teller
        .tell("6 packs are at the wholesaler, 6 on their way to the pharmacy, whose node is down");
    let order = json!({
        "scope": { "lots": { "gtin": lot.lot.gtin, "lots": [lot.lot.lot] } },
        "class": 1, "reason": "particles in vials", "notice": "set apart and wait for the courier",
    });
    let recall = scene.post(MAKER_A, "/recalls", order).await?;
    let number = recall["number"].as_i64().context("expected a recall with a number")?;
    scene.world.expect_verdict(WHOLESALER, &lot.cases[0].packs[0].scan(), "recalled").await?;
    until_answered(scene, number, WHOLESALER).await?;
    scene.teller.tell("the wholesaler's node set its 6 packs apart and acknowledged by itself");
    scene.world.parties[PHARMACY].process.start().await?;
    scene.receive(PHARMACY, &[moving]).await?;
    scene.world.expect_verdict(PHARMACY, &lot.cases[1].packs[0].scan(), "recalled").await?;
    until_answered(scene, number, PHARMACY).await?;
    scene.teller.tell("back again, the pharmacy's node set apart what arrived, and acknowledged");
    let view = scene.get(MAKER_A, &format!("/recalls/{number}")).await?;
    scene
        .teller
        .tell(format!("packs by state: {}; outstanding: {}", view["packs"], view["outstanding"]));
    let accept = json!({ "accept": "the rest is in quarantine at its holders" });
    let closed = scene.post(MAKER_A, &format!("/recalls/{number}/close"), accept).await?;
    ensure!(closed.is_object(), "expected the report of a closed recall, found {closed}");
    scene.teller.tell("the recall is closed, with its report");
    Ok(())
}

/// Waits until a holder has acknowledged.
async fn until_answered(scene: &Scene<'_>, number: i64, holder: usize) -> anyhow::Result<()> {
    let gln = json!(scene.world.parties[holder].desk.company().gln);
    eventually("the holder acknowledges the recall", async || {
        let view = scene.get(MAKER_A, &format!("/recalls/{number}")).await?;
        let holders = view["holders"].as_array().cloned().unwrap_or_default();
        let found = holders.iter().find(|holder| holder["company"]["gln"] == gln);
        Ok(found.filter(|holder| !holder["answered_at"].is_null()).map(|_| ()))
    })
    .await
}
