//! The enumerations of the contract, with the numbers that they have there; the ABI has no names for them.

/// What may happen to a holding now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
#[expect(missing_docs, reason = "documented in ICustody.sol")]
pub enum State {
    None,
    Held,
    InTransit,
    Quarantined,
    Stolen,
    Lost,
    Pruning,
}

/// Whether units of a lot may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
#[expect(missing_docs, reason = "documented in ICustody.sol")]
pub enum LotStatus {
    Normal,
    RecalledI,
    RecalledII,
    RecalledIII,
    Blocked,
}

/// Why a unit's life ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
#[expect(missing_docs, reason = "documented in ICustody.sol")]
pub enum Reason {
    Dispensed,
    Exported,
    Repackaged,
    Destroyed,
    Sampled,
    Lost,
    Stolen,
    Expired,
}

impl Reason {
    /// All reasons, each at its number.
    pub const ALL: [Self; 8] = [
        Self::Dispensed,
        Self::Exported,
        Self::Repackaged,
        Self::Destroyed,
        Self::Sampled,
        Self::Lost,
        Self::Stolen,
        Self::Expired,
    ];

    /// Whether it means use, so that the lot must be usable and the unit proven.
    pub fn is_use(self) -> bool {
        matches!(self, Self::Dispensed | Self::Exported | Self::Repackaged)
    }

    /// Whether it can be undone within the member's days.
    pub fn is_undoable(self) -> bool {
        matches!(self, Self::Dispensed | Self::Exported | Self::Sampled | Self::Lost)
    }
}
