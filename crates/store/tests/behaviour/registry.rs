//! The registry, facts about the database, statistics.

use std::collections::{BTreeMap, HashMap};

use theriac_custody::{Hindrance, ItemStatus, MemberRecord, Operation, Role, Roles};
use theriac_store::{
    DeliveryKind, DeliveryState, EventState, MemberStatus, MessageId, NewDelivery, OutboxState,
    Store, StoredMember,
};

use crate::fixture::{account, capture, event, gln, gtin, hash, unit_in_stock};

pub(crate) async fn members_act_only_while_active_and_licensed(store: &Store) {
    let roles = Roles::from_iter([Role::Wholesaler, Role::Dispenser]);
    let member = StoredMember {
        gln: gln(1),
        name: "Grossist 1".to_owned(),
        roles,
        endpoint: "https://one.example".to_owned(),
        status: MemberStatus::Active,
        licence_expiry: 100,
        undo_days: 10,
        signing_key: None,
        sealing_key: Some(hash(7)),
    };
    put(store, &member).await;
    let expected = MemberRecord {
        gln: gln(1),
        name: member.name.clone(),
        roles,
        endpoint: member.endpoint.clone(),
        accounts: vec![],
        hindrance: None,
    };
    assert_eq!(store.members(100).await.unwrap(), BTreeMap::from([(gln(1), expected)]));
    assert_eq!(roles_on(store, 101).await, Roles::default());
    let over = Hindrance::LicenceExpired(jiff::civil::date(1970, 4, 11));
    assert_eq!(store.members(101).await.unwrap()[&gln(1)].hindrance, Some(over));
    put(store, &StoredMember { licence_expiry: 0, ..member.clone() }).await;
    assert_eq!(roles_on(store, 30_000).await, roles);
    for status in [MemberStatus::Suspended, MemberStatus::Revoked] {
        let member = StoredMember { status, ..member.clone() };
        put(store, &member).await;
        assert_eq!(roles_on(store, 0).await, Roles::default());
        assert!(store.members(0).await.unwrap()[&gln(1)].hindrance.is_some());
        assert_eq!(store.stored_member(&gln(1)).await.unwrap(), Some(member));
    }
    assert_eq!(store.stored_member(&gln(2)).await.unwrap(), None);
}

pub(crate) async fn the_latest_account_comes_first(store: &Store) {
    let member = StoredMember {
        gln: gln(1),
        name: String::new(),
        roles: Roles(1),
        endpoint: String::new(),
        status: MemberStatus::Active,
        licence_expiry: 0,
        undo_days: 10,
        signing_key: None,
        sealing_key: None,
    };
    put(store, &member).await;
    let mut tx = store.write().await.unwrap();
    for n in [1, 2, 3] {
        tx.put_account(gln(1), account(n), u64::from(n)).await.unwrap();
    }
    tx.revoke_account(account(1), 4).await.unwrap();
    tx.revoke_account(account(2), 5).await.unwrap();
    tx.put_account(gln(1), account(1), 6).await.unwrap();
    tx.put_account(gln(404), account(9), 7).await.unwrap();
    assert_eq!(tx.member_of_account(&account(1)).await.unwrap(), Some(gln(1)));
    tx.commit().await.unwrap();
    put(store, &member).await;
    let members = store.members(1).await.unwrap();
    assert_eq!(members[&gln(1)].accounts, [account(1), account(3)]);
    assert_eq!(store.member_of_account(&account(2)).await.unwrap(), None);
    assert_eq!(store.member_behind(&account(2)).await.unwrap(), Some(gln(1)));
    assert_eq!(store.member_behind(&account(8)).await.unwrap(), None);
    let history: Vec<_> = store.accounts_of(&gln(1)).await.unwrap();
    let history: Vec<_> = history.iter().map(|a| (a.account, a.added, a.revoked)).collect();
    let expected = [(account(1), 6, None), (account(3), 3, None), (account(2), 2, Some(5))];
    assert_eq!(history, expected);
    assert_eq!(store.member_of_account(&account(9)).await.unwrap(), Some(gln(404)));
}

pub(crate) async fn products_have_labelers(store: &Store) {
    let mut tx = store.write().await.unwrap();
    tx.put_product(gtin(1), gln(1), 3).await.unwrap();
    tx.put_product(gtin(2), gln(1), 3).await.unwrap();
    tx.put_product(gtin(2), gln(2), 8).await.unwrap();
    tx.commit().await.unwrap();
    let found = store.labeler_of(&[gtin(2), gtin(3)]).await.unwrap();
    assert_eq!(found, HashMap::from([(gtin(2), gln(2))]));
    let all = BTreeMap::from([(gtin(1), gln(1)), (gtin(2), gln(2))]);
    assert_eq!(store.products().await.unwrap(), all);
    for (block, expected) in [(2, None), (3, Some(gln(1))), (7, Some(gln(1))), (8, Some(gln(2)))] {
        assert_eq!(store.labeler_at(&gtin(2), block).await.unwrap(), expected, "block {block}");
    }
}

pub(crate) async fn facts_are_remembered(store: &Store) {
    assert_eq!(store.get("member").await.unwrap(), None);
    let mut tx = store.write().await.unwrap();
    tx.set("member", "one").await.unwrap();
    tx.set("member", "two").await.unwrap();
    assert_eq!(tx.get("member").await.unwrap().as_deref(), Some("two"));
    tx.commit().await.unwrap();
    assert_eq!(store.get("member").await.unwrap().as_deref(), Some("two"));
}

pub(crate) async fn statistics_count(store: &Store) {
    let capture = capture(store).await;
    let id = event(store, capture, 1, &[]).await;
    let (kind, message) = (DeliveryKind::Case, MessageId([1; 16]));
    let delivery =
        NewDelivery { to: gln(1), message, kind, body: vec![], after: None, at: 0, subject: None };
    let mut tx = store.write().await.unwrap();
    tx.write_items(&[unit_in_stock(1), unit_in_stock(2)]).await.unwrap();
    tx.enqueue(&[(id, Operation::Anchor)]).await.unwrap();
    tx.enqueue_delivery(&delivery).await.unwrap();
    tx.commit().await.unwrap();
    let stats = store.stats().await.unwrap();
    assert_eq!(stats.items, [(ItemStatus::InStock, 2)]);
    assert!(stats.events.contains(&(EventState::Admitted, 1)));
    assert_eq!(stats.outbox, [(OutboxState::Pending, 1)]);
    assert_eq!(stats.deliveries, [(DeliveryState::Due, 1)]);
    assert!(stats.bytes_on_disk > 0);
}

async fn put(store: &Store, member: &StoredMember) {
    let mut tx = store.write().await.unwrap();
    tx.put_member(member).await.unwrap();
    tx.commit().await.unwrap();
}

async fn roles_on(store: &Store, today: i32) -> Roles {
    store.members(today).await.unwrap()[&gln(1)].roles
}
