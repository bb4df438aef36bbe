//! Shipping by code: the shipping event that a person would else have to write. It takes the way of all
//! events.

use theriac_epcis::{
    Action, BizStep, Common, Destination, Disposition, Event, Extension, ExtensionValue,
    ObjectEvent, Offset, PartyType, Source,
};
use theriac_gs1::{Epc, Gln, Identifier, Sgln};
use theriac_store::EventRecord;

use crate::arrival::{SCANS_MAX, site};
use crate::capture::CaptureEventError;
use crate::error::NodeError;
use crate::node::Node;
use crate::verify::{VerifyError, read_code};

/// What is to be shipped.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShipOrder {
    /// Who owns the goods from then on; this member itself for a transfer between its sites.
    pub to: Gln,
    /// Codes of packs and logistic units, in any form; at most 1000.
    pub codes: Vec<String>,
    /// Who takes the goods over, if it is not the owner: a logistics provider, or, of a drop shipment,
    /// the owner's customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub possessor: Option<Gln>,
    /// Who owns the goods before, if this member only holds them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owned_by: Option<Gln>,
    /// The site that they go to: the URI of an SGLN.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Whether the goods go back to where they came from.
    #[serde(default)]
    pub returned: bool,
    /// Whether they go past the owner, who has sold them on (GS1 US `dropShipment`).
    #[serde(default)]
    pub drop_shipment: bool,
}

/// What became of an order to ship, or to take a shipment back.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ShipReport {
    /// Hash of the event.
    pub event: String,
    /// Its state in a word: `admitted` or `held`.
    pub state: String,
    /// The case, if it is held.
    pub case: Option<i64>,
    /// Why it is held.
    pub reason: Option<String>,
    /// What to do then.
    pub what_to_do: Option<String>,
}

/// Why nothing is shipped.
#[derive(Debug, thiserror::Error)]
pub enum ShipError {
    /// A code cannot be read, or names no goods.
    #[error(transparent)]
    Code(#[from] VerifyError),
    /// A part of the order is wrong.
    #[error("expected {expected}, found {found}")]
    Wrong {
        /// What was expected.
        expected: &'static str,
        /// What was found.
        found: String,
    },
    /// The event is refused.
    #[error(transparent)]
    Event(#[from] CaptureEventError),
    /// This node's own fault.
    #[error(transparent)]
    Node(#[from] NodeError),
}

impl Node {
    /// Captures the shipping event that an order means.
    ///
    /// # Errors
    ///
    /// [`ShipError`]. An event that breaks a rule of custody is no error: its case says why.
    pub async fn ship(&self, order: &ShipOrder) -> Result<ShipReport, ShipError> {
        let goods = self.goods(&order.codes)?;
        let place = match &order.place {
            Some(place) => Some(site(place).map_err(|_| wrong("the URI of an SGLN", place))?),
            None => None,
        };
        let event = self.shipping_event(order, goods, place);
        Ok(report(&self.capture_event(event).await?))
    }

    /// Captures the event that takes a shipment back that nobody has received. The ledger takes back
    /// whole shipments.
    ///
    /// # Errors
    ///
    /// As [`ship`](Self::ship).
    pub async fn take_back(&self, codes: &[String]) -> Result<ShipReport, ShipError> {
        let goods = self.goods(codes)?;
        let mut common = Common::at(self.now(), Offset::UTC);
        common.biz_step = Some(BizStep::VoidShipping);
        common.disposition = Some(Disposition::SellableNotAccessible);
        common.read_point = Some(own_site(self.gln()).into());
        Ok(report(&self.capture_event(object(common, goods)).await?))
    }

    fn goods(&self, codes: &[String]) -> Result<Vec<Epc>, ShipError> {
        if codes.is_empty() || codes.len() > SCANS_MAX {
            return Err(wrong("1 to 1000 codes", &format!("{} codes", codes.len())));
        }
        let read = codes.iter().map(|code| Ok(Epc::from(read_code(code, self.today())?.id)));
        read.collect()
    }

    fn shipping_event(
        &self,
        order: &ShipOrder,
        goods: Vec<Epc>,
        place: Option<Identifier>,
    ) -> Event {
        let me = self.gln();
        let mut common = Common::at(self.now(), Offset::UTC);
        common.biz_step = Some(BizStep::Shipping);
        common.disposition = Some(match order.returned {
            true => Disposition::Returned,
            false => Disposition::InTransit,
        });
        common.read_point = Some(own_site(me).into());
        let owner = order.owned_by.unwrap_or(me);
        let mut sources = vec![(PartyType::OwningParty, party(owner))];
        if owner != me {
            sources.push((PartyType::PossessingParty, party(me)));
        }
        common.sources = sources.into_iter().map(|(kind, id)| Source { kind, id }).collect();
        let holder = order.possessor.unwrap_or(order.to);
        let mut destinations = vec![(PartyType::OwningParty, party(order.to))];
        if holder != order.to {
            destinations.push((PartyType::PossessingParty, party(holder)));
        }
        let place = place.map_or_else(|| own_site(holder), Epc::from);
        destinations.push((PartyType::Location, place));
        common.destinations =
            destinations.into_iter().map(|(kind, id)| Destination { kind, id }).collect();
        if order.drop_shipment {
            common.extensions.push(Extension {
                namespace: "http://epcis.gs1us.org/hc/ns".to_owned(),
                name: "dropShipment".to_owned(),
                value: ExtensionValue::Text("true".to_owned()),
                attributes: Vec::new(),
            });
        }
        object(common, goods)
    }
}

fn object(common: Common, epc_list: Vec<Epc>) -> Event {
    Event::Object(ObjectEvent {
        common,
        action: Action::Observe,
        epc_list,
        quantity_list: Vec::new(),
        ilmd: Vec::new(),
    })
}

fn party(gln: Gln) -> Epc {
    Epc::from(Identifier::Pgln(gln))
}

fn own_site(gln: Gln) -> Epc {
    Epc::from(Identifier::Sgln(Sgln { gln, extension: None }))
}

fn wrong(expected: &'static str, found: &str) -> ShipError {
    ShipError::Wrong { expected, found: found.to_owned() }
}

fn report(record: &EventRecord) -> ShipReport {
    let open = record.case.as_ref().filter(|case| case.closed_at.is_none());
    ShipReport {
        event: record.hash.to_string(),
        state: record.state.word().to_owned(),
        case: open.map(|case| case.id.0),
        reason: open.map(|case| case.matter.reason.clone()),
        what_to_do: open.map(|case| case.matter.what_to_do.clone()),
    }
}
