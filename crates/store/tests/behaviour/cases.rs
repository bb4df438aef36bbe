//! Cases.

use theriac_gs1::Identifier;
use theriac_store::{CaseId, NewCase, Store, StoreError};

use crate::fixture::{capture, event, gtin, matter, uuid};

pub(crate) async fn a_case_opens_and_closes(store: &Store) {
    let capture = capture(store).await;
    let held = event(store, capture, 1, &[]).await;
    let mut matter = matter("expected GTIN in the registry, found none");
    matter.waits_for = Some(theriac_custody::breach::WaitsFor::Product(gtin(1)));
    matter.items = vec![Identifier::Gtin(gtin(1))];
    let new = NewCase { event: Some(held), ..NewCase::about(&matter, uuid(1), 100) };
    let mut tx = store.write().await.unwrap();
    let id = tx.open_case(&new).await.unwrap();
    assert_eq!(tx.open_case_of_event(held).await.unwrap().unwrap().id, id);
    tx.commit().await.unwrap();

    let open = store.case(id).await.unwrap().unwrap();
    assert_eq!((open.event, open.opened_at, open.closed_at), (Some(held), 100, None));
    assert_eq!((&open.matter, &open.outcome), (&matter, &None));

    let mut tx = store.write().await.unwrap();
    tx.close_case(id, "admitted", 200).await.unwrap();
    let error = tx.close_case(CaseId(77), "admitted", 200).await.unwrap_err();
    assert!(matches!(error, StoreError::Missing { what: "case", id: 77 }), "{error}");
    tx.commit().await.unwrap();
    let closed = store.case(id).await.unwrap().unwrap();
    assert_eq!((closed.closed_at, closed.outcome.as_deref()), (Some(200), Some("admitted")));
    assert_eq!(store.open_case_of_event(held).await.unwrap(), None);
}

pub(crate) async fn cases_are_listed_newest_first(store: &Store) {
    let matter = matter("goods without data");
    let mut tx = store.write().await.unwrap();
    let mut ids = Vec::new();
    for opened_at in 0..4 {
        let new = NewCase::about(&matter, uuid(opened_at as u8), opened_at);
        ids.push(tx.open_case(&new).await.unwrap());
    }
    tx.close_case(ids[3], "explained", 9).await.unwrap();
    tx.commit().await.unwrap();
    let listed = |open_only, limit| async move {
        let cases = store.cases(open_only, limit).await.unwrap();
        cases.iter().map(|case| case.id).collect::<Vec<_>>()
    };
    assert_eq!(listed(false, 2).await, [ids[3], ids[2]]);
    assert_eq!(listed(true, 10).await, [ids[2], ids[1], ids[0]]);
}

pub(crate) async fn the_latest_case_is_the_events(store: &Store) {
    let capture = capture(store).await;
    let held = event(store, capture, 1, &[]).await;
    let (first, second) = (matter("first"), matter("second"));
    let mut tx = store.write().await.unwrap();
    let new = NewCase { event: Some(held), ..NewCase::about(&first, uuid(1), 1) };
    let closed = tx.open_case(&new).await.unwrap();
    tx.close_case(closed, "tried again", 2).await.unwrap();
    let new = NewCase { event: Some(held), ..NewCase::about(&second, uuid(2), 2) };
    let open = tx.open_case(&new).await.unwrap();
    tx.commit().await.unwrap();
    let case = store.event(held).await.unwrap().unwrap().case.unwrap();
    assert_eq!((case.id, case.matter), (open, second));
    assert_eq!(store.open_case_of_event(held).await.unwrap().unwrap().id, open);
}
