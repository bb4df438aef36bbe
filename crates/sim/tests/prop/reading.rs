//! Reading a scenario's documents back, as a node would.

use std::ops::ControlFlow;

use theriac_epcis::{Event, check, read};
use theriac_sim::{Action, Scenario};

/// The events of a document; each must be read without a repair and obey the standard.
pub(crate) fn events_of(document: &[u8]) -> Vec<Event> {
    let mut events = Vec::new();
    let info = read(document, &mut |item| {
        let parsed = item.outcome.unwrap_or_else(|error| panic!("event {}: {error}", item.ordinal));
        assert!(parsed.repairs.is_empty(), "repaired: {:?}", parsed.repairs);
        assert_eq!(check(&parsed.event), [], "event {}", item.ordinal);
        events.push(parsed.event);
        ControlFlow::Continue(())
    })
    .expect("a document");
    assert_eq!(info.events, events.len());
    events
}

/// All events of a scenario in order of time.
pub(crate) fn all_events(scenario: &Scenario) -> Vec<Event> {
    scenario
        .steps
        .iter()
        .flat_map(|step| match &step.action {
            Action::Capture { document, .. } => events_of(document),
            Action::Verify { .. } => Vec::new(),
        })
        .collect()
}
