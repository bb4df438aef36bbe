//! Logs of the contracts as events.

use alloy::primitives::LogData;
use alloy::sol_types::SolEventInterface;
use theriac_custody::{Hash, HoldingState, LotStatus, Reason, Roles};

use super::LedgerEvent as E;
use crate::bindings::convert::{account, hash};
use crate::bindings::custody::Custody::CustodyEvents as C;
use crate::bindings::registry::Registry::RegistryEvents as R;
use crate::call::{MemberStatus, NodePlace, Target};

/// Bytes of one packed place: holding 32, height 1, index 8.
const PLACE_BYTES: usize = 41;

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
    /// Packed places are not a whole number of places.
    #[error("expected packed places in pieces of 41 bytes, found {found} bytes")]
    PlacesCut {
        /// Number of bytes.
        found: usize,
    },
}

/// The event in a log of the contract `of`; `None` for logs that are no concern of this program,
/// such as a change of governors.
pub(crate) fn decode(of: Target, log: &LogData) -> Result<Option<E>, DecodeError> {
    let Some(topic) = log.topics().first() else { return Ok(None) };
    let known = match of {
        Target::Custody => C::SELECTORS.contains(&topic.0),
        Target::Registry => R::SELECTORS.contains(&topic.0),
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
        C::Gathered(e) => E::Gathered { id: hash(e.id), sources: places(&e.sources)? },
        C::Received(e) => {
            E::Received { id: hash(e.id), holder: account(e.holder), cause: hash(e.cause) }
        }
        C::Cancelled(e) => E::Cancelled { id: hash(e.id), cause: hash(e.cause) },
        C::Released(e) => E::Released { id: hash(e.id), cause: hash(e.cause) },
        C::Retired(e) => E::Retired {
            holder: account(e.holder),
            reason: named("reason", Reason::from_code, e.reason)?,
            places: places(&e.places)?,
            cause: hash(e.cause),
        },
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
        R::AccountAdded(e) => E::AccountAdded { gln: e.gln, account: account(e.account) },
        R::AccountRevoked(e) => E::AccountRevoked { gln: e.gln, account: account(e.account) },
        R::ProductAdded(e) => E::ProductAdded { gtin: e.gtin, gln: e.gln },
        R::ProductOffered(e) => E::ProductOffered { gtin: e.gtin, from: e.from, to: e.to },
        R::ProductTransferred(e) => E::ProductTransferred { gtin: e.gtin, gln: e.gln },
        R::RoleAdminChanged(_) | R::RoleGranted(_) | R::RoleRevoked(_) => return Ok(None),
    }))
}

fn named<T>(
    what: &'static str,
    from_code: fn(u8) -> Option<T>,
    found: u8,
) -> Result<T, DecodeError> {
    from_code(found).ok_or(DecodeError::Unnamed { what, found })
}

fn places(packed: &[u8]) -> Result<Vec<NodePlace>, DecodeError> {
    let (pieces, rest) = packed.as_chunks::<PLACE_BYTES>();
    if !rest.is_empty() {
        return Err(DecodeError::PlacesCut { found: packed.len() });
    }
    Ok(pieces.iter().map(place).collect())
}

fn place(piece: &[u8; PLACE_BYTES]) -> NodePlace {
    let mut holding = [0; 32];
    let mut index = [0; 8];
    holding.copy_from_slice(&piece[..32]);
    index.copy_from_slice(&piece[33..]);
    (Hash(holding), piece[32], u64::from_be_bytes(index))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_41_bytes_big_endian() {
        let mut packed = vec![0xab; 32];
        packed.push(6);
        packed.extend(258u64.to_be_bytes());
        assert_eq!(places(&packed), Ok(vec![(Hash([0xab; 32]), 6, 258)]));
        packed.push(0);
        assert_eq!(places(&packed), Err(DecodeError::PlacesCut { found: 42 }));
        assert_eq!(places(&[]), Ok(vec![]));
    }

    #[derive(serde::Deserialize)]
    struct Vector {
        places: Vec<Place>,
        packed: String,
    }

    #[derive(serde::Deserialize)]
    struct Place {
        holding: Hash,
        height: u8,
        index: u64,
    }

    #[test]
    fn places_are_those_of_the_vectors() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../vectors/places.json");
        let text = std::fs::read_to_string(file).unwrap();
        for vector in serde_json::from_str::<Vec<Vector>>(&text).unwrap() {
            let packed = hex::decode(&vector.packed[2..]).unwrap();
            let expected =
                vector.places.iter().map(|place| (place.holding, place.height, place.index));
            assert_eq!(places(&packed), Ok(expected.collect()));
        }
    }

    #[test]
    fn numbers_without_meaning_are_not_guessed() {
        let error = named("reason", Reason::from_code, 200).unwrap_err().to_string();
        assert_eq!(error, "expected a number that is a reason, found 200");
    }
}
