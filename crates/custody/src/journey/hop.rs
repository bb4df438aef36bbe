//! Hops: who has had a pack in its hands, one after the other.

use theriac_gs1::Gln;

use super::{Fact, FactKind};
use crate::item::Reason;

/// The time that a pack was with one member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hop {
    /// The member; `None` if its account acts for no member that is known.
    pub party: Option<Gln>,
    /// How it began.
    pub begins: Begin,
    /// Since when the member has had it, in seconds since 1970-01-01T00:00Z; `None` while it is on
    /// its way there.
    pub since: Option<u64>,
    /// How it ended.
    pub ends: End,
    /// When it ended, in seconds since 1970-01-01T00:00Z.
    pub until: Option<u64>,
    /// Which of the facts belong to it, in their order.
    pub facts: Vec<usize>,
}

/// How a hop begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begin {
    /// The member made the pack.
    Commissioned,
    /// Another member sent it.
    Sent {
        /// The sender.
        from: Option<Gln>,
    },
    /// The consignee refused it.
    Back {
        /// The consignee.
        from: Option<Gln>,
    },
}

/// How a hop ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// It has not: the pack is there, or on its way there.
    Open,
    /// The member sent the pack on.
    Sent {
        /// The consignee.
        to: Option<Gln>,
    },
    /// The member refused it.
    Refused,
    /// The pack's life ended.
    Retired(Reason),
}

/// The hops that the facts, oldest first, show.
pub fn hops(facts: &[Fact]) -> Vec<Hop> {
    let mut hops: Vec<Hop> = Vec::new();
    for (number, fact) in facts.iter().enumerate() {
        match fact.what {
            FactKind::Commissioned => hops.push(new(fact.by, Begin::Commissioned, Some(fact.at))),
            FactKind::Shipped => {
                let sender = at_party(&mut hops, fact);
                sender.ends = End::Sent { to: fact.to };
                sender.until = Some(fact.at);
                sender.facts.push(number);
                hops.push(new(fact.to, Begin::Sent { from: fact.by }, None));
                continue;
            }
            FactKind::Received => {
                let receiver = at_party(&mut hops, fact);
                receiver.since = receiver.since.or(Some(fact.at));
            }
            FactKind::Refused => {
                let refuser = at_party(&mut hops, fact);
                refuser.ends = End::Refused;
                refuser.until = Some(fact.at);
                refuser.facts.push(number);
                hops.push(new(fact.to, Begin::Back { from: fact.by }, Some(fact.at)));
                continue;
            }
            FactKind::Cancelled => {
                hops.pop_if(|last| last.since.is_none());
                let sender = at_party(&mut hops, fact);
                sender.ends = End::Open;
                sender.until = None;
            }
            FactKind::Retired(reason) => {
                let holder = at_party(&mut hops, fact);
                holder.ends = End::Retired(reason);
                holder.until = Some(fact.at);
            }
            FactKind::SetApart(_) | FactKind::Released => {}
        }
        at_party(&mut hops, fact).facts.push(number);
    }
    hops
}

fn new(party: Option<Gln>, begins: Begin, since: Option<u64>) -> Hop {
    Hop { party, begins, since, ends: End::Open, until: None, facts: Vec::new() }
}

/// The latest hop, which must be the one of who acts; of facts whose beginning is not known, one that
/// begins with nothing before it.
fn at_party<'a>(hops: &'a mut Vec<Hop>, fact: &Fact) -> &'a mut Hop {
    let is_last = hops.last().is_some_and(|last| last.party == fact.by);
    if !is_last {
        hops.push(new(fact.by, Begin::Sent { from: None }, Some(fact.at)));
    }
    let last = hops.len() - 1;
    &mut hops[last]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::Hash;

    fn gln(number: u64) -> Option<Gln> {
        Some(Gln::from_body(952_110_000_000 + number).unwrap())
    }

    fn fact(what: FactKind, by: u64, to: u64, at: u64) -> Fact {
        let to = (to > 0).then(|| gln(to)).flatten();
        let hash = Hash([at as u8; 32]);
        Fact { what, by: gln(by), to, cause: hash, block: at, transaction: hash, at }
    }

    type Told = (Option<Gln>, Option<u64>, Option<u64>, Vec<usize>);

    /// Party, since, until and the facts of each hop.
    fn told(facts: &[Fact]) -> Vec<Told> {
        hops(facts).into_iter().map(|hop| (hop.party, hop.since, hop.until, hop.facts)).collect()
    }

    #[test]
    fn a_pack_goes_from_hand_to_hand() {
        let facts = [
            fact(FactKind::Commissioned, 1, 0, 1),
            fact(FactKind::Shipped, 1, 2, 2),
            fact(FactKind::Received, 2, 0, 3),
            fact(FactKind::SetApart(crate::HoldingState::Quarantined), 2, 0, 4),
            fact(FactKind::Released, 2, 0, 5),
            fact(FactKind::Shipped, 2, 3, 6),
            fact(FactKind::Received, 3, 0, 7),
            fact(FactKind::Retired(Reason::Dispensed), 3, 0, 8),
        ];
        let expected = [
            (gln(1), Some(1), Some(2), vec![0, 1]),
            (gln(2), Some(3), Some(6), vec![2, 3, 4, 5]),
            (gln(3), Some(7), Some(8), vec![6, 7]),
        ];
        assert_eq!(told(&facts), expected);
        let hops = hops(&facts);
        assert_eq!(hops[0].begins, Begin::Commissioned);
        assert_eq!(hops[1].begins, Begin::Sent { from: gln(1) });
        assert_eq!(hops[1].ends, End::Sent { to: gln(3) });
        assert_eq!(hops[2].ends, End::Retired(Reason::Dispensed));
        // On its way: the consignee is a hop that has not begun.
        let way = &told(&facts[..6])[2];
        assert_eq!(*way, (gln(3), None, None, vec![]));
        assert_eq!(super::super::parties(&facts).len(), 3);
    }

    #[test]
    fn what_comes_back_is_with_its_sender_again() {
        let cancelled = [
            fact(FactKind::Commissioned, 1, 0, 1),
            fact(FactKind::Shipped, 1, 2, 2),
            fact(FactKind::Cancelled, 1, 0, 3),
        ];
        assert_eq!(told(&cancelled), [(gln(1), Some(1), None, vec![0, 1, 2])]);
        let refused = [
            fact(FactKind::Commissioned, 1, 0, 1),
            fact(FactKind::Shipped, 1, 2, 2),
            fact(FactKind::Refused, 2, 1, 3),
            fact(FactKind::Shipped, 1, 3, 4),
        ];
        let expected = [
            (gln(1), Some(1), Some(2), vec![0, 1]),
            (gln(2), None, Some(3), vec![2]),
            (gln(1), Some(3), Some(4), vec![3]),
            (gln(3), None, None, vec![]),
        ];
        assert_eq!(told(&refused), expected);
        assert_eq!(hops(&refused)[2].begins, Begin::Back { from: gln(2) });
    }

    /// Logs that this node has not followed from the beginning on, or in a wrong order, never panic.
    #[test]
    fn facts_without_a_beginning_still_tell_who_acted() {
        for kind in [
            FactKind::Shipped,
            FactKind::Received,
            FactKind::Refused,
            FactKind::Cancelled,
            FactKind::Released,
            FactKind::Retired(Reason::Lost),
        ] {
            let hops = hops(&[fact(kind, 4, 5, 1)]);
            assert_eq!(hops[0].party, gln(4), "{kind:?}");
            assert_eq!(hops[0].facts, [0], "{kind:?}");
        }
        assert_eq!(hops(&[]), []);
    }
}
