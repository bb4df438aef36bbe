//! A condition as the value of a member of the JSON query object.

use serde::Serialize;
use serde_json::Value;
use theriac_epcis::Number;

use super::{FieldTest, Operator, Test};

impl Test {
    /// The value of the parameter.
    pub(crate) fn to_json(&self) -> Value {
        match self {
            Self::Kinds(texts) | Self::Uris(_, texts) | Self::HasAttribute { names: texts, .. } => {
                list(texts)
            }
            Self::Time(_, _, time) => time.to_string().into(),
            Self::Actions(actions) => list(actions),
            Self::BizSteps(words) => list(words),
            Self::Dispositions(words)
            | Self::PersistentlySet(words)
            | Self::PersistentlyUnset(words) => list(words),
            Self::Places { ids, .. }
            | Self::BizTransactions { ids, .. }
            | Self::Sources { ids, .. }
            | Self::Destinations { ids, .. }
            | Self::SensorTexts(_, ids) => ids.iter().map(|id| id.text.as_str()).collect(),
            Self::ErrorDeclared | Self::SensorsExist => Value::Null,
            Self::ErrorReasons(words) => list(words),
            Self::Epcs(_, patterns) => {
                patterns.iter().map(|pattern| pattern.text.as_str()).collect()
            }
            Self::Quantity { operator, numbers, .. }
            | Self::SensorNumbers { operator, numbers, .. } => amounts(*operator, numbers),
            Self::Field { test, .. } | Self::AttributeEquals { test, .. } => field(test),
            Self::SensorTruth(truth) => (*truth).into(),
        }
    }
}

fn list<T: Serialize>(items: &[T]) -> Value {
    items.iter().map(one).collect()
}

fn one<T: Serialize>(item: &T) -> Value {
    serde_json::to_value(item).unwrap_or(Value::Null)
}

/// A list where the standard takes one, else the one number.
fn amounts(operator: Operator, numbers: &[Number]) -> Value {
    match (operator, numbers) {
        (Operator::Equal, numbers) => list(numbers),
        (_, numbers) => numbers.first().map_or(Value::Null, one),
    }
}

fn field(test: &FieldTest) -> Value {
    match test {
        FieldTest::Exists => Value::Null,
        FieldTest::Texts(texts) => list(texts),
        FieldTest::Number(_, number) => one(number),
        FieldTest::Time(_, time) => time.to_string().into(),
    }
}
