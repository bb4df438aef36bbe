//! Goods arrive, and are not what the data says.

use anyhow::{Context, ensure};
use jiff::Timestamp;
use jiff::civil::date;
use serde_json::json;
use theriac_epcis::{BizStep, Disposition};
use theriac_gs1::Identifier;
use theriac_sim::trade::LabelledPack;

use super::Scene;
use crate::story::world::{MAKER_A, MAKER_B, WHOLESALER};

/// A pallet is received by scanning: a whole case, then single packs, of which one is damaged, one has
/// another date on its label, one did not come, and one was never announced.
pub async fn by_scan(scene: &mut Scene<'_>) -> anyhow::Result<()> {
    let lot = scene.goods.lot_a(0)?.clone();
    let [first, second] = [&lot.cases[0], &lot.cases[1]];
    let request = json!({ "container": Identifier::from(lot.pallet).digital_link() });
    let arrival = scene.post(WHOLESALER, "/arrivals", request).await?;
    ensure!(
        arrival["expected"] == 12,
        "expected 12 packs announced, found {}",
        arrival["expected"]
    );
    let scans = format!("/arrivals/{}/scans", arrival["arrival"]);
    let other = LabelledPack { expiry: date(2030, 1, 31), ..second.packs[2].clone() };
    let desk = &mut scene.world.parties[MAKER_A].desk;
    let invented = desk.invent(lot.lot.gtin, &lot.lot.lot, second.packs[0].expiry);
    let codes = [
        Identifier::from(first.id).digital_link(),
        second.packs[0].scan(),
        second.packs[1].scan(),
        second.packs[4].scan(),
        second.packs[4].scan(),
        other.scan(),
        invented.scan(),
    ];
    let request = json!({ "codes": codes, "request_key": "one" });
    let answers = scene.post(WHOLESALER, &scans, request.clone()).await?;
    let again = scene.post(WHOLESALER, &scans, request).await?;
    ensure!(answers["here"] == again["here"], "expected the same request to count once");
    let damaged = json!({ "codes": [second.packs[3].scan()], "damaged": true });
    scene.post(WHOLESALER, &scans, damaged).await?;
    for answer in answers["answers"].as_array().into_iter().flatten().skip(3) {
        let [word, reason] =
            ["answer", "reason"].map(|field| answer[field].as_str().unwrap_or("?"));
        scene.teller.tell(format!("{word}: {reason}"));
    }
    let close = format!("/arrivals/{}/close", arrival["arrival"]);
    let closed = scene.post(WHOLESALER, &close, json!({})).await?;
    let outcome = &closed["outcome"];
    ensure!(outcome["missing"] == 1, "expected 1 pack missing, found {outcome}");
    ensure!(outcome["without_data"] == 1, "expected 1 pack without data, found {outcome}");
    let cases = outcome["cases"].as_array().map_or(0, Vec::len);
    ensure!(cases >= 4, "expected a case each for what is wrong, found {outcome}");
    scene.world.settle().await?;
    for pack in [&first.packs[0], &second.packs[0], &second.packs[4]] {
        scene.world.expect_verdict(WHOLESALER, &pack.scan(), "genuine").await?;
    }
    scene.world.expect_verdict(WHOLESALER, &second.packs[2].scan(), "not_here").await?;
    scene.world.expect_verdict(WHOLESALER, &second.packs[5].scan(), "not_here").await?;
    scene
        .teller
        .tell(format!("{cases} cases on exactly the packs that are wrong; the rest is in stock"));
    Ok(())
}

/// The manufacturer sees the case of the missing pack, proposes to credit it, and the wholesaler
/// accepts.
pub async fn settled(scene: &mut Scene<'_>) -> anyhow::Result<()> {
    let missing = |case: &serde_json::Value| case["code"] == "missing" || case["kind"] == "missing";
    let case = scene.until_case(MAKER_A, "a missing pack", missing).await?;
    let uuid = case["uuid"].as_str().context("expected a case with a name")?.to_owned();
    let path = |act: &str| format!("/cases/{uuid}/{act}");
    let words = json!({ "text": "the carton was short; it never left our dock" });
    scene.post(MAKER_A, &path("messages"), words).await?;
    scene.post(MAKER_A, &path("proposals"), json!({ "resolution": "Credit account" })).await?;
    let proposed = async || {
        let case = scene.get(WHOLESALER, &format!("/cases/{uuid}")).await?;
        let proposals = case["proposals"].as_array().map_or(0, Vec::len);
        Ok((proposals > 0).then_some(()))
    };
    super::eventually("the wholesaler has the proposal", proposed).await?;
    scene.post(WHOLESALER, &path("answers"), json!({ "accept": true })).await?;
    let end = json!({ "outcome": "credited", "resolution": "Credit account" });
    scene.post(WHOLESALER, &path("resolve"), end).await?;
    for at in [MAKER_A, WHOLESALER] {
        super::eventually("the case is resolved on both sides", async || {
            let case = scene.get(at, &format!("/cases/{uuid}")).await?;
            Ok((case["state"] == "resolved").then_some(()))
        })
        .await?;
    }
    scene.teller.tell(format!("case {uuid} is resolved on both sides: credit account"));
    Ok(())
}

/// Goods are received while the link that brings their data is cut; they match up by themselves.
pub async fn goods_before_data(scene: &mut Scene<'_>) -> anyhow::Result<()> {
    let case = scene.goods.lot_b(0)?.cases[0].clone();
    let id = Identifier::from(case.id);
    let link = scene.world.parties[WHOLESALER].link.clone();
    link.cut(true);
    scene.sell(MAKER_B, WHOLESALER, std::slice::from_ref(&id)).await?;
    let (step, disposition) = (BizStep::Receiving, Disposition::InProgress);
    let desk = &scene.world.parties[WHOLESALER].desk;
    let received = desk.observe(step, disposition, &[id], Timestamp::now());
    let report = scene.world.offer(WHOLESALER, received).await?;
    ensure!(report.held == 1, "expected goods without data to wait, found {report:?}");
    scene.teller.tell("the case is at the dock, its data is not: the receipt waits");
    link.cut(false);
    scene.world.expect_verdict(WHOLESALER, &case.packs[0].scan(), "genuine").await?;
    scene.teller.tell("the data came, and 6 packs went into stock by themselves");
    Ok(())
}
