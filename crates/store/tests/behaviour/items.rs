//! Items, their hierarchies and their places.

use std::collections::BTreeSet;

use theriac_custody::{Item, ItemStatus, Place, Reason};
use theriac_gs1::{GlnExtension, Identifier, Sgln};
use theriac_store::{ItemRecord, Store};

use crate::fixture::{
    capture, container, event, gln, gtin, hash, lgtin, lot_number, salt, sscc, unit, unit_in_stock,
};

pub(crate) async fn an_item_comes_back_as_it_was(store: &Store) {
    let place = Some(Place { holding: hash(1), position: 63 });
    let item = Item { parent: Some(sscc(1)), place, ..unit_in_stock(1) };
    write(store, std::slice::from_ref(&item)).await;
    let loaded = store.load_items(&[unit(1)]).await.unwrap();
    assert_eq!(loaded, [ItemRecord { item: item.clone(), salt: None }]);

    let bare = Item { lot: None, status: ItemStatus::Lost, parent: None, place: None, ..item };
    let mut tx = store.write().await.unwrap();
    tx.write_items(std::slice::from_ref(&bare)).await.unwrap();
    let seen = tx.load_items(&[unit(1)]).await.unwrap();
    assert_eq!(seen[0].item, bare, "the transaction sees what it wrote");
    assert_eq!(store.load_items(&[unit(1)]).await.unwrap()[0].item.status, ItemStatus::InStock);
    tx.commit().await.unwrap();
    assert_eq!(store.load_items(&[unit(1)]).await.unwrap()[0].item, bare);
}

pub(crate) async fn deep_hierarchies_are_closed_up_and_down(store: &Store) {
    // Units 0..100 in 10 cases on 2 pallets in 1 container; a bystander beside each level.
    let mut items = vec![container(1_000, None), container(1_001, None)];
    items.extend((0..3).map(|n| container(100 + n, Some(sscc(1_000)))));
    items.extend((0..10).map(|n| container(n, Some(sscc(100 + n / 5)))));
    items.extend((0..100).map(|n| Item { parent: Some(sscc(n / 10)), ..unit_in_stock(n) }));
    // Children first: parents need not be on record before them.
    items.reverse();
    write(store, &items).await;

    assert_eq!(closure(store, &[unit(55)]).await, ids([unit(55), sscc(5), sscc(101), sscc(1_000)]));
    let mut expected = ids([sscc(101), sscc(1_000)]);
    expected.extend((5..10).map(sscc));
    expected.extend((50..100).map(unit));
    assert_eq!(closure(store, &[sscc(101)]).await, expected);
    assert_eq!(closure(store, &[sscc(1_000)]).await.len(), 1 + 3 + 10 + 100);
    assert_eq!(closure(store, &[sscc(1_001), unit(999)]).await, ids([sscc(1_001)]));
    assert!(closure(store, &[]).await.is_empty());
    let two = closure(store, &[sscc(5), unit(3)]).await;
    assert_eq!(two.len(), 11 + 2 + 3, "each item once: {two:?}");

    // A chain of 300 levels.
    let chain: Vec<_> =
        (5_000..5_300).map(|n| container(n, (n < 5_299).then(|| sscc(n + 1)))).collect();
    write(store, &chain).await;
    assert_eq!(closure(store, &[sscc(5_150)]).await.len(), 300);
}

pub(crate) async fn named_items_are_not_on_record(store: &Store) {
    let capture = capture(store).await;
    event(store, capture, 1, &[unit(1), sscc(1)]).await;
    write(store, &[Item { parent: Some(sscc(2)), ..unit_in_stock(2) }]).await;
    assert!(closure(store, &[unit(1), sscc(1), sscc(2)]).await.contains(&unit(2)));
    assert_eq!(closure(store, &[unit(1), sscc(1), sscc(2)]).await.len(), 1);
    let mut tx = store.write().await.unwrap();
    tx.set_item_status(&[unit(1)], ItemStatus::Stolen).await.unwrap();
    tx.commit().await.unwrap();
    assert!(store.load_items(&[unit(1)]).await.unwrap().is_empty());
}

pub(crate) async fn a_cycle_ends(store: &Store) {
    let items = [container(1, Some(sscc(2))), container(2, Some(sscc(1)))];
    write(store, &items).await;
    assert_eq!(closure(store, &[sscc(1)]).await, ids([sscc(1), sscc(2)]));
}

pub(crate) async fn salts_survive_a_rewrite(store: &Store) {
    let mut tx = store.write().await.unwrap();
    tx.write_items(&[unit_in_stock(1)]).await.unwrap();
    tx.set_salts(&[(unit(1), salt(9)), (unit(2), salt(8))]).await.unwrap();
    tx.write_items(&[unit_in_stock(1), unit_in_stock(2)]).await.unwrap();
    tx.commit().await.unwrap();
    let loaded = store.load_items(&[unit(1), unit(2)]).await.unwrap();
    let salts: BTreeSet<_> = loaded.iter().map(|each| each.salt.unwrap().0[0]).collect();
    assert_eq!(salts, BTreeSet::from([8, 9]));
}

pub(crate) async fn places_move_and_order_a_holding(store: &Store) {
    let items: Vec<_> = (0..5).map(unit_in_stock).collect();
    let at = |holding, position| Some(Place { holding: hash(holding), position });
    let mut tx = store.write().await.unwrap();
    tx.write_items(&items).await.unwrap();
    let places = [(unit(0), at(1, 4)), (unit(1), at(1, 0)), (unit(2), at(1, 2))];
    tx.place_items(&places).await.unwrap();
    tx.place_items(&[(unit(3), at(2, 0))]).await.unwrap();
    assert_eq!(tx.items_in_holding(&hash(1)).await.unwrap().len(), 3);
    tx.commit().await.unwrap();
    assert_eq!(in_holding(store, 1).await, [unit(1), unit(2), unit(0)]);

    let mut tx = store.write().await.unwrap();
    tx.place_items(&[(unit(2), at(2, 1)), (unit(0), None)]).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(in_holding(store, 1).await, [unit(1)]);
    assert_eq!(in_holding(store, 2).await, [unit(3), unit(2)]);
    assert!(in_holding(store, 3).await.is_empty());
    let moved = &store.load_items(&[unit(2)]).await.unwrap()[0].item;
    assert_eq!((moved.place, moved.status), (at(2, 1), ItemStatus::InStock));
    assert_eq!(moved.lot, Some(lot_number("L1")));
}

pub(crate) async fn statuses_are_set_and_counted(store: &Store) {
    let mut items: Vec<_> = (0..6).map(unit_in_stock).collect();
    items.push(container(1, None));
    write(store, &items).await;
    let mut tx = store.write().await.unwrap();
    let dispensed = ItemStatus::Retired(Reason::Dispensed);
    tx.set_item_status(&[unit(0), unit(1)], dispensed).await.unwrap();
    tx.set_item_status(&[unit(2)], ItemStatus::InTransit).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(
        store.count_items_by_status().await.unwrap(),
        [(ItemStatus::InStock, 3), (ItemStatus::InTransit, 1), (dispensed, 2)]
    );
}

pub(crate) async fn every_status_is_kept(store: &Store) {
    let words = [
        "expected",
        "in_stock",
        "in_transit",
        "handed_over",
        "refused",
        "quarantined",
        "stolen",
        "lost",
    ];
    let statuses: Vec<_> = words
        .iter()
        .map(|word| ItemStatus::from_word(word).unwrap())
        .chain(Reason::ALL.map(ItemStatus::Retired))
        .collect();
    let items = (0..).map(unit_in_stock).zip(&statuses);
    let items: Vec<_> = items.map(|(item, status)| Item { status: *status, ..item }).collect();
    write(store, &items).await;
    for item in items {
        assert_eq!(store.load_items(std::slice::from_ref(&item.id)).await.unwrap()[0].item, item);
    }
}

pub(crate) async fn units_of_a_lot_are_listed(store: &Store) {
    let other = Item { lot: Some(lot_number("L2")), ..unit_in_stock(3) };
    write(store, &[unit_in_stock(2), unit_in_stock(1), other]).await;
    let units = |lot: &'static str| async move {
        let units = store.units_of_lot(&lgtin(lot)).await.unwrap();
        units.into_iter().map(|unit| unit.item.id).collect::<Vec<_>>()
    };
    assert_eq!(units("L1").await, [unit(2), unit(1)]);
    assert_eq!(units("L2").await, [unit(3)]);
    assert!(units("L3").await.is_empty());
}

pub(crate) async fn every_kind_of_identifier_is_kept(store: &Store) {
    let place =
        Sgln { gln: gln(1), extension: Some(GlnExtension::new("a b".replace(' ', "/")).unwrap()) };
    let all = [
        unit(1),
        lgtin("L/1").into(),
        gtin(1).into(),
        sscc(1),
        place.into(),
        Identifier::Pgln(gln(1)),
        "urn:epc:id:grai:9506000.12345.400".parse().unwrap(),
        "https://example.com/box/01".parse().unwrap(),
    ];
    let items: Vec<_> =
        all.iter().map(|id| Item { id: id.clone(), ..container(0, None) }).collect();
    write(store, &items).await;
    assert_eq!(closure(store, &all).await, all.into_iter().collect());
}

pub(crate) async fn large_sets_need_no_special_care(store: &Store) {
    let items: Vec<_> =
        (0..5_000).map(|n| Item { parent: Some(sscc(n / 48)), ..unit_in_stock(n) }).collect();
    let all: Vec<_> = items.iter().map(|item| item.id.clone()).collect();
    let places: Vec<_> = (0..5_000)
        .map(|n| (unit(n), Some(Place { holding: hash(1), position: 5_000 - n })))
        .collect();
    let salts: Vec<_> = (0..5_000).map(|n| (unit(n), salt(n as u8))).collect();
    let mut tx = store.write().await.unwrap();
    tx.write_items(&items).await.unwrap();
    tx.place_items(&places).await.unwrap();
    tx.set_salts(&salts).await.unwrap();
    tx.set_item_status(&all, ItemStatus::InTransit).await.unwrap();
    tx.commit().await.unwrap();
    let loaded = store.load_items(&all).await.unwrap();
    assert_eq!(loaded.len(), 5_000);
    assert!(loaded.iter().all(|each| {
        each.item.status == ItemStatus::InTransit
            && each.item.place.is_some()
            && each.salt.is_some()
    }));
    assert_eq!(in_holding(store, 1).await[0], unit(4_999));
}

async fn write(store: &Store, items: &[Item]) {
    let mut tx = store.write().await.unwrap();
    tx.write_items(items).await.unwrap();
    tx.commit().await.unwrap();
}

async fn closure(store: &Store, of: &[Identifier]) -> BTreeSet<Identifier> {
    let loaded = store.load_items(of).await.unwrap();
    let count = loaded.len();
    let set: BTreeSet<_> = loaded.into_iter().map(|each| each.item.id).collect();
    assert_eq!(set.len(), count, "each item once");
    set
}

async fn in_holding(store: &Store, holding: u64) -> Vec<Identifier> {
    let items = store.items_in_holding(&hash(holding)).await.unwrap();
    items.into_iter().map(|each| each.item.id).collect()
}

fn ids<const N: usize>(ids: [Identifier; N]) -> BTreeSet<Identifier> {
    BTreeSet::from(ids)
}
