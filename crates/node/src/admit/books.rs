//! The part of a node's state that some events can touch: loaded before they are judged, written
//! back after.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use theriac_custody::{Announced, Hash, Item, ItemStatus, LotRecord, Roles, World};
use theriac_epcis::Event;
use theriac_gs1::{Gtin, Identifier, Lgtin};
use theriac_store::{LotRow, WriteTx};

use crate::error::NodeError;
use crate::node::Node;

/// A node's state as far as some events can touch it, with the lots' rows as they were.
pub(crate) struct Books {
    pub(crate) world: World,
    pub(super) lots: HashMap<Lgtin, LotRow>,
}

impl Node {
    /// Loads what `events` can touch.
    pub(crate) async fn load_books(
        &self,
        tx: &mut WriteTx,
        events: &[&Event],
    ) -> Result<Books, NodeError> {
        let named: BTreeSet<Identifier> =
            events.iter().flat_map(|event| event.epcs()).map(|epc| epc.id.clone()).collect();
        let named: Vec<Identifier> = named.into_iter().collect();
        let members = tx.members(crate::clock::days_of(self.today())).await?;
        let me = self.gln();
        let roles = members.get(&me).map_or_else(Roles::default, |member| member.roles);
        let mut world = World::new(me, roles);
        world.profile = Arc::clone(self.profile());
        world.members = members;
        for record in tx.load_items(&named).await? {
            world.load(record.item);
        }
        self.load_announced(tx, &mut world).await?;
        world.products = tx.labeler_of(&gtins(events, &world)).await?;
        let lots = tx.load_lots(&lots(events, &world)).await?;
        for (lot, row) in &lots {
            world.lots.insert(lot.clone(), row.record.clone());
        }
        Ok(Books { world, lots })
    }

    /// Loads who sent what is expected, and whether it comes back.
    async fn load_announced(&self, tx: &mut WriteTx, world: &mut World) -> Result<(), NodeError> {
        let expected = world.items.values().filter(|item| item.status == ItemStatus::Expected);
        let holdings: BTreeSet<Hash> =
            expected.filter_map(|item| Some(item.place?.holding)).collect();
        let holdings: Vec<Hash> = holdings.into_iter().collect();
        let shipments = tx.shipments_of(&holdings).await?;
        world.announced = shipments
            .into_iter()
            .map(|(id, shipment)| {
                (id, Announced { from: shipment.from, is_return: shipment.is_return })
            })
            .collect();
        Ok(())
    }

    /// Writes back what admission has changed.
    pub(crate) async fn write_books(
        &self,
        tx: &mut WriteTx,
        books: &mut Books,
    ) -> Result<(), NodeError> {
        let world = &mut books.world;
        let mut items: Vec<_> =
            world.changed.drain().filter_map(|id| world.items.get(&id).cloned()).collect();
        items.extend(world.forgotten.drain().map(undone));
        tx.write_items(&items).await?;
        let mut rows = Vec::new();
        for lot in world.changed_lots.drain() {
            let Some(record) = world.lots.get(&lot) else { continue };
            let row = self.lot_row(&lot, record.clone(), books.lots.get(&lot));
            rows.push((lot, row));
        }
        Ok(tx.write_lots(&rows).await?)
    }

    /// A lot's row; a lot that is new here gets the salt that follows from this member's secret.
    fn lot_row(&self, lot: &Lgtin, record: LotRecord, before: Option<&LotRow>) -> LotRow {
        match before {
            Some(row) => LotRow { record, ..row.clone() },
            None => {
                let salt = self.inner().lot_secret.lot(lot).lot();
                let lot_tag = theriac_custody::leaf::lot_tag(lot, salt);
                LotRow { record, salt: Some(salt), lot_tag: Some(lot_tag) }
            }
        }
    }
}

/// What stays of an item whose beginning was undone.
fn undone(id: Identifier) -> Item {
    Item { id, lot: None, status: ItemStatus::Undone, parent: None, place: None, owner: None }
}

/// The GTINs of all that the events name and of all that is loaded.
fn gtins(events: &[&Event], world: &World) -> Vec<Gtin> {
    let named = events.iter().flat_map(|event| event.epcs()).map(|epc| &epc.id);
    let classes = events.iter().flat_map(|event| event.quantities()).map(|q| &q.epc_class.id);
    let gtins: BTreeSet<Gtin> = named
        .chain(classes)
        .chain(world.items.keys())
        .filter_map(|id| match id {
            Identifier::Sgtin(sgtin) => Some(sgtin.gtin),
            Identifier::Lgtin(lgtin) => Some(lgtin.gtin),
            Identifier::Gtin(gtin) => Some(*gtin),
            _ => None,
        })
        .collect();
    gtins.into_iter().collect()
}

/// The lots that the events name, or that loaded units belong to.
pub(super) fn lots(events: &[&Event], world: &World) -> Vec<Lgtin> {
    let mut lots = BTreeSet::new();
    for event in events {
        for quantity in event.quantities() {
            if let Identifier::Lgtin(lot) = &quantity.epc_class.id {
                lots.insert(lot.clone());
            }
        }
        let Some(lot) = event.lot() else { continue };
        for epc in event.epcs() {
            if let Identifier::Sgtin(sgtin) = &epc.id {
                lots.insert(Lgtin { gtin: sgtin.gtin, lot: lot.clone() });
            }
        }
    }
    for item in world.items.values() {
        if let (Identifier::Sgtin(sgtin), Some(lot)) = (&item.id, &item.lot) {
            lots.insert(Lgtin { gtin: sgtin.gtin, lot: lot.clone() });
        }
    }
    lots.into_iter().collect()
}
