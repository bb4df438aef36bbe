//! Lengths of company prefixes for documents whose identifiers must be EPC URNs.
//!
//! # Invariants
//!
//! - A length is known from a URN that somebody wrote or from an operator's table; never guessed.

use std::collections::BTreeSet;

use theriac_gs1::{CompanyPrefixes, Epc};

use crate::event::Event;
use crate::read::MasterDataElement;

/// Company prefixes seen in the EPC URNs of events and master data.
#[derive(Debug, Clone, Default)]
pub struct PrefixHints {
    seen: BTreeSet<String>,
}

impl PrefixHints {
    /// Notes the company prefix of a text, if it is an EPC URN.
    pub fn note(&mut self, text: &str) {
        let Some(rest) = text.strip_prefix("urn:epc:") else { return };
        // Behind the scheme: `id:sgtin:`, `idpat:sgtin:`, `class:lgtin:`.
        let Some(digits) = rest.splitn(3, ':').nth(2).and_then(|rest| rest.split('.').next())
        else {
            return;
        };
        let is_prefix = matches!(digits.len(), 6..=12);
        if is_prefix && digits.bytes().all(|byte| byte.is_ascii_digit()) {
            self.seen.insert(digits.to_owned());
        }
    }

    /// Notes an identifier that came in with the length of its company prefix.
    pub fn note_epc(&mut self, epc: &Epc) {
        if epc.company_prefix_length.is_some() {
            self.note(&epc.urn().unwrap_or_default());
        }
    }

    /// Notes all identifiers of an event.
    pub fn note_event(&mut self, event: &Event) {
        // Packs of one product share their prefix: the first few tell.
        event.epcs().take(16).for_each(|epc| self.note_epc(epc));
        places(event).for_each(|epc| self.note_epc(epc));
    }

    /// Notes what an element of master data describes.
    pub fn note_element(&mut self, element: &MasterDataElement) {
        self.note(&element.id);
    }

    /// The table of the prefixes seen; where two contradict each other, of neither.
    #[must_use]
    pub fn table(&self) -> CompanyPrefixes {
        let is_part = |one: &String| {
            self.seen.iter().any(|other| {
                other.len() != one.len() && (other.starts_with(&**one) || one.starts_with(&**other))
            })
        };
        let rows = self.seen.iter().filter(|one| !is_part(one));
        let text: String = rows.map(|one| format!("{one},{}\n", one.len())).collect();
        CompanyPrefixes::from_csv(&text).unwrap_or_default()
    }
}

/// The places and parties of an event.
fn places(event: &Event) -> impl Iterator<Item = &Epc> {
    let common = event.common();
    let at = common.read_point.iter().chain(&common.biz_location).map(|place| &place.id);
    let from = common.sources.iter().map(|source| &source.id);
    at.chain(from).chain(common.destinations.iter().map(|destination| &destination.id))
}

/// Gives an identifier the length of its company prefix, if a table knows it.
pub(super) fn complete(epc: &mut Epc, tables: &[&CompanyPrefixes]) {
    if epc.company_prefix_length.is_none() {
        epc.company_prefix_length = tables.iter().find_map(|table| table.length_of(&epc.id));
    }
}

/// As [`complete`], all identifiers of an event.
pub(super) fn complete_event(event: &mut Event, tables: &[&CompanyPrefixes]) {
    let lists: [&mut [Epc]; 2] = match event {
        Event::Object(event) => [&mut event.epc_list, &mut []],
        Event::Aggregation(event) => [&mut event.child_epcs, event.parent_id.as_mut_slice()],
        Event::Association(event) => [&mut event.child_epcs, event.parent_id.as_mut_slice()],
        Event::Transaction(event) => [&mut event.epc_list, event.parent_id.as_mut_slice()],
        Event::Transformation(event) => [&mut event.input_epcs, &mut event.output_epcs],
    };
    lists.into_iter().flatten().for_each(|epc| complete(epc, tables));
    let common = event.common_mut();
    let at = common.read_point.iter_mut().chain(&mut common.biz_location);
    at.for_each(|place| complete(&mut place.id, tables));
    common.sources.iter_mut().for_each(|source| complete(&mut source.id, tables));
    common.destinations.iter_mut().for_each(|one| complete(&mut one.id, tables));
}

/// The identifiers of an event that have no EPC URN for want of a length.
pub(super) fn without_urn(event: &Event) -> impl Iterator<Item = &Epc> {
    event.epcs().chain(places(event)).filter(|epc| epc.urn().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_are_seen_in_urns_and_contradictions_count_for_nothing() {
        let mut hints = PrefixHints::default();
        hints.note("urn:epc:id:sgln:030001.111111.0");
        hints.note("urn:epc:idpat:sgtin:0614141.107346.*");
        hints.note("urn:epc:id:sgtin:06141412.07346.1");
        hints.note("https://id.gs1.org/01/09521321000117");
        let table = hints.table();
        let mut epc = Epc::from_uri("https://id.gs1.org/01/00300010123455/21/11").unwrap();
        complete(&mut epc, &[&table]);
        assert_eq!(epc.urn().as_deref(), Some("urn:epc:id:sgtin:030001.0012345.11"));
        let mut epc = Epc::from_uri("https://id.gs1.org/01/10614141073464/21/1").unwrap();
        complete(&mut epc, &[&table]);
        assert_eq!(epc.urn(), None);
    }
}
