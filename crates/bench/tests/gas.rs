//! What the operations cost on the ledger is compared with the page.
//!
//! Update: `THERIAC_UPDATE_DOCS=1 cargo test -p theriac-bench --test gas`.

#![allow(clippy::unwrap_used, reason = "a test fails where it unwraps")]

use std::path::Path;

use theriac_bench::{Benchmark, Machine, Report, Setting};

#[tokio::test]
async fn the_table_of_gas_is_up_to_date() {
    let setting = Setting::default();
    let mut report = Report::new(Machine::here(), &setting);
    let gas = Benchmark::named("gas").unwrap();
    report.metrics = gas.run(&setting).await.unwrap();
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/bench/gas.txt");
    if std::env::var_os("THERIAC_UPDATE_DOCS").is_some() {
        std::fs::write(&page, report.table()).unwrap();
    }
    let found = std::fs::read_to_string(&page).unwrap_or_default();
    assert_eq!(found, report.table(), "accept the costs with THERIAC_UPDATE_DOCS=1");
}
