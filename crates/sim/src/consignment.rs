//! What passes between two companies: a consignment, its documents, its shipping and receiving
//! events (EPCIS guideline of GS1 US for DSCSA: top-level units, order and despatch advice,
//! owning party and location of both sides).

use theriac_epcis::{
    Action, BizStep, BizTransaction, BizTransactionType, Common, Destination, Disposition, Event,
    PartyType, Source,
};
use theriac_gs1::Epc;

use crate::company::{Company, Place};
use crate::occurrence::{at, object};
use crate::script::Script;

/// One delivery from a company to another.
#[derive(Debug, Clone)]
pub(crate) struct Consignment {
    from: Company,
    to: Company,
    number: u32,
    is_return: bool,
    /// The top-level units that travel.
    pub(crate) epcs: Vec<Epc>,
}

impl Consignment {
    /// A delivery of goods sold.
    pub(crate) fn sale(script: &mut Script, from: usize, to: usize, epcs: Vec<Epc>) -> Self {
        let number = script.next_consignment();
        let (from, to) = (script.company(from).clone(), script.company(to).clone());
        Self { from, to, number, is_return: false, epcs }
    }

    /// Goods that their buyer sends back.
    pub(crate) fn goods_back(script: &mut Script, from: usize, to: usize, epcs: Vec<Epc>) -> Self {
        Self { is_return: true, ..Self::sale(script, from, to, epcs) }
    }

    /// The goods leave.
    pub(crate) fn ship(&self) -> Event {
        let mut common = self.common(at(&self.from, Place::Dock, BizStep::Shipping));
        common.biz_location = None;
        common.disposition = Some(match self.is_return {
            true => Disposition::Returned,
            false => Disposition::InTransit,
        });
        object(common, Action::Observe, self.epcs.clone(), Vec::new())
    }

    /// The goods are taken over.
    pub(crate) fn receive(&self, epcs: Vec<Epc>) -> Event {
        let mut common = self.common(at(&self.to, Place::Dock, BizStep::Receiving));
        common.disposition = Some(Disposition::InProgress);
        object(common, Action::Observe, epcs, Vec::new())
    }

    /// Goods are refused at the dock because they are damaged.
    pub(crate) fn refuse(&self, epcs: Vec<Epc>) -> Event {
        let mut common = self.common(at(&self.to, Place::Dock, BizStep::Receiving));
        common.biz_location = None;
        common.disposition = Some(Disposition::Damaged);
        object(common, Action::Observe, epcs, Vec::new())
    }

    fn common(&self, mut common: Common) -> Common {
        common.biz_transactions = self.documents();
        common.sources =
            [(PartyType::OwningParty, self.from.party()), (PartyType::Location, self.from.site())]
                .map(|(kind, id)| Source { kind, id })
                .into();
        common.destinations =
            [(PartyType::OwningParty, self.to.party()), (PartyType::Location, self.to.site())]
                .map(|(kind, id)| Destination { kind, id })
                .into();
        common
    }

    /// Order of the buyer and despatch advice of the seller; of a return, the seller's
    /// authorisation and the buyer's despatch advice.
    fn documents(&self) -> Vec<BizTransaction> {
        let document = |kind, company: &Company, name: &str| BizTransaction {
            kind: Some(kind),
            id: format!("urn:epcglobal:cbv:bt:{}:{name}{:05}", company.gln, self.number),
        };
        let agreement = match self.is_return {
            true => document(BizTransactionType::Rma, &self.to, "RMA"),
            false => document(BizTransactionType::Po, &self.to, "PO"),
        };
        vec![agreement, document(BizTransactionType::Desadv, &self.from, "DA")]
    }
}
