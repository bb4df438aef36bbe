//! The vectors that Rust and Solidity share, against this crate. `vectors/generate.mjs` writes them and
//! shares no code with either side.
//!
//! To add a file: write its check and name both in [`vectors!`]; a file that no check opens fails
//! `no_file_is_left_unread`.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use theriac_custody::cover::Subtree;
use theriac_custody::gather::{gather, tree_order};
use theriac_custody::leaf::{leaf, lot_tag, unit_hash};
use theriac_custody::multiproof::{Item, join, root};
use theriac_custody::tree::{HEIGHT_MAX, cause, empty_subtree, height_for, node};
use theriac_custody::{
    Account, Hash, LeafProof, NodeProof, Salt, Tree, holding_id, keccak256, seed,
};
use theriac_gs1::{Gtin, Lgtin, Lot, Serial, Sgtin};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../vectors")
}

fn open<T: DeserializeOwned>(name: &str) -> T {
    let path = folder().join(format!("{name}.json"));
    let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// One test for each file, and the list of the files that have one.
macro_rules! vectors {
    ($($name:ident => $check:expr;)+) => {
        const OPENED: &[&str] = &[$(stringify!($name)),+];
        $(#[test] fn $name() {
            let vectors = open(stringify!($name));
            $check(vectors);
        })+
    };
}

vectors! {
    leaves => check_leaves;
    trees => check_trees;
    proofs => check_proofs;
    multiproofs => check_multiproofs;
    gathers => check_gathers;
    spent => check_spent;
    causes => check_causes;
    holding_ids => check_holding_ids;
    places => check_places;
}

#[test]
fn no_file_is_left_unread() {
    let found: BTreeSet<String> = fs::read_dir(folder())
        .expect("the folder because the other tests read from it")
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter_map(|name| name.strip_suffix(".json").map(str::to_owned))
        .collect();
    assert_eq!(found, OPENED.iter().map(|name| (*name).to_owned()).collect());
}

/// Bytes as hexadecimal text with `0x`.
#[derive(Deserialize)]
#[serde(try_from = "String")]
struct Bytes(Vec<u8>);

impl TryFrom<String> for Bytes {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let digits = text.strip_prefix("0x").ok_or("expected 0x")?;
        hex::decode(digits).map(Self).map_err(|error| error.to_string())
    }
}

impl Bytes {
    fn salt(&self) -> Salt {
        Salt(self.0.as_slice().try_into().expect("16 bytes because salts have as many"))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LotVector {
    gtin: Gtin,
    lot: String,
    salt: Bytes,
    preimage: Bytes,
    hash: Hash,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct UnitVector {
    gtin: Gtin,
    serial: Serial,
    salt: Bytes,
    preimage: Bytes,
    hash: Hash,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct LeafVector {
    lot_tag: Hash,
    unit_hash: Hash,
    preimage: Bytes,
    hash: Hash,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LeavesVector {
    lots: Vec<LotVector>,
    units: Vec<UnitVector>,
    leaves: Vec<LeafVector>,
}

fn check_leaves(vectors: LeavesVector) {
    let mut tagged = 0;
    for v in &vectors.lots {
        assert_eq!(keccak256(&[&v.preimage.0]), v.hash, "pre-image of lot {}", v.lot);
        // One has a space, which GS1 does not allow in a lot number: the ledger sees only its tag.
        if let Ok(lot) = v.lot.parse::<Lot>() {
            assert_eq!(lot_tag(&Lgtin { gtin: v.gtin, lot }, v.salt.salt()), v.hash);
            tagged += 1;
        }
    }
    assert!(tagged >= 2, "lot numbers that differ in case");
    for v in &vectors.units {
        let unit = Sgtin { gtin: v.gtin, serial: v.serial.clone() };
        assert_eq!(unit_hash(&unit, v.salt.salt()), v.hash, "unit {}", v.serial);
        assert_eq!(keccak256(&[&v.preimage.0]), v.hash, "pre-image of unit {}", v.serial);
    }
    for v in &vectors.leaves {
        assert_eq!(v.preimage.0.len(), 65, "a leaf is no node");
        assert_eq!(leaf(v.lot_tag, v.unit_hash), v.hash);
        assert_eq!(keccak256(&[&v.preimage.0]), v.hash);
    }
    assert!(!vectors.units.is_empty() && !vectors.leaves.is_empty());
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EmptyVector {
    height: u8,
    hash: Hash,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TreeVector {
    leaves: Vec<Hash>,
    height: u8,
    root: Hash,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TreesVector {
    empty: Vec<EmptyVector>,
    trees: Vec<TreeVector>,
}

fn check_trees(vectors: TreesVector) {
    assert_eq!(vectors.empty.len(), usize::from(HEIGHT_MAX) + 1);
    for v in &vectors.empty {
        assert_eq!(empty_subtree(v.height), v.hash, "empty subtree of height {}", v.height);
    }
    assert!(!vectors.trees.is_empty());
    for v in vectors.trees {
        let count = v.leaves.len();
        assert_eq!(height_for(count as u64), v.height, "{count} leaves");
        assert_eq!(tree(v.leaves).root(), v.root, "{count} leaves");
    }
}

fn tree(leaves: Vec<Hash>) -> Tree {
    Tree::over(leaves).expect("leaves because each vector has some")
}

/// The tree over the first leaves of the largest tree of `trees.json`.
fn tree_over_first(count: usize) -> Tree {
    let trees: TreesVector = open("trees");
    let largest = trees.trees.into_iter().map(|v| v.leaves).max_by_key(Vec::len);
    let mut leaves = largest.expect("a tree because the file has some");
    leaves.truncate(count);
    assert_eq!(leaves.len(), count);
    tree(leaves)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NodeVector {
    height: u8,
    index: u64,
    hash: Hash,
    proof: Vec<Hash>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct ProofsVector {
    leaf_count: usize,
    root: Hash,
    root_height: u8,
    nodes: Vec<NodeVector>,
}

fn check_proofs(vectors: Vec<ProofsVector>) {
    assert!(!vectors.is_empty());
    for v in vectors {
        let tree = tree_over_first(v.leaf_count);
        assert_eq!((tree.root(), tree.height()), (v.root, v.root_height));
        for n in v.nodes {
            assert_eq!(tree.node(n.height, n.index), Ok(n.hash));
            assert_eq!(tree.path(n.height, n.index), Ok(n.proof.clone()));
            let (holding, height, index) = (Hash::ZERO, n.height, n.index);
            let seed = Hash::ZERO;
            let proof = NodeProof { holding, seed, height, index, hash: n.hash, path: n.proof };
            assert_eq!(proof.root(), v.root, "node {} of height {}", n.index, n.height);
            assert!(proof.opens(v.root, v.root_height));
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ItemVector {
    height: u8,
    index: u64,
    hash: Hash,
    path: Vec<Hash>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct MultiproofVector {
    name: String,
    leaf_count: usize,
    height: u8,
    root: Hash,
    holder: Account,
    cause: Hash,
    seed: Hash,
    id: Hash,
    items: Vec<ItemVector>,
    packed: Bytes,
    proof: Vec<Hash>,
}

/// The full paths join to the proof, the proof leads to the root, and the seed from there to the id.
fn check_multiproofs(vectors: Vec<MultiproofVector>) {
    assert!(!vectors.is_empty());
    for v in vectors {
        let tree = tree_over_first(v.leaf_count);
        assert_eq!((tree.root(), tree.height()), (v.root, v.height));
        assert_eq!(seed(v.holder, v.cause), v.seed);
        assert_eq!(holding_id(v.holder, v.cause, v.root), v.id);
        let mut packed = Vec::new();
        let mut full: Vec<(Item, &[Hash])> = Vec::new();
        for i in &v.items {
            let ItemVector { height, index, hash, ref path } = *i;
            let (holding, path) = (v.id, path.clone());
            let proof = NodeProof { holding, seed: v.seed, height, index, hash, path };
            assert!(proof.leads_to_holding() && proof.opens(v.root, v.height), "{}", v.name);
            full.push((Item { height, index, hash }, &i.path));
            packed.push(height);
            packed.extend(u32::try_from(index).expect("an index of a tree").to_be_bytes());
            packed.extend(hash.0);
        }
        assert_eq!(packed, v.packed.0, "{}", v.name);
        assert_eq!(join(v.height, &full), Ok(v.proof.clone()), "{}", v.name);
        let items: Vec<Item> = full.iter().map(|(item, _)| *item).collect();
        assert_eq!(root(v.height, &items, &v.proof), Ok(v.root), "{}", v.name);
    }
}

#[derive(Deserialize, PartialEq, Debug, Clone, Copy)]
#[serde(deny_unknown_fields)]
struct GatheredNode {
    height: u8,
    hash: Hash,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GatherVector {
    name: String,
    sources: Vec<Vec<GatheredNode>>,
    nodes: Vec<GatheredNode>,
    height: u8,
    root: Hash,
}

fn check_gathers(vectors: Vec<GatherVector>) {
    assert!(!vectors.is_empty());
    for v in vectors {
        let taken: Vec<GatheredNode> = v.sources.concat();
        assert_eq!(tree_order(taken, |node| node.height), v.nodes, "{}", v.name);
        let nodes: Vec<(u8, Hash)> = v.nodes.iter().map(|n| (n.height, n.hash)).collect();
        let gathered = gather(&nodes).unwrap_or_else(|error| panic!("{}: {error}", v.name));
        assert_eq!((gathered.root, gathered.height), (v.root, v.height), "{}", v.name);
        let ends = gathered.offsets.iter().zip(&nodes).map(|(start, (h, _))| start + (1 << h));
        let starts: Vec<u64> = std::iter::once(0).chain(ends).take(nodes.len()).collect();
        assert_eq!(gathered.offsets, starts, "{}: one after the other", v.name);
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    height: u8,
    index: u64,
    undo: bool,
    accepted: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Run {
    first: u64,
    count: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct SpentVector {
    tree_height: u8,
    steps: Vec<Step>,
    runs: Vec<Run>,
}

/// The ledger keeps the marks; here only the leaf positions of a [`Subtree`] are at stake.
fn check_spent(vectors: Vec<SpentVector>) {
    assert!(!vectors.is_empty());
    for v in vectors {
        let mut spent: BTreeSet<u64> = BTreeSet::new();
        for step in v.steps {
            let subtree = Subtree { height: step.height, index: step.index };
            assert!(subtree.end() <= 1 << v.tree_height);
            let own = || subtree.start()..subtree.end();
            let fits = own().all(|position| spent.contains(&position) == step.undo);
            assert_eq!(fits, step.accepted, "{subtree:?} in a tree of height {}", v.tree_height);
            if fits && step.undo {
                own().for_each(|position| assert!(spent.remove(&position)));
            } else if fits {
                spent.extend(own());
            }
        }
        let runs = v.runs.iter().flat_map(|run| run.first..run.first + run.count);
        assert_eq!(spent, runs.collect());
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CauseVector {
    events: Vec<Hash>,
    cause: Hash,
}

fn check_causes(vectors: Vec<CauseVector>) {
    assert!(!vectors.is_empty());
    for v in vectors {
        assert_eq!(cause(&v.events), Ok(v.cause), "{} events", v.events.len());
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct HoldingIdVector {
    holder: Account,
    cause: Hash,
    seed_preimage: Bytes,
    seed: Hash,
    root: Hash,
    preimage: Bytes,
    id: Hash,
}

fn check_holding_ids(vectors: Vec<HoldingIdVector>) {
    assert!(!vectors.is_empty());
    for v in vectors {
        assert_eq!([&[0; 12][..], &v.holder.0, &v.cause.0].concat(), v.seed_preimage.0);
        assert_eq!(keccak256(&[&v.seed_preimage.0]), v.seed);
        assert_eq!(seed(v.holder, v.cause), v.seed);
        assert_eq!([v.seed.0, v.root.0].concat(), v.preimage.0);
        assert_eq!(keccak256(&[&v.preimage.0]), v.id);
        assert_eq!(holding_id(v.holder, v.cause, v.root), v.id);
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlaceVector {
    height: u8,
    index: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HoldingVector {
    id: Hash,
    places: Vec<PlaceVector>,
    packed: Bytes,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlacesVector {
    holdings: Vec<HoldingVector>,
    packed: Bytes,
}

/// The ledger's client reads the packed form; here it is that every place is one of a tree.
fn check_places(vectors: Vec<PlacesVector>) {
    assert!(!vectors.is_empty());
    for v in vectors {
        let mut all = Vec::new();
        for holding in v.holdings {
            let mut packed = Vec::new();
            for PlaceVector { height, index } in &holding.places {
                let subtree = Subtree { height: *height, index: u64::from(*index) };
                assert!(subtree.end() <= 1 << HEIGHT_MAX);
                packed.push(*height);
                packed.extend(index.to_be_bytes());
            }
            assert_eq!(packed, holding.packed.0);
            all.extend(holding.id.0);
            let count = u16::try_from(holding.places.len()).expect("what two bytes count");
            all.extend(count.to_be_bytes());
            all.extend(packed);
        }
        assert_eq!(all, v.packed.0);
    }
}

/// A wrong sibling, a neighbour's index, or an index outside the tree opens nothing.
#[test]
fn altered_proofs_do_not_open() {
    let tree = tree_over_first(100);
    let path = tree.path(0, 37).expect("one of 100 leaves");
    let (holding, seed, hash) = (Hash::ZERO, Hash::ZERO, tree.leaves()[37]);
    let proof = NodeProof { holding, seed, height: 0, index: 37, hash, path };
    let (root, height) = (tree.root(), tree.height());
    assert!(proof.opens(root, height));
    for sibling in 0..proof.path.len() {
        let mut altered = proof.clone();
        altered.path[sibling] = node(hash, hash);
        assert!(!altered.opens(root, height), "sibling {sibling}");
    }
    assert!(!NodeProof { index: 36, ..proof.clone() }.opens(root, height));
    let outside = NodeProof { index: 37 + 128, ..proof.clone() };
    assert_eq!(outside.root(), root, "the path alone does not tell");
    assert!(!outside.opens(root, height));
    assert!(!NodeProof { height: 1, ..proof.clone() }.opens(root, height));
    assert!(!NodeProof { height: 255, ..proof.clone() }.opens(root, height));
    assert!(!proof.opens(root, height + 1));
    let (lot_tag, unit_hash) = (hash, root);
    let unit = LeafProof { holding, seed, index: 0, lot_tag, unit_hash, path: Vec::new() };
    assert!(unit.opens(leaf(lot_tag, unit_hash), 0));
    assert!(!LeafProof { index: 1, ..unit }.opens(leaf(lot_tag, unit_hash), 0));
}
