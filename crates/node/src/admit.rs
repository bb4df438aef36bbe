//! Stage 4, admit: events against the rules of custody, in one database transaction with
//! everything that follows from them.
//!
//! ```text
//! Parsed ── known identity ──> duplicate
//!        ├─ eventID of another ──> refused
//!        ├─ errorDeclaration ──> what the declared event did is undone
//!        └─ custody::admit ──> admitted: event, footprint, items, lots, outbox rows
//!                          └─> held:     event, case
//! ```

mod books;
mod declare;
mod identity;

pub(crate) use books::Books;
pub(crate) use declare::{Declaration, declarations_of, keep_footprint};
pub(crate) use identity::{EVENT_ID_TAKEN, Identity, Known, Seen, Sound, event_on_record};

use std::collections::BTreeSet;

use theriac_custody::{Admission, Breach, BreachCode, Footprint, Hash, Operation, admit};
use theriac_epcis::{CbvFormat, EpcFormat, Event, WriteOptions, to_json_with};
use theriac_gs1::Identifier;
use theriac_store::{
    CaptureId, Counts, EventId, EventState, NewEvent, Outcome, OutcomeState, WriteTx,
};

use crate::error::NodeError;
use crate::node::Node;
use crate::parse::{Parsed, Refusal};

/// Events are kept with their identifiers as they came, so that they can be given back so.
const AS_READ: WriteOptions<'static> =
    WriteOptions { epc: EpcFormat::AsRead, cbv: CbvFormat::WebUri, prefixes: None };

/// Most units that one ledger operation ends or sets apart; a larger event makes several.
const OPERATION_UNITS: usize = 200;

/// What a batch puts into the database.
#[derive(Default)]
struct Written {
    events: Vec<(NewEvent, Vec<Identifier>)>,
    /// For each event of `events`: its operations and what else it has changed, or the breach.
    decisions: Vec<(Admission, Footprint)>,
    outcomes: Vec<Outcome>,
    counts: Counts,
}

impl Written {
    fn refuse(&mut self, parsed: &Parsed, refusal: &Refusal) {
        self.counts.refused += 1;
        self.outcomes.push(refused(parsed, refusal));
    }

    /// Takes an event that was just decided about.
    fn take(&mut self, row: NewEvent, items: Vec<Identifier>, admission: Admission, books: &Books) {
        let footprint = match &admission {
            Admission::Admitted(operations) => Footprint::of(operations, &books.world),
            Admission::Held(_) => Footprint::default(),
        };
        self.count(row.state);
        self.events.push((row, items));
        self.decisions.push((admission, footprint));
    }

    fn count(&mut self, state: EventState) {
        match state {
            EventState::Held => self.counts.held += 1,
            _ => self.counts.admitted += 1,
        }
    }
}

impl Node {
    /// Admits a batch of events of a capture; they are on record, or refused, when this returns.
    pub(crate) async fn admit_batch(
        &self,
        capture: CaptureId,
        batch: Vec<Parsed>,
    ) -> Result<(), NodeError> {
        let Some(next) = batch.last().map(|parsed| parsed.ordinal + 1) else { return Ok(()) };
        let declares = batch.iter().any(|p| p.outcome.as_ref().is_ok_and(Sound::is_declaration));
        // What is planned and not signed yet cannot be withdrawn.
        let _recording = match declares {
            true => Some(self.inner().recording.lock().await),
            false => None,
        };
        let _guard = self.inner().admitting.lock().await;
        let mut tx = self.inner().store.write().await?;
        let events: Vec<&Event> =
            batch.iter().filter_map(|p| p.outcome.as_ref().ok()).map(|s| &s.event).collect();
        let mut books = self.load_books(&mut tx, &events).await?;
        let mut known = Known::of(&mut tx, &batch).await?;
        let mut written = Written::default();
        for parsed in &batch {
            self.admit_one(&mut tx, capture, parsed, &mut known, &mut books, &mut written).await?;
        }
        self.write_batch(&mut tx, &mut books, &mut written).await?;
        tx.insert_outcomes(capture, &written.outcomes).await?;
        let mut counts = tx.capture(capture).await?.map(|record| record.counts).unwrap_or_default();
        counts += written.counts;
        tx.advance_capture(capture, next, &counts).await?;
        tx.commit().await?;
        self.inner().subscriptions.ring();
        Ok(())
    }

    async fn admit_one(
        &self,
        tx: &mut WriteTx,
        capture: CaptureId,
        parsed: &Parsed,
        known: &mut Known,
        books: &mut Books,
        written: &mut Written,
    ) -> Result<(), NodeError> {
        let sound = match &parsed.outcome {
            Ok(sound) => sound,
            Err(refusal) => {
                written.refuse(parsed, refusal);
                return Ok(());
            }
        };
        match known.judge(sound) {
            Identity::Duplicate => {
                written.counts.duplicate += 1;
                written.outcomes.push(duplicate(parsed, sound.identity));
            }
            Identity::Taken(refusal) => written.refuse(parsed, &refusal),
            Identity::New { .. } if sound.is_declaration() => {
                // It may declare an event of this very batch.
                self.write_batch(tx, books, written).await?;
                let state = self.admit_declaration(tx, capture, parsed, sound, books).await?;
                written.count(state);
                known.note(sound);
            }
            Identity::New { declared } => {
                let (admission, items) = match declared {
                    true => declared_before(&sound.event, books),
                    false => self.decide_on(tx, &sound.event, books).await?,
                };
                let row = self.row_of(capture, parsed, sound, state_of(&admission));
                written.take(row, items, admission, books);
                known.note(sound);
            }
        }
        Ok(())
    }

    /// As [`decide`]; a lot that nobody has any more stands in no event's way.
    async fn decide_on(
        &self,
        tx: &mut WriteTx,
        event: &Event,
        books: &mut Books,
    ) -> Result<(Admission, Vec<Identifier>), NodeError> {
        let decision = decide(event, books, self.today());
        if let (Admission::Held(Breach { code: BreachCode::LotMismatch, .. }), _) = &decision
            && self.free_lots(tx, event, books).await?
        {
            return Ok(decide(event, books, self.today()));
        }
        Ok(decision)
    }

    /// An event's row, with its place in the document.
    fn row_of(
        &self,
        capture: CaptureId,
        parsed: &Parsed,
        sound: &Sound,
        state: EventState,
    ) -> NewEvent {
        NewEvent {
            ordinal: parsed.ordinal,
            place: parsed.place.clone(),
            ..event_row(&sound.event, sound.identity, capture, self.now(), state)
        }
    }

    /// Writes what was decided so far.
    async fn write_batch(
        &self,
        tx: &mut WriteTx,
        books: &mut Books,
        written: &mut Written,
    ) -> Result<(), NodeError> {
        let events = std::mem::take(&mut written.events);
        let decisions = std::mem::take(&mut written.decisions);
        self.write_books(tx, books).await?;
        let ids = tx.insert_events(&events).await?;
        let mut operations = Vec::new();
        for (id, (decision, footprint)) in ids.into_iter().zip(&decisions) {
            let Some(id) = id else { continue };
            match decision {
                Admission::Admitted(list) => {
                    operations.extend(split(id, list));
                    keep_footprint(tx, id, footprint).await?;
                }
                Admission::Held(breach) => {
                    self.open_case(tx, Some(id), breach).await?;
                }
            }
        }
        self.enqueue(tx, &operations).await
    }

    /// Puts operations into the outbox. A receipt may complete a shipment that others wait for.
    pub(crate) async fn enqueue(
        &self,
        tx: &mut WriteTx,
        operations: &[(EventId, Operation)],
    ) -> Result<(), NodeError> {
        tx.enqueue(operations).await?;
        if operations.iter().any(|(_, operation)| brings_into_stock(operation)) {
            self.recalls_due();
        }
        if operations.iter().any(|(_, operation)| matches!(operation, Operation::Receive { .. })) {
            tx.wake_waiting().await?;
        }
        Ok(())
    }
}

/// Whether units may be in this node's stock afterwards that were not before.
fn brings_into_stock(operation: &Operation) -> bool {
    matches!(
        operation,
        Operation::Commission { .. }
            | Operation::Receive { .. }
            | Operation::Cancel { .. }
            | Operation::Release { .. }
            | Operation::Restore { .. }
    )
}

fn state_of(admission: &Admission) -> EventState {
    match admission {
        Admission::Admitted(_) => EventState::Admitted,
        Admission::Held(_) => EventState::Held,
    }
}

/// Decides about one event. The items are those by which it is found again: the named ones and,
/// of logistic units, all they contain before or after.
pub(crate) fn decide(
    event: &Event,
    books: &mut Books,
    today: jiff::civil::Date,
) -> (Admission, Vec<Identifier>) {
    let named: Vec<Identifier> = event.epcs().map(|epc| epc.id.clone()).collect();
    let mut items: BTreeSet<Identifier> = named.iter().cloned().collect();
    items.extend(books.world.subtree(&named));
    let admission = admit(event, &mut books.world, today);
    if matches!(admission, Admission::Admitted(_)) {
        items.extend(books.world.subtree(&named));
    }
    (admission, items.into_iter().collect())
}

/// Decides about an event that was declared erroneous before it came: it is anchored.
fn declared_before(event: &Event, books: &mut Books) -> (Admission, Vec<Identifier>) {
    books.world.journal = theriac_custody::world::Journal::default();
    let items: BTreeSet<Identifier> = event.epcs().map(|epc| epc.id.clone()).collect();
    (Admission::Admitted(vec![Operation::Anchor]), items.into_iter().collect())
}

/// An event's row, but for its place in the document.
pub(crate) fn event_row(
    event: &Event,
    hash: Hash,
    capture: CaptureId,
    now: jiff::Timestamp,
    state: EventState,
) -> NewEvent {
    let common = event.common();
    NewEvent {
        hash,
        event_id: common.event_id.clone(),
        kind: event.kind().to_owned(),
        event_time: common.event_time.as_millisecond(),
        record_time: now.as_millisecond(),
        biz_step: event.biz_step().map(ToString::to_string),
        disposition: event.disposition().map(ToString::to_string),
        action: event.action().map(|action| action.to_string()),
        capture,
        ordinal: 0,
        place: String::new(),
        body: to_json_with(event, &AS_READ).to_string(),
        state,
        declares: None,
        names: theriac_query::names_of(event),
    }
}

/// The outbox rows of an event; operations on many units are split.
pub(crate) fn split(event: EventId, operations: &[Operation]) -> Vec<(EventId, Operation)> {
    let mut rows = Vec::new();
    for operation in operations {
        match operation {
            Operation::Retire { units, reason } => {
                rows.extend(units.chunks(OPERATION_UNITS).map(|units| {
                    (event, Operation::Retire { units: units.to_vec(), reason: *reason })
                }));
            }
            operation => rows.push((event, operation.clone())),
        }
    }
    rows
}

pub(crate) fn refused(parsed: &Parsed, refusal: &Refusal) -> Outcome {
    Outcome {
        ordinal: parsed.ordinal,
        place: parsed.place.clone(),
        kind: parsed.kind.clone(),
        state: OutcomeState::Refused,
        detail: serde_json::json!({
            "reason": refusal.reason,
            "code": refusal.code,
            "what_to_do": "correct the event at this place and send it again",
        }),
        event_hash: None,
    }
}

fn duplicate(parsed: &Parsed, hash: Hash) -> Outcome {
    Outcome {
        ordinal: parsed.ordinal,
        place: parsed.place.clone(),
        kind: parsed.kind.clone(),
        state: OutcomeState::Duplicate,
        detail: serde_json::json!({ "reason": "this event is on record already" }),
        event_hash: Some(hash),
    }
}
