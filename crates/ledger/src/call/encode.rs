//! Calls as the contracts read them.

use alloy::primitives::{B256, Bytes, U256, aliases::U40};
use alloy::sol_types::SolCall;

use super::places::pack;
use super::sources::{leaves, losses, nodes};
use super::{Call, scheduled};
use crate::bindings::convert::{address, b256};
use crate::bindings::custody::{Custody as C, ICustody};
use crate::bindings::documents::Documents as D;
use crate::bindings::registry::Registry as R;
use crate::bindings::timelock::Timelock as T;
use crate::connect::Deployment;

/// The input of a transaction that does only `call`.
pub(super) fn calldata(call: &Call, at: &Deployment) -> Vec<u8> {
    goods(call)
        .or_else(|| ends(call))
        .or_else(|| lots(call))
        .or_else(|| members(call))
        .or_else(|| products(call))
        .or_else(|| documents(call))
        .or_else(|| waiting(call, at))
        .expect("one of the seven encodes the call because a test sends every variant through them")
}

fn goods(call: &Call) -> Option<Vec<u8>> {
    Some(match call {
        Call::Commission { lot_tag, expiry, root, height, cause } => C::commissionCall {
            lotTag: b256(*lot_tag),
            expiry: *expiry,
            root: b256(*root),
            height: *height,
            cause: b256(*cause),
        }
        .abi_encode(),
        Call::Ship { nodes: list, to, cause } => {
            C::shipCall { sources: nodes(list), to: address(*to), cause: b256(*cause) }.abi_encode()
        }
        Call::ReceiveShipment { id, cause } => {
            C::receiveShipmentCall { id: b256(*id), cause: b256(*cause) }.abi_encode()
        }
        Call::ReceiveInPart { id, refused, cause } => {
            let refused = one_source(nodes(refused));
            C::receiveInPartCall { id: b256(*id), refused, cause: b256(*cause) }.abi_encode()
        }
        Call::Cancel { id, cause } => {
            C::cancelCall { id: b256(*id), cause: b256(*cause) }.abi_encode()
        }
        Call::Segregate { nodes: list, state, cause } => {
            C::segregateCall { sources: nodes(list), state: state.code(), cause: b256(*cause) }
                .abi_encode()
        }
        Call::Release { id, cause } => {
            C::releaseCall { id: b256(*id), cause: b256(*cause) }.abi_encode()
        }
        _ => return None,
    })
}

/// The only source; where there are several, or none, one without items, which the contract refuses.
fn one_source(mut sources: Vec<ICustody::Source>) -> ICustody::Source {
    match (sources.pop(), sources.is_empty()) {
        (Some(only), true) => only,
        _ => {
            ICustody::Source { seed: B256::ZERO, height: 0, items: Bytes::new(), proof: Vec::new() }
        }
    }
}

fn ends(call: &Call) -> Option<Vec<u8>> {
    Some(match call {
        Call::Retire { units, reason, cause } => {
            let ((lot_tags, sources), cause) = (leaves(units), b256(*cause));
            C::retireCall { lotTags: lot_tags, sources, reason: reason.code(), cause }.abi_encode()
        }
        Call::WriteOff { places: list, reason, cause } => {
            C::writeOffCall { losses: losses(list), reason: reason.code(), cause: b256(*cause) }
                .abi_encode()
        }
        Call::Restore { places, reason, retired_by, until, which, cause } => C::restoreCall {
            places: pack(places).into(),
            reason: reason.code(),
            retiredBy: b256(*retired_by),
            until: U40::saturating_from(*until),
            which: bits(which, places.len()).into(),
            cause: b256(*cause),
        }
        .abi_encode(),
        Call::Prune { id, keys } => {
            let keys = keys.iter().map(|key| U256::from_be_bytes(key.0)).collect();
            C::pruneCall { id: b256(*id), keys }.abi_encode()
        }
        Call::PruneLots { lot_tags } => {
            C::pruneLotsCall { lotTags: lot_tags.iter().copied().map(b256).collect() }.abi_encode()
        }
        Call::PruneRetirements { keys } => {
            C::pruneRetirementsCall { keys: keys.iter().copied().map(b256).collect() }.abi_encode()
        }
        _ => return None,
    })
}

/// A bit for each of `count` places, from the lowest of the first byte; numbers beyond are left out.
fn bits(which: &[usize], count: usize) -> Vec<u8> {
    let mut bytes = vec![0; count.div_ceil(8)];
    for number in which.iter().filter(|number| **number < count) {
        bytes[number / 8] |= 1 << (number % 8);
    }
    bytes
}

fn lots(call: &Call) -> Option<Vec<u8>> {
    Some(match call {
        Call::Recall { lot_tag, class, cause } => {
            C::recallCall { lotTag: b256(*lot_tag), class: *class, cause: b256(*cause) }
                .abi_encode()
        }
        Call::BlockLot { lot_tag, cause } => {
            C::blockLotCall { lotTag: b256(*lot_tag), cause: b256(*cause) }.abi_encode()
        }
        Call::Lift { lot_tag, cause } => {
            C::liftCall { lotTag: b256(*lot_tag), cause: b256(*cause) }.abi_encode()
        }
        Call::Anchor { root, count } => {
            C::anchorCall { root: b256(*root), count: *count }.abi_encode()
        }
        _ => return None,
    })
}

fn members(call: &Call) -> Option<Vec<u8>> {
    Some(match call {
        Call::AddMember { gln, roles, licence_expiry, name, endpoint, account } => {
            R::addMemberCall {
                gln: *gln,
                roles: roles.0,
                licenceExpiry: *licence_expiry,
                name: name.clone(),
                endpoint: endpoint.clone(),
                account: address(*account),
            }
            .abi_encode()
        }
        Call::SetStatus { gln, status } => {
            R::setStatusCall { gln: *gln, status: status.code() }.abi_encode()
        }
        Call::SetLicence { gln, roles, licence_expiry } => {
            R::setLicenceCall { gln: *gln, roles: roles.0, licenceExpiry: *licence_expiry }
                .abi_encode()
        }
        Call::SetEndpoint { gln, endpoint } => {
            R::setEndpointCall { gln: *gln, endpoint: endpoint.clone() }.abi_encode()
        }
        Call::SetServiceKeys { gln, signing, sealing } => {
            R::setServiceKeysCall { gln: *gln, signing: b256(*signing), sealing: b256(*sealing) }
                .abi_encode()
        }
        Call::SetUndoDays { gln, days } => {
            R::setUndoDaysCall { gln: *gln, undoDays: *days }.abi_encode()
        }
        Call::AddAccount { gln, account } => {
            R::addAccountCall { gln: *gln, account: address(*account) }.abi_encode()
        }
        Call::RevokeAccount { account } => {
            R::revokeAccountCall { account: address(*account) }.abi_encode()
        }
        _ => return None,
    })
}

fn products(call: &Call) -> Option<Vec<u8>> {
    Some(match call {
        Call::AddProduct { gtin, gln } => {
            R::addProductCall { gtin: *gtin, labelerGln: *gln }.abi_encode()
        }
        Call::OfferProduct { gtin, to } => {
            R::offerProductCall { gtin: *gtin, toGln: *to }.abi_encode()
        }
        Call::AcceptProduct { gtin } => R::acceptProductCall { gtin: *gtin }.abi_encode(),
        _ => return None,
    })
}

fn documents(call: &Call) -> Option<Vec<u8>> {
    Some(match call {
        Call::PublishDocument { document, until } => {
            D::publishCall { document: b256(*document), until: *until }.abi_encode()
        }
        Call::GrantDocument { document, to, until } => {
            D::grantCall { document: b256(*document), to: address(*to), until: *until }.abi_encode()
        }
        Call::RevokeDocument { document, to } => {
            D::revokeCall { document: b256(*document), to: address(*to) }.abi_encode()
        }
        Call::PruneDocument { document } => {
            D::pruneDocumentCall { document: b256(*document) }.abi_encode()
        }
        Call::PruneGrant { document, gln } => {
            D::pruneGrantCall { document: b256(*document), gln: *gln }.abi_encode()
        }
        _ => return None,
    })
}

fn waiting(call: &Call, at: &Deployment) -> Option<Vec<u8>> {
    Some(match call {
        Call::Schedule { call, delay_s, salt } => scheduled::schedule(call, *delay_s, *salt, at),
        Call::Execute { call, salt } => scheduled::execute(call, *salt, at),
        Call::CancelScheduled { id } => T::cancelCall { id: b256(*id) }.abi_encode(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
