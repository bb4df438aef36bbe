//! How an arrival stands, as the API tells it.

use std::collections::BTreeMap;

use theriac_custody::item::is_unit;
use theriac_store::{ArrivalId, ArrivalScan, ArrivalState};

use super::scope::Scope;
use super::{ArrivalError, ArrivalOutcome, ArrivalReport, LISTED_MAX, ScanReport};
use crate::node::Node;

impl Node {
    /// How an arrival stands: what is expected, what is here, what is missing.
    ///
    /// # Errors
    ///
    /// [`ArrivalError::Unknown`].
    pub async fn arrival(&self, id: ArrivalId) -> Result<ArrivalReport, ArrivalError> {
        let mut tx = self.inner().store.read().await?;
        let arrival = tx.arrival(id).await?.ok_or(ArrivalError::Unknown(id.0))?;
        let scope = self.scope_of(&mut tx, &arrival, &[]).await?;
        let outcome: Option<ArrivalOutcome> = arrival
            .outcome
            .as_ref()
            .and_then(|outcome| serde_json::from_value(outcome.clone()).ok());
        let missing = match arrival.state {
            ArrivalState::Open => scope.missing(),
            _ => Vec::new(),
        };
        let all = scope.expected.len();
        let (expected, here) = match &outcome {
            Some(outcome) => (outcome.expected, outcome.here),
            None => (all as u64, (all - missing.len()) as u64),
        };
        let mut answers = BTreeMap::new();
        for scan in scope.scans.values() {
            *answers.entry(scan.answer.word().to_owned()).or_default() += 1;
        }
        Ok(ArrivalReport {
            arrival: id,
            kind: arrival.kind,
            state: arrival.state,
            shipment: arrival.holding,
            container: arrival.container.map(|container| container.digital_link()),
            sender: arrival.sender,
            place: arrival.place,
            opened_at: rfc3339(arrival.opened_at),
            ended_at: arrival.ended_at.map(rfc3339),
            expected,
            here,
            answers,
            missing: missing.iter().take(LISTED_MAX).map(|id| id.digital_link()).collect(),
            scans: latest(&scope),
            outcome,
        })
    }
}

/// The scans, the latest first.
fn latest(scope: &Scope) -> Vec<ScanReport> {
    let mut scans: Vec<&ArrivalScan> = scope.scans.values().collect();
    scans.sort_by_key(|scan| std::cmp::Reverse(scan.scanned_at));
    let report = |scan: &ArrivalScan| ScanReport {
        code: scan.code.clone(),
        answer: scan.answer,
        identifier: Some(scan.item.digital_link()),
        packs: match is_unit(&scan.item) {
            true => 1,
            false => {
                scope.world.subtree([&scan.item]).iter().filter(|id| is_unit(id)).count() as u64
            }
        },
        reason: scan.reason.clone(),
    };
    scans.into_iter().take(LISTED_MAX).map(report).collect()
}

fn rfc3339(at: i64) -> String {
    jiff::Timestamp::from_millisecond(at).map(|at| at.to_string()).unwrap_or_default()
}
