//! Logs of the contracts as events.

use alloy::primitives::LogData;
use alloy::sol_types::SolEventInterface;
use theriac_custody::gather::tree_order;
use theriac_custody::{HoldingState, LotStatus, Reason, Roles};

use super::LedgerEvent as E;
use crate::bindings::convert::{account, hash};
use crate::bindings::custody::Custody::CustodyEvents as C;
use crate::bindings::documents::Documents::DocumentsEvents as D;
use crate::bindings::registry::Registry::RegistryEvents as R;
use crate::call::places::unpack;
use crate::call::{MemberStatus, PlacesCut, Target};

/// A log that the contract's interface does not explain.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// The log is not of the interface that this program was built with.
    #[error("expected a log of the contract's interface, found {found}")]
    NotOfInterface {
        /// What is wrong with it.
        found: String,
    },
    /// A number is none of those that have a meaning.
    #[error("expected a number that is a {what}, found {found}")]
    Unnamed {
        /// What the number should name.
        what: &'static str,
        /// The number.
        found: u8,
    },
    /// Packed places break off.
    #[error(transparent)]
    Places(#[from] PlacesCut),
}

/// The event in a log of the contract `of`; `None` for logs that are no concern of this program,
/// such as a change of governors.
pub(crate) fn decode(of: Target, log: &LogData) -> Result<Option<E>, DecodeError> {
    let Some(topic) = log.topics().first() else { return Ok(None) };
    let known = match of {
        Target::Custody => C::SELECTORS.contains(&topic.0),
        Target::Registry => R::SELECTORS.contains(&topic.0),
        Target::Documents => D::SELECTORS.contains(&topic.0),
        Target::Timelock => false,
    };
    if !known {
        return Ok(None);
    }
    let wrong =
        |error: alloy::sol_types::Error| DecodeError::NotOfInterface { found: error.to_string() };
    match of {
        Target::Custody => {
            custody(C::decode_raw_log(log.topics(), &log.data).map_err(wrong)?).map(Some)
        }
        Target::Registry => registry(R::decode_raw_log(log.topics(), &log.data).map_err(wrong)?),
        Target::Documents => {
            Ok(Some(documents(D::decode_raw_log(log.topics(), &log.data).map_err(wrong)?)))
        }
        Target::Timelock => Ok(None),
    }
}

fn custody(event: C) -> Result<E, DecodeError> {
    Ok(match event {
        C::HoldingOpened(e) => E::HoldingOpened {
            id: hash(e.id),
            holder: account(e.holder),
            consignee: account(e.consignee),
            root: hash(e.root),
            height: e.height,
            state: named("state of a holding", HoldingState::from_code, e.state)?,
            expiry: e.expiry,
            cause: hash(e.cause),
        },
        C::Commissioned(e) => E::Commissioned { id: hash(e.id), lot_tag: hash(e.lotTag) },
        C::Gathered(e) => {
            let sources = tree_order(unpack(&e.sources)?, |(_, height, _)| *height);
            E::Gathered { id: hash(e.id), sources }
        }
        C::Received(e) => {
            E::Received { id: hash(e.id), holder: account(e.holder), cause: hash(e.cause) }
        }
        C::Cancelled(e) => E::Cancelled { id: hash(e.id), cause: hash(e.cause) },
        C::Released(e) => E::Released { id: hash(e.id), cause: hash(e.cause) },
        C::Retired(e) => E::Retired {
            holder: account(e.holder),
            reason: named("reason", Reason::from_code, e.reason)?,
            places: unpack(&e.places)?,
            cause: hash(e.cause),
            until: e.until.to(),
        },
        C::Restored(e) => E::Restored {
            holder: account(e.holder),
            places: unpack(&e.places)?,
            retired_by: hash(e.retiredBy),
            cause: hash(e.cause),
        },
        C::Pruned(e) => E::Pruned { id: hash(e.id) },
        C::LotPruned(e) => E::LotPruned { lot_tag: hash(e.lotTag) },
        C::LotOpened(e) => {
            E::LotOpened { lot_tag: hash(e.lotTag), labeler: account(e.labeler), expiry: e.expiry }
        }
        C::LotStatusChanged(e) => E::LotStatusChanged {
            lot_tag: hash(e.lotTag),
            status: named("status of a lot", LotStatus::from_code, e.status)?,
            by: account(e.by),
            cause: hash(e.cause),
        },
        C::Anchored(e) => {
            E::Anchored { member: account(e.member), root: hash(e.root), count: e.count }
        }
    })
}

fn registry(event: R) -> Result<Option<E>, DecodeError> {
    Ok(Some(match event {
        R::MemberAdded(e) => E::MemberAdded {
            gln: e.gln,
            roles: Roles(e.roles),
            licence_expiry: e.licenceExpiry,
            name: e.name,
            endpoint: e.endpoint,
        },
        R::MemberStatusChanged(e) => E::MemberStatusChanged {
            gln: e.gln,
            status: named("status of a member", MemberStatus::from_code, e.status)?,
        },
        R::LicenceChanged(e) => {
            E::LicenceChanged { gln: e.gln, roles: Roles(e.roles), licence_expiry: e.licenceExpiry }
        }
        R::EndpointChanged(e) => E::EndpointChanged { gln: e.gln, endpoint: e.endpoint },
        R::UndoDaysChanged(e) => E::UndoDaysChanged { gln: e.gln, days: e.undoDays },
        R::ServiceKeysChanged(e) => {
            E::ServiceKeysChanged { gln: e.gln, signing: hash(e.signing), sealing: hash(e.sealing) }
        }
        R::AccountAdded(e) => E::AccountAdded { gln: e.gln, account: account(e.account) },
        R::AccountRevoked(e) => E::AccountRevoked { gln: e.gln, account: account(e.account) },
        R::ProductAdded(e) => E::ProductAdded { gtin: e.gtin, gln: e.gln },
        R::ProductOffered(e) => E::ProductOffered { gtin: e.gtin, from: e.from, to: e.to },
        R::ProductTransferred(e) => E::ProductTransferred { gtin: e.gtin, gln: e.gln },
        R::RoleAdminChanged(_) | R::RoleGranted(_) | R::RoleRevoked(_) => return Ok(None),
    }))
}

fn documents(event: D) -> E {
    match event {
        D::Published(e) => E::DocumentPublished {
            document: hash(e.document),
            owner: account(e.owner),
            until: e.until,
        },
        D::Granted(e) => {
            E::DocumentGranted { document: hash(e.document), gln: e.gln, until: e.until }
        }
        D::Revoked(e) => E::DocumentRevoked { document: hash(e.document), gln: e.gln },
        D::DocumentPruned(e) => E::DocumentPruned { document: hash(e.document) },
        D::GrantPruned(e) => E::GrantPruned { document: hash(e.document), gln: e.gln },
    }
}

fn named<T>(
    what: &'static str,
    from_code: fn(u8) -> Option<T>,
    found: u8,
) -> Result<T, DecodeError> {
    from_code(found).ok_or(DecodeError::Unnamed { what, found })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_without_meaning_are_not_guessed() {
        let error = named("reason", Reason::from_code, 200).unwrap_err().to_string();
        assert_eq!(error, "expected a number that is a reason, found 200");
    }
}
