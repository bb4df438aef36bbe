//! What a jurisdiction forbids beyond the rules of custody: states that do not follow, ends of life
//! that are not undone.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use theriac_custody::admit::NAMESPACE;
use theriac_custody::{
    Breach, BreachCode, Done, ItemStatus, LotStatus, Operation, Profile, Reason, Stage, World,
    undo_allowed,
};
use theriac_epcis::{ErrorDeclaration, Event, Extension, ExtensionValue, Location};
use theriac_gs1::{Epc, Gln, Identifier, Sgln};

use crate::scene::*;
use crate::{admitted, held, status, stocked_at};

fn eu() -> World {
    let mut world = stocked_at(world_of(pharmacy()), ItemStatus::InStock);
    world.profile = Arc::new(Profile::named("eu-fmd").expect("a profile").clone());
    world
}

/// Noon of the day on which these tests take place.
fn noon() -> Timestamp {
    let noon = today().at(12, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC);
    noon.expect("a time of this era").timestamp()
}

fn dispensed_at(place: Option<Gln>) -> Event {
    let mut event = dispense(&[pack(0)]);
    event.common_mut().read_point = place.map(|gln| Location {
        id: Epc::from(Identifier::Sgln(Sgln { gln, extension: None })),
        extensions: Vec::new(),
    });
    event
}

fn declaration(event: &Event, told: Option<&str>) -> Event {
    let mut event = event.clone();
    let field = |text: &str| Extension {
        namespace: NAMESPACE.to_owned(),
        name: "place".to_owned(),
        attributes: Vec::new(),
        value: ExtensionValue::Text(text.to_owned()),
    };
    event.common_mut().error_declaration = Some(ErrorDeclaration {
        declaration_time: noon(),
        reason: None,
        corrective_event_ids: Vec::new(),
        extensions: told.map(field).into_iter().collect(),
    });
    event
}

fn judge(world: &World, event: &Event, reason: Reason, days: i64) -> Result<(), Breach> {
    let operation = Operation::Retire { units: units(&packs(0..1)), reason };
    let done = [Done { operation, stage: Stage::OnLedger }];
    let now = noon() + SignedDuration::from_hours(24 * days);
    undo_allowed(event, &done, world, noon(), now)
}

fn code(judged: Result<(), Breach>) -> Option<BreachCode> {
    judged.err().map(|breach| breach.code)
}

#[test]
fn a_dispensed_pack_comes_back_at_the_same_place_within_ten_days() {
    let world = eu();
    let here = gln(77);
    let event = declaration(&dispensed_at(Some(here)), None);
    for (days, expected) in [(0, None), (10, None), (11, Some(BreachCode::UndoTooLate))] {
        assert_eq!(code(judge(&world, &event, Reason::Dispensed, days)), expected, "{days}");
    }
    let urn = format!("https://id.gs1.org/414/{here}");
    for (told, expected) in [
        (here.to_string(), None),
        (urn, None),
        (wholesaler().to_string(), Some(BreachCode::UndoElsewhere)),
        ("the shop next door".to_owned(), Some(BreachCode::UndoElsewhere)),
    ] {
        let event = declaration(&dispensed_at(Some(here)), Some(&told));
        assert_eq!(code(judge(&world, &event, Reason::Dispensed, 1)), expected, "{told}");
    }
    let nowhere = declaration(&dispensed_at(None), None);
    let judged = judge(&world, &nowhere, Reason::Dispensed, 1);
    assert_eq!(code(judged), Some(BreachCode::UndoElsewhere), "places cannot be compared");
}

#[test]
fn the_us_profile_asks_for_no_place() {
    let world = stocked_at(world_of(pharmacy()), ItemStatus::InStock);
    let event = declaration(&dispensed_at(None), Some(&wholesaler().to_string()));
    assert_eq!(code(judge(&world, &event, Reason::Dispensed, 9)), None);
    assert_eq!(code(judge(&world, &event, Reason::Lost, 9)), None);
}

#[test]
fn recalled_and_expired_packs_do_not_come_back() {
    let event = declaration(&dispensed_at(Some(gln(77))), None);
    for (expiry, status) in [
        (expiry(), LotStatus::RecalledII),
        (expiry(), LotStatus::Blocked),
        (jiff::civil::date(2020, 1, 1), LotStatus::Normal),
    ] {
        let mut world = eu();
        put_lot(&mut world, &lot("L1"), expiry, status);
        let breach = judge(&world, &event, Reason::Dispensed, 1).expect_err("not undone");
        assert_eq!(breach.code, BreachCode::UndoNotAllowed);
        assert_eq!(breach.items, packs(0..1), "{}", breach.reason);
    }
    let lost = judge(&eu(), &event, Reason::Lost, 1);
    assert_eq!(code(lost), Some(BreachCode::UndoNotAllowed), "the EU has no such state");
}

#[test]
fn a_state_that_does_not_follow_is_held_where_the_jurisdiction_says_so() {
    let mut world = eu();
    put_lot(&mut world, &lot("L1"), expiry(), LotStatus::RecalledI);
    let sampling = observe(
        theriac_epcis::BizStep::Sampling,
        theriac_epcis::Disposition::InProgress,
        &[pack(0)],
    );
    admitted(&mut world, &sampling);
    assert_eq!(status(&world, &pack(0)), ItemStatus::Retired(Reason::Sampled));
    // A made-up profile lets nothing but theft follow quarantine.
    let mut world = eu();
    let text = include_str!("../profiles/made-up.toml");
    world.profile = Arc::new(Profile::parse(text).expect("a sound profile"));
    admitted(&mut world, &quarantine(&[pack(0)]));
    let breach = held(&mut world, &destroy(&[pack(0)]));
    assert_eq!(breach.code, BreachCode::StateNotNext);
    assert!(breach.reason.contains("lets destroyed follow"), "{}", breach.reason);
    assert!(breach.reason.ends_with("gesperrt"), "{}", breach.reason);
}
