//! What this node knows of a pack's custody: from the ledger, and from what it has admitted since.

use jiff::Timestamp;
use theriac_custody::alarm::{Custody, End, Stay};
use theriac_custody::{HoldingState, Item, ItemStatus, Reason, Role, admit};
use theriac_epcis::Event;
use theriac_gs1::{Gln, Identifier, Sgtin};
use theriac_store::{EventState, LedgerHolding, ReadTx};

use super::sight::place_of;
use crate::admit::event_on_record;
use crate::clock::days_of;
use crate::error::NodeError;
use crate::locate::{Followed, Located};
use crate::node::Node;

/// Who had a pack since when, while it is put together.
#[derive(Default)]
struct Stays(Vec<Stay>);

impl Stays {
    fn goes_to(&mut self, member: Option<Gln>, from: Timestamp) {
        let Some(member) = member else { return };
        if let Some(last) = self.0.last_mut() {
            if last.member == member {
                return;
            }
            last.until = Some(from);
        }
        self.0.push(Stay { member, from, until: None });
    }
}

impl Node {
    /// The regulators, who may have any pack in hand.
    pub(super) async fn regulators(&self, tx: &mut ReadTx) -> Result<Vec<Gln>, NodeError> {
        let members = tx.members(days_of(self.today())).await?;
        let regulators = members.values().filter(|member| member.roles.has(Role::Regulator));
        Ok(regulators.map(|member| member.gln).collect())
    }

    /// What is known of the custody of a unit; `exempt` may have any pack in hand, and so may its
    /// labeler.
    pub(super) async fn custody_of(
        &self,
        tx: &mut ReadTx,
        followed: &mut Followed,
        unit: &Sgtin,
        exempt: &[Gln],
    ) -> Result<Custody, NodeError> {
        let labeler = tx.labeler_of(&[unit.gtin]).await?.remove(&unit.gtin);
        let exempt = exempt.iter().copied().chain(labeler).collect();
        let Some(record) = self.unit_on_record(tx, unit).await? else {
            return Ok(Custody { exempt, ..Custody::default() });
        };
        let mut stays = Stays::default();
        let mut located = None;
        if let Some(place) = record.item.place {
            let origin = self.origin_of(tx, followed, place).await?;
            let mut holdings = origin.map(|(_, _, path)| path).unwrap_or_default();
            let found = self.locate_in(tx, place).await?;
            for holding in &found.path {
                if !holdings.iter().any(|known| known.id == holding.id) {
                    holdings.push(holding.clone());
                }
            }
            for holding in &holdings {
                self.add_stays(tx, holding, &mut stays).await?;
            }
            located = Some(found);
        }
        let here = matches!(
            record.item.status,
            ItemStatus::InStock | ItemStatus::Quarantined | ItemStatus::Expected
        );
        if here {
            // Admitted, and not on the ledger yet.
            stays.goes_to(Some(self.gln()), self.now());
        }
        let awaited = match located.as_ref().and_then(|located| located.holding.as_ref()) {
            Some(holding) if holding.state == HoldingState::InTransit => {
                tx.member_behind(&holding.consignee).await?
            }
            _ => None,
        };
        let end = self.end_of(tx, &record.item, located.as_ref()).await?;
        Ok(Custody { stays: stays.0, awaited, end, exempt })
    }

    /// Who had what is in a holding, since it was opened.
    async fn add_stays(
        &self,
        tx: &mut ReadTx,
        holding: &LedgerHolding,
        stays: &mut Stays,
    ) -> Result<(), NodeError> {
        let opened = self.block_time(tx, holding.block).await?;
        let opener = tx.member_behind(&holding.opener).await?;
        stays.goes_to(opener, opened);
        let changes = tx.holding_changes(&holding.id).await?;
        if changes.is_empty() && holding.state != HoldingState::InTransit {
            // Refused goods are back with their sender, and the consignee has opened the holding.
            stays.goes_to(tx.member_behind(&holding.holder).await?, opened);
        }
        for change in changes {
            let from = self.block_time(tx, change.block).await?;
            stays.goes_to(tx.member_behind(&change.account).await?, from);
        }
        Ok(())
    }

    async fn block_time(&self, tx: &mut ReadTx, block: u64) -> Result<Timestamp, NodeError> {
        let seconds = tx.block(block).await?.map_or(0, |block| block.timestamp);
        Ok(timestamp(seconds))
    }

    /// How the unit's life ended: by the event on record here, or else by the ledger.
    async fn end_of(
        &self,
        tx: &mut ReadTx,
        item: &Item,
        located: Option<&Located>,
    ) -> Result<Option<End>, NodeError> {
        if let ItemStatus::Retired(reason) = item.status
            && let Some(event) = self.ending_event(tx, &item.id, reason).await?
        {
            let (member, at) = (self.gln(), event.common().event_time);
            return Ok(Some(End { member, place: place_of(&event), at, reason }));
        }
        let Some(retired) = located.and_then(|located| located.retired.as_ref()) else {
            return Ok(None);
        };
        let Some(member) = tx.member_behind(&retired.holder).await? else { return Ok(None) };
        let at = timestamp(retired.timestamp);
        Ok(Some(End { member, place: None, at, reason: retired.reason }))
    }

    /// The last event on record that ended the life of an item for this reason.
    pub(super) async fn ending_event(
        &self,
        tx: &mut ReadTx,
        id: &Identifier,
        reason: Reason,
    ) -> Result<Option<Event>, NodeError> {
        let records = tx.events_of_item(id).await?;
        let admitted = records.iter().rev().filter(|record| record.state != EventState::Held);
        let ending = |event: &Event| {
            event.common().error_declaration.is_none() && admit::ends(event) == Some(reason)
        };
        Ok(admitted.filter_map(event_on_record).find(ending))
    }
}

fn timestamp(seconds: u64) -> Timestamp {
    let seconds = i64::try_from(seconds).ok();
    seconds.and_then(|s| Timestamp::from_second(s).ok()).unwrap_or(Timestamp::MAX)
}
