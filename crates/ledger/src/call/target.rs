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
    /// Documents and who may read them.
    Documents,
    /// What waits before it takes effect.
    Timelock,
}

impl Target {
    /// All contracts, in the order in which they are deployed.
    pub const ALL: [Self; 4] = [Self::Timelock, Self::Registry, Self::Custody, Self::Documents];
}

impl Call {
    /// The contract that it is for.
    pub fn target(&self) -> Target {
        match self {
            Self::Commission { .. }
            | Self::Ship { .. }
            | Self::ReceiveShipment { .. }
            | Self::ReceiveInPart { .. }
            | Self::Cancel { .. }
            | Self::Segregate { .. }
            | Self::Release { .. }
            | Self::Retire { .. }
            | Self::WriteOff { .. }
            | Self::Restore { .. }
            | Self::Prune { .. }
            | Self::PruneLots { .. }
            | Self::PruneRetirements { .. }
            | Self::Recall { .. }
            | Self::BlockLot { .. }
            | Self::Lift { .. }
            | Self::Anchor { .. } => Target::Custody,
            Self::AddMember { .. }
            | Self::SetStatus { .. }
            | Self::SetLicence { .. }
            | Self::SetEndpoint { .. }
            | Self::SetServiceKeys { .. }
            | Self::SetUndoDays { .. }
            | Self::AddAccount { .. }
            | Self::RevokeAccount { .. }
            | Self::AddProduct { .. }
            | Self::OfferProduct { .. }
            | Self::AcceptProduct { .. } => Target::Registry,
            Self::PublishDocument { .. }
            | Self::GrantDocument { .. }
            | Self::RevokeDocument { .. }
            | Self::PruneDocument { .. }
            | Self::PruneGrant { .. } => Target::Documents,
            Self::Schedule { .. } | Self::Execute { .. } | Self::CancelScheduled { .. } => {
                Target::Timelock
            }
        }
    }
}
