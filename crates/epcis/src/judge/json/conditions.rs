//! What the JSON schema demands of fields together, by kind of event.
//!
//! The rules have the names that they have in [`check`](crate::check), which tells the same of
//! events in any format.

use crate::tree::{Element, Shape};

/// A condition that does not hold: rule, path, expected, found.
pub(super) type Broken = (&'static str, &'static str, String, String);

/// Appends the conditions of this kind of event that do not hold.
pub(super) fn conditions(kind: &str, event: &Element<'_>, broken: &mut Vec<Broken>) {
    let field = |name: &str| event.children.iter().find(|child| child.is(name));
    let given = |name: &str| field(name).is_some();
    let filled = |name: &str| {
        field(name).is_some_and(|list| list.shape == Shape::List && !list.children.is_empty())
    };
    let action = field("action").and_then(Element::text).unwrap_or_default();
    let mut tell = |rule, path, expected: &str, found: &str| {
        broken.push((rule, path, expected.to_owned(), found.to_owned()));
    };
    match kind {
        "ObjectEvent" => {
            let measured = filled("sensorElementList") && given("readPoint");
            if !given("epcList") && !filled("quantityList") && !measured {
                let expected = "epcList, quantityList, or measurements at a read point";
                tell("object-names-something", "epcList", expected, "none");
            }
            if given("ilmd") && action != "ADD" {
                let found = format!("ilmd with action {action}");
                tell("ilmd-only-with-add", "ilmd", "no ilmd unless the action is ADD", &found);
            }
        }
        "AggregationEvent" | "AssociationEvent"
            if !filled("childEPCs") && !filled("childQuantityList") && action != "DELETE" =>
        {
            let expected = format!("childEPCs or childQuantityList with action {action}");
            tell("children-unless-delete", "childEPCs", &expected, "none");
        }
        "TransactionEvent"
            if !given("epcList") && !filled("quantityList") && action != "DELETE" =>
        {
            let expected = format!("epcList or quantityList with action {action}");
            tell("transaction-objects", "epcList", &expected, "none");
        }
        "TransformationEvent" => {
            let inputs = filled("inputEPCList") || filled("inputQuantityList");
            let outputs = filled("outputEPCList") || filled("outputQuantityList");
            let linked = given("transformationID") && (inputs || outputs);
            if !(linked || inputs && outputs) {
                let expected = "inputs and outputs, or one of them with transformationID";
                let found = match (inputs, outputs) {
                    (true, _) => "inputs only",
                    (_, true) => "outputs only",
                    _ => "neither",
                };
                tell("transformation-sides", "inputEPCList", expected, found);
            }
        }
        _ => {}
    }
}
