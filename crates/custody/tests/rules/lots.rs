//! Recall, block and lift of lots.

use theriac_custody::admit::NAMESPACE;
use theriac_custody::breach::WaitsFor;
use theriac_custody::{Actor, BreachCode, ItemStatus, LotStatus, Operation};
use theriac_epcis::{Action, BizStep, Disposition, Event, Extension, Number};
use theriac_gs1::{Lgtin, Lot};

use crate::scene::*;
use crate::{admitted, assert_held, held, stocked, stocked_at};

fn recall(lots: &[Lgtin]) -> Event {
    about_lots(lots, &[Disposition::Recalled], &[])
}

fn lift(lots: &[Lgtin]) -> Event {
    about_lots(lots, &[], &[Disposition::Recalled])
}

fn changed(status: LotStatus) -> Vec<Operation> {
    vec![Operation::LotStatus { lot: lot("L1"), status }]
}

#[test]
fn a_labeler_recalls_and_lifts() {
    let mut world = stocked();
    let operations = admitted(&mut world, &recall(&[lot("L1"), lot("L1")]));
    assert_eq!(operations, changed(LotStatus::RecalledI), "class I unless said otherwise");
    assert_eq!(world.lots[&lot("L1")].status, LotStatus::RecalledI);
    assert!(world.changed_lots.contains(&lot("L1")));
    assert_eq!(admitted(&mut world, &lift(&[lot("L1")])), changed(LotStatus::Normal));
    assert_eq!(admitted(&mut world, &lift(&[lot("L1")])), [Operation::Anchor]);
    let block = about_lots(&[lot("L1")], &[Disposition::NonSellableOther], &[]);
    assert_eq!(admitted(&mut world, &block), changed(LotStatus::Blocked));
}

#[test]
fn a_recall_has_a_class() {
    let three = "3".parse::<Number>().expect("a number");
    let number = theriac_epcis::ExtensionValue::Number(three);
    for (extension, status) in [
        (Extension::text(NAMESPACE, "recallClass", " 2 "), LotStatus::RecalledII),
        (
            Extension { value: number, ..Extension::text(NAMESPACE, "recallClass", "") },
            LotStatus::RecalledIII,
        ),
        (Extension::text(NAMESPACE, "recallClass", "9"), LotStatus::RecalledI),
        (Extension::text("urn:other", "recallClass", "3"), LotStatus::RecalledI),
    ] {
        let mut event = recall(&[lot("L1")]);
        event.common_mut().extensions.push(extension);
        assert_eq!(admitted(&mut stocked(), &event), changed(status));
    }
}

#[test]
fn others_do_not_recall() {
    let mut world = stocked_at(world_of(wholesaler()), ItemStatus::InStock);
    let reason = format!("expected a lot of this member, found lot L1 of {}", maker());
    let event = recall(&[lot("L1")]);
    let breach = assert_held(&mut world, &event, BreachCode::NotLabeler, &reason);
    assert_eq!(breach.actor, Actor::Labeler);
}

#[test]
fn a_regulator_recalls_what_it_has_on_record() {
    let mut world = world_of(regulator());
    let reason = format!("expected a lot on record, found lot L1 of {}", gtin());
    let event = recall(&[lot("L1")]);
    let breach = assert_held(&mut world, &event, BreachCode::ItemUnknown, &reason);
    assert_eq!((breach.actor, breach.waits_for), (Actor::Labeler, Some(WaitsFor::Product(gtin()))));
    put_lot(&mut world, &lot("L1"), expiry(), LotStatus::Normal);
    admitted(&mut world, &event);
}

#[test]
fn the_lot_must_be_known() {
    let mut world = stocked();
    let breach = held(&mut world, &recall(&[lot("L1"), lot("L7")]));
    assert_eq!((breach.code, breach.actor), (BreachCode::ItemUnknown, Actor::ThisMember));
    assert_eq!(world.lots[&lot("L1")].status, LotStatus::Normal, "none of them is recalled");
    let other = Lgtin { gtin: unknown_gtin(), lot: "L1".parse::<Lot>().expect("a lot") };
    assert_eq!(held(&mut world, &recall(&[other])).code, BreachCode::ProductUnknown);
}

/// Recalled goods that are sent back are a shipment, not a recall.
#[test]
fn moving_recalled_goods_recalls_nothing() {
    let mut world = stocked_at(world_of(wholesaler()), ItemStatus::InStock);
    let event = observe(BizStep::Shipping, Disposition::Recalled, &packs(6..7));
    let event = with_lots(
        destined(event, &[(theriac_epcis::PartyType::OwningParty, maker())]),
        &[lot("L1")],
    );
    assert!(matches!(admitted(&mut world, &event)[..], [Operation::Ship { .. }]));
    let event = observe(BizStep::Holding, Disposition::Recalled, &packs(7..8));
    let event = with_lots(event, &[lot("L1")]);
    assert!(matches!(admitted(&mut world, &event)[..], [Operation::Segregate { .. }]));
    // Nor does it by class: the labeler's own lot stays as it is.
    let mut world = stocked();
    let event = observe(BizStep::Shipping, Disposition::Recalled, &[]);
    assert_eq!(held(&mut world, &with_lots(event, &[lot("L1")])).code, BreachCode::Empty);
    let bare = object(Action::Observe, BizStep::Inspecting, None, &[]);
    assert_eq!(admitted(&mut world, &with_lots(bare, &[lot("L1")])), [Operation::Anchor]);
}
