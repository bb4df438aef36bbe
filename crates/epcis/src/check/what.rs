//! Rules on what an event is about (EPCIS 2.0, sections 7.4.2 to 7.4.6).

use super::Violation;
use crate::event::{Event, QuantityElement};
use crate::vocabulary::Action;

/// `object-names-something`: an object event has objects, quantities, or measurements at a read
/// point (section 7.4.2). An empty list names nothing, though the JSON schema lets it pass.
pub(super) fn object_names_something(event: &Event, violations: &mut Vec<Violation>) {
    let Event::Object(object) = event else { return };
    let measured = !object.common.sensor_elements.is_empty();
    if !object.epc_list.is_empty() || !object.quantity_list.is_empty() {
        return;
    }
    if measured && object.common.read_point.is_some() {
        return;
    }
    let found = if measured { "measurements without a read point" } else { "none" };
    violations.push(Violation::new(
        "object-names-something",
        "epcList",
        "objects in epcList or quantityList, or measurements at a read point",
        found,
    ));
}

/// `ilmd-only-with-add`: master data is given when objects begin their life (section 7.4.2).
pub(super) fn ilmd_only_with_add(event: &Event, violations: &mut Vec<Violation>) {
    let Event::Object(object) = event else { return };
    if !object.ilmd.is_empty() && object.action != Action::Add {
        violations.push(Violation::new(
            "ilmd-only-with-add",
            "ilmd",
            "no ilmd unless the action is ADD",
            format!("ilmd with action {}", object.action),
        ));
    }
}

/// `children-unless-delete`: children are named, except that `DELETE` without any means all of
/// them (sections 7.4.3 and 7.4.6).
pub(super) fn children_unless_delete(event: &Event, violations: &mut Vec<Violation>) {
    let (action, epcs, quantities) = match event {
        Event::Aggregation(event) => (event.action, &event.child_epcs, &event.child_quantity_list),
        Event::Association(event) => (event.action, &event.child_epcs, &event.child_quantity_list),
        _ => return,
    };
    if epcs.is_empty() && quantities.is_empty() && action != Action::Delete {
        violations.push(Violation::new(
            "children-unless-delete",
            "childEPCs",
            format!("childEPCs or childQuantityList with action {action}"),
            "none",
        ));
    }
}

/// `aggregation-parent`: whoever adds or removes children names the parent (section 7.4.3).
pub(super) fn aggregation_parent(event: &Event, violations: &mut Vec<Violation>) {
    let Event::Aggregation(aggregation) = event else { return };
    if aggregation.parent_id.is_none() && aggregation.action != Action::Observe {
        violations.push(Violation::new(
            "aggregation-parent",
            "parentID",
            format!("parentID with action {}", aggregation.action),
            "none",
        ));
    }
}

/// `association-parent`: an association always names the parent (section 7.4.6).
pub(super) fn association_parent(event: &Event, violations: &mut Vec<Violation>) {
    let Event::Association(association) = event else { return };
    if association.parent_id.is_none() {
        violations.push(Violation::new("association-parent", "parentID", "parentID", "none"));
    }
}

/// `transaction-documents`: a transaction event names business documents (section 7.4.4).
pub(super) fn transaction_documents(event: &Event, violations: &mut Vec<Violation>) {
    let Event::Transaction(transaction) = event else { return };
    if transaction.common.biz_transactions.is_empty() {
        violations.push(Violation::new(
            "transaction-documents",
            "bizTransactionList",
            "at least one business transaction",
            "none",
        ));
    }
}

/// `transaction-objects`: objects are named, except that `DELETE` without any means all of them
/// (section 7.4.4).
pub(super) fn transaction_objects(event: &Event, violations: &mut Vec<Violation>) {
    let Event::Transaction(transaction) = event else { return };
    let none = transaction.epc_list.is_empty() && transaction.quantity_list.is_empty();
    if none && transaction.action != Action::Delete {
        violations.push(Violation::new(
            "transaction-objects",
            "epcList",
            format!("epcList or quantityList with action {}", transaction.action),
            "none",
        ));
    }
}

/// `transformation-sides`: inputs and outputs, or either of them with a transformation id that
/// links to the rest (section 7.4.5).
pub(super) fn transformation_sides(event: &Event, violations: &mut Vec<Violation>) {
    let Event::Transformation(event) = event else { return };
    let any = |epcs: &[theriac_gs1::Epc], quantities: &[QuantityElement]| {
        !epcs.is_empty() || !quantities.is_empty()
    };
    let inputs = any(&event.input_epcs, &event.input_quantities);
    let outputs = any(&event.output_epcs, &event.output_quantities);
    let linked = event.transformation_id.is_some();
    if inputs && outputs || linked && (inputs || outputs) {
        return;
    }
    let (path, found) = match (inputs, outputs) {
        (true, _) => ("outputEPCList", "inputs only, without transformationID"),
        (_, true) => ("inputEPCList", "outputs only, without transformationID"),
        _ => ("inputEPCList", "neither"),
    };
    let expected = "inputs and outputs, or one of them with transformationID";
    violations.push(Violation::new("transformation-sides", path, expected, found));
}
