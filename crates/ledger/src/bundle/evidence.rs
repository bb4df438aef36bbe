//! Events of a bundle as the steps name them.

use std::collections::HashMap;

use theriac_custody::Hash;
use theriac_custody::tree::height_for;
use theriac_epcis::Event;
use theriac_gs1::Sgtin;

use super::report::Told;
use super::subject::OpenedEvent;
use super::{BundleError, EventProof};

/// The events of a bundle, by the causes that they lead to.
#[derive(Debug)]
pub(super) struct Events {
    list: Vec<OpenedEvent>,
    by_cause: HashMap<Hash, Vec<usize>>,
    /// Numbers of the events that steps have told, in the order of the steps.
    told: Vec<usize>,
}

impl Events {
    /// Reads and hashes all events.
    ///
    /// # Errors
    ///
    /// [`BundleError`] of the first that cannot be read.
    pub(super) fn of(proofs: &[EventProof]) -> Result<Self, BundleError> {
        let mut list: Vec<OpenedEvent> = Vec::with_capacity(proofs.len());
        let mut by_cause: HashMap<Hash, Vec<usize>> = HashMap::new();
        for (number, proof) in proofs.iter().enumerate() {
            let opened = OpenedEvent::of(number, proof)?;
            let same_cause = by_cause.entry(opened.cause).or_default();
            let place = |number: &usize| (list[*number].position, list[*number].siblings);
            if same_cause.iter().any(|n| place(n) == (opened.position, opened.siblings)) {
                return Err(BundleError::EventTwice { number, hash: opened.hash });
            }
            same_cause.push(number);
            list.push(opened);
        }
        Ok(Self { list, by_cause, told: Vec::new() })
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The events that caused a step.
    pub(super) fn tell(&mut self, cause: Hash, unit: Option<&Sgtin>) -> Vec<Told> {
        let numbers = self.by_cause.get(&cause).cloned().unwrap_or_default();
        for number in &numbers {
            if !self.told.contains(number) {
                self.told.push(*number);
            }
        }
        numbers.into_iter().map(|number| self.told(number, unit)).collect()
    }

    /// The events that an anchor over `count` events is about.
    ///
    /// # Errors
    ///
    /// [`BundleError::AnchorCount`] if one cannot be among as many.
    pub(super) fn anchored(
        &mut self,
        root: Hash,
        count: u32,
        unit: Option<&Sgtin>,
    ) -> Result<Vec<Told>, BundleError> {
        for &number in self.by_cause.get(&root).into_iter().flatten() {
            let OpenedEvent { siblings, position, .. } = self.list[number];
            let height = usize::from(height_for(u64::from(count)));
            if siblings != height || position >= u64::from(count) {
                return Err(BundleError::AnchorCount { number, count, siblings, position });
            }
        }
        Ok(self.tell(root, unit))
    }

    /// Each event must have been told by a step, in the order of the list.
    ///
    /// # Errors
    ///
    /// [`BundleError::EventUnproven`], [`BundleError::EventsNotInOrder`].
    pub(super) fn all_told(&self) -> Result<(), BundleError> {
        if let Some(number) = (0..self.list.len()).find(|number| !self.told.contains(number)) {
            let hash = self.list[number].hash;
            return Err(BundleError::EventUnproven { number, hash });
        }
        match (0..).zip(&self.told).find(|(expected, number)| expected != *number) {
            Some((number, _)) => Err(BundleError::EventsNotInOrder { number }),
            None => Ok(()),
        }
    }

    /// The events that steps have told, in the order of the steps.
    pub(super) fn in_order(self) -> Vec<usize> {
        self.told
    }

    fn told(&self, number: usize, unit: Option<&Sgtin>) -> Told {
        let opened = &self.list[number];
        let common = opened.event.common();
        Told {
            number,
            hash: opened.hash,
            event_time: common.event_time.to_string(),
            event_type: kind(&opened.event).to_owned(),
            biz_step: common.biz_step.as_ref().map(ToString::to_string),
            disposition: common.disposition.as_ref().map(ToString::to_string),
            names_unit: unit.is_some_and(|unit| opened.names(unit)),
        }
    }
}

fn kind(event: &Event) -> &'static str {
    match event {
        Event::Object(_) => "ObjectEvent",
        Event::Aggregation(_) => "AggregationEvent",
        Event::Association(_) => "AssociationEvent",
        Event::Transaction(_) => "TransactionEvent",
        Event::Transformation(_) => "TransformationEvent",
    }
}
