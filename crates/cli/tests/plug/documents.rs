//! The documents that clients capture: batch after batch of packs, each with its whole life in
//! documents of their own, so that they are captured in any order.

use serde_json::{Value, json};

/// The product of all packs.
pub(crate) const GTIN: &str = "09521124000017";

/// The member to whom cases are shipped; nobody answers for it.
pub(crate) const PARTNER_GLN: &str = "9521346000017";

/// Events of a document that is longer than one database transaction and one chunk of bytes.
const LONG_EVENTS: u64 = 700;

/// An EPCIS document.
#[derive(Debug, Clone)]
pub(crate) struct Document {
    pub(crate) name: String,
    /// The `eventID` of each event; no other event of the run has it.
    pub(crate) ids: Vec<String>,
    pub(crate) bytes: Vec<u8>,
}

/// What the ledger must have recorded once all documents are captured, in units or events.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Totals {
    pub(crate) commissioned: u64,
    pub(crate) retired: u64,
    pub(crate) anchored: u64,
    pub(crate) lots_changed: u64,
    pub(crate) shipped: u64,
    pub(crate) set_apart: u64,
}

/// Makes documents, and knows what must come of them.
#[derive(Debug, Default)]
pub(crate) struct Supply {
    batches: u64,
    events: u64,
    pub(crate) totals: Totals,
    /// Every pack as EPC URN, with the verdict that it must have in the end.
    pub(crate) packs: Vec<(String, &'static str)>,
}

impl Supply {
    /// The documents of the next batch of packs, in the order of its life.
    pub(crate) fn batch(&mut self) -> Vec<Document> {
        let n = self.batches;
        self.batches += 1;
        let packs: Vec<String> = (0..20).map(|unit| pack(&format!("{n}-{unit}"))).collect();
        let case = format!("urn:epc:id:sscc:9521124.0{n:09}");
        let ships = n.is_multiple_of(2);
        let mut documents = vec![
            self.line(n, &packs),
            self.packing(n, &case, &packs[..12]),
            self.counter(n, &packs[12..15]),
            self.stock(n, &packs[15], &packs[16..]),
        ];
        if ships {
            documents.push(self.shipping(n, &case));
        }
        if n % 3 == 1 {
            documents.push(self.recalled_lot(n));
        }
        if n % 12 == 2 {
            documents.push(self.long(n));
        }
        for (unit, code) in packs.iter().enumerate() {
            let verdict = match unit {
                0..12 if ships => "not_here",
                12..15 => "already_retired",
                15 => "quarantined",
                _ => "genuine",
            };
            self.packs.push((code.clone(), verdict));
        }
        documents
    }

    fn line(&mut self, n: u64, packs: &[String]) -> Document {
        self.totals.commissioned += packs.len() as u64;
        let lot = format!("L{}", n % 4);
        let events = packs.chunks(10).map(|packs| self.commission(packs, &lot)).collect();
        document(format!("line {n}"), events)
    }

    fn packing(&mut self, n: u64, case: &str, packs: &[String]) -> Document {
        self.totals.anchored += 1;
        let mut event = self.event("AggregationEvent", "ADD", "packing", "in_progress");
        event["parentID"] = json!(case);
        event["childEPCs"] = json!(packs);
        document(format!("packing {n}"), vec![event])
    }

    /// Two packs are dispensed, one is destroyed.
    fn counter(&mut self, n: u64, packs: &[String]) -> Document {
        self.totals.retired += 3;
        let events = vec![
            self.object("OBSERVE", "dispensing", "dispensed", &packs[..1]),
            self.object("DELETE", "destroying", "destroyed", &packs[1..2]),
            self.object("OBSERVE", "dispensing", "dispensed", &packs[2..]),
        ];
        document(format!("counter {n}"), events)
    }

    /// Packs are counted, one of them is set apart.
    fn stock(&mut self, n: u64, apart: &String, others: &[String]) -> Document {
        self.totals.anchored += 1;
        self.totals.set_apart += 1;
        let events = vec![
            self.object("OBSERVE", "cycle_counting", "in_progress", others),
            self.object("OBSERVE", "holding", "non_conformant", std::slice::from_ref(apart)),
        ];
        document(format!("stock {n}"), events)
    }

    fn shipping(&mut self, n: u64, case: &str) -> Document {
        self.totals.shipped += 1;
        let mut event = self.object("OBSERVE", "shipping", "in_transit", &[case.to_owned()]);
        event["destinationList"] =
            json!([{ "type": "owning_party", "destination": "urn:epc:id:pgln:9521346.00001" }]);
        document(format!("shipping {n}"), vec![event])
    }

    /// A small lot is made and recalled.
    fn recalled_lot(&mut self, n: u64) -> Document {
        let packs: Vec<String> = (0..3).map(|unit| pack(&format!("{n}-r{unit}"))).collect();
        self.packs.extend(packs.iter().map(|code| (code.clone(), "recalled")));
        self.totals.commissioned += 3;
        self.totals.lots_changed += 1;
        // What is in stock of a recalled lot the node sets apart by itself.
        self.totals.set_apart += 1;
        let lot = format!("R{n}");
        let commission = self.commission(&packs, &lot);
        let mut recall = self.object("OBSERVE", "holding", "", &[]);
        recall["persistentDisposition"] = json!({ "set": ["recalled"] });
        let class = format!("urn:epc:class:lgtin:9521124.000001.{lot}");
        recall["quantityList"] = json!([{ "epcClass": class, "quantity": 3 }]);
        document(format!("recalled lot {n}"), vec![commission, recall])
    }

    fn long(&mut self, n: u64) -> Document {
        self.totals.commissioned += LONG_EVENTS;
        let packs: Vec<String> =
            (0..LONG_EVENTS).map(|unit| pack(&format!("{n}-m{unit}"))).collect();
        self.packs.extend(packs.iter().map(|code| (code.clone(), "genuine")));
        let lot = format!("M{n}");
        let events = packs.chunks(1).map(|packs| self.commission(packs, &lot)).collect();
        document(format!("long line {n}"), events)
    }

    fn commission(&mut self, packs: &[String], lot: &str) -> Value {
        let mut event = self.object("ADD", "commissioning", "active", packs);
        event["ilmd"] =
            json!({ "cbvmda:lotNumber": lot, "cbvmda:itemExpirationDate": "2099-12-31" });
        event
    }

    fn object(&mut self, action: &str, step: &str, disposition: &str, epcs: &[String]) -> Value {
        let mut event = self.event("ObjectEvent", action, step, disposition);
        event["epcList"] = json!(epcs);
        event
    }

    /// An event; no two have the same time.
    fn event(&mut self, kind: &str, action: &str, step: &str, disposition: &str) -> Value {
        self.events += 1;
        let (n, seconds) = (self.events, self.events % 86_400);
        let (hour, minute, second) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
        let mut event = json!({
            "type": kind,
            "eventID": format!("urn:uuid:00000000-0000-4000-8000-{n:012x}"),
            "eventTime": format!("2026-03-01T{hour:02}:{minute:02}:{second:02}.000Z"),
            "eventTimeZoneOffset": "+00:00",
            "action": action,
            "bizStep": step,
            "readPoint": { "id": "urn:epc:id:sgln:9521124.00001.0" },
        });
        if !disposition.is_empty() {
            event["disposition"] = json!(disposition);
        }
        event
    }
}

/// A pack of the product, as EPC URN.
fn pack(serial: &str) -> String {
    format!("urn:epc:id:sgtin:9521124.000001.{serial}")
}

fn document(name: String, events: Vec<Value>) -> Document {
    let ids = events.iter().map(|event| event["eventID"].as_str().unwrap().to_owned()).collect();
    let document = json!({
        "@context": [
            "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
            { "cbvmda": "urn:epcglobal:cbv:mda:" },
        ],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-03-02T00:00:00Z",
        "epcisBody": { "eventList": events },
    });
    Document { name, ids, bytes: document.to_string().into_bytes() }
}
