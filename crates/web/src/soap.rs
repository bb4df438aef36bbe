//! The SOAP query service of EPCIS 1.2 (section 11.2) at `/epcis/soap`, over the same engine as the
//! REST interface.
//!
//! ```text
//! request ─▶ tree ─▶ envelope ─▶ operation ─▶ poll, subscription, names ─▶ theriac-node
//!    ▲       (XML)   (SOAP)                      │
//!    └── envelope with a result or a Fault ◀─────┘
//! ```
//!
//! Messages of EPCIS 2.0 (`urn:epcglobal:epcis-query:xsd:2`) and of SOAP 1.2 are answered in kind.
//!
//! # Invariants
//!
//! - Whatever goes wrong is a SOAP `Fault` whose detail is an exception of the standard, but for
//!   what SOAP itself has a code for.
//! - Status 500 goes with every fault of SOAP 1.1, the client's too, as SOAP 1.1 (section 6.2) has
//!   it; `faultcode` tells whose fault it is. A body that is no SOAP at all has 400.
//! - No entity, no document type, no schema of a request is ever resolved.

mod envelope;
mod exception;
mod fault;
pub mod limits;
mod markup;
mod names;
mod operation;
mod parameter;
mod poll;
mod subscription;
mod tree;
mod wsdl;

pub use exception::SoapException;
pub use operation::Operation;
pub use subscription::{SUBSCRIPTION_QUERY_PREFIX, TRIGGER};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use theriac_node::Node;

use crate::access::Local;
use crate::body;
use crate::overload::{Places, refuse_above_limit, refuse_slow};
use crate::problem::Problem;
use crate::router::method_not_allowed;
use crate::service::Service;
use envelope::{Manner, Opened};
use fault::Fault;
use limits::SOAP_BYTES_MAX;

/// The path of the service.
pub const PATH: &str = "/epcis/soap";

/// The service with the limits that all paths have, and its refusals told as faults.
pub(crate) fn service(places: Places) -> Router<Service> {
    Router::new()
        .route(PATH, get(description).post(operate).fallback(method_not_allowed))
        .layer(from_fn(refuse_slow))
        .layer(from_fn_with_state(places, refuse_above_limit))
        .layer(from_fn(speak_soap))
}

/// The WSDL of the service.
async fn description(_: Local, headers: HeaderMap) -> Response {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let xml = HeaderValue::from_static("text/xml; charset=utf-8");
    ([(header::CONTENT_TYPE, xml)], wsdl::write(host.unwrap_or("localhost"))).into_response()
}

/// Does what a message asks for.
async fn operate(_: Local, State(node): State<Node>, request: Request) -> Response {
    let mut manner = Manner::of(request.headers());
    let result = answer(&node, request, &mut manner).await;
    manner.respond(result)
}

async fn answer(node: &Node, request: Request, manner: &mut Manner) -> Result<Vec<u8>, Fault> {
    envelope::expect_xml(request.headers())?;
    let bytes = body::read(request.into_body(), SOAP_BYTES_MAX).await?;
    let Opened { operation, message } = envelope::open(&bytes, manner)?;
    match operation {
        Operation::GetQueryNames => names::query_names(node, manner.dialect).await,
        Operation::GetStandardVersion => Ok(names::standard_version(manner.dialect)),
        Operation::GetVendorVersion => Ok(names::vendor_version(manner.dialect)),
        Operation::Poll => poll::poll(node, &message, manner.dialect).await,
        Operation::Subscribe => subscription::subscribe(node, &message, manner.dialect).await,
        Operation::Unsubscribe => subscription::unsubscribe(node, &message, manner.dialect).await,
        Operation::GetSubscriptionIds => {
            subscription::subscription_ids(node, &message, manner.dialect).await
        }
    }
}

/// Tells as a fault what other parts of the service refuse: who asks, overload, a method.
async fn speak_soap(request: Request, next: Next) -> Response {
    let manner = Manner::of(request.headers());
    let mut response = next.run(request).await;
    match response.extensions_mut().remove::<Problem>() {
        None => response,
        Some(problem) => {
            let mut told = manner.respond(Err(problem.into()));
            for name in [header::RETRY_AFTER, header::ALLOW] {
                if let Some(value) = response.headers_mut().remove(&name) {
                    told.headers_mut().insert(name, value);
                }
            }
            told
        }
    }
}
