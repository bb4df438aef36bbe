//! The contracts and the shared vectors agree. The vectors are in `vectors/`; `vectors/generate.mjs` writes them.

use alloy::primitives::{Address, B256, U256};
use alloy::sol_types::{SolError, SolEvent, SolValue};
use serde_json::Value;
use theriac_contract_tests::custody::{Custody, ICustody};
use theriac_contract_tests::{
    Batch, EXPIRY_DAY, NOW_S, Place, Reason, Source, Stock, Tree, World, gather, holding_id,
    pack_items, pack_places, pack_sources, root, seed, word,
};

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

fn place(value: &Value) -> Place {
    (height(&value["height"]), number(&value["index"]))
}

fn hashes(value: &Value) -> Vec<B256> {
    list(value).iter().map(hash).collect()
}

/// The tree over the first leaves of the largest tree of `trees.json`.
fn tree_of(count: u64) -> Tree {
    let trees = read("trees");
    let largest = list(&trees["trees"]).last().expect("a tree").clone();
    Tree::new(hashes(&largest["leaves"])[..count as usize].to_vec())
}

fn ship(source: ICustody::Source) -> Custody::shipCall {
    Custody::shipCall { sources: vec![source], to: World::WHOLESALER, cause: word("ship") }
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
    let known = ["causes", "gathers", "holding_ids", "leaves", "multiproofs", "places", "proofs"];
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
        let found = world.custody(World::FACTORY, &call).expect_err("an empty tree");
        assert_eq!(found.0, Custody::SubtreeEmpty { hash: root, height }.abi_encode());
    }
}

#[test]
fn contract_proves_leaves_from_lot_tag_and_unit_hash() {
    for vector in list(&read("leaves")["leaves"]) {
        let (lot_tag, unit) = (hash(&vector["lotTag"]), hash(&vector["unitHash"]));
        let mut world = World::new();
        let call = Custody::commissionCall {
            lotTag: lot_tag,
            expiry: EXPIRY_DAY,
            root: hash(&vector["hash"]),
            height: 0,
            cause: unit,
        };
        world.custody(World::FACTORY, &call).expect("commission");
        let (items, proof) = (pack_items([((0, 0), unit)]), vec![]);
        let seed = seed(World::FACTORY, unit);
        let sources = vec![ICustody::Source { seed, height: 0, items, proof }];
        let (lots, reason) = (vec![lot_tag], Reason::Exported as u8);
        let call = Custody::retireCall { lotTags: lots, sources, reason, cause: unit };
        world.custody(World::FACTORY, &call).expect("the leaf is the holding's root");
    }
}

#[test]
fn contract_accepts_the_paths_of_single_subtrees() {
    for vector in list(&read("proofs")) {
        let tree = tree_of(number(&vector["leafCount"]));
        assert_eq!(tree.root(), hash(&vector["root"]));
        for item in list(&vector["nodes"]) {
            let (place, hash) = (place(item), hash(&item["hash"]));
            let mut world = World::new();
            let stock = world.commission_tree("lot", tree.clone(), word("commission"));
            let source = stock.with(pack_items([(place, hash)]), hashes(&item["proof"]));
            let found = world.custody(World::FACTORY, &ship(source)).map(|_| ()).map_err(|e| e.0);
            // An empty leaf has a proof too, but is not shipped.
            let expected = match hash == B256::ZERO {
                true => Err(Custody::SubtreeEmpty { hash, height: 0 }.abi_encode().into()),
                false => Ok(()),
            };
            assert_eq!(found, expected, "{item}");
        }
    }
}

#[test]
fn contract_accepts_the_multiproofs() {
    for vector in list(&read("multiproofs")) {
        let name = vector["name"].as_str().expect("a name");
        let tree = tree_of(number(&vector["leafCount"]));
        let holder = Address::from_slice(&bytes(&vector["holder"]));
        let cause = hash(&vector["cause"]);
        assert_eq!(seed(holder, cause), hash(&vector["seed"]), "{name}");
        assert_eq!(holding_id(holder, cause, tree.root()), hash(&vector["id"]), "{name}");
        let mut world = World::new();
        world.admit(4_000_009_000_007, 1, holder);
        let call = Custody::commissionCall {
            lotTag: word("lot"),
            expiry: EXPIRY_DAY,
            root: tree.root(),
            height: tree.height(),
            cause,
        };
        world.custody(holder, &call).expect("commission");
        let items: Vec<_> =
            list(&vector["items"]).iter().map(|item| (place(item), hash(&item["hash"]))).collect();
        let places: Vec<_> = items.iter().map(|item| item.0).collect();
        let stock = Stock { seed: hash(&vector["seed"]), tree: tree.clone() };
        assert_eq!(pack_items(items.iter().copied()), bytes(&vector["packed"]), "{name}");
        let proof = hashes(&vector["proof"]);
        assert_eq!(tree.multiproof(&places), proof, "{name}");
        assert_eq!(root(tree.height(), &items, &proof), Some(tree.root()), "{name}");
        let source = stock.with(bytes(&vector["packed"]).into(), proof);
        world.custody(holder, &ship(source)).unwrap_or_else(|e| panic!("{name}: {e:?}"));
        for (height, index) in places {
            assert!(world.is_spent(hash(&vector["id"]), height, index), "{name}");
        }
    }
}

#[test]
fn contract_gathers_as_the_vectors_do() {
    for vector in list(&read("gathers")) {
        let name = vector["name"].as_str().expect("a name");
        let mut world = World::new();
        let mut sources = Vec::new();
        for (number, source) in list(&vector["sources"]).iter().enumerate() {
            sources.push(source_with(&mut world, number, list(source)));
        }
        let cause = word("ship");
        let call = Custody::shipCall { sources, to: World::WHOLESALER, cause };
        let done = world.custody(World::FACTORY, &call).expect(name);
        let event = Custody::HoldingOpened::decode_log(&done.logs[0]).expect("HoldingOpened");
        let expected = (hash(&vector["root"]), height(&vector["height"]));
        assert_eq!((event.root, event.height), expected, "{name}");
        assert_eq!(done.value, holding_id(World::FACTORY, cause, expected.0), "{name}");
        let nodes: Vec<_> = list(&vector["nodes"])
            .iter()
            .map(|node| (height(&node["height"]), hash(&node["hash"])))
            .collect();
        assert_eq!(gather(&nodes), expected, "{name}");
    }
}

/// A holding that has these subtrees in this order, each at the next place where it is aligned, and all of them as a
/// source. What is between them has made-up hashes.
fn source_with(world: &mut World, at: usize, nodes: &[Value]) -> ICustody::Source {
    let mut next = 0u64;
    let mut places = Vec::new();
    for node in nodes {
        let height = height(&node["height"]);
        let index = next.div_ceil(1 << height);
        next = (index + 1) << height;
        places.push(((height, index), hash(&node["hash"])));
    }
    let tree_height = next.next_power_of_two().ilog2() as u8;
    let (root, proof) = fill((tree_height, 0), &places);
    let cause = word(&format!("source {at}"));
    world.commission_root("lot", root, tree_height, cause);
    let seed = seed(World::FACTORY, cause);
    ICustody::Source { seed, height: tree_height, items: pack_items(places), proof }
}

/// Hash of a node that has subtrees at places, and the proof that they need.
fn fill(at: Place, places: &[(Place, B256)]) -> (B256, Vec<B256>) {
    match places {
        [] => {
            let made_up = word(&format!("{at:?}"));
            (made_up, vec![made_up])
        }
        [(place, hash)] if *place == at => (*hash, vec![]),
        _ => {
            let (height, left) = (at.0 - 1, at.1 * 2);
            let split = places.partition_point(|((h, i), _)| i >> (height - h) == left);
            let (left_hash, of_left) = fill((height, left), &places[..split]);
            let (right_hash, of_right) = fill((height, left + 1), &places[split..]);
            // The sibling of the only child with items comes after what is below that child.
            let proof = match split {
                0 => [of_right, of_left].concat(),
                _ => [of_left, of_right].concat(),
            };
            (theriac_contract_tests::node(left_hash, right_hash), proof)
        }
    }
}

#[test]
fn contract_marks_and_unmarks_as_the_vectors_do() {
    let (reason, to_be_undone) = (Reason::Lost, NOW_S + 10 * 86_400);
    for vector in list(&read("spent")) {
        let tree_height = height(&vector["treeHeight"]);
        let mut world = World::new();
        let id = world.commission_root("lot", word("root"), tree_height, word("commission"));
        let mut steps = Vec::new();
        for (number, step) in list(&vector["steps"]).iter().enumerate() {
            let (place, text) = (place(step), format!("height {tree_height}: {step}"));
            let accepted = match step["undo"].as_bool() {
                Some(true) => {
                    let before = steps.iter().rposition(|s| *s == place).expect("a mark");
                    let sources = vec![Source::new(id, &[place])];
                    let cause = word(&format!("step {before}"));
                    let until = to_be_undone;
                    let batch = Batch { holder: 1, sources, reason, cause, until };
                    let call = Custody::restoreCall {
                        places: pack_sources(&batch.sources),
                        reason: reason as u8,
                        retiredBy: cause,
                        until: until.to_string().parse().expect("a time"),
                        which: vec![1].into(),
                        cause,
                    };
                    world.custody(World::FACTORY, &call).is_ok()
                }
                _ => {
                    let losses = vec![ICustody::Loss { id, places: pack_places(&[place]) }];
                    let cause = word(&format!("step {number}"));
                    let call = Custody::writeOffCall { losses, reason: reason as u8, cause };
                    world.custody(World::FACTORY, &call).is_ok()
                }
            };
            assert_eq!(Some(accepted), step["accepted"].as_bool(), "{text}");
            // A refused step cannot be undone: it is no mark.
            steps.push(if accepted { place } else { (255, 0) });
        }
        let mut words = vec![U256::ZERO; 1 << tree_height.saturating_sub(8)];
        for run in list(&vector["runs"]) {
            for leaf in number(&run["first"])..number(&run["first"]) + number(&run["count"]) {
                words[(leaf / 256) as usize].set_bit((leaf % 256) as usize, true);
            }
        }
        for (number, expected) in words.into_iter().enumerate() {
            let found = world.spent_word(id, number);
            assert_eq!(found, expected, "height {tree_height}, word {number}");
        }
    }
}

#[test]
fn contract_names_holdings_as_the_vectors_do() {
    for vector in list(&read("holding_ids")) {
        let holder = Address::from_slice(&bytes(&vector["holder"]));
        let (cause, root) = (hash(&vector["cause"]), hash(&vector["root"]));
        assert_eq!((holder, cause).abi_encode(), bytes(&vector["seedPreimage"]));
        assert_eq!(seed(holder, cause), hash(&vector["seed"]));
        let mut world = World::new();
        world.admit(4_000_009_000_007, 1, holder);
        let call = Custody::commissionCall {
            lotTag: word("lot"),
            expiry: EXPIRY_DAY,
            root,
            height: 3,
            cause,
        };
        let id = world.custody(holder, &call).expect("commission").value;
        assert_eq!(id, hash(&vector["id"]));
    }
}

#[test]
fn contract_packs_places_as_the_vectors_do() {
    for vector in list(&read("places")) {
        let holdings = list(&vector["holdings"]);
        let mut world = World::new();
        let mut expected = bytes(&vector["packed"]);
        let (mut losses, mut sources, mut at) = (Vec::new(), Vec::new(), 0);
        for (i, holding) in holdings.iter().enumerate() {
            let places: Vec<_> = list(&holding["places"]).iter().map(place).collect();
            let packed = pack_places(&places);
            assert_eq!(packed, bytes(&holding["packed"]));
            sources.push(Source::new(hash(&holding["id"]), &places));
            // Ids of holdings cannot be chosen: a real one takes the place of that in the vector.
            let id = world.commission_root("lot", word("root"), 32, word(&format!("{i}")));
            expected[at..at + 32].copy_from_slice(id.as_slice());
            at += 34 + packed.len();
            losses.push(ICustody::Loss { id, places: packed });
        }
        assert_eq!(pack_sources(&sources), bytes(&vector["packed"]));
        assert_eq!(theriac_contract_tests::unpack_sources(&bytes(&vector["packed"])), sources);
        if losses.is_empty() {
            continue;
        }
        let call = Custody::writeOffCall { losses, reason: Reason::Lost as u8, cause: B256::ZERO };
        let done = world.custody(World::FACTORY, &call).expect("written off");
        let event = Custody::Retired::decode_log(&done.logs[0]).expect("Retired");
        assert_eq!(event.places, expected);
    }
}
