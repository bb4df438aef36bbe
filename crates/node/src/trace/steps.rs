//! The steps of a journey: events on record here and events told by others, each beside the fact of
//! the ledger that it caused, and the facts that no known event caused.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use theriac_custody::Hash;
use theriac_custody::journey::{Contradiction, Fact, TellingEvent, contradiction};
use theriac_epcis::{Event, event_hash};
use theriac_gs1::{Gln, Identifier};
use theriac_store::{EventRecord, EventState};

use super::ask::Gathered;
use super::facts::words;
use super::tell::made;
use crate::admit::{Declaration, declarations_of, event_on_record};
use crate::error::NodeError;
use crate::node::Node;
use crate::report::{JourneyStep, MadeLink, Party};
use crate::verify::rfc3339;

/// An event of a journey, whoever tells it.
struct Telling {
    event: Event,
    hash: Hash,
    /// The fact that it caused.
    caused: Option<usize>,
    /// Who tells it; `None`: it is on record here.
    told_by: Option<Gln>,
    waits: bool,
    /// The row here, with what it was declared to be.
    record: Option<(EventRecord, Option<Declaration>)>,
    declared: bool,
    contradiction: Option<Contradiction>,
}

/// The steps of a journey, and what else follows from its events.
#[derive(Debug, Default)]
pub(super) struct Steps {
    pub(super) steps: Vec<JourneyStep>,
    pub(super) made_from: BTreeSet<MadeLink>,
    pub(super) made_into: BTreeSet<MadeLink>,
    /// What parties tell and the ledger shows otherwise.
    pub(super) contradictions: Vec<(Gln, Contradiction)>,
}

impl Node {
    /// Events here, events told and facts in one list, oldest first.
    pub(super) async fn steps_of(
        &self,
        id: &Identifier,
        events: Vec<EventRecord>,
        gathered: &Gathered,
    ) -> Result<Steps, NodeError> {
        let tellings = tellings(events, gathered);
        let names = self.parties_named(&tellings, &gathered.facts).await?;
        let mut steps = Steps::default();
        let mut listed: Vec<(i64, JourneyStep)> = Vec::new();
        for telling in &tellings {
            if let (Some(by), Some(contradiction)) = (telling.told_by, &telling.contradiction) {
                steps.contradictions.push((by, contradiction.clone()));
            }
            self.link(&mut steps, id, telling, &names);
            let fact = telling.caused.and_then(|number| gathered.facts.get(number));
            listed.push(self.event_step(telling, fact, &names));
        }
        let caused: BTreeSet<usize> = tellings.iter().filter_map(|one| one.caused).collect();
        for (number, fact) in gathered.facts.iter().enumerate() {
            if !caused.contains(&number) {
                let at = i64::try_from(fact.at).unwrap_or(i64::MAX).saturating_mul(1_000);
                listed.push((at, ledger_step(fact, &names)));
            }
        }
        listed.sort_by_key(|(at, step)| (*at, step.block));
        steps.steps = listed.into_iter().map(|(_, step)| step).collect();
        Ok(steps)
    }

    /// The parties of the steps by GLN.
    async fn parties_named(
        &self,
        tellings: &[Telling],
        facts: &[Fact],
    ) -> Result<BTreeMap<Gln, Party>, NodeError> {
        let mut tx = self.inner().store.read().await?;
        let glns: BTreeSet<Gln> = facts
            .iter()
            .flat_map(|fact| [fact.by, fact.to])
            .chain(tellings.iter().map(|telling| telling.told_by))
            .flatten()
            .chain([self.gln()])
            .collect();
        let mut names = BTreeMap::new();
        for gln in glns {
            names.insert(gln, self.party(&mut tx, gln).await?);
        }
        Ok(names)
    }

    fn own_party(&self) -> Party {
        Party { gln: self.gln(), name: self.config().name.clone() }
    }

    /// Notes the packs that this one was made from or into.
    fn link(
        &self,
        steps: &mut Steps,
        id: &Identifier,
        telling: &Telling,
        names: &BTreeMap<Gln, Party>,
    ) {
        let Some((is_new, others)) = made(&telling.event, id) else { return };
        let told_by = telling.told_by.and_then(|gln| names.get(&gln).cloned());
        let told_by = told_by.unwrap_or_else(|| self.own_party());
        for other in others {
            let link = MadeLink {
                identifier: other.digital_link(),
                event: telling.hash.to_string(),
                told_by: told_by.clone(),
                proven: telling.caused.is_some(),
            };
            match is_new {
                true => steps.made_from.insert(link),
                false => steps.made_into.insert(link),
            };
        }
    }

    /// A step that an event tells, and when it happened: a declaration when it was made.
    fn event_step(
        &self,
        telling: &Telling,
        fact: Option<&Fact>,
        names: &BTreeMap<Gln, Party>,
    ) -> (i64, JourneyStep) {
        let common = telling.event.common();
        let record = telling.record.as_ref();
        let transaction = record.and_then(|(record, _)| record.transaction.as_ref());
        let block = fact.map(|fact| fact.block).or(transaction.and_then(|t| t.block));
        let told_by = telling.told_by.and_then(|gln| names.get(&gln).cloned());
        let party = match (fact, &told_by) {
            (Some(fact), _) => fact.by.and_then(|gln| names.get(&gln).cloned()),
            (None, Some(teller)) => Some(teller.clone()),
            (None, None) => Some(self.own_party()),
        };
        let made = common.error_declaration.as_ref().map(|declared| declared.declaration_time);
        let at = made.unwrap_or(common.event_time);
        let declaration = record.and_then(|(_, declaration)| declaration.as_ref());
        let fact_words = fact.map(|fact| fact_words(fact, names));
        let step = JourneyStep {
            at: at.to_string(),
            what: what_happened(telling, fact_words, made.is_some()),
            party,
            place: place(&telling.event),
            biz_step: telling.event.biz_step().map(ToString::to_string),
            disposition: telling.event.disposition().map(ToString::to_string),
            event: Some(telling.hash.to_string()),
            declared_erroneous: telling.declared || declaration.is_some(),
            corrected_by: declaration
                .map(|declaration| declaration.declared.corrective_event_ids.clone())
                .unwrap_or_default(),
            block,
            transaction: fact.map(|fact| fact.transaction).or(transaction.map(|t| t.hash)),
            proven_by: if block.is_some() { "ledger" } else { "event" }.to_owned(),
            told_by,
            contradiction: telling.contradiction.as_ref().map(ToString::to_string),
        };
        (at.as_millisecond(), step)
    }
}

fn fact_words(fact: &Fact, names: &BTreeMap<Gln, Party>) -> String {
    let to = fact.to.and_then(|gln| names.get(&gln)).map(|party| party.name.as_str());
    words(fact, to)
}

/// A step that only the ledger tells.
fn ledger_step(fact: &Fact, names: &BTreeMap<Gln, Party>) -> JourneyStep {
    JourneyStep {
        at: rfc3339(fact.at),
        what: fact_words(fact, names),
        party: fact.by.and_then(|gln| names.get(&gln).cloned()),
        place: None,
        biz_step: None,
        disposition: None,
        event: None,
        declared_erroneous: false,
        corrected_by: Vec::new(),
        block: Some(fact.block),
        transaction: Some(fact.transaction),
        proven_by: "ledger".to_owned(),
        told_by: None,
        contradiction: None,
    }
}

/// The events of a journey: those here, then what others tell beside them, each once.
fn tellings(events: Vec<EventRecord>, gathered: &Gathered) -> Vec<Telling> {
    let facts = &gathered.facts;
    let declarations = declarations_of(&events);
    let mut tellings: Vec<Telling> = Vec::new();
    for record in events.into_iter().filter(|record| record.state != EventState::Held) {
        let Some(event) = event_on_record(&record) else { continue };
        let hash = record.hash;
        let declaration = declarations.get(&hash).cloned();
        tellings.push(Telling {
            event,
            hash,
            caused: facts.iter().position(|fact| fact.cause == hash),
            told_by: None,
            waits: record.state == EventState::Admitted,
            record: Some((record, declaration)),
            declared: false,
            contradiction: None,
        });
    }
    match_transactions(&mut tellings, facts);
    let mut known: HashMap<Hash, usize> =
        tellings.iter().enumerate().map(|(number, one)| (one.hash, number)).collect();
    for (by, heard) in &gathered.heard {
        let declared: BTreeSet<Hash> = heard
            .events
            .iter()
            .filter(|one| one.event.common().error_declaration.is_some())
            .map(|one| Hash(event_hash(&one.event).0))
            .collect();
        for one in &heard.events {
            let caused = one.caused(facts);
            if let Some(number) = known.get(&one.hash) {
                tellings[*number].caused = tellings[*number].caused.or(caused);
                continue;
            }
            known.insert(one.hash, tellings.len());
            let declared =
                declared.contains(&one.hash) && one.event.common().error_declaration.is_none();
            let mut telling = Telling {
                event: one.event.clone(),
                hash: one.hash,
                caused,
                told_by: Some(*by),
                waits: one.waits,
                record: None,
                declared,
                contradiction: None,
            };
            telling.contradiction = contradicts(*by, &telling, facts);
            tellings.push(telling);
        }
    }
    tellings
}

/// An event that is one of several behind a cause is known by its transaction.
fn match_transactions(tellings: &mut [Telling], facts: &[Fact]) {
    let mut taken: BTreeSet<usize> = tellings.iter().filter_map(|one| one.caused).collect();
    for telling in tellings.iter_mut().filter(|one| one.caused.is_none()) {
        let record = telling.record.as_ref().map(|(record, _)| record);
        let Some(transaction) = record.and_then(|record| record.transaction.as_ref()) else {
            continue;
        };
        let is_its = |(number, fact): &(usize, &Fact)| {
            fact.transaction == transaction.hash && !taken.contains(number)
        };
        telling.caused = facts.iter().enumerate().find(is_its).map(|(number, _)| number);
        taken.extend(telling.caused);
    }
}

/// What the ledger shows otherwise than a party tells; without facts it shows nothing.
fn contradicts(by: Gln, telling: &Telling, facts: &[Fact]) -> Option<Contradiction> {
    if facts.is_empty() {
        return None;
    }
    let waits = telling.waits || telling.declared;
    let told = TellingEvent { by, event: &telling.event, caused: telling.caused, waits };
    contradiction(&told, facts)
}

/// What an event says that happened, in words.
fn what_happened(telling: &Telling, fact: Option<String>, declares: bool) -> String {
    let step = telling.event.biz_step().map(|step| step.to_string().replace('_', " "));
    let told = step.unwrap_or_else(|| telling.event.kind().to_owned());
    let declaration = telling.record.as_ref().and_then(|(_, declaration)| declaration.as_ref());
    match (fact, declares, declaration, telling.declared) {
        (Some(fact), true, ..) => format!("{fact}: {told} was declared erroneous"),
        (None, true, ..) => format!("{told} was declared erroneous"),
        (fact, false, Some(declaration), _) => {
            let undone = if declaration.undone { "" } else { ", and not undone" };
            format!("{} (declared erroneous{undone})", fact.unwrap_or(told))
        }
        (fact, false, None, true) => format!("{} (declared erroneous)", fact.unwrap_or(told)),
        (fact, false, None, false) => fact.unwrap_or(told),
    }
}

/// Where an event happened: its read point, else its business location.
fn place(event: &Event) -> Option<String> {
    let common = event.common();
    let location = common.read_point.as_ref().or(common.biz_location.as_ref())?;
    Some(location.id.digital_link())
}
