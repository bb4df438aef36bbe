//! Suspect packs: set apart, looked at, cleared or confirmed.

use anyhow::{Context, ensure};
use serde_json::{Value, json};

use super::Scene;
use crate::story::world::{MAKER_A, WHOLESALER};

/// The wholesaler suspects two packs: one turns out to be sound, one does not.
pub async fn suspects(scene: &mut Scene<'_>) -> anyhow::Result<()> {
    let packs = scene.goods.lot_a(0)?.cases[1].packs[0..2].to_vec();
    let cleared = suspect(scene, &packs[0].scan()).await?;
    scene.world.expect_verdict(WHOLESALER, &packs[0].scan(), "quarantined").await?;
    let words = json!({ "text": "the seal was scratched by our own knife" });
    scene.post(WHOLESALER, &format!("/cases/{cleared}/clear"), words).await?;
    scene.world.expect_verdict(WHOLESALER, &packs[0].scan(), "genuine").await?;
    scene.teller.tell("the first was set apart on the ledger, looked at, and released");
    let confirmed = suspect(scene, &packs[1].scan()).await?;
    let words = json!({ "text": "the label was printed over", "classification": "counterfeit" });
    scene.post(WHOLESALER, &format!("/cases/{confirmed}/confirm"), words).await?;
    scene.world.expect_verdict(WHOLESALER, &packs[1].scan(), "quarantined").await?;
    let suspect = |case: &Value| case["uuid"] == confirmed.as_str() || case["code"] == "suspect";
    scene.until_case(MAKER_A, "a notice of an illegitimate pack", suspect).await?;
    let form = scene.get(WHOLESALER, &format!("/cases/{confirmed}/3911")).await?;
    ensure!(form.is_object(), "expected the fields of Form FDA 3911, found {form}");
    scene.teller.tell(
        "the second is confirmed: it stays apart, its labeler is told, Form 3911 is filled in",
    );
    Ok(())
}

/// Opens a case about a suspect pack; its name.
async fn suspect(scene: &Scene<'_>, code: &str) -> anyhow::Result<String> {
    let request = json!({ "kind": "suspect", "reason": "expected a whole seal, found it cut", "packs": [code] });
    let case = scene.post(WHOLESALER, "/cases", request).await?;
    let uuid = case["uuid"].as_str().context("expected a case with a name")?;
    Ok(uuid.to_owned())
}
