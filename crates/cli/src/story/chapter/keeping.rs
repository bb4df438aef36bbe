//! Who holds goods and who owns them: logistics providers, drop shipments, sites, authority.

use anyhow::ensure;
use jiff::Timestamp;
use serde_json::json;
use theriac_epcis::Disposition;
use theriac_gs1::Identifier;
use theriac_sim::trade::{Consignee, LotOrder};

use super::Scene;
use super::making::EXPIRY;
use crate::story::world::{LOGISTICS, MAKER_A, MAKER_B, PHARMACY, WHOLESALER};

/// A logistics provider stores a manufacturer's packs: it cannot sell them in its own right, and ships
/// them for their owner.
pub async fn stored_for_another(scene: &mut Scene<'_>) -> anyhow::Result<()> {
    let lot = scene.goods.lot_a(2)?.clone();
    let pallet = Identifier::from(lot.pallet);
    let [maker, provider, pharmacy] =
        [MAKER_A, LOGISTICS, PHARMACY].map(|at| scene.world.parties[at].desk.company().gln);
    let storing = Consignee {
        owner: maker,
        possessor: Some(provider),
        owned_by: Some(maker),
        disposition: Disposition::InTransit,
    };
    scene.ship(MAKER_A, &storing, std::slice::from_ref(&pallet)).await?;
    scene.until_units(LOGISTICS, "expected", 12).await?;
    scene.receive(LOGISTICS, &[pallet]).await?;
    scene.until_units(LOGISTICS, "in_stock", 12).await?;
    scene.teller.tell("the provider holds 12 packs that the manufacturer owns");
    let case = Identifier::from(lot.cases[0].id);
    let own = Consignee::sale(pharmacy);
    let now = Timestamp::now();
    let sale = scene.world.parties[LOGISTICS].desk.ship(&own, std::slice::from_ref(&case), now);
    let report = scene.world.offer(LOGISTICS, sale).await?;
    ensure!(report.held == 1, "expected a sale in its own right to be held, found it admitted");
    let reason = report.outcomes.first().and_then(|event| event.reason.clone());
    scene.teller.tell(format!("its sale in its own right is held: {}", reason.unwrap_or_default()));
    let for_owner = Consignee { owned_by: Some(maker), ..Consignee::sale(pharmacy) };
    scene.ship(LOGISTICS, &for_owner, std::slice::from_ref(&case)).await?;
    scene.until_units(PHARMACY, "expected", 6).await?;
    scene.receive(PHARMACY, &[case]).await?;
    let pack = lot.cases[0].packs[0].scan();
    scene.world.expect_verdict(PHARMACY, &pack, "genuine").await?;
    scene.teller.tell("shipped for its owner, a case arrives at the pharmacy and is genuine there");
    Ok(())
}

/// A manufacturer sends packs straight to the pharmacy that bought them from the wholesaler.
pub async fn drop_shipment(scene: &mut Scene<'_>) -> anyhow::Result<()> {
    let lot = scene.goods.lot_a(4)?.clone();
    let case = Identifier::from(lot.cases[0].id);
    let [wholesaler, pharmacy] =
        [WHOLESALER, PHARMACY].map(|at| scene.world.parties[at].desk.company().gln);
    let stock = scene.units(PHARMACY, "in_stock").await?;
    let to = Consignee { possessor: Some(pharmacy), ..Consignee::sale(wholesaler) };
    scene.ship(MAKER_A, &to, std::slice::from_ref(&case)).await?;
    scene.until_units(PHARMACY, "expected", 6).await?;
    scene.receive(PHARMACY, &[case]).await?;
    scene.until_units(PHARMACY, "in_stock", stock + 6).await?;
    scene.teller.tell("6 packs went to the pharmacy; the wholesaler never held them");
    Ok(())
}

/// Goods move between two sites of one company: nothing changes hands.
pub async fn between_sites(scene: &mut Scene<'_>) -> anyhow::Result<()> {
    let pack = scene.goods.lot_a(2)?.cases[0].packs[0].clone();
    let now = Timestamp::now();
    let goods = [pack.identifier()];
    let moved = scene.world.parties[PHARMACY].desk.transfer("BRANCH2", &goods, now);
    scene.world.capture(PHARMACY, moved).await?;
    scene.world.settle().await?;
    scene.world.expect_verdict(PHARMACY, &pack.scan(), "genuine").await?;
    scene.teller.tell("a pack went to the pharmacy's other site, and is still its own");
    Ok(())
}

/// A manufacturer puts packs into new boxes: the old ones end, the new ones begin.
pub async fn repackaged(scene: &mut Scene<'_>) -> anyhow::Result<()> {
    let lot = scene.goods.lot_b(1)?.clone();
    let old = lot.cases[1].packs.clone();
    let order = LotOrder {
        gtin: lot.lot.gtin,
        lot: "B3AGAIN",
        expiry: EXPIRY,
        cases: 1,
        packs_each: old.len(),
    };
    let (packs, document) =
        scene.world.parties[MAKER_B].desk.repackage(&old, &order, Timestamp::now());
    scene.world.capture(MAKER_B, document).await?;
    scene.world.settle().await?;
    scene.world.expect_verdict(MAKER_B, &old[0].scan(), "already_retired").await?;
    scene.world.expect_verdict(MAKER_B, &packs[0].scan(), "genuine").await?;
    scene.teller.tell("6 packs were used up for 6 packs of lot B3AGAIN");
    Ok(())
}

/// A member is suspended while its shipment is under way: the consignee does not take its word until it
/// is active again.
pub async fn suspended(scene: &mut Scene<'_>) -> anyhow::Result<()> {
    scene.world.settle().await?;
    let case = Identifier::from(scene.goods.lot_b(0)?.cases[1].id);
    let maker = scene.world.parties[MAKER_B].desk.company().gln;
    let link = scene.world.parties[WHOLESALER].link.clone();
    let expected = scene.units(WHOLESALER, "expected").await?;
    let moving = scene.units(MAKER_B, "in_transit").await?;
    link.cut(true);
    scene.sell(MAKER_B, WHOLESALER, &[case]).await?;
    scene.until_units(MAKER_B, "in_transit", moving + 6).await?;
    scene.until_recorded(MAKER_B).await?;
    let status = |status| json!({ "action": "set_status", "gln": maker, "status": status });
    scene.world.act(status("suspended")).await?;
    link.cut(false);
    let told = |case: &serde_json::Value| case.to_string().contains("suspended");
    let case = scene.until_case(WHOLESALER, "a suspended sender", told).await?;
    let reason = case["reason"].as_str().unwrap_or("?");
    scene.teller.tell(format!("the wholesaler's node does not take it: {reason}"));
    ensure!(
        scene.units(WHOLESALER, "expected").await? == expected,
        "expected nothing of a suspended member, found its packs announced"
    );
    scene.world.act(status("active")).await?;
    scene.until_units(WHOLESALER, "expected", expected + 6).await?;
    scene.teller.tell("active again, its shipment is announced by itself");
    Ok(())
}
