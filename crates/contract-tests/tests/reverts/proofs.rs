//! Lists of items, and their proofs.

use alloy::primitives::{B256, Bytes, U256};
use theriac_contract_tests::custody::{Custody, ICustody};
use theriac_contract_tests::{
    Stock, Tree, World, expect_revert, node, pack_items, pack_places, seed, unit_hash, word,
};

use super::operations::{commission, eight, in_transit, retire, ship, write_off};

/// The holding that a source names, if it is not the right one.
fn expect_unknown(world: &mut World, stock: &Stock, source: ICustody::Source, root: B256) {
    let id = node(source.seed, root);
    assert_ne!(id, stock.id());
    expect_revert(
        world.custody(World::FACTORY, &ship(vec![source])),
        Custody::HoldingUnknown { id },
    );
}

scenarios! {
    /// Lists are not empty, and have whole items.
    fn lists_are_whole() {
        let (mut world, stock) = eight();
        let nothing = || Custody::NothingListed {};
        expect_revert(world.custody(World::FACTORY, &ship(vec![])), nothing());
        expect_revert(world.custody(World::FACTORY, &retire(vec![])), nothing());
        let call = Custody::writeOffCall { losses: vec![], ..write_off(stock.id(), 0, 0) };
        expect_revert(world.custody(World::FACTORY, &call), nothing());
        let call = Custody::segregateCall { sources: vec![], state: 5, cause: word("apart") };
        expect_revert(world.custody(World::FACTORY, &call), nothing());
        for length in [0, 1, 36, 38, 73] {
            let source = || ICustody::Source {
                items: vec![0; length].into(),
                ..stock.source(&[(0, 0)])
            };
            let error = || Custody::ItemsInvalid { bytes_: U256::from(length) };
            expect_revert(world.custody(World::FACTORY, &ship(vec![source()])), error());
            expect_revert(world.custody(World::FACTORY, &retire(vec![source()])), error());
            // The second source is looked at, too.
            let sources = vec![stock.source(&[(0, 0)]), source()];
            expect_revert(world.custody(World::FACTORY, &ship(sources)), error());
        }
        for length in [0, 1, 4, 6, 11] {
            let losses = vec![ICustody::Loss { id: stock.id(), places: vec![0; length].into() }];
            let call = Custody::writeOffCall { losses, ..write_off(stock.id(), 0, 0) };
            let error = Custody::ItemsInvalid { bytes_: U256::from(length) };
            expect_revert(world.custody(World::FACTORY, &call), error);
        }
    }

    /// The count of a holding's places has two bytes in logs.
    fn lists_are_not_too_long() {
        let (mut world, stock) = eight();
        let places = vec![0; 5 * 65_536].into();
        let losses = vec![ICustody::Loss { id: stock.id(), places }];
        let call = Custody::writeOffCall { losses, ..write_off(stock.id(), 0, 0) };
        let error = Custody::ItemsInvalid { bytes_: U256::from(5 * 65_536) };
        expect_revert(world.custody(World::FACTORY, &call), error);
        let items = vec![0; 37 * 65_536].into();
        let source = ICustody::Source { items, ..stock.source(&[(0, 0)]) };
        let error = Custody::ItemsInvalid { bytes_: U256::from(37 * 65_536) };
        expect_revert(world.custody(World::FACTORY, &ship(vec![source])), error);
    }

    /// Items go from the left to the right and do not overlap.
    fn items_ascend() {
        let (mut world, stock) = eight();
        let hash = |place: (u8, u64)| (place, stock.tree.hash(place.0, place.1));
        let lists: [&[(u8, u64)]; 6] = [
            &[(0, 1), (0, 0)],
            &[(0, 3), (0, 3)],
            &[(1, 1), (0, 3)],
            &[(0, 2), (1, 1)],
            &[(0, 5), (2, 0)],
            &[(0, 0), (0, 6), (1, 1)],
        ];
        for list in lists {
            let items = pack_items(list.iter().copied().map(hash));
            let index = list[list.len() - 1].1 as u32;
            let proof = vec![word("some"); 4];
            let source = ICustody::Source { items, proof, ..stock.source(&[(0, 0)]) };
            let error = Custody::ItemsNotAscending { seed: stock.seed, index };
            expect_revert(world.custody(World::FACTORY, &ship(vec![source])), error);
        }
        let items = pack_items([((0, 1), unit_hash(1)), ((0, 0), unit_hash(0))]);
        let source = ICustody::Source { items, ..stock.source(&[(1, 0)]) };
        let error = Custody::ItemsNotAscending { seed: stock.seed, index: 0 };
        expect_revert(world.custody(World::FACTORY, &retire(vec![source])), error);
    }

    /// Items are inside of the tree that the source says.
    fn items_are_inside() {
        let (mut world, stock) = eight();
        let max = u64::from(u32::MAX);
        for (height, index) in [(0, 8), (3, 1), (4, 0), (32, 0), (33, 0), (255, 0), (0, max), (3, max)]
        {
            let items = pack_items([((height, index), word("hash"))]);
            let source = ICustody::Source { items, ..stock.source(&[(0, 0)]) };
            let error = Custody::PlaceOutside { idOrSeed: stock.seed, height, index };
            expect_revert(world.custody(World::FACTORY, &ship(vec![source])), error);
            let error = Custody::PlaceOutside { idOrSeed: stock.id(), height, index };
            let call = write_off(stock.id(), height, index);
            expect_revert(world.custody(World::FACTORY, &call), error.clone());
            let call = Custody::isSpentCall { id: stock.id(), height, index };
            expect_revert(world.custody(World::STRANGER, &call), error);
        }
        let call = Custody::isSpentCall { id: stock.id(), height: 0, index: u64::MAX };
        let (id, index) = (stock.id(), u64::MAX);
        let error = Custody::PlaceOutside { idOrSeed: id, height: 0, index };
        expect_revert(world.custody(World::STRANGER, &call), error);
        // The second place of a list is looked at, too.
        let places = pack_places(&[(0, 0), (0, 8)]);
        let losses = vec![ICustody::Loss { id: stock.id(), places }];
        let call = Custody::writeOffCall { losses, ..write_off(stock.id(), 0, 0) };
        let error = Custody::PlaceOutside { idOrSeed: stock.id(), height: 0, index: 8 };
        expect_revert(world.custody(World::FACTORY, &call), error);
        let source = stock.units(&[(8, 8)].map(|(_, unit)| (0, unit)), 0);
        let items = pack_items([((0, 8), unit_hash(8))]);
        let source = ICustody::Source { items, ..source };
        let error = Custody::PlaceOutside { idOrSeed: stock.seed, height: 0, index: 8 };
        expect_revert(world.custody(World::FACTORY, &retire(vec![source])), error);
    }

    /// The tree is as high as the holding's, and no source's is higher than 32.
    fn heights_are_the_holdings() {
        let mut world = World::new();
        let source = |stock: &Stock, height| ICustody::Source {
            height,
            ..stock.source(&[(0, 0)])
        };
        let stock = world.commission("lot", 0, 8);
        for height in [33, 255] {
            let error = Custody::HeightTooLarge { height: U256::from(height) };
            let call = ship(vec![source(&stock, height)]);
            expect_revert(world.custody(World::FACTORY, &call), error);
        }
        // A labeler that says another height than that of its tree can move nothing out of it.
        let cause = word("lie");
        let id = world.commission_root("lot", stock.tree.root(), 5, cause);
        let lie = Stock { seed: seed(World::FACTORY, cause), tree: stock.tree.clone() };
        let error = Custody::HeightDiffers { id, expected: 5, found: 3 };
        expect_revert(world.custody(World::FACTORY, &ship(vec![source(&lie, 3)])), error);
        let call = retire(vec![lie.units(&[(0, 0)], 0)]);
        let error = Custody::HeightDiffers { id, expected: 5, found: 3 };
        expect_revert(world.custody(World::FACTORY, &call), error);
    }

    /// Other hashes, seeds, siblings, indices and heights name other holdings.
    fn proofs_are_of_the_holding() {
        let (mut world, stock) = eight();
        let tree = &stock.tree;
        let good = || stock.source(&[(0, 3)]);
        let item = |place, hash| pack_items([(place, hash)]);
        let root = |hash, index| theriac_contract_tests::climb(hash, index, &good().proof);
        let forged = ICustody::Source { seed: word("forged"), ..good() };
        expect_unknown(&mut world, &stock, forged, tree.root());
        let other = ICustody::Source { items: item((0, 3), tree.hash(0, 4)), ..good() };
        expect_unknown(&mut world, &stock, other, root(tree.hash(0, 4), 3));
        let other = ICustody::Source { items: item((0, 2), tree.hash(0, 3)), ..good() };
        expect_unknown(&mut world, &stock, other, root(tree.hash(0, 3), 2));
        let mut other = good();
        other.proof[1] = word("sibling");
        let found = theriac_contract_tests::climb(tree.hash(0, 3), 3, &other.proof);
        expect_unknown(&mut world, &stock, other, found);
        // An inner node shown as a leaf of a lower tree.
        let inner = ICustody::Source {
            height: 2,
            items: item((0, 1), tree.hash(1, 1)),
            ..stock.source(&[(1, 1)])
        };
        let error = Custody::HeightDiffers { id: stock.id(), expected: 3, found: 2 };
        expect_revert(world.custody(World::FACTORY, &ship(vec![inner])), error);
        // A unit with another hash, and one as a node.
        let unit = pack_items([((0, 3), unit_hash(4))]);
        let source = ICustody::Source { items: unit, ..good() };
        let Err(found) = world.custody(World::FACTORY, &retire(vec![source])) else {
            panic!("went through")
        };
        let unknown = <Custody::HoldingUnknown as alloy::sol_types::SolError>::SELECTOR;
        assert_eq!(found.selector(), unknown);
    }

    /// A proof has the siblings that are needed, and no more.
    fn proofs_have_their_length() {
        let (mut world, stock) = eight();
        let lists: [&[(u8, u64)]; 4] = [&[(0, 3)], &[(3, 0)], &[(0, 0), (0, 1)], &[(0, 1), (1, 2)]];
        for list in lists {
            let good = stock.source(list);
            let expected = good.proof.len();
            let mut lengths = vec![expected + 1, expected + 2];
            lengths.extend(0..expected);
            for length in lengths {
                let mut proof = good.proof.clone();
                proof.resize(length, word("more"));
                let source = ICustody::Source { proof, ..good.clone() };
                let error = Custody::ProofLengthInvalid {
                    seed: stock.seed,
                    expected: U256::from(expected),
                    found: U256::from(length),
                };
                expect_revert(world.custody(World::FACTORY, &ship(vec![source])), error);
            }
        }
    }

    /// What has left does not leave again: not in the same list, not in another source, not in another call.
    fn nothing_leaves_twice() {
        let (mut world, stock) = eight();
        let id = stock.id();
        let spent = |height, index| Custody::AlreadySpent { id, height, index };
        let twice = ship(vec![stock.source(&[(1, 2)]), stock.source(&[(0, 5)])]);
        expect_revert(world.custody(World::FACTORY, &twice), spent(0, 5));
        let twice = ship(vec![stock.source(&[(0, 5)]), stock.source(&[(2, 1)])]);
        expect_revert(world.custody(World::FACTORY, &twice), spent(2, 1));
        let units = stock.units(&[(2, 2)], 0);
        let twice = retire(vec![units.clone(), units]);
        expect_revert(world.custody(World::FACTORY, &twice), spent(0, 2));
        let losses = vec![ICustody::Loss { id, places: pack_places(&[(0, 1), (1, 0)]) }];
        let call = Custody::writeOffCall { losses, ..write_off(id, 0, 0) };
        expect_revert(world.custody(World::FACTORY, &call), spent(1, 0));
        world.custody(World::FACTORY, &ship(vec![stock.source(&[(0, 5)])])).expect("ship");
        for (height, index) in [(0, 5), (1, 2), (2, 1), (3, 0)] {
            let call = ship(vec![stock.source(&[(height, index)])]);
            expect_revert(world.custody(World::FACTORY, &call), spent(height, index));
            let call = write_off(id, height, index);
            expect_revert(world.custody(World::FACTORY, &call), spent(height, index));
        }
        let call = retire(vec![stock.units(&[(5, 5)], 0)]);
        expect_revert(world.custody(World::FACTORY, &call), spent(0, 5));
        // All or nothing, over several sources.
        let other = world.commission("lot", 50, 8);
        let call = ship(vec![other.source(&[(3, 0)]), stock.source(&[(0, 5)])]);
        expect_revert(world.custody(World::FACTORY, &call), spent(0, 5));
        assert!(!world.is_spent(other.id(), 3, 0));
    }

    /// Empty subtrees are no goods, in shipments as in refusals.
    fn empty_subtrees_do_not_move() {
        let mut world = World::new();
        let stock = world.commission("lot", 0, 5);
        for (height, index) in [(0, 5), (1, 3)] {
            let hash = stock.tree.hash(height, index);
            let error = Custody::SubtreeEmpty { hash, height };
            let call = ship(vec![stock.source(&[(height, index)])]);
            expect_revert(world.custody(World::FACTORY, &call), error.clone());
            let call = ship(vec![stock.source(&[(0, 1), (height, index)])]);
            expect_revert(world.custody(World::FACTORY, &call), error);
        }
        let sent = world.ship_all(World::FACTORY, &stock, World::WHOLESALER, word("ship"));
        let (id, refused) = (sent.id(), sent.source(&[(0, 7)]));
        let call = Custody::receiveInPartCall { id, refused, cause: word("receive") };
        let error = Custody::SubtreeEmpty { hash: B256::ZERO, height: 0 };
        expect_revert(world.custody(World::WHOLESALER, &call), error);
    }

    /// A gathered tree has at most 2^32 leaves.
    fn gathered_trees_are_not_higher_than_32() {
        let mut world = World::new();
        let mut sources = Vec::new();
        for i in 0..2 {
            let cause = word(&format!("{i}"));
            let call = Custody::commissionCall { cause, ..commission(32) };
            world.custody(World::FACTORY, &call).expect("commission");
            let items = pack_items([((32, 0), call.root)]);
            let seed = seed(World::FACTORY, cause);
            sources.push(ICustody::Source { seed, height: 32, items, proof: vec![] });
        }
        let error = Custody::HeightTooLarge { height: U256::from(33) };
        expect_revert(world.custody(World::FACTORY, &ship(sources.clone())), error);
        sources.pop();
        world.custody(World::FACTORY, &ship(sources)).expect("one of height 32");
    }

    /// The consignee's refusals are proven like all else.
    fn refusals_are_proven() {
        let (mut world, sent) = in_transit();
        let (id, cause) = (sent.id(), word("receive"));
        let good = || sent.source(&[(0, 1), (0, 4)]);
        let short = ICustody::Source { proof: vec![], ..good() };
        let call = Custody::receiveInPartCall { id, refused: short, cause };
        let error = Custody::ProofLengthInvalid {
            seed: sent.seed,
            expected: U256::from(good().proof.len()),
            found: U256::ZERO,
        };
        expect_revert(world.custody(World::WHOLESALER, &call), error);
        let none = ICustody::Source { items: Bytes::new(), ..good() };
        let call = Custody::receiveInPartCall { id, refused: none, cause };
        let error = Custody::ItemsInvalid { bytes_: U256::ZERO };
        expect_revert(world.custody(World::WHOLESALER, &call), error);
        let mut forged = good();
        forged.proof[0] = word("forged");
        let call = Custody::receiveInPartCall { id, refused: forged, cause };
        let found = world.custody(World::WHOLESALER, &call).expect_err("forged");
        let foreign = <Custody::NodeForeign as alloy::sol_types::SolError>::SELECTOR;
        assert_eq!(found.selector(), foreign);
    }

    /// A tree of one leaf has a proof of no length.
    fn single_leaves_need_no_proof() {
        let mut world = World::new();
        let tree = Tree::new(vec![theriac_contract_tests::leaf(word("lot"), unit_hash(1))]);
        let stock = world.commission_tree("lot", tree, word("one"));
        let mut source = stock.source(&[(0, 0)]);
        source.proof.push(B256::ZERO);
        let (expected, found) = (U256::ZERO, U256::from(1));
        let error = Custody::ProofLengthInvalid { seed: stock.seed, expected, found };
        expect_revert(world.custody(World::FACTORY, &ship(vec![source])), error);
        world.custody(World::FACTORY, &ship(vec![stock.source(&[(0, 0)])])).expect("ship");
    }
}
