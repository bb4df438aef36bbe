//! Sightings of packs: what is kept of them, what is due, alarms.

use jiff::Timestamp;
use theriac_custody::alarm::{Act, Alarm, AlarmKind, Sighting};
use theriac_custody::{Actor, CaseKind, Matter, Uuid};
use theriac_gs1::Gln;
use theriac_store::{NewCase, SIGHTINGS_MAX, Store};

use crate::fixture::unit;

fn gln(n: u64) -> Gln {
    Gln::from_body(952_100_000_000 + n).expect("12 digits")
}

fn seen(member: u64, at: i64) -> Sighting {
    let at = Timestamp::from_millisecond(at).expect("a time");
    let position = Some("48.137,11.575".parse().expect("a position"));
    Sighting { at, known_at: at, member: gln(member), place: None, position, act: Act::Verified }
}

async fn put(store: &Store, sightings: &[Sighting]) {
    let mut tx = store.write().await.unwrap();
    for sighting in sightings {
        tx.put_sighting(&unit(1), sighting).await.unwrap();
    }
    tx.commit().await.unwrap();
}

pub(crate) async fn first_and_last_sightings_are_kept(store: &Store) {
    put(store, &[seen(1, 50), seen(1, 70), seen(1, 60), seen(1, 40), seen(1, 50)]).await;
    assert_eq!(store.sightings_of(&unit(1)).await.unwrap(), [seen(1, 40), seen(1, 70)]);
    let used = Sighting { act: Act::Used, place: Some(gln(9)), ..seen(1, 45) };
    put(store, std::slice::from_ref(&used)).await;
    assert_eq!(store.sightings_of(&unit(1)).await.unwrap()[2..], [used]);
    assert!(store.sightings_of(&unit(2)).await.unwrap().is_empty());
    let many: Vec<Sighting> = (2..100).map(|member| seen(member, 80)).collect();
    put(store, &many).await;
    let kept = store.sightings_of(&unit(1)).await.unwrap().len() as u64;
    assert_eq!(kept, SIGHTINGS_MAX + 1, "one row has two");
    let mut tx = store.write().await.unwrap();
    assert_eq!(tx.prune_sightings(71).await.unwrap(), 2);
    tx.commit().await.unwrap();
}

pub(crate) async fn what_is_due_is_judged_until_it_is_an_alarm(store: &Store) {
    let mut tx = store.write().await.unwrap();
    for (n, due) in [(1, Some(30)), (2, Some(10)), (3, Some(50)), (2, Some(20)), (4, None)] {
        tx.set_watch(&unit(n), due).await.unwrap();
    }
    assert_eq!(tx.watches_due(40, 9).await.unwrap(), [unit(2), unit(1)]);
    assert_eq!(tx.watches_due(40, 1).await.unwrap(), [unit(2)]);
    let matter = Matter {
        kind: CaseKind::CloneSuspected,
        reason: "two places".to_owned(),
        actor: Actor::ThisMember,
        what_to_do: "look".to_owned(),
        items: vec![unit(2)],
        waits_for: None,
    };
    let case = tx.open_case(&NewCase::about(&matter, Uuid::random([7; 16]), 41)).await.unwrap();
    let alarm = Alarm {
        kind: AlarmKind::TwoPlaces,
        reason: "two places".to_owned(),
        sighting: seen(1, 5),
        against: Some(seen(2, 6)),
    };
    tx.put_alarm(&unit(2), &alarm, 41, case).await.unwrap();
    tx.set_watch(&unit(1), None).await.unwrap();
    tx.commit().await.unwrap();
    assert!(store.watches_due(40, 9).await.unwrap().is_empty());
    let watch = store.pack_watch(&unit(2)).await.unwrap().expect("an alarm");
    assert_eq!((watch.alarm_at, watch.alarm, watch.due_at), (Some(41), Some(alarm), None));
    assert_eq!(watch.case, Some(case));
    assert_eq!(store.alarms(9).await.unwrap().len(), 1);
    assert_eq!(store.alarm_count().await.unwrap(), 1);
    assert_eq!(store.pack_watch(&unit(3)).await.unwrap().unwrap().due_at, Some(50));
    assert!(store.pack_watch(&unit(4)).await.unwrap().is_none());
}
