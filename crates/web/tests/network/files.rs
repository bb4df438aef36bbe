//! Shipments as documents: told by both sides, as files for a partner without a node, as tables.

use std::path::PathBuf;

use serde_json::{Value, json};
use theriac_custody::{ItemStatus, VerdictCode};
use theriac_epcis::trade::{FindingKind, TradeReader};
use theriac_epcis::{Layer, judge};
use theriac_gs1::{Identifier, Sgtin};
use theriac_node::{Descriptions, FileReport, QualityReport, ShipmentEntry, ShipmentReport};

use crate::events::{Lot, id, sscc};
use crate::network::{Network, Who};

impl Network {
    async fn send_json(&self, who: Who, path: &str, body: &Value) -> Value {
        let request = self.http.post(format!("{}{path}", self.url(who))).json(body);
        let response = request.send().await.unwrap();
        let status = response.status();
        let text = response.text().await.unwrap();
        assert!(status.is_success(), "{who:?} {path}: {status} {text}");
        serde_json::from_str(&text).unwrap()
    }

    async fn text(&self, who: Who, path: &str) -> String {
        let response = self.http.get(format!("{}{path}", self.url(who))).send().await.unwrap();
        assert!(response.status().is_success(), "{path}: {}", response.status());
        response.text().await.unwrap()
    }

    /// Gives a company a folder for files.
    async fn with_folder(&mut self, who: Who) -> PathBuf {
        self.configure(who, |config| config.files = Some("files".into())).await;
        self.dir(who).join("files")
    }

    /// Puts a file into a company's folder and lets its node take it; its report.
    async fn drop_file(&self, who: Who, name: &str, bytes: &[u8]) -> FileReport {
        let inbox = self.dir(who).join("files/in");
        std::fs::create_dir_all(&inbox).unwrap();
        std::fs::write(inbox.join(name), bytes).unwrap();
        // One look finds it, the next one finds it unchanged.
        self.settle(who).await;
        self.settle(who).await;
        assert!(!inbox.join(name).exists(), "{name} was not taken");
        let files: Vec<FileReport> = self.get(who, "/files").await;
        let report = files.into_iter().find(|file| file.name == name).unwrap();
        let folder = if report.is_rejected() { "rejected" } else { "processed" };
        let own = format!("{}-{name}", report.file);
        assert!(inbox.join(folder).join(&own).is_file());
        let beside = inbox.join(folder).join(format!("{own}.report.json"));
        let text = std::fs::read_to_string(beside).unwrap();
        assert_eq!(serde_json::from_str::<FileReport>(&text).unwrap(), report);
        report
    }
}

fn described(strength: &str) -> Value {
    json!([
        { "product": { "gtin": Who::Maker.gtin(1), "name": "Epcistra", "strength": strength,
            "dosage_form": "PILL", "container_size": "500 pills" } },
        { "party": { "gln": Who::Maker.gln(), "name": "Maker Inc", "street": "1 Main St",
            "city": "Basel", "country": "CH" } },
    ])
}

fn read(bytes: &[u8]) -> TradeReader {
    let mut findings = Vec::new();
    judge(bytes, &mut |finding| {
        findings.extend((finding.layer == Layer::Schema).then(|| finding.to_string()));
    })
    .unwrap();
    assert_eq!(findings, Vec::<String>::new());
    TradeReader::read(bytes, "2099-01-01T00:00:00Z".parse().unwrap()).unwrap()
}

fn ids(units: &[Sgtin]) -> Vec<Identifier> {
    units.iter().map(id).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn both_sides_have_the_transaction_information_of_a_shipment() {
    let network = Network::of(&[Who::Maker, Who::Wholesaler]).await;
    network.send_json(Who::Maker, "/master-data", &described("100 mg")).await;
    network.send_json(Who::Wholesaler, "/master-data", &described("200 mg")).await;
    let units = network.stock(&Lot::lasting("A"), 5).await;
    let case = sscc(Who::Maker, 1);
    network.admit(Who::Maker, &[network.pack(Who::Maker, &case, &units[..3])]).await;
    let shipped = network.ship_box(Who::Maker, Who::Wholesaler, &case);
    network.admit(Who::Maker, &[shipped]).await;
    network.settle_all().await;

    let sent: Vec<ShipmentEntry> = network.get(Who::Maker, "/shipments?direction=out").await;
    let received: Vec<ShipmentEntry> = network.get(Who::Wholesaler, "/shipments").await;
    assert_eq!((sent.len(), received.len()), (1, 1));
    assert_eq!(sent[0].shipment, received[0].shipment);
    assert_eq!((sent[0].packs, received[0].packs), (3, 3));
    assert_eq!(sent[0].partner.gln, Who::Wholesaler.gln());
    let path = format!("/shipments/{}", sent[0].shipment);
    let here: ShipmentReport = network.get(Who::Maker, &path).await;
    let there: ShipmentReport = network.get(Who::Wholesaler, &path).await;
    let (here, there) = (here.information.unwrap(), there.information.unwrap());
    assert_eq!(here.lines.len(), 1);
    assert_eq!(here.lines[0].serials, there.lines[0].serials);
    assert_eq!(here.lines[0].strength.as_deref(), Some("100 mg"));
    assert_eq!(here.from.street.as_deref(), Some("1 Main St"));
    let statement = here.statement.unwrap();
    assert!(statement.affirmed && statement.legal_notice.contains("581(27)"));
    assert_eq!(there.statement, Some(statement));

    // The wholesaler's own word on the product stands, and the difference is the maker's.
    assert_eq!(there.lines[0].strength.as_deref(), Some("200 mg"));
    let own: Descriptions = network.get(Who::Wholesaler, "/master-data").await;
    assert_eq!(own.products[0].strength.as_deref(), Some("200 mg"));
    let path_of_maker = format!("/partners/{}/quality", Who::Maker.gln());
    let quality: QualityReport = network.get(Who::Wholesaler, &path_of_maker).await;
    assert_eq!((quality.documents, quality.sound), (1, 0));
    assert_eq!(quality.findings.len(), 1);
    assert_eq!(quality.findings[0].kind, FindingKind::ProductDiffers.word());
    assert!(quality.findings[0].examples[0].contains("100 mg"));

    let page = network.text(Who::Maker, &format!("{path}/transaction-information")).await;
    for part in ["Epcistra", "Maker Inc", "1 Main St", "2028-12-31", "581(27)", "@media print"] {
        assert!(page.contains(part), "{part} in {page}");
    }
    network.assert_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_goes_into_the_partners_folder_and_is_read_at_the_other_side() {
    let mut network = Network::of(&[Who::Maker, Who::Wholesaler, Who::PharmacyA]).await;
    let out = network.with_folder(Who::Maker).await;
    network.with_folder(Who::Wholesaler).await;
    network.send_json(Who::Maker, "/master-data", &described("100 mg")).await;
    let settings = json!({ "channel": "folder", "guideline": "r1.3" });
    let partner = format!("/partners/{}", Who::Wholesaler.gln());
    network.send_json(Who::Maker, &partner, &settings).await;
    let units = network.stock(&Lot::lasting("A"), 6).await;
    let case = sscc(Who::Maker, 1);
    network.admit(Who::Maker, &[network.pack(Who::Maker, &case, &units[..4])]).await;
    network.admit(Who::Maker, &[network.ship_box(Who::Maker, Who::Wholesaler, &case)]).await;
    network.settle_all().await;

    let folder = out.join("out").join(Who::Wholesaler.gln().to_string());
    let files: Vec<PathBuf> =
        std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(files.len(), 1, "{files:?}");
    let bytes = std::fs::read(&files[0]).unwrap();
    let document = read(&bytes);
    assert_eq!(document.findings, []);
    assert!(document.statement.is_some_and(|statement| statement.affirmed));
    assert_eq!(document.sender, Some(Who::Maker.gln()));
    let told: Vec<Identifier> = document.shipments[0].consignment.units().collect();
    assert_eq!(told, ids(&units[..4]));

    // The consignee takes the same document as a file beside what the ledger tells: one shipment.
    let report = network.drop_file(Who::Wholesaler, "asn.xml", &bytes).await;
    assert_eq!(report.partner, Some(Who::Maker.gln()));
    let kinds: Vec<FindingKind> = report.findings.iter().map(|finding| finding.kind).collect();
    assert_eq!(kinds, [FindingKind::ReferenceMissing]);
    let again = network.drop_file(Who::Wholesaler, "asn again.xml", &bytes).await;
    assert_eq!((again.state.as_str(), again.duplicate_of), ("duplicate", Some(report.file)));
    let broken = network.drop_file(Who::Wholesaler, "half.xml", &bytes[..bytes.len() / 2]).await;
    assert!(broken.is_rejected() && !broken.errors.is_empty());
    assert_eq!(network.status(Who::Wholesaler, &units[0]).await, Some(ItemStatus::Expected));

    // What the wholesaler sells on is told with lot and expiry, though it has not made it.
    let received = network.receive_box(Who::Maker, Who::Wholesaler, &case);
    network.admit(Who::Wholesaler, &[received]).await;
    network.settle_all().await;
    let sold = network.ship(Who::Wholesaler, Who::PharmacyA, &units[1..3]);
    network.admit(Who::Wholesaler, &[sold]).await;
    network.settle_all().await;
    let sent: Vec<ShipmentEntry> = network.get(Who::Wholesaler, "/shipments?direction=out").await;
    let path = format!("/shipments/{}/document?guideline=r1.2", sent[0].shipment);
    let document = read(network.text(Who::Wholesaler, &path).await.as_bytes());
    assert_eq!(document.findings, []);
    let consignment = &document.shipments[0].consignment;
    assert_eq!(consignment.units().collect::<Vec<_>>(), ids(&units[1..3]));
    assert_eq!(consignment.lots[0].expiry, Some("2028-12-31".parse().unwrap()));
    let table = network
        .text(Who::Wholesaler, &format!("/shipments/{}/document?format=csv", sent[0].shipment))
        .await;
    assert_eq!(table.lines().count(), 3);
    assert!(table.contains("2028-12-31") && table.contains("Epcistra"), "{table}");
    network.assert_clean().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_partners_file_about_packs_that_nobody_announced_is_its_word_alone() {
    let mut network = Network::of(&[Who::Maker, Who::Wholesaler]).await;
    network.with_folder(Who::Wholesaler).await;
    let units = network.stock(&Lot::lasting("A"), 2).await;
    // The maker's node ships; the link to the wholesaler is down, the file is faster.
    network.down(Who::Wholesaler).await;
    network.admit(Who::Maker, &[network.ship(Who::Maker, Who::Wholesaler, &units)]).await;
    network.settle_all().await;
    let sent: Vec<ShipmentEntry> = network.get(Who::Maker, "/shipments").await;
    let path = format!("/shipments/{}/document", sent[0].shipment);
    let bytes = network.text(Who::Maker, &path).await;
    network.down(Who::Maker).await;
    network.up(Who::Wholesaler).await;
    let report = network.drop_file(Who::Wholesaler, "asn.xml", bytes.as_bytes()).await;
    assert!(report.findings.iter().any(|finding| finding.kind == FindingKind::NotAnnounced));
    assert_eq!(network.status(Who::Wholesaler, &units[0]).await, None);
    let told: Vec<ShipmentEntry> = network.get(Who::Wholesaler, "/shipments").await;
    assert_eq!((told.len(), told[0].packs), (1, 2));

    // The ledger's word comes late, and is the same shipment.
    network.up(Who::Maker).await;
    network.settle_all().await;
    network.clock.skip(4_000);
    network.settle_all().await;
    assert_eq!(network.status(Who::Wholesaler, &units[0]).await, Some(ItemStatus::Expected));
    let told: Vec<ShipmentEntry> = network.get(Who::Wholesaler, "/shipments").await;
    assert_eq!((told.len(), told[0].packs), (1, 2));
    assert_eq!(told[0].shipment, sent[0].shipment);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_smallest_pharmacy_receives_and_dispenses_by_table() {
    let mut network = Network::of(&[Who::Maker, Who::PharmacyA]).await;
    network.with_folder(Who::PharmacyA).await;
    let units = network.stock(&Lot::lasting("A"), 2).await;
    network.admit(Who::Maker, &[network.ship(Who::Maker, Who::PharmacyA, &units)]).await;
    network.settle_all().await;
    let code = |unit: &Sgtin| format!("(01){}(21){}", unit.gtin, unit.serial);
    let lines: String = units.iter().map(|unit| format!("receive,{}\n", code(unit))).collect();
    let table = format!("what,code\n{lines}dispense,{}\n", code(&units[0]));
    let report = network.drop_file(Who::PharmacyA, "today.csv", table.as_bytes()).await;
    assert_eq!((report.state.as_str(), report.events), ("processed", [2, 0, 0, 0]));
    network.settle_all().await;
    assert_eq!(network.status(Who::PharmacyA, &units[1]).await, Some(ItemStatus::InStock));
    assert_eq!(network.verdict(Who::PharmacyA, &units[0]).await, VerdictCode::AlreadyRetired);
    let wrong = network.drop_file(Who::PharmacyA, "wrong.csv", b"what,code\nsell,x\n").await;
    assert!(wrong.is_rejected() && wrong.errors[0].starts_with("line 2"), "{wrong:?}");
    network.assert_clean().await;
}
