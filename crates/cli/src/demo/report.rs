//! What the demo tells at its end.

use serde::Serialize;
use theriac_chain::LedgerStats;

/// Bytes of a storage slot: its key and its value.
const SLOT_BYTES: u64 = 64;

/// The result of a demo.
#[derive(Debug)]
pub struct Report {
    /// Packs made.
    pub packs: u32,
    /// From start to table.
    pub seconds: f64,
    /// What happened.
    pub told: Told,
    /// The ledger at the end; `None` if others run it.
    pub ledger: Option<LedgerStats>,
}

/// What happened in the story.
#[derive(Debug, Default)]
pub struct Told {
    /// The verdicts in the order of the story.
    pub verdicts: Vec<VerdictRow>,
    /// What did not go as the scenario says, verdicts apart.
    pub deviations: Vec<Deviation>,
    /// Documents captured.
    pub captures: u64,
    /// Events captured.
    pub events: u64,
    /// Events held.
    pub held: u64,
    /// Events that must be held.
    pub held_expected: u64,
    /// Cases open at the end, at all nodes.
    pub cases_open: u64,
}

/// A question about a pack, and its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerdictRow {
    /// Short id.
    pub case: String,
    /// What happened to the pack.
    pub story: String,
    /// Its code.
    pub code: String,
    /// The right verdict.
    pub expected: String,
    /// The verdict given.
    pub got: String,
    /// Its reason.
    pub reason: String,
    /// The transaction that it rests on.
    pub transaction: Option<String>,
}

/// Something that did not go as the scenario says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deviation {
    /// What was done.
    pub what: String,
    /// What should have come of it.
    pub expected: String,
    /// What came of it.
    pub found: String,
    /// Why, as the node says.
    pub reason: Option<String>,
}

impl Report {
    /// Whether every verdict is the expected one and nothing else deviated.
    pub fn is_as_expected(&self) -> bool {
        let told = &self.told;
        !told.verdicts.is_empty()
            && told.verdicts.iter().all(|row| row.got == row.expected)
            && told.deviations.is_empty()
            && told.held == told.held_expected
    }

    /// The result for machines.
    pub fn json(&self) -> ReportJson<'_> {
        let verdicts = self.told.verdicts.iter().map(|row| VerdictJson {
            case: &row.case,
            code: &row.code,
            expected: &row.expected,
            got: &row.got,
        });
        ReportJson {
            packs: self.packs,
            events: self.told.events,
            seconds: (self.seconds * 1000.0).round() / 1000.0,
            verdicts: verdicts.collect(),
            held: HeldJson { expected: self.told.held_expected, got: self.told.held },
            deviations: self.told.deviations.iter().map(Deviation::sentence).collect(),
            ledger: self.ledger.as_ref().map(|ledger| LedgerJson {
                blocks: ledger.blocks,
                transactions: ledger.transactions,
                gas: ledger.gas_used,
                state_bytes: state_bytes(ledger),
            }),
        }
    }
}

/// Bytes of state that a ledger keeps.
pub fn state_bytes(ledger: &LedgerStats) -> u64 {
    ledger.storage_slots * SLOT_BYTES
}

impl Deviation {
    /// The deviation in a sentence.
    pub fn sentence(&self) -> String {
        let because = self.reason.as_ref().map(|reason| format!(": {reason}"));
        let because = because.unwrap_or_default();
        format!("{}: expected {}, found {}{because}", self.what, self.expected, self.found)
    }
}

/// The JSON of `--json FILE`.
#[derive(Debug, Serialize)]
pub struct ReportJson<'a> {
    packs: u32,
    events: u64,
    seconds: f64,
    verdicts: Vec<VerdictJson<'a>>,
    held: HeldJson,
    deviations: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ledger: Option<LedgerJson>,
}

#[derive(Debug, Serialize)]
struct VerdictJson<'a> {
    case: &'a str,
    code: &'a str,
    expected: &'a str,
    got: &'a str,
}

#[derive(Debug, Serialize)]
struct HeldJson {
    expected: u64,
    got: u64,
}

#[derive(Debug, Serialize)]
struct LedgerJson {
    blocks: u64,
    transactions: u64,
    gas: u64,
    state_bytes: u64,
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// A report with one verdict.
    pub fn report(got: &str) -> Report {
        let row = VerdictRow {
            case: "copied".to_owned(),
            story: "dispensed at the other pharmacy".to_owned(),
            code: "01095211240000172112\u{1d}10A".to_owned(),
            expected: "already_retired".to_owned(),
            got: got.to_owned(),
            reason: "it was dispensed".to_owned(),
            transaction: Some(format!("0x{}", "ab".repeat(32))),
        };
        let told = Told { verdicts: vec![row], captures: 2, events: 3, ..Told::default() };
        let ledger = LedgerStats {
            blocks: 4,
            transactions: 5,
            gas_used: 1_234_567,
            storage_slots: 2,
            ..LedgerStats::default()
        };
        Report { packs: 400, seconds: 1.23456, told, ledger: Some(ledger) }
    }

    #[test]
    fn one_wrong_verdict_or_count_is_not_as_expected() {
        assert!(report("already_retired").is_as_expected());
        assert!(!report("genuine").is_as_expected());
        let mut held = report("already_retired");
        held.told.held = 1;
        assert!(!held.is_as_expected());
        let mut empty = report("already_retired");
        empty.told.verdicts.clear();
        assert!(!empty.is_as_expected());
    }

    #[test]
    fn the_json_has_the_fields_of_the_issue() {
        let json = serde_json::to_value(report("genuine").json()).unwrap();
        assert_eq!(json["packs"], 400);
        assert_eq!(json["events"], 3);
        assert_eq!(json["seconds"], 1.235);
        assert_eq!(json["verdicts"][0]["expected"], "already_retired");
        assert_eq!(json["verdicts"][0]["got"], "genuine");
        assert_eq!(json["ledger"]["gas"], 1_234_567);
        assert_eq!(json["ledger"]["state_bytes"], 128);
    }
}
