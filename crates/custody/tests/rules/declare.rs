//! Error declarations: each operation undone, and what cannot be.

use jiff::Timestamp;
use theriac_custody::{
    Admission, BreachCode, Done, Footprint, HoldingState, ItemStatus, LotStatus, Operation, Reason,
    Stage, World, admit, neutralise,
};
use theriac_epcis::{Action, BizStep, Disposition, ErrorDeclaration, Event, Extension};
use theriac_gs1::Identifier;

use crate::scene::*;
use crate::{admitted, set_status, status, stocked, stocked_at};

/// An event that was admitted, with what was kept of it.
struct Past {
    event: Event,
    operations: Vec<Operation>,
    footprint: Footprint,
}

fn happened(world: &mut World, event: Event) -> Past {
    let operations = admitted(world, &event);
    let footprint = Footprint::of(&operations, world);
    Past { event, operations, footprint }
}

impl Past {
    fn declared(
        &self,
        stage: Stage,
        world: &mut World,
    ) -> Result<Vec<Operation>, theriac_custody::Breach> {
        let operations = self.operations.iter().cloned();
        let done: Vec<Done> = operations.map(|operation| Done { operation, stage }).collect();
        neutralise(&self.event, &done, &self.footprint, world)
    }

    /// As declared when the ledger has recorded the end of life, with the last instant of its window.
    fn declared_at(
        &self,
        now: i64,
        until: Option<i64>,
        world: &mut World,
    ) -> Result<Vec<Operation>, theriac_custody::Breach> {
        let instant = |second| Timestamp::from_second(second).expect("a second of this era");
        self.declared(Stage::retired(until.map(instant), instant(now)), world)
    }

    fn undone(&self, world: &mut World) -> Vec<Operation> {
        self.declared(Stage::OnLedger, world).unwrap_or_else(|breach| panic!("{}", breach.reason))
    }

    /// The reason why it cannot be undone; the world stays as it was.
    fn kept(&self, world: &mut World) -> String {
        let before = world.clone();
        let breach = self.declared(Stage::OnLedger, world).expect_err("it cannot be undone");
        assert_eq!((&before.items, &before.lots), (&world.items, &world.lots));
        assert_eq!(breach.code, BreachCode::ErrorDeclared);
        assert!(!breach.what_to_do.is_empty());
        breach.reason
    }
}

/// The maker's stock, on the ledger.
fn stock() -> World {
    let mut world = stocked();
    world.changed.clear();
    world
}

#[test]
fn a_declaration_by_itself_is_anchored() {
    let mut event = receive(&packs(0..1));
    event.common_mut().error_declaration = Some(ErrorDeclaration {
        declaration_time: jiff::Timestamp::UNIX_EPOCH,
        reason: None,
        corrective_event_ids: Vec::new(),
        extensions: Vec::new(),
    });
    assert_eq!(admitted(&mut world_of(maker()), &event), [Operation::Anchor]);
}

#[test]
fn what_moves_nothing_leaves_no_footprint() {
    let mut world = stock();
    let past = happened(&mut world, object(Action::Observe, BizStep::Inspecting, None, &[pack(1)]));
    assert!(past.footprint.is_empty());
    assert_eq!(past.undone(&mut world), [Operation::Anchor]);
    assert!(world.changed.is_empty());
}

#[test]
fn packs_that_were_never_made() {
    let mut world = stock();
    let made = happened(&mut world, commission(&packs(20..23), "L1"));
    let mut early = world.clone();
    let withdrawn = made.declared(Stage::Withdrawn, &mut early);
    assert_eq!(withdrawn, Ok(vec![Operation::Anchor]));
    assert!(!early.items.contains_key(&pack(20)));
    // The serial numbers are free again.
    assert!(matches!(admit(&made.event, &mut early, today()), Admission::Admitted(_)));
    assert!(early.forgotten.is_empty());

    let units = units(&packs(20..23));
    let destroyed = Operation::Retire { units, reason: Reason::Destroyed };
    assert_eq!(made.undone(&mut world), [destroyed]);
    assert_eq!(status(&world, &pack(20)), ItemStatus::Retired(Reason::Destroyed));
}

#[test]
fn packs_that_were_packed_since_are_not_unmade() {
    let mut world = stock();
    let made = happened(&mut world, commission(&packs(20..23), "L1"));
    let packed = happened(&mut world, pack_into(&sscc(3), &packs(20..22)));
    let reason = made.kept(&mut world);
    assert_eq!(
        reason,
        format!(
            "expected {} packed as the declared event left it, found it packed otherwise",
            pack(20)
        )
    );
    // In the reverse order it goes.
    assert_eq!(packed.undone(&mut world), [Operation::Anchor]);
    assert!(!world.items.contains_key(&sscc(3)));
    made.undone(&mut world);
}

#[test]
fn a_box_that_was_filled_since_stays() {
    let mut world = stock();
    let made = happened(&mut world, commission(&[sscc(5)], "L1"));
    let before = world.clone();
    let filled = happened(&mut world, pack_into(&sscc(5), &[pack(7)]));
    let reason = made.kept(&mut world);
    assert!(reason.contains("packed into it since"), "{reason}");
    filled.undone(&mut world);
    assert_eq!(world.items, before.items);
    assert_eq!(made.undone(&mut world), [Operation::Anchor]);
}

#[test]
fn packing_and_unpacking_are_inverse() {
    let mut world = stock();
    let before = world.clone();
    let opened = happened(&mut world, unpack(&sscc(1), &[]));
    let moved = happened(&mut world, pack_into(&sscc(2), &[pack(0)]));
    assert!(opened.kept(&mut world).contains("packed otherwise"));
    moved.undone(&mut world);
    assert_eq!(opened.undone(&mut world), [Operation::Anchor]);
    assert_eq!(world.items, before.items);
}

#[test]
fn a_box_that_has_left_takes_nothing_back() {
    let mut world = stock();
    let opened = happened(&mut world, unpack(&sscc(1), &[pack(0)]));
    happened(&mut world, ship(&[sscc(9)], wholesaler()));
    let reason = opened.kept(&mut world);
    assert!(reason.contains("packed otherwise"), "{reason}");
}

#[test]
fn a_shipment_on_its_way_is_cancelled() {
    let mut world = stock();
    let before = world.clone();
    // Two packs out of case 1, and case 2 as a whole.
    let shipped = happened(&mut world, ship(&[pack(0), pack(1), sscc(2)], wholesaler()));
    assert_eq!(shipped.operations.len(), 1);
    let Operation::Ship { units, .. } = shipped.operations[0].clone() else {
        panic!("no shipment")
    };
    assert_eq!(shipped.undone(&mut world), [Operation::Cancel { units }]);
    assert_eq!(world.items, before.items);
}

#[test]
fn a_shipment_that_was_received_stays() {
    let mut world = stock();
    let shipped = happened(&mut world, ship(&[sscc(2)], wholesaler()));
    set_status(&mut world, &[sscc(2), pack(4), pack(5)], ItemStatus::HandedOver);
    let reason = shipped.kept(&mut world);
    assert!(reason.ends_with("in_transit as the declared event left it, found it handed_over"));
}

#[test]
fn a_quarantine_is_released_and_a_release_withdrawn() {
    let mut world = stock();
    let units = units(&[pack(7)]);
    let apart = happened(&mut world, quarantine(&[pack(7)]));
    let released = happened(&mut world, release(&[pack(7)]));
    assert!(apart.kept(&mut world).contains("found it in_stock"));
    let again = Operation::Segregate { units: units.clone(), state: HoldingState::Quarantined };
    assert_eq!(released.undone(&mut world), [again]);
    assert_eq!(status(&world, &pack(7)), ItemStatus::Quarantined);
    assert_eq!(apart.undone(&mut world), [Operation::Release { units }]);
    assert_eq!(status(&world, &pack(7)), ItemStatus::InStock);
}

#[test]
fn lost_goods_that_were_not_found_are_lost_again() {
    let mut world = stock();
    set_status(&mut world, &[pack(7)], ItemStatus::Lost);
    let released = happened(&mut world, release(&[pack(7)]));
    let lost = Operation::Segregate { units: units(&[pack(7)]), state: HoldingState::Lost };
    assert_eq!(released.undone(&mut world), [lost]);
    assert_eq!(status(&world, &pack(7)), ItemStatus::Lost);
}

#[test]
fn a_recall_is_lifted_and_another_class_comes_back() {
    let mut world = stock();
    let lot = lot("L1");
    let lots = std::slice::from_ref(&lot);
    let recalled = happened(&mut world, about_lots(lots, &[Disposition::Recalled], &[]));
    let blocked = happened(&mut world, about_lots(lots, &[Disposition::NonSellableOther], &[]));
    assert!(recalled.kept(&mut world).contains("the status of lot"));
    let back = |status| [Operation::LotStatus { lot: lot.clone(), status }];
    assert_eq!(blocked.undone(&mut world), back(LotStatus::RecalledI));
    assert_eq!(recalled.undone(&mut world), back(LotStatus::Normal));
    assert_eq!(world.lots[&lot].status, LotStatus::Normal);
}

#[test]
fn what_the_ledger_cannot_take_back_is_kept() {
    let mut world = stocked_at(world_of(pharmacy()), ItemStatus::InStock);
    let dispensed = happened(&mut world, dispense(&[pack(0)]));
    let mut early = world.clone();
    assert_eq!(dispensed.declared(Stage::Withdrawn, &mut early), Ok(vec![Operation::Anchor]));
    assert_eq!(status(&early, &pack(0)), ItemStatus::InStock);
    assert_eq!(early.items[&pack(0)].parent, Some(sscc(1)));

    let destroyed = happened(&mut world, destroy(&[pack(1)]));
    assert!(destroyed.kept(&mut world).contains("(destroyed) of its packs are on the ledger"));

    let stolen = happened(&mut world, steal(&[pack(8)]));
    assert!(stolen.kept(&mut world).contains("reported stolen on the ledger"));

    let mut world = stocked_at(world_of(wholesaler()), ItemStatus::Expected);
    let received = happened(&mut world, receive(&[sscc(1)]));
    let refused = happened(&mut world, refuse(&[sscc(2)]));
    for past in [&received, &refused] {
        assert!(past.kept(&mut world).contains("its receipt is on the ledger"));
        past.declared(Stage::Withdrawn, &mut world).expect("not on the ledger yet");
    }
    let expected = world.items.values().all(|item| item.status == ItemStatus::Expected);
    assert!(expected, "{:?}", world.items);

    let mut world = stock();
    happened(&mut world, ship(&[sscc(2)], wholesaler()));
    let void = happened(&mut world, void_shipping(&[sscc(2)]));
    assert!(void.kept(&mut world).contains("is cancelled on the ledger"));
}

#[test]
fn what_was_dispensed_comes_back_within_the_window() {
    let mut world = stocked_at(world_of(pharmacy()), ItemStatus::InStock);
    let before = world.clone();
    let dispensed = happened(&mut world, dispense(&[pack(0), pack(1)]));
    let units = units(&[pack(0), pack(1)]);
    for (now, until) in [(2001, Some(2000)), (5, None)] {
        let mut late = world.clone();
        let breach = dispensed.declared_at(now, until, &mut late).expect_err("no window");
        assert_eq!(breach.code, BreachCode::UndoTooLate);
        let words = match until {
            Some(_) => "were dispensed and could be restored until 1970-01-01T00:33:20Z",
            None => "were dispensed without a window in which they can be restored",
        };
        assert!(breach.reason.ends_with(words), "{}", breach.reason);
        assert_eq!(late.items, world.items);
    }
    let restored = dispensed.declared_at(2000, Some(2000), &mut world);
    assert_eq!(restored, Ok(vec![Operation::Restore { units }]));
    assert_eq!(world.items, before.items);
}

/// The ledger restores into stock only; and what was restored is not retired again by a word.
#[test]
fn what_was_set_apart_before_is_not_restored() {
    let mut world = stock();
    set_status(&mut world, &[pack(7)], ItemStatus::Quarantined);
    let mut event = object(Action::Delete, BizStep::Decommissioning, None, &[pack(7), pack(8)]);
    let namespace = theriac_custody::admit::NAMESPACE;
    event.common_mut().extensions = vec![Extension::text(namespace, "retirementReason", "lost")];
    let lost = happened(&mut world, event);
    let reason = lost.kept(&mut world);
    assert!(
        reason.ends_with("in stock when it was lost, found that it was quarantined"),
        "{reason}"
    );
    let restored = Past {
        event: lost.event,
        operations: vec![Operation::Restore { units: units(&[pack(7)]) }],
        footprint: Footprint::default(),
    };
    assert!(restored.kept(&mut world).contains("are in stock on the ledger"));
}

#[test]
fn a_repackaging_is_undone_before_the_ledger_knows() {
    let mut world = stock();
    let before = world.clone();
    let repackaged = happened(&mut world, transform(&packs(0..2), &packs(30..31), "L2"));
    assert!(repackaged.kept(&mut world).contains("a transformation that can be undone"));
    repackaged.declared(Stage::Withdrawn, &mut world).expect("not on the ledger yet");
    assert_eq!(world.items, before.items);
}

#[test]
fn what_was_received_before_stays_so() {
    let mut world = stocked_at(world_of(wholesaler()), ItemStatus::Expected);
    happened(&mut world, receive(&packs(0..2)));
    let rest = happened(&mut world, receive(&[sscc(1)]));
    rest.declared(Stage::Withdrawn, &mut world).expect("not on the ledger yet");
    let found = |n| status(&world, &pack(n));
    assert_eq!([found(0), found(1)], [ItemStatus::InStock; 2]);
    assert_eq!([found(2), found(3)], [ItemStatus::Expected; 2]);
}

#[test]
fn reasons_without_a_word_of_cbv_are_named_by_an_extension() {
    for (word, reason) in [("exported", Reason::Exported), ("lost", Reason::Lost)] {
        let mut world = stock();
        let mut event = object(Action::Delete, BizStep::Decommissioning, None, &[pack(7)]);
        let namespace = theriac_custody::admit::NAMESPACE;
        event.common_mut().extensions = vec![Extension::text(namespace, "retirementReason", word)];
        let ended = Operation::Retire { units: units(&[pack(7)]), reason };
        assert_eq!(admitted(&mut world, &event), [ended]);
    }
}

#[test]
fn a_footprint_names_all_that_must_be_loaded() {
    let mut world = stock();
    let opened = happened(&mut world, unpack(&sscc(1), &[pack(0)]));
    let named: Vec<&Identifier> = opened.footprint.named().collect();
    assert_eq!(named, [&pack(0), &sscc(1)]);
}
