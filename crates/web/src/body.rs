//! Bodies of bounded size: JSON for administration, bytes for the exchange.

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequest, Request};
use serde::de::DeserializeOwned;

use crate::limits::{JSON_BYTES_MAX, LONG_JSON_BYTES_MAX};
use crate::problem::{Problem, ProblemCode};

/// A JSON body with exactly the fields of `T`.
pub(crate) struct Json<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let bytes = read(request.into_body(), JSON_BYTES_MAX).await?;
        let value = serde_json::from_slice(&bytes)
            .map_err(|error| Problem::new(ProblemCode::BodyWrong, error.to_string()))?;
        Ok(Self(value))
    }
}

/// As [`Json`], for bodies that name many packs.
pub(crate) struct LongJson<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Sync> FromRequest<S> for LongJson<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let bytes = read(request.into_body(), LONG_JSON_BYTES_MAX).await?;
        let value = serde_json::from_slice(&bytes)
            .map_err(|error| Problem::new(ProblemCode::BodyWrong, error.to_string()))?;
        Ok(Self(value))
    }
}

/// Reads a whole body of at most `most` bytes.
///
/// # Errors
///
/// [`ProblemCode::BodyTooLarge`], or [`ProblemCode::BodyWrong`] when it breaks off.
pub(crate) async fn read(body: Body, most: usize) -> Result<Bytes, Problem> {
    to_bytes(body, most).await.map_err(|error| {
        let limited = std::error::Error::source(&error)
            .is_some_and(|source| source.to_string().contains("length limit"));
        if limited {
            Problem::new(
                ProblemCode::BodyTooLarge,
                format!("expected at most {most} bytes, found more"),
            )
        } else {
            Problem::new(ProblemCode::BodyWrong, "the body broke off")
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_body_above_the_limit_is_told_apart() {
        assert_eq!(read(Body::from("1234"), 4).await.unwrap(), "1234");
        let problem = read(Body::from("12345"), 4).await.unwrap_err();
        assert_eq!(problem.code, ProblemCode::BodyTooLarge);
    }

    #[tokio::test]
    async fn a_wrong_body_is_told_with_its_place() {
        let request = Request::new(Body::from("{\"a\":"));
        let result = Json::<std::collections::BTreeMap<String, u8>>::from_request(request, &());
        let problem = result.await.map(|_| ()).unwrap_err();
        assert_eq!(problem.code, ProblemCode::BodyWrong);
        assert!(problem.detail.contains("line 1"), "{}", problem.detail);
    }
}
