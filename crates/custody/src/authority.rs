//! Whether a member may trade: its role, its licence and its status in the registry, with the reason
//! if it may not. DSCSA calls who may an authorised trading partner.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use theriac_gs1::Gln;

use crate::world::{MemberRecord, Role};

/// Why a member may not act in the roles that it was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hindrance {
    /// The governors have suspended it.
    Suspended,
    /// The governors have revoked it, for good.
    Revoked,
    /// Its licence expired; the date was its last day.
    LicenceExpired(Date),
}

impl std::fmt::Display for Hindrance {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Suspended => f.write_str("suspended"),
            Self::Revoked => f.write_str("revoked"),
            Self::LicenceExpired(last) => write!(f, "without a licence, which expired on {last}"),
        }
    }
}

/// The roles in which a member takes goods and passes them on.
pub const TRADING_ROLES: [Role; 5] =
    [Role::Labeler, Role::Repackager, Role::Wholesaler, Role::Logistics, Role::Dispenser];

/// Whether the member `gln` may take goods over and pass them on now.
///
/// # Errors
///
/// What the registry says instead, to follow "found": unknown, suspended, revoked, licence expired,
/// no role for it.
pub fn may_trade(gln: Gln, members: &BTreeMap<Gln, MemberRecord>) -> Result<(), String> {
    let Some(member) = members.get(&gln) else {
        return Err(format!("{gln}, which the registry does not know"));
    };
    let called = match member.name.as_str() {
        "" => gln.to_string(),
        name => format!("{name} ({gln})"),
    };
    if let Some(hindrance) = member.hindrance {
        return Err(format!("{called} {hindrance}"));
    }
    if TRADING_ROLES.iter().any(|role| member.roles.has(*role)) {
        return Ok(());
    }
    let roles: Vec<&str> = member.roles.iter().map(Role::word).collect();
    Err(match roles.as_slice() {
        [] => format!("{called} without any role"),
        roles => format!("{called} with the role {} alone", roles.join(" and ")),
    })
}
