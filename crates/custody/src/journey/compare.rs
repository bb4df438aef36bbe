//! Comparing what a party tells with what the ledger shows.
//!
//! Only what cannot be an honest difference is a contradiction: an event that waits for the ledger, or
//! that tells nothing of custody, contradicts nothing.

use std::fmt;

use theriac_epcis::Event;
use theriac_gs1::{Gln, Identifier};

use super::{Fact, FactKind};
use crate::admit::{Intent, intent_of};
use crate::item::Reason;

/// An event that a party tells of a pack.
#[derive(Debug, Clone, Copy)]
pub struct TellingEvent<'a> {
    /// The party.
    pub by: Gln,
    /// The event.
    pub event: &'a Event,
    /// The fact that it is shown to have caused, by its number.
    pub caused: Option<usize>,
    /// Whether the party says that the ledger is yet to have it, or that it was declared erroneous.
    pub waits: bool,
}

/// What a party tells, and the ledger shows otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Contradiction {
    /// It tells that it made the pack.
    NotCommissioned,
    /// It tells that it shipped the pack to one of these.
    NotShipped {
        /// The destinations that it names.
        told: Vec<Gln>,
        /// Whom the ledger shows that it shipped the pack to.
        shown: Vec<Gln>,
    },
    /// It tells that it received the pack.
    NotReceived,
    /// It tells that the pack's life ended so.
    NotRetired {
        /// The reason that it tells.
        told: Reason,
        /// The one that the ledger shows.
        shown: Option<Reason>,
    },
    /// It tells that it has nothing on record of the pack.
    Known {
        /// The block in which it acted on the pack.
        block: u64,
    },
    /// It tells that the pack's leaf stands where it does not.
    NotAtLeaf,
}

impl fmt::Display for Contradiction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotCommissioned => {
                f.write_str("it says that it made the pack; the ledger shows another maker or none")
            }
            Self::NotShipped { told, shown } => {
                let told = list(told);
                match shown.is_empty() {
                    true => write!(
                        f,
                        "it says that it shipped the pack to {told}; the ledger shows no shipment of it by this member"
                    ),
                    false => write!(
                        f,
                        "it says that it shipped the pack to {told}; the ledger shows that it shipped it to {}",
                        list(shown)
                    ),
                }
            }
            Self::NotReceived => {
                f.write_str("it says that it received the pack; the ledger shows that it did not")
            }
            Self::NotRetired { told, shown: Some(shown) } => {
                write!(f, "it says that the pack is {told}; the ledger shows that it is {shown}")
            }
            Self::NotRetired { told, shown: None } => write!(
                f,
                "it says that the pack is {told}; the ledger shows no end of its life by this member"
            ),
            Self::Known { block } => write!(
                f,
                "it says that nothing is on record of the pack; the ledger shows that it acted on it in block {block}"
            ),
            Self::NotAtLeaf => f.write_str(
                "it says that the pack stands at a leaf of the ledger where it does not stand",
            ),
        }
    }
}

fn list(glns: &[Gln]) -> String {
    let texts: Vec<String> = glns.iter().map(ToString::to_string).collect();
    match texts.is_empty() {
        true => "nobody that has a GLN".to_owned(),
        false => texts.join(" or "),
    }
}

/// What the ledger shows otherwise than an event tells; the facts must be all of the pack's life.
pub fn contradiction(told: &TellingEvent<'_>, facts: &[Fact]) -> Option<Contradiction> {
    if told.event.common().error_declaration.is_some() {
        return None;
    }
    let by_teller = |fact: &&Fact| fact.by == Some(told.by);
    let does = |kind: FactKind| facts.iter().filter(by_teller).any(|fact| fact.what == kind);
    match (intent_of(told.event), told.caused, told.waits) {
        (Intent::Ship { .. }, caused, false) => shipped_elsewhere(told, caused, facts),
        (_, Some(_), _) | (_, _, true) => None,
        (Intent::Commission { .. }, ..) => {
            (!does(FactKind::Commissioned)).then_some(Contradiction::NotCommissioned)
        }
        (Intent::Receive { .. }, ..) => {
            (!does(FactKind::Received)).then_some(Contradiction::NotReceived)
        }
        (Intent::Retire { reason, .. }, ..) if !does(FactKind::Retired(reason)) => {
            let shown = facts.iter().find_map(|fact| match fact.what {
                FactKind::Retired(reason) => Some(reason),
                _ => None,
            });
            Some(Contradiction::NotRetired { told: reason, shown })
        }
        _ => None,
    }
}

/// A shipping event must name the consignee of the shipment that it caused, or of one by the party.
fn shipped_elsewhere(
    told: &TellingEvent<'_>,
    caused: Option<usize>,
    facts: &[Fact],
) -> Option<Contradiction> {
    let destinations = destinations_of(told.event);
    // Between two sites of one member nothing changes hands.
    if caused.is_none() && destinations.contains(&told.by) {
        return None;
    }
    let shipped = |fact: &Fact| fact.what == FactKind::Shipped && fact.by == Some(told.by);
    let shown: Vec<Gln> = match caused.and_then(|number| facts.get(number)) {
        // Retold by another member than the one that it is of.
        Some(fact) if !shipped(fact) => return None,
        Some(fact) => fact.to.into_iter().collect(),
        None => facts.iter().filter(|fact| shipped(fact)).filter_map(|fact| fact.to).collect(),
    };
    let agrees = shown.iter().any(|gln| destinations.contains(gln));
    (!agrees).then_some(Contradiction::NotShipped { told: destinations, shown })
}

/// What the ledger shows otherwise than a party that has nothing on record of the pack.
pub fn denial(by: Gln, facts: &[Fact]) -> Option<Contradiction> {
    let acted = facts.iter().find(|fact| fact.by == Some(by))?;
    Some(Contradiction::Known { block: acted.block })
}

fn destinations_of(event: &Event) -> Vec<Gln> {
    let common = event.common();
    glns(common.destinations.iter().map(|destination| &destination.id.id))
}

/// The parties that an event names as its sources and destinations, each once.
pub fn parties_of(event: &Event) -> Vec<Gln> {
    let common = event.common();
    let sources = common.sources.iter().map(|source| &source.id.id);
    glns(sources.chain(common.destinations.iter().map(|destination| &destination.id.id)))
}

fn glns<'a>(ids: impl Iterator<Item = &'a Identifier>) -> Vec<Gln> {
    let mut glns = Vec::new();
    for id in ids {
        let gln = match id {
            Identifier::Pgln(gln) => *gln,
            Identifier::Sgln(sgln) => sgln.gln,
            _ => continue,
        };
        if !glns.contains(&gln) {
            glns.push(gln);
        }
    }
    glns
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::Hash;
    use theriac_epcis::{
        Action, BizStep, Common, Destination, Disposition, ObjectEvent, Offset, PartyType,
    };
    use theriac_gs1::Epc;

    fn gln(number: u64) -> Gln {
        Gln::from_body(952_110_000_000 + number).unwrap()
    }

    fn fact(what: FactKind, by: u64, to: Option<u64>) -> Fact {
        let (cause, transaction) = (Hash([1; 32]), Hash([2; 32]));
        Fact { what, by: Some(gln(by)), to: to.map(gln), cause, block: 5, transaction, at: 9 }
    }

    fn event(step: BizStep, to: Option<u64>) -> Event {
        let mut common =
            Common::at("2026-11-23T08:00:00Z".parse().unwrap(), Offset::from_minutes(0).unwrap());
        common.biz_step = Some(step);
        common.disposition = Some(Disposition::InTransit);
        common.destinations = to
            .map(|to| Destination {
                kind: PartyType::OwningParty,
                id: Epc::from(Identifier::Pgln(gln(to))),
            })
            .into_iter()
            .collect();
        Event::Object(ObjectEvent {
            common,
            action: Action::Observe,
            epc_list: Vec::new(),
            quantity_list: Vec::new(),
            ilmd: Vec::new(),
        })
    }

    fn tell(event: &Event, caused: Option<usize>, facts: &[Fact]) -> Option<Contradiction> {
        contradiction(&TellingEvent { by: gln(1), event, caused, waits: false }, facts)
    }

    #[test]
    fn a_shipment_to_another_consignee_contradicts_the_ledger() {
        let facts = [fact(FactKind::Commissioned, 1, None), fact(FactKind::Shipped, 1, Some(2))];
        let right = event(BizStep::Shipping, Some(2));
        let wrong = event(BizStep::Shipping, Some(3));
        let inside = event(BizStep::Shipping, Some(1));
        for caused in [None, Some(1)] {
            assert_eq!(tell(&right, caused, &facts), None);
            let expected = Contradiction::NotShipped { told: vec![gln(3)], shown: vec![gln(2)] };
            assert_eq!(tell(&wrong, caused, &facts), Some(expected));
        }
        assert_eq!(tell(&inside, None, &facts), None);
        let none = Contradiction::NotShipped { told: vec![gln(3)], shown: Vec::new() };
        assert_eq!(tell(&wrong, None, &facts[..1]), Some(none));
        // It waits for the ledger, or another member retells it.
        let waits = TellingEvent { by: gln(1), event: &wrong, caused: None, waits: true };
        assert_eq!(contradiction(&waits, &facts[..1]), None);
        let retold = TellingEvent { by: gln(2), event: &right, caused: Some(1), waits: false };
        assert_eq!(contradiction(&retold, &facts), None);
    }

    #[test]
    fn what_the_ledger_does_not_show_was_not_done() {
        let facts = [
            fact(FactKind::Commissioned, 4, None),
            fact(FactKind::Shipped, 4, Some(1)),
            fact(FactKind::Received, 1, None),
            fact(FactKind::Retired(Reason::Dispensed), 1, None),
        ];
        let received = event(BizStep::Receiving, Some(1));
        let dispensed = event(BizStep::Dispensing, None);
        let destroyed = event(BizStep::Destroying, None);
        let observed = event(BizStep::Storing, None);
        for agrees in [&received, &dispensed, &observed] {
            assert_eq!(tell(agrees, None, &facts), None);
        }
        assert_eq!(tell(&received, None, &facts[..2]), Some(Contradiction::NotReceived));
        let (told, shown) = (Reason::Destroyed, Some(Reason::Dispensed));
        assert_eq!(tell(&destroyed, None, &facts), Some(Contradiction::NotRetired { told, shown }));
        let text = tell(&dispensed, None, &facts[..3]).unwrap().to_string();
        assert!(text.ends_with("the ledger shows no end of its life by this member"), "{text}");
        assert_eq!(denial(gln(1), &facts), Some(Contradiction::Known { block: 5 }));
        assert_eq!(denial(gln(9), &facts), None);
    }
}
