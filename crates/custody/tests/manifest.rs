//! Manifests: what opens a holding, and all that does not.

#[path = "scene/scene.rs"]
mod scene;

use proptest::prelude::*;
use serde_json::{Value, json};
use theriac_custody::manifest::{ManifestLot, ManifestUnit, Packed, UNITS_MAX};
use theriac_custody::tree::{EMPTY_LEAF, node};
use theriac_custody::{Hash, LotSecret, Manifest, ManifestError, Tree, TreeError, leaf};
use theriac_gs1::Serial;

use scene::*;

/// Two lots, five packs at positions 0, 1, 2, 4 and 6 of eight, the first three in a case on a pallet.
fn manifest() -> Manifest {
    let secret = LotSecret::new([3; 32]);
    let lots = ["L1", "L2"].map(|name| {
        let (gtin, lot) = (gtin(), lot(name).lot);
        ManifestLot { gtin, lot, expiry: expiry(), salt: secret.lot(&scene::lot(name)).lot() }
    });
    let units = [(0, 0), (1, 0), (2, 1), (4, 1), (6, 0)].map(|(position, number)| {
        let serial: Serial = format!("S{position}").parse().expect("a serial number");
        let salts = secret.lot(&lots[number as usize].lgtin());
        let unit = theriac_gs1::Sgtin { gtin: gtin(), serial: serial.clone() };
        ManifestUnit { position, lot: number, serial, salt: salts.unit(&unit) }
    });
    let packed = |item, parent| Packed { item, parent };
    let mut manifest = Manifest {
        holding: Hash::ZERO,
        height: 3,
        lots: lots.into(),
        units: units.into(),
        packing: vec![
            packed(pack(0), sscc(1)),
            packed(pack(1), sscc(1)),
            packed(pack(2), sscc(1)),
            packed(sscc(1), sscc(9)),
        ],
    };
    name(&mut manifest);
    manifest
}

/// What the ledger opened the holding with.
const SEED: Hash = Hash([7; 32]);

/// Names the holding that the ledger would open with these leaves.
fn name(manifest: &mut Manifest) {
    manifest.holding = node(SEED, root(manifest));
}

fn root(manifest: &Manifest) -> Hash {
    manifest.tree().expect("a tree").root()
}

fn fault(change: impl FnOnce(&mut Manifest)) -> ManifestError {
    let right = manifest();
    let mut wrong = right.clone();
    change(&mut wrong);
    wrong.open(SEED, root(&right), right.height).expect_err("a wrong manifest")
}

#[test]
fn the_tree_has_each_leaf_at_its_position() {
    let manifest = manifest();
    let tree = manifest.open(SEED, root(&manifest), 3).expect("the right root");
    let leaf_of = |unit: &ManifestUnit| {
        let (sgtin, lot) = manifest.identify(unit).expect("a lot of the list");
        leaf::leaf(leaf::lot_tag(&lot.lgtin(), lot.salt), leaf::unit_hash(&sgtin, unit.salt))
    };
    let mut leaves = vec![EMPTY_LEAF; 8];
    for unit in &manifest.units {
        leaves[unit.position as usize] = leaf_of(unit);
    }
    assert_eq!(Tree::new(3, leaves).expect("eight leaves"), tree);
}

#[test]
fn json_and_back() {
    let text = serde_json::to_string(&manifest()).expect("JSON");
    assert_eq!(serde_json::from_str::<Manifest>(&text).expect("a manifest"), manifest());
    let value: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(value["lots"][0]["expiry"], "2028-12-31");
    let mut more = value;
    more["extra"] = json!(1);
    assert!(serde_json::from_value::<Manifest>(more).is_err(), "unknown fields are refused");
}

/// The right leaves do not open another holding than the one that the ledger made of them.
#[test]
fn another_seed_or_holding() {
    let right = manifest();
    let (expected, found) = (right.holding, node(Hash([8; 32]), root(&right)));
    let error = right.open(Hash([8; 32]), root(&right), 3).expect_err("another seed");
    assert_eq!(error, ManifestError::HoldingMismatch { expected, found });
    let error = fault(|m| m.holding = Hash([9; 32]));
    let mismatch = ManifestError::HoldingMismatch { expected: Hash([9; 32]), found: expected };
    assert_eq!(error, mismatch);
}

#[test]
fn another_root_or_height() {
    let right = manifest();
    let (expected, found) = (Hash([1; 32]), root(&right));
    assert_eq!(right.open(SEED, expected, 3), Err(ManifestError::RootMismatch { expected, found }));
    let error = right.open(SEED, found, 4).expect_err("a wrong height");
    assert_eq!(error, ManifestError::HeightMismatch { expected: 4, found: 3 });
    assert_eq!(error.to_string(), "expected the height 4 that the ledger has, found 3");
}

#[test]
fn each_secret_counts() {
    let altered: [fn(&mut Manifest); 6] = [
        |m| m.units[3].salt.0[0] ^= 1,
        |m| m.lots[1].salt.0[15] ^= 128,
        |m| m.units[3].lot = 0,
        |m| m.units[3].serial = "s4".parse().expect("a serial number"),
        |m| m.lots[0].gtin = case_gtin(),
        |m| m.units.truncate(4),
    ];
    for change in altered {
        assert!(matches!(fault(change), ManifestError::RootMismatch { .. }));
    }
    // The ledger knows the expiry date itself: the root does not depend on it.
    let mut later = manifest();
    later.lots[0].expiry = today();
    assert_eq!(root(&later), root(&manifest()));
}

#[test]
fn a_lot_that_is_not_listed() {
    let error = fault(|m| m.units[1].lot = 2);
    assert_eq!(error, ManifestError::NoSuchLot { position: 1, found: 2, lots: 2 });
    assert!(matches!(fault(|m| m.units[0].lot = u32::MAX), ManifestError::NoSuchLot { .. }));
}

#[test]
fn positions_ascend_inside_of_the_tree() {
    let at = |found| ManifestError::Position { height: 3, found };
    assert_eq!(fault(|m| m.units.swap(1, 2)), at(1));
    assert_eq!(fault(|m| m.units[1].position = 0), at(0));
    assert_eq!(fault(|m| m.units[4].position = 8), at(8));
    assert_eq!(fault(|m| m.units[4].position = u64::MAX), at(u64::MAX));
}

/// A small manifest cannot ask for a large tree.
#[test]
fn absurd_positions_and_heights() {
    for (height, position) in [(32, 1 << 31), (32, 1 << 16), (255, 7), (33, 7)] {
        let mut wrong = manifest();
        wrong.height = height;
        wrong.units[4].position = position;
        assert!(matches!(
            wrong.open(SEED, Hash::ZERO, height),
            Err(ManifestError::Position { found, .. }) if found == position || height > 32
        ));
    }
}

#[test]
fn no_units_and_too_many() {
    assert_eq!(fault(|m| m.units.clear()), ManifestError::Tree(TreeError::Empty));
    let mut many = manifest();
    many.units = vec![many.units[0].clone(); UNITS_MAX + 1];
    assert_eq!(many.tree(), Err(ManifestError::TooManyUnits(UNITS_MAX + 1)));
}

/// A tree can hold the same leaf twice; a shipment cannot hold the same pack twice.
#[test]
fn a_unit_listed_twice() {
    let mut twice = manifest();
    twice.units[4].serial = twice.units[0].serial.clone();
    let error = twice.open(SEED, root(&twice), 3).expect_err("a unit twice");
    assert_eq!(error, ManifestError::UnitTwice { unit: pack(0), position: 6 });
}

#[test]
fn packing_is_a_forest_of_its_own_goods() {
    let add = |item, parent| {
        let packed = Packed { item, parent };
        fault(|m| m.packing.push(packed))
    };
    assert_eq!(add(pack(0), sscc(2)), ManifestError::PackedTwice { item: pack(0) });
    assert!(matches!(add(sscc(9), sscc(1)), ManifestError::PackedInItself { .. }));
    assert!(matches!(add(sscc(5), sscc(5)), ManifestError::PackedInItself { .. }));
    assert_eq!(add(sscc(5), pack(77)), ManifestError::ForeignParent { parent: pack(77) });
    // A pack of the shipment may hold something, such as a case whose GTIN has the indicator 0.
    let mut right = manifest();
    right.packing.push(Packed { item: pack(4), parent: pack(6) });
    assert!(right.open(SEED, root(&right), 3).is_ok());
}

#[test]
fn a_long_chain_is_no_circle() {
    let mut long = manifest();
    let links = (100..20_000).map(|n| Packed { item: sscc(n), parent: sscc(n + 1) });
    long.packing.extend(links);
    assert!(long.open(SEED, root(&long), 3).is_ok());
}

/// JSON that is nearly a manifest.
fn nearly() -> impl Strategy<Value = Value> {
    let number = prop_oneof![Just(0), 0..9_u64, any::<u64>(), Just(u64::from(u32::MAX))];
    let text = prop_oneof![
        Just(String::new()),
        "[0-9a-f]{32}",
        "0x[0-9a-f]{64}",
        "[ -~]{0,24}",
        Just("2028-12-31".to_owned()),
        Just("urn:epc:id:sscc:0614141.1234567890".to_owned()),
    ];
    let value = prop_oneof![
        number.prop_map(Value::from),
        text.prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        Just(Value::Null),
        Just(json!([])),
        Just(json!({})),
    ];
    prop::collection::vec((any::<prop::sample::Index>(), value), 0..4).prop_map(|changes| {
        let mut json = serde_json::to_value(manifest()).expect("JSON");
        for (at, value) in changes {
            let mut places = Vec::new();
            collect(&json, String::new(), &mut places);
            if let Some(place) = json.pointer_mut(at.get::<String>(&places).as_str()) {
                *place = value;
            }
        }
        json
    })
}

fn collect(value: &Value, place: String, places: &mut Vec<String>) {
    match value {
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(n, v)| collect(v, format!("{place}/{n}"), places));
        }
        Value::Object(fields) => {
            fields.iter().for_each(|(name, v)| collect(v, format!("{place}/{name}"), places));
        }
        _ => {}
    }
    places.push(place);
}

proptest! {
    /// Whatever can be read as a manifest opens or says why not, without a panic.
    #[test]
    fn no_json_panics(json in nearly()) {
        let right = manifest();
        if let Ok(read) = serde_json::from_value::<Manifest>(json) {
            let opened = read.open(SEED, root(&right), read.height);
            if let Ok(tree) = &opened {
                prop_assert_eq!(tree.root(), root(&right));
                prop_assert_eq!(&read.units, &right.units);
            }
            let _ = opened.map_err(|error| error.to_string());
        }
    }

    /// Any text at all.
    #[test]
    fn no_text_panics(text in "\\PC{0,200}") {
        let _ = serde_json::from_str::<Manifest>(&text);
    }
}
