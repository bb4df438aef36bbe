//! Standing of a member in the registry.

use serde::{Deserialize, Serialize};

/// Standing of a member. The numbers are the ledger's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MemberStatus {
    /// Has the roles of its licence.
    Active = 1,
    /// Has no roles for the time being.
    Suspended = 2,
    /// Has no roles.
    Revoked = 3,
}

impl MemberStatus {
    /// The status with the ledger's number `code`.
    pub fn from_code(code: u8) -> Option<Self> {
        [Self::Active, Self::Suspended, Self::Revoked]
            .into_iter()
            .find(|status| *status as u8 == code)
    }

    /// The ledger's number.
    pub fn code(self) -> u8 {
        self as u8
    }
}
