//! A case written as an exception report, or as the response to one.

use std::collections::BTreeMap;

use jiff::Timestamp;
use theriac_gs1::Identifier;

use super::{
    AlternativeResolution, ContactInformation, DataWithoutProduct, ExceptionReport,
    ExceptionResponse, Exceptions, FollowUpMethod, GlnError, GtinError, MasterDataErrors,
    Misalignment, ObservationSource, ProductWithoutData, Quantities, ResolutionResponse,
    ResponseItem,
};
use crate::breach::{BreachCode, WaitsFor};
use crate::case::{Act, CaseKind, Entry, EvidenceItem, Matter, Resolution, Uuid};

/// Items of a report; a case with more packs names the first.
const ITEMS_MAX: usize = 10_000;

/// What a message says of a case.
#[derive(Debug, Clone)]
pub struct Case<'a> {
    /// Name of the case.
    pub case: Uuid,
    /// Name of the message.
    pub message: Uuid,
    /// When the message is made.
    pub at: Timestamp,
    /// Who sends it.
    pub sender: ContactInformation,
    /// What the case is about.
    pub matter: &'a Matter,
    /// The packs that it is about.
    pub packs: &'a [Identifier],
    /// What speaks for it.
    pub evidence: Vec<&'a EvidenceItem>,
    /// Name of the sender's last proposal, and the way; without one the usual way is asked for.
    pub proposal: Option<(Uuid, Resolution)>,
    /// Whether the case has ended.
    pub resolved: bool,
}

/// The names of the items that a proposal has in messages: its own, then derived ones.
pub fn item_ids(proposal: Uuid) -> impl Iterator<Item = Uuid> {
    let derived = move |n: u64| match n {
        0 => proposal,
        n => Uuid::derived(&[b"theriac pdg item", &proposal.0, &n.to_be_bytes()]),
    };
    (0..ITEMS_MAX as u64).map(derived)
}

impl Case<'_> {
    /// The report. Once the case has ended it says so, and no more.
    #[must_use]
    pub fn report(&self) -> ExceptionReport {
        let (exceptions, others) = match self.resolved {
            true => (Exceptions::default(), Vec::new()),
            false => self.exceptions(),
        };
        ExceptionReport {
            message_uuid: self.message.to_string(),
            exception_case_uuid: self.case.to_string(),
            timestamp: self.at.as_second(),
            po_number: self.order(),
            sender_information: self.sender.clone(),
            exceptions: Some(exceptions),
            other_errors: Some(others).filter(|errors| !errors.is_empty()),
            case_resolved: self.resolved,
        }
    }

    /// The response to `asked`: the items of reports of the other party, each with its resolution;
    /// `entries` are those of the case.
    #[must_use]
    pub fn response(&self, asked: &[(String, Uuid)], entries: &[&Entry]) -> ExceptionResponse {
        let answers: BTreeMap<Uuid, &Act> = entries
            .iter()
            .filter_map(|entry| match &entry.act {
                act @ Act::Answered { proposal, .. } => Some((*proposal, act)),
                _ => None,
            })
            .collect();
        let items = asked.iter().filter_map(|(item, proposal)| {
            let Act::Answered { accept, text, alternative, .. } = *answers.get(proposal)? else {
                return None;
            };
            let response =
                if *accept { ResolutionResponse::Accept } else { ResolutionResponse::Reject };
            Some(ResponseItem {
                exception_item_uuid: item.clone(),
                resolution_response: response,
                comments: text.clone(),
                alternative_resolution: alternative.map(|way| AlternativeResolution {
                    alternative_resolution: Some(way),
                    follow_up: Some(FollowUpMethod::Email),
                    follow_up_details: Some(self.sender.email.clone()),
                }),
            })
        });
        ExceptionResponse {
            message_uuid: self.message.to_string(),
            exception_case_uuid: self.case.to_string(),
            timestamp: self.at.as_second(),
            sender_information: self.sender.clone(),
            po_number: self.order(),
            response_items: Some(items.collect()),
            additional_notes: None,
        }
    }

    fn order(&self) -> String {
        let mut orders = self.evidence.iter().filter_map(|item| match item {
            EvidenceItem::Order { number } => Some(number.clone()),
            _ => None,
        });
        orders.next().unwrap_or_default()
    }

    /// The names of the items, and the resolution that is asked for.
    fn asked(&self) -> (impl Iterator<Item = String>, Resolution) {
        let (base, way) = self.proposal.unwrap_or((self.case, Resolution::usual(self.matter.kind)));
        (item_ids(base).map(|id| id.to_string()), way)
    }

    /// What is wrong, in the fields for it, else in words.
    fn exceptions(&self) -> (Exceptions, Vec<String>) {
        let mut exceptions = Exceptions::default();
        match self.matter.kind {
            CaseKind::NoData
            | CaseKind::Extra
            | CaseKind::Rule(BreachCode::ItemUnknown | BreachCode::ManifestMismatch) => {
                exceptions.overages = some(self.quantities(|expected, found| found > expected));
                if exceptions.overages.is_none() {
                    exceptions.missing_product_data = some(self.products_without_data());
                }
            }
            CaseKind::Missing => {
                exceptions.underages = some(self.quantities(|expected, found| found < expected));
                if exceptions.underages.is_none() {
                    exceptions.missing_product = some(self.data_without_products());
                }
            }
            CaseKind::Mismatch | CaseKind::Rule(BreachCode::LotMismatch) => {
                exceptions.data_misalignment = some(self.misalignments());
            }
            CaseKind::MasterData
            | CaseKind::Rule(
                BreachCode::ProductUnknown
                | BreachCode::ConsigneeUnknown
                | BreachCode::ConsigneeMissing,
            ) => exceptions.master_data_errors = self.master_data_errors(),
            _ => {}
        }
        let told = exceptions != Exceptions::default();
        let words = if told { Vec::new() } else { vec![self.matter.reason.clone()] };
        (exceptions, words)
    }

    fn products_without_data(&self) -> Vec<ProductWithoutData> {
        let (ids, way) = self.asked();
        let scanned = self.evidence.iter().any(|item| matches!(item, EvidenceItem::Scan { .. }));
        let observation_source =
            if scanned { ObservationSource::Scan } else { ObservationSource::Other };
        let products = self.packs.iter().filter_map(gtin_and_serial);
        let made =
            products.zip(ids).map(|((gtin, serial), exception_item_uuid)| ProductWithoutData {
                exception_item_uuid,
                product_gtin: gtin,
                observation_source,
                resolution_request: way,
                product_serial: Some(serial),
            });
        made.collect()
    }

    fn data_without_products(&self) -> Vec<DataWithoutProduct> {
        let (ids, way) = self.asked();
        let file = self.evidence.iter().find_map(|item| match item {
            EvidenceItem::Document { name, .. } => Some(name.clone()),
            EvidenceItem::Shipment { holding } => Some(holding.to_string()),
            EvidenceItem::Event { hash } => Some(hash.to_string()),
            _ => None,
        });
        let file = file.unwrap_or_default();
        let products = self.packs.iter().filter_map(gtin_and_serial);
        let made =
            products.zip(ids).map(|((product_gtin, product_serial), id)| DataWithoutProduct {
                exception_item_uuid: id,
                file_id: file.clone(),
                product_gtin,
                product_serial,
                resolution_request: way,
            });
        made.collect()
    }

    /// The packs that differ, each with what its label and its data say.
    fn misalignments(&self) -> Vec<Misalignment> {
        let mut packs: BTreeMap<&Identifier, Vec<Difference<'_>>> = BTreeMap::new();
        for item in &self.evidence {
            if let EvidenceItem::Difference { pack, field, expected, found } = item {
                packs.entry(pack).or_default().push((field, expected, found));
            }
        }
        let (ids, way) = self.asked();
        let made = packs.into_iter().zip(ids).filter_map(|((pack, differences), id)| {
            let (gtin, serial) = gtin_and_serial(pack)?;
            let (data_gtin, label_gtin) = both(&differences, "gtin", &gtin);
            let (data_lot, label_lot) = both(&differences, "lot", "");
            let (data_expiry, label_expiry) = both(&differences, "expiry", "");
            let (data_serial, label_serial) = both(&differences, "serial", &serial);
            Some(Misalignment {
                exception_item_uuid: id,
                received_product_gtin: label_gtin.to_owned(),
                received_product_lot: label_lot.to_owned(),
                received_product_expiry: label_expiry.to_owned(),
                received_product_serial: Some(label_serial.to_owned()),
                product_data_gtin: data_gtin.to_owned(),
                product_data_lot: data_lot.to_owned(),
                product_data_expiry: data_expiry.to_owned(),
                product_data_serial: Some(data_serial.to_owned()),
                resolution_request: way,
            })
        });
        made.collect()
    }

    fn quantities(&self, differ: impl Fn(u64, u64) -> bool) -> Vec<Quantities> {
        let (ids, way) = self.asked();
        let counts = self.evidence.iter().filter_map(|item| match item {
            EvidenceItem::Count { gtin, expected, found } if differ(*expected, *found) => {
                Some((gtin, *expected, *found))
            }
            _ => None,
        });
        let number = |packs: u64| i64::try_from(packs).unwrap_or(i64::MAX);
        let made = counts.zip(ids).map(|((gtin, expected, found), id)| Quantities {
            exception_item_uuid: id,
            gtin: gtin.to_string(),
            quantity_ordered: number(expected),
            quantity_received: number(found),
            resolution_request: way,
        });
        made.collect()
    }

    fn master_data_errors(&self) -> Option<MasterDataErrors> {
        let (mut ids, way) = self.asked();
        let mut gtins: Vec<String> =
            self.packs.iter().filter_map(Identifier::gtin).map(|gtin| gtin.to_string()).collect();
        let mut glns = Vec::new();
        match &self.matter.waits_for {
            Some(WaitsFor::Product(gtin)) => gtins.push(gtin.to_string()),
            Some(WaitsFor::Member(gln)) => glns.push(gln.to_string()),
            _ => {}
        }
        for item in &self.evidence {
            match item {
                EvidenceItem::Difference { field, found, .. } if field == "gln" => {
                    glns.push(found.clone());
                }
                EvidenceItem::Difference { field, found, .. } if field == "gtin" => {
                    gtins.push(found.clone());
                }
                _ => {}
            }
        }
        gtins.sort_unstable();
        gtins.dedup();
        let resolution_request = Some(way);
        let gln_errors = glns.into_iter().zip(ids.by_ref()).map(|(gln, id)| GlnError {
            exception_item_uuid: id,
            invalid_gln: gln,
            proposed_gln: None,
            resolution_request,
        });
        let gln_errors = some(gln_errors.collect());
        let gtin_errors = gtins.into_iter().zip(ids).map(|(gtin, id)| GtinError {
            exception_item_uuid: id,
            invalid_gtin: gtin,
            proposed_gtin: None,
            resolution_request,
        });
        let errors = MasterDataErrors { gln_errors, gtin_errors: some(gtin_errors.collect()) };
        (errors != MasterDataErrors::default()).then_some(errors)
    }
}

/// A field, what the data say, what the label says.
type Difference<'a> = (&'a str, &'a str, &'a str);

/// What the data and the label say of a field; the usual text where they do not differ.
fn both<'a>(differences: &[Difference<'a>], field: &str, usual: &'a str) -> (&'a str, &'a str) {
    let found = differences.iter().find(|(name, _, _)| *name == field);
    found.map_or((usual, usual), |(_, expected, found)| (*expected, *found))
}

impl Resolution {
    /// What is usually asked for in cases of a kind.
    #[must_use]
    pub const fn usual(kind: CaseKind) -> Self {
        match kind {
            CaseKind::Missing => Self::SendProduct,
            CaseKind::Extra
            | CaseKind::Damaged
            | CaseKind::ReturnFailed
            | CaseKind::Suspect
            | CaseKind::CloneSuspected
            | CaseKind::RecallUnacknowledged => Self::ReturnProduct,
            CaseKind::NoData
            | CaseKind::Mismatch
            | CaseKind::MasterData
            | CaseKind::MessageRefused
            | CaseKind::Other
            | CaseKind::Rule(_) => Self::SendNewData,
        }
    }
}

fn gtin_and_serial(pack: &Identifier) -> Option<(String, String)> {
    match pack {
        Identifier::Sgtin(unit) => Some((unit.gtin.to_string(), unit.serial.to_string())),
        _ => None,
    }
}

fn some<T>(items: Vec<T>) -> Option<Vec<T>> {
    (!items.is_empty()).then_some(items)
}
