//! Lots, and holdings that the node can open.

use std::collections::HashMap;

use jiff::civil::date;
use theriac_custody::{Item, LotRecord, LotStatus, Place};
use theriac_store::{KnownHolding, LotRow, Shipment, Store};

use crate::fixture::{
    capture, event, gln, gtin, hash, lgtin, lot_number, salt, transaction, unit, unit_in_stock,
};

pub(crate) async fn lots_come_back_as_they_were(store: &Store) {
    let row = LotRow {
        record: LotRecord { expiry: date(2028, 2, 29), status: LotStatus::RecalledII },
        salt: Some(salt(1)),
        lot_tag: Some(hash(1)),
    };
    let early = LotRow {
        record: LotRecord { expiry: date(1969, 12, 31), status: LotStatus::Normal },
        salt: None,
        lot_tag: None,
    };
    let mut tx = store.write().await.unwrap();
    tx.write_lots(&[(lgtin("B"), row.clone()), (lgtin("A"), early.clone())]).await.unwrap();
    assert_eq!(tx.lot_by_tag(&hash(1)).await.unwrap(), Some((lgtin("B"), row.clone())));
    tx.commit().await.unwrap();

    let mut other_product = lgtin("A");
    other_product.gtin = gtin(2);
    let loaded = store.load_lots(&[lgtin("A"), other_product, lgtin("C")]).await.unwrap();
    assert_eq!(loaded, HashMap::from([(lgtin("A"), early.clone())]));
    assert_eq!(store.lot_by_tag(&hash(2)).await.unwrap(), None);
    assert_eq!(store.lots().await.unwrap(), [(lgtin("A"), early.clone()), (lgtin("B"), row)]);

    let mut tx = store.write().await.unwrap();
    let blocked = LotRecord { status: LotStatus::Blocked, ..early.record };
    tx.write_lots(&[(lgtin("B"), LotRow { record: blocked, ..early })]).await.unwrap();
    tx.commit().await.unwrap();
    let rewritten = &store.load_lots(&[lgtin("B")]).await.unwrap()[&lgtin("B")];
    assert_eq!((rewritten.record.status, rewritten.salt), (LotStatus::Blocked, None));
}

pub(crate) async fn lots_named_by_items_are_not_on_record(store: &Store) {
    let mut tx = store.write().await.unwrap();
    tx.write_items(&[unit_in_stock(1)]).await.unwrap();
    tx.commit().await.unwrap();
    assert!(store.load_lots(&[lgtin("L1")]).await.unwrap().is_empty());
    assert!(store.lots().await.unwrap().is_empty());
    let row = LotRow {
        record: LotRecord { expiry: date(2030, 1, 31), status: LotStatus::Normal },
        salt: None,
        lot_tag: None,
    };
    let mut tx = store.write().await.unwrap();
    tx.write_lots(&[(lgtin("L1"), row)]).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.lots().await.unwrap().len(), 1);
    let item = &store.units_of_lot(&lgtin("L1")).await.unwrap()[0].item;
    assert_eq!((&item.id, &item.lot), (&unit(1), &Some(lot_number("L1"))));
}

pub(crate) async fn a_holding_is_known_once_inserted(store: &Store) {
    let place = Some(Place { holding: hash(1), position: 1 });
    let mut tx = store.write().await.unwrap();
    tx.write_items(&[Item { place, ..unit_in_stock(1) }]).await.unwrap();
    assert_eq!(tx.known_holding(&hash(1)).await.unwrap(), None, "only named by an item");
    let holding = holding(1);
    tx.insert_holding(&holding).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.known_holding(&hash(1)).await.unwrap(), Some(holding));
    assert_eq!(store.items_in_holding(&hash(1)).await.unwrap().len(), 1);
    assert_eq!(store.known_holding(&hash(2)).await.unwrap(), None);
}

pub(crate) async fn holdings_are_found_by_consignee_and_opener(store: &Store) {
    let opener = transaction(store, 1).await;
    let capture = capture(store).await;
    let shipping = event(store, capture, 1, &[]).await;
    let shipment =
        |to| Some(Shipment { event: Some(shipping), from: gln(1), to: gln(to), is_return: false });
    let two = KnownHolding { shipment: shipment(7), opened_by: Some(opener), ..holding(2) };
    let three = KnownHolding { shipment: shipment(8), ..holding(3) };
    let mut tx = store.write().await.unwrap();
    tx.insert_holding(&holding(1)).await.unwrap();
    tx.insert_holding(&two).await.unwrap();
    tx.insert_holding(&three).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.shipments_to(&gln(7)).await.unwrap(), std::slice::from_ref(&two));
    assert_eq!(store.shipments_to(&gln(9)).await.unwrap(), []);
    assert_eq!(store.holdings_opened_by(opener).await.unwrap(), [two]);
}

fn holding(n: u64) -> KnownHolding {
    KnownHolding {
        id: hash(n),
        root: hash(100 + n),
        height: 2,
        leaves: (0..3).map(hash).collect(),
        opened_by: None,
        shipment: None,
    }
}
