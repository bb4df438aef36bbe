//! What goes with a shipment's message beside goods and event: descriptions of products and parties,
//! and the seller's statement.

use std::collections::BTreeSet;

use theriac_custody::Hash;
use theriac_epcis::trade::{TradeFinding, TradeItem, TradeParty, TransactionStatement};
use theriac_epcis::{Event, MasterDataElement};
use theriac_gs1::{Gln, Gtin, Identifier, Sgln};
use theriac_store::{
    CaptureSource, EventRecord, ItemRecord, LedgerHolding, NewCapture, ReadTx, WriteTx,
};

use super::content::places;
use crate::admit::event_on_record;
use crate::error::NodeError;
use crate::exchange::ShipmentMessage;
use crate::node::Node;

/// Most elements of master data that one message is believed to carry.
const ELEMENTS_MAX: usize = 10_000;

impl Node {
    /// What is on record here of the products in a shipment and of the parties and places that its
    /// event names.
    pub(crate) async fn descriptions_for(
        &self,
        tx: &mut ReadTx,
        event: Option<&EventRecord>,
        items: &[ItemRecord],
        to: Gln,
    ) -> Result<Vec<MasterDataElement>, NodeError> {
        let gtins: BTreeSet<Gtin> =
            items.iter().filter_map(|record| record.item.id.gtin()).collect();
        let mut glns: BTreeSet<Gln> = [self.gln(), to].into();
        let event: Option<Event> = event.and_then(event_on_record);
        event.iter().for_each(|event| glns.extend(places(event)));
        let places = glns.iter().flat_map(|gln| {
            let place = Sgln { gln: *gln, extension: None };
            [Identifier::Sgln(place), Identifier::Pgln(*gln)]
        });
        let ids: Vec<Identifier> = gtins.into_iter().map(Identifier::Gtin).chain(places).collect();
        let mut elements = tx.master_data_about(&ids).await?;
        elements.truncate(ELEMENTS_MAX);
        Ok(elements)
    }

    /// Takes what came with an announced shipment: it is noted, and the sender's descriptions are
    /// compared with those here and kept as its word.
    pub(crate) async fn hear_shipment(
        &self,
        tx: &mut WriteTx,
        from: Gln,
        opened: &LedgerHolding,
        message: &ShipmentMessage,
    ) -> Result<(), NodeError> {
        self.note_announced(tx, from, opened).await?;
        let elements = message.master_data.get(..ELEMENTS_MAX).unwrap_or(&message.master_data);
        let findings = self.compare_descriptions(tx, from, elements).await?;
        self.note_findings(tx, from, &findings).await?;
        self.keep_told_elements(tx, from, opened.id, elements).await
    }

    /// Counts what differs in descriptions that a partner gives beside a document.
    pub(crate) async fn note_descriptions(
        &self,
        tx: &mut WriteTx,
        partner: Gln,
        elements: &[MasterDataElement],
    ) -> Result<(), NodeError> {
        for finding in self.compare_descriptions(tx, partner, elements).await? {
            self.note_finding(tx, partner, &finding).await?;
        }
        Ok(())
    }

    async fn compare_descriptions(
        &self,
        tx: &mut ReadTx,
        from: Gln,
        elements: &[MasterDataElement],
    ) -> Result<Vec<TradeFinding>, NodeError> {
        let items: Vec<TradeItem> = elements.iter().filter_map(TradeItem::of_element).collect();
        let parties: Vec<TradeParty> = elements.iter().filter_map(TradeParty::of_element).collect();
        let gtins: BTreeSet<Gtin> = items.iter().map(|item| item.gtin).collect();
        let glns: BTreeSet<Gln> = parties.iter().map(|party| party.gln).collect();
        let known = self.known_of(tx, from, &gtins, &glns).await?;
        Ok(known.compare(&items, &parties))
    }

    /// Puts what a partner says of products and places on record, as its word. Master data is of a
    /// capture; `digest` names the document or message, which is kept elsewhere.
    pub(crate) async fn keep_told_elements(
        &self,
        tx: &mut WriteTx,
        partner: Gln,
        digest: Hash,
        elements: &[MasterDataElement],
    ) -> Result<(), NodeError> {
        if elements.is_empty() {
            return Ok(());
        }
        let now = self.now().as_millisecond();
        let capture = tx
            .begin_capture(&NewCapture {
                received_at: now,
                source: CaptureSource::Exchange,
                content_type: None,
                sender: Some(partner),
                error_behaviour: theriac_store::ErrorBehaviour::Proceed,
            })
            .await?;
        tx.seal_capture(capture, digest, 0).await?;
        tx.put_told_master_data(elements, capture, partner).await?;
        Ok(tx.finish_capture(capture, None, now).await?)
    }

    /// The seller's statement in the message about a holding.
    pub(super) async fn statement_told(
        &self,
        tx: &mut ReadTx,
        holding: &Hash,
    ) -> Result<Option<TransactionStatement>, NodeError> {
        #[derive(serde::Deserialize)]
        struct Told {
            #[serde(default)]
            statement: Option<TransactionStatement>,
        }
        let Some(shipment) = tx.received_shipment(holding).await? else { return Ok(None) };
        Ok(serde_json::from_slice::<Told>(&shipment.body).ok().and_then(|told| told.statement))
    }
}
