//! Messages read: what a report or a response says about a case.

use std::collections::BTreeMap;

use theriac_gs1::{Gtin, Identifier, Serial, Sgtin};

use super::{ExceptionReport, ExceptionResponse, Exceptions, ResolutionResponse, ResponseItem};
use crate::case::{CaseKind, EvidenceItem, Resolution, Uuid};

/// What a report says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadReport {
    /// The kind that describes it best.
    pub kind: CaseKind,
    /// What is wrong, in a sentence.
    pub reason: String,
    /// The packs that it names.
    pub packs: Vec<Identifier>,
    /// What it says of orders, quantities and labels.
    pub evidence: Vec<EvidenceItem>,
    /// What is asked for, each once, with the items: the first names the proposal.
    pub proposals: Vec<(Resolution, Vec<String>)>,
}

/// What a response says of one proposal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadResponse {
    /// Whether all its items are accepted.
    pub accept: bool,
    /// In the sender's words.
    pub text: Option<String>,
    /// What is proposed instead.
    pub alternative: Option<Resolution>,
}

/// An item of an exception: its name and what is asked for.
type Asked = (String, Option<Resolution>);

impl ExceptionReport {
    /// What it says.
    #[must_use]
    pub fn read(&self) -> ReadReport {
        let none = Exceptions::default();
        let exceptions = self.exceptions.as_ref().unwrap_or(&none);
        let others = self.other_errors.as_deref().unwrap_or_default();
        let mut evidence = Vec::new();
        if !self.po_number.is_empty() {
            evidence.push(EvidenceItem::Order { number: self.po_number.clone() });
        }
        evidence.extend(exceptions.counts());
        evidence.extend(exceptions.differences());
        let mut proposals: Vec<(Resolution, Vec<String>)> = Vec::new();
        for (item, way) in exceptions.asked() {
            let Some(way) = way else { continue };
            match proposals.iter_mut().find(|(found, _)| *found == way) {
                Some((_, items)) => items.push(item),
                None => proposals.push((way, vec![item])),
            }
        }
        let (kind, what) = exceptions.kind();
        let items = exceptions.asked().len();
        let mut reason = match items {
            0 => String::new(),
            items => format!("{what}: {items} items"),
        };
        for other in others {
            reason.push_str(if reason.is_empty() { "" } else { "; " });
            reason.push_str(other);
        }
        if reason.is_empty() {
            "the report says nothing of what is wrong".clone_into(&mut reason);
        }
        ReadReport { kind, reason, packs: exceptions.packs(), evidence, proposals }
    }
}

impl Exceptions {
    /// The kind of case that the first exception makes, and its name in words.
    fn kind(&self) -> (CaseKind, &'static str) {
        let master = self.master_data_errors.is_some();
        [
            (self.missing_product_data.is_some(), CaseKind::NoData, "products without data"),
            (self.missing_product.is_some(), CaseKind::Missing, "data without products"),
            (
                self.data_misalignment.is_some(),
                CaseKind::Mismatch,
                "data that differ from products",
            ),
            (self.overages.is_some(), CaseKind::Extra, "more than was ordered"),
            (self.underages.is_some(), CaseKind::Missing, "less than was ordered"),
            (master, CaseKind::MasterData, "wrong master data"),
        ]
        .into_iter()
        .find(|(is, _, _)| *is)
        .map_or((CaseKind::Other, "other errors"), |(_, kind, what)| (kind, what))
    }

    fn asked(&self) -> Vec<Asked> {
        let mut asked: Vec<Asked> = Vec::new();
        let mut take = |id: &String, way: Option<Resolution>| asked.push((id.clone(), way));
        for item in self.missing_product_data.iter().flatten() {
            take(&item.exception_item_uuid, Some(item.resolution_request));
        }
        for item in self.missing_product.iter().flatten() {
            take(&item.exception_item_uuid, Some(item.resolution_request));
        }
        for item in self.data_misalignment.iter().flatten() {
            take(&item.exception_item_uuid, Some(item.resolution_request));
        }
        for item in self.overages.iter().chain(&self.underages).flatten() {
            take(&item.exception_item_uuid, Some(item.resolution_request));
        }
        let master = self.master_data_errors.as_ref();
        for item in master.and_then(|errors| errors.gln_errors.as_ref()).into_iter().flatten() {
            take(&item.exception_item_uuid, item.resolution_request);
        }
        for item in master.and_then(|errors| errors.gtin_errors.as_ref()).into_iter().flatten() {
            take(&item.exception_item_uuid, item.resolution_request);
        }
        asked
    }

    /// The packs whose GTIN and serial number are sound; the message itself keeps the others.
    fn packs(&self) -> Vec<Identifier> {
        let without_data = self.missing_product_data.iter().flatten();
        let without_data =
            without_data.map(|item| (item.product_gtin.as_str(), item.product_serial.as_deref()));
        let without_product = self.missing_product.iter().flatten();
        let without_product = without_product
            .map(|item| (item.product_gtin.as_str(), Some(item.product_serial.as_str())));
        let differing = self
            .data_misalignment
            .iter()
            .flatten()
            .map(|item| (item.product_data_gtin.as_str(), item.product_data_serial.as_deref()));
        let all = without_data.chain(without_product).chain(differing);
        all.filter_map(|(gtin, serial)| pack(gtin, serial?)).collect()
    }

    fn counts(&self) -> Vec<EvidenceItem> {
        let quantities = self.overages.iter().chain(&self.underages).flatten();
        let number = |packs: i64| u64::try_from(packs).unwrap_or(0);
        let counts = quantities.filter_map(|item| {
            Some(EvidenceItem::Count {
                gtin: item.gtin.parse().ok()?,
                expected: number(item.quantity_ordered),
                found: number(item.quantity_received),
            })
        });
        counts.collect()
    }

    fn differences(&self) -> Vec<EvidenceItem> {
        let mut differences = Vec::new();
        for item in self.data_misalignment.iter().flatten() {
            let serial = item.product_data_serial.as_deref().unwrap_or_default();
            let Some(pack) = pack(&item.product_data_gtin, serial) else { continue };
            let found_serial = item.received_product_serial.as_deref().unwrap_or_default();
            for (field, expected, found) in [
                ("gtin", &*item.product_data_gtin, &*item.received_product_gtin),
                ("lot", &*item.product_data_lot, &*item.received_product_lot),
                ("expiry", &*item.product_data_expiry, &*item.received_product_expiry),
                ("serial", serial, found_serial),
            ] {
                if expected != found {
                    differences.push(EvidenceItem::Difference {
                        pack: pack.clone(),
                        field: field.to_owned(),
                        expected: expected.to_owned(),
                        found: found.to_owned(),
                    });
                }
            }
        }
        differences
    }
}

impl ExceptionResponse {
    /// What it says of each proposal; `proposal_of` finds the one that an item belongs to. A proposal
    /// is accepted if all its items that are answered are.
    #[must_use]
    pub fn read(&self, proposal_of: impl Fn(&str) -> Option<Uuid>) -> BTreeMap<Uuid, ReadResponse> {
        let mut answers: BTreeMap<Uuid, ReadResponse> = BTreeMap::new();
        for item in self.response_items.iter().flatten() {
            let Some(proposal) = proposal_of(&item.exception_item_uuid) else { continue };
            let accept = item.resolution_response == ResolutionResponse::Accept;
            let answer = answers.entry(proposal).or_insert(ReadResponse {
                accept: true,
                text: None,
                alternative: None,
            });
            answer.accept &= accept;
            answer.alternative = answer.alternative.or_else(|| alternative(item));
            if let Some(comment) = item.comments.as_deref().filter(|text| !text.is_empty()) {
                let text = answer.text.get_or_insert_default();
                if !text.contains(comment) {
                    text.push_str(if text.is_empty() { "" } else { "; " });
                    text.push_str(comment);
                }
            }
        }
        answers
    }
}

fn alternative(item: &ResponseItem) -> Option<Resolution> {
    item.alternative_resolution.as_ref()?.alternative_resolution
}

fn pack(gtin: &str, serial: &str) -> Option<Identifier> {
    let gtin: Gtin = gtin.parse().ok()?;
    let serial: Serial = serial.parse().ok()?;
    Some(Identifier::Sgtin(Sgtin { gtin, serial }))
}
