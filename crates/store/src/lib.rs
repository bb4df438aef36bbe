//! The SQL store of a node: captures, events, items, cases, outbox, deliveries, named queries and
//! subscriptions, master data, and the facts followed from the ledger.
//!
//! ```text
//!  Store::open(path) ──► Store ──► reads (a small pool; the same functions on WriteTx)
//!                          └─────► write().await ─► WriteTx ─► commit().await
//!                                                      └─ dropped: everything is rolled back
//! ```
//!
//! # Invariants
//!
//! - What `commit` returned from is on disk (WAL, `synchronous=FULL`).
//! - One writer at a time; readers see the last commit, never a part of one.
//! - Every statement and the schema come from one query builder; what differs between databases
//!   is in `dialect`.
//! - Times are milliseconds since 1970-01-01T00:00Z ([`Millis`]), dates days since 1970-01-01
//!   ([`Days`]); numbers above `i64::MAX` keep their value but not their order.
//! - No clock and no randomness: times come in as parameters.

mod capture;
mod case_file;
mod column;
mod connection;
mod consignment;
mod delivery;
mod dialect;
mod error;
mod event;
mod holding;
mod inbox;
mod inquiry;
mod item;
mod ledger;
mod lot;
mod master_data;
mod meta;
mod migrate;
mod named_query;
mod outbox;
mod partner;
mod product_link;
mod recall;
mod registry;
mod responder;
mod schema;
mod shipment;
mod stats;
mod store;
mod subscription;
mod trade_file;
mod transaction;
mod verification;
mod word;

pub use capture::{
    CaptureId, CaptureRecord, CaptureSource, CaptureState, Counts, ErrorBehaviour, NewCapture,
    Outcome, OutcomeRecord, OutcomeState, RecordedState,
};
pub use case_file::{CaseEntryRow, CaseFilter, CaseId, CaseRecord, CaseState, NewCase};
pub use column::{Days, Millis};
pub use consignment::{ConsignmentId, ConsignmentRecord, Direction, NewConsignment};
pub use delivery::{
    DeliveryId, DeliveryKind, DeliveryRecord, DeliveryState, MessageId, NewDelivery,
};
pub use error::{OpenError, StoreError};
pub use event::{EventId, EventRecord, EventScan, EventState, NewEvent, ScanOrder, ScanPosition};
pub use holding::{KnownHolding, Shipment};
pub use inbox::{InboxId, InboxRecord, InboxState, NewMessage};
pub use inquiry::{
    DisclosureRecord, InquiryDocument, InquiryId, InquiryKind, InquiryPartyRecord, InquiryRecord,
    InquiryState, NewInquiry, PartyState, ToldRecord,
};
pub use item::ItemRecord;
pub use ledger::{
    BlockRow, ChangeKind, ChangeRow, Departures, GatherRow, LedgerHolding, LedgerLot, LogRecord,
    LogRow, Node, RetiredRow, RetirementBatch,
};
pub use lot::LotRow;
pub use named_query::{NamedQueryId, NamedQueryRecord};
pub use outbox::{OutboxId, OutboxRecord, OutboxState};
pub use partner::{PartnerRecord, QualityRecord};
pub use product_link::ProductLink;
pub use recall::{
    HolderState, NewRecall, RecallHolder, RecallId, RecallPart, RecallRecord, RecallState, SetApart,
};
pub use registry::{MemberStatus, StoredAccount, StoredMember};
pub use responder::{ResponderEntry, ResponderPath};
pub use shipment::{ReceivedShipment, ShipmentState};
pub use stats::Stats;
pub use store::{ReadTx, Store, WriteTx};
pub use subscription::{NewSubscription, SubscriptionRecord, SubscriptionState};
pub use trade_file::{NewTradeFile, TradeFileId, TradeFileRecord, TradeFileState};
pub use transaction::{
    AttemptRecord, SignedTransaction, TransactionId, TransactionRecord, TransactionState,
    TransactionSummary,
};
pub use verification::{
    NewVerification, VerificationDirection, VerificationId, VerificationOutcome,
    VerificationProtocol, VerificationRecord,
};
