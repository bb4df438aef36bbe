//! Places packed into bytes, as calls and logs carry them.
//!
//! A list is, for each holding: its id (32), a number of places (2), and each place: height (1) and
//! index (4), big endian.

use theriac_custody::Hash;

use super::NodePlace;

/// Bytes of one place: height and index.
const PLACE_BYTES: usize = 5;

/// Bytes before the places of a holding: its id and their number.
const HEAD_BYTES: usize = 34;

/// A height or lot that nothing has, for what the format cannot name: the contract refuses it.
pub(super) const NO_KIND: u8 = u8::MAX;

/// Packed places that break off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected packed places, found {found} bytes after the last whole holding")]
pub struct PlacesCut {
    /// Number of bytes.
    pub found: usize,
}

/// First leaf position below a node; the largest number for one that lies in no tree.
pub(crate) fn position(height: u8, index: u64) -> u64 {
    let leaves = 1_u64.checked_shl(u32::from(height));
    leaves.and_then(|leaves| index.checked_mul(leaves)).unwrap_or(u64::MAX)
}

/// Appends a kind and an index; where the index has more than four bytes, a kind that is refused.
pub(super) fn push(packed: &mut Vec<u8>, kind: u8, index: u64) {
    let (kind, index) = u32::try_from(index).map_or((NO_KIND, u32::MAX), |index| (kind, index));
    packed.push(kind);
    packed.extend(index.to_be_bytes());
}

/// Packs places in the order given; neighbours of the same holding share its id.
pub(crate) fn pack(list: &[NodePlace]) -> Vec<u8> {
    let mut packed = Vec::new();
    for group in list.chunk_by(|one, other| one.0 == other.0) {
        for part in group.chunks(usize::from(u16::MAX)) {
            packed.extend(part[0].0.0);
            packed.extend((part.len() as u16).to_be_bytes());
            for (_, height, index) in part {
                push(&mut packed, *height, *index);
            }
        }
    }
    packed
}

/// Reads packed places.
pub(crate) fn unpack(mut packed: &[u8]) -> Result<Vec<NodePlace>, PlacesCut> {
    let mut list = Vec::new();
    while !packed.is_empty() {
        let cut = PlacesCut { found: packed.len() };
        let (head, rest) = packed.split_first_chunk::<HEAD_BYTES>().ok_or(cut)?;
        let mut holding = [0; 32];
        holding.copy_from_slice(&head[..32]);
        let bytes = usize::from(u16::from_be_bytes([head[32], head[33]])) * PLACE_BYTES;
        let (places, rest) = rest.split_at_checked(bytes).ok_or(cut)?;
        for [height, index @ ..] in places.as_chunks::<PLACE_BYTES>().0 {
            list.push((Hash(holding), *height, u64::from(u32::from_be_bytes(*index))));
        }
        packed = rest;
    }
    Ok(list)
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: Hash = Hash([1; 32]);
    const B: Hash = Hash([2; 32]);

    #[test]
    fn places_of_one_holding_share_its_id() {
        let list = vec![(A, 6, 258), (A, 0, u64::from(u32::MAX)), (B, 1, 0), (A, 0, 0)];
        let packed = pack(&list);
        assert_eq!(packed.len(), 3 * HEAD_BYTES + 4 * PLACE_BYTES);
        assert_eq!(packed[..39], [&[1; 32][..], &[0, 2, 6, 0, 0, 1, 2]].concat());
        assert_eq!(unpack(&packed), Ok(list));
        assert_eq!(unpack(&[]), Ok(vec![]));
    }

    #[test]
    fn packed_places_that_break_off_are_refused() {
        let whole = HEAD_BYTES + PLACE_BYTES;
        let packed = pack(&[(A, 6, 258), (B, 0, 1)]);
        for length in 1..packed.len() {
            let found = if length >= whole { length - whole } else { length };
            let expected =
                if length == whole { Ok(vec![(A, 6, 258)]) } else { Err(PlacesCut { found }) };
            assert_eq!(unpack(&packed[..length]), expected);
        }
    }

    #[test]
    fn a_place_beyond_the_format_is_no_other_place() {
        assert_eq!(pack(&[(A, 0, 1 << 32)])[34..], [255; 5]);
        assert_eq!((position(0, 7), position(3, 2)), (7, 16));
        assert_eq!((position(64, 1), position(32, u64::MAX)), (u64::MAX, u64::MAX));
    }

    #[derive(serde::Deserialize)]
    struct Vector {
        holdings: Vec<Listed>,
        packed: String,
    }

    #[derive(serde::Deserialize)]
    struct Listed {
        id: Hash,
        places: Vec<Place>,
    }

    #[derive(serde::Deserialize)]
    struct Place {
        height: u8,
        index: u64,
    }

    #[test]
    fn places_are_those_of_the_vectors() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../vectors/places.json");
        let text = std::fs::read_to_string(file).unwrap();
        let vectors: Vec<Vector> = serde_json::from_str(&text).unwrap();
        assert!(!vectors.is_empty());
        for vector in vectors {
            let bytes = hex::decode(&vector.packed[2..]).unwrap();
            let of_one = |one: &Listed| -> Vec<NodePlace> {
                one.places.iter().map(|place| (one.id, place.height, place.index)).collect()
            };
            let expected: Vec<NodePlace> = vector.holdings.iter().flat_map(of_one).collect();
            assert_eq!(unpack(&bytes), Ok(expected.clone()));
            assert_eq!(pack(&expected), bytes);
        }
    }
}
