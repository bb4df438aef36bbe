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
