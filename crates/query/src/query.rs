//! `SimpleEventQuery` (EPCIS 2.0, section 8.2.7.1).

use jiff::Timestamp;
use serde::Serialize;
use serde::ser::{Error as _, SerializeMap as _};
use serde_json::{Map, Value};
use theriac_epcis::{Event, EventHash};

use crate::condition::{Bound, Condition, Test, TimeField};
use crate::controls::{Controls, SortKey};
use crate::error::QueryError;
use crate::master_data::MasterData;
use crate::namespaces::Namespaces;
use crate::parameter;
use crate::plan::Plan;
use crate::value::ParamValue;

/// A `SimpleEventQuery`, read: conditions that all must hold, and order and limits of the answer.
///
/// Serialises to the JSON `query` object of `GET /queries/{name}`, and reads back equal. A query
/// made by [`EventQuery::and`] of two that have a parameter in common cannot be written so.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct EventQuery {
    pub(crate) conditions: Vec<Condition>,
    pub(crate) controls: Controls,
    pub(crate) namespaces: Namespaces,
}

/// What a repository knows of an event that the event does not say itself.
#[derive(Clone, Copy)]
pub struct About<'a> {
    /// When the repository recorded it.
    pub record_time: Timestamp,
    /// Its hash; `EQ_eventID` also finds an event by it. `None`: not looked at.
    pub event_hash: Option<EventHash>,
    /// What is known of the places and classes that it names.
    pub master_data: Option<&'a dyn MasterData>,
}

impl<'a> About<'a> {
    /// An event that was recorded then.
    #[must_use]
    pub fn recorded_at(record_time: Timestamp) -> Self {
        Self { record_time, event_hash: None, master_data: None }
    }

    /// The same, with master data.
    #[must_use]
    pub fn with_master_data(self, master_data: &'a dyn MasterData) -> Self {
        Self { master_data: Some(master_data), ..self }
    }
}

impl EventQuery {
    /// Reads the JSON `query` object of `POST /queries`; its own `@context` declares prefixes too.
    ///
    /// # Errors
    ///
    /// [`QueryError`] when a parameter is unknown, wrong, or at odds with another.
    pub fn from_json(
        query: &Map<String, Value>,
        namespaces: &Namespaces,
    ) -> Result<Self, QueryError> {
        parameter::read_json(query, namespaces)
    }

    /// Reads the decoded pairs of a query string. A list parameter stands once for each value, or
    /// is a JSON array. `perPage` and `nextPageToken` are no part of the query: leave them out.
    ///
    /// # Errors
    ///
    /// [`QueryError`] when a parameter is unknown, wrong, or at odds with another.
    pub fn from_pairs(
        pairs: &[(String, String)],
        namespaces: &Namespaces,
    ) -> Result<Self, QueryError> {
        parameter::read_pairs(pairs, namespaces)
    }

    /// Reads the parameters of a SOAP request.
    ///
    /// # Errors
    ///
    /// [`QueryError`] when a parameter is unknown, wrong, or at odds with another.
    pub fn from_soap(parameters: &[(String, ParamValue)]) -> Result<Self, QueryError> {
        parameter::read_soap(parameters)
    }

    /// Both queries at once. Order and limits of `other` replace ours where it has any.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.conditions.extend(other.conditions);
        self.controls = self.controls.replaced_by(other.controls);
        self.namespaces.merge(other.namespaces);
        self
    }

    /// Whether the event is part of the answer. Order and limits are not looked at.
    #[must_use]
    pub fn matches(&self, event: &Event, about: &About<'_>) -> bool {
        self.conditions.iter().all(|condition| condition.test.holds(event, about))
    }

    /// Whether [`About::master_data`] is looked at.
    #[must_use]
    pub fn needs_master_data(&self) -> bool {
        self.conditions.iter().any(|condition| condition.test.needs_master_data())
    }

    /// Order and limits of the answer.
    #[must_use]
    pub fn controls(&self) -> &Controls {
        &self.controls
    }

    /// What the event is ordered by; `None` when the query asks for no order, or the event lacks
    /// the field.
    #[must_use]
    pub fn sort_key(&self, event: &Event, record_time: Timestamp) -> Option<SortKey> {
        self.controls.sort_key(event, record_time)
    }

    /// What an index can answer: every event that matches is selected, and perhaps others.
    #[must_use]
    pub fn plan(&self) -> Plan {
        self.plan_with(None)
    }

    /// As [`EventQuery::plan`], narrower where master data tells what lies below a place.
    #[must_use]
    pub fn plan_with(&self, master_data: Option<&dyn MasterData>) -> Plan {
        let mut plan = Plan::default();
        for condition in &self.conditions {
            condition.test.narrow(&mut plan, master_data);
        }
        plan.impossible |= plan.event_time.is_empty() || plan.record_time.is_empty();
        plan
    }

    /// The same query for events recorded from this moment on.
    #[must_use]
    pub fn recorded_from(mut self, from: Timestamp) -> Self {
        let test = Test::Time(TimeField::Record, Bound::From, from);
        self.conditions.push(Condition { parameter: "GE_recordTime".to_owned(), test });
        self
    }
}

impl Serialize for EventQuery {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut seen = std::collections::HashSet::new();
        for condition in &self.conditions {
            if !seen.insert(condition.parameter.as_str()) {
                let text = format!("parameter {:?} stands twice", condition.parameter);
                return Err(S::Error::custom(text));
            }
        }
        let mut map = serializer.serialize_map(None)?;
        if !self.namespaces.is_empty() {
            map.serialize_entry("@context", &self.namespaces.to_context())?;
        }
        for condition in &self.conditions {
            map.serialize_entry(&condition.parameter, &condition.test.to_json())?;
        }
        for (name, value) in self.controls.to_json() {
            map.serialize_entry(name, &value)?;
        }
        map.end()
    }
}
