//! Inquiries, what parties tell, and who was told what.

use theriac_custody::Hash;
use theriac_gs1::{Gln, Identifier};
use theriac_store::{
    InquiryDocument, InquiryId, InquiryKind, InquiryState, NewInquiry, PartyState, Store,
    ToldRecord,
};

fn gln(number: u64) -> Gln {
    Gln::from_body(952_110_000_000 + number).unwrap()
}

fn item() -> Identifier {
    "https://id.gs1.org/01/09506000134352/21/A1".parse().unwrap()
}

fn new(number: u8, asked_by: u64) -> NewInquiry {
    NewInquiry {
        number: Hash([number; 32]),
        asked_by: gln(asked_by),
        kind: InquiryKind::Authority,
        state: InquiryState::Open,
        subject: serde_json::json!({ "items": [item()] }),
        reason: "suspect product".to_owned(),
        legal_basis: "21 USC 360eee-1".to_owned(),
        statement: "{}".to_owned(),
        signature: "00".to_owned(),
        asked_at: 1_000,
        due_at: Some(5_000),
    }
}

async fn asked(store: &Store, number: u8) -> InquiryId {
    let mut tx = store.write().await.unwrap();
    let id = tx.insert_inquiry(&new(number, 1)).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    id
}

pub(crate) async fn an_inquiry_is_on_record_once_for_each_asker(store: &Store) {
    let id = asked(store, 1).await;
    let mut tx = store.write().await.unwrap();
    assert_eq!(tx.insert_inquiry(&new(1, 1)).await.unwrap(), None);
    let other = tx.insert_inquiry(&new(1, 2)).await.unwrap().unwrap();
    tx.decide_inquiry(other, InquiryState::Denied, "no", 2_000).await.unwrap();
    tx.decide_inquiry(InquiryId(99), InquiryState::Denied, "no", 2_000).await.unwrap_err();
    tx.commit().await.unwrap();
    let found = store.inquiry_of(&gln(1), &Hash([1; 32])).await.unwrap().unwrap();
    assert_eq!((found.id, found.due_at, found.decided_at), (id, Some(5_000), None));
    assert_eq!(found.subject, new(1, 1).subject);
    let denied = store.inquiry(other).await.unwrap().unwrap();
    assert_eq!((denied.state, denied.decision.as_deref()), (InquiryState::Denied, Some("no")));
    let ids: Vec<_> = store.inquiries(9).await.unwrap().into_iter().map(|one| one.id).collect();
    assert_eq!(ids, [other, id]);
    let subject = &new(1, 1).subject;
    let mut tx = store.write().await.unwrap();
    tx.set_inquiry_state(id, InquiryState::Asked).await.unwrap();
    tx.commit().await.unwrap();
    let open = store.pending_inquiry(&gln(1), InquiryKind::Authority, subject).await.unwrap();
    assert_eq!(open.map(|open| open.id), Some(id));
    assert_eq!(store.pending_inquiry(&gln(1), InquiryKind::Trace, subject).await.unwrap(), None);
}

pub(crate) async fn late_parties_are_those_that_owe_an_answer(store: &Store) {
    let id = asked(store, 1).await;
    let mut tx = store.write().await.unwrap();
    for number in 2..=5 {
        assert!(tx.ask_party(id, gln(number), 1_000, 5_000).await.unwrap());
        assert!(!tx.ask_party(id, gln(number), 2_000, 9_000).await.unwrap());
    }
    tx.party_answers(id, gln(2), PartyState::Answered, None, 3_000).await.unwrap();
    tx.party_answers(id, gln(3), PartyState::Denied, Some("trade secret"), 3_000).await.unwrap();
    tx.party_answers(id, gln(4), PartyState::Pending, None, 3_000).await.unwrap();
    tx.commit().await.unwrap();
    let late = async |now, reminded_before| {
        let late = store.late_parties(now, reminded_before, 9).await.unwrap();
        late.into_iter().map(|one| one.party).collect::<Vec<_>>()
    };
    assert_eq!(late(5_000, 5_000).await, []);
    assert_eq!(late(5_001, 5_001).await, [gln(4), gln(5)]);
    let mut tx = store.write().await.unwrap();
    tx.party_reminded(id, gln(5), 6_000).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(late(7_000, 6_000).await, [gln(4)]);
    assert_eq!(late(7_000, 6_001).await, [gln(4), gln(5)]);
    let parties = store.inquiry_parties(id).await.unwrap();
    assert_eq!(parties[0].answered_at, Some(3_000));
    assert_eq!(parties[1].reason.as_deref(), Some("trade secret"));
    assert_eq!((parties[2].state, parties[2].answered_at), (PartyState::Pending, None));
    assert_eq!((parties[3].reminders, parties[3].reminded_at), (1, Some(6_000)));
}

pub(crate) async fn the_last_that_a_party_told_is_kept_for_each_inquiry(store: &Store) {
    let id = asked(store, 1).await;
    let told = |inquiry, at, text: &str| ToldRecord {
        item: item(),
        party: gln(2),
        inquiry,
        at,
        statement: text.to_owned(),
        signature: String::new(),
    };
    let document = InquiryDocument {
        party: gln(2),
        name: "invoice.pdf".to_owned(),
        content_type: "application/pdf".to_owned(),
        digest: Hash([7; 32]),
        body: vec![1, 2, 3],
    };
    let mut tx = store.write().await.unwrap();
    for one in [told(None, 1, "a"), told(Some(id), 2, "b"), told(None, 3, "c")] {
        tx.keep_told(&one).await.unwrap();
    }
    tx.keep_inquiry_document(id, &document).await.unwrap();
    tx.keep_inquiry_document(id, &document).await.unwrap();
    tx.commit().await.unwrap();
    let about = store.told_about(&item()).await.unwrap();
    assert_eq!(about, [told(Some(id), 2, "b"), told(None, 3, "c")]);
    assert_eq!(store.told_in(id).await.unwrap(), about[..1]);
    assert_eq!(store.inquiry_documents(id).await.unwrap(), [document]);
}

pub(crate) async fn who_was_told_what_is_counted(store: &Store) {
    let mut tx = store.write().await.unwrap();
    for at in [10, 20, 30] {
        tx.note_disclosure(gln(1), &item(), InquiryKind::Trace, "names", at).await.unwrap();
    }
    tx.note_disclosure(gln(1), &item(), InquiryKind::Trace, "all", 25).await.unwrap();
    tx.commit().await.unwrap();
    let list = store.disclosures(9).await.unwrap();
    let told: Vec<_> = list.iter().map(|one| (one.sight.as_str(), one.times)).collect();
    assert_eq!(told, [("names", 3), ("all", 1)]);
    assert_eq!((list[0].first_at, list[0].last_at), (10, 30));
    assert_eq!(store.disclosures(1).await.unwrap().len(), 1);
}
