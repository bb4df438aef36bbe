//! The query of a request: known names once, unknown ones passed over.

use std::borrow::Cow;

use theriac_gs1::percent::decode_query;

use super::request::RequestError;

/// Longest value that is looked at, in bytes; the longest known one, a UUID, has 36.
const VALUE_BYTES_MAX: usize = 200;

/// A query, still encoded.
#[derive(Clone, Copy)]
pub(super) struct Parameters<'a>(pub(super) &'a str);

impl<'a> Parameters<'a> {
    /// The value of `name`; `None` if it is not there.
    pub(super) fn text(self, name: &'static str) -> Result<Option<Cow<'a, str>>, RequestError> {
        let mut values = self.0.split('&').filter_map(|pair| {
            let (found, value) = pair.split_once('=').unwrap_or((pair, ""));
            (found == name).then_some(value)
        });
        let Some(value) = values.next() else { return Ok(None) };
        if values.next().is_some() {
            return Err(RequestError::Twice { name });
        }
        let wrong = |found: &str| RequestError::value(name, "a percent-encoded value", found);
        if value.len() > VALUE_BYTES_MAX {
            return Err(wrong(value));
        }
        decode_query(value).map(Some).map_err(|_| wrong(value))
    }

    /// The value of `name`, which must be there.
    pub(super) fn required(self, name: &'static str) -> Result<Cow<'a, str>, RequestError> {
        self.text(name)?.ok_or(RequestError::Missing { name })
    }

    /// Whether `name` is there and is `true`.
    pub(super) fn is_set(self, name: &'static str) -> Result<bool, RequestError> {
        match self.text(name)?.as_deref() {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(found) => Err(RequestError::value(name, "true or false", found)),
        }
    }
}
