//! The paths of a node.

use axum::Router;
use axum::extract::State;
use axum::http::request::Parts;
use axum::http::{Method, Uri};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post};
use theriac_node::Node;

use crate::epcis;
use crate::openapi;
use crate::overload::{Places, refuse_above_limit, refuse_slow};
use crate::problem::{Problem, ProblemCode};
use crate::routes::{
    alarms, arrivals, bundle, captures, cases, events, exchange, files, health, index, inquiries,
    lightweight, links, master_data, partners, recall, registry, resolver, responders, shipments,
    shipping, verifications, verify,
};
use crate::service::Service;
use crate::soap;

/// All paths of a node; [`routes`](crate::routes) and [`epcis`](crate::epcis) list them.
///
/// The requests must carry `ConnectInfo<SocketAddr>` ([`serve`](crate::serve) adds it); one without
/// counts as coming from another machine.
pub fn router(node: Node) -> Router {
    let bounded = plain()
        .merge(questions())
        .merge(goods())
        .merge(disagreements())
        .merge(partners())
        .merge(epcis::bounded())
        .layer(from_fn(refuse_slow));
    let places = Places::default();
    patient()
        .merge(bounded)
        .fallback(other_path)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(from_fn_with_state(places.clone(), refuse_above_limit))
        .layer(from_fn(epcis::speak_epcis))
        .merge(soap::service(places))
        .with_state(Service::new(node))
}

/// What may take long: a capture has a limit on pauses instead of one on the whole; the others wait for
/// the ledger, or look at everything, and only programs on this machine can ask for them.
fn patient() -> Router<Service> {
    Router::new()
        .route("/captures", post(captures::capture))
        .route("/recall", post(recall::recall))
        .route("/recalls", get(recall::list).post(recall::start))
        .route("/recalls/{id}", get(recall::one))
        .route("/recalls/{id}/lift", post(recall::lift))
        .route("/recalls/{id}/close", post(recall::close))
        .route("/recalls/{id}/told", post(recall::told))
        .route("/recalls/{id}/report", get(recall::report))
        .route("/arrivals", post(arrivals::open))
        .route("/arrivals/{id}/close", post(arrivals::close))
        .route("/shipments", post(shipping::ship))
        .route("/shipments/cancel", post(shipping::cancel))
        .route("/members", post(registry::add_member))
        .route("/products", post(registry::add_product))
        .route("/registry", post(registry::act))
        .route("/exchange/keys", post(exchange::rotate_keys))
        .route("/files", get(files::list).post(files::take))
        .route("/reconcile", get(health::reconcile).post(health::repair))
        .merge(epcis::patient())
}

/// The node itself, what it has captured, the registry.
fn plain() -> Router<Service> {
    Router::new()
        .route("/", get(index::index))
        .route("/openapi.json", get(openapi::openapi))
        .route("/health", get(health::health))
        .route("/captures", get(captures::list))
        .route("/captures/{id}", get(captures::one))
        .route("/events", get(events::list))
        .route("/members", get(registry::members))
        .route("/products", get(registry::products))
}

/// Questions about packs, and who was told what.
fn questions() -> Router<Service> {
    Router::new()
        .route("/verify", get(verify::verify))
        .route("/trace", get(verify::trace))
        .route("/verify/gtin/{gtin}/lot/{lot}/ser/{serial}", get(lightweight::verify))
        .route("/verify/01/{gtin}/10/{lot}/21/{serial}", get(lightweight::verify))
        .route("/checkConnectivity", get(lightweight::connectivity))
        .route("/told", get(verify::told))
        .route("/inquiries", get(inquiries::list).post(inquiries::ask))
        .route("/inquiries/{id}", get(inquiries::one))
        .route("/inquiries/{id}/approve", post(inquiries::approve))
        .route("/inquiries/{id}/deny", post(inquiries::deny))
        .route("/inquiries/{id}/documents", post(inquiries::attach))
        .route("/inquiries/{id}/documents/{digest}", get(inquiries::document))
        .route("/disclosures", get(inquiries::disclosures))
        .route("/verifications", get(verifications::list).post(verifications::ask))
        .route("/responders", get(responders::list).post(responders::put))
        .route("/responders/{gtin}", delete(responders::delete))
        .route("/products/{gtin}/links", get(links::list).post(links::put).delete(links::delete))
        .route("/.well-known/gs1resolver", get(resolver::description))
        .route("/01/{gtin}", get(resolver::resolve).options(resolver::resolve))
        .route("/01/{gtin}/21/{serial}", get(resolver::resolve).options(resolver::resolve))
        .route("/01/{gtin}/10/{lot}/21/{serial}", get(resolver::resolve).options(resolver::resolve))
        .route(
            "/gtin/{gtin}/lot/{lot}/ser/{serial}",
            get(resolver::resolve).options(resolver::resolve),
        )
        .route("/00/{sscc}", get(resolver::resolve).options(resolver::resolve))
        .route("/bundle", get(bundle::bundle))
}

/// Goods that come and go.
fn goods() -> Router<Service> {
    Router::new()
        .route("/arrivals", get(arrivals::list))
        .route("/arrivals/{id}", get(arrivals::one).delete(arrivals::cancel))
        .route("/arrivals/{id}/scans", post(arrivals::scan))
        .route("/whereabouts", get(shipping::whereabouts))
        .route("/shipments", get(shipments::list))
        .route("/shipments/{id}", get(shipments::one))
        .route("/shipments/{id}/document", get(shipments::document))
        .route("/shipments/{id}/transaction-information", get(shipments::information))
}

/// What disagrees: cases and alarms.
fn disagreements() -> Router<Service> {
    Router::new()
        .route("/cases", get(cases::list).post(cases::acts::open))
        .route("/cases/pdg", post(cases::messages::take_pdg))
        .route("/cases/{id}", get(cases::one))
        .route("/cases/{id}/packs", get(cases::packs))
        .route("/cases/{id}/pdg", get(cases::messages::pdg))
        .route("/cases/{id}/3911", get(cases::messages::form_3911))
        .route("/cases/{id}/tell", post(cases::acts::tell))
        .route("/cases/{id}/messages", post(cases::acts::say))
        .route("/cases/{id}/proposals", post(cases::acts::propose))
        .route("/cases/{id}/answers", post(cases::acts::answer))
        .route("/cases/{id}/resolve", post(cases::acts::resolve))
        .route("/cases/{id}/quarantine", post(cases::acts::quarantine))
        .route("/cases/{id}/clear", post(cases::acts::clear))
        .route("/cases/{id}/confirm", post(cases::acts::confirm))
        .route("/alarms", get(alarms::list))
}

/// Partners: messages, files, descriptions.
fn partners() -> Router<Service> {
    Router::new()
        .route("/files/{id}", get(files::one))
        .route("/files/{id}/content", get(files::content))
        .route("/master-data", get(master_data::list).post(master_data::put))
        .route("/partners", get(partners::list))
        .route("/partners/{gln}", get(partners::one).post(partners::set))
        .route("/partners/{gln}/quality", get(partners::quality))
        .route("/exchange/messages", get(exchange::list).post(exchange::message))
        .route("/exchange/retry", post(exchange::retry))
}

/// Digital Links have many shapes, and so have verification requests that are none.
async fn other_path(state: State<Node>, parts: Parts) -> Response {
    if resolver::is_digital_link(&parts.uri) {
        return resolver::resolve(state, parts).await;
    }
    let is_read = matches!(parts.method, Method::GET | Method::HEAD);
    match parts.uri.path().starts_with(lightweight::PREFIX) && is_read {
        true => lightweight::verify(state, parts).await.into_response(),
        false => route_unknown(parts.uri).await.into_response(),
    }
}

pub(crate) async fn route_unknown(uri: Uri) -> Problem {
    Problem::new(
        ProblemCode::RouteUnknown,
        format!("expected a path of the node, found {}", path(&uri)),
    )
}

pub(crate) async fn method_not_allowed(method: Method, uri: Uri) -> Problem {
    Problem::new(ProblemCode::MethodNotAllowed, format!("{} does not take {method}", path(&uri)))
}

/// The path, cut to a length that fits an answer.
fn path(uri: &Uri) -> String {
    uri.path().chars().take(200).collect()
}
