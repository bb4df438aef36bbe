//! No change of a bundle goes unnoticed: of no value, of no byte, of no order.

use serde_json::Value;
use theriac_custody::{Hash, keccak256};
use theriac_ledger::bundle::{
    Blocks, Bundle, BundleError, LedgerProof, ProvenStep, Report, Trust, check,
};

use crate::story::Story;

/// Most characters of one text that are changed one by one.
const PLACES_MAX: usize = 2;

/// The verdict on a text: refused, or accepted.
fn accepts(text: &str, trust: &Trust) -> bool {
    Bundle::read(text).is_ok_and(|bundle| check(&bundle, trust).is_ok())
}

async fn real() -> (String, Trust) {
    let story = Story::whole().await;
    let bundle = story.bundle(None).await;
    let trusted = check(&bundle, &Trust::default()).unwrap().until.hash;
    let trust = Trust { blocks: Blocks::Hash(trusted), ..Trust::default() };
    let text = bundle.to_text().unwrap();
    assert!(accepts(&text, &trust));
    (text, trust)
}

fn leaves(value: &Value, place: String, found: &mut Vec<String>) {
    match value {
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(n, v)| leaves(v, format!("{place}/{n}"), found));
        }
        Value::Object(fields) => fields.iter().for_each(|(name, v)| {
            let name = name.replace('~', "~0").replace('/', "~1");
            leaves(v, format!("{place}/{name}"), found);
        }),
        _ => found.push(place),
    }
}

/// Other values of the same type: a text with one character changed, at places all over it.
fn others(value: &Value) -> Vec<Value> {
    match value {
        Value::String(text) => {
            let chars: Vec<char> = text.chars().collect();
            let step = (chars.len() / PLACES_MAX).max(1);
            let mut all: Vec<Value> = (0..chars.len())
                .step_by(step)
                .map(|at| {
                    let mut changed = chars.clone();
                    changed[at] = if changed[at] == '1' { '2' } else { '1' };
                    Value::String(changed.into_iter().collect())
                })
                .collect();
            all.push(Value::String(format!("{text}0")));
            all.push(Value::String(chars.iter().skip(1).collect()));
            all
        }
        Value::Number(number) => {
            let number = number.as_u64().unwrap_or_default();
            vec![Value::from(number + 1), Value::from(number ^ (1 << 20)), Value::Null]
        }
        _ => vec![Value::from("1"), Value::from(1)],
    }
}

fn text_of(value: &Value) -> String {
    serde_json::to_string(value).unwrap() + "\n"
}

#[tokio::test]
async fn every_value_counts() {
    let (text, trust) = real().await;
    let whole: Value = serde_json::from_str(&text).unwrap();
    let mut places = Vec::new();
    leaves(&whole, String::new(), &mut places);
    let mut changes = 0;
    for place in &places {
        let before = whole.pointer(place).unwrap();
        for other in others(before).into_iter().filter(|other| other != before) {
            let mut changed = whole.clone();
            *changed.pointer_mut(place).unwrap() = other.clone();
            assert!(!accepts(&text_of(&changed), &trust), "{place}: {before} became {other}");
            changes += 1;
        }
    }
    println!("{changes} of {changes} changes of {} values found", places.len());
    assert!(places.len() > 100);
}

/// Whether a report tells nothing but what the other tells: some of its steps, in order, with some of
/// the events.
fn tells_less(less: &Report, than: &Report) -> bool {
    let mut rest = than.steps.iter();
    let told = |step: &ProvenStep| step.told.iter().map(|told| told.hash).collect::<Vec<_>>();
    less.unit == than.unit
        && less.steps.iter().all(|step| {
            let same = |other: &&ProvenStep| {
                (other.transaction, other.log) == (step.transaction, step.log)
            };
            rest.find(same).is_some_and(|other| {
                told(step).iter().all(|hash| told(other).contains(hash))
                    && ProvenStep { told: Vec::new(), ..other.clone() }
                        == ProvenStep { told: Vec::new(), ..step.clone() }
            })
        })
}

/// Each field and each item of a list left out, or there twice; each list the other way round. What is
/// left out whole leaves a bundle that proves less, and nothing else.
#[tokio::test]
async fn every_part_counts() {
    let (text, trust) = real().await;
    let whole: Value = serde_json::from_str(&text).unwrap();
    let all = check(&Bundle::read(&text).unwrap(), &trust).unwrap();
    let (mut changes, mut lesser) = (0, 0);
    let mut refused = |changed: Value, what: &str| {
        if changed == whole {
            return;
        }
        changes += 1;
        let read = Bundle::read(&text_of(&changed));
        if let Ok(report) = read.and_then(|bundle| check(&bundle, &trust)) {
            let whole_part = what.ends_with("left out") && !what.contains("path");
            assert!(whole_part && tells_less(&report, &all), "{what}");
            lesser += 1;
        }
    };
    let mut todo = vec![String::new()];
    while let Some(place) = todo.pop() {
        let at = |changed: &mut Value, change: &dyn Fn(&mut Value)| {
            change(changed.pointer_mut(&place).unwrap());
        };
        match whole.pointer(&place).unwrap() {
            Value::Array(list) => {
                for (n, part) in list.iter().enumerate() {
                    let mut without = whole.clone();
                    at(&mut without, &|v| drop(v.as_array_mut().unwrap().remove(n)));
                    refused(without, &format!("{place}/{n} left out"));
                    let mut twice = whole.clone();
                    at(&mut twice, &|v| {
                        v.as_array_mut().unwrap().insert(n, part.clone());
                    });
                    refused(twice, &format!("{place}/{n} twice"));
                    todo.push(format!("{place}/{n}"));
                }
                let mut reversed = whole.clone();
                at(&mut reversed, &|v| v.as_array_mut().unwrap().reverse());
                refused(reversed, &format!("{place} reversed"));
            }
            Value::Object(fields) => {
                for name in fields.keys() {
                    let mut without = whole.clone();
                    at(&mut without, &|v| drop(v.as_object_mut().unwrap().shift_remove(name)));
                    refused(without, &format!("{place}/{name} left out"));
                    let name = name.replace('~', "~0").replace('/', "~1");
                    todo.push(format!("{place}/{name}"));
                }
                let mut more = whole.clone();
                at(&mut more, &|v| {
                    drop(v.as_object_mut().unwrap().insert("more".into(), 1.into()))
                });
                refused(more, &format!("{place} with a field more"));
            }
            _ => {}
        }
    }
    println!("{} of {changes} changes of parts found, {lesser} prove less", changes - lesser);
    assert!(lesser * 4 < changes);
}

/// Any bit of the text.
#[tokio::test]
async fn every_byte_counts() {
    let (text, trust) = real().await;
    let mut changes = 0;
    for at in (0..text.len()).step_by(text.len() / 800) {
        let random = keccak256(&[&at.to_be_bytes()]).0;
        let at = (at + usize::from(random[0])).min(text.len() - 1);
        let mut bytes = text.clone().into_bytes();
        bytes[at] ^= 1 << (random[1] & 7);
        if let Ok(changed) = String::from_utf8(bytes) {
            assert!(!accepts(&changed, &trust), "byte {at} of {}", text.len());
            changes += 1;
        }
    }
    for cut in [0, 1, text.len() / 2, text.len() - 1] {
        assert!(!accepts(&text[..cut], &trust), "cut at {cut}");
    }
    assert!(!accepts(&format!("{text}\n"), &trust));
    println!("{changes} of {changes} flipped bits found");
}

/// Trust in a hash does not depend on the text alone: another block in the place of one of the chain.
#[tokio::test]
async fn blocks_of_another_chain() {
    let story = Story::whole().await;
    let other = Story::begin().await;
    other.meanwhile(1).await;
    let other = other.through().await;
    let mut bundle = story.bundle(None).await;
    let trusted = check(&bundle, &Trust::default()).unwrap().until.hash;
    let trust = Trust { blocks: Blocks::Hash(trusted), ..Trust::default() };
    let strange = other.bundle(None).await;
    assert!(check(&strange, &Trust::default()).is_ok());
    assert!(matches!(check(&strange, &trust), Err(BundleError::OtherBlock { .. })));
    match (&mut bundle.ledger, strange.ledger) {
        (LedgerProof::Chain { between, .. }, LedgerProof::Chain { between: others, .. }) => {
            *between.last_mut().unwrap() = others.last().unwrap().clone();
        }
        (LedgerProof::History { head, .. }, LedgerProof::History { head: other, .. }) => {
            *head = other;
        }
        _ => panic!("two bundles of one kind"),
    }
    assert!(check(&bundle, &trust).is_err() && check(&bundle, &Trust::default()).is_err());
    let nothing = Trust { blocks: Blocks::Hash(Hash::ZERO), ..Trust::default() };
    assert!(check(&bundle, &nothing).is_err());
}
