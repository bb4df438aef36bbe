//! Calls of the contracts in the domain's types.

mod encode;
mod join;
mod shorten;
mod status;
mod target;

use serde::{Deserialize, Serialize};
use theriac_custody::{
    Account, Hash, HoldingState, LeafProof, NodeProof, Reason, Roles, keccak256,
};

pub use join::JoinError;
pub use status::MemberStatus;
pub use target::Target;

pub(crate) use join::join;
pub(crate) use shorten::Before;

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
        /// What is shipped, in descending height.
        nodes: Vec<NodeProof>,
        /// Who may receive it.
        to: Account,
        /// The event.
        cause: Hash,
    },
    /// Receives a shipment, but for what is refused.
    ReceiveShipment {
        /// The shipment.
        id: Hash,
        /// What goes back, in descending height, all of this shipment.
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
        /// What is set apart, in descending height.
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
        /// The units.
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
}

impl Call {
    /// The input of a transaction that does only this.
    pub fn calldata(&self) -> Vec<u8> {
        encode::calldata(self)
    }
}

/// The id of the holding that `opener` opens with `cause` and `root`, as the contract computes it:
/// keccak256(abi.encode(opener, cause, root)). The opener is the account that sends the transaction;
/// for a refused part that is the consignee.
pub fn holding_id(opener: Account, cause: Hash, root: Hash) -> Hash {
    keccak256(&[&[0; 12], &opener.0, &cause.0, &root.0])
}
