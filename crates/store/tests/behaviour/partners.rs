//! Partners, consignments, files, and whose word a description is.

use theriac_custody::Hash;
use theriac_epcis::{ExtensionValue, MasterDataAttribute, MasterDataElement};
use theriac_gs1::{Gln, Identifier};
use theriac_store::{
    Direction, NewConsignment, NewTradeFile, PartnerRecord, Store, TradeFileState,
};

use crate::fixture::capture;

fn partner() -> Gln {
    "9521322000017".parse().unwrap()
}

fn class(name: &str) -> MasterDataElement {
    MasterDataElement {
        vocabulary: "urn:epcglobal:epcis:vtype:EPCClass".to_owned(),
        id: "urn:epc:idpat:sgtin:0614141.107346.*".to_owned(),
        attributes: vec![MasterDataAttribute {
            id: "urn:epcglobal:cbv:mda#regulatedProductName".to_owned(),
            value: ExtensionValue::Text(name.to_owned()),
        }],
        children: Vec::new(),
    }
}

pub(crate) async fn a_partners_word_never_replaces_ones_own(store: &Store) {
    let (first, second, third) = (capture(store).await, capture(store).await, capture(store).await);
    let gtin = Identifier::from_uri(&class("").id).unwrap().id;
    let known = || store.master_data_with_origin(std::slice::from_ref(&gtin));
    let mut tx = store.write().await.unwrap();
    tx.put_told_master_data(&[class("told")], first, partner()).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(known().await.unwrap(), [(class("told"), Some(partner()))]);
    let mut tx = store.write().await.unwrap();
    tx.put_master_data(&[class("own")], second).await.unwrap();
    tx.put_told_master_data(&[class("told again")], third, partner()).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(known().await.unwrap(), [(class("own"), None)]);
}

pub(crate) async fn a_consignment_is_noted_once_and_filled(store: &Store) {
    let new = NewConsignment {
        direction: Direction::In,
        cause: Hash([1; 32]),
        part: Hash([2; 32]),
        partner: partner(),
        shipped_at: 5,
    };
    let mut tx = store.write().await.unwrap();
    assert!(tx.note_consignment(&new).await.unwrap());
    assert!(!tx.note_consignment(&NewConsignment { shipped_at: 9, ..new.clone() }).await.unwrap());
    tx.commit().await.unwrap();
    let noted = store.consignments_noted(10).await.unwrap();
    assert_eq!((noted.len(), noted[0].shipped_at, noted[0].packs), (1, 5, None));
    let mut tx = store.write().await.unwrap();
    tx.fill_consignment(noted[0].id, 7, 3, b"content".to_vec()).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.consignments_noted(10).await.unwrap(), []);
    let parts = store.consignments_of(&new.cause).await.unwrap();
    assert_eq!((parts[0].shipped_at, parts[0].packs), (7, Some(3)));
    assert_eq!(store.consignments(10).await.unwrap(), parts);
    let body = store.consignment_body(parts[0].id).await.unwrap();
    assert_eq!(body.as_deref(), Some(&b"content"[..]));
}

pub(crate) async fn a_file_keeps_its_bytes(store: &Store) {
    let new = NewTradeFile {
        direction: Direction::Out,
        partner: None,
        name: "asn.xml".to_owned(),
        at: 1,
        state: TradeFileState::Due,
        cause: Some(Hash([1; 32])),
    };
    let bytes: Vec<u8> = (0..600_000_u32).map(|n| n as u8).collect();
    let digest = Hash([7; 32]);
    let mut tx = store.write().await.unwrap();
    let id = tx.insert_trade_file(&new).await.unwrap();
    tx.set_trade_file_bytes(id, Hash([6; 32]), b"before").await.unwrap();
    tx.set_trade_file_bytes(id, digest, &bytes).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.trade_file_bytes(id).await.unwrap(), bytes);
    let mut record = store.trade_file(id).await.unwrap().unwrap();
    assert_eq!((record.bytes, record.sha256), (600_000, Some(digest)));
    record.state = TradeFileState::Written;
    record.partner = Some(partner());
    let mut tx = store.write().await.unwrap();
    tx.set_trade_file(&record).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.trade_files_in(TradeFileState::Due, 9).await.unwrap(), []);
    assert_eq!(store.trade_files_with(&digest).await.unwrap(), [record.clone()]);
    assert_eq!(store.trade_files_about(&Hash([1; 32])).await.unwrap(), [record.clone()]);
    assert_eq!(store.trade_files(9).await.unwrap(), [record]);
}

pub(crate) async fn quality_is_counted_with_the_last_examples(store: &Store) {
    let mut tx = store.write().await.unwrap();
    for number in 0..7 {
        let example = format!("example {number}");
        tx.note_quality(partner(), "ndc_mismatch", 2, number, Some(&example)).await.unwrap();
    }
    tx.note_quality(partner(), "documents", 1, 9, None).await.unwrap();
    let settings = serde_json::json!({ "channel": "folder" });
    let record = PartnerRecord { gln: partner(), settings, updated_at: 1 };
    tx.put_partner(&record).await.unwrap();
    tx.commit().await.unwrap();
    let quality = store.quality_of(&partner()).await.unwrap();
    assert_eq!(quality.len(), 2);
    assert_eq!((quality[1].count, quality[1].last_at), (14, 6));
    let examples: Vec<&str> = quality[1].examples.iter().map(String::as_str).collect();
    assert_eq!(examples, ["example 6", "example 5", "example 4", "example 3", "example 2"]);
    assert_eq!(store.partner(&partner()).await.unwrap(), Some(record.clone()));
    assert_eq!(store.partners().await.unwrap(), [record]);
    let mut tx = store.write().await.unwrap();
    assert!(tx.delete_partner(partner()).await.unwrap());
    assert!(!tx.delete_partner(partner()).await.unwrap());
}
