//! A partner's data beside what is on record here: products, parties, codes that do not fit.

use std::collections::{BTreeMap, BTreeSet};

use theriac_gs1::{Gln, Gtin};

use super::finding::{Finding, FindingKind};
use super::guideline::{ndc_fits, ndc_of};
use super::information::TransactionInformation;
use super::party::{TradeParty, gln_in};
use super::product::TradeItem;
use super::read::{ReadShipment, TradeReader};
use crate::event::Event;

/// What is on record here, as far as partners' data is compared with it.
#[derive(Debug, Clone, Default)]
pub struct KnownData {
    /// Products described here by this member or its partners' labelers.
    pub items: Vec<TradeItem>,
    /// Parties and places described here.
    pub parties: Vec<TradeParty>,
    /// Products of the registry.
    pub registered: BTreeSet<Gtin>,
    /// The company of each GLN: a member's own, and those of its places.
    pub companies: BTreeMap<Gln, Gln>,
}

impl KnownData {
    /// What is wrong with descriptions of products and parties.
    #[must_use]
    pub fn compare(&self, items: &[TradeItem], parties: &[TradeParty]) -> Vec<Finding> {
        let mut findings = Vec::new();
        for item in items {
            findings.extend(self.compare_item(item));
        }
        for party in parties {
            let own = self.parties.iter().find(|own| own.gln == party.gln);
            let differences = own.map(|own| own.differences(party)).unwrap_or_default();
            findings.extend(differences.into_iter().map(|(field, own, told)| {
                let text = format!("expected {field} {own:?} of GLN {}, found {told:?}", party.gln);
                Finding::new(FindingKind::PartyDiffers, text)
            }));
        }
        findings
    }

    fn compare_item(&self, item: &TradeItem) -> Vec<Finding> {
        let mut findings = Vec::new();
        let gtin = item.gtin;
        if let Some(ndc) = &item.ndc {
            findings.extend(code_finding(ndc, gtin));
        }
        let Some(own) = self.items.iter().find(|own| own.gtin == gtin) else { return findings };
        findings.extend(own.differences(item).into_iter().map(|(field, own, told)| {
            let text = format!("expected {field} {own:?} of GTIN {gtin}, found {told:?}");
            Finding::new(FindingKind::ProductDiffers, text)
        }));
        let code = |text: &Option<String>| Some(ndc_of(text.as_ref()?, Some(gtin))?.to_ndc12());
        if let (Some(one), Some(other)) = (code(&own.ndc), code(&item.ndc))
            && one != other
        {
            let text = format!("expected NDC {one} of GTIN {gtin}, found {other}");
            findings.push(Finding::new(FindingKind::NdcMismatch, text));
        }
        findings
    }

    /// What is wrong with a document that came to `me`; a seller's statement is wanted if
    /// `needs_statement`.
    #[must_use]
    pub fn examine(&self, read: &TradeReader, me: Gln, needs_statement: bool) -> Vec<Finding> {
        let mut findings = read.findings.clone();
        findings.extend(self.compare(&read.items, &read.parties));
        findings.extend(self.unknown_products(read));
        if read.sender.is_none() {
            let found = read.info.sender.as_deref().unwrap_or("none");
            let text = format!("expected the GLN of the sender in the header, found {found:?}");
            findings.push(Finding::new(FindingKind::SenderMissing, text));
        }
        if let Some(receiver) = read.receiver.filter(|gln| self.company(*gln) != self.company(me)) {
            let text = format!("expected {me} as receiver, found {receiver}");
            findings.push(Finding::new(FindingKind::WrongReceiver, text));
        }
        let affirmed = read.statement.as_ref().is_some_and(|statement| statement.affirmed);
        if needs_statement && !read.shipments.is_empty() && !affirmed {
            let text = "expected an affirmed transaction statement in the header, found none";
            findings.push(Finding::new(FindingKind::StatementMissing, text));
        }
        for shipment in &read.shipments {
            findings.extend(self.examine_shipment(shipment, read));
        }
        findings
    }

    fn unknown_products(&self, read: &TradeReader) -> Vec<Finding> {
        let known = |gtin: &Gtin| {
            self.registered.contains(gtin) || self.items.iter().any(|item| item.gtin == *gtin)
        };
        let unknown = read.gtins().into_iter().filter(|gtin| !known(gtin));
        let finding = unknown.map(|gtin| {
            let text = format!("expected a product that is on record, found GTIN {gtin}");
            Finding::new(FindingKind::GtinUnknown, text)
        });
        finding.collect()
    }

    fn examine_shipment(&self, shipment: &ReadShipment, read: &TradeReader) -> Vec<Finding> {
        let mut findings = Vec::new();
        if TransactionInformation::references_of(&shipment.event).is_empty() {
            let text = "expected a purchase order or despatch advice, found none";
            findings.push(Finding::new(FindingKind::ReferenceMissing, text));
        }
        let described = |gln: &Gln| read.parties.iter().any(|party| party.gln == *gln);
        for (gln, expected) in places(&shipment.event, read) {
            match (self.companies.get(&gln), expected) {
                (None, _) if !described(&gln) && !self.parties.iter().any(|one| one.gln == gln) => {
                    let text =
                        format!("expected a GLN that is on record or described, found {gln}");
                    findings.push(Finding::new(FindingKind::GlnUnknown, text));
                }
                (Some(company), Some(expected)) if *company != self.company(expected) => {
                    let text = format!("expected a GLN of {expected}, found {gln} of {company}");
                    findings.push(Finding::new(FindingKind::GlnOfAnother, text));
                }
                _ => {}
            }
        }
        findings
    }

    /// The company of a GLN; of one that is not on record, itself.
    fn company(&self, gln: Gln) -> Gln {
        self.companies.get(&gln).copied().unwrap_or(gln)
    }
}

/// A National Drug Code that is not the GTIN's, or cannot be read.
fn code_finding(ndc: &str, gtin: Gtin) -> Option<Finding> {
    match ndc_fits(ndc, gtin) {
        Some(true) => None,
        Some(false) => {
            let text = format!("expected the NDC in GTIN {gtin}, found {ndc:?}");
            Some(Finding::new(FindingKind::NdcMismatch, text))
        }
        // A GTIN that has no National Drug Code in it tells nothing.
        None if theriac_gs1::Ndc::digits_in_gtin(gtin).is_err() => None,
        None => {
            let text =
                format!("expected an NDC such as 0002-1433-80 of GTIN {gtin}, found {ndc:?}");
            Some(Finding::new(FindingKind::NdcUnreadable, text))
        }
    }
}

/// The parties and places of a shipping event, each once, with the company whose they must be: what
/// the goods come from is the sender's.
fn places(event: &Event, read: &TradeReader) -> BTreeMap<Gln, Option<Gln>> {
    let common = event.common();
    let at = common.read_point.iter().chain(&common.biz_location);
    let to = common.destinations.iter().filter_map(|one| gln_in(&one.id.id));
    let from = common.sources.iter().filter_map(|one| gln_in(&one.id.id));
    let at = at.filter_map(|place| gln_in(&place.id.id));
    let mut places: BTreeMap<Gln, Option<Gln>> = to.map(|gln| (gln, None)).collect();
    places.extend(from.chain(at).map(|gln| (gln, read.sender)));
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(ndc: &str, strength: &str) -> TradeItem {
        TradeItem {
            ndc: Some(ndc.to_owned()),
            strength: Some(strength.to_owned()),
            ..TradeItem::unknown("00300010123455".parse().unwrap())
        }
    }

    #[test]
    fn what_differs_from_the_record_is_found() {
        let known = KnownData { items: vec![item("0001-0123-45", "100 mg")], ..Default::default() };
        let kinds = |item: TradeItem| -> Vec<FindingKind> {
            known.compare(&[item], &[]).into_iter().map(|finding| finding.kind).collect()
        };
        assert_eq!(kinds(item("00001012345", "100mg")), []);
        assert_eq!(kinds(item("0001-0123-45", "200 mg")), [FindingKind::ProductDiffers]);
        assert!(kinds(item("0001-0123-46", "100 mg")).contains(&FindingKind::NdcMismatch));
        assert_eq!(kinds(item("none", "100 mg")), [FindingKind::NdcUnreadable]);
    }
}
