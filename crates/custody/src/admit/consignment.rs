//! The parties of a shipment, as its shipping event names them: who takes the goods over, and who
//! owns them.
//!
//! Custody follows possession: the consignee is the possessing party, else the owning party, else the
//! location. A drop shipment (extension `dropShipment` of the GS1 US guideline, R1.2 and R1.3) goes to the
//! location before the owning party, who has bought the goods and never sees them.

use theriac_epcis::{Event, Extension, ExtensionValue, PartyType};
use theriac_gs1::{Gln, Identifier};

use crate::breach::{Actor, Breach, BreachCode, WaitsFor};
use crate::world::{Role, World};

/// The namespace of the GS1 US guideline for DSCSA.
const US_HEALTHCARE: &str = "http://epcis.gs1us.org/hc/ns";

/// Who takes goods over, and who owns them then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Consignment {
    /// Who takes them over.
    pub consignee: Gln,
    /// Who owns them, if the consignee holds them for somebody else.
    pub owner: Option<Gln>,
    /// Who has bought them without taking them over: the goods are shipped past this one.
    pub passed: Option<Gln>,
}

/// The parties of a shipping event, by a node that knows `world`'s members.
///
/// Goods that go to another one than their owner are held for the owner by a logistics provider; with
/// any other consignee the owner has passed them on: a drop shipment.
///
/// # Errors
///
/// A [`Breach`] if no member is named.
pub fn consignment(event: &Event, world: &World) -> Result<Consignment, Breach> {
    let consignee = consignee(event, world)?;
    let other = owner(event).filter(|owner| *owner != consignee && is_known(*owner, world));
    let holds = world.members.get(&consignee).is_some_and(|m| m.roles.has(Role::Logistics));
    let holds = holds && !is_drop_shipment(event);
    Ok(Consignment {
        consignee,
        owner: other.filter(|_| holds),
        passed: other.filter(|owner| !holds && *owner != world.me),
    })
}

/// The owning party that the event's destinations name.
fn owner(event: &Event) -> Option<Gln> {
    let destinations = &event.common().destinations;
    destinations.iter().find(|d| d.kind == PartyType::OwningParty).and_then(|d| gln(&d.id.id))
}

/// The owning parties that the event's sources name.
pub(super) fn source_owner(event: &Event) -> Option<Gln> {
    let sources = &event.common().sources;
    sources.iter().find(|s| s.kind == PartyType::OwningParty).and_then(|s| gln(&s.id.id))
}

fn consignee(event: &Event, world: &World) -> Result<Gln, Breach> {
    let drop_shipment = is_drop_shipment(event);
    let mut named: Vec<(usize, Gln)> = event
        .common()
        .destinations
        .iter()
        .filter_map(|destination| {
            Some((rank(&destination.kind, drop_shipment), gln(&destination.id.id)?))
        })
        .collect();
    named.sort_unstable();
    let first = named.first().ok_or_else(|| {
        Breach::new(
            BreachCode::ConsigneeMissing,
            "expected a destination with a GLN in destinationList, found none".to_owned(),
            "send the event again with the possessing_party or owning_party (PGLN) or location (SGLN) it went to",
        )
    })?;
    let known = named.iter().map(|(_, gln)| *gln).find(|gln| is_known(*gln, world));
    known.ok_or_else(|| {
        Breach::new(
            BreachCode::ConsigneeUnknown,
            format!("expected the GLN of a member as destination, found {}", first.1),
            format!("register it: theriac member add --gln {} …", first.1),
        )
        .by(Actor::Governor)
        .until(WaitsFor::Member(first.1))
    })
}

fn is_known(gln: Gln, world: &World) -> bool {
    gln == world.me || world.members.contains_key(&gln)
}

fn rank(kind: &PartyType, drop_shipment: bool) -> usize {
    match kind {
        PartyType::PossessingParty => 0,
        PartyType::Location if drop_shipment => 1,
        PartyType::OwningParty => 2,
        _ => 3,
    }
}

fn gln(id: &Identifier) -> Option<Gln> {
    match id {
        Identifier::Pgln(gln) => Some(*gln),
        Identifier::Sgln(sgln) => Some(sgln.gln),
        _ => None,
    }
}

fn is_drop_shipment(event: &Event) -> bool {
    event.common().extensions.iter().any(says_drop_shipment)
}

fn says_drop_shipment(extension: &Extension) -> bool {
    let says = match &extension.value {
        ExtensionValue::Text(text) => text.trim() == "true",
        ExtensionValue::Boolean(yes) => *yes,
        _ => false,
    };
    extension.namespace == US_HEALTHCARE && extension.name == "dropShipment" && says
}
