//! Order and limits of the answer (EPCIS 2.0, section 8.2.7.1: `orderBy` to `maxEventCount`).

use jiff::Timestamp;
use serde_json::Value;
use theriac_epcis::{Event, ExtensionValue, Number};

use crate::condition::Field;
use crate::error::QueryError;

/// Order and limits of the answer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Controls {
    /// What the answer is ordered by; `None`: any order.
    pub order_by: Option<OrderBy>,
    /// Which way, as the query says it; see [`Controls::descending`].
    pub direction: Option<Direction>,
    /// Only the first so many events in that order; the rest are left out silently.
    pub event_count_limit: Option<u64>,
    /// More events than this are an error (`QueryTooLargeException`).
    pub max_event_count: Option<u64>,
}

/// The field that an answer is ordered by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OrderBy {
    /// When the events happened.
    EventTime,
    /// When the events were recorded.
    RecordTime,
    /// The quantity of a `QuantityEvent` of EPCIS 1.x.
    Quantity,
    /// An extension field at the top level of the events.
    Field {
        /// The field.
        field: Field,
        /// Its name as the query writes it.
        text: String,
    },
}

/// Which way an answer is ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Least first: `ASC`.
    Ascending,
    /// Greatest first: `DESC`.
    Descending,
}

impl Controls {
    /// Whether the greatest come first, as they do unless the query says otherwise.
    #[must_use]
    pub fn descending(&self) -> bool {
        self.direction != Some(Direction::Ascending)
    }

    /// Whether the rules between the parameters hold: a limit wants an order, and excludes a
    /// maximum.
    pub(crate) fn check(&self) -> Result<(), QueryError> {
        if self.event_count_limit.is_some() && self.max_event_count.is_some() {
            let (parameter, other) = ("eventCountLimit".to_owned(), "maxEventCount".to_owned());
            return Err(QueryError::Conflict { parameter, other });
        }
        if self.event_count_limit.is_some() && self.order_by.is_none() {
            let because = " because of eventCountLimit";
            return Err(QueryError::Missing { parameter: "orderBy", because });
        }
        Ok(())
    }

    /// These, where `other` says nothing else.
    pub(crate) fn replaced_by(self, other: Self) -> Self {
        let direction = match &other.order_by {
            Some(_) => other.direction,
            None => other.direction.or(self.direction),
        };
        let limited = other.event_count_limit.is_some() || other.max_event_count.is_some();
        let (limit, max) = match limited {
            true => (other.event_count_limit, other.max_event_count),
            false => (self.event_count_limit, self.max_event_count),
        };
        Self {
            order_by: other.order_by.or(self.order_by),
            direction,
            event_count_limit: limit,
            max_event_count: max,
        }
    }

    /// The parameters as members of the JSON query object.
    pub(crate) fn to_json(&self) -> Vec<(&'static str, Value)> {
        let order_by = self.order_by.as_ref().map(|order| match order {
            OrderBy::EventTime => "eventTime",
            OrderBy::RecordTime => "recordTime",
            OrderBy::Quantity => "quantity",
            OrderBy::Field { text, .. } => text,
        });
        let direction = self.direction.map(|direction| match direction {
            Direction::Ascending => "ASC",
            Direction::Descending => "DESC",
        });
        let members = [
            ("orderBy", order_by.map(Value::from)),
            ("orderDirection", direction.map(Value::from)),
            ("eventCountLimit", self.event_count_limit.map(Value::from)),
            ("maxEventCount", self.max_event_count.map(Value::from)),
        ];
        members.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }

    /// What the event is ordered by, if it has the field.
    pub(crate) fn sort_key(&self, event: &Event, record_time: Timestamp) -> Option<SortKey> {
        match self.order_by.as_ref()? {
            OrderBy::EventTime => Some(SortKey::Time(event.common().event_time)),
            OrderBy::RecordTime => Some(SortKey::Time(record_time)),
            OrderBy::Quantity => {
                let element = event.quantities().find(|element| element.quantity.is_some())?;
                element.quantity.clone().map(|number| SortKey::Number(Decimal(number)))
            }
            OrderBy::Field { field, .. } => {
                let fields = &event.common().extensions;
                let found = fields.iter().find(|found| field.is(&found.namespace, &found.name))?;
                sort_key_of(&found.value)
            }
        }
    }
}

/// A field's value as what it is in order of: number, then moment, then text.
fn sort_key_of(value: &ExtensionValue) -> Option<SortKey> {
    match value {
        ExtensionValue::Number(number) => Some(SortKey::Number(Decimal(number.clone()))),
        ExtensionValue::Boolean(truth) => Some(SortKey::Text(truth.to_string())),
        ExtensionValue::Nested(_) => None,
        ExtensionValue::Text(text) => Some(match (text.parse(), text.parse()) {
            (Ok(number), _) => SortKey::Number(Decimal(number)),
            (_, Ok(time)) => SortKey::Time(time),
            _ => SortKey::Text(text.clone()),
        }),
    }
}

/// What one event is ordered by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum SortKey {
    /// A number.
    Number(Decimal),
    /// An instant.
    Time(Timestamp),
    /// A text, by its code points.
    Text(String),
}

/// A decimal number that is compared exactly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decimal(pub Number);

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        crate::condition::compare_decimals(&self.0, &other.0)
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
