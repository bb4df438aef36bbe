//! Master data.

use theriac_epcis::{ExtensionValue, MasterDataAttribute, MasterDataElement};
use theriac_store::Store;

use crate::fixture::capture;

const PLACES: &str = "urn:epcglobal:epcis:vtype:BusinessLocation";
const CLASSES: &str = "urn:epcglobal:epcis:vtype:EPCClass";

fn element(vocabulary: &str, id: &str, name: &str) -> MasterDataElement {
    MasterDataElement {
        vocabulary: vocabulary.to_owned(),
        id: id.to_owned(),
        attributes: vec![MasterDataAttribute {
            id: "urn:epcglobal:cbv:mda#name".to_owned(),
            value: ExtensionValue::Text(name.to_owned()),
        }],
        children: vec!["https://example.org/child".to_owned()],
    }
}

async fn names(store: &Store, vocabulary: &str) -> Vec<String> {
    let elements = store.master_data_of(vocabulary).await.unwrap();
    let name =
        |each: &MasterDataElement| each.text("urn:epcglobal:cbv:mda#name").map(str::to_owned);
    elements.iter().filter_map(name).collect()
}

pub(crate) async fn the_latest_capture_wins(store: &Store) {
    let (first, second) = (capture(store).await, capture(store).await);
    let place = |name| element(PLACES, "https://example.org/a", name);
    let mut tx = store.write().await.unwrap();
    tx.put_master_data(&[place("one"), place("two")], first).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.master_data().await.unwrap(), [place("two")], "the last of one capture");
    let mut tx = store.write().await.unwrap();
    tx.put_master_data(&[place("four")], second).await.unwrap();
    tx.put_master_data(&[place("three")], first).await.unwrap();
    tx.put_master_data(&[], second).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.master_data().await.unwrap(), [place("four")]);
    assert_eq!(store.master_data_count().await.unwrap(), 1);
    let mut tx = store.write().await.unwrap();
    let unknown = theriac_store::CaptureId(999);
    assert!(tx.put_master_data(&[place("five")], unknown).await.is_err(), "of no capture");
}

pub(crate) async fn two_spellings_are_one_element(store: &Store) {
    let capture = capture(store).await;
    let mut tx = store.write().await.unwrap();
    for (id, name) in [
        ("urn:epc:id:sgln:0614141.07346.1234", "urn"),
        ("https://example.org/414/0614141073467/254/1234", "link"),
        ("https://id.gs1.org/414/0614141073467/254/12345", "another"),
    ] {
        tx.put_master_data(&[element(PLACES, id, name)], capture).await.unwrap();
    }
    tx.commit().await.unwrap();
    assert_eq!(names(store, PLACES).await, ["link", "another"]);
}

pub(crate) async fn elements_are_listed_by_vocabulary(store: &Store) {
    let capture = capture(store).await;
    let mut elements: Vec<_> =
        (0..2_500).map(|n| element(PLACES, &format!("https://example.org/{n:05}"), "x")).collect();
    elements.push(element(CLASSES, "https://example.org/00000", "class"));
    elements.reverse();
    let mut tx = store.write().await.unwrap();
    tx.put_master_data(&elements, capture).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.master_data_count().await.unwrap(), 2_501);
    let places = store.master_data_of(PLACES).await.unwrap();
    assert_eq!((places.len(), places[7].id.as_str()), (2_500, "https://example.org/00007"));
    assert_eq!(names(store, CLASSES).await, ["class"]);
    assert!(names(store, "urn:epcglobal:epcis:vtype:ReadPoint").await.is_empty());
    elements.sort_by(|a, b| (&a.vocabulary, &a.id).cmp(&(&b.vocabulary, &b.id)));
    assert_eq!(store.master_data().await.unwrap(), elements);
}
