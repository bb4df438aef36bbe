//! The contracts and the shared vectors agree. The vectors are in `vectors/`; `vectors/generate.mjs` writes them.

use alloy::primitives::{Address, B256, Bytes, U256};
use alloy::sol_types::{SolEvent, SolValue};
use serde_json::Value;
use theriac_contract_tests::custody::{Custody, ICustody};
use theriac_contract_tests::{EXPIRY_DAY, Failed, Reason, State, Tree, World, gather, word};

fn read(name: &str) -> Value {
    let path = format!("{}/../../vectors/{name}.json", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).expect("a vector file");
    serde_json::from_str(&text).expect("JSON in a vector file")
}

fn list(value: &Value) -> &[Value] {
    value.as_array().expect("a list in a vector")
}

fn bytes(value: &Value) -> Vec<u8> {
    let text = value.as_str().and_then(|text| text.strip_prefix("0x")).expect("0x in a vector");
    hex::decode(text).expect("hexadecimal digits in a vector")
}

fn hash(value: &Value) -> B256 {
    B256::from_slice(&bytes(value))
}

fn number(value: &Value) -> u64 {
    value.as_u64().expect("a number in a vector")
}

fn height(value: &Value) -> u8 {
    u8::try_from(number(value)).expect("a height in a vector")
}

fn hashes(value: &Value) -> Vec<B256> {
    list(value).iter().map(hash).collect()
}

/// Opens a holding with a given root and no known units.
fn open(world: &mut World, root: B256, height: u8, cause: B256) -> B256 {
    let call =
        Custody::commissionCall { lotTag: word("lot"), expiry: EXPIRY_DAY, root, height, cause };
    world.custody(World::FACTORY, &call).expect("commission").value
}

#[test]
fn every_file_is_read_by_a_test_here_or_in_the_custody_crate() {
    let folder = format!("{}/../../vectors", env!("CARGO_MANIFEST_DIR"));
    let mut names: Vec<_> = std::fs::read_dir(folder)
        .expect("the folder of vectors")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("a name"))
        .filter(|name| name.ends_with(".json"))
        .collect();
    names.sort();
    let known = ["causes", "gathers", "holding_ids", "joined_proofs", "leaves", "places", "proofs"];
    let known = known.iter().chain(&["spent", "trees"]);
    assert_eq!(names, known.map(|name| format!("{name}.json")).collect::<Vec<_>>());
}

#[test]
fn tree_of_the_tests_has_the_roots_of_the_vectors() {
    for tree in list(&read("trees")["trees"]) {
        let built = Tree::new(hashes(&tree["leaves"]));
        assert_eq!((built.root(), built.height()), (hash(&tree["root"]), height(&tree["height"])));
    }
    for cause in list(&read("causes")) {
        assert_eq!(Tree::new(hashes(&cause["events"])).root(), hash(&cause["cause"]));
    }
}

#[test]
fn empty_subtrees_of_every_height_cannot_be_commissioned() {
    let mut world = World::new();
    for empty in list(&read("trees")["empty"]) {
        let (root, height) = (hash(&empty["hash"]), height(&empty["height"]));
        let call = Custody::commissionCall {
            lotTag: word("lot"),
            expiry: EXPIRY_DAY,
            root,
            height,
            cause: B256::ZERO,
        };
        let expected = Refusals::empty(root, height);
        assert_eq!(world.custody(World::FACTORY, &call).err(), Some(expected));
    }
}

/// Reverts that are expected here.
struct Refusals;

impl Refusals {
    fn empty(hash: B256, height: u8) -> Failed {
        use alloy::sol_types::SolError;
        Failed(Custody::SubtreeEmpty { hash, height }.abi_encode().into())
    }
}

#[test]
fn contract_proves_leaves_from_lot_tag_and_unit_hash() {
    let vectors = read("leaves");
    let mut world = World::new();
    for vector in list(&vectors["leaves"]) {
        let (lot_tag, unit) = (hash(&vector["lotTag"]), hash(&vector["unitHash"]));
        let call = Custody::commissionCall {
            lotTag: lot_tag,
            expiry: EXPIRY_DAY,
            root: hash(&vector["hash"]),
            height: 0,
            cause: unit,
        };
        let holding = world.custody(World::FACTORY, &call).expect("commission").value;
        let units = vec![ICustody::Leaf {
            holding,
            index: 0,
            lotTag: lot_tag,
            unitHash: unit,
            proof: vec![],
        }];
        let call = Custody::retireCall { units, reason: Reason::Exported as u8, cause: unit };
        world.custody(World::FACTORY, &call).expect("the leaf is the holding's root");
    }
}

#[test]
fn contract_accepts_the_proofs_and_the_joined_proofs() {
    for file in ["proofs", "joined_proofs"] {
        for tree in list(&read(file)) {
            // Full proofs stand alone; joined ones need the node before in the same call.
            let nodes = list(&tree["nodes"]);
            let size = if file == "proofs" { 1 } else { nodes.len() };
            for (run, nodes) in nodes.chunks(size).enumerate() {
                let mut world = World::new();
                let cause = word(&format!("{run}"));
                let id = open(&mut world, hash(&tree["root"]), height(&tree["rootHeight"]), cause);
                let nodes = nodes.iter().map(|node| ICustody::Node {
                    holding: id,
                    height: height(&node["height"]),
                    index: number(&node["index"]),
                    hash: hash(&node["hash"]),
                    proof: hashes(&node["proof"]),
                });
                let nodes: Vec<_> = nodes.collect();
                let (empty, cause) = (nodes[0].hash == B256::ZERO, word("ship"));
                let call = Custody::shipCall { nodes, to: World::WHOLESALER, cause };
                let shipped = world.custody(World::FACTORY, &call).map(|_| ());
                // An empty leaf has a proof too, but is not shipped.
                let expected = if empty { Err(Refusals::empty(B256::ZERO, 0)) } else { Ok(()) };
                assert_eq!(shipped, expected, "{file}: {run} of {}", tree["leafCount"]);
            }
        }
    }
}

#[test]
fn contract_gathers_the_roots_of_the_vectors() {
    for vector in list(&read("gathers")) {
        let mut world = World::new();
        let given: Vec<_> = list(&vector["nodes"])
            .iter()
            .map(|node| (height(&node["height"]), hash(&node["hash"])))
            .collect();
        let expected = (hash(&vector["root"]), height(&vector["height"]));
        assert_eq!(gather(&given), expected, "{}", vector["name"]);
        let nodes = given.iter().enumerate().map(|(i, (height, hash))| ICustody::Node {
            holding: open(&mut world, *hash, *height, word(&format!("{i}"))),
            height: *height,
            index: 0,
            hash: *hash,
            proof: vec![],
        });
        let nodes = nodes.collect();
        let cause = word("gather");
        let call = Custody::segregateCall { nodes, state: State::Quarantined as u8, cause };
        let done = world.custody(World::FACTORY, &call).expect("gathered");
        let holding = world.holding(done.value);
        assert_eq!((holding.root, holding.height), expected, "{}", vector["name"]);
    }
}

#[test]
fn contract_marks_what_the_vectors_mark() {
    for vector in list(&read("spent")) {
        let mut world = World::new();
        let tree_height = height(&vector["treeHeight"]);
        let id = open(&mut world, word("some root"), tree_height, word("marks"));
        for mark in list(&vector["marks"]) {
            let place = ICustody::Place {
                holding: id,
                height: height(&mark["height"]),
                index: number(&mark["index"]),
            };
            let text = format!("height {tree_height}: {mark}");
            let reason = Reason::Destroyed as u8;
            let call = Custody::writeOffCall { places: vec![place], reason, cause: B256::ZERO };
            let accepted = world.custody(World::FACTORY, &call).is_ok();
            assert_eq!(Some(accepted), mark["accepted"].as_bool(), "{text}");
        }
        let mut words = vec![U256::ZERO; 1 << tree_height.saturating_sub(8)];
        for run in list(&vector["runs"]) {
            for leaf in number(&run["first"])..number(&run["first"]) + number(&run["count"]) {
                words[(leaf / 256) as usize].set_bit((leaf % 256) as usize, true);
            }
        }
        for (number, expected) in words.into_iter().enumerate() {
            let call = Custody::spentWordCall { id, word: U256::from(number) };
            let found = world.custody(World::STRANGER, &call).expect("a view").value;
            assert_eq!(found, expected, "height {tree_height}, word {number}");
        }
    }
}

#[test]
fn contract_names_holdings_as_the_vectors_do() {
    for vector in list(&read("holding_ids")) {
        let opener = Address::from_slice(&bytes(&vector["opener"]));
        let (cause, root) = (hash(&vector["cause"]), hash(&vector["root"]));
        assert_eq!((opener, cause, root).abi_encode(), bytes(&vector["preimage"]));
        let mut world = World::new();
        world.admit(4_000_009_000_007, 1, opener);
        let call = Custody::commissionCall {
            lotTag: word("lot"),
            expiry: EXPIRY_DAY,
            root,
            height: 3,
            cause,
        };
        let id = world.custody(opener, &call).expect("commission").value;
        assert_eq!(id, hash(&vector["id"]));
    }
}

#[test]
fn contract_packs_places_as_the_vectors_do() {
    for vector in list(&read("places")) {
        let mut world = World::new();
        let mut expected = bytes(&vector["packed"]);
        let places = list(&vector["places"]).iter().enumerate().map(|(i, place)| {
            // Ids of holdings cannot be chosen: a real one takes the place of that in the vector.
            let id = open(&mut world, word("root"), 32, word(&format!("{i}")));
            expected[41 * i..41 * i + 32].copy_from_slice(id.as_slice());
            let (height, index) = (height(&place["height"]), number(&place["index"]));
            ICustody::Place { holding: id, height, index }
        });
        let places: Vec<_> = places.collect();
        if places.is_empty() {
            continue;
        }
        let call = Custody::writeOffCall { places, reason: Reason::Lost as u8, cause: B256::ZERO };
        let done = world.custody(World::FACTORY, &call).expect("written off");
        let event = Custody::Retired::decode_log(&done.logs[0]).expect("Retired");
        assert_eq!(event.places, Bytes::from(expected));
    }
}
