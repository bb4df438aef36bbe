//! Why an event is held: the rule of custody it breaks, in words that say who must act and how.

use serde::{Deserialize, Serialize};
use theriac_gs1::{Gln, Gtin, Identifier};

/// A broken rule of custody; opens a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Breach {
    /// The rule.
    pub code: BreachCode,
    /// The sentence a person reads: what was expected, what was found.
    pub reason: String,
    /// Who must act.
    pub actor: Actor,
    /// What to do.
    pub what_to_do: String,
    /// The items concerned.
    pub items: Vec<Identifier>,
    /// What would let the event be admitted by itself, when it becomes known.
    pub waits_for: Option<WaitsFor>,
}

impl Breach {
    /// A breach by the organisation that runs the node, concerning `items`.
    pub fn new(code: BreachCode, reason: String, what_to_do: impl Into<String>) -> Self {
        Self {
            code,
            reason,
            actor: Actor::ThisMember,
            what_to_do: what_to_do.into(),
            items: Vec::new(),
            waits_for: None,
        }
    }

    /// Names who must act instead.
    #[must_use]
    pub fn by(mut self, actor: Actor) -> Self {
        self.actor = actor;
        self
    }

    /// Names the items concerned.
    #[must_use]
    pub fn on<'a>(mut self, items: impl IntoIterator<Item = &'a Identifier>) -> Self {
        self.items = items.into_iter().cloned().collect();
        self
    }

    /// Names what would let the event be admitted by itself.
    #[must_use]
    pub fn until(mut self, waits_for: WaitsFor) -> Self {
        self.waits_for = Some(waits_for);
        self
    }
}

/// The rules of custody that an event can break.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BreachCode {
    /// The GTIN is not in the registry.
    ProductUnknown,
    /// The GTIN belongs to another labeler.
    NotLabeler,
    /// The node's member lacks the role for the operation.
    RoleMissing,
    /// A commissioned unit has no lot or no expiry date.
    LotMissing,
    /// The lot is on record with another expiry date.
    LotMismatch,
    /// The unit is on record already.
    AlreadyCommissioned,
    /// Nobody has commissioned, shipped or announced the item to this node.
    ItemUnknown,
    /// The item is on record, but not in this node's stock.
    NotHeld,
    /// The unit's life has ended.
    AlreadyRetired,
    /// The item is packed in another logistic unit.
    PackedElsewhere,
    /// The shipping event names no consignee.
    ConsigneeMissing,
    /// No member of the registry has the consignee's GLN.
    ConsigneeUnknown,
    /// The consignee is suspended or revoked, its licence has expired, or it has no role to trade.
    ConsigneeNotAuthorised,
    /// The sender is suspended or revoked, its licence has expired, or it has no role to trade.
    SenderNotAuthorised,
    /// The goods belong to another member, for whom this one only holds them.
    NotOwner,
    /// Returned goods are not stock before each pack was verified.
    ReturnUnverified,
    /// The lot is recalled or blocked.
    LotNotNormal,
    /// The unit is past its expiry date.
    Expired,
    /// The unit is quarantined, stolen or lost.
    SetApart,
    /// The logistic unit contains no unit on record.
    Empty,
    /// A partner's manifest does not open to the root on the ledger, or its packs do not come from
    /// their labeler.
    ManifestMismatch,
    /// The ledger refused the operation.
    LedgerRefused,
    /// The consignee refused goods of this member.
    RefusedByConsignee,
    /// The event declares another event erroneous whose effect cannot be undone.
    ErrorDeclared,
    /// The jurisdiction lets no such state follow the pack's.
    StateNotNext,
    /// The jurisdiction lets no such end of life be undone.
    UndoNotAllowed,
    /// The jurisdiction's time for undoing an end of life is over.
    UndoTooLate,
    /// The end of life was to be undone at another place.
    UndoElsewhere,
}

/// Who must act to resolve a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// The organisation that runs this node.
    ThisMember,
    /// The partner that sent the goods or the data.
    Sender,
    /// The other party of the case.
    Partner,
    /// The labeler of the product.
    Labeler,
    /// The governors of the registry.
    Governor,
    /// The regulator.
    Regulator,
}

/// What a held event waits for.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WaitsFor {
    /// The GTIN is registered.
    Product(Gtin),
    /// A member with this GLN is active.
    Member(Gln),
    /// The item becomes known to, or held by, this node.
    Item(Identifier),
}
