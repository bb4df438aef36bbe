//! A condition as the value of a member of the JSON query object.

use serde_json::Value;

use super::Test;

impl Test {
    /// The value of the parameter.
    pub(crate) fn to_json(&self) -> Value {
        Value::Null
    }
}
