//! On which terms goods come: whose they are, and whether they come back.

use theriac_custody::identity::identity_of;
use theriac_custody::{Hash, Roles, World, consignment};
use theriac_epcis::{BizStep, Disposition, event_from_json};
use theriac_gs1::Gln;
use theriac_store::WriteTx;

use super::ShipmentMessage;
use crate::clock::days_of;
use crate::error::NodeError;
use crate::node::Node;

/// On which terms goods come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Terms {
    /// Whose they are, if this member only holds them.
    pub(super) owner: Option<Gln>,
    /// Whether they come back.
    pub(super) is_return: bool,
}

impl Node {
    /// The terms that a shipment's event tells; a shipment without its event has none.
    pub(super) async fn terms_of(
        &self,
        tx: &mut WriteTx,
        message: &ShipmentMessage,
        cause: Hash,
    ) -> Result<Terms, NodeError> {
        let event = message.event.as_ref().and_then(|json| event_from_json(json).ok());
        let shipping = event.filter(|event| {
            identity_of(event) == cause && event.biz_step() == Some(&BizStep::Shipping)
        });
        let Some(event) = shipping else { return Ok(Terms::default()) };
        let mut world = World::new(self.gln(), Roles::default());
        world.members = tx.members(days_of(self.today())).await?;
        let owner = consignment(&event, &world).ok().and_then(|parties| parties.owner);
        let is_return = event.disposition() == Some(&Disposition::Returned);
        Ok(Terms { owner, is_return })
    }
}
