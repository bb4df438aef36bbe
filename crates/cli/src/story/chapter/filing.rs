//! Papers: transaction information and statement, documents for partners without a node, and whether
//! every node agrees with the ledger.

use anyhow::{Context, ensure};
use serde_json::Value;

use super::Scene;
use crate::story::world::{MAKER_A, WHOLESALER};

/// Transaction information and statement of a shipment, as the seller keeps it and as the buyer does.
pub async fn papers(scene: &mut Scene<'_>) -> anyhow::Result<()> {
    for (at, direction) in [(MAKER_A, "out"), (WHOLESALER, "in")] {
        let shipments = scene.get(at, &format!("/shipments?direction={direction}")).await?;
        let first = shipments.as_array().and_then(|list| list.last()).cloned();
        let first = first.context("expected a shipment on record, found none")?;
        let id = name_of(&first).context("expected a shipment with a name")?;
        let page =
            scene.world.text(at, &format!("/shipments/{id}/transaction-information")).await?;
        ensure!(page.contains("581(27)"), "expected the transaction statement on the page");
        let path = format!("/shipments/{id}/document?format=epcis-1.2-xml");
        let document = scene.world.text(at, &path).await;
        let document = document.with_context(|| format!("expected {path}"))?;
        ensure!(
            document.contains("dscsaTransactionStatement"),
            "expected the statement in the document"
        );
    }
    scene
        .teller
        .tell("seller and buyer have the same page to print, and the document as EPCIS 1.2");
    Ok(())
}

/// How a shipment is named in paths.
fn name_of(shipment: &Value) -> Option<String> {
    ["shipment", "id", "name", "holding"].iter().find_map(|field| match &shipment[*field] {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    })
}

/// Every node's database agrees with the ledger.
pub async fn reconciled(scene: &mut Scene<'_>) -> anyhow::Result<()> {
    scene.world.settle().await?;
    for at in 0..scene.world.parties.len() {
        let report = scene.get(at, "/reconcile").await?;
        let differences = report["differences"].as_array().map_or(0, Vec::len);
        let name = scene.world.parties[at].desk.company().name.clone();
        ensure!(differences == 0, "expected no difference at {name}, found {report}");
    }
    scene.teller.tell("six databases agree with the ledger, pack by pack");
    Ok(())
}
