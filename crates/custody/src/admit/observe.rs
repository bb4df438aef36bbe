//! Events that change nothing in custody: they must name what is on record, and are anchored.

use theriac_gs1::Identifier;

use super::select::item_unknown;
use crate::breach::Breach;
use crate::item::is_unit;
use crate::operation::Operation;
use crate::world::World;

/// Anchors an observation. Units must be on record; of logistic units and assets anything may be
/// seen.
pub(super) fn observe(epcs: &[Identifier], world: &World) -> Result<Vec<Operation>, Breach> {
    match epcs.iter().find(|id| is_unit(id) && !world.items.contains_key(*id)) {
        Some(unknown) => Err(item_unknown(world, unknown)),
        None => Ok(vec![Operation::Anchor]),
    }
}
