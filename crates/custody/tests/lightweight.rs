//! GS1 Lightweight Messaging 1.1: requests, and the answers of scenarios A to E field by field.
#![allow(clippy::unwrap_used, reason = "a test fails where it unwraps")]

use jiff::civil::date;
use serde_json::{Value, json};
use theriac_custody::lightweight::{
    AdditionalInfo, AnswerData, AnswerError, ConnectivityAnswer, ConnectivityRequest, CorrUuid,
    FailureReason, PathForm, RequestError, VerifyAnswer, VerifyRequest, judge, verdict,
};
use theriac_custody::profile::{LightweightAnswer, Profile};
use theriac_custody::verdict::{Life, Pack, Record};
use theriac_custody::{HoldingState, LotStatus, Reason, VerdictCode};
use theriac_gs1::Gln;

const UUID: &str = "1e5a4a4c-1d2b-4f3e-9a6b-0c1d2e3f4a5b";
const PATH: &str = "gtin/09521321000018/lot/TH4A07/ser/ABC123";

fn query() -> String {
    format!(
        "exp=281231&linkType=verificationService&context=dscsaSaleableReturn&reqGLN=9521321000018\
         &corrUUID={UUID}"
    )
}

fn request() -> VerifyRequest {
    VerifyRequest::read(PATH, &query(), 2026).unwrap()
}

fn pack() -> Pack {
    Pack {
        lot: "TH4A07".parse().unwrap(),
        expiry: date(2028, 12, 31),
        lot_status: LotStatus::Normal,
        life: Life::Held { state: HoldingState::Held, here: false },
    }
}

fn held(state: HoldingState) -> Life {
    Life::Held { state, here: false }
}

fn retired(reason: Reason) -> Life {
    Life::Retired { reason, at: "2026-11-01".to_owned(), transaction: None }
}

/// The profile of the US.
fn us() -> Profile {
    Profile::named("us-dscsa").unwrap().clone()
}

/// The profile of the US, but for what is said about packs in a state.
fn saying(state: VerdictCode, answer: Value) -> Profile {
    let mut profile = us();
    let answer: LightweightAnswer = serde_json::from_value(answer).unwrap();
    profile.verification.answers.insert(state, answer);
    profile
}

/// The `data` of the answer about a pack.
fn data(pack: Pack, profile: &Profile) -> Value {
    let answer = judge(&request(), &Record::Pack(pack), date(2026, 11, 23), profile);
    serde_json::to_value(answer).unwrap()
}

fn recalled() -> Pack {
    Pack { lot_status: LotStatus::RecalledI, ..pack() }
}

fn expired() -> (VerifyRequest, Pack) {
    let request = VerifyRequest { expiry: date(2026, 11, 22), ..request() };
    (request, Pack { expiry: date(2026, 11, 22), ..pack() })
}

#[test]
fn scenario_a_all_four_match() {
    assert_eq!(data(pack(), &us()), json!({"verified": true}));
    let in_transit = Pack { life: held(HoldingState::InTransit), ..pack() };
    assert_eq!(data(in_transit, &us()), json!({"verified": true}));
}

#[test]
fn scenario_b1_a_match_that_is_recalled_or_expired() {
    assert_eq!(data(recalled(), &us()), json!({"verified": true, "additionalInfo": "Recalled"}));
    let (request, pack) = expired();
    let answer = judge(&request, &Record::Pack(pack.clone()), date(2026, 11, 23), &us());
    let expected = json!({"verified": true, "additionalInfo": "Expired"});
    assert_eq!(serde_json::to_value(answer).unwrap(), expected);
    // On its last day it has not.
    let answer = judge(&request, &Record::Pack(pack), date(2026, 11, 22), &us());
    assert_eq!(answer, AnswerData::VERIFIED);
}

#[test]
fn scenario_b2_a_match_that_policy_says_no_to() {
    let no = |info: &str| json!({"verified": false, "reason": "Manufacturer_policy", "info": info});
    let mut policy = saying(VerdictCode::Recalled, no("Recalled"));
    let answers = saying(VerdictCode::Expired, no("Expired")).verification.answers;
    policy.verification.answers.insert(VerdictCode::Expired, answers[&VerdictCode::Expired]);
    let expected = |info: &str| {
        json!({
            "verified": false,
            "verificationFailureReason": "Manufacturer_policy",
            "additionalInfo": info,
        })
    };
    assert_eq!(data(recalled(), &policy), expected("Recalled"));
    let (request, pack) = expired();
    let answer = judge(&request, &Record::Pack(pack), date(2026, 11, 23), &policy);
    assert_eq!(serde_json::to_value(answer).unwrap(), expected("Expired"));
    let written_off = Pack { life: retired(Reason::Expired), ..self::pack() };
    assert_eq!(data(written_off, &policy), expected("Expired"));
}

#[test]
fn scenario_c1_suspect() {
    let expected = json!({
        "verified": false,
        "verificationFailureReason": "Not_for_re-distribution",
        "additionalInfo": "Suspect",
    });
    for state in [HoldingState::Quarantined, HoldingState::Stolen, HoldingState::Lost] {
        assert_eq!(data(Pack { life: held(state), ..pack() }, &us()), expected, "{state:?}");
    }
    for reason in [Reason::Dispensed, Reason::Exported, Reason::Destroyed, Reason::Stolen] {
        // What is offered again after its end is suspect, recalled or not.
        assert_eq!(
            data(Pack { life: retired(reason), ..recalled() }, &us()),
            expected,
            "{reason:?}"
        );
    }
    // A recall sets packs apart; it is told all the same.
    let set_apart = Pack { life: held(HoldingState::Quarantined), ..recalled() };
    assert_eq!(data(set_apart, &us()), json!({"verified": true, "additionalInfo": "Recalled"}));
}

#[test]
fn scenario_c2_policy() {
    let expected = json!({"verified": false, "verificationFailureReason": "Manufacturer_policy"});
    assert_eq!(data(Pack { lot_status: LotStatus::Blocked, ..pack() }, &us()), expected);
    let no = json!({"verified": false, "reason": "Manufacturer_policy"});
    let policy = saying(VerdictCode::Recalled, no);
    assert_eq!(data(recalled(), &policy), expected);
}

#[test]
fn scenario_d_no_detail() {
    let expected = json!({"verified": false, "verificationFailureReason": "No_reason_provided"});
    let no = json!({"verified": false, "reason": "No_reason_provided"});
    let mut policy = saying(VerdictCode::Recalled, no);
    policy.verification.mismatch_detail = false;
    assert_eq!(data(Pack { lot: "X".parse().unwrap(), ..pack() }, &policy), expected);
    assert_eq!(data(recalled(), &policy), expected);
    let labeler = request().requester;
    let answer =
        judge(&request(), &Record::NeverCommissioned { labeler }, date(2026, 11, 23), &policy);
    assert_eq!(serde_json::to_value(answer).unwrap(), expected);
}

#[test]
fn scenario_e_each_mismatch_has_its_reason() {
    let expected = |reason: &str| json!({"verified": false, "verificationFailureReason": reason});
    let lot = || "TH4A08".parse().unwrap();
    let expiry = date(2028, 12, 30);
    // A recall is not told to who does not know lot and expiry.
    let wrong_lot = Pack { lot: lot(), ..recalled() };
    assert_eq!(data(wrong_lot, &us()), expected("No_match_GTIN_Serial_Lot"));
    assert_eq!(data(Pack { expiry, ..pack() }, &us()), expected("No_match_GTIN_Serial_Expiry"));
    let both = Pack { lot: lot(), expiry, ..pack() };
    assert_eq!(data(both, &us()), expected("No_match_GTIN_Serial_Lot_Expiry"));
    let labeler = request().requester;
    for record in [Record::NeverCommissioned { labeler }, Record::ForeignLot { labeler }] {
        let answer = judge(&request(), &record, date(2026, 11, 23), &us());
        let expected = expected("No_match_GTIN_Serial");
        assert_eq!(serde_json::to_value(answer).unwrap(), expected);
    }
}

#[test]
fn in_the_eu_what_is_not_active_is_a_no_in_the_words_of_gs1_alone() {
    let eu = Profile::named("eu-fmd").unwrap();
    let no = |info: &str| {
        json!({
            "verified": false,
            "verificationFailureReason": "No_reason_provided",
            "additionalInfo": info,
        })
    };
    assert_eq!(data(pack(), eu), json!({"verified": true}));
    assert_eq!(data(recalled(), eu), no("Recalled"));
    let set_apart = Pack { life: held(HoldingState::Quarantined), ..pack() };
    assert_eq!(data(set_apart, eu), no("Suspect"));
    let written_off = Pack { life: retired(Reason::Expired), ..pack() };
    let expected = json!({"verified": false, "verificationFailureReason": "No_reason_provided"});
    assert_eq!(data(written_off, eu), expected);
}

#[test]
fn a_profile_has_only_words_of_the_standard() {
    let answer = json!({"verified": false, "reason": "No_reason"});
    assert!(serde_json::from_value::<LightweightAnswer>(answer).is_err());
}

#[test]
fn both_forms_of_a_request_are_read_and_written() {
    let request = request();
    assert_eq!(request.unit.gtin.to_string(), "09521321000018");
    assert_eq!((request.lot.as_str(), request.unit.serial.as_str()), ("TH4A07", "ABC123"));
    assert_eq!(request.expiry, date(2028, 12, 31));
    assert_eq!(request.requester.to_string(), "9521321000018");
    assert!(!request.check_connectivity);
    for form in [PathForm::ShortNames, PathForm::Ai] {
        let target = request.target(form);
        let (path, query) = target.split_once('?').unwrap();
        let path = path.strip_prefix("/verify/").unwrap();
        assert_eq!(VerifyRequest::read(path, query, 2026).unwrap(), request, "{target}");
    }
    assert_eq!(request.target(PathForm::ShortNames), format!("/verify/{PATH}?{}", query()));
    assert_eq!(
        request.target(PathForm::Ai),
        format!("/verify/01/09521321000018/10/TH4A07/21/ABC123?{}", query().replace("exp=", "17="))
    );
}

#[test]
fn values_are_percent_encoded_and_unknown_parameters_are_passed_over() {
    let path = "gtin/09521321000018/lot/A%2FB%26/ser/a+b%25%22/";
    let query = format!("{}&x=1&future&checkConnectivity=true", query());
    let request = VerifyRequest::read(path, &query, 2026).unwrap();
    assert_eq!((request.lot.as_str(), request.unit.serial.as_str()), ("A/B&", "a+b%\""));
    assert!(request.check_connectivity);
    let target = request.target(PathForm::ShortNames);
    assert!(target.starts_with("/verify/gtin/09521321000018/lot/A%2FB%26/ser/a%2Bb%25%22?"));
    // Shorter GTINs, a day 00, and other spellings of the link type.
    let query = self::query()
        .replace("exp=281231", "exp=280200")
        .replace("=verificationService", "=gs1:verificationService");
    let request = VerifyRequest::read("gtin/9521321000018/lot/L/ser/1", &query, 2026).unwrap();
    assert_eq!(request.unit.gtin.to_string(), "09521321000018");
    assert_eq!(request.expiry, date(2028, 2, 29));
}

#[test]
fn every_part_is_required_and_has_its_pattern() {
    for name in ["exp", "linkType", "context", "reqGLN", "corrUUID"] {
        let kept: Vec<String> = query()
            .split('&')
            .filter(|pair| !pair.starts_with(&format!("{name}=")))
            .map(str::to_owned)
            .collect();
        let error = VerifyRequest::read(PATH, &kept.join("&"), 2026).unwrap_err();
        assert_eq!(error, RequestError::Missing { name });
        let twice = format!("{}&{name}=281231", query());
        let error = VerifyRequest::read(PATH, &twice, 2026).unwrap_err();
        assert_eq!(error, RequestError::Twice { name });
    }
    for (right, wrong) in [
        ("exp=281231", "exp=28123"),
        ("exp=281231", "exp=281301"),
        ("exp=281231", "exp=2812x1"),
        ("linkType=verificationService", "linkType=pip"),
        ("context=dscsaSaleableReturn", "context="),
        ("context=dscsaSaleableReturn", "context=a%20b"),
        ("reqGLN=9521321000018", "reqGLN=952132100001"),
        ("reqGLN=9521321000018", "reqGLN=95213210000x8"),
        (UUID, "1e5a4a4c-1d2b-1f3e-9a6b-0c1d2e3f4a5b"),
        (UUID, "%zz"),
    ] {
        let query = query().replace(right, wrong);
        let error = VerifyRequest::read(PATH, &query, 2026).unwrap_err();
        assert!(matches!(error, RequestError::Value { .. }), "{wrong}: {error}");
    }
    for path in [
        "",
        "gtin/09521321000018",
        "gtin/09521321000018/ser/1/lot/L",
        "gtin/09521321000018/lot/L/ser/1/x/2",
        "sscc/095213210000180000/lot/L/ser/1",
    ] {
        let error = VerifyRequest::read(path, &query(), 2026).unwrap_err();
        assert!(matches!(error, RequestError::Path { .. }), "{path}: {error}");
    }
    for path in [
        "gtin/0952132100001/lot/L/ser/1#".to_owned(),
        "gtin/0952132/lot/L/ser/1".to_owned(),
        format!("gtin/09521321000018/lot/{}/ser/1", "L".repeat(21)),
        "gtin/09521321000018/lot//ser/1".to_owned(),
        "gtin/09521321000018/lot/L/ser/%C3%A9".to_owned(),
    ] {
        let error = VerifyRequest::read(&path, &query(), 2026).unwrap_err();
        assert!(matches!(error, RequestError::Value { .. }), "{path}: {error}");
    }
}

#[test]
fn digits_that_are_no_key_are_in_no_directory_rather_than_malformed() {
    let path = PATH.replace("09521321000018", "09521321000013");
    let error = VerifyRequest::read(&path, &query(), 2026).unwrap_err();
    assert!(matches!(error, RequestError::NoSuchGtin { .. }), "{error}");
    let wrong = query().replace("9521321000018", "9521321000019");
    let error = VerifyRequest::read(PATH, &wrong, 2026).unwrap_err();
    assert!(matches!(error, RequestError::NoSuchGln { .. }), "{error}");
}

#[test]
fn connectivity_is_asked_about_a_gtin() {
    let request = ConnectivityRequest::read("gtin=9521321000018&reqGLN=9521321000018&x=y").unwrap();
    let target = request.target("dscsaSaleableReturn");
    assert_eq!(
        target,
        "/checkConnectivity?gtin=09521321000018&linkType=verificationService\
         &context=dscsaSaleableReturn&reqGLN=9521321000018"
    );
    let (_, query) = target.split_once('?').unwrap();
    assert_eq!(ConnectivityRequest::read(query).unwrap(), request);
    assert!(ConnectivityRequest::read("gtin=9521321000018").is_err());
    assert!(ConnectivityRequest::read(&query.replace("verificationService", "pip")).is_err());
    let answer = ConnectivityAnswer::of(request.requester);
    let json = serde_json::to_vec(&answer).unwrap();
    assert_eq!(json, br#"{"responderGLN":"9521321000018"}"#);
    assert_eq!(ConnectivityAnswer::read(&json), Ok(answer));
    assert!(ConnectivityAnswer::read(br#"{"responderGLN":"95"}"#).is_err());
}

fn uuid() -> CorrUuid {
    UUID.parse().unwrap()
}

#[test]
fn an_answer_is_written_with_exactly_these_fields() {
    let responder = Gln::from_body(952_132_100_001).unwrap();
    let answer = VerifyAnswer {
        timestamp: "2019-07-01T12:34:56.789-05:00".to_owned(),
        responder: responder.to_string(),
        correlation: uuid(),
        data: AnswerData::failed(FailureReason::ManufacturerPolicy, Some(AdditionalInfo::Recalled)),
    };
    let json = serde_json::to_string(&answer).unwrap();
    assert_eq!(
        json,
        format!(
            r#"{{"verificationTimestamp":"2019-07-01T12:34:56.789-05:00","responderGLN":"{responder}","corrUUID":"{UUID}","data":{{"verified":false,"verificationFailureReason":"Manufacturer_policy","additionalInfo":"Recalled"}}}}"#
        )
    );
    assert_eq!(VerifyAnswer::read(json.as_bytes(), &uuid()), Ok(answer));
}

fn answer(data: Value) -> Vec<u8> {
    let answer = json!({
        "verificationTimestamp": "2019-07-01T12:34:56.789-05:00",
        // The standard's own example, whose check digit is wrong.
        "responderGLN": "0012345000008",
        "corrUUID": UUID.to_uppercase(),
        "data": data,
        "later": 1,
    });
    serde_json::to_vec(&answer).unwrap()
}

#[test]
fn foreign_answers_are_read_generously_but_never_as_another_meaning() {
    let read = |data: Value| VerifyAnswer::read(&answer(data), &uuid()).map(|answer| answer.data);
    assert_eq!(read(json!({"verified": true, "additionalInfo": ""})), Ok(AnswerData::VERIFIED));
    let none = json!({"verified": true, "verificationFailureReason": null, "additionalInfo": null});
    assert_eq!(read(none), Ok(AnswerData::VERIFIED));
    let no = AnswerData::failed(FailureReason::NoReason, None);
    assert_eq!(read(json!({"verified": false})), Ok(no));
    let later = json!({"verified": false, "verificationFailureReason": "Other_reason"});
    assert_eq!(read(later), Ok(no));
    let both = json!({"verified": true, "verificationFailureReason": "No_reason_provided"});
    let found = FailureReason::NoReason;
    assert_eq!(read(both), Err(AnswerError::YesAndNo { found }));
    for rubbish in [json!({}), json!({"verified": "true"}), json!(null), json!([])] {
        assert!(matches!(read(rubbish), Err(AnswerError::NotAnAnswer { .. })));
    }
}

#[test]
fn an_answer_to_another_request_is_none() {
    let other = CorrUuid::from_random([7; 16]);
    let error = VerifyAnswer::read(&answer(json!({"verified": true})), &other).unwrap_err();
    assert!(matches!(error, AnswerError::AnotherRequest { .. }), "{error}");
    let error = VerifyAnswer::read(b"<html>", &other).unwrap_err();
    assert!(matches!(error, AnswerError::NotAnAnswer { .. }), "{error}");
}

#[test]
fn an_answer_becomes_a_verdict() {
    use AdditionalInfo::{ExpirationExtended, Expired, Illegitimate, Recalled, Suspect};
    use FailureReason as F;
    let yes = |info| AnswerData { verified: true, reason: None, info };
    let [later, before] = [date(2028, 12, 31), date(2026, 11, 22)];
    for (answer, expiry, expected) in [
        (yes(None), later, VerdictCode::Genuine),
        (yes(None), before, VerdictCode::Expired),
        (yes(Some(ExpirationExtended)), before, VerdictCode::Genuine),
        (yes(Some(Recalled)), later, VerdictCode::Recalled),
        (yes(Some(Expired)), later, VerdictCode::Expired),
        (yes(Some(Suspect)), later, VerdictCode::Quarantined),
        (yes(Some(Illegitimate)), later, VerdictCode::NotGenuine),
        (AnswerData::failed(F::NoMatchSerial, None), later, VerdictCode::NotGenuine),
        (AnswerData::failed(F::NoMatchLot, None), later, VerdictCode::NotGenuine),
        (AnswerData::failed(F::NoMatchExpiry, None), later, VerdictCode::NotGenuine),
        (AnswerData::failed(F::NoMatchLotExpiry, None), later, VerdictCode::NotGenuine),
        (AnswerData::failed(F::NoReason, None), later, VerdictCode::NotGenuine),
        (AnswerData::failed(F::ManufacturerPolicy, None), later, VerdictCode::Blocked),
        (AnswerData::failed(F::ManufacturerPolicy, Some(Recalled)), later, VerdictCode::Recalled),
        (AnswerData::failed(F::NotForRedistribution, None), later, VerdictCode::Quarantined),
        (
            AnswerData::failed(F::NotForRedistribution, Some(Suspect)),
            later,
            VerdictCode::Quarantined,
        ),
    ] {
        let found = verdict(&answer, request().requester, expiry, date(2026, 11, 23));
        assert_eq!(found.code, expected, "{answer:?}");
    }
}
