//! Where a case stands: whose turn it is, what was proposed, how it ended, in any order of arrival.
#![allow(clippy::unwrap_used, reason = "a test fails where it unwraps")]

use proptest::prelude::*;
use theriac_custody::Uuid;
use theriac_custody::case::{Act, CaseStage, Entry, Parties, Resolution, Standing};
use theriac_gs1::Gln;

fn gln(n: u64) -> Gln {
    Gln::from_body(952_110_000_000 + n).unwrap()
}

/// The buyer opens a case that the seller must act in.
fn parties() -> Parties {
    Parties { opener: gln(1), other: Some(gln(2)), first: gln(2) }
}

fn entry(id: u8, number: u64, author: Gln, act: Act) -> Entry {
    let at = "2026-11-23T06:00:00Z".parse().unwrap();
    Entry { id: Uuid([id; 16]), number, author, at, act, evidence: Vec::new() }
}

fn said(keep: bool) -> Act {
    Act::Said { text: "we look".to_owned(), keep }
}

fn proposed(resolution: Resolution) -> Act {
    Act::Proposed { resolution, text: None }
}

fn answered(proposal: u8, accept: bool, alternative: Option<Resolution>) -> Act {
    Act::Answered { proposal: Uuid([proposal; 16]), accept, text: None, alternative }
}

fn resolved() -> Act {
    Act::Resolved { outcome: "the data came".to_owned(), resolution: None }
}

fn turns(entries: &[Entry]) -> Vec<Gln> {
    (0..=entries.len()).map(|n| Standing::of(&parties(), &entries[..n]).turn).collect()
}

#[test]
fn who_speaks_in_their_turn_hands_it_over_unless_they_keep_it() {
    let (buyer, seller) = (gln(1), gln(2));
    let entries = [
        entry(1, 1, buyer, Act::Opened),
        entry(2, 2, buyer, said(false)),
        entry(3, 3, seller, said(true)),
        entry(4, 4, seller, said(false)),
        entry(5, 5, seller, said(false)),
        entry(6, 6, buyer, said(false)),
    ];
    assert_eq!(turns(&entries), [seller, seller, seller, seller, buyer, buyer, seller]);
}

#[test]
fn an_accepted_proposal_is_for_the_one_who_carries_it_out() {
    let (buyer, seller) = (gln(1), gln(2));
    for (resolution, turn) in [
        (Resolution::SendNewData, seller),
        (Resolution::SendProduct, seller),
        (Resolution::CreditAccount, seller),
        (Resolution::DebitAccount, seller),
        (Resolution::SendBackProduct, seller),
        (Resolution::ReturnProduct, buyer),
    ] {
        let entries = [
            entry(1, 1, buyer, proposed(resolution)),
            entry(2, 2, seller, answered(1, true, None)),
        ];
        assert_eq!(turns(&entries), [seller, seller, turn], "{resolution}");
        let standing = Standing::of(&parties(), &entries);
        assert_eq!(standing.proposals[0].accepted, Some(true));
        assert_eq!(standing.unanswered(seller), None);
    }
}

#[test]
fn a_rejection_may_propose_something_else() {
    let (buyer, seller) = (gln(1), gln(2));
    let other = Some(Resolution::SendNewData);
    let entries = [
        entry(1, 1, buyer, proposed(Resolution::ReturnProduct)),
        entry(2, 2, seller, answered(1, false, other)),
        entry(3, 3, buyer, answered(2, true, None)),
    ];
    assert_eq!(turns(&entries), [seller, seller, buyer, buyer]);
    let standing = Standing::of(&parties(), &entries);
    let fates: Vec<_> = standing.proposals.iter().map(|p| (p.by, p.accepted)).collect();
    assert_eq!(fates, [(buyer, Some(false)), (seller, Some(true))]);
}

#[test]
fn what_a_party_may_not_do_has_no_effect() {
    let (buyer, seller) = (gln(1), gln(2));
    let own = [
        entry(1, 1, buyer, proposed(Resolution::CreditAccount)),
        entry(2, 2, buyer, answered(1, true, None)),
        entry(3, 3, seller, answered(9, true, None)),
        entry(4, 4, seller, resolved()),
    ];
    let standing = Standing::of(&parties(), &own);
    assert_eq!(standing.unanswered(seller).unwrap().id, Uuid([1; 16]));
    assert_eq!((standing.outcome, standing.turn), (None, seller));
    let twice = [
        entry(1, 1, buyer, proposed(Resolution::CreditAccount)),
        entry(2, 2, seller, answered(1, false, None)),
        entry(3, 3, seller, answered(1, true, None)),
    ];
    let standing = Standing::of(&parties(), &twice);
    assert_eq!(standing.proposals[0].accepted, Some(false));
}

#[test]
fn each_party_sees_its_own_side() {
    let (buyer, seller) = (gln(1), gln(2));
    let mut entries = vec![entry(1, 1, buyer, Act::Opened)];
    let stages = |entries: &[Entry]| {
        let standing = Standing::of(&parties(), entries);
        (standing.stage(buyer), standing.stage(seller))
    };
    assert_eq!(stages(&entries), (CaseStage::Waiting, CaseStage::Open));
    let event = Some(theriac_custody::Hash([7; 32]));
    entries.push(entry(2, 2, buyer, Act::Quarantined { event, packs: 3 }));
    assert_eq!(stages(&entries).0, CaseStage::Investigating);
    entries.push(entry(3, 3, buyer, Act::Cleared { text: "genuine".to_owned(), event: None }));
    assert_eq!(stages(&entries).0, CaseStage::Waiting);
    entries.push(entry(4, 4, buyer, resolved()));
    assert_eq!(stages(&entries), (CaseStage::Resolved, CaseStage::Resolved));
}

fn any_act() -> impl Strategy<Value = Act> {
    let way = || prop::sample::select(Resolution::ALL.to_vec());
    prop_oneof![
        any::<bool>().prop_map(said),
        way().prop_map(proposed),
        (0_u8..8, any::<bool>(), prop::option::of(way()))
            .prop_map(|(proposal, accept, other)| answered(proposal, accept, other)),
        Just(Act::Reminded),
        Just(resolved()),
    ]
}

fn any_entries() -> impl Strategy<Value = Vec<Entry>> {
    let one = (1_u64..6, 1_u64..3, any_act());
    prop::collection::vec(one, 0..8).prop_map(|parts| {
        let entries = parts.into_iter().enumerate();
        let made = |(id, (number, by, act))| entry(id as u8, number, gln(by), act);
        entries.map(made).collect()
    })
}

proptest! {
    /// Both parties agree, whatever the links between them do to their messages.
    #[test]
    fn order_and_repetition_do_not_matter(
        (entries, shuffled) in any_entries()
            .prop_flat_map(|entries| (Just(entries.clone()), Just(entries).prop_shuffle())),
        again in prop::collection::vec(any::<prop::sample::Index>(), 0..8),
    ) {
        let mut arrived = shuffled.clone();
        if !shuffled.is_empty() {
            arrived.extend(again.iter().map(|index| index.get(&shuffled).clone()));
        }
        let (sent, got) = (Standing::of(&parties(), &entries), Standing::of(&parties(), &arrived));
        prop_assert_eq!(&sent, &got);
        let turn = [gln(1), gln(2)].contains(&got.turn);
        prop_assert!(turn);
    }
}
