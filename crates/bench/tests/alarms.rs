//! A hundredth of the honest scans raises no alarm, and a hundredth of the frauds is found.

#![allow(clippy::unwrap_used, reason = "a test fails where it unwraps")]
#![allow(clippy::print_stderr, reason = "the figures are worth a look")]

use theriac_bench::{Benchmark, Setting};

#[tokio::test(flavor = "multi_thread")]
async fn honest_scans_raise_no_alarm_and_frauds_do() {
    let setting = Setting { smoke: true, ..Setting::default() };
    let metrics = Benchmark::named("alarms").unwrap().run(&setting).await.unwrap();
    for metric in &metrics {
        eprintln!("{} {} {}", metric.name, metric.value, metric.unit);
    }
    let value = |name: &str| metrics.iter().find(|metric| metric.name == name).unwrap().value;
    assert!(value("alarms.honest_scans") >= 10_000.0);
    assert!(value("alarms.frauds") >= 100.0);
    assert_eq!(value("alarms.false_alarms"), 0.0);
    assert_eq!(value("alarms.found"), 100.0);
    assert!(metrics.iter().all(|metric| metric.is_met() != Some(false)));
}
