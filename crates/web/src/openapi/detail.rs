//! What the table of paths does not say of an operation: its body, its success, its refusals.

use super::answer::Success;
use super::body::Body;
use crate::epcis::ExceptionKind;
use crate::problem::ProblemCode;
use crate::routes::index::Path;
use crate::soap;

/// The rest of an operation.
#[derive(Debug, Clone, Copy)]
pub(super) struct Detail {
    pub(super) body: Option<Body>,
    pub(super) success: Success,
    pub(super) refusals: Refusals,
}

/// Why it may be refused, beside what every path can refuse.
#[derive(Debug, Clone, Copy)]
pub(super) enum Refusals {
    /// With these problems.
    Problems(&'static [ProblemCode]),
    /// With these exceptions of the standard.
    Exceptions(&'static [ExceptionKind]),
    /// With faults of SOAP.
    Faults,
}

use ExceptionKind as E;
use ProblemCode as P;

const ASKED_BY_MEMBERS: &[P] = &[
    P::ParameterWrong,
    P::CodeUnreadable,
    P::SignatureMissing,
    P::SignatureWrong,
    P::NotAuthorised,
];

const RESOLVER: &[P] = &[P::ParameterWrong, P::ProductNotHere, P::TooManyQuestions];

const LIGHTWEIGHT: &[P] = &[
    P::ParameterWrong,
    P::SignatureMissing,
    P::SignatureWrong,
    P::RequesterUnknown,
    P::NotAuthorised,
    P::QuestionsRefused,
    P::ProductNotHere,
];

const VERIFIED: &[P] = &[
    P::ParameterWrong,
    P::CodeUnreadable,
    P::SignatureMissing,
    P::SignatureWrong,
    P::NotAuthorised,
    P::TooManyQuestions,
];

const BUNDLE: &[P] = &[P::ParameterWrong, P::CodeUnreadable, P::NotProvable, P::LedgerUnreachable];

const MESSAGE: &[P] = &[
    P::BodyWrong,
    P::BodyTooLarge,
    P::SignatureMissing,
    P::SignatureWrong,
    P::NotAuthorised,
    P::SealAgain,
    P::TooEarly,
    P::MessageRejected,
    P::LedgerUnreachable,
];

const DOCUMENT: &[P] = &[P::ParameterWrong, P::TradeUnknown, P::ShipmentUntold];

const SET: &[P] = &[P::BodyWrong, P::BodyTooLarge, P::TradeUnknown];

const TAKEN: &[P] = &[P::ParameterWrong, P::BodyTooLarge, P::BodyWrong];

const ADDED: &[P] = &[P::BodyWrong, P::BodyTooLarge, P::LedgerRefused, P::LedgerUnreachable];

const ARRIVAL: &[P] = &[P::BodyWrong, P::BodyTooLarge, P::ArrivalUnknown, P::ArrivalEnded];

const SHIPPED: &[P] = &[P::BodyWrong, P::BodyTooLarge, P::CodeUnreadable];

const RECALLED: &[P] =
    &[P::BodyWrong, P::BodyTooLarge, P::RecallRefused, P::LedgerRefused, P::LedgerUnreachable];

const RECALL_CHANGED: &[P] = &[
    P::BodyWrong,
    P::BodyTooLarge,
    P::RecallUnknown,
    P::RecallRefused,
    P::RecallOutstanding,
    P::LedgerRefused,
    P::LedgerUnreachable,
];

const CASE: &[P] = &[P::ParameterWrong, P::CaseUnknown];

const CASE_TOLD: &[P] = &[P::ParameterWrong, P::CaseUnknown, P::CaseRefused];

const CASE_OPENED: &[P] = &[P::BodyWrong, P::BodyTooLarge, P::CodeUnreadable, P::CaseRefused];

const ACTED: &[P] = &[P::BodyWrong, P::BodyTooLarge, P::CaseUnknown, P::CaseRefused];

const LISTED: &[P] = &[P::ParameterWrong];

const INQUIRY: &[P] = &[P::InquiryUnknown];

const INQUIRED: &[P] = &[P::BodyWrong, P::BodyTooLarge, P::CodeUnreadable, P::InquiryRefused];

const DECIDED: &[P] = &[P::BodyWrong, P::BodyTooLarge, P::InquiryUnknown, P::InquiryRefused];

const PAGE: &[E] = &[E::QueryParameter, E::QueryTooComplex, E::NotAcceptable];

const PAGE_BELOW: &[E] =
    &[E::QueryParameter, E::QueryTooComplex, E::Validation, E::NotAcceptable, E::NoSuchResource];

const QUERY: &[E] = &[E::QueryParameter, E::NotAcceptable, E::QueryTooLarge, E::QueryTooComplex];

const QUERY_BELOW: &[E] = &[
    E::QueryParameter,
    E::Validation,
    E::NoSuchResource,
    E::NotAcceptable,
    E::QueryTooLarge,
    E::QueryTooComplex,
];

const QUERY_NAMED: &[E] = &[
    E::QueryParameter,
    E::Validation,
    E::SubscriptionControls,
    E::NoSuchName,
    E::NotAcceptable,
    E::QueryTooLarge,
    E::QueryTooComplex,
];

const CAPTURE: &[E] = &[E::Validation, E::NotAcceptable, E::CaptureLimit, E::UnsupportedMediaType];

const CAPTURE_EVENT: &[E] =
    &[E::Validation, E::NotAcceptable, E::AlreadyExists, E::CaptureLimit, E::UnsupportedMediaType];

const NAME_QUERY: &[E] = &[
    E::Validation,
    E::QueryValidation,
    E::NotAcceptable,
    E::AlreadyExists,
    E::CaptureLimit,
    E::UnsupportedMediaType,
];

const SUBSCRIBE: &[E] = &[
    E::Validation,
    E::SubscriptionControls,
    E::NoSuchName,
    E::NotAcceptable,
    E::CaptureLimit,
    E::UnsupportedMediaType,
];

const NAMED: &[E] = &[E::Validation, E::NoSuchName, E::NotAcceptable];

const NAMED_PAGE: &[E] =
    &[E::QueryParameter, E::QueryTooComplex, E::Validation, E::NoSuchName, E::NotAcceptable];

const SUBSCRIPTION: &[E] = &[E::Validation, E::NoSuchResource, E::NotAcceptable];

impl Detail {
    /// The rest of an operation of the table of paths.
    pub(super) fn of(path: &Path) -> Self {
        if path.path == soap::PATH {
            return Self::soap(path.method);
        }
        match path.path.strip_prefix("/epcis") {
            Some(below) => Self::epcis(path.method, below),
            None => Self::own(path.method, path.path),
        }
    }

    fn soap(method: &str) -> Self {
        let (body, success) = match method {
            "POST" => (Some(Body::Envelope), Success::Soap),
            _ => (None, Success::Wsdl),
        };
        Self { body, success, refusals: Refusals::Faults }
    }

    fn recalls(method: &str, path: &str) -> Option<Self> {
        let own = |body, success, problems| {
            Some(Self { body, success, refusals: Refusals::Problems(problems) })
        };
        match (method, path) {
            ("POST", "/recall") => {
                own(Some(Body::Json("RecallRequest")), Success::Json("RecallReport"), RECALLED)
            }
            ("GET", "/recalls") => own(None, Success::List("RecallEntry"), &[P::ParameterWrong]),
            ("POST", "/recalls") => {
                own(Some(Body::Json("RecallStart")), Success::Added("RecallView"), RECALLED)
            }
            ("GET", "/recalls/{id}") => {
                own(None, Success::Json("RecallView"), &[P::ParameterWrong, P::RecallUnknown])
            }
            ("POST", "/recalls/{id}/lift") => {
                own(Some(Body::Json("LiftRequest")), Success::Json("RecallView"), RECALL_CHANGED)
            }
            ("POST", "/recalls/{id}/close") => own(
                Some(Body::Json("CloseRequest")),
                Success::Json("RecallClosure"),
                RECALL_CHANGED,
            ),
            ("POST", "/recalls/{id}/told") => {
                own(Some(Body::Json("ToldRequest")), Success::Json("RecallView"), RECALL_CHANGED)
            }
            ("GET", "/recalls/{id}/report") => {
                let refusals = &[P::ParameterWrong, P::RecallUnknown, P::RecallRefused];
                own(None, Success::Text, refusals)
            }
            _ => None,
        }
    }

    fn questions(method: &str, path: &str) -> Option<Self> {
        let own = |body, success, problems| {
            Some(Self { body, success, refusals: Refusals::Problems(problems) })
        };
        match (method, path) {
            ("GET", "/verify") => own(None, Success::Json("Verdict"), VERIFIED),
            ("GET", "/trace") => own(None, Success::Json("Journey"), ASKED_BY_MEMBERS),
            ("GET", "/checkConnectivity") => {
                own(None, Success::Json("ConnectivityAnswer"), LIGHTWEIGHT)
            }
            ("GET", "/verifications") => {
                own(None, Success::List("VerificationEntry"), &[P::ParameterWrong])
            }
            ("POST", "/verifications") => own(
                Some(Body::Json("VerificationRequest")),
                Success::Json("VerifyReport"),
                &[P::BodyWrong, P::BodyTooLarge, P::CodeUnreadable],
            ),
            ("GET", "/responders") => own(None, Success::List("Responder"), &[]),
            ("POST", "/responders") => own(
                Some(Body::Json("Responder")),
                Success::Added("Responder"),
                &[P::BodyWrong, P::BodyTooLarge],
            ),
            ("GET", "/products/{gtin}/links") => {
                own(None, Success::List("LinkEntry"), &[P::ParameterWrong])
            }
            ("POST", "/products/{gtin}/links") => own(
                Some(Body::Json("LinkEntry")),
                Success::Added("LinkEntry"),
                &[P::ParameterWrong, P::BodyWrong, P::BodyTooLarge, P::ProductNotHere],
            ),
            ("DELETE", "/responders/{gtin}" | "/products/{gtin}/links") => {
                own(None, Success::Nothing, &[P::ParameterWrong])
            }
            ("GET", "/.well-known/gs1resolver") => own(None, Success::Json("Resolver"), &[]),
            ("OPTIONS", _) => own(None, Success::Nothing, &[]),
            ("GET", path) if ["/01/", "/00/", "/gtin/"].iter().any(|it| path.starts_with(it)) => {
                own(None, Success::Resolved, RESOLVER)
            }
            ("GET", path) if path.starts_with("/verify/") => {
                own(None, Success::Json("VerifyAnswer"), LIGHTWEIGHT)
            }
            ("GET", "/bundle") => own(None, Success::Bundle, BUNDLE),
            ("GET", "/told") => own(None, Success::Json("SignedStatement"), ASKED_BY_MEMBERS),
            ("GET", "/alarms") => own(None, Success::List("AlarmReport"), &[P::ParameterWrong]),
            _ => None,
        }
    }

    fn goods(method: &str, path: &str) -> Option<Self> {
        let own = |body, success, problems| {
            Some(Self { body, success, refusals: Refusals::Problems(problems) })
        };
        match (method, path) {
            ("POST", "/arrivals") => own(
                Some(Body::Json("ArrivalRequest")),
                Success::Added("ArrivalReport"),
                &[P::BodyWrong, P::BodyTooLarge],
            ),
            ("GET", "/arrivals") => own(None, Success::List("ArrivalEntry"), &[P::ParameterWrong]),
            ("GET", "/arrivals/{id}") => {
                own(None, Success::Json("ArrivalReport"), &[P::ArrivalUnknown])
            }
            ("DELETE", "/arrivals/{id}") => {
                own(None, Success::Json("ArrivalReport"), &[P::ArrivalUnknown, P::ArrivalEnded])
            }
            ("POST", "/arrivals/{id}/scans") => {
                own(Some(Body::Json("ScanRequest")), Success::Json("ScansReport"), ARRIVAL)
            }
            ("POST", "/arrivals/{id}/close") => {
                own(Some(Body::Json("CloseRequest")), Success::Json("ArrivalReport"), ARRIVAL)
            }
            ("GET", "/whereabouts") => {
                own(None, Success::Json("Whereabouts"), &[P::ParameterWrong, P::CodeUnreadable])
            }
            ("POST", "/shipments") => {
                own(Some(Body::Json("ShipOrder")), Success::Json("ShipReport"), SHIPPED)
            }
            ("POST", "/shipments/cancel") => {
                own(Some(Body::Json("CancelRequest")), Success::Json("ShipReport"), SHIPPED)
            }
            _ => None,
        }
    }

    fn messages(method: &str, path: &str) -> Option<Self> {
        let own = |body, success, problems| {
            Some(Self { body, success, refusals: Refusals::Problems(problems) })
        };
        match (method, path) {
            ("POST", "/exchange/messages") => {
                own(Some(Body::Message), Success::Accepted("Taken"), MESSAGE)
            }
            ("GET", "/exchange/messages") => {
                own(None, Success::Json("ExchangedMessages"), &[P::ParameterWrong])
            }
            ("POST", "/exchange/retry") => own(
                Some(Body::Json("RetryRequest")),
                Success::Json("RetryAnswer"),
                &[P::BodyWrong, P::BodyTooLarge],
            ),
            ("POST", "/exchange/keys") => own(None, Success::Json("ServiceKeysAnswer"), &[]),
            _ => None,
        }
    }

    fn own(method: &str, path: &str) -> Self {
        let parts = [Self::questions, Self::goods, Self::messages, Self::recalls];
        if let Some(found) = parts.iter().find_map(|part| part(method, path)) {
            return found;
        }
        let own = |body, success, problems| Self {
            body,
            success,
            refusals: Refusals::Problems(problems),
        };
        match (method, path) {
            ("GET", "/") => own(None, Success::Text, &[]),
            ("GET", "/openapi.json") => own(None, Success::OpenApi, &[]),
            ("GET", "/health") => own(None, Success::Json("Health"), &[P::LedgerUnreachable]),
            ("POST", "/captures") => {
                own(Some(Body::AnyDocument), Success::Captured, &[P::CaptureBroken])
            }
            ("GET", "/captures") => own(None, Success::List("CaptureEntry"), &[P::ParameterWrong]),
            ("GET", "/captures/{id}") => {
                own(None, Success::Json("CaptureStatus"), &[P::ParameterWrong, P::CaptureUnknown])
            }
            ("GET", "/events") => {
                own(None, Success::PageOf("EventEntry"), &[P::ParameterWrong, P::QueryTooLarge])
            }
            (_, cases) if cases.starts_with("/cases") => Self::of_cases(method, cases),
            (_, path) if path.starts_with("/inquiries") || path == "/disclosures" => {
                Self::inquiries(method, path)
            }
            ("GET" | "POST", "/files" | "/files/{id}" | "/files/{id}/content")
            | ("GET" | "POST", "/master-data")
            | ("GET" | "POST", "/partners" | "/partners/{gln}" | "/partners/{gln}/quality")
            | ("GET", "/shipments" | "/shipments/{id}" | "/shipments/{id}/document")
            | ("GET", "/shipments/{id}/transaction-information") => Self::trade(method, path),
            ("GET", "/members") => own(None, Success::List("MemberEntry"), &[]),
            ("POST", "/members") => {
                own(Some(Body::Json("MemberRequest")), Success::Added("MemberRequest"), ADDED)
            }
            ("GET", "/products") => own(None, Success::List("ProductEntry"), &[]),
            ("POST", "/products") => {
                own(Some(Body::Json("ProductRequest")), Success::Added("ProductEntry"), ADDED)
            }
            ("POST", "/registry") => {
                own(Some(Body::Json("ActionRequest")), Success::Json("ActionAnswer"), ADDED)
            }
            ("GET" | "POST", "/reconcile") => {
                own(None, Success::Json("ReconcileReport"), &[P::LedgerUnreachable])
            }
            _ => own(None, Success::Undescribed, &[]),
        }
    }

    fn of_cases(method: &str, path: &str) -> Self {
        let own = |body: Option<&'static str>, success, problems| Self {
            body: body.map(Body::Json),
            success,
            refusals: Refusals::Problems(problems),
        };
        let act = |body| own(Some(body), Success::Json("CaseView"), ACTED);
        match (method, path) {
            ("GET", "/cases") => own(None, Success::List("CaseEntry"), &[P::ParameterWrong]),
            ("POST", "/cases") => own(Some("CaseRequest"), Success::Added("CaseView"), CASE_OPENED),
            ("POST", "/cases/pdg") => own(Some("PdgMessage"), Success::Json("PdgTaken"), ACTED),
            ("GET", "/cases/{id}") => own(None, Success::Json("CaseView"), CASE),
            ("GET", "/cases/{id}/packs") => own(None, Success::List("Item"), CASE),
            ("GET", "/cases/{id}/pdg") => own(None, Success::Json("PdgMessage"), CASE_TOLD),
            ("GET", "/cases/{id}/3911") => own(None, Success::Json("Form3911"), CASE),
            ("POST", "/cases/{id}/tell") => act("TellRequest"),
            ("POST", "/cases/{id}/messages") => act("SayRequest"),
            ("POST", "/cases/{id}/proposals") => act("ProposeRequest"),
            ("POST", "/cases/{id}/answers") => act("AnswerRequest"),
            ("POST", "/cases/{id}/resolve") => act("ResolveRequest"),
            ("POST", "/cases/{id}/quarantine") => own(None, Success::Json("CaseView"), CASE_TOLD),
            ("POST", "/cases/{id}/clear") => act("ClearRequest"),
            ("POST", "/cases/{id}/confirm") => act("ConfirmRequest"),
            _ => own(None, Success::Undescribed, &[]),
        }
    }

    fn inquiries(method: &str, path: &str) -> Self {
        let (body, success, problems) = match (method, path) {
            ("GET", "/inquiries") => (None, Success::List("InquiryEntry"), LISTED),
            ("POST", "/inquiries") => {
                (Some(Body::Json("InquiryRequest")), Success::Added("InquiryReport"), INQUIRED)
            }
            ("GET", "/disclosures") => (None, Success::List("DisclosureEntry"), LISTED),
            ("GET", "/inquiries/{id}") => (None, Success::Json("InquiryReport"), INQUIRY),
            ("POST", "/inquiries/{id}/documents") => {
                (Some(Body::Json("AttachRequest")), Success::Json("AttachAnswer"), DECIDED)
            }
            ("GET", _) => (None, Success::Bytes, INQUIRY),
            _ => (Some(Body::Json("DecisionRequest")), Success::Json("InquiryReport"), DECIDED),
        };
        Self { body, success, refusals: Refusals::Problems(problems) }
    }

    fn trade(method: &str, path: &str) -> Self {
        let own = |body, success, problems| Self {
            body,
            success,
            refusals: Refusals::Problems(problems),
        };
        match (method, path) {
            ("GET", "/shipments") => {
                own(None, Success::List("ShipmentEntry"), &[P::ParameterWrong])
            }
            ("GET", "/shipments/{id}") => {
                own(None, Success::Json("ShipmentReport"), &[P::TradeUnknown])
            }
            ("GET", "/shipments/{id}/document") => own(None, Success::File, DOCUMENT),
            ("GET", "/shipments/{id}/transaction-information") => {
                own(None, Success::Html, &[P::TradeUnknown])
            }
            ("GET", "/partners") => own(None, Success::List("PartnerReport"), &[]),
            ("GET", "/partners/{gln}") => {
                own(None, Success::Json("PartnerReport"), &[P::TradeUnknown])
            }
            ("POST", "/partners/{gln}") => {
                own(Some(Body::Json("PartnerSettings")), Success::Json("PartnerSettings"), SET)
            }
            ("GET", "/partners/{gln}/quality") => {
                own(None, Success::Json("QualityReport"), &[P::TradeUnknown])
            }
            ("GET", "/master-data") => own(None, Success::Json("Descriptions"), &[]),
            ("POST", "/master-data") => {
                let body = Some(Body::ListOf("Description"));
                own(body, Success::Json("Descriptions"), &[P::BodyWrong, P::BodyTooLarge])
            }
            ("GET", "/files") => own(None, Success::List("FileReport"), &[P::ParameterWrong]),
            ("POST", _) => own(Some(Body::File), Success::Json("FileReport"), TAKEN),
            ("GET", "/files/{id}") => own(None, Success::Json("FileReport"), &[P::TradeUnknown]),
            _ => own(None, Success::File, &[P::TradeUnknown]),
        }
    }

    fn epcis(method: &str, below: &str) -> Self {
        let epcis = |body, success, exceptions| Self {
            body,
            success,
            refusals: Refusals::Exceptions(exceptions),
        };
        let segments: Vec<&str> = below.split('/').filter(|part| !part.is_empty()).collect();
        match (method, &segments[..]) {
            ("GET", []) => epcis(None, Success::Resources, PAGE),
            ("POST", ["capture"]) => epcis(Some(Body::Document), Success::Job, CAPTURE),
            ("GET", ["capture"]) => epcis(None, Success::EpcisPage("CaptureJob"), PAGE),
            ("GET", ["capture", _]) => epcis(None, Success::JobInBoth, PAGE_BELOW),
            ("POST", ["events"]) => epcis(Some(Body::Event), Success::Event, CAPTURE_EVENT),
            ("GET", ["events"]) => epcis(None, Success::Events, QUERY),
            ("GET", ["events", _]) => epcis(None, Success::Events, PAGE_BELOW),
            ("POST", ["queries"]) => {
                epcis(Some(Body::EpcisJson("QueryDefinition")), Success::Made, NAME_QUERY)
            }
            ("GET", ["queries"]) => epcis(None, Success::EpcisPage("QueryDefinition"), PAGE),
            ("GET", ["queries", _]) => epcis(None, Success::EpcisJson("QueryDefinition"), NAMED),
            ("GET", ["queries", _, "events"]) => epcis(None, Success::EventsOrStream, QUERY_NAMED),
            ("GET", ["queries", _, "subscriptions"]) => {
                epcis(None, Success::EpcisPage("Subscription"), NAMED_PAGE)
            }
            ("POST", ["queries", _, "subscriptions"]) => {
                epcis(Some(Body::EpcisJson("SubscriptionRequest")), Success::Subscribed, SUBSCRIBE)
            }
            ("GET", ["queries", _, "subscriptions", _]) => {
                epcis(None, Success::Subscription, SUBSCRIPTION)
            }
            ("DELETE", ["queries", _]) => epcis(None, Success::Gone, NAMED),
            ("DELETE", ["queries", _, "subscriptions", _]) => {
                epcis(None, Success::Gone, SUBSCRIPTION)
            }
            ("DELETE", ["nextPageToken", _]) => epcis(None, Success::Gone, &[E::Validation]),
            ("GET", [_, _, "events"]) => epcis(None, Success::Events, QUERY_BELOW),
            ("GET", [_]) => epcis(None, Success::Collection, PAGE),
            ("GET", [_, _]) => epcis(None, Success::EpcisJson("ResourceCollection"), PAGE_BELOW),
            _ => epcis(None, Success::Undescribed, &[]),
        }
    }
}
