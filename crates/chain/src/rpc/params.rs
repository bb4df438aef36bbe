//! Positional parameters of a call.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::error::RpcError;

/// The `params` array; absent means empty.
#[derive(Clone, Debug, Default)]
pub(crate) struct Params(pub(crate) Vec<Value>);

impl Params {
    /// The parameter at `index`, which must be there.
    pub(crate) fn required<T: DeserializeOwned>(&self, index: usize) -> Result<T, RpcError> {
        self.optional(index)?.ok_or(RpcError::MissingParam { index })
    }

    /// The parameter at `index`, `None` when it is absent or null.
    pub(crate) fn optional<T: DeserializeOwned>(
        &self,
        index: usize,
    ) -> Result<Option<T>, RpcError> {
        match self.0.get(index) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => T::deserialize(value)
                .map(Some)
                .map_err(|source| RpcError::InvalidParam { index, source }),
        }
    }

    /// Whether a parameter at `index` says something (null and `{}` do not).
    pub(crate) fn says_something(&self, index: usize) -> bool {
        match self.0.get(index) {
            None | Some(Value::Null) => false,
            Some(Value::Object(fields)) => !fields.is_empty(),
            Some(_) => true,
        }
    }
}
