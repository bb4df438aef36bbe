//! Refuses what is above the limits, at once and in words: too many requests, too slow ones.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::sync::Semaphore;

use crate::limits::{REQUEST_TIME_MAX, REQUESTS_MAX};
use crate::problem::{Problem, ProblemCode};

/// The places for requests that are answered at a time.
#[derive(Debug, Clone)]
pub(crate) struct Places(Arc<Semaphore>);

impl Places {
    pub(crate) fn new(places: usize) -> Self {
        Self(Arc::new(Semaphore::new(places)))
    }
}

impl Default for Places {
    fn default() -> Self {
        Self::new(REQUESTS_MAX)
    }
}

/// Answers the request if there is a place for it.
pub(crate) async fn refuse_above_limit(
    State(places): State<Places>,
    request: Request,
    next: Next,
) -> Response {
    match places.0.try_acquire() {
        Ok(_place) => next.run(request).await,
        Err(_) => Problem::new(
            ProblemCode::Overloaded,
            format!("{REQUESTS_MAX} requests are being answered already"),
        )
        .into_response(),
    }
}

/// Gives up a request that takes longer than [`REQUEST_TIME_MAX`]; not for streamed ones.
pub(crate) async fn refuse_slow(request: Request, next: Next) -> Response {
    match tokio::time::timeout(REQUEST_TIME_MAX, next.run(request)).await {
        Ok(response) => response,
        Err(_) => {
            let seconds = REQUEST_TIME_MAX.as_secs();
            Problem::new(ProblemCode::TooSlow, format!("it took longer than {seconds} s"))
                .into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::Router;
    use axum::body::Body;
    use axum::http::StatusCode;
    use axum::middleware::from_fn_with_state;
    use axum::routing::get;
    use tower::Service;

    async fn status(places: usize) -> StatusCode {
        let layer = from_fn_with_state(Places::new(places), refuse_above_limit);
        let mut router: Router = Router::new().route("/", get(|| async {})).layer(layer);
        router.call(Request::new(Body::empty())).await.unwrap().status()
    }

    #[tokio::test]
    async fn above_the_limit_it_is_503() {
        assert_eq!(status(1).await, StatusCode::OK);
        assert_eq!(status(0).await, StatusCode::SERVICE_UNAVAILABLE);
    }
}
