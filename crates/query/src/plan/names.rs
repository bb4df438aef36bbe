//! What the index knows of an event.

use theriac_epcis::{Event, Location};

use super::{Name, Role, canonical_uri};

/// The names that an index finds this event by: a handful, each once, never one for each EPC.
#[must_use]
pub fn names_of(event: &Event) -> Vec<Name> {
    let mut names = Vec::with_capacity(8);
    let common = event.common();
    let mut add = |role, text: String| names.push(Name { role, text });
    if let Some(step) = &common.biz_step {
        add(Role::BizStep, step.word().to_owned());
    }
    if let Some(disposition) = &common.disposition {
        add(Role::Disposition, disposition.word().to_owned());
    }
    let place = |place: &Option<Location>| place.as_ref().map(|place| place.id.id.to_string());
    if let Some(text) = place(&common.read_point) {
        add(Role::ReadPoint, text);
    }
    if let Some(text) = place(&common.biz_location) {
        add(Role::BizLocation, text);
    }
    for document in &common.biz_transactions {
        add(Role::BizTransaction, canonical_uri(&document.id));
    }
    for source in &common.sources {
        add(Role::Source, source.id.id.to_string());
    }
    for destination in &common.destinations {
        add(Role::Destination, destination.id.id.to_string());
    }
    if let Some(parent) = event.parent_id() {
        add(Role::Parent, parent.id.key());
    }
    for element in event.quantities() {
        add(Role::EpcClass, element.epc_class.id.key());
    }
    if let Event::Transformation(event) = event
        && let Some(id) = &event.transformation_id
    {
        add(Role::Transformation, id.clone());
    }
    if let Some(declaration) = &common.error_declaration {
        add(Role::ErrorDeclared, String::new());
        if let Some(reason) = &declaration.reason {
            add(Role::ErrorDeclared, reason.word().to_owned());
        }
    }
    names.sort_unstable();
    names.dedup();
    names
}
