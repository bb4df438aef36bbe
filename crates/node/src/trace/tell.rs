//! Telling: what this member says about an item to another one, as far as its consent goes.
//!
//! # Invariants
//!
//! - What an asker was a party of, it is told, unless regulators are refused and it is one.
//! - Nothing that is told depends on what other members tell.
//! - Every answer is noted: who was told how much about what.

use theriac_custody::item::is_unit;
use theriac_custody::journey::{Decision, Fact, FactKind, Sight, Standing, parties, parties_of};
use theriac_custody::{Hash, Place, Role, Tree};
use theriac_epcis::Event;
use theriac_gs1::{Gln, Identifier, Lgtin, Sgtin};
use theriac_ledger::bundle::event_as_proven;
use theriac_store::{EventRecord, EventState, InquiryKind, ReadTx};

use super::statement::{Told, ToldEvent, ToldLeaf};
use crate::admit::event_on_record;
use crate::clock::days_of;
use crate::error::NodeError;
use crate::node::Node;

/// Events told about one item at most, the oldest.
const EVENTS_MAX: usize = 200;

/// Bytes of events told about one item at most; longer ones are left out.
const EVENT_BYTES_MAX: usize = 512 << 10;

/// Who asks, and what for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asking {
    /// The member.
    pub(crate) by: Gln,
    /// Why.
    pub(crate) kind: InquiryKind,
    /// The inquiry that it is part of.
    pub(crate) inquiry: Option<Hash>,
    /// Whether a person here has approved that all is told.
    pub(crate) approved: bool,
    /// Whether it is also to be shown where the item stands on the ledger.
    pub(crate) leaf: bool,
}

/// What is on record here of an item.
struct OnRecord {
    events: Vec<(EventRecord, Event)>,
    facts: Vec<Fact>,
    status: Option<&'static str>,
    place: Option<Place>,
}

impl Node {
    /// What this member tells about an item; `None` if a person must approve it first.
    pub(crate) async fn tell(
        &self,
        id: &Identifier,
        asking: Asking,
    ) -> Result<Option<Told>, NodeError> {
        let mut tx = self.inner().store.read().await?;
        let found = self.on_record(&mut tx, id).await?;
        let decision = match asking.approved {
            true => Decision::Tell(Sight::All),
            false => self.decide(&mut tx, id, asking.by, &found).await?,
        };
        let told = match decision {
            Decision::AfterApproval => return Ok(None),
            Decision::Refuse => self.refused(id, asking, "this member answers no regulator"),
            Decision::Tell(sight) => self.compose(&mut tx, id, asking, sight, found).await?,
        };
        drop(tx);
        let sight = if told.refused.is_some() { "refused" } else { told.sight.word() };
        let now = self.now().as_millisecond();
        let mut tx = self.inner().store.write().await?;
        tx.note_disclosure(asking.by, id, asking.kind, sight, now).await?;
        tx.commit().await?;
        Ok(Some(told))
    }

    /// An answer that tells nothing but why.
    pub(crate) fn refused(&self, id: &Identifier, asking: Asking, reason: &str) -> Told {
        Told {
            to: asking.by,
            inquiry: asking.inquiry,
            item: id.digital_link(),
            at: self.now().to_string(),
            sight: Sight::Nothing,
            refused: Some(reason.to_owned()),
            known: None,
            status: None,
            from: Vec::new(),
            next: Vec::new(),
            leaf: None,
            events: Vec::new(),
            packs: Vec::new(),
        }
    }

    async fn on_record(&self, tx: &mut ReadTx, id: &Identifier) -> Result<OnRecord, NodeError> {
        let records = tx.load_items(std::slice::from_ref(id)).await?;
        let item = records.into_iter().map(|record| record.item).find(|item| item.id == *id);
        let place = item.as_ref().and_then(|item| item.place);
        let facts = match place {
            Some(place) => self.facts_at(tx, place).await?,
            None => Vec::new(),
        };
        let events = tx.events_of_item(id).await?.into_iter();
        let events = events
            .filter(|record| record.state != EventState::Held)
            .filter_map(|record| event_on_record(&record).map(|event| (record, event)))
            .take(EVENTS_MAX)
            .collect();
        Ok(OnRecord { events, facts, status: item.map(|item| item.status.word()), place })
    }

    /// What the consent says, for what the asker is to the item.
    async fn decide(
        &self,
        tx: &mut ReadTx,
        id: &Identifier,
        asking: Gln,
        found: &OnRecord,
    ) -> Result<Decision, NodeError> {
        let members = tx.members(days_of(self.today())).await?;
        let gtin = match id {
            Identifier::Sgtin(unit) => Some(unit.gtin),
            Identifier::Lgtin(lot) => Some(lot.gtin),
            _ => None,
        };
        let labeler = match gtin {
            Some(gtin) => tx.labeler_of(&[gtin]).await?.remove(&gtin),
            None => None,
        };
        let holds = parties(&found.facts).contains(&asking)
            || found.events.iter().any(|(_, event)| parties_of(event).contains(&asking));
        let standing = match members.get(&asking) {
            Some(member) if member.roles.has(Role::Regulator) => Standing::Regulator,
            _ if labeler == Some(asking) => Standing::Labeler,
            _ if holds => Standing::Holder,
            _ => Standing::Member,
        };
        Ok(self.config().consent.decide(asking, standing))
    }

    /// Puts together what is told.
    async fn compose(
        &self,
        tx: &mut ReadTx,
        id: &Identifier,
        asking: Asking,
        sight: Sight,
        found: OnRecord,
    ) -> Result<Told, NodeError> {
        let (from, next) = self.neighbours(&found, sight, asking.by);
        let is_party = from.contains(&asking.by) || next.contains(&asking.by);
        let leaf = match (id, found.place) {
            (Identifier::Sgtin(unit), Some(place)) if asking.leaf => {
                match sight > Sight::Nothing || is_party {
                    true => self.leaf_shown(tx, unit, place).await?,
                    false => None,
                }
            }
            _ => None,
        };
        let mut told = self.refused(id, asking, "");
        told.refused = None;
        told.sight = sight;
        let known = found.status.is_some() || !found.events.is_empty();
        told.known = (sight > Sight::Nothing || is_party).then_some(known);
        told.status = (sight == Sight::All).then(|| found.status.map(str::to_owned)).flatten();
        let mut left = EVENT_BYTES_MAX;
        for (record, event) in &found.events {
            if sight < Sight::All && !parties_of(event).contains(&asking.by) {
                continue;
            }
            let Some(one) = self.told_event(tx, record, event).await? else { continue };
            let bytes = one.event.to_string().len();
            if bytes <= left {
                left -= bytes;
                told.events.push(one);
            }
        }
        if let Identifier::Lgtin(lot) = id {
            self.tell_lot(tx, lot, sight, &mut told).await?;
        }
        (told.from, told.next, told.leaf) =
            (merged(told.from, from), merged(told.next, next), leaf);
        Ok(told)
    }

    /// The members that the item came from and went to, as far as the asker may see them: it always
    /// sees itself.
    fn neighbours(&self, found: &OnRecord, sight: Sight, asking: Gln) -> (Vec<Gln>, Vec<Gln>) {
        let me = Some(self.gln());
        let (mut from, mut next) = (Vec::new(), Vec::new());
        for fact in &found.facts {
            match fact.what {
                FactKind::Shipped if fact.by == me => next.extend(fact.to),
                FactKind::Shipped if fact.to == me => from.extend(fact.by),
                _ => {}
            }
        }
        let may_see = |gln: &Gln| sight > Sight::Nothing || *gln == asking;
        let seen = |list: Vec<Gln>| merged(Vec::new(), list.into_iter().filter(may_see).collect());
        (seen(from), seen(next))
    }

    /// The event with its way to the cause that the ledger has; `None` for one that cannot be written
    /// so that its hash covers it.
    async fn told_event(
        &self,
        tx: &mut ReadTx,
        record: &EventRecord,
        event: &Event,
    ) -> Result<Option<ToldEvent>, NodeError> {
        let Some(written) = event_as_proven(event) else { return Ok(None) };
        let mut told = ToldEvent {
            event: written,
            position: 0,
            path: Vec::new(),
            waits: record.state == EventState::Admitted,
        };
        if let Some(transaction) = &record.transaction {
            let rows = tx.outbox_of_transaction(transaction.id).await?;
            let mut hashes: Vec<Hash> = rows.iter().map(|row| row.event_hash).collect();
            hashes.dedup();
            let position = hashes.iter().position(|hash| *hash == record.hash).unwrap_or_default();
            let path = Tree::over(hashes).and_then(|tree| tree.path(0, position as u64));
            told.path = path.unwrap_or_default();
            told.position = position as u64;
        }
        Ok(Some(told))
    }

    /// Where the unit stands on the ledger, with all that shows it.
    async fn leaf_shown(
        &self,
        tx: &mut ReadTx,
        unit: &Sgtin,
        place: Place,
    ) -> Result<Option<ToldLeaf>, NodeError> {
        let Some(record) = self.unit_on_record(tx, unit).await? else { return Ok(None) };
        let (Some(lot), Some(unit_salt)) = (record.item.lot, record.salt) else { return Ok(None) };
        let lgtin = Lgtin { gtin: unit.gtin, lot };
        let row = tx.load_lots(std::slice::from_ref(&lgtin)).await?.remove(&lgtin);
        let (Some(row), Some(known)) = (row, tx.known_holding(&place.holding).await?) else {
            return Ok(None);
        };
        let Some(lot_salt) = row.salt else { return Ok(None) };
        let tree = Tree::new(known.height, known.leaves);
        let path = tree.and_then(|tree| tree.path(0, place.position));
        Ok(path.ok().map(|path| ToldLeaf {
            holding: place.holding,
            position: place.position,
            path,
            lot: lgtin.lot,
            expiry: row.record.expiry,
            lot_salt,
            unit_salt,
        }))
    }
}

/// Both lists in one, each member once.
fn merged(mut list: Vec<Gln>, more: Vec<Gln>) -> Vec<Gln> {
    list.extend(more);
    let mut once = Vec::with_capacity(list.len());
    for gln in list {
        if !once.contains(&gln) {
            once.push(gln);
        }
    }
    once
}

/// The packs that an event made from others, and those others, if the item is among either.
pub(super) fn made(event: &Event, id: &Identifier) -> Option<(bool, Vec<Identifier>)> {
    let Event::Transformation(event) = event else { return None };
    let units = |epcs: &[theriac_gs1::Epc]| -> Vec<Identifier> {
        epcs.iter().map(|epc| epc.id.clone()).filter(is_unit).collect()
    };
    let (inputs, outputs) = (units(&event.input_epcs), units(&event.output_epcs));
    match (outputs.contains(id), inputs.contains(id)) {
        (true, _) => Some((true, inputs)),
        (_, true) => Some((false, outputs)),
        _ => None,
    }
}
