//! The hops of a journey, each with what its member says to it.

use std::collections::{BTreeMap, BTreeSet};

use theriac_custody::journey::{Begin, Contradiction, End, Hop, denial, hops, parties};
use theriac_gs1::Gln;

use super::ask::Gathered;
use crate::error::NodeError;
use crate::node::Node;
use crate::report::{HopAnswer, JourneyHop, Party};
use crate::verify::rfc3339;

/// Since when a silent party has been asked, and when it is asked again; RFC 3339.
#[derive(Debug, Clone, Default)]
pub(crate) struct Pursued {
    pub(crate) since: Option<String>,
    pub(crate) again: Option<String>,
}

impl Node {
    /// The hops that the ledger shows, then the parties that somebody else names.
    pub(super) async fn hops_of(
        &self,
        gathered: &Gathered,
        events_here: u64,
        mut contradictions: Vec<(Gln, Contradiction)>,
        pursued: &BTreeMap<Gln, Pursued>,
    ) -> Result<Vec<JourneyHop>, NodeError> {
        contradictions.extend(gathered.wrong.iter().cloned());
        for (by, heard) in &gathered.heard {
            if heard.told.known == Some(false) {
                contradictions.extend(denial(*by, &gathered.facts).map(|one| (*by, one)));
            }
        }
        let mut names: BTreeMap<Gln, Party> = BTreeMap::new();
        let mut tx = self.inner().store.read().await?;
        for gln in &gathered.named {
            names.insert(*gln, self.party(&mut tx, *gln).await?);
        }
        drop(tx);
        let party = |gln: Option<Gln>| gln.and_then(|gln| names.get(&gln).cloned());
        let mut told: BTreeSet<Gln> = BTreeSet::new();
        let mut all = Vec::new();
        for hop in hops(&gathered.facts) {
            let mut shown = shown(&hop, party);
            shown.answer = self.answer_of(hop.party, gathered, events_here, pursued);
            // What a member says is told beside its first hop.
            if let Some(gln) = hop.party.filter(|gln| told.insert(*gln)) {
                shown.contradictions = of(&contradictions, gln);
            }
            all.push(shown);
        }
        let on_ledger = parties(&gathered.facts);
        for gln in gathered.named.iter().filter(|gln| !on_ledger.contains(gln)) {
            let answer = self.answer_of(Some(*gln), gathered, events_here, pursued);
            if self.is_met(*gln, gathered, events_here) {
                let contradictions = of(&contradictions, *gln);
                all.push(JourneyHop { answer, contradictions, ..named(party(Some(*gln))) });
            }
        }
        Ok(all)
    }

    /// Whether a party that the ledger does not show on the way has to do with the item: another one
    /// names it, or it has told something. The labeler is asked in any case.
    fn is_met(&self, gln: Gln, gathered: &Gathered, events_here: u64) -> bool {
        if gln == self.gln() {
            return events_here > 0;
        }
        let named = gathered
            .heard
            .values()
            .any(|heard| heard.told.from.contains(&gln) || heard.told.next.contains(&gln));
        let knows = gathered
            .heard
            .get(&gln)
            .is_some_and(|heard| heard.told.known == Some(true) || !heard.events.is_empty());
        named || knows || gathered.facts.is_empty()
    }

    fn answer_of(
        &self,
        gln: Option<Gln>,
        gathered: &Gathered,
        events_here: u64,
        pursued: &BTreeMap<Gln, Pursued>,
    ) -> HopAnswer {
        let not_asked = |reason: &str| HopAnswer {
            state: "not_asked".to_owned(),
            reason: Some(reason.to_owned()),
            ..HopAnswer::default()
        };
        let Some(gln) = gln else {
            return not_asked("its account acts for no member that is known here");
        };
        if gln == self.gln() {
            let state = "here".to_owned();
            return HopAnswer { state, events: events_here, ..HopAnswer::default() };
        }
        let Pursued { since, again } = pursued.get(&gln).cloned().unwrap_or_default();
        let (silent_since, asked_again_at) = (since, again);
        let silent = gathered.silent.get(&gln).cloned();
        match (gathered.heard.get(&gln), silent) {
            (Some(heard), _) => {
                let earlier = gathered.earlier.get(&gln).cloned();
                let state = match (&heard.told.refused, &earlier) {
                    (Some(_), _) => "refused",
                    (None, Some(_)) => "earlier",
                    (None, None) => "told",
                };
                HopAnswer {
                    state: state.to_owned(),
                    at: Some(heard.told.at.clone()),
                    sight: Some(heard.told.sight.word().to_owned()),
                    events: heard.events.len() as u64,
                    reason: heard.told.refused.clone().or(earlier),
                    silent_since,
                    asked_again_at,
                    packs: heard.told.packs.clone(),
                    from: heard.told.from.clone(),
                    next: heard.told.next.clone(),
                }
            }
            (None, Some(reason)) => HopAnswer {
                state: "silent".to_owned(),
                reason: Some(reason),
                silent_since,
                asked_again_at,
                ..HopAnswer::default()
            },
            (None, None) if gathered.pending.contains_key(&gln) => HopAnswer {
                state: "pending".to_owned(),
                reason: gathered.pending.get(&gln).cloned(),
                silent_since,
                ..HopAnswer::default()
            },
            (None, None) if gathered.denied.contains_key(&gln) => HopAnswer {
                state: "refused".to_owned(),
                reason: gathered.denied.get(&gln).cloned(),
                ..HopAnswer::default()
            },
            (None, None) => not_asked("it is no member of the registry, or too many are"),
        }
    }
}

fn of(contradictions: &[(Gln, Contradiction)], gln: Gln) -> Vec<String> {
    contradictions.iter().filter(|(by, _)| *by == gln).map(|(_, one)| one.to_string()).collect()
}

/// A hop as the ledger shows it.
fn shown(hop: &Hop, party: impl Fn(Option<Gln>) -> Option<Party>) -> JourneyHop {
    let (begins, from) = match hop.begins {
        Begin::Commissioned => ("commissioned", None),
        Begin::Sent { from } if hop.since.is_some() => ("received", from),
        Begin::Sent { from } => ("expected", from),
        Begin::Back { from } => ("back", from),
    };
    let (ends, to) = match hop.ends {
        End::Open => ("open".to_owned(), None),
        End::Sent { to } => ("sent".to_owned(), to),
        End::Refused => ("refused".to_owned(), None),
        End::Retired(reason) => (reason.to_string(), None),
    };
    JourneyHop {
        party: party(hop.party),
        begins: begins.to_owned(),
        since: hop.since.map(rfc3339),
        from: party(from),
        ends,
        until: hop.until.map(rfc3339),
        to: party(to),
        proven_by: "ledger".to_owned(),
        answer: HopAnswer::default(),
        contradictions: Vec::new(),
    }
}

/// A hop that somebody names.
fn named(party: Option<Party>) -> JourneyHop {
    JourneyHop {
        party,
        begins: "named".to_owned(),
        since: None,
        from: None,
        ends: "open".to_owned(),
        until: None,
        to: None,
        proven_by: "party".to_owned(),
        answer: HopAnswer::default(),
        contradictions: Vec::new(),
    }
}
