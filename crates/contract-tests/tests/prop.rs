//! Properties of proofs, gathers and marks, each with as many random cases as `THERIAC_RUNS` says, or 2,000.

use alloy::primitives::{B256, Bytes};
use proptest::prelude::*;
use theriac_contract_tests::custody::{Custody, ICustody};
use theriac_contract_tests::{
    Batch, Item, Marks, NOW_S, Place, Reason, Source, Stock, Tree, World, leaf, node, pack_choice,
    pack_items, pack_places, pack_sources, root, runs, seed, tree_order, unit_hash, word,
};

const CAUSE: &str = "ship";

/// A case that failed is printed, not kept in a file.
fn config() -> ProptestConfig {
    let failure_persistence = None;
    ProptestConfig { cases: runs(2_000), failure_persistence, ..ProptestConfig::default() }
}

fn ship(sources: Vec<ICustody::Source>) -> Custody::shipCall {
    Custody::shipCall { sources, to: World::WHOLESALER, cause: word(CAUSE) }
}

/// Leaves of a lot.
fn tree(lot: &str, first: u64, count: u64) -> Tree {
    Tree::new((first..first + count).map(|n| leaf(word(lot), unit_hash(n))).collect())
}

/// Subtrees of a tree that do not overlap and are not empty, in order, from raw choices.
fn places(count: u64, choices: &[(u8, u32)]) -> Vec<Place> {
    let tree_height = count.next_power_of_two().ilog2() as u8;
    let mut chosen: Vec<Place> = Vec::new();
    for (height, index) in choices {
        let height = [0, 0, 0, 1, 1, 2, 3, 4, 5, 6][usize::from(*height) % 10].min(tree_height);
        let index = u64::from(*index) % (1 << (tree_height - height));
        let overlaps = |other: &Place| {
            let top = height.max(other.0);
            index >> (top - height) == other.1 >> (top - other.0)
        };
        if index << height < count && !chosen.iter().any(overlaps) {
            chosen.push((height, index));
        }
    }
    chosen.sort_by_key(|(height, index)| index << height);
    chosen
}

/// One holding, and what is taken out of it.
fn taking() -> impl Strategy<Value = (u64, Vec<(u8, u32)>)> {
    (1u64..150, prop::collection::vec(any::<(u8, u32)>(), 1..12))
}

/// A change of a source.
#[derive(Debug, Clone)]
enum Change {
    None,
    Item(u16, Item),
    Swap(u16),
    Repeat(u16),
    Drop(u16),
    Proof(u16, B256),
    Longer(B256),
    Shorter,
    Height(u8),
    Seed,
}

fn change() -> impl Strategy<Value = Change> {
    let hash = any::<[u8; 32]>().prop_map(B256::from);
    prop_oneof![
        3 => Just(Change::None),
        1 => (any::<u16>(), 0u8..9, 0u64..200).prop_map(|(at, h, i)| {
            Change::Item(at, ((h, i), unit_hash(i)))
        }),
        1 => any::<u16>().prop_map(Change::Swap),
        1 => any::<u16>().prop_map(Change::Repeat),
        1 => any::<u16>().prop_map(Change::Drop),
        1 => (any::<u16>(), hash.clone()).prop_map(|(at, hash)| Change::Proof(at, hash)),
        1 => hash.prop_map(Change::Longer),
        1 => Just(Change::Shorter),
        1 => (0u8..10).prop_map(Change::Height),
        1 => Just(Change::Seed),
    ]
}

/// Items, proof, height and seed after a change.
type Changed = (Vec<Item>, Vec<B256>, u8, B256);

fn changed(stock: &Stock, places: &[Place], change: &Change) -> Changed {
    let tree = &stock.tree;
    let mut items: Vec<_> = places.iter().map(|p| (*p, tree.hash(p.0, p.1))).collect();
    let mut proof = tree.multiproof(places);
    let (mut height, mut seed) = (tree.height(), stock.seed);
    let spot = |at: &u16, of: usize| usize::from(*at) % of.max(1);
    match change {
        Change::None => {}
        Change::Item(at, item) => {
            let at = spot(at, items.len());
            items[at] = *item;
        }
        Change::Swap(at) => {
            let at = spot(at, items.len());
            items.swap(0, at);
        }
        Change::Repeat(at) => items.push(items[spot(at, items.len())]),
        Change::Drop(at) => drop(items.remove(spot(at, items.len()))),
        Change::Proof(at, hash) if !proof.is_empty() => {
            let at = spot(at, proof.len());
            proof[at] = *hash;
        }
        Change::Proof(..) => {}
        Change::Longer(hash) => proof.push(*hash),
        Change::Shorter => drop(proof.pop()),
        Change::Height(other) => height = *other,
        Change::Seed => seed = word("another"),
    }
    (items, proof, height, seed)
}

proptest! {
    #![proptest_config(config())]

    /// The contract accepts a proof if and only if the model does, which computes the root from above.
    #[test]
    fn proofs_are_accepted_as_by_the_model((count, choices) in taking(), change in change()) {
        let places = places(count, &choices);
        prop_assume!(!places.is_empty());
        let mut world = World::new();
        let stock = world.commission_tree("lot", tree("lot", 0, count), word("made"));
        let (items, proof, height, seed) = changed(&stock, &places, &change);
        let found_root = (height <= 32).then(|| root(height, &items, &proof)).flatten();
        let named = found_root.map(|root| node(seed, root));
        let expected = named == Some(stock.id()) && height == stock.tree.height();
        let items = pack_items(items);
        let source = ICustody::Source { seed, height, items, proof };
        let found = world.custody(World::FACTORY, &ship(vec![source]));
        prop_assert_eq!(found.is_ok(), expected, "{:?} {:?} {:?}", places, change, found.err());
        for index in 0..count {
            let covered = places.iter().any(|(h, i)| index >> h == *i);
            prop_assert_eq!(world.is_spent(stock.id(), 0, index), covered && expected);
        }
    }

    /// Whatever byte of items, proof or seed is changed: nothing moves.
    #[test]
    fn a_changed_byte_is_refused(
        (count, choices) in taking(),
        flips in prop::collection::vec((any::<u32>(), 0u8..8), 4),
        units in any::<bool>(),
    ) {
        let mut places = places(count, &choices);
        if units {
            places.retain(|place| place.0 == 0);
        }
        prop_assume!(!places.is_empty());
        let mut world = World::new();
        let stock = world.commission_tree("lot", tree("lot", 0, count), word("made"));
        let before = world.evm.slots(world.at.custody);
        let leaves: Vec<_> = places.iter().map(|place| (place.1, place.1)).collect();
        let good = if units { stock.units(&leaves, 0) } else { stock.source(&places) };
        for (at, bit) in flips {
            let bad = flipped(&good, at as usize, bit);
            let call = Custody::retireCall {
                lotTags: vec![word("lot")],
                sources: vec![bad.clone()],
                reason: Reason::Exported as u8,
                cause: word("use"),
            };
            let found = match units {
                true => world.custody(World::FACTORY, &call).is_ok(),
                false => world.custody(World::FACTORY, &ship(vec![bad])).is_ok(),
            };
            prop_assert!(!found, "byte {at}, bit {bit}");
        }
        prop_assert_eq!(world.evm.slots(world.at.custody), before);
    }

    /// A gathered tree has the leaves of all its sources, each once, where the log says.
    #[test]
    fn gathers_conserve_units(takings in prop::collection::vec(taking(), 1..5)) {
        let mut world = World::new();
        let (mut sources, mut taken, mut stocks) = (vec![], vec![], vec![]);
        for (at, (count, choices)) in takings.iter().enumerate() {
            let places = places(*count, choices);
            prop_assume!(!places.is_empty());
            let lot = format!("lot {at}");
            let tree = tree(&lot, 1_000 * at as u64, *count);
            let stock = world.commission_tree(&lot, tree, word(&lot));
            sources.push(stock.source(&places));
            taken.push(Source::new(stock.id(), &places));
            stocks.push(stock);
        }
        let leaves = tree_order(&taken).into_iter().flat_map(|(id, (height, index))| {
            let stock = stocks.iter().find(|stock| stock.id() == id).expect("one of them");
            let range = index << height..(index + 1) << height;
            range.map(|leaf| stock.tree.hash(0, leaf)).collect::<Vec<_>>()
        });
        let expected = Tree::new(leaves.collect());
        let done = world.custody(World::FACTORY, &ship(sources)).expect("ship");
        let sent = Stock { seed: seed(World::FACTORY, word(CAUSE)), tree: expected };
        prop_assert_eq!(done.value, sent.id());
        prop_assert_eq!(world.holding(sent.id()).height, sent.tree.height());
        // The consignee can show each of its leaves, and does so with the last one.
        let call = Custody::receiveShipmentCall { id: sent.id(), cause: word("receive") };
        world.custody(World::WHOLESALER, &call).expect("receive");
        let last = (0..1u64 << sent.tree.height())
            .rfind(|index| sent.tree.hash(0, *index) != B256::ZERO)
            .expect("a unit");
        let call = Custody::shipCall { to: World::PHARMACY, ..ship(vec![sent.source(&[(0, last)])]) };
        world.custody(World::WHOLESALER, &call).expect("the last leaf");
    }

    /// Marks and undone marks are those of a set, and take the slots that they must.
    #[test]
    fn marks_are_a_set(
        tree_height in 0u8..=18,
        steps in prop::collection::vec((any::<u8>(), any::<u32>(), any::<bool>(), 0u8..4), 1..30),
    ) {
        let mut world = World::new();
        let id = world.commission_root("lot", word("root"), tree_height, word("marks"));
        let (mut marks, mut open) = (Marks::new(tree_height), Vec::<Batch>::new());
        let reason = Reason::Lost;
        for (at, (height, index, low, undo)) in steps.into_iter().enumerate() {
            let cause = word(&format!("step {at}"));
            if undo == 0 && !open.is_empty() {
                let batch = open.swap_remove(index as usize % open.len());
                let call = restore(&batch);
                prop_assert!(world.custody(World::FACTORY, &call).is_ok());
                let (height, index) = batch.sources[0].places[0];
                marks.unmark(height, index);
                continue;
            }
            let height = height % (tree_height + 1);
            // Half of the places lie close together, so that they meet in blocks, chunks and words.
            let places = 1u64 << (tree_height - height);
            let index = u64::from(index) % if low { places.min(8) } else { places };
            prop_assert_eq!(world.is_spent(id, height, index), marks.any(height, index));
            let losses = vec![ICustody::Loss { id, places: pack_places(&[(height, index)]) }];
            let call = Custody::writeOffCall { losses, reason: reason as u8, cause };
            let found = world.custody(World::FACTORY, &call).is_ok();
            prop_assert_eq!(found, marks.mark(height, index), "height {} index {}", height, index);
            if found {
                let sources = vec![Source::new(id, &[(height, index)])];
                let until = NOW_S + 10 * 86_400;
                open.push(Batch { holder: 1, sources, reason, cause, until });
            }
        }
        prop_assert_eq!(world.holding(id).slots as usize, marks.keys().len());
        let words = (1usize << tree_height).div_ceil(256);
        for number in (0..words).filter(|number| *number < 64 || number % 61 == 0) {
            prop_assert_eq!(world.spent_word(id, number), marks.word(number), "word {}", number);
        }
    }
}

fn restore(batch: &Batch) -> Custody::restoreCall {
    Custody::restoreCall {
        places: pack_sources(&batch.sources),
        reason: batch.reason as u8,
        retiredBy: batch.cause,
        until: batch.until.to_string().parse().expect("a time"),
        which: pack_choice(&[true]),
        cause: word("undo"),
    }
}

/// A source with a bit of its items, proof or seed changed.
fn flipped(good: &ICustody::Source, at: usize, bit: u8) -> ICustody::Source {
    let mut bytes = good.items.to_vec();
    good.proof.iter().for_each(|hash| bytes.extend_from_slice(hash.as_slice()));
    bytes.extend_from_slice(good.seed.as_slice());
    let at = at % bytes.len();
    bytes[at] ^= 1 << bit;
    let (items, rest) = bytes.split_at(good.items.len());
    let (proof, seed) = rest.split_at(rest.len() - 32);
    let proof = proof.chunks(32).map(B256::from_slice).collect();
    let items = Bytes::copy_from_slice(items);
    ICustody::Source { seed: B256::from_slice(seed), height: good.height, items, proof }
}

/// Every bit of one source, for certain.
#[test]
fn every_changed_bit_of_a_source_is_refused() {
    let mut world = World::new();
    let stock = world.commission_tree("lot", tree("lot", 0, 50), word("made"));
    let good = stock.source(&[(0, 1), (1, 3), (3, 2), (0, 49)]);
    let length = good.items.len() + 32 * good.proof.len() + 32;
    for at in 0..length {
        for bit in 0..8 {
            let found = world.custody(World::FACTORY, &ship(vec![flipped(&good, at, bit)]));
            assert!(found.is_err(), "byte {at} of {length}, bit {bit}");
        }
    }
    for height in 0..=255u8 {
        let source = ICustody::Source { height, ..good.clone() };
        let found = world.custody(World::FACTORY, &ship(vec![source]));
        assert_eq!(found.is_ok(), height == stock.tree.height(), "height {height}");
    }
}
