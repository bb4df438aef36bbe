//! `/epcis/`: the resources that there are.

use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::collection::ResourceCollection;
use crate::access::Local;
use crate::epcis::exception::Exception;
use crate::epcis::page::PageQuery;
use crate::epcis::terms::Terms;
use crate::epcis::xml::Element;

/// The names of the top-level resources.
pub const RESOURCES: [&str; 9] = [
    "capture",
    "events",
    "eventTypes",
    "epcs",
    "bizSteps",
    "bizLocations",
    "readPoints",
    "dispositions",
    "queries",
];

/// Lists the top-level resources.
///
/// # Errors
///
/// [`NotAcceptable`](crate::epcis::ExceptionKind::NotAcceptable).
pub(crate) async fn list(_: Local, terms: Terms, page: PageQuery) -> Result<Response, Exception> {
    let form = terms.json_or_xml()?;
    page.finish()?;
    if !form.media.is_xml() {
        let members = RESOURCES.iter().map(|name| (*name).to_owned()).collect();
        return Ok(form.json(&ResourceCollection::of(members)));
    }
    let mut list = Element::local("TopLevelResourceCollection");
    list.text("type", "Collection");
    RESOURCES.iter().for_each(|name| list.text("member", name));
    Ok(([(header::CONTENT_TYPE, form.media.name())], list.finish()).into_response())
}
