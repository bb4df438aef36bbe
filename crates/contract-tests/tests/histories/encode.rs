//! Operations in clear as calls of the contract.

use std::collections::BTreeMap;

use alloy::primitives::{B256, Bytes};
use alloy::sol_types::SolCall;
use theriac_contract_tests::custody::{Custody, ICustody};
use theriac_contract_tests::{
    LotStatus, Model, Op, Source, Stock, Tree, Unit, in_order, leaf, pack_choice, pack_items,
    pack_places, pack_sources, unit_hash, word,
};

/// Every holding that there ever was, and what was in it.
pub(crate) type Archive = BTreeMap<B256, (Stock, Vec<Option<Unit>>)>;

/// The call of an operation.
pub(crate) fn encode(model: &Model, archive: &Archive, op: &Op, cause: B256) -> Bytes {
    let data = match op {
        Op::Commission { lot, expiry, count } => {
            let numbers = model.next_unit..model.next_unit + count;
            let tree = Tree::new(numbers.map(|n| leaf(*lot, unit_hash(n))).collect());
            let (root, height) = (tree.root(), tree.height());
            let (lot_tag, expiry) = (*lot, *expiry);
            Custody::commissionCall { lotTag: lot_tag, expiry, root, height, cause }.abi_encode()
        }
        Op::Ship { sources, to } => {
            let sources = sources.iter().map(|s| nodes(archive, s)).collect();
            Custody::shipCall { sources, to: *to, cause }.abi_encode()
        }
        Op::Receive { id } => Custody::receiveShipmentCall { id: *id, cause }.abi_encode(),
        Op::ReceiveInPart { id, refused } => {
            let refused = nodes(archive, refused);
            Custody::receiveInPartCall { id: *id, refused, cause }.abi_encode()
        }
        Op::Cancel { id } => Custody::cancelCall { id: *id, cause }.abi_encode(),
        Op::Segregate { sources, state } => {
            let sources = sources.iter().map(|s| nodes(archive, s)).collect();
            Custody::segregateCall { sources, state: *state as u8, cause }.abi_encode()
        }
        Op::Release { id } => Custody::releaseCall { id: *id, cause }.abi_encode(),
        Op::Retire { sources, reason } => {
            let mut lots = Vec::new();
            let sources = sources.iter().map(|s| leaves(archive, s, &mut lots)).collect();
            Custody::retireCall { lotTags: lots, sources, reason: *reason as u8, cause }
                .abi_encode()
        }
        Op::WriteOff { sources, reason } => {
            let loss =
                |s: &Source| ICustody::Loss { id: s.holding, places: pack_places(&s.places) };
            let losses = sources.iter().map(loss).collect();
            Custody::writeOffCall { losses, reason: *reason as u8, cause }.abi_encode()
        }
        Op::Restore { batch, chosen } => Custody::restoreCall {
            places: pack_sources(&batch.sources),
            reason: batch.reason as u8,
            retiredBy: batch.cause,
            until: batch.until.to_string().parse().expect("a time of 40 bits"),
            which: pack_choice(chosen),
            cause,
        }
        .abi_encode(),
        Op::Decide { lot, status } => decision(*lot, *status, cause),
    };
    data.into()
}

fn decision(lot_tag: B256, status: LotStatus, cause: B256) -> Vec<u8> {
    match status {
        LotStatus::Normal => Custody::liftCall { lotTag: lot_tag, cause }.abi_encode(),
        LotStatus::Blocked => Custody::blockLotCall { lotTag: lot_tag, cause }.abi_encode(),
        class => Custody::recallCall { lotTag: lot_tag, class: class as u8, cause }.abi_encode(),
    }
}

/// Subtrees with their proof; with none where a cheat named places that have none.
fn nodes(archive: &Archive, source: &Source) -> ICustody::Source {
    let Some((stock, _)) = archive.get(&source.holding) else {
        let seed = word("of nothing");
        return ICustody::Source {
            seed,
            height: 0,
            items: Bytes::from(vec![0; 37]),
            proof: vec![],
        };
    };
    if in_order(stock.tree.height(), &source.places) {
        return stock.source(&source.places);
    }
    let places = source.places.iter().map(|place| (*place, word("hash")));
    stock.with(pack_items(places), vec![])
}

/// Leaves with their proof and their lots.
fn leaves(archive: &Archive, source: &Source, lots: &mut Vec<B256>) -> ICustody::Source {
    let Some((stock, units)) = archive.get(&source.holding) else {
        return nodes(archive, source);
    };
    let items = source.places.iter().map(|(_, index)| {
        let unit = units.get(*index as usize).copied().flatten();
        let (lot, hash) = unit
            .map_or((word("no lot"), word("no unit")), |unit| (unit.lot, unit_hash(unit.number)));
        let number = lots.iter().position(|known| *known == lot).unwrap_or_else(|| {
            lots.push(lot);
            lots.len() - 1
        });
        ((number as u8, *index), hash)
    });
    let items = pack_items(items.collect::<Vec<_>>());
    let ordered = in_order(stock.tree.height(), &source.places);
    let proof = if ordered { stock.tree.multiproof(&source.places) } else { vec![] };
    stock.with(items, proof)
}
