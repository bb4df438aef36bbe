//! A reader of logs alone: from where a leaf was made it knows where the leaf is. And what logs do not say.

use std::collections::{BTreeMap, BTreeSet};

use alloy::primitives::{B256, Log};
use alloy::sol_types::SolEvent;
use theriac_contract_tests::custody::Custody;
use theriac_contract_tests::{
    LotStatus, Place, Source, State, leaf, tree_order, unit_hash, unpack_sources,
};

use super::twin::{LOTS, Twin, lot_tag};

/// Numbers of leaves from the left; `None` is an empty leaf, or one that left.
type Leaves = Vec<Option<u64>>;

/// What a reader finds out. A leaf is known by its number, from the left of the holding that it was made in.
#[derive(Default)]
struct Reader {
    /// Leaves of each holding that have not left it.
    holdings: BTreeMap<B256, Leaves>,
    /// Heights of holdings that are opened.
    heights: BTreeMap<B256, u8>,
    /// Leaves that were retired, by where they were, and the last second at which they can come back.
    retired: BTreeMap<(B256, Place), (Leaves, u64)>,
    /// Status of lots.
    lots: BTreeMap<B256, u8>,
    /// The lot of each leaf, which the reader of a log `Commissioned` knows.
    lot_of: Vec<B256>,
}

impl Reader {
    fn read(&mut self, time_s: u64, log: &Log, counts: &BTreeMap<B256, u64>) {
        let topic = log.topics()[0];
        match topic {
            Custody::HoldingOpened::SIGNATURE_HASH => {
                let event = Custody::HoldingOpened::decode_log(log).expect("its topic");
                self.heights.insert(event.id, event.height);
            }
            Custody::Commissioned::SIGNATURE_HASH => {
                let event = Custody::Commissioned::decode_log(log).expect("its topic");
                let count = counts[&event.id];
                let first = self.lot_of.len() as u64;
                self.lot_of.extend((0..count).map(|_| event.lotTag));
                let mut leaves: Vec<_> = (first..first + count).map(Some).collect();
                leaves.resize(1 << self.heights[&event.id], None);
                self.holdings.insert(event.id, leaves);
            }
            Custody::Gathered::SIGNATURE_HASH => {
                let event = Custody::Gathered::decode_log(log).expect("its topic");
                let places = tree_order(&unpack_sources(&event.sources));
                let mut leaves: Vec<_> =
                    places.into_iter().flat_map(|(id, place)| self.take(id, place)).collect();
                leaves.resize(1 << self.heights[&event.id], None);
                self.holdings.insert(event.id, leaves);
            }
            Custody::Retired::SIGNATURE_HASH => self.read_retired(log),
            Custody::Restored::SIGNATURE_HASH => {
                let event = Custody::Restored::decode_log(log).expect("its topic");
                for (id, place) in each(&unpack_sources(&event.places)) {
                    let (leaves, until) = self.retired.remove(&(id, place)).expect("was retired");
                    assert!(time_s <= until, "came back outside of the window");
                    let own = self.holdings.get_mut(&id).expect("not pruned yet");
                    let range = range(place);
                    assert!(own[range.clone()].iter().all(Option::is_none));
                    own[range].copy_from_slice(&leaves);
                }
            }
            Custody::LotStatusChanged::SIGNATURE_HASH => {
                let event = Custody::LotStatusChanged::decode_log(log).expect("its topic");
                self.lots.insert(event.lotTag, event.status);
            }
            Custody::LotPruned::SIGNATURE_HASH => {
                let event = Custody::LotPruned::decode_log(log).expect("its topic");
                self.lots.remove(&event.lotTag);
            }
            Custody::Pruned::SIGNATURE_HASH => {
                let event = Custody::Pruned::decode_log(log).expect("its topic");
                self.holdings.remove(&event.id);
            }
            _ => {}
        }
    }

    fn read_retired(&mut self, log: &Log) {
        let event = Custody::Retired::decode_log(log).expect("its topic");
        for (id, place) in each(&unpack_sources(&event.places)) {
            let leaves = self.take(id, place);
            // The first three reasons mean use, which a recall forbids.
            for leaf in leaves.iter().flatten().filter(|_| event.reason < 3) {
                let status = self.lots.get(&self.lot_of[*leaf as usize]);
                assert!(status.is_none_or(|s| *s == LotStatus::Normal as u8), "used, recalled");
            }
            self.retired.insert((id, place), (leaves, event.until.to()));
        }
    }

    fn take(&mut self, id: B256, place: Place) -> Leaves {
        let own = self.holdings.get_mut(&id).expect("a holding of the logs");
        let taken = own[range(place)].to_vec();
        own[range(place)].fill(None);
        taken
    }
}

fn range((height, index): Place) -> std::ops::Range<usize> {
    let first = (index as usize) << height;
    first..first + (1 << height)
}

fn each(sources: &[Source]) -> Vec<(B256, Place)> {
    sources.iter().flat_map(|s| s.places.iter().map(|p| (s.holding, *p))).collect()
}

/// The reader finds every leaf where the model has it, and nothing that it need not know.
pub(crate) fn check(twin: &Twin) {
    let mut reader = Reader::default();
    let count = |units: &[Option<_>]| units.iter().flatten().count() as u64;
    let counts = twin.archive.iter().map(|(id, (_, units))| (*id, count(units))).collect();
    for (time_s, log) in &twin.logs {
        reader.read(*time_s, log, &counts);
    }
    for (id, holding) in &twin.model.holdings {
        if holding.state == State::Pruning {
            continue;
        }
        let units = holding.units.iter().enumerate();
        let expected: Vec<_> = units
            .map(|(i, unit)| unit.filter(|_| !holding.marks.any(0, i as u64)).map(|u| u.number))
            .collect();
        assert_eq!(reader.holdings[id], expected, "leaves of holding {id}");
    }
    let retired = reader.retired.values().flat_map(|(leaves, _)| leaves).flatten();
    assert_eq!(retired.copied().collect::<BTreeSet<_>>(), twin.model.retired);
    check_secrets(twin);
}

/// No log holds a leaf or a unit, or a lot where it is not of the lot's labeler.
fn check_secrets(twin: &Twin) {
    let lots: BTreeSet<_> = (0..LOTS).map(lot_tag).collect();
    let units = twin.archive.values().flat_map(|(_, units)| units).flatten();
    let numbers: BTreeMap<_, _> = units.map(|unit| (unit.number, unit.lot)).collect();
    let mut secrets = lots.clone();
    for (number, lot) in numbers {
        secrets.insert(unit_hash(number));
        secrets.insert(leaf(lot, unit_hash(number)));
    }
    // Which first two bytes a secret can have, to look up few.
    let mut starts = vec![false; 1 << 16];
    secrets.iter().for_each(|s| starts[usize::from(u16::from_be_bytes([s[0], s[1]]))] = true);
    let public = [
        Custody::LotOpened::SIGNATURE_HASH,
        Custody::Commissioned::SIGNATURE_HASH,
        Custody::LotStatusChanged::SIGNATURE_HASH,
        Custody::LotPruned::SIGNATURE_HASH,
    ];
    for (_, log) in &twin.logs {
        let topics = log.topics();
        let mut bytes: Vec<u8> = topics.iter().flat_map(|topic| topic.0).collect();
        bytes.extend_from_slice(&log.data.data);
        // The root of a holding of one leaf is that leaf: whoever knows it finds the holding, and nobody else can.
        let single = Custody::HoldingOpened::decode_log(log).ok().filter(|e| e.height == 0);
        for window in bytes.windows(32) {
            let start = usize::from(u16::from_be_bytes([window[0], window[1]]));
            if !starts[start] || !secrets.contains(window) {
                continue;
            }
            let allowed = match &single {
                Some(event) => event.root == window,
                None => public.contains(&topics[0]) && lots.contains(window),
            };
            assert!(allowed, "{log:?} tells {}", B256::from_slice(window));
        }
    }
}
