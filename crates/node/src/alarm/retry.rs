//! The same use of a pack told again: not fraud, but a client that tries again.

use jiff::SignedDuration;
use theriac_custody::{ItemStatus, admit};
use theriac_epcis::Event;
use theriac_gs1::Identifier;
use theriac_store::ReadTx;

use super::sight::place_of;
use crate::admit::Books;
use crate::error::NodeError;
use crate::node::Node;

/// Packs of one event that are compared with earlier events at most.
const PACKS_MAX: usize = 200;

impl Node {
    /// Whether the event says of all its packs only what an event on record has said of them
    /// already: their lives ended for the same reason, at the same place, at about the same time.
    pub(crate) async fn is_told_again(
        &self,
        tx: &mut ReadTx,
        event: &Event,
        books: &Books,
    ) -> Result<bool, NodeError> {
        let Some(reason) = admit::ends(event) else { return Ok(false) };
        let packs: Vec<&Identifier> = event.epcs().map(|epc| &epc.id).collect();
        let ended = |id: &&Identifier| {
            let status = books.world.items.get(*id).map(|item| item.status);
            status == Some(ItemStatus::Retired(reason))
        };
        if packs.is_empty() || packs.len() > PACKS_MAX || !packs.iter().all(ended) {
            return Ok(false);
        }
        let retry = self.profile().alarm.retry();
        for id in packs {
            let Some(earlier) = self.ending_event(tx, id, reason).await? else { return Ok(false) };
            let between: SignedDuration =
                event.common().event_time.duration_since(earlier.common().event_time);
            if between.abs() > retry || place_of(&earlier) != place_of(event) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
