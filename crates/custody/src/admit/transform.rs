//! Transformation: units are used up, and new ones are commissioned from them.

use jiff::civil::Date;
use theriac_epcis::Event;
use theriac_gs1::Identifier;

use super::{commission, retire};
use crate::breach::Breach;
use crate::item::Reason;
use crate::operation::Operation;
use crate::world::World;

/// Retires the inputs as repackaged and commissions the outputs.
pub(super) fn transform(
    event: &Event,
    inputs: &[Identifier],
    outputs: &[Identifier],
    world: &mut World,
    today: Date,
) -> Result<Vec<Operation>, Breach> {
    let commissioning = commission::check(event, outputs, world)?;
    let mut operations = match inputs {
        [] => Vec::new(),
        inputs => retire::retire(inputs, Reason::Repackaged, world, today)?,
    };
    operations.extend(commission::apply(commissioning, world));
    // Boxes have no leaf: neither side may have anything for the ledger but the event itself.
    operations.retain(|operation| *operation != Operation::Anchor);
    if operations.is_empty() {
        operations.push(Operation::Anchor);
    }
    Ok(operations)
}
