//! Which contract a call is for.

use serde::{Deserialize, Serialize};

use super::Call;

/// The contract that a call is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// Holdings and lots.
    Custody,
    /// Members, accounts and products.
    Registry,
}

impl Call {
    /// The contract that it is for.
    pub fn target(&self) -> Target {
        match self {
            Self::Commission { .. }
            | Self::Ship { .. }
            | Self::ReceiveShipment { .. }
            | Self::Cancel { .. }
            | Self::Segregate { .. }
            | Self::Release { .. }
            | Self::Retire { .. }
            | Self::WriteOff { .. }
            | Self::Recall { .. }
            | Self::BlockLot { .. }
            | Self::Lift { .. }
            | Self::Anchor { .. } => Target::Custody,
            Self::AddMember { .. }
            | Self::SetStatus { .. }
            | Self::SetLicence { .. }
            | Self::SetEndpoint { .. }
            | Self::AddAccount { .. }
            | Self::RevokeAccount { .. }
            | Self::AddProduct { .. }
            | Self::OfferProduct { .. }
            | Self::AcceptProduct { .. } => Target::Registry,
        }
    }
}
