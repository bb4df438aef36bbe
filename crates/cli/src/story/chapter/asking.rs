//! Questions about packs: between companies, by an authority, by anybody.

use anyhow::{Context, ensure};
use serde_json::{Value, json};
use theriac_sim::trade::LabelledPack;

use super::Scene;
use crate::story::world::{LOGISTICS, MAKER_A, PHARMACY, REGULATOR, WHOLESALER, eventually};

/// A wholesaler without more than the standard asks the manufacturer's node by GS1 Lightweight
/// Messaging.
pub async fn lightweight(scene: &mut Scene<'_>) -> anyhow::Result<()> {
    let pack = scene.goods.lot_a(0)?.cases[0].packs[1].clone();
    let right = ask(scene, &pack, pack.lot.as_str()).await?;
    ensure!(right["data"]["verified"] == true, "expected a verified pack, found {right}");
    let wrong = ask(scene, &pack, "A1SCANX").await?;
    let reason = &wrong["data"]["verificationFailureReason"];
    ensure!(wrong["data"]["verified"] == false, "expected another lot to fail, found {wrong}");
    scene.teller.tell(format!("the four data match: verified; with another lot: {reason}"));
    Ok(())
}

/// A request of GS1 Lightweight Messaging to the manufacturer's node.
async fn ask(scene: &Scene<'_>, pack: &LabelledPack, lot: &str) -> anyhow::Result<Value> {
    let gln = scene.world.parties[WHOLESALER].desk.company().gln;
    let uuid = "0b8d4c4e-2d0c-4c5e-9d59-3d4d3b0b6f10";
    let date = theriac_gs1::date::to_yymmdd(pack.expiry);
    let path = format!(
        "/verify/gtin/{}/lot/{lot}/ser/{}?exp={date}&linkType=verificationService&context=dscsaSaleableReturn&reqGLN={gln}&corrUUID={uuid}",
        pack.id.gtin, pack.id.serial
    );
    let answer = scene.get(MAKER_A, &path).await?;
    ensure!(answer["corrUUID"] == uuid, "expected the answer to this question, found {answer}");
    Ok(answer)
}

/// The manufacturer's node is down: the answer says what is known and what to do.
pub async fn labeler_down(scene: &mut Scene<'_>) -> anyhow::Result<()> {
    let lot = scene.goods.lot_a(0)?.clone();
    let expiry = lot.cases[0].packs[0].expiry;
    let stranger = scene.world.parties[MAKER_A].desk.invent(lot.lot.gtin, &lot.lot.lot, expiry);
    scene.world.parties[MAKER_A].process.kill()?;
    let report: Value =
        scene.world.parties[PHARMACY].client.get("/verify", &[("code", &stranger.scan())]).await?;
    ensure!(report["verdict"] == "unknown", "expected an unknown pack, found {report}");
    let [reason, what] =
        ["reason", "what_to_do"].map(|field| report[field].as_str().unwrap_or("?"));
    scene.teller.tell(format!("{reason}; {what}"));
    scene.world.parties[MAKER_A].process.start().await?;
    scene.world.expect_verdict(PHARMACY, &stranger.scan(), "not_genuine").await?;
    scene.teller.tell("back again, it says that it never made the pack");
    Ok(())
}

/// The journey of a pack hop by hop, with a party that does not answer, and then does.
pub async fn journey(scene: &mut Scene<'_>) -> anyhow::Result<()> {
    let pack = scene.goods.lot_a(2)?.cases[0].packs[1].clone();
    scene.world.parties[LOGISTICS].process.kill()?;
    let traced = trace(scene, &pack).await?;
    let hops = traced["hops"].as_array().cloned().unwrap_or_default();
    ensure!(hops.len() >= 3, "expected three hops, found {traced}");
    let silent = hops.iter().any(|hop| hop["answer"]["state"] == "silent");
    ensure!(silent, "expected a party that has not answered, found {traced}");
    for hop in &hops {
        let name = hop["party"]["name"].as_str().unwrap_or("?");
        let [by, state] = [&hop["proven_by"], &hop["answer"]["state"]];
        scene.teller.tell(format!("{name}: proven by {by}, answer: {state}"));
    }
    scene.world.parties[LOGISTICS].process.start().await?;
    eventually("the party that was away tells its hop", async || {
        let traced = trace(scene, &pack).await?;
        let hops = traced["hops"].as_array().cloned().unwrap_or_default();
        Ok((!hops.iter().any(|hop| hop["answer"]["state"] == "silent")).then_some(()))
    })
    .await?;
    scene.teller.tell("back again, the logistics provider tells its part");
    Ok(())
}

async fn trace(scene: &Scene<'_>, pack: &LabelledPack) -> anyhow::Result<Value> {
    let client = &scene.world.parties[PHARMACY].client;
    Ok(client.get("/trace", &[("code", &pack.scan())]).await?)
}

/// The regulator asks all parties of a pack, and gets one journey.
pub async fn inquiry(scene: &mut Scene<'_>) -> anyhow::Result<()> {
    let pack = scene.goods.lot_a(2)?.cases[0].packs[1].scan();
    let order = json!({
        "items": [pack], "reason": "a report of a patient", "legal_basis": "DSCSA section 582",
    });
    let asked = scene.post(REGULATOR, "/inquiries", order).await?;
    let number = asked["inquiry"].as_i64().context("expected an inquiry with a number")?;
    for at in [MAKER_A, LOGISTICS, PHARMACY] {
        approve_what_waits(scene, at).await?;
    }
    let report = eventually("every party has answered the inquiry", async || {
        let report = scene.get(REGULATOR, &format!("/inquiries/{number}")).await?;
        let parties = report["parties"].as_array().cloned().unwrap_or_default();
        let all = parties.iter().all(|party| party["state"] == "answered");
        Ok((all && !parties.is_empty()).then_some(report))
    })
    .await?;
    let parties = report["parties"].as_array().map_or(0, Vec::len);
    let journeys = report["journeys"].as_array().map_or(0, Vec::len);
    ensure!(journeys == 1, "expected one journey, found {journeys}");
    scene.teller.tell(format!("{parties} parties answered, one journey"));
    Ok(())
}

/// Approves what waits for a person at a company's node.
async fn approve_what_waits(scene: &Scene<'_>, at: usize) -> anyhow::Result<()> {
    let inquiry = eventually("the inquiry has come", async || {
        let inquiries = scene.get(at, "/inquiries").await?;
        let theirs = |inquiry: &&Value| inquiry["ours"] == false && inquiry["kind"] == "authority";
        Ok(inquiries.as_array().into_iter().flatten().find(theirs).cloned())
    })
    .await?;
    if inquiry["state"] == "waiting" {
        let path = format!("/inquiries/{}/approve", inquiry["inquiry"]);
        scene.post(at, &path, json!({ "reason": "as the law asks" })).await?;
    }
    Ok(())
}
