//! Whereabouts: at which of this member's sites a pack or box is, by the events on record. Between sites
//! of one member nothing changes hands, so that the ledger does not tell.

use serde::{Deserialize, Serialize};
use theriac_epcis::{BizStep, Event, PartyType};
use theriac_gs1::Gln;
use theriac_store::EventState;

use crate::admit::event_on_record;
use crate::error::NodeError;
use crate::node::Node;
use crate::verify::{VerifyError, read_code};

/// Where an item is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Whereabouts {
    /// The item, as GS1 Digital Link.
    pub identifier: String,
    /// How it stands in this node's books, in a word; none if it is not on record.
    pub status: Option<String>,
    /// The site where it was last, as the events name it.
    pub site: Option<String>,
    /// The site to which it is on its way.
    pub to: Option<String>,
    /// Since when, RFC 3339.
    pub since: Option<String>,
    /// Who owns it, if this member only holds it.
    pub owner: Option<Gln>,
}

impl Node {
    /// Where the item that bears `code` is.
    ///
    /// # Errors
    ///
    /// [`VerifyError::Unreadable`] for a code that cannot be read.
    pub async fn whereabouts(&self, code: &str) -> Result<Whereabouts, VerifyError> {
        let id = read_code(code, self.today())?.id;
        let mut tx = self.inner().store.read().await.map_err(NodeError::from)?;
        let items = tx.load_items(std::slice::from_ref(&id)).await.map_err(NodeError::from)?;
        let item = items.into_iter().map(|record| record.item).find(|item| item.id == id);
        let mut events = tx.events_of_item(&id).await.map_err(NodeError::from)?;
        events.retain(|event| event.state != EventState::Held && event.declared_by.is_none());
        events.sort_by_key(|event| (event.event_time, event.id));
        let mut found = Whereabouts {
            identifier: id.digital_link(),
            status: item.as_ref().map(|item| item.status.word().to_owned()),
            site: None,
            to: None,
            since: None,
            owner: item.and_then(|item| item.owner),
        };
        for event in events.iter().filter_map(event_on_record) {
            found.follow(&event);
        }
        Ok(found)
    }
}

impl Whereabouts {
    /// What an event says of the place.
    fn follow(&mut self, event: &Event) {
        let common = event.common();
        let shipped = event.biz_step() == Some(&BizStep::Shipping);
        let to = common.destinations.iter().find(|d| d.kind == PartyType::Location);
        let at = common.biz_location.as_ref().or(common.read_point.as_ref());
        if shipped && let Some(to) = to {
            self.to = Some(to.id.to_string());
        } else if let Some(at) = at {
            self.site = Some(at.id.to_string());
            self.to = None;
        } else {
            return;
        }
        self.since = Some(common.event_time.to_string());
    }
}
