//! Rules on identifiers and quantities (EPCIS 2.0, section 7.3.3).

use theriac_gs1::{Epc, Identifier, Uri};

use super::Violation;
use crate::event::{Event, QuantityElement};

/// `identifier-is-right`: an object, parent or class that claims to be a GS1 key is one: its form,
/// its number of digits and its check digit are right (section 7.3.3; EPC Tag Data Standard).
pub(super) fn identifiers_are_right(event: &Event, violations: &mut Vec<Violation>) {
    let mut judge = |path: &dyn Fn() -> String, epc: &Epc| {
        let Identifier::Other(uri) = &epc.id else { return };
        if let Err(error) = Identifier::from_uri(uri.as_str()) {
            let expected = format!("a right identifier ({error})");
            violations.push(Violation::new("identifier-is-right", path(), expected, uri.as_str()));
        }
    };
    if let Some(parent) = event.parent_id() {
        judge(&|| "parentID".to_owned(), parent);
    }
    for (name, epcs) in lists(event) {
        for (index, epc) in epcs.iter().enumerate() {
            judge(&|| format!("{name}[{index}]"), epc);
        }
    }
    for (path, element) in quantities(event) {
        judge(&|| format!("{path}.epcClass"), &element.epc_class);
    }
}

/// `class-is-class`: quantities are of classes, not of instances (section 7.3.3.3).
///
/// The reverse, a class in a list of objects, stands in examples of the standard itself and is
/// left to custody, which knows no unit of that name.
pub(super) fn classes_are_classes(event: &Event, violations: &mut Vec<Violation>) {
    for (path, element) in quantities(event) {
        if matches!(element.epc_class.id, Identifier::Sgtin(_) | Identifier::Sscc(_)) {
            violations.push(Violation::new(
                "class-is-class",
                format!("{path}.epcClass"),
                "a class such as a GTIN or LGTIN",
                format!("the instance {}", element.epc_class),
            ));
        }
    }
}

/// `quantity-is-amount`: a unit of measure is a code of UN/CEFACT Recommendation 20; without one
/// the quantity counts pieces, so it is whole; it is never negative (section 7.3.3.3).
pub(super) fn quantities_are_amounts(event: &Event, violations: &mut Vec<Violation>) {
    const RULE: &str = "quantity-is-amount";
    for (path, element) in quantities(event) {
        if let Some(uom) = element.uom.as_deref().filter(|uom| !is_unit(uom)) {
            let expected = "a unit code of two or three characters such as KGM";
            violations.push(Violation::new(RULE, format!("{path}.uom"), expected, uom));
        }
        let Some(quantity) = &element.quantity else { continue };
        let path = format!("{path}.quantity");
        if quantity.as_str().starts_with('-') {
            let expected = "a number that is not negative";
            violations.push(Violation::new(RULE, path, expected, quantity.as_str()));
        } else if element.uom.is_none() && quantity.as_u64().is_none() {
            let expected = "a whole number of pieces, or a unit of measure";
            violations.push(Violation::new(RULE, path, expected, quantity.as_str()));
        }
    }
}

/// `id-is-uri`: identifiers that are kept as text are absolute URIs (sections 7.4.1 and 7.4.5).
pub(super) fn ids_are_uris(event: &Event, violations: &mut Vec<Violation>) {
    let common = event.common();
    let transformation = match event {
        Event::Transformation(event) => event.transformation_id.as_deref(),
        _ => None,
    };
    let declared = common.error_declaration.iter().flat_map(|error| &error.corrective_event_ids);
    let ids = common
        .event_id
        .iter()
        .map(|id| ("eventID", id.as_str()))
        .chain(transformation.map(|id| ("transformationID", id)))
        .chain(common.certification_info.iter().map(|id| ("certificationInfo", id.as_str())))
        .chain(declared.map(|id| ("errorDeclaration.correctiveEventIDs", id.as_str())));
    for (path, id) in ids {
        if Uri::new(id).is_err() {
            violations.push(Violation::new("id-is-uri", path, "an absolute URI", id));
        }
    }
}

fn is_unit(uom: &str) -> bool {
    matches!(uom.len(), 2 | 3)
        && uom.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

fn lists(event: &Event) -> Vec<(&'static str, &[Epc])> {
    match event {
        Event::Object(event) => vec![("epcList", &event.epc_list)],
        Event::Aggregation(event) => vec![("childEPCs", &event.child_epcs)],
        Event::Association(event) => vec![("childEPCs", &event.child_epcs)],
        Event::Transaction(event) => vec![("epcList", &event.epc_list)],
        Event::Transformation(event) => {
            vec![("inputEPCList", &event.input_epcs), ("outputEPCList", &event.output_epcs)]
        }
    }
}

fn quantities(event: &Event) -> Vec<(String, &QuantityElement)> {
    let lists: Vec<(&str, &[QuantityElement])> = match event {
        Event::Object(event) => vec![("quantityList", &event.quantity_list)],
        Event::Aggregation(event) => vec![("childQuantityList", &event.child_quantity_list)],
        Event::Association(event) => vec![("childQuantityList", &event.child_quantity_list)],
        Event::Transaction(event) => vec![("quantityList", &event.quantity_list)],
        Event::Transformation(event) => vec![
            ("inputQuantityList", &event.input_quantities),
            ("outputQuantityList", &event.output_quantities),
        ],
    };
    let named = lists.into_iter().flat_map(|(name, list)| {
        let indexed = list.iter().enumerate();
        indexed.map(move |(index, element)| (format!("{name}[{index}]"), element))
    });
    named.collect()
}
