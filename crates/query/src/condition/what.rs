//! Conditions on the objects of an event: EPCs, classes, quantities, kinds.

use theriac_epcis::{Event, Number, QuantityElement};
use theriac_gs1::Epc;

use super::{EpcField, EpcPattern, Operator, compare_decimals};
use crate::unit::{self, PIECES};

/// The kind of event of EPCIS 1.x that counted objects of one class.
pub(super) const QUANTITY_EVENT: &str = "QuantityEvent";

/// Whether the event is of one of the kinds.
///
/// A `QuantityEvent` of EPCIS 1.x is kept as an object event that observes one quantity and no
/// EPC: an event of that form is of both kinds.
pub(super) fn is_of_kind(kinds: &[String], event: &Event) -> bool {
    kinds.iter().any(|kind| kind == event.kind() || kind == QUANTITY_EVENT && is_count(event))
}

fn is_count(event: &Event) -> bool {
    match event {
        Event::Object(event) => {
            event.action == theriac_epcis::Action::Observe
                && event.epc_list.is_empty()
                && event.quantity_list.len() == 1
        }
        _ => false,
    }
}

/// Whether one of the objects or classes in the field matches one of the patterns.
pub(super) fn names_one(field: EpcField, patterns: &[EpcPattern], event: &Event) -> bool {
    let epc = |epc: &Epc| patterns.iter().any(|pattern| pattern.matches(epc));
    let class = |element: &QuantityElement| {
        patterns.iter().any(|pattern| pattern.matches_class(&element.epc_class))
    };
    match (field, event) {
        (EpcField::Any, event) => event.epcs().any(epc),
        (EpcField::AnyClass, event) => event.quantities().any(class),
        (EpcField::Parent, event) => event.parent_id().is_some_and(epc),
        (EpcField::Input, Event::Transformation(event)) => event.input_epcs.iter().any(epc),
        (EpcField::Output, Event::Transformation(event)) => event.output_epcs.iter().any(epc),
        (EpcField::InputClass, Event::Transformation(event)) => {
            event.input_quantities.iter().any(class)
        }
        (EpcField::OutputClass, Event::Transformation(event)) => {
            event.output_quantities.iter().any(class)
        }
        (EpcField::Epc, Event::Object(event)) => event.epc_list.iter().any(epc),
        (EpcField::Epc, Event::Transaction(event)) => event.epc_list.iter().any(epc),
        (EpcField::Epc, Event::Aggregation(event)) => event.child_epcs.iter().any(epc),
        (EpcField::Epc, Event::Association(event)) => event.child_epcs.iter().any(epc),
        (EpcField::Class, Event::Transformation(_)) => false,
        (EpcField::Class, event) => event.quantities().any(class),
        _ => false,
    }
}

/// Whether one quantity of the event stands in this relation to one of the numbers.
///
/// With a unit of measure, quantities in another unit of the same kind are converted, and those
/// of another kind are left out; without, the unit is not looked at.
pub(super) fn has_quantity(
    operator: Operator,
    uom: Option<&str>,
    numbers: &[Number],
    event: &Event,
) -> bool {
    event.quantities().any(|element| {
        let Some(quantity) = &element.quantity else { return false };
        numbers.iter().any(|wanted| match uom {
            None => operator.holds(compare_decimals(quantity, wanted)),
            Some(uom) => {
                unit::compare(quantity, element.uom.as_deref().unwrap_or(PIECES), wanted, uom)
                    .is_some_and(|order| operator.holds(order))
            }
        })
    })
}
