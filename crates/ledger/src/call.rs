//! Calls of the contracts in the domain's types.

mod encode;
mod join;
pub(crate) mod places;
mod scheduled;
pub(crate) mod sources;
mod status;
mod target;

use serde::{Deserialize, Serialize};
use theriac_custody::{Account, Hash, HoldingState, LeafProof, NodeProof, Reason, Roles};

use crate::connect::Deployment;

pub use join::JoinError;
pub use places::PlacesCut;
pub use scheduled::operation_id;
pub use sources::in_tree_order;
pub use status::MemberStatus;
pub use target::Target;

pub(crate) use join::join;

/// A subtree of a holding: the holding, the subtree's height, and its index among those of its height.
pub type NodePlace = (Hash, u8, u64);

/// One operation of a contract. `cause` is the hash of the event that caused it, or the root of the
/// tree over the hashes of several. Days are counted from 1970-01-01.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "call", rename_all = "snake_case")]
pub enum Call {
    /// Makes units: opens a holding, and the lot if it is new.
    Commission {
        /// The lot.
        lot_tag: Hash,
        /// Last day on which its units may be used, in days.
        expiry: u32,
        /// Root of the tree of the units.
        root: Hash,
        /// Height of the tree, 0 to 32.
        height: u8,
        /// The event.
        cause: Hash,
    },
    /// Gathers subtrees of the caller's holdings into a shipment.
    Ship {
        /// What is shipped, in any order; see [`in_tree_order`].
        nodes: Vec<NodeProof>,
        /// Who may receive it: an account of another member.
        to: Account,
        /// The event.
        cause: Hash,
    },
    /// Receives a shipment as a whole.
    ReceiveShipment {
        /// The shipment.
        id: Hash,
        /// The event.
        cause: Hash,
    },
    /// Receives a shipment, but for what is refused.
    ReceiveInPart {
        /// The shipment.
        id: Hash,
        /// What goes back to the sender, all of this shipment, at least one.
        refused: Vec<NodeProof>,
        /// The event.
        cause: Hash,
    },
    /// Takes an unreceived shipment back.
    Cancel {
        /// The shipment.
        id: Hash,
        /// The event.
        cause: Hash,
    },
    /// Gathers subtrees of the caller's holdings into one that is set apart.
    Segregate {
        /// What is set apart, in any order; see [`in_tree_order`].
        nodes: Vec<NodeProof>,
        /// `Quarantined`, `Stolen` or `Lost`.
        state: HoldingState,
        /// The event.
        cause: Hash,
    },
    /// Ends a quarantine, or finds what was lost.
    Release {
        /// The holding.
        id: Hash,
        /// The event.
        cause: Hash,
    },
    /// Ends units' lives by use.
    Retire {
        /// The units, of at most 255 lots.
        units: Vec<LeafProof>,
        /// Why; one of use.
        reason: Reason,
        /// The event.
        cause: Hash,
    },
    /// Ends units' lives for another reason than use.
    WriteOff {
        /// The subtrees.
        places: Vec<NodePlace>,
        /// Why; none of use.
        reason: Reason,
        /// The event.
        cause: Hash,
    },
    /// Undoes ends of life while the member's window for that is open.
    Restore {
        /// All places of the retirement, as its log [`Retired`](crate::LedgerEvent::Retired) (or what
        /// was left of it after a restoration before) names them, in that order.
        places: Vec<NodePlace>,
        /// The retirement's reason.
        reason: Reason,
        /// The retirement's cause.
        retired_by: Hash,
        /// Until when it can be undone, in seconds since 1970-01-01, by its log.
        until: u64,
        /// Which places of the list are restored, from 0.
        which: Vec<usize>,
        /// The event.
        cause: Hash,
    },
    /// Deletes marks of a holding whose goods expired long ago, and the holding with the last ones.
    Prune {
        /// The holding.
        id: Hash,
        /// Keys of the words of marks (32 bytes, big endian).
        keys: Vec<Hash>,
    },
    /// Deletes lots that expired long ago.
    PruneLots {
        /// The lots.
        lot_tags: Vec<Hash>,
    },
    /// Deletes records of retirements that can no longer be undone.
    PruneRetirements {
        /// Their keys; see [`retirement_key`](crate::retirement_key).
        keys: Vec<Hash>,
    },
    /// Recalls a lot.
    Recall {
        /// The lot.
        lot_tag: Hash,
        /// 1 (gravest), 2 or 3.
        class: u8,
        /// The event.
        cause: Hash,
    },
    /// Blocks a lot.
    BlockLot {
        /// The lot.
        lot_tag: Hash,
        /// The event.
        cause: Hash,
    },
    /// Makes a lot normal again.
    Lift {
        /// The lot.
        lot_tag: Hash,
        /// The event.
        cause: Hash,
    },
    /// Logs the root of a batch of events.
    Anchor {
        /// Root of the tree over the events' hashes.
        root: Hash,
        /// Number of events.
        count: u32,
    },
    /// Admits a member with its first account.
    AddMember {
        /// GLN as the number of its 13 digits.
        gln: u64,
        /// Its roles.
        roles: Roles,
        /// Last day of its licence, in days; 0 if it does not expire.
        licence_expiry: u32,
        /// Its name.
        name: String,
        /// URL of its node.
        endpoint: String,
        /// Its first account.
        account: Account,
    },
    /// Suspends or revokes a member, or makes it active again.
    SetStatus {
        /// The member.
        gln: u64,
        /// Its standing from then on.
        status: MemberStatus,
    },
    /// Renews or changes a member's licence.
    SetLicence {
        /// The member.
        gln: u64,
        /// Its roles from then on.
        roles: Roles,
        /// Last day of its licence, in days; 0 if it does not expire.
        licence_expiry: u32,
    },
    /// Moves a member's node.
    SetEndpoint {
        /// The member.
        gln: u64,
        /// URL of its node from then on.
        endpoint: String,
    },
    /// Publishes the keys of a member's services.
    SetServiceKeys {
        /// The member.
        gln: u64,
        /// Key that checks what the member signs.
        signing: Hash,
        /// Key to which others seal what only the member may read.
        sealing: Hash,
    },
    /// Sets how long a member can undo ends of life.
    SetUndoDays {
        /// The member.
        gln: u64,
        /// Days, 0 to 365; 0 for not at all.
        days: u16,
    },
    /// Lets an account act for a member.
    AddAccount {
        /// The member.
        gln: u64,
        /// The account.
        account: Account,
    },
    /// Ends an account's right to act.
    RevokeAccount {
        /// The account.
        account: Account,
    },
    /// Registers a product.
    AddProduct {
        /// GTIN as the number of its 14 digits.
        gtin: u64,
        /// Its labeler.
        gln: u64,
    },
    /// Offers a product to another member; 0 withdraws the offer.
    OfferProduct {
        /// The product.
        gtin: u64,
        /// The member that may accept it.
        to: u64,
    },
    /// Takes over a product that was offered.
    AcceptProduct {
        /// The product.
        gtin: u64,
    },
    /// Announces a call that takes effect after a delay: what a governor cannot do at once.
    Schedule {
        /// The call.
        #[serde(rename = "scheduled")]
        call: Box<Call>,
        /// Seconds from the block until it can be executed; not less than the contract's own delay.
        delay_s: u64,
        /// Tells calls apart that are alike.
        salt: Hash,
    },
    /// Executes a call that was scheduled and whose delay is over.
    Execute {
        /// The call.
        #[serde(rename = "scheduled")]
        call: Box<Call>,
        /// The salt that it was scheduled with.
        salt: Hash,
    },
    /// Withdraws a scheduled call.
    CancelScheduled {
        /// The scheduled call; see [`operation_id`].
        id: Hash,
    },
    /// Registers a document in the caller's member's name.
    PublishDocument {
        /// Hash of the document with a salt.
        document: Hash,
        /// Last day of the entry, in days.
        until: u32,
    },
    /// Lets another member read a document.
    GrantDocument {
        /// The document.
        document: Hash,
        /// An account of the member.
        to: Account,
        /// Last day of the grant, in days.
        until: u32,
    },
    /// Ends another member's grant.
    RevokeDocument {
        /// The document.
        document: Hash,
        /// An account of the member.
        to: Account,
    },
    /// Deletes a document's entry after its last day.
    PruneDocument {
        /// The document.
        document: Hash,
    },
    /// Deletes a grant after its last day.
    PruneGrant {
        /// The document.
        document: Hash,
        /// The member.
        gln: u64,
    },
}

impl Call {
    /// The input of a transaction that does only this; `at` is where scheduled calls will go.
    pub fn calldata(&self, at: &Deployment) -> Vec<u8> {
        encode::calldata(self, at)
    }
}
