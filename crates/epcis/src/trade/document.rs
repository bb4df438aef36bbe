//! The document of one shipment: header, history, shipping event.

use std::collections::BTreeSet;
use std::io::Write;

use jiff::Timestamp;
use theriac_gs1::{CompanyPrefixes, Gln, Gtin};

use super::consignment::Consignment;
use super::form::DocumentForm;
use super::history::{Beginnings, history};
use super::party::{TradeParty, gln_in, place};
use super::prefixes::{complete_event, without_urn};
use super::product::TradeItem;
use super::statement::TransactionStatement;
use crate::event::Event;
use crate::read::{BusinessHeader, MasterDataElement, Partner};
use crate::write::{
    CbvFormat, DocumentFormat, DocumentHeader, DocumentWriter, EpcFormat, WriteError, WriteOptions,
};

/// All that the document of a shipment tells.
#[derive(Debug, Clone)]
pub struct TradeDocument<'a> {
    /// The document's own identifier, a URI.
    pub id: String,
    /// When it is made.
    pub made_at: Timestamp,
    /// Who sends it.
    pub sender: Gln,
    /// Who is to receive it.
    pub receiver: Gln,
    /// The shipping event, as it is on record.
    pub shipping: &'a Event,
    /// What is in the shipment.
    pub consignment: &'a Consignment,
    /// Events on record that name what is in it, oldest first, without those declared erroneous.
    pub recorded: &'a [Event],
    /// When packs began of which no commissioning event is on record.
    pub beginnings: &'a Beginnings,
    /// Products and places; those that the shipment has nothing to do with are left out.
    pub items: &'a [TradeItem],
    /// As `items`.
    pub parties: &'a [TradeParty],
    /// The seller's statement.
    pub statement: Option<TransactionStatement>,
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Written {
    /// Number of events.
    pub events: usize,
    /// Identifiers that stand as Digital Links because the length of their company prefix is not
    /// known, at most [`Written::SHOWN_MAX`]; receivers of EPCIS 1.2 may not read them.
    pub without_urn: Vec<String>,
}

impl Written {
    /// Longest list of identifiers.
    pub const SHOWN_MAX: usize = 10;
}

impl TradeDocument<'_> {
    /// Writes the document. Lengths of company prefixes come from the first of `tables` that knows
    /// them.
    ///
    /// # Errors
    ///
    /// [`WriteError::Output`]: those of `out`.
    pub fn write(
        &self,
        form: &DocumentForm,
        tables: &[&CompanyPrefixes],
        out: impl Write,
    ) -> Result<Written, WriteError> {
        let options = WriteOptions {
            epc: match form.format {
                DocumentFormat::Json => EpcFormat::DigitalLink,
                DocumentFormat::Xml | DocumentFormat::Xml12 => EpcFormat::AsRead,
            },
            cbv: CbvFormat::Urn,
            prefixes: None,
        };
        let header = self.header(form, tables);
        let mut writer = DocumentWriter::new(form.format, &header, &options, out);
        let mut written = Written::default();
        let mut events = history(self.consignment, self.recorded, self.beginnings, self.shipping);
        events.iter_mut().for_each(|event| form.apply(event));
        let mut shipping = self.shipping.clone();
        shipping.common_mut().record_time = None;
        form.apply_to_shipping(&mut shipping);
        events.push(shipping);
        for mut event in events {
            complete_event(&mut event, tables);
            let room = Written::SHOWN_MAX.saturating_sub(written.without_urn.len());
            let lacking = without_urn(&event).map(|epc| epc.digital_link());
            written.without_urn.extend(lacking.take(room));
            writer.event(&event)?;
            written.events += 1;
        }
        writer.finish()?;
        if form.format == DocumentFormat::Json {
            written.without_urn.clear();
        }
        Ok(written)
    }

    fn header(&self, form: &DocumentForm, tables: &[&CompanyPrefixes]) -> DocumentHeader {
        let partner = |gln: Gln| match place(gln, tables).urn() {
            Some(identifier) => Partner {
                identifier,
                authority: Some(form.guideline.authority().to_owned()),
                ..Partner::default()
            },
            None => Partner {
                identifier: gln.to_string(),
                authority: Some("GLN".to_owned()),
                ..Partner::default()
            },
        };
        let (sender, receiver) = (partner(self.sender), partner(self.receiver));
        let is_json = form.format == DocumentFormat::Json;
        DocumentHeader {
            id: Some(self.id.clone()),
            sender: is_json.then(|| sender.identifier.clone()),
            receiver: is_json.then(|| receiver.identifier.clone()),
            business_header: (!is_json).then(|| BusinessHeader {
                senders: vec![sender],
                receivers: vec![receiver],
                instance_identifier: Some(self.id.clone()),
                ..BusinessHeader::default()
            }),
            master_data: self.master_data(form, tables),
            header_extensions: TransactionStatement::header_fields(
                self.statement.as_ref(),
                form.guideline,
            ),
            ..DocumentHeader::new(self.made_at)
        }
    }

    /// What is on record of the products and places that the document names; of a place at least
    /// that there is nothing.
    fn master_data(
        &self,
        form: &DocumentForm,
        tables: &[&CompanyPrefixes],
    ) -> Vec<MasterDataElement> {
        let items = self.gtins().into_iter().filter_map(|gtin| {
            let item = self.items.iter().find(|item| item.gtin == gtin)?;
            Some(item.element(form.guideline, tables))
        });
        let parties = self.glns().into_iter().filter_map(|gln| {
            let party = self.parties.iter().find(|party| party.gln == gln)?;
            Some(party.element(tables))
        });
        items.chain(parties).filter(|element| !element.attributes.is_empty()).collect()
    }

    /// The products in the shipment, those of higher packaging levels included.
    fn gtins(&self) -> BTreeSet<Gtin> {
        let lots = self.consignment.lots.iter().map(|lot| lot.gtin);
        let parents = self.consignment.packing.iter().filter_map(|packing| packing.parent.gtin());
        lots.chain(parents).collect()
    }

    /// The parties and places that the document names.
    fn glns(&self) -> BTreeSet<Gln> {
        let places = |event: &Event| {
            let common = event.common();
            let at = common.read_point.iter().chain(&common.biz_location);
            let at = at.map(|place| &place.id.id);
            let from = common.sources.iter().map(|source| &source.id.id);
            let to = common.destinations.iter().map(|destination| &destination.id.id);
            at.chain(from).chain(to).filter_map(gln_in).collect::<Vec<Gln>>()
        };
        let mut glns: BTreeSet<Gln> = [self.sender, self.receiver].into();
        glns.extend(places(self.shipping));
        self.recorded.iter().for_each(|event| glns.extend(places(event)));
        glns
    }
}
