//! A node of one organisation: the stages from capture to verdict, one file each, and their wiring.
//!
//! ```text
//! capture ── parse (and check) ── admit ── record ── follow ── exchange
//!                                  ↑ readmit            │
//!                                  └────────────────────┘
//! verify · trace · inquiry · recall · query · subscribe · reconcile · health
//! ```
//!
//! # Invariants
//!
//! - What was acknowledged survives a crash at any instruction, and is worked on exactly once.
//! - Clock and network come in as parameters; randomness makes keys and nothing else.
//! - This crate knows no HTTP server; the service is `theriac-web`.

mod admit;
mod alarm;
mod arrival;
mod capture;
mod case;
mod clock;
pub mod config;
mod error;
pub mod exchange;
mod files;
mod folder;
mod follow;
mod health;
mod init;
mod inquiry;
mod links;
mod locate;
mod master_data;
mod node;
mod parse;
mod partner;
mod prefixes;
mod profile;
mod prove;
mod prune;
pub mod query;
mod readmit;
mod recall;
mod reconcile;
mod record;
mod registry;
pub mod report;
mod rest;
mod route;
mod run;
mod ship;
mod shipments;
mod standing;
mod subscribe;
mod trace;
mod verification;
mod verify;
mod whereabouts;

pub use alarm::{AlarmReport, Sight};
pub use arrival::{
    ARRIVAL_ITEMS_MAX, ArrivalError, ArrivalOutcome, ArrivalReport, ArrivalRequest, CloseRequest,
    LISTED_MAX, Missing, REQUEST_KEY_MAX, SCANS_MAX, ScanReport, ScanRequest, ScansReport,
};
pub use capture::{
    CaptureEventError, CaptureJob, CaptureJobError, CaptureOptions, CaptureWriter, ErrorBehaviour,
};
pub use case::{
    AnswerRequest, CaseDetail, CaseError, CaseLine, CaseRequest, Form3911, PdgForm, PdgTaken,
    ProposalLine, ReportType, is_overdue,
};
pub use clock::{Clock, system_clock};
pub use config::{Config, ConfigError, LedgerConfig};
pub use error::NodeError;
pub use exchange::{ExchangeError, RotateKeysError, ServiceKeysReport, SignedHeaders, Taken};
pub use files::{FILE_BYTES_MAX, FileError, FileKind, FileReport};
pub use folder::{FolderError, NodeFolder};
pub use init::{DEFAULT_CHAIN_ID, InitError, InitOptions, InitReport, LedgerChoice, init};
pub use inquiry::{
    DisclosureEntry, INQUIRY_DOCUMENT_BYTES_MAX, InquireError, InquiryDocumentEntry, InquiryEntry,
    InquiryPartyEntry, InquiryReport, InquiryRequest,
};
pub use links::{LinkError, link_type};
pub use master_data::{Description, Descriptions};
pub use node::{Node, OpenError};
pub use partner::{
    Channel, FileFormat, PartnerError, PartnerReport, PartnerSettings, QualityFinding,
    QualityReport,
};
pub use prefixes::{PrefixFileError, read_company_prefixes};
pub use profile::{ProfileFileError, read_profile};
pub use prove::{ProveError, ProveOptions};
pub use prune::{PruneReport, PruneScope};
pub use query::{
    EventPage, FoundEvent, NamedQueryError, PagePosition, PageRequest, PositionError, QueryFailure,
    RecordedPage, Schedule, ScheduleError, SubscribeError, SubscriptionRequest, read_named,
};
pub use recall::{
    HolderView, RecallClosure, RecallEntry, RecallError, RecallOrder, RecallStart, RecallView,
};
pub use registry::{
    ActionReport, NewMember, ProductRecord, RegistryAction, RotateError, RotateReport, rotate,
};
pub use report::{
    CaptureReport, Difference, DifferenceKind, EventOutcome, Evidence, Health, HopAnswer, Journey,
    JourneyHop, JourneyStep, LedgerHealth, MadeLink, Party, RecallReport, ReconcileReport,
    VerifyReport, actor_text,
};
pub use rest::{RestReport, WhyNotHere};
pub use ship::{ShipError, ShipOrder, ShipReport};
pub use shipments::{
    DocumentError, ShipmentDirection, ShipmentEntry, ShipmentError, ShipmentFile, ShipmentReport,
};
pub use subscribe::{
    CallbackException, DeliveryControls, Envelope, Live, LiveRequest, Message, PayloadForm,
    signature,
};
pub use theriac_ledger::Passphrase;
pub use theriac_ledger::bundle::{Bundle, CollectError};
pub use theriac_store::{
    ArrivalId, ArrivalKind, ArrivalRecord, ArrivalState, CaptureId, CaptureRecord, CaptureSource,
    CaseFilter, CaseRecord, CaseState, DeliveryRecord, DeliveryState, EventRecord, EventState,
    InboxRecord, InquiryId, ScanAnswer,
};
pub use trace::{SignedStatement, StatementFault, Told, ToldEvent, ToldLeaf};
pub use verification::{
    Inquirer, LastAnswer, LightweightError, PublicCode, PublicVerdict, ResponderError, Served,
    Source, Throttled, Unanswered, Unreached, VerificationConfig, VerificationEntry, held_back,
};
pub use verify::{Asker, VerifyError};
pub use whereabouts::Whereabouts;
