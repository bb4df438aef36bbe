//! Error declarations: what the declared event did is undone here, and on the ledger by the inverse
//! operations; what cannot be undone is held in a case.
//!
//! The two rows stay on record: the declaration names the event that it declares. What an event has
//! changed beside its operations is kept under `footprint/` and its row.

use std::collections::{BTreeSet, HashMap};

use theriac_custody::{
    Admission, Breach, BreachCode, Done, Footprint, Hash, Item, Operation, Roles, Stage, World,
    neutralise, undo_allowed,
};
use theriac_epcis::{ErrorDeclaration, Event, event_hash};
use theriac_gs1::{Identifier, Lgtin};
use theriac_store::{
    CaptureId, EventId, EventRecord, EventState, NewEvent, OutboxId, OutboxRecord, OutboxState,
    ReadTx, WriteTx,
};

use super::{Books, Sound, event_on_record, split, state_of};
use crate::error::NodeError;
use crate::node::Node;
use crate::parse::Parsed;
use crate::record::units_of;

/// How the case of an event that was declared erroneous ends.
const OUTCOME: &str = "declared erroneous";

impl Node {
    /// Puts a declaration on record and undoes what the declared event did; how far it is then.
    pub(super) async fn admit_declaration(
        &self,
        tx: &mut WriteTx,
        capture: CaptureId,
        parsed: &Parsed,
        sound: &Sound,
        books: &mut Books,
    ) -> Result<EventState, NodeError> {
        let named: Vec<Identifier> = sound.event.epcs().map(|epc| epc.id.clone()).collect();
        let mut items: BTreeSet<Identifier> = named.iter().cloned().collect();
        items.extend(books.world.subtree(&named));
        let original = tx.event_by_hash(&sound.content).await?;
        let admission = match &original {
            Some(original) => self.undo(tx, original, sound, books).await?,
            None => Admission::Admitted(vec![Operation::Anchor]),
        };
        let state = state_of(&admission);
        self.write_books(tx, books).await?;
        let declares = original.map(|original| original.id);
        let row = NewEvent { declares, ..self.row_of(capture, parsed, sound, state) };
        items.extend(books.world.subtree(&named));
        let items: Vec<Identifier> = items.into_iter().collect();
        let id = tx.insert_event(&row, &items).await?;
        let Some(id) = id else { return Ok(state) };
        match &admission {
            Admission::Admitted(operations) | Admission::InPart(operations, _) => {
                self.enqueue(tx, &split(id, operations)).await?;
            }
            Admission::Held(breach) => self.open_case(tx, Some(id), breach).await?,
        }
        Ok(state)
    }

    /// Undoes what an event did, if it still can be.
    async fn undo(
        &self,
        tx: &mut WriteTx,
        original: &EventRecord,
        sound: &Sound,
        books: &mut Books,
    ) -> Result<Admission, NodeError> {
        let nothing = Admission::Admitted(vec![Operation::Anchor]);
        if is_undone(tx, original).await? {
            return Ok(nothing);
        }
        let rows = tx.outbox_of_event(original.id).await?;
        let (withdrawn, mut done) = stages(&rows);
        self.look_at_windows(tx, &rows, &mut done).await?;
        if original.state == EventState::Held {
            if done.iter().any(|done| done.stage != Stage::Withdrawn) {
                return Ok(Admission::Held(partly_refused(original)));
            }
            self.close_case_of(tx, original, OUTCOME).await?;
            return Ok(nothing);
        }
        let footprint = footprint_of(tx, original.id).await?;
        self.load_more(tx, books, &rows, &footprint).await?;
        let recorded = jiff::Timestamp::from_millisecond(original.record_time)
            .unwrap_or(sound.event.common().event_time);
        let allowed = undo_allowed(&sound.event, &done, &books.world, recorded, self.now());
        if let Err(breach) = allowed {
            return Ok(Admission::Held(breach));
        }
        match neutralise(&sound.event, &done, &footprint, &mut books.world) {
            Ok(operations) => {
                tx.set_outbox(&withdrawn, OutboxState::Failed, None).await?;
                self.drop_rest(tx, original.id, OUTCOME).await?;
                // What waited for it would wait for ever.
                tx.wake_waiting().await?;
                Ok(Admission::Admitted(operations))
            }
            Err(breach) => Ok(Admission::Held(breach)),
        }
    }

    /// Ends of life on the ledger can be undone while its window for them is open.
    async fn look_at_windows(
        &self,
        tx: &mut ReadTx,
        rows: &[OutboxRecord],
        done: &mut [Done],
    ) -> Result<(), NodeError> {
        for done in done.iter_mut() {
            let is_mined = |row: &&OutboxRecord| {
                row.operation == done.operation && row.state == OutboxState::Mined
            };
            let Operation::Retire { units, .. } = &done.operation else { continue };
            let (Some(_), Some(unit)) = (rows.iter().find(is_mined), units.first()) else {
                continue;
            };
            let until = match self.unit_on_record(tx, unit).await?.and_then(|unit| unit.item.place)
            {
                Some(place) => tx.retirement_covering(&place.holding, place.position).await?,
                None => None,
            };
            // One that the ledger has mined and this node has not followed yet has its whole window.
            let Some(until) = until.map(|row| row.until) else { continue };
            let until = i64::try_from(until).ok().filter(|until| *until > 0);
            let until = until.and_then(|until| jiff::Timestamp::from_second(until).ok());
            done.stage = Stage::retired(until, self.now());
        }
        Ok(())
    }

    /// Gives up lots that an event names and that have no unit here and are not on the ledger: their
    /// commissioning was declared erroneous, and may be corrected with another expiry date. True if
    /// there was one.
    pub(super) async fn free_lots(
        &self,
        tx: &mut ReadTx,
        event: &Event,
        books: &mut Books,
    ) -> Result<bool, NodeError> {
        let mut any = false;
        for lot in super::books::lots(&[event], &World::new(self.gln(), Roles::default())) {
            let Some(row) = books.lots.get(&lot) else { continue };
            let on_ledger = match row.lot_tag {
                Some(tag) => tx.ledger_lot(&tag).await?.is_some(),
                None => true,
            };
            let has_unit = |item: &Item| match &item.id {
                Identifier::Sgtin(unit) => {
                    unit.gtin == lot.gtin && item.lot.as_ref() == Some(&lot.lot)
                }
                _ => false,
            };
            if on_ledger
                || books.world.items.values().any(has_unit)
                || !tx.units_of_lot(&lot).await?.is_empty()
            {
                continue;
            }
            any |= books.world.lots.remove(&lot).is_some();
        }
        Ok(any)
    }

    /// Loads what an event has changed, beside what it names.
    async fn load_more(
        &self,
        tx: &mut WriteTx,
        books: &mut Books,
        rows: &[OutboxRecord],
        footprint: &Footprint,
    ) -> Result<(), NodeError> {
        let units = rows.iter().flat_map(|row| units_of(&row.operation)).map(Identifier::Sgtin);
        let ids: BTreeSet<Identifier> = units.chain(footprint.named().cloned()).collect();
        let ids: Vec<Identifier> = ids.into_iter().collect();
        for record in tx.load_items(&ids).await? {
            books.world.load(record.item);
        }
        let lots: Vec<Lgtin> = footprint.lots.iter().map(|touched| touched.lot.clone()).collect();
        for (lot, row) in tx.load_lots(&lots).await? {
            books.world.lots.insert(lot.clone(), row.record.clone());
            books.lots.insert(lot, row);
        }
        Ok(())
    }
}

/// Whether an earlier declaration has undone the event.
async fn is_undone(tx: &mut ReadTx, original: &EventRecord) -> Result<bool, NodeError> {
    let Some(by) = original.declared_by else { return Ok(false) };
    Ok(tx.event(by).await?.is_some_and(|by| by.state != EventState::Held))
}

/// The operations that are withdrawn when their event is undone, and how far each one is. Those
/// that the ledger has refused did nothing; anchors stay.
fn stages(rows: &[OutboxRecord]) -> (Vec<OutboxId>, Vec<Done>) {
    let mut withdrawn = Vec::new();
    let mut done = Vec::new();
    for row in rows.iter().filter(|row| row.operation != Operation::Anchor) {
        let stage = match row.state {
            OutboxState::Pending | OutboxState::Waiting => {
                withdrawn.push(row.id);
                Stage::Withdrawn
            }
            OutboxState::Signed | OutboxState::Mined => Stage::OnLedger,
            OutboxState::Failed => continue,
        };
        done.push(Done { operation: row.operation.clone(), stage });
    }
    (withdrawn, done)
}

fn partly_refused(original: &EventRecord) -> Breach {
    Breach::new(
        BreachCode::ErrorDeclared,
        format!(
            "expected an event that is held as a whole, found event {} on the ledger in part",
            original.hash
        ),
        "find out with theriac reconcile where the goods are; then capture events that say what is right",
    )
}

fn key(event: EventId) -> String {
    format!("footprint/{event}")
}

/// Keeps what an event has changed beside its operations.
pub(crate) async fn keep_footprint(
    tx: &mut WriteTx,
    event: EventId,
    footprint: &Footprint,
) -> Result<(), NodeError> {
    if footprint.is_empty() {
        return Ok(());
    }
    let text = serde_json::to_string(footprint).map_err(|error| NodeError::Inconsistent {
        expected: "a footprint that can be written as JSON",
        found: error.to_string(),
    })?;
    Ok(tx.set(&key(event), &text).await?)
}

pub(crate) async fn footprint_of(tx: &mut ReadTx, event: EventId) -> Result<Footprint, NodeError> {
    let Some(text) = tx.get(&key(event)).await? else { return Ok(Footprint::default()) };
    serde_json::from_str(&text).map_err(|error| NodeError::Inconsistent {
        expected: "a footprint as this program writes them",
        found: error.to_string(),
    })
}

/// The declarations among events, by the event hash of what they declare erroneous; of several the
/// last on record.
pub(crate) fn declarations_of(events: &[EventRecord]) -> HashMap<Hash, Declaration> {
    let declaration = |record: &EventRecord| {
        let event = event_on_record(record)?;
        let declared = event.common().error_declaration.clone()?;
        let content = Hash(event_hash(&event).0);
        Some((content, Declaration { declared, undone: record.state != EventState::Held }))
    };
    let mut rows: Vec<&EventRecord> = events.iter().collect();
    rows.sort_unstable_by_key(|record| record.id);
    rows.into_iter().filter_map(declaration).collect()
}

/// A declaration on record.
#[derive(Debug, Clone)]
pub(crate) struct Declaration {
    pub(crate) declared: ErrorDeclaration,
    /// Whether what the event did is undone; else the declaration is held in a case.
    pub(crate) undone: bool,
}
