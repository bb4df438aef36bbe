//! Packs are sold on, dispensed, scanned again, and come back.

use anyhow::ensure;
use jiff::Timestamp;
use serde_json::json;
use theriac_epcis::{BizStep, Disposition};
use theriac_gs1::Identifier;
use theriac_sim::trade::Consignee;

use super::Scene;
use crate::story::world::{PHARMACY, WHOLESALER};

/// The pharmacy buys a case and dispenses a pack; a retry there is no second one, the same code elsewhere is refused.
pub async fn dispensed_once(scene: &mut Scene<'_>) -> anyhow::Result<()> {
    let case = scene.goods.lot_a(0)?.cases[0].clone();
    let id = Identifier::from(case.id);
    scene.sell(WHOLESALER, PHARMACY, std::slice::from_ref(&id)).await?;
    scene.world.settle().await?;
    scene.receive(PHARMACY, &[id]).await?;
    scene.world.settle().await?;
    let pack = &case.packs[0];
    let goods = [pack.identifier()];
    scene.observe(PHARMACY, BizStep::Dispensing, Disposition::Dispensed, &goods).await?;
    scene.world.settle().await?;
    scene.world.expect_verdict(PHARMACY, &pack.scan(), "already_retired").await?;
    // The same again at the same counter is a retry; at another company it is a copy.
    let (step, disposition) = (BizStep::Dispensing, Disposition::Dispensed);
    let desk = &scene.world.parties[PHARMACY].desk;
    let again = desk.observe(step.clone(), disposition.clone(), &goods, Timestamp::now());
    let retried = scene.world.offer(PHARMACY, again).await?;
    ensure!(retried.admitted == 1, "expected a retry to change nothing, found {retried:?}");
    let desk = &scene.world.parties[WHOLESALER].desk;
    let copied = desk.observe(step, disposition, &goods, Timestamp::now());
    let report = scene.world.offer(WHOLESALER, copied).await?;
    ensure!(report.held == 1, "expected a copy to be held, found {report:?}");
    scene
        .teller
        .tell("the pack was dispensed once; a retry changes nothing, a copy elsewhere is held");
    Ok(())
}

/// The pharmacy sends packs back; the wholesaler verifies each before it is stock again.
pub async fn saleable(scene: &mut Scene<'_>) -> anyhow::Result<()> {
    let packs = scene.goods.lot_a(0)?.cases[0].packs[1..3].to_vec();
    let goods: Vec<Identifier> = packs.iter().map(|pack| pack.identifier()).collect();
    let wholesaler = scene.world.parties[WHOLESALER].desk.company().gln;
    let pharmacy = scene.world.parties[PHARMACY].desk.company().gln;
    scene.ship(PHARMACY, &Consignee::goods_back(wholesaler), &goods).await?;
    scene.world.settle().await?;
    let request = json!({ "kind": "return", "sender": pharmacy });
    let arrival = scene.post(WHOLESALER, "/arrivals", request).await?;
    let codes: Vec<String> = packs.iter().map(|pack| pack.scan()).collect();
    let scans = format!("/arrivals/{}/scans", arrival["arrival"]);
    scene.post(WHOLESALER, &scans, json!({ "codes": codes })).await?;
    let close = format!("/arrivals/{}/close", arrival["arrival"]);
    let closed = scene.post(WHOLESALER, &close, json!({})).await?;
    ensure!(closed["outcome"]["received"] == 2, "expected 2 packs back, found {closed}");
    scene.world.settle().await?;
    for pack in &packs {
        scene.world.expect_verdict(WHOLESALER, &pack.scan(), "genuine").await?;
    }
    scene.teller.tell("2 packs came back, were verified one by one, and may be sold again");
    Ok(())
}
