//! The schemas that operations refer to: of the service's own types from those types, of others by
//! hand beside a test that compares them.

mod cases;
mod epcis;
mod handover;
mod inquiry;
mod lightweight;
mod node;
mod problem;
mod recall;
mod trade;

use serde_json::{Map, Value};
use utoipa::ToSchema;
use utoipa::openapi::{RefOr, Schema};

use crate::epcis::resource::capture::{CaptureErrorView, CaptureJobView};
use crate::epcis::resource::collection::ResourceCollection;
use crate::epcis::resource::queries::QueryDefinition;
use crate::epcis::resource::subscriptions::{SubscriptionBody, SubscriptionView};
use crate::routes::arrivals::ArrivalEntry;
use crate::routes::captures::{CaptureEntry, CaptureTicket};
use crate::routes::events::EventEntry;
use crate::routes::exchange::{ExchangedMessages, RetryAnswer, RetryRequest, ServiceKeysAnswer};
use crate::routes::inquiries::{AttachAnswer, AttachRequest, DecisionRequest};
use crate::routes::links::LinkEntry;
use crate::routes::recall::{CloseRequest, LiftRequest, RecallRequest, ToldRequest};
use crate::routes::registry::{
    ActionAnswer, ActionRequest, MemberEntry, MemberRequest, ProductEntry, ProductRequest,
};
use crate::routes::responders::Responder;
use crate::routes::shipping::CancelRequest;
use crate::routes::verifications::VerificationRequest;

/// All schemas by name.
pub(super) fn components() -> Map<String, Value> {
    let mut schemas = Map::new();
    derived::<ArrivalEntry>(&mut schemas);
    derived::<CancelRequest>(&mut schemas);
    derived::<CaptureTicket>(&mut schemas);
    derived::<CaptureEntry>(&mut schemas);
    derived::<EventEntry>(&mut schemas);
    derived::<ExchangedMessages>(&mut schemas);
    derived::<RetryRequest>(&mut schemas);
    derived::<RetryAnswer>(&mut schemas);
    derived::<ServiceKeysAnswer>(&mut schemas);
    derived::<RecallRequest>(&mut schemas);
    derived::<LiftRequest>(&mut schemas);
    derived::<CloseRequest>(&mut schemas);
    derived::<ToldRequest>(&mut schemas);
    derived::<Responder>(&mut schemas);
    derived::<LinkEntry>(&mut schemas);
    derived::<VerificationRequest>(&mut schemas);
    derived::<MemberEntry>(&mut schemas);
    derived::<MemberRequest>(&mut schemas);
    derived::<ProductEntry>(&mut schemas);
    derived::<ProductRequest>(&mut schemas);
    derived::<ActionRequest>(&mut schemas);
    derived::<ActionAnswer>(&mut schemas);
    derived::<CaptureJobView>(&mut schemas);
    derived::<CaptureErrorView>(&mut schemas);
    derived::<ResourceCollection>(&mut schemas);
    derived::<QueryDefinition>(&mut schemas);
    derived::<SubscriptionBody>(&mut schemas);
    derived::<SubscriptionView>(&mut schemas);
    for name in ["MemberEntry", "MemberRequest"] {
        schemas[name]["properties"]["roles"]["items"] = node::reference("Role");
    }
    schemas.extend(node::schemas());
    schemas.extend(lightweight::schemas());
    schemas.extend(handover::schemas());
    schemas.extend(cases::schemas());
    schemas.extend(epcis::schemas());
    let of_inquiries = inquiry::schemas().into_iter();
    schemas.extend(of_inquiries.map(|(name, schema)| (name.to_owned(), schema)));
    derived::<AttachRequest>(&mut schemas);
    derived::<AttachAnswer>(&mut schemas);
    derived::<DecisionRequest>(&mut schemas);
    schemas.extend(problem::schemas());
    schemas.extend(recall::schemas());
    schemas.extend(trade::schemas());
    schemas.sort_keys();
    schemas
}

/// Adds the schema that a type derives.
fn derived<T: ToSchema>(schemas: &mut Map<String, Value>) {
    let mut schema = value(&T::schema());
    // What is answered has the members that the document names, and no others.
    if schema.get("properties").is_some() {
        schema["additionalProperties"] = false.into();
    }
    schemas.insert(T::name().into_owned(), schema);
}

fn value(schema: &RefOr<Schema>) -> Value {
    serde_json::to_value(schema)
        .expect("a schema becomes JSON, because its members are text, numbers and schemas")
}
