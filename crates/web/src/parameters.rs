//! Query parameters, read strictly: an unknown or repeated name is a problem, not ignored.

use std::collections::BTreeMap;
use std::str::FromStr;

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;

use crate::limits::PARAMETER_BYTES_MAX;
use crate::problem::{Problem, ProblemCode};

/// The parameters of a request, by name.
#[derive(Debug, Default)]
pub(crate) struct Parameters(BTreeMap<String, String>);

impl<S: Sync> FromRequestParts<S> for Parameters {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri)
            .map_err(|error| wrong(format!("the query cannot be read: {error}")))?;
        let mut parameters = BTreeMap::new();
        for (name, value) in pairs {
            if value.len() > PARAMETER_BYTES_MAX {
                let found = value.len();
                return Err(wrong(format!(
                    "expected at most {PARAMETER_BYTES_MAX} bytes in {name}, found {found}"
                )));
            }
            if parameters.insert(name.clone(), value).is_some() {
                return Err(wrong(format!("expected {name} once, found it twice")));
            }
        }
        Ok(Self(parameters))
    }
}

impl Parameters {
    /// Takes a parameter that must be there.
    pub(crate) fn required(&mut self, name: &str) -> Result<String, Problem> {
        self.text(name).ok_or_else(|| wrong(format!("expected the parameter {name}, found none")))
    }

    /// Takes a parameter.
    pub(crate) fn text(&mut self, name: &str) -> Option<String> {
        self.0.remove(name)
    }

    /// Takes a parameter of another kind than text.
    pub(crate) fn value<T: FromStr>(
        &mut self,
        name: &str,
        expected: &str,
    ) -> Result<Option<T>, Problem> {
        let Some(found) = self.text(name) else { return Ok(None) };
        let value = found.parse();
        value
            .map(Some)
            .map_err(|_| wrong(format!("expected {expected} in {name}, found {found:?}")))
    }

    /// Takes a number of rows from 1 to `most`.
    pub(crate) fn rows(&mut self, name: &str, usual: u64, most: u64) -> Result<u64, Problem> {
        let expected = format!("a number from 1 to {most}");
        match self.value(name, &expected)? {
            None => Ok(usual),
            Some(rows) if (1..=most).contains(&rows) => Ok(rows),
            Some(rows) => Err(wrong(format!("expected {expected} in {name}, found {rows}"))),
        }
    }

    /// No parameter is left; call it once all were taken.
    pub(crate) fn finish(self) -> Result<(), Problem> {
        match self.0.into_keys().next() {
            None => Ok(()),
            Some(name) => Err(wrong(format!("expected no parameter {name}, found it"))),
        }
    }
}

/// A problem with a parameter.
pub(crate) fn wrong(detail: impl Into<String>) -> Problem {
    Problem::new(ProblemCode::ParameterWrong, detail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Request;

    async fn parameters(uri: &str) -> Result<Parameters, Problem> {
        let (mut parts, ()) = Request::get(uri).body(()).unwrap().into_parts();
        Parameters::from_request_parts(&mut parts, &()).await
    }

    #[tokio::test]
    async fn values_are_taken_by_kind() {
        let mut p = parameters("/?code=%5Dd201&perPage=7").await;
        let p = p.as_mut().unwrap();
        assert_eq!(p.required("code").unwrap(), "]d201");
        assert_eq!(p.rows("perPage", 30, 1000).unwrap(), 7);
        assert_eq!(p.rows("perPage", 30, 1000).unwrap(), 30);
    }

    #[tokio::test]
    async fn wrong_ones_are_problems() {
        assert!(parameters("/?a=1&a=2").await.is_err());
        let mut p = parameters("/?n=0&m=x").await.unwrap();
        assert!(p.rows("n", 1, 10).unwrap_err().detail.contains("found 0"));
        assert!(p.value::<u64>("m", "a number").unwrap_err().detail.contains("found \"x\""));
        assert!(p.required("code").is_err());
        assert!(parameters("/?x=1").await.unwrap().finish().unwrap_err().detail.contains("x"));
    }
}
