//! What an index can answer of a condition.

use theriac_epcis::Event;
use theriac_gs1::Identifier;

use super::{Bound, EpcField, EpcPattern, PlaceField, Test, TimeField, Uri, UriField, what};
use crate::limits::INDEXED_VALUES_MAX;
use crate::master_data::MasterData;
use crate::plan::{Name, Plan, Role};

impl Test {
    /// Adds to the plan what an index can answer of the condition.
    pub(crate) fn narrow(&self, plan: &mut Plan, master_data: Option<&dyn MasterData>) {
        match self {
            Self::Kinds(kinds) => plan.only_kinds(&known_kinds(kinds)),
            Self::Time(field, bound, time) => {
                let range = match field {
                    TimeField::Event => &mut plan.event_time,
                    TimeField::Record => &mut plan.record_time,
                    TimeField::ErrorDeclaration => {
                        return plan.one_of([Name::new(Role::ErrorDeclared, "")]);
                    }
                    _ => return,
                };
                match bound {
                    Bound::From => range.not_before(*time),
                    Bound::Before => range.only_before(*time),
                }
            }
            Self::BizSteps(steps) => {
                plan.one_of(steps.iter().map(|step| Name::new(Role::BizStep, step.word())));
            }
            Self::Dispositions(words) => {
                plan.one_of(words.iter().map(|word| Name::new(Role::Disposition, word.word())));
            }
            Self::Places { field, ids, descendants } => {
                places(*field, ids, *descendants, plan, master_data);
            }
            Self::BizTransactions { ids, .. } => plan.one_of(uris(Role::BizTransaction, ids)),
            Self::Sources { ids, .. } => plan.one_of(uris(Role::Source, ids)),
            Self::Destinations { ids, .. } => plan.one_of(uris(Role::Destination, ids)),
            Self::Uris(UriField::Event, ids) => plan.only_event_ids(ids),
            Self::Uris(UriField::Transformation, ids) => {
                plan.one_of(ids.iter().map(|id| Name::new(Role::Transformation, id)));
            }
            Self::ErrorDeclared | Self::Uris(UriField::CorrectiveEvent, _) => {
                plan.one_of([Name::new(Role::ErrorDeclared, "")]);
            }
            Self::ErrorReasons(reasons) => {
                plan.one_of(reasons.iter().map(|word| Name::new(Role::ErrorDeclared, word.word())));
            }
            Self::Epcs(field, patterns) => objects(*field, patterns, plan),
            _ => {}
        }
    }
}

/// The kinds that events are stored as.
fn known_kinds(kinds: &[String]) -> Vec<&'static str> {
    const KINDS: &[&str] = &[
        "ObjectEvent",
        "AggregationEvent",
        "AssociationEvent",
        "TransactionEvent",
        "TransformationEvent",
    ];
    let counted = kinds.iter().any(|kind| kind == what::QUANTITY_EVENT);
    let wanted = |kind: &&&str| kinds.iter().any(|wanted| wanted == **kind);
    let count = |kind: &&str| counted && *kind == "ObjectEvent";
    KINDS.iter().filter(|kind| wanted(kind) || count(kind)).copied().collect()
}

fn uris(role: Role, ids: &[Uri]) -> impl Iterator<Item = Name> {
    ids.iter().map(move |id| Name::new(role, &id.canonical))
}

fn places(
    field: PlaceField,
    ids: &[Uri],
    descendants: bool,
    plan: &mut Plan,
    master_data: Option<&dyn MasterData>,
) {
    let role = match field {
        PlaceField::ReadPoint => Role::ReadPoint,
        PlaceField::BizLocation => Role::BizLocation,
    };
    match (descendants, master_data) {
        (false, _) => plan.one_of(uris(role, ids)),
        (true, None) => {}
        (true, Some(master_data)) => {
            let below =
                ids.iter().flat_map(|id| field.with_descendants(&id.canonical, master_data));
            plan.one_of(below.map(|id| Name::new(role, id)));
        }
    }
}

/// Parents and classes have names when each is a single one; other objects are in the index of
/// objects, where a pattern may be the beginning of a key.
fn objects(field: EpcField, patterns: &[EpcPattern], plan: &mut Plan) {
    let named = |role, exact: fn(&EpcPattern) -> Option<&Identifier>| -> Option<Vec<Name>> {
        patterns.iter().map(|pattern| Some(Name::new(role, exact(pattern)?.key()))).collect()
    };
    match field {
        EpcField::Class | EpcField::InputClass | EpcField::OutputClass | EpcField::AnyClass => {
            if let Some(names) = named(Role::EpcClass, EpcPattern::exact_class) {
                plan.one_of(names);
            }
        }
        EpcField::Parent if let Some(names) = named(Role::Parent, EpcPattern::exact) => {
            plan.one_of(names)
        }
        _ => {
            let items: Vec<Vec<_>> = patterns.iter().map(EpcPattern::items).collect();
            let answered = items.iter().all(|items| !items.is_empty());
            let items: Vec<_> = items.into_iter().flatten().collect();
            if answered && items.len() <= INDEXED_VALUES_MAX {
                plan.items.push(items);
            }
        }
    }
    let wanted: &[&str] = match field {
        EpcField::Input | EpcField::Output | EpcField::InputClass | EpcField::OutputClass => {
            &["TransformationEvent"]
        }
        EpcField::Parent => &["AggregationEvent", "AssociationEvent", "TransactionEvent"],
        _ => return,
    };
    plan.only_kinds(wanted);
}

impl Plan {
    /// Adds that one of these names is wanted; no name at all: no event can match.
    fn one_of(&mut self, names: impl IntoIterator<Item = Name>) {
        let mut names: Vec<Name> = names.into_iter().collect();
        names.sort_unstable();
        names.dedup();
        if names.is_empty() {
            self.impossible = true;
        } else if names.len() <= INDEXED_VALUES_MAX {
            self.names.push(names);
        }
    }

    fn only_kinds(&mut self, kinds: &[&str]) {
        let known = std::mem::take(&mut self.kinds);
        let before = |kind: &&&str| known.is_empty() || known.iter().any(|known| known == **kind);
        self.kinds = kinds.iter().filter(before).map(|kind| (*kind).to_owned()).collect();
        self.impossible |= self.kinds.is_empty();
    }

    fn only_event_ids(&mut self, ids: &[String]) {
        if ids.len() > INDEXED_VALUES_MAX {
            return;
        }
        let known = std::mem::take(&mut self.event_ids);
        let before = |id: &&String| known.is_empty() || known.contains(id);
        self.event_ids = ids.iter().filter(before).cloned().collect();
        self.impossible |= self.event_ids.is_empty();
    }

    /// Whether the plan selects the event, as an index would.
    ///
    /// `names` are those of [`names_of`](crate::names_of); `hash` is its event hash, if known.
    #[must_use]
    pub fn selects(
        &self,
        event: &Event,
        names: &[Name],
        record_time: jiff::Timestamp,
        hash: Option<theriac_epcis::EventHash>,
    ) -> bool {
        let id = |wanted: &String| {
            event.common().event_id.as_ref() == Some(wanted)
                || hash.is_some_and(|hash| wanted.parse() == Ok(hash))
        };
        !self.impossible
            && (self.kinds.is_empty() || self.kinds.iter().any(|kind| kind == event.kind()))
            && self.event_time.contains(event.common().event_time)
            && self.record_time.contains(record_time)
            && (self.event_ids.is_empty() || self.event_ids.iter().any(id))
            && self.names.iter().all(|any| any.iter().any(|name| names.contains(name)))
            && self
                .items
                .iter()
                .all(|any| event.epcs().any(|epc| any.iter().any(|wanted| wanted.selects(&epc.id))))
    }
}
