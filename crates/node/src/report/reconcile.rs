//! What reconcile tells: what was compared, what differs, and what became of it.

use serde::{Deserialize, Serialize};

/// What database and ledger say differently.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReconcileReport {
    /// Units compared.
    pub units: u64,
    /// Holdings compared.
    pub holdings: u64,
    /// Holdings that the ledger has forgotten after their expiry; the database keeps their history.
    #[serde(default)]
    pub pruned: u64,
    /// Transactions compared.
    pub transactions: u64,
    /// Events counted.
    pub events: u64,
    /// What differs; empty when database and ledger agree. After a repair: what is left.
    pub differences: Vec<Difference>,
    /// What a repair has mended.
    #[serde(default)]
    pub mended: Vec<Difference>,
}

/// Something that the database and the ledger say differently.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// What kind of difference it is.
    pub kind: DifferenceKind,
    /// What is compared.
    pub what: String,
    /// What the database says.
    pub here: String,
    /// What the ledger says.
    pub ledger: String,
    /// Whether a repair may mend it.
    pub safe: bool,
    /// What a repair does about it, or why it leaves it alone and what to do.
    pub remedy: String,
}

impl Difference {
    /// A difference of a kind, with the remedy that the kind has.
    pub fn new(
        kind: DifferenceKind,
        what: impl Into<String>,
        here: impl Into<String>,
        ledger: impl Into<String>,
    ) -> Self {
        Self {
            kind,
            what: what.into(),
            here: here.into(),
            ledger: ledger.into(),
            safe: kind.is_safe(),
            remedy: kind.remedy().to_owned(),
        }
    }
}

macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $name:ident, $safe:literal, $remedy:literal;)+) => {
        /// A kind of difference between database and ledger.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum DifferenceKind {
            $($(#[doc = $doc])+ $name,)+
        }

        impl DifferenceKind {
            /// All kinds, in the order in which they are mended.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// Whether a repair may mend it: from what the ledger says, without loss.
            pub fn is_safe(self) -> bool {
                match self { $(Self::$name => $safe),+ }
            }

            /// What a repair does about it, or why it leaves it alone and what to do.
            pub fn remedy(self) -> &'static str {
                match self { $(Self::$name => $remedy),+ }
            }
        }
    };
}

kinds! {
    /// The ledger's logs cannot be followed to its head.
    Cursor, false, "left alone: nothing is skipped; see that the endpoint gives all blocks and logs, or name another";
    /// Logs on record are not those of the ledger.
    Logs, true, "the ledger is followed again from the block before";
    /// A member, an account, a product, a lot or a holding is not what the ledger's state says.
    Facts, true, "derived again from the ledger's logs";
    /// A transaction counts as mined and the ledger does not have it, or has it in another block.
    TransactionLost, true, "it is sent again, the same bytes, and its receipt is looked for";
    /// A transaction counts as sent and is mined.
    TransactionMined, true, "its receipt is read";
    /// A transaction of this account is on the ledger and not on record.
    TransactionUnknown, false, "left alone: another program used the account, or the database is older than the ledger; stop the other program, restore the newest backup, or replace the account";
    /// An operation is not as far as its transaction.
    Outbox, true, "it is marked as its transaction is, or goes back into the queue";
    /// An attempt of a transaction of which another is final.
    Attempt, true, "it is dropped";
    /// A holding that this node can open is not on the ledger.
    HoldingMissing, false, "left alone: no log tells of it; find out which transaction should have opened it";
    /// The leaves on record of a holding do not lead to the root that the ledger logged.
    HoldingLeaves, false, "left alone: leaves cannot be had from the ledger; restore a backup, or have the sender send its message again";
    /// A holding of this member cannot be opened here.
    HoldingUnknown, false, "left alone: leaves cannot be had from the ledger; restore a backup, or have the sender send its message again";
    /// A unit stands at a position whose leaf is another's.
    UnitPosition, true, "it is put where its leaf is among those of the holding";
    /// A unit's secrets give no leaf of the holding that it stands in.
    UnitLeaf, false, "left alone: its secrets cannot be had from the ledger, and without them it cannot be moved; restore a backup, or have the sender send its message again";
    /// A unit stands in a holding that it has left.
    UnitPlace, true, "it is put where the ledger's logs lead";
    /// A unit's status is not the ledger's.
    UnitStatus, true, "it is set to the ledger's, or to that of the operation on its way";
    /// A unit is on no holding, and no operation is on its way.
    UnitLoose, false, "left alone: nothing tells where it should be; capture the event that says what is true";
    /// A lot's status is not the ledger's.
    LotStatus, true, "it is set to the ledger's, or to that of the operation on its way";
    /// A lot's expiry is not the ledger's.
    LotExpiry, false, "left alone: the labels say which is right; ask the labeler";
}
