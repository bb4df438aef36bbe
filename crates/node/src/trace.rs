//! Trace: a pack's journey, proven by the ledger, and told hop by hop by the parties that had it.
//!
//! ```text
//! facts      what the ledger shows
//! tell       what this member says to others: by consent, signed
//! ask        what the other parties say: signed, checked
//! steps      events and facts in one list;  hops: who had it, and what each says to it
//! ```

mod ask;
mod check;
mod facts;
mod hops;
mod lot;
mod statement;
mod steps;
mod tell;

pub(crate) use ask::{Gathered, heard_before};
pub(crate) use hops::Pursued;
pub use statement::{SignedStatement, StatementFault, Told, ToldEvent, ToldLeaf};
pub(crate) use tell::Asking;

use std::collections::BTreeMap;

use theriac_custody::Role;
use theriac_custody::journey::Fact;
use theriac_gs1::{Gln, Identifier};
use theriac_store::{EventRecord, EventState, InquiryKind};

use crate::clock::days_of;
use crate::error::NodeError;
use crate::node::Node;
use crate::report::Journey;
use crate::verify::{Asker, VerifyError, read_code};

impl Node {
    /// The journey of the pack or logistic unit that bears `code`. This member sees what is on record
    /// here, and what the other parties tell, who are asked now; those that do not answer are asked
    /// again until they do. Another member sees the ledger's steps that it took part in, a regulator
    /// all of them, the public none.
    ///
    /// # Errors
    ///
    /// [`VerifyError::Unreadable`] for a code that cannot be read.
    pub async fn trace(&self, code: &str, asker: Asker) -> Result<Journey, VerifyError> {
        let read = read_code(code, self.today())?;
        let (events, gathered) = match asker {
            Asker::Here => {
                let events =
                    self.inner().store.events_of_item(&read.id).await.map_err(NodeError::from)?;
                let gathered = self.gather_told(&read.id, &events).await?;
                (events, gathered)
            }
            Asker::Member(asking) => {
                let facts = self.facts_of(&read.id).await?;
                let facts = self.shown_to(asking, facts).await?;
                (Vec::new(), Gathered { facts, ..Gathered::default() })
            }
            // Who traded with whom is for the parties and the regulator only.
            Asker::Public => (Vec::new(), Gathered::default()),
        };
        let pursued = match asker {
            Asker::Here => self.pursue(&read.id, &gathered).await?,
            _ => BTreeMap::new(),
        };
        let mut journey = self.journey(code, &read.id, events, &gathered, &pursued).await?;
        if asker != Asker::Here {
            // They follow from the steps, and others are asked by who wants to know.
            (journey.hops, journey.complete) = (Vec::new(), false);
        }
        Ok(journey)
    }

    /// Puts a journey together.
    pub(crate) async fn journey(
        &self,
        code: &str,
        id: &Identifier,
        events: Vec<EventRecord>,
        gathered: &Gathered,
        pursued: &BTreeMap<Gln, Pursued>,
    ) -> Result<Journey, NodeError> {
        let here = events.iter().filter(|event| event.state != EventState::Held).count() as u64;
        let steps = self.steps_of(id, events, gathered).await?;
        let hops = self.hops_of(gathered, here, steps.contradictions, pursued).await?;
        let settled = |state: &str| matches!(state, "here" | "told");
        let complete = !hops.is_empty()
            && hops.iter().all(|hop| settled(&hop.answer.state) && hop.contradictions.is_empty());
        Ok(Journey {
            code: code.to_owned(),
            identifier: id.digital_link(),
            steps: steps.steps,
            hops,
            made_from: steps.made_from.into_iter().collect(),
            made_into: steps.made_into.into_iter().collect(),
            complete,
        })
    }

    /// What this member tells another about the item that bears `code`, signed. With `leaf` it is also
    /// shown where the item stands on the ledger.
    ///
    /// # Errors
    ///
    /// [`VerifyError::Unreadable`] for a code that cannot be read.
    pub async fn told(
        &self,
        code: &str,
        by: Gln,
        leaf: bool,
    ) -> Result<SignedStatement, VerifyError> {
        let id = read_code(code, self.today())?.id;
        let kind = InquiryKind::Trace;
        let asking = Asking { by, kind, inquiry: None, approved: false, leaf };
        let told = match self.tell(&id, asking).await? {
            Some(told) => told,
            None => {
                let reason = "a person here must approve the answer: send an inquiry";
                self.refused(&id, asking, reason)
            }
        };
        Ok(self.sign_statement(&told).await?)
    }

    /// The facts that another member may see: all for a regulator, else those it took part in.
    async fn shown_to(&self, asking: Gln, mut facts: Vec<Fact>) -> Result<Vec<Fact>, NodeError> {
        let members = self.inner().store.members(days_of(self.today())).await?;
        if !members.get(&asking).is_some_and(|member| member.roles.has(Role::Regulator)) {
            facts.retain(|fact| fact.by == Some(asking) || fact.to == Some(asking));
        }
        Ok(facts)
    }
}
