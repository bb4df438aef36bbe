//! The fields of Form FDA 3911, "Drug Notification": what a member tells the FDA of illegitimate
//! product, as far as its node knows it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use theriac_custody::case::{Act, Classification};
use theriac_epcis::trade::{TradeItem, TradeParty};
use theriac_gs1::{Gtin, Identifier, Lgtin};
use theriac_query::vocabulary;
use theriac_store::ReadTx;

use super::file::CaseFile;
use super::{CaseError, PACKS_MAX};
use crate::clock::days_of;
use crate::error::NodeError;
use crate::node::Node;

/// Packs that are looked up at a time.
const PAGE: usize = 500;

/// Why the form is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportType {
    /// Initial Notification.
    Initial,
    /// Follow-up Notification.
    FollowUp,
    /// Request for Termination.
    Termination,
}

/// The fields of the form. Those that the node does not know are absent and named in `missing`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Form3911 {
    /// `FDA 3911`.
    pub form: String,
    /// Type of report.
    pub type_of_report: ReportType,
    /// Incident number that the FDA has given.
    pub incident_number: Option<String>,
    /// Date of the initial notification to the FDA.
    pub date_of_initial_notification: Option<String>,
    /// When the company determined that the product is illegitimate, RFC 3339.
    pub date_of_determination: Option<String>,
    /// Classification of the notification.
    pub classification: Option<Classification>,
    /// Names of the products as on their labels.
    pub product_names: Vec<String>,
    /// Primary ingredients.
    pub primary_ingredients: Option<String>,
    /// Human or animal use.
    pub drug_use: Option<String>,
    /// What kind of drug it is.
    pub drug_description: Option<String>,
    /// Strengths.
    pub strengths: Vec<String>,
    /// Dosage forms.
    pub dosage_forms: Vec<String>,
    /// Number of packages.
    pub quantity: u64,
    /// National Drug Codes.
    pub ndcs: Vec<String>,
    /// GTINs.
    pub gtins: Vec<String>,
    /// Serial numbers.
    pub serial_numbers: Vec<String>,
    /// Lot numbers.
    pub lot_numbers: Vec<String>,
    /// Expiration dates.
    pub expiration_dates: Vec<String>,
    /// What happened.
    pub description: String,
    /// Why the notification is no longer necessary.
    pub reason_for_termination: Option<String>,
    /// Other ways in which the FDA was told (BPDR, FAR, MedWatch).
    pub other_submissions: Option<String>,
    /// Name of the company.
    pub company_name: String,
    /// Its address.
    pub company_address: Vec<String>,
    /// What the company is.
    pub company_categories: Vec<String>,
    /// Its GLN; the form asks for a Unique Facility Identifier.
    pub company_gln: String,
    /// Whom to call.
    pub contact_name: Option<String>,
    /// Their telephone number.
    pub contact_phone: Option<String>,
    /// Their email address.
    pub contact_email: Option<String>,
    /// Fields that a person must fill in.
    pub missing: Vec<String>,
}

impl Node {
    /// The fields of Form FDA 3911 for a case.
    ///
    /// # Errors
    ///
    /// [`CaseError::Unknown`].
    pub async fn case_form_3911(
        &self,
        name: &str,
        kind: Option<ReportType>,
        incident: Option<String>,
    ) -> Result<Form3911, CaseError> {
        let mut tx = self.inner().store.read().await?;
        let file = self.find_case(&mut tx, name).await?;
        let has = |wanted: fn(&Act) -> bool| file.entries.iter().any(|(e, _)| wanted(&e.act));
        let usual = match () {
            () if has(|act| matches!(act, Act::Cleared { .. })) => ReportType::Termination,
            () if incident.is_some() => ReportType::FollowUp,
            () => ReportType::Initial,
        };
        let mut form = self.form_of(&mut tx, &file, kind.unwrap_or(usual), None).await?;
        form.incident_number = incident;
        form.name_missing();
        Ok(form)
    }

    /// The form as of `determination`, or of the entries of the case.
    pub(super) async fn form_of(
        &self,
        tx: &mut ReadTx,
        file: &CaseFile,
        kind: ReportType,
        determination: Option<(&str, Classification)>,
    ) -> Result<Form3911, NodeError> {
        let packs = tx.case_packs(file.record.id, None, PACKS_MAX as u64).await?;
        let goods = Goods::of(tx, &packs).await?;
        let company = self.company(tx).await?;
        let (mut description, mut classification) = (file.record.matter.reason.clone(), None);
        let (mut determined, mut terminated) = (None, None);
        for (entry, _) in &file.entries {
            match &entry.act {
                Act::Confirmed { text, classification: found } => {
                    description = format!("{description}. {text}");
                    (classification, determined) = (Some(*found), Some(entry.at.to_string()));
                }
                Act::Cleared { text, .. } => terminated = Some(text.clone()),
                _ => {}
            }
        }
        if let Some((text, found)) = determination {
            description = format!("{description}. {text}");
            (classification, determined) = (Some(found), Some(self.now().to_string()));
        }
        let contact = self.config().contact.clone();
        let mut form = Form3911 {
            form: "FDA 3911".to_owned(),
            type_of_report: kind,
            incident_number: None,
            date_of_initial_notification: None,
            date_of_determination: determined,
            classification,
            product_names: goods.told(|item| item.name.clone()),
            primary_ingredients: None,
            drug_use: None,
            drug_description: None,
            strengths: goods.told(|item| item.strength.clone()),
            dosage_forms: goods.told(|item| item.dosage_form.clone()),
            quantity: packs.len() as u64,
            ndcs: goods.told(|item| item.ndc.clone()),
            gtins: goods.gtins.iter().map(ToString::to_string).collect(),
            serial_numbers: goods.serials,
            lot_numbers: goods.lots.keys().cloned().collect(),
            expiration_dates: goods.lots.into_values().flatten().collect(),
            description,
            reason_for_termination: terminated.filter(|_| kind == ReportType::Termination),
            other_submissions: None,
            company_name: self.config().name.clone(),
            company_address: company.0,
            company_categories: company.1,
            company_gln: self.gln().to_string(),
            contact_name: contact.name,
            contact_phone: contact.phone,
            contact_email: contact.email,
            missing: Vec::new(),
        };
        form.name_missing();
        Ok(form)
    }

    /// This member's address and what it is.
    async fn company(&self, tx: &mut ReadTx) -> Result<(Vec<String>, Vec<String>), NodeError> {
        let me = self.gln();
        let places = tx.master_data_of(vocabulary::LOCATION).await?;
        let own = places.iter().filter_map(TradeParty::of_element).find(|party| party.gln == me);
        let members = tx.members(days_of(self.today())).await?;
        let roles = members.get(&me).map(|member| member.roles).unwrap_or_default();
        let roles = roles.iter().map(|role| role.word().to_owned()).collect();
        Ok((own.map(|party| party.address()).unwrap_or_default(), roles))
    }
}

/// What is known of the packs of a case.
#[derive(Default)]
struct Goods {
    gtins: BTreeSet<Gtin>,
    items: Vec<TradeItem>,
    serials: Vec<String>,
    /// Expiry dates by lot number.
    lots: BTreeMap<String, BTreeSet<String>>,
}

impl Goods {
    async fn of(tx: &mut ReadTx, packs: &[Identifier]) -> Result<Self, NodeError> {
        let mut goods = Self::default();
        let mut lots: BTreeSet<Lgtin> = BTreeSet::new();
        for pack in packs {
            goods.gtins.extend(pack.gtin());
            if let Identifier::Sgtin(unit) = pack {
                goods.serials.push(unit.serial.to_string());
            }
        }
        for packs in packs.chunks(PAGE) {
            let items = tx.load_items(packs).await?.into_iter().map(|record| record.item);
            let named: BTreeSet<&Identifier> = packs.iter().collect();
            for item in items.filter(|item| named.contains(&item.id)) {
                if let (Identifier::Sgtin(unit), Some(lot)) = (item.id, item.lot) {
                    lots.insert(Lgtin { gtin: unit.gtin, lot });
                }
            }
        }
        let lots: Vec<Lgtin> = lots.into_iter().collect();
        for (lot, row) in tx.load_lots(&lots).await? {
            let expiry = row.record.expiry.to_string();
            goods.lots.entry(lot.lot.to_string()).or_default().insert(expiry);
        }
        let classes = tx.master_data_of(vocabulary::EPC_CLASS).await?;
        let items = classes.iter().filter_map(TradeItem::of_element);
        goods.items = items.filter(|item| goods.gtins.contains(&item.gtin)).collect();
        Ok(goods)
    }

    /// What the products' master data tell, each once.
    fn told(&self, field: impl Fn(&TradeItem) -> Option<String>) -> Vec<String> {
        let told: BTreeSet<String> = self.items.iter().filter_map(field).collect();
        told.into_iter().collect()
    }
}

impl Form3911 {
    /// Names the fields that are not known.
    fn name_missing(&mut self) {
        self.missing.clear();
        let form = serde_json::to_value(&*self).unwrap_or_default();
        let fields = form.as_object().into_iter().flatten();
        let is_missing = |name: &str, value: &serde_json::Value| match name {
            "missing" | "reason_for_termination" | "other_submissions" => false,
            "incident_number" | "date_of_initial_notification" => {
                value.is_null() && self.type_of_report != ReportType::Initial
            }
            _ => value.is_null() || value.as_array().is_some_and(Vec::is_empty),
        };
        let missing = fields.filter(|(name, value)| is_missing(name, value));
        self.missing = missing.map(|(name, _)| name.clone()).collect();
    }
}
