//! What a partner's file tells: shipments, products, parties; and where it differs from the books.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use theriac_custody::{Actor, CaseKind, Hash};
use theriac_epcis::trade::{
    FindingKind, KnownData, ReadShipment, TradeFinding, TradeItem, TradeParty, TradeReader,
    TransactionInformation,
};
use theriac_gs1::{Gln, Gtin, Identifier, Lgtin, Lot};
use theriac_store::{Direction, NewConsignment, ReadTx, TradeFileRecord, TradeFileState, WriteTx};

use super::incoming::{FileKind, FileReport};
use crate::admit::Sound;
use crate::case::NewDispute;
use crate::error::NodeError;
use crate::node::Node;
use crate::partner::{DOCUMENTS, SOUND, settings_of};
use crate::shipments::Content;

impl Node {
    /// Puts on record what a partner's document tells, and what is wrong with it.
    pub(super) async fn take_told(
        &self,
        record: &TradeFileRecord,
        report: FileReport,
        sender: Gln,
        read: TradeReader,
    ) -> Result<FileReport, NodeError> {
        let mut tx = self.inner().store.write().await?;
        let partner = self.company_of(&mut tx, sender).await?;
        let known = self.known_data(&mut tx, partner, &read).await?;
        let needs_statement = self.own_statement().is_some();
        let mut findings = known.examine(&read, self.gln(), needs_statement);
        let part = record.sha256.unwrap_or_default();
        let mut shipments = Vec::new();
        for shipment in &read.shipments {
            findings.extend(self.beside_the_books(&mut tx, shipment).await?);
            shipments.push(self.keep_told(&mut tx, record, part, partner, shipment, &read).await?);
        }
        self.keep_told_elements(&mut tx, partner, part, &read.master_data).await?;
        self.note_findings(&mut tx, partner, &findings).await?;
        let report = FileReport {
            kind: Some(FileKind::Told),
            partner: Some(partner),
            shipments,
            findings,
            state: TradeFileState::Processed.word().to_owned(),
            ..report
        };
        let mut record = record.clone();
        record.state = TradeFileState::Processed;
        record.partner = Some(partner);
        record.cause = report.shipments.first().copied();
        record.report = serde_json::to_value(&report).unwrap_or_default();
        tx.set_trade_file(&record).await?;
        tx.commit().await?;
        Ok(report)
    }

    /// The company of a place: a member, or the partner among whose sites it is.
    pub(crate) async fn company_of(&self, tx: &mut ReadTx, gln: Gln) -> Result<Gln, NodeError> {
        if tx.stored_member(&gln).await?.is_some() {
            return Ok(gln);
        }
        let partners = tx.partners().await?;
        let owner = partners.iter().find(|record| settings_of(record).sites.contains(&gln));
        Ok(owner.map_or(gln, |record| record.gln))
    }

    /// What is on record of what a partner's document names; what the partner itself has told
    /// before is left out.
    async fn known_data(
        &self,
        tx: &mut ReadTx,
        partner: Gln,
        read: &TradeReader,
    ) -> Result<KnownData, NodeError> {
        let mut gtins: BTreeSet<Gtin> = read.gtins();
        gtins.extend(read.items.iter().map(|item| item.gtin));
        let mut glns: BTreeSet<Gln> = read.parties.iter().map(|party| party.gln).collect();
        for shipment in &read.shipments {
            glns.extend(crate::shipments::places(&shipment.event));
        }
        self.known_of(tx, partner, &gtins, &glns).await
    }

    /// What is on record of products and places, but for what `partner` itself has told.
    pub(crate) async fn known_of(
        &self,
        tx: &mut ReadTx,
        partner: Gln,
        gtins: &BTreeSet<Gtin>,
        glns: &BTreeSet<Gln>,
    ) -> Result<KnownData, NodeError> {
        let place = |gln: &Gln| {
            let sgln = theriac_gs1::Sgln { gln: *gln, extension: None };
            [Identifier::Sgln(sgln), Identifier::Pgln(*gln)]
        };
        let ids: Vec<Identifier> = gtins
            .iter()
            .copied()
            .map(Identifier::Gtin)
            .chain(glns.iter().flat_map(place))
            .collect();
        let elements = tx.master_data_with_origin(&ids).await?;
        let elements: Vec<_> = elements
            .into_iter()
            .filter(|(_, told_by)| *told_by != Some(partner))
            .map(|(element, _)| element)
            .collect();
        let asked: Vec<Gtin> = gtins.iter().copied().collect();
        Ok(KnownData {
            items: elements.iter().filter_map(TradeItem::of_element).collect(),
            parties: elements.iter().filter_map(TradeParty::of_element).collect(),
            registered: tx.labeler_of(&asked).await?.into_keys().collect(),
            companies: self.companies(tx).await?,
        })
    }

    /// The company of each GLN that is known.
    async fn companies(&self, tx: &mut ReadTx) -> Result<BTreeMap<Gln, Gln>, NodeError> {
        let members = tx.members(crate::clock::days_of(self.today())).await?;
        let mut companies: BTreeMap<Gln, Gln> = members.into_keys().map(|gln| (gln, gln)).collect();
        companies.insert(self.gln(), self.gln());
        for record in tx.partners().await? {
            companies.insert(record.gln, record.gln);
            let sites = settings_of(&record).sites;
            companies.extend(sites.into_iter().map(|site| (site, record.gln)));
        }
        Ok(companies)
    }

    /// Compares a told shipment with the packs on record.
    async fn beside_the_books(
        &self,
        tx: &mut ReadTx,
        shipment: &ReadShipment,
    ) -> Result<Vec<TradeFinding>, NodeError> {
        let units: Vec<Identifier> = shipment.consignment.units().collect();
        let mut on_record: HashMap<Identifier, Option<Lot>> = HashMap::new();
        for record in tx.load_items(&units).await? {
            on_record.insert(record.item.id, record.item.lot);
        }
        let (mut unknown, mut other) = (Vec::new(), Vec::new());
        for lot in &shipment.consignment.lots {
            let expiry = self.expiry_of(tx, lot.gtin, lot.lot.as_ref()).await?;
            let wrong_expiry = expiry.is_some_and(|own| lot.expiry.is_some_and(|told| told != own));
            for unit in lot.units() {
                match on_record.get(&unit) {
                    None => unknown.push(unit),
                    Some(own) if (lot.lot.is_some() && *own != lot.lot) || wrong_expiry => {
                        other.push(unit);
                    }
                    Some(_) => {}
                }
            }
        }
        let mut findings = Vec::new();
        if !unknown.is_empty() {
            let text = format!(
                "expected {} packs announced on the ledger, found {} that are not",
                units.len(),
                unknown.len()
            );
            findings.push(TradeFinding::new(FindingKind::NotAnnounced, text).on(unknown));
        }
        if !other.is_empty() {
            let text = format!(
                "expected lot and expiry date as on record, found {} otherwise",
                other.len()
            );
            findings.push(TradeFinding::new(FindingKind::LabelDiffers, text).on(other));
        }
        Ok(findings)
    }

    async fn expiry_of(
        &self,
        tx: &mut ReadTx,
        gtin: Gtin,
        lot: Option<&Lot>,
    ) -> Result<Option<jiff::civil::Date>, NodeError> {
        let Some(lot) = lot else { return Ok(None) };
        let lot = Lgtin { gtin, lot: lot.clone() };
        let rows = tx.load_lots(std::slice::from_ref(&lot)).await?;
        Ok(rows.get(&lot).map(|row| row.record.expiry))
    }

    /// The event that the ledger has as the cause of the shipment in which the packs were announced:
    /// a partner's form of a document may tell the same event with more fields.
    async fn cause_of(
        &self,
        tx: &mut ReadTx,
        partner: Gln,
        shipment: &ReadShipment,
    ) -> Result<Option<Hash>, NodeError> {
        let Some(unit) = shipment.consignment.units().next() else { return Ok(None) };
        let items = tx.load_items(std::slice::from_ref(&unit)).await?;
        let place = items.into_iter().find(|record| record.item.id == unit);
        let Some(place) = place.and_then(|record| record.item.place) else { return Ok(None) };
        let known = tx.known_holding(&place.holding).await?;
        let announced = known.and_then(|known| known.shipment);
        if announced.is_none_or(|shipment| shipment.from != partner) {
            return Ok(None);
        }
        Ok(tx.ledger_holding(&place.holding).await?.map(|holding| holding.cause))
    }

    /// Keeps a told shipment; its name.
    async fn keep_told(
        &self,
        tx: &mut WriteTx,
        record: &TradeFileRecord,
        part: Hash,
        partner: Gln,
        shipment: &ReadShipment,
        read: &TradeReader,
    ) -> Result<Hash, NodeError> {
        let sound = Sound::new(shipment.event.clone());
        let cause = self.cause_of(tx, partner, shipment).await?.unwrap_or(sound.identity);
        let (from, to) = TransactionInformation::parties_of(&sound.event);
        let content = Content {
            from: from.unwrap_or(partner),
            to: to.unwrap_or(self.gln()),
            consignment: shipment.consignment.clone(),
            items: read.items.clone(),
            parties: read.parties.clone(),
            statement: read.statement.clone(),
            event: Some(sound.event),
            file: Some(record.id.0),
        };
        let shipped_at = content.shipped_at().unwrap_or(record.at);
        let new = NewConsignment { direction: Direction::In, cause, part, partner, shipped_at };
        tx.note_consignment(&new).await?;
        let parts = tx.consignments_of(&cause).await?;
        let own = parts.iter().find(|one| one.part == part && one.direction == Direction::In);
        if let Some(own) = own {
            let packs = content.consignment.packs() as u64;
            tx.fill_consignment(own.id, shipped_at, packs, content.pack()?).await?;
        }
        Ok(cause)
    }

    /// Counts what was found in a document or message of a partner.
    pub(crate) async fn note_findings(
        &self,
        tx: &mut WriteTx,
        partner: Gln,
        findings: &[TradeFinding],
    ) -> Result<(), NodeError> {
        let now = self.now().as_millisecond();
        tx.note_quality(partner, DOCUMENTS, 1, now, None).await?;
        if findings.is_empty() {
            tx.note_quality(partner, SOUND, 1, now, None).await?;
        }
        for finding in findings {
            self.note_finding(tx, partner, finding).await?;
        }
        Ok(())
    }

    /// Counts one finding, and opens a case about it if it is grave and was not found before.
    pub(crate) async fn note_finding(
        &self,
        tx: &mut WriteTx,
        partner: Gln,
        finding: &TradeFinding,
    ) -> Result<(), NodeError> {
        let word = finding.kind.word();
        let before = tx.quality_of(&partner).await?;
        let known =
            before.iter().any(|one| one.kind == word && one.examples.contains(&finding.text));
        tx.note_quality(partner, word, 1, self.now().as_millisecond(), Some(&finding.text)).await?;
        let kind = match finding.kind {
            FindingKind::LabelDiffers => CaseKind::Mismatch,
            FindingKind::NdcMismatch | FindingKind::GlnOfAnother if !known => CaseKind::MasterData,
            _ => return Ok(()),
        };
        let new = NewDispute {
            kind,
            reason: format!("{}, in the data of {partner}", finding.text),
            what_to_do: finding.kind.what_to_do().to_owned(),
            actor: Actor::ThisMember,
            packs: finding.items.clone(),
            counterparty: Some(partner),
            evidence: Vec::new(),
            tell: false,
            event: None,
            waits_for: None,
        };
        self.open_case_about(tx, new).await?;
        Ok(())
    }
}
