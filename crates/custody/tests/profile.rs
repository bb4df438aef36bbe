//! Profiles: those of the program, and a third that is only a file.

use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};
use theriac_custody::profile::{Profile, RecordKind, Undo};
use theriac_custody::verdict::VerdictCode;
use theriac_custody::{AlertCause, Condition, Reason, Role, Roles};

const MADE_UP: &str = include_str!("profiles/made-up.toml");

fn named(name: &str) -> &'static Profile {
    Profile::named(name).expect("a profile of the program")
}

fn at(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

#[test]
fn the_profiles_of_the_program_are_sound_and_have_their_names() {
    let names: Vec<&str> = Profile::built_in().iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["us-dscsa", "eu-fmd"]);
    assert_eq!(Profile::standard().name, "us-dscsa");
    assert!(Profile::named("in-dava").is_none());
}

#[test]
fn the_states_of_the_eu_are_those_of_its_table() {
    let eu = named("eu-fmd");
    for (condition, state, undo) in [
        (Condition::Active, "Active", Undo::Never),
        (Condition::Retired(Reason::Dispensed), "Supplied", Undo::Window),
        (Condition::Retired(Reason::Exported), "Exported", Undo::Window),
        (Condition::Retired(Reason::Sampled), "Sample", Undo::Window),
        (Condition::Retired(Reason::Repackaged), "Checked-out", Undo::Window),
        (Condition::Quarantined, "Locked", Undo::AnyTime),
        (Condition::Stolen, "Stolen", Undo::Never),
        (Condition::Retired(Reason::Destroyed), "Destroyed", Undo::Never),
        (Condition::Expired, "Expired", Undo::Never),
        (Condition::Recalled, "Recalled", Undo::Never),
        (Condition::Blocked, "Withdrawn", Undo::Never),
    ] {
        let rule = eu.state(condition);
        assert_eq!((rule.name.as_str(), rule.undo), (state, undo), "{condition}");
    }
}

#[test]
fn a_state_that_does_not_follow_has_the_code_of_its_alert() {
    let eu = named("eu-fmd");
    let dispensed = Condition::Retired(Reason::Dispensed);
    assert_eq!(eu.may_become(Condition::Active, dispensed), Ok(()));
    assert_eq!(eu.may_become(dispensed, Condition::Active), Ok(()));
    assert_eq!(eu.may_become(Condition::Quarantined, Condition::Active), Ok(()));
    for (from, to, code, example) in [
        (dispensed, dispensed, "A7", "NMVS_NC_PCK_22"),
        (dispensed, Condition::Quarantined, "A24", "NMVS_NC_PCK_27"),
        (Condition::Quarantined, dispensed, "A24", "NMVS_NC_PCK_27"),
        (Condition::Stolen, Condition::Active, "A24", "NMVS_NC_PCK_27"),
        (Condition::Recalled, dispensed, "A24", "NMVS_NC_PCK_27"),
        (Condition::Expired, Condition::Retired(Reason::Exported), "A24", "NMVS_NC_PCK_27"),
    ] {
        let cause = eu.may_become(from, to).expect_err("it does not follow");
        let alert = eu.alert(cause).expect("a code");
        assert_eq!(alert.code, code, "{from} to {to}");
        assert!(alert.examples.iter().any(|one| one == example), "{from} to {to}: {alert:?}");
    }
}

#[test]
fn what_is_found_about_a_label_has_the_codes_of_the_eu() {
    let eu = named("eu-fmd");
    for (cause, code) in [
        (AlertCause::LotUnknown, "A2"),
        (AlertCause::SerialUnknown, "A3"),
        (AlertCause::ExpiryMismatch, "A52"),
        (AlertCause::LotMismatch, "A68"),
    ] {
        let found = eu.jurisdiction(None, Some(cause));
        assert_eq!(found.alert.map(|alert| alert.code), Some(code.to_owned()));
    }
    let active = eu.jurisdiction(Some(Condition::Active), Some(AlertCause::ProductUnknown));
    assert_eq!((active.state.as_deref(), active.alert), (Some("Active"), None));
    let us = named("us-dscsa").jurisdiction(None, Some(AlertCause::SerialUnknown));
    assert_eq!(us.alert, None, "the US has no codes of alerts");
}

#[test]
fn inquiries_have_the_legal_clock_of_the_role() {
    let us = named("us-dscsa");
    let dispenser = Roles::from_iter([Role::Dispenser]);
    let wholesaler = Roles::from_iter([Role::Wholesaler]);
    // A Wednesday.
    let wednesday = at("2026-11-18T10:00:00Z");
    assert_eq!(us.inquiry_due(dispenser, wednesday), at("2026-11-20T10:00:00Z"));
    assert_eq!(us.inquiry_due(wholesaler, wednesday), at("2026-11-19T10:00:00Z"));
    // A Friday: Monday is the next business day, and 48 hours are over before.
    let friday = at("2026-11-20T10:00:00Z");
    assert_eq!(us.inquiry_due(wholesaler, friday), at("2026-11-22T10:00:00Z"));
    assert_eq!(us.inquiry_due(dispenser, friday), at("2026-11-24T10:00:00Z"));
}

#[test]
fn records_are_kept_as_long_as_the_law_says() {
    let (made, expiry) = (date(2026, 11, 22), Some(date(2031, 6, 30)));
    let us = named("us-dscsa").kept_until(RecordKind::Shipment, made, expiry);
    assert_eq!(us, date(2032, 11, 22));
    let eu = named("eu-fmd");
    assert_eq!(eu.kept_until(RecordKind::Event, made, expiry), date(2032, 6, 30));
    assert_eq!(eu.kept_until(RecordKind::Event, made, None), date(2031, 11, 22));
}

#[test]
fn answers_to_requests_for_verification_follow_the_scenarios() {
    let us = named("us-dscsa");
    let answer = |verdict| {
        let answer = us.lightweight_answer(verdict);
        (answer.verified, answer.reason.map(|it| it.word()), answer.info.map(|it| it.word()))
    };
    assert_eq!(answer(VerdictCode::Genuine), (true, None, None));
    assert_eq!(answer(VerdictCode::Recalled), (true, None, Some("Recalled")));
    let suspect = (false, Some("Not_for_re-distribution"), Some("Suspect"));
    assert_eq!(answer(VerdictCode::Quarantined), suspect);
    assert_eq!(answer(VerdictCode::Unknown), (false, Some("No_reason_provided"), None));
}

#[test]
fn a_third_jurisdiction_needs_no_code() {
    let third = Profile::parse(MADE_UP).expect("a sound profile");
    assert_eq!(third.name, "xx-made-up");
    assert_eq!(third.state(Condition::Active).name, "im Handel");
    assert_eq!(third.state(Condition::Retired(Reason::Dispensed)).name, "abgegeben");
    assert_eq!(third.deadline("missing"), SignedDuration::from_hours(12));
    assert_eq!(third.deadline("clone_suspected"), SignedDuration::from_hours(2));
    assert_eq!(third.recall_class(1).reaction(), SignedDuration::from_hours(6));
    assert_eq!(third.alert(AlertCause::SerialUnknown).map(|a| a.code.as_str()), Some("XX-1"));
    let refused = third.may_become(Condition::Quarantined, Condition::Retired(Reason::Destroyed));
    assert_eq!(refused, Err(AlertCause::ChangeNotPossible));
    let kept = third.kept_until(RecordKind::Shipment, date(2026, 11, 22), None);
    assert_eq!(kept, date(2029, 11, 22));
    // Its weekend is Friday and Saturday.
    let thursday = at("2026-11-19T10:00:00Z");
    let due = third.inquiry_due(Roles::from_iter([Role::Dispenser]), thursday);
    assert_eq!(due, at("2026-11-23T10:00:00Z"));
}

#[test]
fn a_profile_that_leaves_something_open_says_what() {
    for (from, to, part) in [
        ("of = [\"lost\", \"retired_lost\"]", "of = [\"lost\"]", "retired_lost"),
        (
            "of = [\"stolen\", \"retired_stolen\"]",
            "of = [\"stolen\", \"lost\", \"retired_stolen\"]",
            "lost",
        ),
        ("next = [\"stolen\"]", "next = [\"gone\"]", "gone"),
        ("class = 3", "class = 4", "class 3"),
        ("not_here = { verified = true }", "", "not_here"),
        ("genuine = { verified = true }", "genuine = { verified = false }", "genuine"),
        ("\"friday\", \"saturday\"", "\"caturday\"", "caturday"),
        ("case_hours = 12", "case_hours = 0", "above 0"),
        ("reasons = [\"dispensed\", ", "reasons = [\"destroyed\", ", "destroyed"),
        ("same_place = true", "same_place = true\nanywhere = true", "anywhere"),
        ("of = [\"active\"]", "of = [\"aktiv\"]", "aktiv"),
    ] {
        assert!(MADE_UP.contains(from), "{from}");
        let error = Profile::parse(&MADE_UP.replacen(from, to, 1)).expect_err(from);
        assert!(error.to_string().contains(part), "{from}: {error}");
    }
}
