//! Noting shipments where they become known, and putting their content on record.

use theriac_custody::Hash;
use theriac_gs1::Gln;
use theriac_store::{
    ConsignmentRecord, Direction, LedgerHolding, NewConsignment, NewTradeFile, TradeFileState,
    WriteTx,
};

use super::content::Content;
use crate::error::NodeError;
use crate::node::Node;
use crate::partner::Channel;

/// Shipments whose content is put on record in one round.
const ROUND_SHIPMENTS: u64 = 16;

impl Node {
    /// Notes that this member has shipped what is in a holding.
    pub(crate) async fn note_sent(
        &self,
        tx: &mut WriteTx,
        holding: &LedgerHolding,
    ) -> Result<(), NodeError> {
        let Some(to) = tx.member_behind(&holding.consignee).await? else { return Ok(()) };
        // However many holdings it became on the ledger, it is one shipment.
        self.note(tx, Direction::Out, holding.cause, holding.cause, to).await
    }

    /// Notes that a member has announced what is in a holding.
    pub(crate) async fn note_announced(
        &self,
        tx: &mut WriteTx,
        from: Gln,
        holding: &LedgerHolding,
    ) -> Result<(), NodeError> {
        self.note(tx, Direction::In, holding.cause, holding.id, from).await
    }

    async fn note(
        &self,
        tx: &mut WriteTx,
        direction: Direction,
        cause: Hash,
        part: Hash,
        partner: Gln,
    ) -> Result<(), NodeError> {
        let shipped_at = self.now().as_millisecond();
        let new = NewConsignment { direction, cause, part, partner, shipped_at };
        tx.note_consignment(&new).await?;
        Ok(())
    }

    /// Puts the content of shipments on record that were noted; true if there were any.
    pub(crate) async fn record_shipments(&self) -> Result<bool, NodeError> {
        let noted = self.inner().store.consignments_noted(ROUND_SHIPMENTS).await?;
        for record in &noted {
            let content = match record.direction {
                Direction::Out => self.content_sent(record).await?,
                Direction::In => self.content_received(record).await?,
            };
            let mut tx = self.inner().store.write().await?;
            self.keep_content(&mut tx, record, &content).await?;
            tx.commit().await?;
        }
        Ok(!noted.is_empty())
    }

    async fn keep_content(
        &self,
        tx: &mut WriteTx,
        record: &ConsignmentRecord,
        content: &Content,
    ) -> Result<(), NodeError> {
        let shipped_at = content.shipped_at().unwrap_or(record.shipped_at);
        let packs = content.consignment.packs() as u64;
        tx.fill_consignment(record.id, shipped_at, packs, content.pack()?).await?;
        if record.direction == Direction::In || content.event.is_none() {
            return Ok(());
        }
        let settings = tx.partner(&record.partner).await?;
        let settings = settings.as_ref().map(crate::partner::settings_of).unwrap_or_default();
        if settings.channel == Channel::None {
            return Ok(());
        }
        let name = super::document::file_name(record, shipped_at, settings.format);
        tx.insert_trade_file(&NewTradeFile {
            direction: Direction::Out,
            partner: Some(record.partner),
            name,
            at: self.now().as_millisecond(),
            state: TradeFileState::Due,
            cause: Some(record.cause),
        })
        .await?;
        Ok(())
    }
}
