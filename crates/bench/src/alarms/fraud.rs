//! Frauds of seven kinds, and whether they are found: by the verdict at once, or by the alarm once no
//! late data explain them.

use std::collections::{BTreeMap, HashSet};

use theriac_custody::VerdictCode;
use theriac_node::{Asker, Sight};

use super::document::{event, recalled};
use super::honest::{EXPIRY, Lot, dispensed, link};
use super::mangle::scanned;
use super::tally::Tally;
use super::town::{Town, Who, gtin};
use crate::benchmark::Failure;
use crate::world::hashed;

/// Expiry of what expires in the benchmark.
const SOON: &str = "2026-12-24";

/// A kind of fraud.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fraud {
    /// The code of a genuine pack on another one, in another shop.
    Copied,
    /// A code that the maker never made.
    Invented,
    /// A pack that its holder has reported stolen.
    Stolen,
    /// A pack that left the way without a sale.
    Diverted,
    /// A pack past its expiry date.
    Expired,
    /// A pack of a recalled lot.
    Recalled,
    /// A pack that was dispensed, and is sold once more.
    Resold,
}

impl Fraud {
    pub(super) const ALL: [Self; 7] = [
        Self::Copied,
        Self::Invented,
        Self::Stolen,
        Self::Diverted,
        Self::Expired,
        Self::Recalled,
        Self::Resold,
    ];

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Copied => "copied",
            Self::Invented => "invented",
            Self::Stolen => "stolen",
            Self::Diverted => "diverted",
            Self::Expired => "expired",
            Self::Recalled => "recalled",
            Self::Resold => "resold_after_dispensing",
        }
    }

    /// Where a pack of it is offered.
    fn at(self) -> Who {
        match self {
            Self::Expired | Self::Recalled => Who::Pharmacy,
            _ => Who::Shop,
        }
    }

    /// The verdict that finds it; `None`: the pack itself is genuine, and only the alarm finds it.
    fn verdict(self) -> Option<VerdictCode> {
        match self {
            Self::Copied | Self::Diverted => None,
            Self::Invented => Some(VerdictCode::NotGenuine),
            Self::Stolen => Some(VerdictCode::Stolen),
            Self::Expired => Some(VerdictCode::Expired),
            Self::Recalled => Some(VerdictCode::Recalled),
            Self::Resold => Some(VerdictCode::AlreadyRetired),
        }
    }
}

/// The packs of the frauds.
pub(super) struct Planted {
    packs: BTreeMap<Fraud, Vec<String>>,
}

/// Plants frauds, `each` of every kind, and offers them.
pub(super) async fn plant(
    town: &mut Town,
    each: u32,
    tally: &mut Tally,
) -> Result<Planted, Failure> {
    let lots = lots(town, each);
    sold(town, &lots).await?;
    let (stolen, resold) = (&lots[&Fraud::Stolen], &lots[&Fraud::Resold]);
    let (site, at) = (Who::Wholesaler.site(), town.tick());
    let stolen = event("OBSERVE", "holding", "stolen", &stolen.links(), site, at);
    town.captured(Who::Wholesaler, &[stolen]).await?;
    for packs in resold.links().chunks(200) {
        town.captured(Who::Pharmacy, &[dispensed(town, Who::Pharmacy, packs)]).await?;
    }
    let lot = &lots[&Fraud::Recalled].name;
    let recall = recalled(&gtin().to_string(), lot, town.tick());
    town.captured(Who::Maker, &[recall]).await?;
    town.settle().await?;
    // What expires soon has expired then.
    town.pass(24 * 30);
    town.settle().await?;
    let mut planted = Planted { packs: BTreeMap::new() };
    for fraud in Fraud::ALL {
        let (codes, links) = match lots.get(&fraud) {
            Some(lot) => (lot.codes(), lot.links()),
            None => invented(town, each),
        };
        tally.plant(fraud, codes.len() as u64);
        for code in &codes {
            offered(town, fraud, code, tally).await?;
        }
        planted.packs.insert(fraud, links);
    }
    town.settle().await?;
    Ok(planted)
}

fn lots(town: &Town, each: u32) -> BTreeMap<Fraud, Lot> {
    let genuine = Fraud::ALL.into_iter().filter(|fraud| *fraud != Fraud::Invented);
    let lot = |fraud: Fraud| {
        let expiry = if fraud == Fraud::Expired { SOON } else { EXPIRY };
        Lot::new(town, &format!("F{}", fraud as u8), expiry, u64::from(each))
    };
    genuine.map(|fraud| (fraud, lot(fraud))).collect()
}

/// All are made and come to the wholesaler, and those of the pharmacy to it.
async fn sold(town: &Town, lots: &BTreeMap<Fraud, Lot>) -> Result<(), Failure> {
    let first = [Who::Maker, Who::Wholesaler];
    let then = [Who::Wholesaler, Who::Pharmacy];
    for lot in lots.values() {
        lot.made(town).await?;
        lot.shipped(town, first, 0).await?;
    }
    town.settle().await?;
    for lot in lots.values() {
        lot.received(town, first).await?;
    }
    town.settle().await?;
    let stays = |fraud: &Fraud| matches!(fraud, Fraud::Stolen | Fraud::Diverted);
    for (_, lot) in lots.iter().filter(|(fraud, _)| !stays(fraud)) {
        lot.shipped(town, then, 0).await?;
    }
    town.settle().await?;
    for (_, lot) in lots.iter().filter(|(fraud, _)| !stays(fraud)) {
        lot.received(town, then).await?;
    }
    town.settle().await
}

fn invented(town: &Town, each: u32) -> (Vec<String>, Vec<String>) {
    let serial = |n: u32| hashed(town.seed, "invented", n.into()).to_string()[2..18].to_uppercase();
    let serials: Vec<String> = (0..each).map(serial).collect();
    let gtin = gtin().to_string();
    let codes = serials.iter().map(|serial| scanned(&gtin, serial, "L1", "601231")).collect();
    (codes, serials.iter().map(|serial| link(serial)).collect())
}

/// A pack is scanned where it is offered.
async fn offered(town: &Town, fraud: Fraud, code: &str, tally: &mut Tally) -> Result<(), Failure> {
    // Nobody offers a hundred forgeries a minute; who asks so is held up.
    town.pass_seconds(70);
    let at = fraud.at();
    let sight = Sight { place: Some(at.site()), ..Sight::default() };
    let report = town.node(at).verify_seen(code, Asker::Here, &sight).await?;
    let found = report.verdict.code;
    match fraud.verdict() {
        Some(expected) if found == expected => tally.find(fraud),
        Some(expected) => {
            return Err(format!("expected {expected} for {}, found {found}", fraud.word()).into());
        }
        // The maker's node says that it is genuine, and not here.
        None if found == VerdictCode::NotHere => {}
        None => {
            return Err(format!("expected not_here for {}, found {found}", fraud.word()).into());
        }
    }
    Ok(())
}

impl Planted {
    /// All packs of frauds.
    pub(super) fn packs(&self) -> impl Iterator<Item = &str> {
        self.packs.values().flatten().map(String::as_str)
    }

    /// Counts those that only the alarm finds.
    pub(super) async fn found(&self, town: &Town, tally: &mut Tally) -> Result<(), Failure> {
        let alarms = town.node(Who::Maker).alarms(1_000_000).await?;
        let alarmed: HashSet<&str> = alarms.iter().map(|alarm| alarm.pack.as_str()).collect();
        for (fraud, packs) in self.packs.iter().filter(|(fraud, _)| fraud.verdict().is_none()) {
            for _ in packs.iter().filter(|pack| alarmed.contains(pack.as_str())) {
                tally.find(*fraud);
            }
        }
        Ok(())
    }
}
