//! Whether an event satisfies a condition.

use jiff::Timestamp;
use theriac_epcis::{ErrorDeclaration, Event, EventHash};

use super::uri::any_is;
use super::{Bound, PlaceField, Test, TimeField, Uri, UriField, attribute, sensor, what};
use crate::master_data::{MasterData, vocabulary};
use crate::plan::canonical_uri;
use crate::query::About;

impl Test {
    /// Whether the event satisfies the condition.
    pub(crate) fn holds(&self, event: &Event, about: &About<'_>) -> bool {
        let common = event.common();
        match self {
            Self::Kinds(kinds) => what::is_of_kind(kinds, event),
            Self::Time(field, bound, time) => moment(*field, *bound, *time, event, about),
            Self::Actions(actions) => {
                event.action().is_some_and(|action| actions.contains(&action))
            }
            Self::BizSteps(steps) => {
                common.biz_step.as_ref().is_some_and(|step| steps.contains(step))
            }
            Self::Dispositions(words) => {
                common.disposition.as_ref().is_some_and(|word| words.contains(word))
            }
            Self::PersistentlySet(words) => common
                .persistent_disposition
                .as_ref()
                .is_some_and(|lasting| lasting.set.iter().any(|word| words.contains(word))),
            Self::PersistentlyUnset(words) => common
                .persistent_disposition
                .as_ref()
                .is_some_and(|lasting| lasting.unset.iter().any(|word| words.contains(word))),
            Self::Places { field, ids, descendants } => {
                let master_data = about.master_data.filter(|_| *descendants);
                place(*field, ids, master_data, event)
            }
            Self::Uris(field, ids) => uri(*field, ids, event, about),
            Self::ErrorDeclared => common.error_declaration.is_some(),
            Self::ErrorReasons(reasons) => declaration(event)
                .and_then(|declaration| declaration.reason.as_ref())
                .is_some_and(|reason| reasons.contains(reason)),
            Self::Epcs(field, patterns) => what::names_one(*field, patterns, event),
            Self::Quantity { operator, uom, numbers } => {
                what::has_quantity(*operator, uom.as_deref(), numbers, event)
            }
            Self::BizTransactions { .. } | Self::Sources { .. } | Self::Destinations { .. } => {
                self.party_or_document(event)
            }
            _ => self.detail(event, about),
        }
    }

    /// Business documents, sources and destinations of a type.
    fn party_or_document(&self, event: &Event) -> bool {
        let common = event.common();
        match self {
            Self::BizTransactions { kind, ids } => common.biz_transactions.iter().any(|document| {
                document.kind.as_ref() == Some(kind) && any_is(ids, &canonical_uri(&document.id))
            }),
            Self::Sources { kind, ids } => common
                .sources
                .iter()
                .any(|source| source.kind == *kind && any_is(ids, &source.id.to_string())),
            Self::Destinations { kind, ids } => common
                .destinations
                .iter()
                .any(|target| target.kind == *kind && any_is(ids, &target.id.to_string())),
            _ => false,
        }
    }

    /// Extension fields, master data and sensors.
    fn detail(&self, event: &Event, about: &About<'_>) -> bool {
        match self {
            Self::Field { scope, inner, field, test } => {
                test.holds_in(*scope, *inner, field, event)
            }
            Self::HasAttribute { field, names } => about
                .master_data
                .is_some_and(|master_data| attribute::has(field, names, event, master_data)),
            Self::AttributeEquals { field, name, test } => {
                about.master_data.is_some_and(|master_data| {
                    attribute::equals(field, name, test, event, master_data)
                })
            }
            Self::SensorsExist => !event.common().sensor_elements.is_empty(),
            Self::SensorTexts(field, texts) => sensor::has_text(*field, texts, event),
            Self::SensorTruth(truth) => sensor::has_truth(*truth, event),
            Self::SensorNumbers { field, operator, uom, numbers } => {
                sensor::has_number(*field, *operator, uom.as_deref(), numbers, event)
            }
            _ => false,
        }
    }

    /// Whether [`About::master_data`] is looked at.
    pub(crate) fn needs_master_data(&self) -> bool {
        matches!(
            self,
            Self::Places { descendants: true, .. }
                | Self::HasAttribute { .. }
                | Self::AttributeEquals { .. }
        )
    }
}

fn declaration(event: &Event) -> Option<&ErrorDeclaration> {
    event.common().error_declaration.as_ref()
}

fn moment(
    field: TimeField,
    bound: Bound,
    time: Timestamp,
    event: &Event,
    about: &About<'_>,
) -> bool {
    let holds = |found: Timestamp| match bound {
        Bound::From => found >= time,
        Bound::Before => found < time,
    };
    match field {
        TimeField::Event => holds(event.common().event_time),
        TimeField::Record => holds(about.record_time),
        TimeField::ErrorDeclaration => {
            declaration(event).is_some_and(|declaration| holds(declaration.declaration_time))
        }
        TimeField::Sensor | TimeField::SensorStart | TimeField::SensorEnd => {
            sensor::any_moment(field, event, holds)
        }
    }
}

fn place(
    field: PlaceField,
    ids: &[Uri],
    master_data: Option<&dyn MasterData>,
    event: &Event,
) -> bool {
    let common = event.common();
    let place = match field {
        PlaceField::ReadPoint => common.read_point.as_ref(),
        PlaceField::BizLocation => common.biz_location.as_ref(),
    };
    let Some(found) = place.map(|place| place.id.to_string()) else { return false };
    any_is(ids, &found)
        || master_data.is_some_and(|master_data| {
            let below = |id: &Uri| field.with_descendants(&id.canonical, master_data);
            ids.iter().any(|id| below(id).contains(&found))
        })
}

impl PlaceField {
    /// The place itself and every place below it, in canonical text.
    pub(super) fn with_descendants(
        self,
        id: &str,
        master_data: &dyn MasterData,
    ) -> std::collections::BTreeSet<String> {
        let vocabularies = match self {
            Self::ReadPoint => [vocabulary::READ_POINT, vocabulary::LOCATION],
            Self::BizLocation => [vocabulary::BUSINESS_LOCATION, vocabulary::LOCATION],
        };
        master_data.with_descendants(&vocabularies, id)
    }
}

/// An event without an identifier of its own is known by its hash.
fn uri(field: UriField, ids: &[String], event: &Event, about: &About<'_>) -> bool {
    match field {
        UriField::Event => match &event.common().event_id {
            Some(id) => ids.contains(id),
            None => about.event_hash.is_some_and(|hash| {
                ids.iter().any(|id| id.parse::<EventHash>().is_ok_and(|wanted| wanted == hash))
            }),
        },
        UriField::Transformation => match event {
            Event::Transformation(event) => {
                event.transformation_id.as_ref().is_some_and(|id| ids.contains(id))
            }
            _ => false,
        },
        UriField::CorrectiveEvent => declaration(event).is_some_and(|declaration| {
            declaration.corrective_event_ids.iter().any(|id| ids.contains(id))
        }),
    }
}
