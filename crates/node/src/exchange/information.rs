//! Information: a shipment is told to who owns the goods without taking them over, the party that a drop
//! shipment goes past and the owner of goods that a logistics provider holds. It changes no custody.

use serde::{Deserialize, Serialize};
use theriac_custody::identity::identity_of;
use theriac_custody::{Hash, Roles, World, consignment};
use theriac_epcis::{BizStep, PartyType, event_from_json};
use theriac_gs1::{Gln, Identifier};
use theriac_store::{DeliveryKind, LedgerHolding, WriteTx};

use super::{ExchangeError, ShipmentMessage};
use crate::clock::days_of;
use crate::error::NodeError;
use crate::node::Node;

/// News that asks nothing of who gets them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case", deny_unknown_fields)]
enum News {
    /// Goods of the receiver's were shipped from one member to another.
    Shipped {
        /// The holding that the shipment is on the ledger.
        holding: Hash,
        /// The shipping event, EPCIS 2.0 JSON-LD.
        event: serde_json::Value,
        /// The packs.
        packs: Vec<Identifier>,
    },
}

impl Node {
    /// Tells a shipment that is announced to `consignee` to those who own the goods besides.
    pub(super) async fn inform_owners(
        &self,
        tx: &mut WriteTx,
        holding: &LedgerHolding,
        consignee: Gln,
        message: &ShipmentMessage,
    ) -> Result<(), NodeError> {
        let Some(told) = &message.event else { return Ok(()) };
        let Ok(event) = event_from_json(told) else { return Ok(()) };
        let mut world = World::new(self.gln(), Roles::default());
        world.members = tx.members(days_of(self.today())).await?;
        let parties = consignment(&event, &world).ok();
        let sources = &event.common().sources;
        let before = sources.iter().find(|source| source.kind == PartyType::OwningParty);
        let before = before.and_then(|source| match &source.id.id {
            Identifier::Pgln(gln) => Some(*gln),
            Identifier::Sgln(sgln) => Some(sgln.gln),
            _ => None,
        });
        let named = [parties.and_then(|p| p.owner), parties.and_then(|p| p.passed), before];
        let mut owners: Vec<Gln> = named.into_iter().flatten().collect();
        owners.sort_unstable();
        owners.dedup();
        owners.retain(|gln| {
            *gln != self.gln() && *gln != consignee && world.members.contains_key(gln)
        });
        if owners.is_empty() {
            return Ok(());
        }
        let packs =
            message.manifest.units.iter().filter_map(|unit| {
                Some(Identifier::Sgtin(message.manifest.identify(unit).ok()?.0))
            });
        let news =
            News::Shipped { holding: holding.id, event: told.clone(), packs: packs.collect() };
        for owner in owners {
            let kind = DeliveryKind::Information;
            self.post_message(tx, owner, kind, Some(holding.id), &news).await?;
        }
        Ok(())
    }

    /// Keeps what another member tells of goods of this one's: its event, if the ledger has its
    /// transaction.
    pub(super) async fn on_news(
        &self,
        tx: &mut WriteTx,
        from: Gln,
        body: &[u8],
    ) -> Result<(), ExchangeError> {
        let news: News = serde_json::from_slice(body)
            .map_err(|error| ExchangeError::NotAMessage(error.to_string()))?;
        let News::Shipped { holding, event, packs } = news;
        let Some(opened) = tx.ledger_holding(&holding).await? else {
            return Err(ExchangeError::TooEarly(holding));
        };
        let event = event_from_json(&event)
            .map_err(|error| ExchangeError::NotAMessage(error.to_string()))?;
        let told = tx.member_behind(&opened.opener).await? == Some(from)
            && identity_of(&event) == opened.cause
            && event.biz_step() == Some(&BizStep::Shipping);
        if !told {
            return Err(ExchangeError::Rejected(
                "expected the shipping event that the ledger names, found another".to_owned(),
            ));
        }
        Ok(self.keep_told_event(tx, from, event, &packs).await?)
    }
}
