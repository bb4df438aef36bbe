//! Honest trade: goods before their data and data before goods, scans that are told twice, late and by
//! wrong clocks, events out of order, documents sent again, mangled codes.

use futures::{StreamExt, stream};
use jiff::SignedDuration;
use serde_json::Value;
use theriac_node::{Asker, Sight};

use super::document::{between, event, of_lot};
use super::mangle::{mangled, scanned};
use super::tally::Tally;
use super::town::{Town, Who, gtin};
use crate::benchmark::Failure;
use crate::world::hashed;

/// Scans of a pack in its life, about.
const SCANS_PER_PACK: u64 = 18;

/// Packs of a lot at most.
const LOT_MAX: u64 = 2_000;

/// Packs of a document at the counter.
const COUNTER: usize = 100;

/// Scans in a second of the town's clock.
const SCANS_PER_SECOND: u64 = 20;

/// Scans under way at a time.
const AT_ONCE: usize = 16;

/// Expiry of what does not expire in the benchmark.
pub(super) const EXPIRY: &str = "2060-12-31";

/// Packs of one lot.
pub(super) struct Lot {
    pub(super) name: String,
    pub(super) serials: Vec<String>,
    expiry: &'static str,
}

impl Lot {
    pub(super) fn new(town: &Town, name: &str, expiry: &'static str, packs: u64) -> Self {
        let serial = |n| {
            let salt = hashed(town.seed, name, n).to_string();
            format!("{name}x{n}K{}", salt[2..8].to_uppercase())
        };
        Self { name: name.to_owned(), serials: (0..packs).map(serial).collect(), expiry }
    }

    pub(super) fn links(&self) -> Vec<String> {
        self.serials.iter().map(|serial| link(serial)).collect()
    }

    /// What a scanner sends of its packs.
    pub(super) fn codes(&self) -> Vec<String> {
        let expiry = self.expiry[2..].replace('-', "");
        let gtin = gtin().to_string();
        self.serials.iter().map(|serial| scanned(&gtin, serial, &self.name, &expiry)).collect()
    }

    /// The maker makes it.
    pub(super) async fn made(&self, town: &Town) -> Result<(), Failure> {
        let (site, at) = (Who::Maker.site(), town.tick());
        let made = event("ADD", "commissioning", "active", &self.links(), site, at);
        town.captured(Who::Maker, &[of_lot(made, &self.name, self.expiry)]).await
    }

    /// It leaves one company for another, so many hours ago.
    pub(super) async fn shipped(
        &self,
        town: &Town,
        way: [Who; 2],
        ago: i64,
    ) -> Result<(), Failure> {
        town.tick();
        let [from, to] = way;
        let at = town.ago(ago);
        let shipped = event("OBSERVE", "shipping", "in_transit", &self.links(), from.site(), at);
        town.captured(from, &[between(shipped, from.gln(), to.gln())]).await
    }

    pub(super) async fn received(&self, town: &Town, way: [Who; 2]) -> Result<(), Failure> {
        let [from, to] = way;
        let (site, at) = (to.site(), town.tick());
        let received = event("OBSERVE", "receiving", "in_progress", &self.links(), site, at);
        town.captured(to, &[between(received, from.gln(), to.gln())]).await
    }
}

/// The pack with this serial number, as GS1 Digital Link.
pub(super) fn link(serial: &str) -> String {
    format!("https://id.gs1.org/01/{}/21/{serial}", gtin())
}

/// A company's packs go over its counter.
pub(super) fn dispensed(town: &Town, at: Who, packs: &[String]) -> Value {
    event("OBSERVE", "dispensing", "dispensed", packs, at.site(), town.tick())
}

/// To whom the wholesaler sells a lot.
fn buyer(n: usize) -> Who {
    if n.is_multiple_of(2) { Who::Pharmacy } else { Who::Shop }
}

/// Lots go all the way; at least `scans` scans are counted.
pub(super) async fn trade(town: &mut Town, scans: u64, tally: &mut Tally) -> Result<(), Failure> {
    let packs = scans.div_ceil(SCANS_PER_PACK);
    let size = (packs / 12).clamp(10, LOT_MAX);
    let count = packs.div_ceil(size);
    let lots: Vec<Lot> =
        (0..count).map(|n| Lot::new(town, &format!("L{n}"), EXPIRY, size)).collect();
    to_wholesaler(town, &lots, tally).await?;
    to_pharmacies(town, &lots, tally).await?;
    let left = over_the_counter(town, &lots, tally).await?;
    while tally.scans < scans {
        town.tick();
        for (n, codes) in left.iter().enumerate() {
            let wanted = usize::try_from(scans.saturating_sub(tally.scans)).unwrap_or(usize::MAX);
            scan(town, buyer(n), &codes[..codes.len().min(wanted)], false, tally).await;
        }
    }
    town.settle().await
}

/// The wholesaler has the goods of each third lot in hand before the data of their shipment come.
async fn to_wholesaler(town: &Town, lots: &[Lot], tally: &mut Tally) -> Result<(), Failure> {
    let way = [Who::Maker, Who::Wholesaler];
    for lot in lots {
        lot.made(town).await?;
    }
    town.settle().await?;
    for (n, lot) in lots.iter().enumerate() {
        scan(town, Who::Maker, &lot.codes(), false, tally).await;
        if n.is_multiple_of(3) {
            scan(town, Who::Wholesaler, &lot.codes(), false, tally).await;
        }
    }
    town.pass(5);
    for lot in lots {
        lot.shipped(town, way, 6).await?;
    }
    town.settle().await?;
    for (n, lot) in lots.iter().enumerate() {
        if n % 3 == 1 {
            scan(town, Who::Wholesaler, &lot.codes(), false, tally).await;
        }
        lot.received(town, way).await?;
        tally.scans += lot.serials.len() as u64;
    }
    town.settle().await?;
    for lot in lots {
        for _ in 0..3 {
            scan(town, Who::Wholesaler, &lot.codes(), false, tally).await;
        }
    }
    Ok(())
}

/// Some pharmacies sell before they have told that they received: their events come out of order.
async fn to_pharmacies(town: &Town, lots: &[Lot], tally: &mut Tally) -> Result<(), Failure> {
    town.pass(20);
    for (n, lot) in lots.iter().enumerate() {
        if n % 3 == 2 {
            scan(town, buyer(n), &lot.codes(), false, tally).await;
        }
    }
    town.pass(30);
    for (n, lot) in lots.iter().enumerate() {
        lot.shipped(town, [Who::Wholesaler, buyer(n)], 31).await?;
    }
    town.settle().await?;
    for (n, lot) in lots.iter().enumerate() {
        let to = buyer(n);
        if n % 5 == 4 {
            let early = dispensed(town, to, &lot.links()[..1]);
            tally.document(&town.capture(to, &[early]).await?, 1);
        }
        lot.received(town, [Who::Wholesaler, to]).await?;
        tally.scans += lot.serials.len() as u64;
    }
    town.settle().await?;
    for (n, lot) in lots.iter().enumerate() {
        for _ in 0..4 {
            scan(town, buyer(n), &lot.codes()[1..], false, tally).await;
        }
    }
    Ok(())
}

/// Four in five packs are dispensed; documents are sent again, with the same time and with another.
/// The codes of what is left in stock, for each lot.
async fn over_the_counter(
    town: &Town,
    lots: &[Lot],
    tally: &mut Tally,
) -> Result<Vec<Vec<String>>, Failure> {
    town.pass(26);
    let mut left = Vec::new();
    for (n, lot) in lots.iter().enumerate() {
        let at = buyer(n);
        let (links, codes) = (lot.links(), lot.codes());
        let end = 1 + (links.len() - 1) * 4 / 5;
        for packs in links[1..end].chunks(COUNTER) {
            let first = dispensed(town, at, packs);
            let again = dispensed(town, at, packs);
            for told in [&first, &first, &again] {
                let report = town.capture(at, std::slice::from_ref(told)).await?;
                tally.document(&report, packs.len() as u64);
            }
        }
        for _ in 0..2 {
            scan(town, at, &codes[1..end], true, tally).await;
        }
        left.push(codes[end..].to_vec());
    }
    town.settle().await?;
    town.pass(3);
    for (n, lot) in lots.iter().enumerate() {
        let end = 1 + (lot.serials.len() - 1) * 4 / 5;
        scan(town, buyer(n), &lot.codes()[1..end], true, tally).await;
    }
    Ok(left)
}

/// Scans codes at a company. One in ten is mangled, one in fifty told with place and time, by a clock
/// that is wrong.
async fn scan(town: &Town, who: Who, codes: &[String], ended: bool, tally: &mut Tally) {
    let node = town.node(who);
    let now = town.now();
    let asked = codes.iter().cloned().zip(tally.scans..).map(|(code, n)| async move {
        let sight = match n % 50 {
            7 => Sight {
                at: Some(now - SignedDuration::from_mins(n as i64 % 100 - 50)),
                place: Some(who.site()),
                position: who.position().parse().ok(),
                for_public: false,
            },
            _ => Sight::default(),
        };
        match n % 10 {
            3 => node.verify_seen(&mangled(&code, n / 10), Asker::Here, &sight).await,
            _ => node.verify_seen(&code, Asker::Here, &sight).await,
        }
    });
    let mut answers = stream::iter(asked).buffer_unordered(AT_ONCE);
    while let Some(answer) = answers.next().await {
        tally.scan(answer, ended);
        if tally.scans.is_multiple_of(SCANS_PER_SECOND) {
            town.pass_seconds(1);
        }
    }
}
