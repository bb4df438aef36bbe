//! Where a pack's leaf comes from: from the holding that its path opens back to its commission.

use theriac_custody::Hash;
use theriac_custody::gather::gather;

use super::BundleError;
use super::block::Fact;
use super::subject::OpenedUnit;
use crate::call::NodePlace;
use crate::event::LedgerEvent;

/// The holding that the pack was commissioned in, and its leaf position there.
///
/// The path may open any holding that the pack has been in: the ledger moves subtrees as they are, so
/// that the leaf has stood in each of those before.
///
/// # Errors
///
/// [`BundleError::NotCommissioned`], [`BundleError::OtherLot`].
pub(super) fn origin(unit: &OpenedUnit, facts: &[Fact]) -> Result<(Hash, u64), BundleError> {
    let opened = facts.iter().find(|fact| unit.stands_in(&fact.event)).map(|fact| &fact.event);
    let Some(LedgerEvent::HoldingOpened { id, .. }) = opened else {
        return Err(BundleError::NotCommissioned { root: unit.root });
    };
    let mut at = (*id, unit.position);
    // Each step back is another log.
    for _ in facts {
        let made = facts.iter().find_map(|fact| match &fact.event {
            LedgerEvent::Commissioned { id, lot_tag } if *id == at.0 => Some(*lot_tag),
            _ => None,
        });
        match made {
            Some(lot_tag) if lot_tag == unit.lot_tag => return Ok(at),
            Some(found) => return Err(BundleError::OtherLot { expected: unit.lot_tag, found }),
            None => {}
        }
        let before = facts.iter().find_map(|fact| match &fact.event {
            LedgerEvent::Gathered { id, sources } if *id == at.0 => before(sources, at.1),
            _ => None,
        });
        at = before.ok_or(BundleError::NotCommissioned { root: unit.root })?;
    }
    Err(BundleError::NotCommissioned { root: unit.root })
}

/// Where the leaf at a position of a gathered holding stood before.
fn before(sources: &[NodePlace], position: u64) -> Option<(Hash, u64)> {
    let offsets = offsets(sources)?;
    sources.iter().zip(offsets).find_map(|((holding, height, index), offset)| {
        let within = position.checked_sub(offset)?;
        (within < 1 << height).then(|| (*holding, (index << height) + within))
    })
}

/// The positions at which gathered subtrees begin, in tree order.
pub(super) fn offsets(sources: &[NodePlace]) -> Option<Vec<u64>> {
    let nodes: Vec<(u8, Hash)> = sources.iter().map(|place| (place.1, Hash::ZERO)).collect();
    gather(&nodes).ok().map(|gathered| gathered.offsets)
}
