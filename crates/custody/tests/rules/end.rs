//! Ends of life, goods set apart, goods released.

use theriac_custody::{
    Actor, BreachCode, HoldingState, ItemStatus, LotStatus, Operation, Reason, Roles, World,
};
use theriac_epcis::{Action, BizStep, Disposition};

use crate::scene::*;
use crate::{admitted, assert_held, held, parent, set_status, status, stocked, stocked_at};

fn at_pharmacy() -> World {
    stocked_at(world_of(pharmacy()), ItemStatus::InStock)
}

#[test]
fn a_pharmacy_dispenses_once() {
    let mut world = at_pharmacy();
    let operations = admitted(&mut world, &dispense(&[pack(0)]));
    let units = units(&packs(0..1));
    assert_eq!(operations, [Operation::Retire { units, reason: Reason::Dispensed }]);
    assert_eq!(parent(&world, &pack(0)), None);
    let reason = format!(
        "expected {} in stock to be dispensed, found that it is already dispensed",
        pack(0)
    );
    assert_held(&mut world, &dispense(&[pack(0)]), BreachCode::AlreadyRetired, &reason);
    assert_eq!(held(&mut world, &release(&[pack(77)])).code, BreachCode::ItemUnknown);
}

#[test]
fn use_needs_a_role() {
    let mut world = stocked();
    let breach = assert_held(
        &mut world,
        &dispense(&[pack(0)]),
        BreachCode::RoleMissing,
        "expected the role dispenser for packs to be dispensed, found none",
    );
    assert_eq!(breach.actor, Actor::Governor);
    let mut world = at_pharmacy();
    let breach = held(&mut world, &transform(&packs(0..1), &[], "L1"));
    assert_eq!(
        breach.reason,
        "expected the role repackager or labeler for packs to be repackaged, found none"
    );
    // To destroy what one holds needs none.
    world.roles = Roles::default();
    admitted(&mut world, &destroy(&[pack(0)]));
}

#[test]
fn unfit_packs_are_not_used_but_destroyed() {
    let mut world = at_pharmacy();
    put_lot(&mut world, &lot("L1"), expiry(), LotStatus::RecalledI);
    assert_eq!(held(&mut world, &dispense(&[pack(0)])).code, BreachCode::LotNotNormal);
    put_lot(&mut world, &lot("L1"), jiff::civil::date(2026, 2, 28), LotStatus::Normal);
    assert_eq!(held(&mut world, &dispense(&[pack(0)])).code, BreachCode::Expired);
    admitted(&mut world, &destroy(&[pack(0)]));
    assert_eq!(status(&world, &pack(0)), ItemStatus::Retired(Reason::Destroyed));
}

#[test]
fn a_case_ends_with_its_packs() {
    let mut world = at_pharmacy();
    let operations = admitted(&mut world, &destroy(&[sscc(1)]));
    let reason = Reason::Destroyed;
    assert_eq!(operations, [Operation::Retire { units: units(&packs(0..4)), reason }]);
    assert_eq!(status(&world, &sscc(1)), ItemStatus::Retired(reason));
    assert_eq!(parent(&world, &sscc(1)), None);
    assert_eq!(held(&mut world, &unpack(&sscc(1), &[])).code, BreachCode::AlreadyRetired);
    // Without packs there is nothing on the ledger.
    admitted(&mut world, &unpack(&sscc(2), &[]));
    assert_eq!(admitted(&mut world, &destroy(&[sscc(2)])), [Operation::Anchor]);
}

#[test]
fn the_reason_is_read_from_step_and_disposition() {
    let cases = [
        (BizStep::RetailSelling, None, Some(Reason::Dispensed)),
        (BizStep::Sampling, None, Some(Reason::Sampled)),
        (BizStep::Destroying, None, Some(Reason::Destroyed)),
        (BizStep::Holding, Some(Disposition::Disposed), Some(Reason::Destroyed)),
        (BizStep::Decommissioning, None, Some(Reason::Destroyed)),
        (BizStep::Decommissioning, Some(Disposition::Stolen), Some(Reason::Stolen)),
        (BizStep::Decommissioning, Some(Disposition::Expired), Some(Reason::Expired)),
        (BizStep::Inspecting, None, None),
    ];
    for (step, disposition, reason) in cases {
        let mut world = at_pharmacy();
        let text = format!("{step:?} {disposition:?}");
        admitted(&mut world, &object(Action::Observe, step, disposition, &[pack(0)]));
        let expected = reason.map_or(ItemStatus::InStock, ItemStatus::Retired);
        assert_eq!(status(&world, &pack(0)), expected, "{text}");
    }
}

#[test]
fn goods_are_set_apart_and_released() {
    let mut world = at_pharmacy();
    let unfit =
        Operation::Segregate { units: units(&packs(0..4)), state: HoldingState::Quarantined };
    assert_eq!(admitted(&mut world, &quarantine(&[sscc(1)])), [unfit]);
    assert_eq!(parent(&world, &sscc(1)), None);
    // Said again, it stays so.
    assert_eq!(admitted(&mut world, &quarantine(&[sscc(1), pack(0)])), [Operation::Anchor]);
    let one_more =
        Operation::Segregate { units: units(&packs(6..7)), state: HoldingState::Quarantined };
    assert_eq!(admitted(&mut world, &quarantine(&[sscc(1), pack(6)])), [one_more]);
    assert_eq!(held(&mut world, &dispense(&[pack(0)])).code, BreachCode::SetApart);
    // A quarantined pack can be destroyed.
    admitted(&mut world, &destroy(&[pack(6)]));
    let released = Operation::Release { units: units(&packs(0..4)) };
    assert_eq!(admitted(&mut world, &release(&[sscc(1)])), [released]);
    assert_eq!(status(&world, &sscc(1)), ItemStatus::InStock);
    assert_eq!(admitted(&mut world, &release(&[sscc(1)])), [Operation::Anchor]);
}

#[test]
fn an_empty_case_is_released_too() {
    let mut world = at_pharmacy();
    admitted(&mut world, &quarantine(&[sscc(1)]));
    admitted(&mut world, &release(&packs(0..4)));
    assert_eq!(parent(&world, &pack(0)), None);
    assert_eq!(admitted(&mut world, &release(&[sscc(1)])), [Operation::Anchor]);
    assert_eq!(status(&world, &sscc(1)), ItemStatus::InStock);
}

#[test]
fn only_stock_is_set_apart() {
    let mut world = at_pharmacy();
    set_status(&mut world, &[pack(6)], ItemStatus::HandedOver);
    let reason = format!("expected {} in stock to be set apart, found it handed_over", pack(6));
    assert_held(&mut world, &quarantine(&[pack(6)]), BreachCode::NotHeld, &reason);
    admitted(&mut world, &unpack(&sscc(2), &[]));
    assert_eq!(held(&mut world, &quarantine(&[sscc(2)])).code, BreachCode::Empty);
}

#[test]
fn stolen_goods_do_not_return_to_stock() {
    let mut world = at_pharmacy();
    let stolen = Operation::Segregate { units: units(&packs(0..1)), state: HoldingState::Stolen };
    assert_eq!(admitted(&mut world, &steal(&[pack(0)])), [stolen]);
    let reason = format!("expected goods fit for sale, found {} stolen", pack(0));
    let event = release(&[pack(0)]);
    let breach = assert_held(&mut world, &event, BreachCode::SetApart, &reason);
    assert_eq!(breach.actor, Actor::Regulator);
    let event =
        object(Action::Delete, BizStep::Decommissioning, Some(Disposition::Stolen), &[pack(0)]);
    admitted(&mut world, &event);
    assert_eq!(status(&world, &pack(0)), ItemStatus::Retired(Reason::Stolen));
}
