//! Every benchmark runs at its smallest scale, and its metrics have the form that the report needs.

#![allow(clippy::unwrap_used, reason = "a test fails where it unwraps")]

use std::collections::HashSet;

use theriac_bench::{Benchmark, Machine, Report, Setting};

/// Run in tests of their own, at the same scale.
const ELSEWHERE: [&str; 2] = ["alarms", "gas"];

#[tokio::test(flavor = "multi_thread")]
async fn every_benchmark_runs() {
    let setting = Setting { smoke: true, ..Setting::default() };
    let mut report = Report::new(Machine::here(), &setting);
    for benchmark in Benchmark::ALL.iter().filter(|one| !ELSEWHERE.contains(&one.name)) {
        let metrics = benchmark.run(&setting).await.unwrap();
        assert!(!metrics.is_empty(), "{}", benchmark.name);
        let prefix = format!("{}.", benchmark.name);
        for metric in &metrics {
            assert!(metric.name.starts_with(&prefix), "expected {prefix}…, found {}", metric.name);
            assert!(metric.value.is_finite(), "{} is {}", metric.name, metric.value);
        }
        report.metrics.extend(metrics);
    }
    let names: HashSet<_> = report.metrics.iter().map(|metric| &metric.name).collect();
    assert_eq!(names.len(), report.metrics.len(), "each metric has a name of its own");
    assert!(report.json().unwrap().contains("\"smoke\": true"));
}
