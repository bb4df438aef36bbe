//! What the contracts tell in their logs, in the domain's types.

pub(crate) mod decode;

use serde::{Deserialize, Serialize};
use theriac_custody::{Account, Hash, HoldingState, LotStatus, Reason, Roles};

use crate::call::{MemberStatus, NodePlace};

/// One occurrence on the ledger. `cause` is the hash of the event that caused it, or the root of the
/// tree over the hashes of several. Days are counted from 1970-01-01.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum LedgerEvent {
    /// A lot was opened.
    LotOpened {
        /// The lot.
        lot_tag: Hash,
        /// The account that opened it.
        labeler: Account,
        /// Last day on which its units may be used, in days.
        expiry: u32,
    },
    /// A holding was opened.
    HoldingOpened {
        /// The holding.
        id: Hash,
        /// Who holds it; the sender while it is in transit.
        holder: Account,
        /// Who may receive it; zero if it is not in transit.
        consignee: Account,
        /// Root of its tree.
        root: Hash,
        /// Height of its tree.
        height: u8,
        /// Its state.
        state: HoldingState,
        /// The latest expiry of its lots, in days.
        expiry: u32,
        /// The event.
        cause: Hash,
    },
    /// The units of a holding were made.
    Commissioned {
        /// The holding.
        id: Hash,
        /// Their lot.
        lot_tag: Hash,
    },
    /// A holding was opened from subtrees of others.
    Gathered {
        /// The new holding.
        id: Hash,
        /// The subtrees, from the left in the new holding's tree.
        sources: Vec<NodePlace>,
    },
    /// A shipment was received, but for what was refused.
    Received {
        /// The holding.
        id: Hash,
        /// Its holder from then on.
        holder: Account,
        /// The event.
        cause: Hash,
    },
    /// A shipment was taken back by its sender.
    Cancelled {
        /// The holding.
        id: Hash,
        /// The event.
        cause: Hash,
    },
    /// A quarantine ended, or what was lost was found.
    Released {
        /// The holding.
        id: Hash,
        /// The event.
        cause: Hash,
    },
    /// Lives of units ended.
    Retired {
        /// Who held them.
        holder: Account,
        /// Why.
        reason: Reason,
        /// The subtrees, by holding and from the left.
        places: Vec<NodePlace>,
        /// The event.
        cause: Hash,
        /// Until when it can be undone, in seconds since 1970-01-01; 0 for not at all.
        until: u64,
    },
    /// Ends of life were undone.
    Restored {
        /// Who holds the units.
        holder: Account,
        /// The subtrees that are back.
        places: Vec<NodePlace>,
        /// The cause of the retirement.
        retired_by: Hash,
        /// The event.
        cause: Hash,
    },
    /// A holding was deleted, long after its goods expired.
    Pruned {
        /// The holding.
        id: Hash,
    },
    /// A lot was deleted, long after it expired.
    LotPruned {
        /// The lot.
        lot_tag: Hash,
    },
    /// A lot was recalled, blocked, or made normal again.
    LotStatusChanged {
        /// The lot.
        lot_tag: Hash,
        /// Its status from then on.
        status: LotStatus,
        /// The account that decided.
        by: Account,
        /// The event.
        cause: Hash,
    },
    /// A batch of events was anchored.
    Anchored {
        /// The account that anchored it.
        member: Account,
        /// Root of the tree over the events' hashes.
        root: Hash,
        /// Number of events.
        count: u32,
    },
    /// A member joined.
    MemberAdded {
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
    },
    /// A member was suspended, revoked, or made active again.
    MemberStatusChanged {
        /// The member.
        gln: u64,
        /// Its standing from then on.
        status: MemberStatus,
    },
    /// A member's licence was renewed or changed.
    LicenceChanged {
        /// The member.
        gln: u64,
        /// Its roles from then on.
        roles: Roles,
        /// Last day of its licence, in days; 0 if it does not expire.
        licence_expiry: u32,
    },
    /// A member's node moved.
    EndpointChanged {
        /// The member.
        gln: u64,
        /// URL of its node from then on.
        endpoint: String,
    },
    /// A member's time to undo ends of life changed.
    UndoDaysChanged {
        /// The member.
        gln: u64,
        /// Days from then on; 0 for not at all.
        days: u16,
    },
    /// The keys of a member's services changed.
    ServiceKeysChanged {
        /// The member.
        gln: u64,
        /// Key that checks what the member signs.
        signing: Hash,
        /// Key to which others seal what only the member may read.
        sealing: Hash,
    },
    /// An account acts for a member from then on.
    AccountAdded {
        /// The member.
        gln: u64,
        /// The account.
        account: Account,
    },
    /// An account no longer acts for a member.
    AccountRevoked {
        /// The member.
        gln: u64,
        /// The account.
        account: Account,
    },
    /// A product was registered.
    ProductAdded {
        /// GTIN as the number of its 14 digits.
        gtin: u64,
        /// Its labeler.
        gln: u64,
    },
    /// A product was offered to another member.
    ProductOffered {
        /// The product.
        gtin: u64,
        /// Its labeler.
        from: u64,
        /// The member that may accept it; 0 if the offer was withdrawn.
        to: u64,
    },
    /// A product has another labeler from then on.
    ProductTransferred {
        /// The product.
        gtin: u64,
        /// Its labeler from then on.
        gln: u64,
    },
    /// A document was registered.
    DocumentPublished {
        /// The document's name.
        document: Hash,
        /// The account that published it.
        owner: Account,
        /// Last day of the entry, in days.
        until: u32,
    },
    /// A member may read a document from then on.
    DocumentGranted {
        /// The document.
        document: Hash,
        /// The member.
        gln: u64,
        /// Last day of the grant, in days.
        until: u32,
    },
    /// A member may no longer read a document.
    DocumentRevoked {
        /// The document.
        document: Hash,
        /// The member.
        gln: u64,
    },
    /// A document's entry was deleted after its last day.
    DocumentPruned {
        /// The document.
        document: Hash,
    },
    /// A grant was deleted after its last day.
    GrantPruned {
        /// The document.
        document: Hash,
        /// The member.
        gln: u64,
    },
}
