//! Calls as the contracts read them.

use alloy::sol_types::SolCall;
use theriac_custody::{Hash, LeafProof, NodeProof};

use super::shorten::Before;
use super::{Call, NodePlace};
use crate::bindings::convert::{address, b256};
use crate::bindings::custody::{Custody as C, ICustody};
use crate::bindings::registry::Registry as R;

/// The input of a transaction that does only `call`.
pub(super) fn calldata(call: &Call) -> Vec<u8> {
    goods(call)
        .or_else(|| lots(call))
        .or_else(|| members(call))
        .or_else(|| products(call))
        .expect("one of the four encodes the call because a test sends every variant through them")
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
            C::shipCall { nodes: nodes(list), to: address(*to), cause: b256(*cause) }.abi_encode()
        }
        Call::ReceiveShipment { id, refused, cause } => {
            C::receiveShipmentCall { id: b256(*id), refused: nodes(refused), cause: b256(*cause) }
                .abi_encode()
        }
        Call::Cancel { id, cause } => {
            C::cancelCall { id: b256(*id), cause: b256(*cause) }.abi_encode()
        }
        Call::Segregate { nodes: list, state, cause } => {
            C::segregateCall { nodes: nodes(list), state: state.code(), cause: b256(*cause) }
                .abi_encode()
        }
        Call::Release { id, cause } => {
            C::releaseCall { id: b256(*id), cause: b256(*cause) }.abi_encode()
        }
        Call::Retire { units, reason, cause } => {
            C::retireCall { units: leaves(units), reason: reason.code(), cause: b256(*cause) }
                .abi_encode()
        }
        Call::WriteOff { places: list, reason, cause } => {
            C::writeOffCall { places: places(list), reason: reason.code(), cause: b256(*cause) }
                .abi_encode()
        }
        _ => return None,
    })
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

fn nodes(list: &[NodeProof]) -> Vec<ICustody::Node> {
    let mut before = Before::default();
    list.iter()
        .map(|node| {
            let (holding, path) = before.next(node.holding, node.height, node.index, &node.path);
            ICustody::Node {
                holding: b256(holding),
                height: node.height,
                index: node.index,
                hash: b256(node.hash),
                proof: path.iter().copied().map(b256).collect(),
            }
        })
        .collect()
}

fn leaves(list: &[LeafProof]) -> Vec<ICustody::Leaf> {
    let mut before = Before::default();
    let mut lot_before = None;
    list.iter()
        .map(|leaf| {
            let (holding, path) = before.next(leaf.holding, 0, leaf.index, &leaf.path);
            let same_lot = lot_before.replace(leaf.lot_tag) == Some(leaf.lot_tag);
            ICustody::Leaf {
                holding: b256(holding),
                index: leaf.index,
                lotTag: b256(if same_lot { Hash::ZERO } else { leaf.lot_tag }),
                unitHash: b256(leaf.unit_hash),
                proof: path.iter().copied().map(b256).collect(),
            }
        })
        .collect()
}

fn places(list: &[NodePlace]) -> Vec<ICustody::Place> {
    list.iter()
        .map(|(holding, height, index)| ICustody::Place {
            holding: b256(*holding),
            height: *height,
            index: *index,
        })
        .collect()
}

#[cfg(test)]
mod tests;
