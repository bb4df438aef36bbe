//! Closing an arrival: its events are captured as one document, and cases open about what was not as
//! announced.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use theriac_custody::item::is_unit;
use theriac_custody::{Actor, CaseKind, EvidenceItem, ItemStatus};
use theriac_epcis::{DocumentHeader, Event, write_document};
use theriac_gs1::{Gln, Identifier};
use theriac_store::{
    ArrivalId, ArrivalKind, ArrivalRecord, ArrivalScan, ArrivalState, CaptureSource, CaseId,
    RestState, ScanAnswer,
};

use super::events::{Fate, Sorted, events};
use super::scope::{Scope, Unfit, is_expected_unit, status};
use super::{ArrivalError, ArrivalOutcome, ArrivalReport, CloseRequest, Missing, open};
use crate::capture::CaptureOptions;
use crate::case::NewDispute;
use crate::error::NodeError;
use crate::node::Node;
use crate::report::CaptureReport;

/// A case that an arrival gives reason for.
struct Complaint {
    kind: CaseKind,
    sender: Option<Gln>,
    packs: Vec<Identifier>,
    evidence: Vec<EvidenceItem>,
}

impl Node {
    /// Closes an arrival: what is here is received, what is damaged or mislabelled is refused, what must
    /// not be sold is set apart, and what is missing is refused or waited for. One that is closed is
    /// told again.
    ///
    /// # Errors
    ///
    /// [`ArrivalError::Unknown`], [`ArrivalError::Ended`] for one that was cancelled.
    pub async fn close_arrival(
        &self,
        id: ArrivalId,
        request: &CloseRequest,
    ) -> Result<ArrivalReport, ArrivalError> {
        self.end_with(id, request.missing, false).await
    }

    /// Closes an arrival of which everything announced is here.
    pub(super) async fn close_whole(
        &self,
        id: ArrivalId,
        request: CloseRequest,
    ) -> Result<ArrivalReport, ArrivalError> {
        self.end_with(id, request.missing, true).await
    }

    async fn end_with(
        &self,
        id: ArrivalId,
        missing: Missing,
        whole: bool,
    ) -> Result<ArrivalReport, ArrivalError> {
        let _one = self.inner().closing.lock().await;
        let mut tx = self.inner().store.read().await?;
        let arrival = tx.arrival(id).await?.ok_or(ArrivalError::Unknown(id.0))?;
        match arrival.state {
            ArrivalState::Open => {}
            ArrivalState::Closed => {
                drop(tx);
                return self.arrival(id).await;
            }
            state => return Err(ArrivalError::Ended { arrival: id, state }),
        }
        let scope = self.scope_of(&mut tx, &arrival, &[]).await?;
        drop(tx);
        let plan = Plan::of(&arrival, &scope, missing, whole, self.today());
        let mut outcome = plan.outcome(&scope);
        let place = arrival.place.as_deref().map(open::site).transpose()?;
        let events = events(&plan.sorted, self.gln(), place, self.now());
        let captured = match events.as_slice() {
            [] => None,
            events => Some(self.capture_arrival(events).await?),
        };
        if let Some(report) = &captured {
            outcome.capture = Some(report.capture);
            outcome.events = report.outcomes.iter().filter_map(|o| o.hash.clone()).collect();
        }
        self.end(&arrival, plan, outcome, captured.as_ref()).await?;
        self.inner().work.notify_one();
        self.arrival(id).await
    }

    async fn capture_arrival(&self, events: &[Event]) -> Result<CaptureReport, NodeError> {
        let mut document = Vec::new();
        let header = DocumentHeader::new(self.now());
        write_document(events.iter(), &header, &mut document).map_err(|error| {
            NodeError::Inconsistent { expected: "writable events", found: error.to_string() }
        })?;
        let options = CaptureOptions {
            source: CaptureSource::Api,
            content_type: Some("application/ld+json".to_owned()),
            error_behaviour: theriac_store::ErrorBehaviour::Proceed,
        };
        let report = self.capture_with(options, &document).await?;
        self.stir();
        Ok(report)
    }

    /// Opens the cases, closes those about packs that have come, and ends the arrival.
    async fn end(
        &self,
        arrival: &ArrivalRecord,
        plan: Plan,
        mut outcome: ArrivalOutcome,
        captured: Option<&CaptureReport>,
    ) -> Result<(), ArrivalError> {
        let mut tx = self.inner().store.write().await?;
        let mut cases: BTreeSet<CaseId> = BTreeSet::new();
        for hash in captured.into_iter().flat_map(|report| &report.outcomes) {
            let hash = hash.hash.as_deref().and_then(|hash| hash.parse().ok());
            let Some(hash) = hash else { continue };
            let Some(event) = tx.event_by_hash(&hash).await? else { continue };
            cases.extend(event.case.filter(|case| case.closed_at.is_none()).map(|case| case.id));
            let rests = tx.rests_of(event.id).await?;
            let open = rests.iter().filter(|rest| rest.state == RestState::Open);
            cases.extend(open.clone().filter_map(|rest| rest.case));
        }
        for complaint in plan.complaints {
            cases.insert(self.complain(&mut tx, arrival, complaint).await?);
        }
        outcome.cases = cases.into_iter().map(|case| case.0).collect();
        let written = serde_json::to_value(&outcome).unwrap_or_default();
        let now = self.now().as_millisecond();
        tx.end_arrival(arrival.id, ArrivalState::Closed, &written, now).await?;
        Ok(tx.commit().await?)
    }

    async fn complain(
        &self,
        tx: &mut theriac_store::WriteTx,
        arrival: &ArrivalRecord,
        complaint: Complaint,
    ) -> Result<CaseId, NodeError> {
        let Complaint { kind, sender, packs, mut evidence } = complaint;
        evidence.extend(arrival.holding.map(|holding| EvidenceItem::Shipment { holding }));
        let (reason, what_to_do) = words(kind, packs.len());
        let new = NewDispute {
            kind,
            reason: format!("{reason} (arrival {})", arrival.id),
            what_to_do: what_to_do.to_owned(),
            actor: if sender.is_some() { Actor::Sender } else { Actor::ThisMember },
            packs,
            counterparty: sender,
            evidence,
            tell: sender.is_some(),
            event: None,
            waits_for: None,
        };
        self.open_case_about(tx, new).await
    }
}

fn words(kind: CaseKind, count: usize) -> (String, &'static str) {
    match kind {
        CaseKind::Missing => (
            format!("expected {count} announced packs, found that they did not come"),
            "find out where they are: the sender looks at its stock and its carrier",
        ),
        CaseKind::Damaged => (
            format!("expected {count} packs in good condition, found them damaged"),
            "agree what happens to them: they go back to the sender unless they are set apart here",
        ),
        CaseKind::Mismatch => (
            format!("expected {count} packs labelled as announced, found other labels"),
            "compare the labels with the data: one of the two is wrong",
        ),
        _ => (
            format!("expected no more than the announced packs, found {count} others"),
            "keep them apart and ask the sender: they belong to no shipment announced here",
        ),
    }
}

/// What is to become of an arrival's goods.
struct Plan {
    sorted: Sorted,
    complaints: Vec<Complaint>,
    /// Announced packs that were to come and did.
    here: u64,
    missing: u64,
}

impl Plan {
    fn of(
        arrival: &ArrivalRecord,
        scope: &Scope,
        missing: Missing,
        whole: bool,
        today: jiff::civil::Date,
    ) -> Self {
        let mut sorter =
            Sorter { arrival, scope, today, sorted: Sorted::new(), complaints: BTreeMap::new() };
        let gone = match whole {
            true => Vec::new(),
            false => scope.missing(),
        };
        match whole {
            true => sorter.all(),
            false => scope.scans.values().for_each(|scan| sorter.scanned(scan)),
        }
        for id in &gone {
            if missing == Missing::Refuse {
                sorter.put(Fate::RefuseMissing, id);
            }
            sorter.complain(CaseKind::Missing, id, None);
        }
        let here = (scope.expected.len() - gone.len()) as u64;
        let complaints = sorter.complaints.into_values().collect();
        Self { sorted: sorter.sorted, complaints, here, missing: gone.len() as u64 }
    }

    fn outcome(&self, scope: &Scope) -> ArrivalOutcome {
        let mut outcome = ArrivalOutcome {
            expected: scope.expected.len() as u64,
            here: self.here,
            missing: self.missing,
            ..ArrivalOutcome::default()
        };
        let mut counted: HashSet<Identifier> = HashSet::new();
        for ((fate, _), ids) in &self.sorted {
            for id in ids {
                let units = scope.units_in(id);
                if units.is_empty() {
                    outcome.without_data += 1;
                }
                let count = units.into_iter().filter(|id| counted.insert(id.clone())).count();
                match fate {
                    fate if fate.is_refusal() => outcome.refused += count as u64,
                    fate if fate.sets_apart() => outcome.set_apart += count as u64,
                    _ => outcome.received += count as u64,
                }
            }
        }
        outcome
    }
}

/// Sorts goods by what becomes of them.
struct Sorter<'a> {
    arrival: &'a ArrivalRecord,
    scope: &'a Scope,
    today: jiff::civil::Date,
    sorted: Sorted,
    complaints: BTreeMap<(String, Option<Gln>), Complaint>,
}

impl Sorter<'_> {
    fn is_return(&self) -> bool {
        self.arrival.kind == ArrivalKind::Return
    }

    /// Takes everything that is expected.
    fn all(&mut self) {
        let units: Vec<Identifier> = self.scope.expected.iter().cloned().collect();
        for id in &units {
            if let Some(fate) = self.unfit(id) {
                self.put(fate, id);
            }
        }
        for id in &units {
            let top = self.top(id);
            self.put(self.taking(), &top);
        }
    }

    /// The outermost expected logistic unit around a unit.
    fn top(&self, id: &Identifier) -> Identifier {
        let world = &self.scope.world;
        let mut top = id;
        for _ in 0..=world.items.len() {
            let parent = world.items.get(top).and_then(|item| item.parent.as_ref());
            let wholly = |parent: &Identifier| {
                status(parent, world) == Some(ItemStatus::Expected)
                    && self.scope.units_in(parent).iter().all(|id| self.scope.expected.contains(id))
            };
            match parent.filter(|parent| wholly(parent)) {
                Some(parent) => top = parent,
                None => break,
            }
        }
        top.clone()
    }

    fn taking(&self) -> Fate {
        if self.is_return() { Fate::TakeReturn } else { Fate::Take }
    }

    fn scanned(&mut self, scan: &ArrivalScan) {
        let id = &scan.item;
        match scan.answer {
            ScanAnswer::Damaged => self.damaged(scan),
            ScanAnswer::Mismatch => {
                self.complain(CaseKind::Mismatch, id, Some(scan));
                let fate = if self.is_return() { Fate::SetApart } else { Fate::RefuseMismatch };
                self.put(fate, id);
            }
            ScanAnswer::Expected | ScanAnswer::NotFit | ScanAnswer::Extra | ScanAnswer::Unknown => {
                let here = matches!(
                    status(id, &self.scope.world),
                    Some(ItemStatus::InStock | ItemStatus::Quarantined)
                );
                if here && is_unit(id) {
                    self.complain(CaseKind::Extra, id, Some(scan));
                    return;
                }
                self.take(id);
            }
            ScanAnswer::Duplicate | ScanAnswer::Unreadable => {}
        }
    }

    /// Damaged goods go back to who delivers them; of a return they are kept, apart.
    fn damaged(&mut self, scan: &ArrivalScan) {
        for id in self.scope.units_in(&scan.item) {
            self.complain(CaseKind::Damaged, &id, Some(scan));
            let fate = if self.is_return() { Fate::SetApart } else { Fate::RefuseDamaged };
            self.put(fate, &id);
        }
    }

    fn take(&mut self, id: &Identifier) {
        for unit in self.scope.units_in(id) {
            if let Some(fate) = self.unfit(&unit) {
                self.put(fate, &unit);
            }
        }
        let lone_unfit = is_expected_unit(id, &self.scope.world) && self.unfit(id).is_some();
        if !lone_unfit {
            self.put(self.taking(), id);
        }
    }

    /// What becomes of a unit that must not be sold.
    fn unfit(&self, id: &Identifier) -> Option<Fate> {
        self.scope.unfit(id, self.today).map(|unfit| match unfit {
            Unfit::Recalled => Fate::SetApartRecalled,
            Unfit::Expired => Fate::SetApartExpired,
            Unfit::Blocked => Fate::SetApart,
        })
    }

    fn put(&mut self, fate: Fate, id: &Identifier) {
        let first = self.scope.units_in(id).into_iter().next();
        let sender = first.and_then(|unit| self.scope.sender_of(&unit)).or(self.arrival.sender);
        self.sorted.entry((fate, sender)).or_default().insert(id.clone());
    }

    fn complain(&mut self, kind: CaseKind, id: &Identifier, scan: Option<&ArrivalScan>) {
        let sender = self.scope.sender_of(id).or(self.arrival.sender);
        let complaint = self.complaints.entry((kind.word(), sender)).or_insert_with(|| Complaint {
            kind,
            sender,
            packs: Vec::new(),
            evidence: Vec::new(),
        });
        complaint.packs.push(id.clone());
        complaint.evidence.extend(scan.map(|scan| EvidenceItem::Scan {
            code: scan.code.clone(),
            answer: format!("{}: {}", scan.answer, scan.reason),
            at: None,
        }));
    }
}
