//! Where the packs of a recall have gone: runs of leaves followed over the ledger's logs, all holdings
//! of a step at once.
//!
//! # Invariants
//!
//! - No pack is looked at by itself: a million packs over a hundred holders are a few thousand runs.

use std::collections::{BTreeMap, HashMap};

use theriac_custody::recall::Places;
use theriac_custody::spread::{Span, joined, occupied, split};
use theriac_custody::{Account, Hash, HoldingState, Reason};
use theriac_gs1::{Gln, Lgtin};
use theriac_store::{Departures, LedgerHolding, ReadTx};

use crate::error::NodeError;
use crate::node::Node;

/// Holdings that a leaf is followed through at most.
const STEPS_MAX: usize = 1_000;

/// Where runs of leaves begin: by holding.
pub(crate) type Starts = BTreeMap<Hash, Vec<Span>>;

/// Leaves that stand together on the ledger.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    /// The holding.
    pub(crate) holding: Hash,
    /// The member that holds it, if the registry knows the account.
    pub(crate) holder: Option<Gln>,
    /// The member that it is on its way to.
    pub(crate) consignee: Option<Gln>,
    /// State of the holding.
    pub(crate) state: HoldingState,
    /// How the units' lives ended, if they have.
    pub(crate) ended: Option<Reason>,
    /// Whether they have been with a member that is not the one that the walk is about.
    pub(crate) left: bool,
    /// The leaf positions.
    pub(crate) spans: Vec<Span>,
}

/// The leaves of a recall, where they are.
#[derive(Debug, Clone, Default)]
pub(crate) struct Spread {
    /// The leaves by place.
    pub(crate) parts: Vec<Part>,
    /// Whether each leaf counted is a unit; a lot whose leaves this node does not know is counted by
    /// the width of its holdings.
    pub(crate) exact: bool,
}

/// The members behind accounts, each asked once.
#[derive(Default)]
struct Members(HashMap<Account, Option<Gln>>);

impl Members {
    async fn of(&mut self, tx: &mut ReadTx, account: Account) -> Result<Option<Gln>, NodeError> {
        if account == Account::ZERO {
            return Ok(None);
        }
        if let Some(known) = self.0.get(&account) {
            return Ok(*known);
        }
        let member = tx.member_behind(&account).await?;
        self.0.insert(account, member);
        Ok(member)
    }
}

/// What the holdings of one step are.
struct Step {
    holdings: HashMap<Hash, LedgerHolding>,
    departures: HashMap<Hash, Departures>,
}

/// A walk over the ledger.
struct Walk<'a> {
    /// Whose packs they are at first.
    from: Gln,
    /// The members at which leaves are caught, and not followed any further; none: all to the end.
    until: &'a [Gln],
    members: Members,
    spread: Spread,
}

impl Node {
    /// Where whole lots begin: the leaves of the holdings that they were commissioned as; and whether
    /// each of them is a unit.
    pub(crate) async fn starts_of_lots(
        &self,
        tx: &mut ReadTx,
        lots: &[Lgtin],
    ) -> Result<(Starts, bool), NodeError> {
        let mut starts = Starts::new();
        let mut exact = true;
        for (_, row) in tx.load_lots(lots).await? {
            let Some(tag) = row.lot_tag else { continue };
            for holding in tx.holdings_of_lot(&tag).await? {
                let spans = match tx.known_holding(&holding.id).await? {
                    Some(known) => occupied(&known.leaves),
                    None => {
                        exact = false;
                        let width = 1_u64.checked_shl(u32::from(holding.height)).unwrap_or(0);
                        width
                            .checked_sub(1)
                            .and_then(|last| Span::new(0, last))
                            .into_iter()
                            .collect()
                    }
                };
                starts.insert(holding.id, spans);
            }
        }
        Ok((starts, exact))
    }

    /// Follows leaves to where they are today.
    pub(crate) async fn spread(
        &self,
        tx: &mut ReadTx,
        from: Gln,
        starts: Starts,
        exact: bool,
    ) -> Result<Spread, NodeError> {
        walk(tx, from, &[], starts, exact).await
    }

    /// Follows leaves to where a holding of one of `members`, or on its way to one, first took them.
    pub(crate) async fn arrivals(
        &self,
        tx: &mut ReadTx,
        from: Gln,
        starts: Starts,
        members: &[Gln],
    ) -> Result<Vec<Places>, NodeError> {
        let spread = walk(tx, from, members, starts, true).await?;
        let at = |gln: Option<Gln>| gln.is_some_and(|gln| members.contains(&gln));
        let caught = spread.parts.into_iter().filter(|part| at(part.holder) || at(part.consignee));
        let mut places = Starts::new();
        for part in caught {
            places.entry(part.holding).or_default().extend(part.spans);
        }
        Ok(as_places(places))
    }
}

/// Spans by holding as places, ascending.
pub(crate) fn as_places(starts: Starts) -> Vec<Places> {
    let place = |(holding, mut spans): (Hash, Vec<Span>)| {
        spans.sort_unstable();
        Places { holding, spans: joined(spans) }
    };
    starts.into_iter().map(place).collect()
}

async fn walk(
    tx: &mut ReadTx,
    from: Gln,
    until: &[Gln],
    starts: Starts,
    exact: bool,
) -> Result<Spread, NodeError> {
    let spread = Spread { parts: Vec::new(), exact };
    let mut walk = Walk { from, until, members: Members::default(), spread };
    let mut level: BTreeMap<(Hash, bool), Vec<Span>> =
        starts.into_iter().map(|(holding, spans)| ((holding, false), spans)).collect();
    for _ in 0..STEPS_MAX {
        if level.is_empty() {
            break;
        }
        let mut ids: Vec<Hash> = level.keys().map(|(holding, _)| *holding).collect();
        ids.dedup();
        let holdings = tx.ledger_holdings(&ids).await?;
        let departures = tx.departures(&ids).await?;
        level = walk.step(tx, level, &Step { holdings, departures }).await?;
    }
    Ok(walk.spread)
}

impl Walk<'_> {
    /// Splits the leaves of a level; those that have gone on are the next one.
    async fn step(
        &mut self,
        tx: &mut ReadTx,
        level: BTreeMap<(Hash, bool), Vec<Span>>,
        step: &Step,
    ) -> Result<BTreeMap<(Hash, bool), Vec<Span>>, NodeError> {
        let mut next: BTreeMap<(Hash, bool), Vec<Span>> = BTreeMap::new();
        for ((id, left), mut spans) in level {
            let Some(holding) = step.holdings.get(&id) else { continue };
            spans.sort_unstable();
            let part = self.part(tx, holding, left, joined(spans)).await?;
            if self.is_caught(&part) {
                self.spread.parts.push(part);
                continue;
            }
            let left = part.left;
            for (dest, span) in self.divide(part, step.departures.get(&id)) {
                next.entry((dest, left)).or_default().push(span);
            }
        }
        Ok(next)
    }

    async fn part(
        &mut self,
        tx: &mut ReadTx,
        holding: &LedgerHolding,
        left: bool,
        spans: Vec<Span>,
    ) -> Result<Part, NodeError> {
        let holder = self.members.of(tx, holding.holder).await?;
        let consignee = self.members.of(tx, holding.consignee).await?;
        Ok(Part {
            holding: holding.id,
            holder,
            consignee,
            state: holding.state,
            ended: None,
            left: left || holder != Some(self.from),
            spans,
        })
    }

    fn is_caught(&self, part: &Part) -> bool {
        let at = |gln: Option<Gln>| gln.is_some_and(|gln| self.until.contains(&gln));
        at(part.holder) || at(part.consignee)
    }

    /// Keeps what stays in a holding and what ended there; what has gone on.
    fn divide(&mut self, part: Part, departures: Option<&Departures>) -> Vec<(Hash, Span)> {
        let Some(departures) = departures else {
            self.spread.parts.push(part);
            return Vec::new();
        };
        let split = split(&part.spans, &departures.moves, &departures.ends);
        let mut ended: BTreeMap<u8, (Reason, Vec<Span>)> = BTreeMap::new();
        for (reason, span) in split.ended {
            ended.entry(reason.code()).or_insert((reason, Vec::new())).1.push(span);
        }
        for (reason, spans) in ended.into_values() {
            self.spread.parts.push(Part { ended: Some(reason), spans, ..part.clone() });
        }
        if !split.stays.is_empty() {
            self.spread.parts.push(Part { spans: split.stays, ..part });
        }
        split.moved
    }
}
