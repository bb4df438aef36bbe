//! `/epcis/nextPageToken/{token}`: a client that will not ask for the next page says so.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;

use crate::access::Local;
use crate::epcis::token::Tokens;

/// Gives a token back: it is not taken any more. What is no token is none already.
pub(crate) async fn remove(
    _: Local,
    State(tokens): State<Arc<Tokens>>,
    Path(token): Path<String>,
) -> StatusCode {
    tokens.revoke(&token);
    StatusCode::NO_CONTENT
}
