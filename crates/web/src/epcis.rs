//! The REST interface of EPCIS 2.0 (section 12): everything below `/epcis`.
//!
//! ```text
//! request ─▶ speak ─▶ terms (what form may the answer have?) ─▶ resource/* ─▶ theriac-node
//!    ▲                                                             │
//!    └── versions, errors as epcisException:… ◀── document ◀───────┘
//! ```
//!
//! # Invariants
//!
//! - Every answer carries the versions of EPCIS and the CBV; every error is an [`Exception`].
//! - No answer has a form that the request does not accept.

mod accept;
mod discovery;
mod document;
pub mod exception;
pub mod headers;
mod page;
pub mod resource;
mod speak;
mod terms;
mod token;
mod version;
mod xml;

pub use accept::{Accept, Media};
pub use exception::{Exception, ExceptionKind};
pub(crate) use page::PageQuery;
pub(crate) use speak::speak_epcis;
pub use terms::{CbvPreference, EpcPreference, Form, Terms};
pub use token::Subject;
pub(crate) use token::Tokens;
pub use version::{Version, VersionError, VersionRange};

use axum::Router;
use axum::routing::{delete, get, post};

use crate::service::Service;
use discovery::Discovery;
use resource::collection::{self, Collection};
use resource::{capture, events, page_token, queries, subscriptions, top};

/// What takes documents: its time depends on the client and on other documents.
pub(crate) fn patient() -> Router<Service> {
    Router::new()
        .route("/epcis/capture", post(capture::capture))
        .route("/epcis/events", post(events::create))
}

/// All other paths.
pub(crate) fn bounded() -> Router<Service> {
    let router = Router::new()
        .route("/epcis", Discovery::READ.on(get(top::list)))
        .route("/epcis/", Discovery::READ.on(get(top::list)))
        .route("/epcis/capture", Discovery::CAPTURE.on(get(capture::list)))
        .route("/epcis/capture/{id}", Discovery::READ.on(get(capture::one)))
        .route("/epcis/events", Discovery::WRITE.on(get(events::query)))
        .route("/epcis/events/{id}", Discovery::READ.on(get(events::one)))
        .route("/epcis/queries", Discovery::WRITE.on(get(queries::list).post(queries::create)))
        .route(
            "/epcis/queries/{name}",
            Discovery::REMOVE.on(get(queries::one).delete(queries::remove)),
        )
        .route("/epcis/queries/{name}/events", Discovery::READ.on(get(queries::events)))
        .route(
            "/epcis/queries/{name}/subscriptions",
            Discovery::WRITE.on(get(subscriptions::list).post(subscriptions::create)),
        )
        .route(
            "/epcis/queries/{name}/subscriptions/{id}",
            get(subscriptions::one).delete(subscriptions::remove).options(subscriptions::discover),
        )
        .route("/epcis/nextPageToken/{token}", Discovery::GIVE_BACK.on(delete(page_token::remove)));
    Collection::ALL.iter().fold(router, |router, each| router.merge(collections(*each)))
}

/// The three paths of a collection.
fn collections(each: Collection) -> Router<Service> {
    let path = format!("/epcis/{}", each.word());
    Router::new()
        .route(
            &path,
            Discovery::READ.on(get(move |local, state, terms, page| {
                collection::list(each, local, state, terms, page)
            })),
        )
        .route(
            &format!("{path}/{{name}}"),
            Discovery::READ.on(get(move |local, state, terms, name, page| {
                collection::one(each, local, state, terms, name, page)
            })),
        )
        .route(
            &format!("{path}/{{name}}/events"),
            Discovery::READ.on(get(move |local, state, terms, name, page| {
                collection::events(each, local, state, terms, name, page)
            })),
        )
}
