//! The packed lists of calls and logs.

use alloy::primitives::{B256, Bytes};

use crate::multiproof::{Item, Place};

/// Places of one holding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The holding.
    pub holding: B256,
    /// Height and index of each.
    pub places: Vec<Place>,
}

impl Source {
    /// Places of a holding.
    pub fn new(holding: B256, places: &[Place]) -> Self {
        Self { holding, places: places.to_vec() }
    }
}

/// 37 bytes an item: a number, index (4), hash (32). The number is a height, or that of a unit's lot in a list.
pub fn pack_items(items: impl IntoIterator<Item = Item>) -> Bytes {
    let mut packed = Vec::new();
    for ((kind, index), hash) in items {
        packed.extend(pack_places(&[(kind, index)]));
        packed.extend_from_slice(hash.as_slice());
    }
    packed.into()
}

/// 5 bytes a place: height, index (4).
pub fn pack_places(places: &[Place]) -> Bytes {
    let mut packed = Vec::new();
    for (height, index) in places {
        packed.push(*height);
        packed.extend_from_slice(&(*index as u32).to_be_bytes());
    }
    packed.into()
}

/// Per holding: id (32), count (2), places (5 each).
pub fn pack_sources(sources: &[Source]) -> Bytes {
    let mut packed = Vec::new();
    for source in sources {
        packed.extend_from_slice(source.holding.as_slice());
        packed.extend_from_slice(&(source.places.len() as u16).to_be_bytes());
        packed.extend(pack_places(&source.places));
    }
    packed.into()
}

/// Reads what [`pack_sources`] writes.
///
/// # Panics
///
/// If the bytes are cut off.
pub fn unpack_sources(mut packed: &[u8]) -> Vec<Source> {
    let mut sources = Vec::new();
    while !packed.is_empty() {
        let (head, rest) = packed.split_at(34);
        let count = usize::from(u16::from_be_bytes([head[32], head[33]]));
        let (own, rest) = rest.split_at(5 * count);
        let place = |b: &[u8]| (b[0], u64::from(u32::from_be_bytes([b[1], b[2], b[3], b[4]])));
        let places = own.chunks(5).map(place).collect();
        sources.push(Source { holding: B256::from_slice(&head[..32]), places });
        packed = rest;
    }
    sources
}

/// All places of sources in the order of a gathered tree: by height descending, alike heights as they come.
pub fn tree_order(sources: &[Source]) -> Vec<(B256, Place)> {
    let each = |source: &Source| {
        source.places.iter().map(|place| (source.holding, *place)).collect::<Vec<_>>()
    };
    let mut places: Vec<_> = sources.iter().flat_map(each).collect();
    places.sort_by_key(|(_, (height, _))| std::cmp::Reverse(*height));
    places
}

/// One bit for each of a list, from the lowest of the first byte.
pub fn pack_choice(chosen: &[bool]) -> Bytes {
    let mut bytes = vec![0u8; chosen.len().div_ceil(8)];
    for (i, _) in chosen.iter().enumerate().filter(|c| *c.1) {
        bytes[i / 8] |= 1 << (i % 8);
    }
    bytes.into()
}
