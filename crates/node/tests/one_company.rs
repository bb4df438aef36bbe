//! One company with a ledger of its own: real files of packaging lines, from capture to verdict.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]
#![allow(clippy::print_stderr, reason = "what a person wants to see who runs the test alone")]

#[path = "support/company.rs"]
mod support;

use std::path::PathBuf;

use support::company;
use theriac_custody::VerdictCode;
use theriac_gs1::Gtin;
use theriac_node::{Asker, CaptureSource};

fn data() -> Option<PathBuf> {
    let path = std::env::var_os("THERIAC_DATA").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        PathBuf::from,
    );
    if path.is_dir() {
        return Some(path);
    }
    eprintln!("skipped: no real EPCIS files at {}; set THERIAC_DATA", path.display());
    None
}

#[tokio::test(flavor = "multi_thread")]
async fn a_packaging_line_from_file_to_verdict() {
    let Some(data) = data() else { return };
    let file = data.join("pharma-quartet/quartet_integrations/rocit-opsm-test-epcis.xml");
    let document = std::fs::read(file).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (node, _) = company(&folder.path().join("node")).await;

    let report = node.capture(CaptureSource::Cli, &document).await.unwrap();
    assert_eq!(report.events, 1_609);
    // Three pallets (SSCC) need no registered product.
    assert_eq!((report.admitted, report.held, report.refused), (3, 1_606, 0));
    let first = &report.outcomes[0];
    assert_eq!(first.code.as_deref(), Some("product_unknown"));
    // The GTINs of the bottle and of the case, as the file writes them: 0342291.034390 and .334390.
    let [bottle, case] =
        [34_229_134_390, 3_034_229_134_390].map(|body| Gtin::from_body(body).unwrap());
    let command = format!("theriac product add {bottle}");
    assert!(first.what_to_do.as_ref().unwrap().contains(&command), "{first:?}");

    for gtin in [bottle, case] {
        node.add_product(gtin, None).await.unwrap();
        node.settle().await.unwrap();
    }
    let report = node.capture(CaptureSource::Cli, &document).await.unwrap();
    assert_eq!(report.duplicate, 1_609);
    // What is left waits for the third packaging level, or names packs that the line never made.
    let open = node.cases(true, 2_000).await.unwrap();
    let health = node.health().await.unwrap();
    assert_eq!(health.cases_open, open.len() as u64);
    let count = |state: &str| health.events.iter().find(|(s, _)| s == state).map_or(0, |(_, n)| *n);
    assert_eq!(count("held"), open.len() as u64);
    assert_eq!(count("final") + count("held"), 1_609);
    assert_eq!(health.units, [("in_stock".to_owned(), 1_343)]);

    let code = "urn:epc:id:sgtin:0342291.034390.4259";
    let verdict = node.verify(code, Asker::Here).await.unwrap();
    assert_eq!(verdict.verdict.code, VerdictCode::Expired, "{verdict:#?}");
    // The scanner has lost the separator after the serial number: no forgery before a second scan.
    let mangled = format!("01{bottle}21425917210131");
    let doubted = node.verify(&mangled, Asker::Here).await.unwrap().verdict;
    assert_eq!(doubted.code, VerdictCode::NotGenuine);
    assert!(doubted.what_to_do.starts_with("scan again first: "), "{}", doubted.what_to_do);
    let journey = node.trace(code, Asker::Here).await.unwrap();
    let steps: Vec<_> =
        journey.steps.iter().map(|s| (s.what.as_str(), s.block.is_some())).collect();
    assert_eq!(steps, [("commissioned", true), ("packing", true)]);
    let reconciled = node.reconcile().await.unwrap();
    assert_eq!(reconciled.differences, [], "{reconciled:?}");
}
