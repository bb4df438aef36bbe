//! The packing that a manifest lists: a partner's word, checked before it enters the books.

use std::collections::{HashMap, HashSet};

use theriac_gs1::{Gtin, Identifier, Serial};

use super::{Manifest, ManifestError};
use crate::item::is_unit;

/// Each unit is listed once, each item is packed once, nothing is inside of itself, and a unit that
/// something is packed in is one of the list: no other item of the receiver's books is touched.
pub(super) fn check(manifest: &Manifest) -> Result<(), ManifestError> {
    let units = units(manifest)?;
    let mut around: HashMap<&Identifier, &Identifier> = HashMap::new();
    for packed in &manifest.packing {
        if let (true, Identifier::Sgtin(parent)) = (is_unit(&packed.parent), &packed.parent)
            && !units.contains(&(parent.gtin, &parent.serial))
        {
            return Err(ManifestError::ForeignParent { parent: packed.parent.clone() });
        }
        if around.insert(&packed.item, &packed.parent).is_some() {
            return Err(ManifestError::PackedTwice { item: packed.item.clone() });
        }
    }
    no_circle(&around)
}

fn units(manifest: &Manifest) -> Result<HashSet<(Gtin, &Serial)>, ManifestError> {
    let mut units = HashSet::with_capacity(manifest.units.len());
    for unit in &manifest.units {
        let (sgtin, _) = manifest.identify(unit)?;
        if !units.insert((sgtin.gtin, &unit.serial)) {
            let (unit, position) = (Identifier::Sgtin(sgtin), unit.position);
            return Err(ManifestError::UnitTwice { unit, position });
        }
    }
    Ok(units)
}

/// Climbs from each item once; whoever comes back to an item of the same climb is in a circle.
fn no_circle(around: &HashMap<&Identifier, &Identifier>) -> Result<(), ManifestError> {
    let mut climb_of: HashMap<&Identifier, usize> = HashMap::new();
    for (climb, start) in around.keys().enumerate() {
        let mut next = Some(*start);
        while let Some(item) = next {
            match climb_of.insert(item, climb) {
                Some(before) if before == climb => {
                    return Err(ManifestError::PackedInItself { item: item.clone() });
                }
                Some(before) => {
                    climb_of.insert(item, before);
                    break;
                }
                None => next = around.get(item).copied(),
            }
        }
    }
    Ok(())
}
