//! What was scanned, planted, found, and wrongly found.

use std::collections::{BTreeMap, HashSet};

use theriac_custody::VerdictCode;
use theriac_node::{CaptureReport, VerifyError, VerifyReport};

use super::fraud::{Fraud, Planted};
use super::town::Town;
use crate::benchmark::Failure;

/// Cases and alarms that are listed at most.
const LIST_MAX: u64 = 1_000_000;

/// The counts.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) scans: u64,
    pub(super) repaired: u64,
    pub(super) unreadable: u64,
    false_alarms: u64,
    /// The first false alarm, in words.
    pub(super) first_false: Option<String>,
    planted: BTreeMap<Fraud, u64>,
    found: BTreeMap<Fraud, u64>,
}

impl Tally {
    pub(super) fn false_alarms(&self) -> u64 {
        self.false_alarms
    }

    fn wrong(&mut self, what: String) {
        self.false_alarms += 1;
        self.first_false.get_or_insert(what);
    }

    /// The answer to an honest scan; `ended` if the member that asks has ended the pack's life.
    pub(super) fn scan(&mut self, answer: Result<VerifyReport, VerifyError>, ended: bool) {
        self.scans += 1;
        let report = match answer {
            Ok(report) => report,
            Err(VerifyError::Unreadable { .. }) => {
                self.unreadable += 1;
                return;
            }
            Err(error) => return self.wrong(error.to_string()),
        };
        self.repaired += u64::from(!report.repairs.is_empty());
        let alert = report.jurisdiction.as_ref().is_some_and(|found| found.alert.is_some());
        let fine = match report.verdict.code {
            VerdictCode::Genuine | VerdictCode::NotHere => true,
            VerdictCode::AlreadyRetired => ended,
            _ => false,
        };
        if !fine || alert || report.alarm.is_some() {
            let (verdict, reason) = (report.verdict.code, &report.verdict.reason);
            self.wrong(format!("{verdict} for {}: {reason}; {:?}", report.code, report.alarm));
        }
    }

    /// What became of an honest document whose packs were scanned for it.
    pub(super) fn document(&mut self, report: &CaptureReport, packs: u64) {
        self.scans += packs;
        for outcome in &report.outcomes {
            // What waits for data that are late is held, and let in when they come.
            let waits = outcome.code.as_deref() == Some("item_unknown")
                || outcome.code.as_deref() == Some("not_held");
            let held = outcome.state == "held" && !waits;
            if held || outcome.state == "refused" {
                self.wrong(format!("{}: {:?}", outcome.state, outcome.reason));
            }
        }
    }

    pub(super) fn plant(&mut self, fraud: Fraud, count: u64) {
        *self.planted.entry(fraud).or_default() += count;
    }

    pub(super) fn find(&mut self, fraud: Fraud) {
        *self.found.entry(fraud).or_default() += 1;
    }

    pub(super) fn planted(&self) -> u64 {
        self.planted.values().sum()
    }

    pub(super) fn percent_found(&self) -> f64 {
        percent(self.found.values().sum(), self.planted())
    }

    pub(super) fn percent_of(&self, fraud: Fraud) -> f64 {
        let count = |counts: &BTreeMap<Fraud, u64>| counts.get(&fraud).copied().unwrap_or(0);
        percent(count(&self.found), count(&self.planted))
    }

    /// In the end no alarm and no open case may be about an honest pack.
    pub(super) async fn cases(&mut self, town: &Town, planted: &Planted) -> Result<(), Failure> {
        let frauds: HashSet<&str> = planted.packs().collect();
        for node in town.nodes() {
            for alarm in node.alarms(LIST_MAX).await? {
                if !frauds.contains(alarm.pack.as_str()) {
                    self.wrong(format!("an alarm about {}: {}", alarm.pack, alarm.reason));
                }
            }
            for case in node.cases(true, LIST_MAX).await? {
                let items = &case.matter.items;
                if !items.iter().any(|item| frauds.contains(item.digital_link().as_str())) {
                    self.wrong(format!("a case: {}", case.matter.reason));
                }
            }
        }
        Ok(())
    }
}

fn percent(part: u64, whole: u64) -> f64 {
    match whole {
        0 => 100.0,
        whole => part as f64 / whole as f64 * 100.0,
    }
}
