//! Work on inquiries: answer those of others, ask further parties, remind those that are late.

use jiff::ToSpan;
use theriac_gs1::Gln;
use theriac_store::{DeliveryState, InquiryKind, InquiryPartyRecord, InquiryRecord, InquiryState};

use super::receive::items_of;
use crate::admit::event_on_record;
use crate::clock::days_of;
use crate::error::NodeError;
use crate::node::Node;
use crate::trace::Gathered;

/// Inquiries worked on in one round.
const ROUND_INQUIRIES: u64 = 16;

/// Parties looked at for a reminder in one round.
const ROUND_REMINDERS: u64 = 1_000;

/// Parties asked in one inquiry at most.
const PARTIES_MAX: usize = 500;

impl Node {
    /// Does what can be done for inquiries now; true if something was.
    pub(crate) async fn work_on_inquiries(&self) -> Result<bool, NodeError> {
        let store = &self.inner().store;
        let received = store.inquiries_in(InquiryState::Received, ROUND_INQUIRIES).await?;
        for inquiry in &received {
            self.answer_inquiry(inquiry).await?;
        }
        let open = store.inquiries_in(InquiryState::Open, ROUND_INQUIRIES).await?;
        for inquiry in &open {
            self.extend_inquiry(inquiry).await?;
        }
        let reminded = self.remind_late().await?;
        Ok(!received.is_empty() || !open.is_empty() || reminded)
    }

    /// Asks the parties that the ledger and the answers name and that were not asked yet.
    async fn extend_inquiry(&self, inquiry: &InquiryRecord) -> Result<(), NodeError> {
        let parties = match inquiry.kind {
            InquiryKind::Authority => self.parties_to_ask(inquiry).await?,
            // Only those that are silent; what they name is asked when the pack is traced again.
            InquiryKind::Trace => Vec::new(),
        };
        let mut tx = self.inner().store.write().await?;
        for party in parties {
            self.ask_one(&mut tx, inquiry, party).await?;
        }
        self.complete_if_done(&mut tx, inquiry).await?;
        Ok(tx.commit().await?)
    }

    async fn parties_to_ask(&self, inquiry: &InquiryRecord) -> Result<Vec<Gln>, NodeError> {
        let members = self.inner().store.members(days_of(self.today())).await?;
        let mut parties: Vec<Gln> = Vec::new();
        for (_, gathered) in self.gathered_in(inquiry).await? {
            for gln in gathered.named().iter().filter(|gln| members.contains_key(gln)) {
                if *gln != self.gln() && !parties.contains(gln) && parties.len() < PARTIES_MAX {
                    parties.push(*gln);
                }
            }
        }
        Ok(parties)
    }

    /// What the ledger shows and the parties have told of each item of an inquiry.
    pub(super) async fn gathered_in(
        &self,
        inquiry: &InquiryRecord,
    ) -> Result<Vec<(theriac_gs1::Identifier, Gathered)>, NodeError> {
        let told = self.inner().store.told_in(inquiry.id).await?;
        let mut all = Vec::new();
        for item in items_of(inquiry) {
            let mut gathered = self.gathered_here(&item).await?;
            for event in self.inner().store.events_of_item(&item).await? {
                if let Some(event) = event_on_record(&event) {
                    gathered.meet(theriac_custody::journey::parties_of(&event));
                }
            }
            for record in told.iter().filter(|record| record.item == item) {
                if let Some(heard) = crate::trace::heard_before(record) {
                    self.learn(&mut gathered, heard, &item).await?;
                }
            }
            all.push((item, gathered));
        }
        Ok(all)
    }

    /// Reminds the parties that are late, once a day each, unless they cannot be reached at all.
    async fn remind_late(&self) -> Result<bool, NodeError> {
        let now = self.now();
        let day_ago = now.checked_sub(24.hours()).unwrap_or(now).as_millisecond();
        let late =
            self.inner().store.late_parties(now.as_millisecond(), day_ago, ROUND_REMINDERS).await?;
        let mut any = false;
        for party in &late {
            any |= self.remind_party(party).await?;
        }
        Ok(any)
    }

    async fn remind_party(&self, late: &InquiryPartyRecord) -> Result<bool, NodeError> {
        let mut tx = self.inner().store.write().await?;
        let Some(inquiry) = tx.inquiry(late.inquiry).await? else { return Ok(false) };
        let on_its_way = tx.deliveries_about(&inquiry.number).await?;
        let waits =
            on_its_way.iter().any(|one| one.to == late.party && one.state == DeliveryState::Due);
        if waits {
            return Ok(false);
        }
        self.post_inquiry(&mut tx, &inquiry, late.party, late.reminders + 1).await?;
        tx.party_reminded(inquiry.id, late.party, self.now().as_millisecond()).await?;
        tx.commit().await?;
        Ok(true)
    }
}
