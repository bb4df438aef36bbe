//! What is wrong with a trade document, before anything is compared with the books.

use serde::{Deserialize, Serialize};
use theriac_gs1::Identifier;

/// Something in a partner's data that is not as it must be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// What kind of thing.
    pub kind: FindingKind,
    /// What was expected, what was found.
    pub text: String,
    /// Packs or logistic units that it is about; at most [`Finding::ITEMS_MAX`].
    pub items: Vec<Identifier>,
}

impl Finding {
    /// Longest list of items.
    pub const ITEMS_MAX: usize = 100;

    /// A finding about no items.
    #[must_use]
    pub fn new(kind: FindingKind, text: impl Into<String>) -> Self {
        Self { kind, text: text.into(), items: Vec::new() }
    }

    /// Names the items; all but the first [`Self::ITEMS_MAX`] are left out.
    #[must_use]
    pub fn on(mut self, items: impl IntoIterator<Item = Identifier>) -> Self {
        self.items = items.into_iter().take(Self::ITEMS_MAX).collect();
        self
    }
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident $word:literal $to_do:literal,)+) => {
        /// Kinds of findings in partners' data.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum FindingKind {
            $($(#[$doc])* #[serde(rename = $word)] $name,)+
        }

        impl FindingKind {
            /// All kinds.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// Its word in API and tables.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$name => $word),+ }
            }

            /// The kind of a word.
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|kind| kind.word() == word)
            }

            /// What can be done about it.
            #[must_use]
            pub const fn what_to_do(self) -> &'static str {
                match self { $(Self::$name => $to_do),+ }
            }
        }
    };
}

kinds! {
    /// The document, or an event in it, cannot be read.
    Unreadable "unreadable" "ask the partner to send the document again, right",
    /// A document that came before.
    DuplicateFile "duplicate_file" "nothing; the first one counts",
    /// The header names no sender.
    SenderMissing "sender_missing" "ask the partner to fill the business document header",
    /// The header names another receiver than this member.
    WrongReceiver "wrong_receiver" "ask the partner to whom the document was to go",
    /// No statement of the seller, where one is due.
    StatementMissing "statement_missing" "ask the partner for the transaction statement",
    /// The shipping event names no purchase order or no despatch advice.
    ReferenceMissing "reference_missing" "ask the partner to name purchase order and despatch advice",
    /// Packs are shipped that no event of the document commissions.
    CommissioningMissing "commissioning_missing" "ask the partner for the lots and expiry dates",
    /// A pack is commissioned twice in one document.
    DuplicateSerial "duplicate_serial" "ask the partner which of the two counts",
    /// An item is packed in two logistic units.
    TwoParents "two_parents" "ask the partner how the goods are packed",
    /// A shipped logistic unit has nothing in it.
    EmptyParent "empty_parent" "ask the partner what is in it",
    /// An event lies in the future.
    FutureDate "future_date" "ask the partner to set its clock",
    /// Events stand in an order in which they cannot have happened.
    OutOfOrder "out_of_order" "ask the partner for the right times",
    /// The GTIN is in no master data here and not in the registry.
    GtinUnknown "gtin_unknown" "have the product registered, or put its master data on record",
    /// The National Drug Code is not the one in the GTIN.
    NdcMismatch "ndc_mismatch" "ask the partner which of the two is right",
    /// The National Drug Code cannot be read.
    NdcUnreadable "ndc_unreadable" "ask the partner for the National Drug Code with dashes",
    /// A product is described otherwise than here.
    ProductDiffers "product_differs" "compare with the product's master data; the labeler's word counts",
    /// The GLN is in no master data here and of no member.
    GlnUnknown "gln_unknown" "put the place on record, with the partner whose it is",
    /// The GLN is of another company than the document says.
    GlnOfAnother "gln_of_another" "ask the partner which place is meant",
    /// A place or party is described otherwise than here.
    PartyDiffers "party_differs" "compare with the partner's master data",
    /// A pack's lot or expiry date is told otherwise than it is on record.
    LabelDiffers "label_differs" "compare with the label on the pack; set the pack apart",
    /// Packs are told of that no shipment on the ledger announces.
    NotAnnounced "not_announced" "wait for the goods' data on the ledger, or ask the partner",
    /// Packs of the shipment on the ledger that the document does not tell of.
    NotTold "not_told" "ask the partner for the missing data",
}

impl std::fmt::Display for FindingKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.word())
    }
}
