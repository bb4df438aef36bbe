//! The verdicts and their precedence.

use jiff::civil::date;
use theriac_custody::verdict::{Facts, Life, Pack, Printed, Record};
use theriac_custody::{Actor, Hash, HoldingState, LotStatus, Reason, Verdict, VerdictCode};
use theriac_gs1::{Gln, Lot};

fn lot(text: &str) -> Lot {
    text.parse().expect("a lot number")
}

fn labeler() -> Gln {
    Gln::from_body(950_600_000_001).expect("12 digits")
}

/// A pack in stock, as good as can be.
fn good() -> Facts {
    let pack = Pack {
        lot: lot("L1"),
        expiry: date(2028, 12, 31),
        lot_status: LotStatus::Normal,
        life: Life::Held { state: HoldingState::Held, here: true },
    };
    let printed = Printed { lot: Some(lot("L1")), expiry: Some(date(2028, 12, 31)) };
    Facts { printed, record: Record::Pack(pack), today: date(2026, 3, 1) }
}

fn pack(facts: &mut Facts) -> &mut Pack {
    match &mut facts.record {
        Record::Pack(pack) => pack,
        other => panic!("expected a pack, found {other:?}"),
    }
}

fn held(state: HoldingState, here: bool) -> Life {
    Life::Held { state, here }
}

fn retired(reason: Reason) -> Life {
    Life::Retired { reason, at: "2026-02-01T10:00:00Z".to_owned(), transaction: Some(Hash::ZERO) }
}

/// Which fact a condition is about: two about the same cannot hold at once.
#[derive(PartialEq)]
enum Fact {
    PrintedLot,
    PrintedExpiry,
    LotStatus,
    Life,
    Today,
}

struct Condition {
    name: &'static str,
    fact: Fact,
    code: VerdictCode,
    make: fn(&mut Facts),
}

type Row = (&'static str, Fact, VerdictCode, fn(&mut Facts));

fn conditions() -> Vec<Condition> {
    use VerdictCode as Code;
    let all: [Row; 18] = [
        ("other lot printed", Fact::PrintedLot, Code::NotGenuine, |f| {
            f.printed.lot = Some(lot("l1"));
        }),
        ("other expiry printed", Fact::PrintedExpiry, Code::NotGenuine, |f| {
            f.printed.expiry = Some(date(2029, 12, 31));
        }),
        ("class I", Fact::LotStatus, Code::Recalled, |f| {
            pack(f).lot_status = LotStatus::RecalledI;
        }),
        ("class III", Fact::LotStatus, Code::Recalled, |f| {
            pack(f).lot_status = LotStatus::RecalledIII;
        }),
        ("blocked", Fact::LotStatus, Code::Blocked, |f| pack(f).lot_status = LotStatus::Blocked),
        ("stolen", Fact::Life, Code::Stolen, |f| {
            pack(f).life = held(HoldingState::Stolen, true);
        }),
        ("stolen elsewhere", Fact::Life, Code::Stolen, |f| {
            pack(f).life = held(HoldingState::Stolen, false);
        }),
        ("written off as stolen", Fact::Life, Code::Stolen, |f| {
            pack(f).life = retired(Reason::Stolen);
        }),
        ("quarantined", Fact::Life, Code::Quarantined, |f| {
            pack(f).life = held(HoldingState::Quarantined, true);
        }),
        ("lost", Fact::Life, Code::Quarantined, |f| {
            pack(f).life = held(HoldingState::Lost, false);
        }),
        ("dispensed", Fact::Life, Code::AlreadyRetired, |f| {
            pack(f).life = retired(Reason::Dispensed);
        }),
        ("written off as lost", Fact::Life, Code::AlreadyRetired, |f| {
            pack(f).life = retired(Reason::Lost);
        }),
        ("written off as expired", Fact::Life, Code::AlreadyRetired, |f| {
            pack(f).life = retired(Reason::Expired);
        }),
        ("expired", Fact::Today, Code::Expired, |f| f.today = date(2029, 1, 1)),
        ("elsewhere", Fact::Life, Code::NotHere, |f| {
            pack(f).life = held(HoldingState::Held, false);
        }),
        ("on its way here", Fact::Life, Code::NotHere, |f| {
            pack(f).life = held(HoldingState::InTransit, true);
        }),
        ("on its way elsewhere", Fact::Life, Code::NotHere, |f| {
            pack(f).life = held(HoldingState::InTransit, false);
        }),
        ("last day", Fact::Today, Code::Genuine, |f| f.today = date(2028, 12, 31)),
    ];
    all.map(|(name, fact, code, make)| Condition { name, fact, code, make }).into()
}

fn assert_sound(verdict: &Verdict) {
    assert!(!verdict.reason.is_empty() && !verdict.what_to_do.is_empty());
    assert!(!verdict.reason.ends_with('.'), "{}", verdict.reason);
    assert_eq!(verdict.actor.is_none(), verdict.code == VerdictCode::Genuine);
}

#[test]
fn each_condition_alone() {
    assert_eq!(good().verdict().code, VerdictCode::Genuine);
    for condition in conditions() {
        let mut facts = good();
        (condition.make)(&mut facts);
        let verdict = facts.verdict();
        assert_eq!(verdict.code, condition.code, "{}", condition.name);
        assert_sound(&verdict);
    }
}

#[test]
fn of_two_conditions_the_earlier_wins() {
    let mut pairs = 0;
    for one in conditions() {
        for other in conditions().into_iter().filter(|other| other.fact != one.fact) {
            let mut facts = good();
            (one.make)(&mut facts);
            (other.make)(&mut facts);
            let verdict = facts.verdict();
            assert_eq!(verdict.code, one.code.min(other.code), "{} and {}", one.name, other.name);
            assert_sound(&verdict);
            pairs += 1;
        }
    }
    assert!(pairs > 150);
}

/// Without a pack on record nothing else counts, whatever is printed and whatever the day.
#[test]
fn without_a_record() {
    let labeler = labeler();
    for (record, code, actor) in [
        (Record::Unregistered, VerdictCode::Unknown, Actor::Labeler),
        (Record::NoAnswer { labeler }, VerdictCode::Unknown, Actor::Labeler),
        (Record::NeverCommissioned { labeler }, VerdictCode::NotGenuine, Actor::ThisMember),
        (Record::ForeignLot { labeler }, VerdictCode::NotGenuine, Actor::Regulator),
    ] {
        let printed = Printed { lot: Some(lot("X")), expiry: Some(date(2001, 1, 1)) };
        let verdict = Facts { printed, record, today: date(2030, 1, 1) }.verdict();
        assert_eq!((verdict.code, verdict.actor), (code, Some(actor)));
        assert_sound(&verdict);
    }
}

/// A code with a serial number only is judged by it alone.
#[test]
fn what_is_not_printed_is_not_wrong() {
    let facts = Facts { printed: Printed::default(), ..good() };
    assert_eq!(facts.verdict().code, VerdictCode::Genuine);
}

#[test]
fn the_reason_says_what_was_expected_and_found() {
    let mut facts = good();
    facts.printed.lot = Some(lot("L2"));
    assert_eq!(
        facts.verdict().reason,
        "expected lot L1 for this serial number, found L2 on the pack"
    );
    let mut facts = good();
    pack(&mut facts).life = retired(Reason::Dispensed);
    assert_eq!(facts.verdict().reason, "it was dispensed at 2026-02-01T10:00:00Z");
    let mut facts = good();
    pack(&mut facts).lot_status = LotStatus::RecalledII;
    assert_eq!(facts.verdict().reason, "lot L1 is recalled, class 2");
}

#[test]
fn the_words_are_those_of_the_design() {
    let json = serde_json::to_value(good().verdict()).expect("a verdict as JSON");
    assert_eq!(json["verdict"], "genuine");
    let order = [
        "not_genuine",
        "unknown",
        "recalled",
        "blocked",
        "stolen",
        "quarantined",
        "already_retired",
        "expired",
        "not_here",
        "genuine",
    ];
    let codes: Vec<VerdictCode> =
        order.iter().map(|word| serde_json::from_value((*word).into()).expect("a code")).collect();
    assert!(codes.is_sorted(), "the order is the precedence");
    for (code, word) in codes.iter().zip(order) {
        assert_eq!((code.word(), code.to_string().as_str()), (word, word));
    }
}
