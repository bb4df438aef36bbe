//! The text that is written for one event of each form, as a reader sees it.
//!
//! To update: run the test, look at the difference, and put the new text here if it is right.

use std::ops::ControlFlow;

use jiff::Timestamp;
use theriac_epcis::{
    CbvVersion, DocumentFormat, DocumentHeader, Event, HashAlgorithm, HashOptions, WriteOptions,
    event_hash, event_hash_id, prehash, read, to_json, write_document, write_document_as,
};

const SHIPPING: &str = r#"<e:EPCISDocument xmlns:e="urn:epcglobal:epcis:xsd:1"
  xmlns:cbvmda="urn:epcglobal:cbv:mda" xmlns:hc="http://epcis.gs1us.org/hc/ns"
  schemaVersion="1.2"><EPCISBody><EventList><ObjectEvent>
  <eventTime>2026-03-01T08:30:00.5+01:00</eventTime>
  <eventTimeZoneOffset>+01:00</eventTimeZoneOffset>
  <epcList><epc>urn:epc:id:sgtin:0614141.107346.20/17</epc>
    <epc>urn:epc:id:sscc:0614141.1234567890</epc></epcList>
  <action>ADD</action><bizStep>urn:epcglobal:cbv:bizstep:commissioning</bizStep>
  <disposition>urn:epcglobal:cbv:disp:active</disposition>
  <readPoint><id>urn:epc:id:sgln:0614141.07346.1234</id></readPoint>
  <bizTransactionList><bizTransaction type="urn:epcglobal:cbv:btt:po">urn:x:po:1</bizTransaction>
  </bizTransactionList><extension><sourceList>
  <source type="urn:epcglobal:cbv:sdt:owning_party">urn:epc:id:pgln:0614141.00000</source>
  </sourceList><ilmd><cbvmda:lotNumber>L1</cbvmda:lotNumber>
  <cbvmda:itemExpirationDate>2028-12-31</cbvmda:itemExpirationDate></ilmd></extension>
  <hc:code type="FDA_NDC_11">00614141</hc:code><hc:code type="US_FDA_NDC">614141</hc:code>
  </ObjectEvent></EventList></EPCISBody></e:EPCISDocument>"#;

fn shipping() -> Event {
    let mut events = Vec::new();
    let document = SHIPPING.replace("20/17", "20%2F17");
    read(document.as_bytes(), &mut |event| {
        events.push(event.outcome.expect("a readable event").event);
        ControlFlow::Continue(())
    })
    .expect("a document");
    events.remove(0)
}

#[test]
fn an_event_as_json() {
    let json = serde_json::to_string_pretty(&to_json(&shipping())).expect("JSON");
    insta::assert_snapshot!(json, @r#"
    {
      "@context": [
        {
          "ext1": "urn:epcglobal:cbv:mda",
          "ext2": "http://epcis.gs1us.org/hc/ns"
        }
      ],
      "type": "ObjectEvent",
      "eventTime": "2026-03-01T07:30:00.5Z",
      "eventTimeZoneOffset": "+01:00",
      "epcList": [
        "https://id.gs1.org/01/10614141073464/21/20%2F17",
        "https://id.gs1.org/00/106141412345678908"
      ],
      "action": "ADD",
      "bizStep": "commissioning",
      "disposition": "active",
      "readPoint": {
        "id": "https://id.gs1.org/414/0614141073467/254/1234"
      },
      "bizTransactionList": [
        {
          "type": "po",
          "bizTransaction": "urn:x:po:1"
        }
      ],
      "sourceList": [
        {
          "type": "owning_party",
          "source": "https://id.gs1.org/417/0614141000005"
        }
      ],
      "ilmd": {
        "ext1:lotNumber": "L1",
        "ext1:itemExpirationDate": "2028-12-31"
      },
      "ext2:code": [
        {
          "@value": "00614141",
          "type": "FDA_NDC_11"
        },
        {
          "@value": "614141",
          "type": "US_FDA_NDC"
        }
      ]
    }
    "#);
}

#[test]
fn an_event_as_it_is_hashed() {
    let event = shipping();
    insta::assert_snapshot!(prehash(&event), @"eventType=ObjectEventeventTime=2026-03-01T07:30:00.500ZeventTimeZoneOffset=+01:00epcListepc=https://id.gs1.org/00/106141412345678908epc=https://id.gs1.org/01/10614141073464/21/20%2F17action=ADDbizStep=https://ref.gs1.org/cbv/BizStep-commissioningdisposition=https://ref.gs1.org/cbv/Disp-activereadPointid=https://id.gs1.org/414/0614141073467/254/1234bizTransactionListtype=https://ref.gs1.org/cbv/BTT-pobizTransaction=urn:x:po:1sourceListtype=https://ref.gs1.org/cbv/SDT-owning_partysource=https://id.gs1.org/417/0614141000005ilmd{urn:epcglobal:cbv:mda}itemExpirationDate=2028-12-31{urn:epcglobal:cbv:mda}lotNumber=L1{http://epcis.gs1us.org/hc/ns}code=00614141{http://epcis.gs1us.org/hc/ns}code=614141");
    insta::assert_snapshot!(event_hash(&event), @"ni:///sha-256;18fb012823f4687e21d3ae4cf560369a17803104cd7ee43c1d6e68bb7d81bced?ver=CBV2.0");
}

#[test]
fn documents_around_events() {
    let mut header = DocumentHeader::new(Timestamp::UNIX_EPOCH);
    let write = |header: &DocumentHeader| {
        let mut out = Vec::new();
        write_document([].into_iter(), header, &mut out).expect("a Vec takes every write");
        String::from_utf8(out).expect("text")
    };
    insta::assert_snapshot!(write(&header), @r#"{"@context":["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],"type":"EPCISDocument","schemaVersion":"2.0","creationDate":"1970-01-01T00:00:00Z","epcisBody":{"eventList":[]}}"#);
    header.id = Some("urn:x:\"doc\"".to_owned());
    header.query_name = Some("SimpleEventQuery".to_owned());
    header.subscription_id = Some("s1".to_owned());
    insta::assert_snapshot!(write(&header), @r#"{"@context":["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],"id":"urn:x:\"doc\"","type":"EPCISQueryDocument","schemaVersion":"2.0","creationDate":"1970-01-01T00:00:00Z","epcisBody":{"queryResults":{"queryName":"SimpleEventQuery","subscriptionID":"s1","resultsBody":{"eventList":[]}}}}"#);
}

/// A document with one element a line.
fn xml(format: DocumentFormat, events: &[Event], header: &DocumentHeader) -> String {
    let mut out = Vec::new();
    write_document_as(format, events, header, &WriteOptions::default(), &mut out)
        .expect("a Vec takes every write");
    String::from_utf8(out).expect("text").replace("><", ">\n<")
}

#[test]
fn an_event_as_xml_of_epcis_2() {
    let text = xml(DocumentFormat::Xml, &[shipping()], &DocumentHeader::new(Timestamp::UNIX_EPOCH));
    insta::assert_snapshot!(text, @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <epcis:EPCISDocument xmlns:epcis="urn:epcglobal:epcis:xsd:2" schemaVersion="2.0" creationDate="1970-01-01T00:00:00Z">
    <EPCISBody>
    <EventList>
    <ObjectEvent xmlns:gs1ushc="http://epcis.gs1us.org/hc/ns" xmlns:cbvmda="urn:epcglobal:cbv:mda">
    <eventTime>2026-03-01T07:30:00.5Z</eventTime>
    <eventTimeZoneOffset>+01:00</eventTimeZoneOffset>
    <epcList>
    <epc>https://id.gs1.org/01/10614141073464/21/20%2F17</epc>
    <epc>https://id.gs1.org/00/106141412345678908</epc>
    </epcList>
    <action>ADD</action>
    <bizStep>https://ref.gs1.org/cbv/BizStep-commissioning</bizStep>
    <disposition>https://ref.gs1.org/cbv/Disp-active</disposition>
    <readPoint>
    <id>https://id.gs1.org/414/0614141073467/254/1234</id>
    </readPoint>
    <bizTransactionList>
    <bizTransaction type="https://ref.gs1.org/cbv/BTT-po">urn:x:po:1</bizTransaction>
    </bizTransactionList>
    <sourceList>
    <source type="https://ref.gs1.org/cbv/SDT-owning_party">https://id.gs1.org/417/0614141000005</source>
    </sourceList>
    <ilmd>
    <cbvmda:lotNumber>L1</cbvmda:lotNumber>
    <cbvmda:itemExpirationDate>2028-12-31</cbvmda:itemExpirationDate>
    </ilmd>
    <gs1ushc:code type="FDA_NDC_11">00614141</gs1ushc:code>
    <gs1ushc:code type="US_FDA_NDC">614141</gs1ushc:code>
    </ObjectEvent>
    </EventList>
    </EPCISBody>
    </epcis:EPCISDocument>
    "#);
}

#[test]
fn an_event_as_xml_of_epcis_1_2() {
    let mut header = DocumentHeader::new(Timestamp::UNIX_EPOCH);
    header.sender = Some("urn:epc:id:sgln:0614141.07346.0".to_owned());
    let text = xml(DocumentFormat::Xml12, &[shipping()], &header);
    insta::assert_snapshot!(text, @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <epcis:EPCISDocument xmlns:epcis="urn:epcglobal:epcis:xsd:1" schemaVersion="1.2" creationDate="1970-01-01T00:00:00Z">
    <EPCISHeader>
    <sbdh:StandardBusinessDocumentHeader xmlns:sbdh="http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader">
    <sbdh:HeaderVersion>1.0</sbdh:HeaderVersion>
    <sbdh:Sender>
    <sbdh:Identifier Authority="SGLN">urn:epc:id:sgln:0614141.07346.0</sbdh:Identifier>
    </sbdh:Sender>
    <sbdh:Receiver>
    <sbdh:Identifier>
    </sbdh:Identifier>
    </sbdh:Receiver>
    <sbdh:DocumentIdentification>
    <sbdh:Standard>EPCglobal</sbdh:Standard>
    <sbdh:TypeVersion>1.0</sbdh:TypeVersion>
    <sbdh:InstanceIdentifier>1970-01-01T00:00:00Z</sbdh:InstanceIdentifier>
    <sbdh:Type>Events</sbdh:Type>
    <sbdh:CreationDateAndTime>1970-01-01T00:00:00Z</sbdh:CreationDateAndTime>
    </sbdh:DocumentIdentification>
    </sbdh:StandardBusinessDocumentHeader>
    </EPCISHeader>
    <EPCISBody>
    <EventList>
    <ObjectEvent xmlns:gs1ushc="http://epcis.gs1us.org/hc/ns" xmlns:cbvmda="urn:epcglobal:cbv:mda">
    <eventTime>2026-03-01T07:30:00.5Z</eventTime>
    <eventTimeZoneOffset>+01:00</eventTimeZoneOffset>
    <epcList>
    <epc>urn:epc:id:sgtin:0614141.107346.20%2F17</epc>
    <epc>urn:epc:id:sscc:0614141.1234567890</epc>
    </epcList>
    <action>ADD</action>
    <bizStep>urn:epcglobal:cbv:bizstep:commissioning</bizStep>
    <disposition>urn:epcglobal:cbv:disp:active</disposition>
    <readPoint>
    <id>urn:epc:id:sgln:0614141.07346.1234</id>
    </readPoint>
    <bizTransactionList>
    <bizTransaction type="urn:epcglobal:cbv:btt:po">urn:x:po:1</bizTransaction>
    </bizTransactionList>
    <extension>
    <sourceList>
    <source type="urn:epcglobal:cbv:sdt:owning_party">urn:epc:id:pgln:0614141.00000</source>
    </sourceList>
    <ilmd>
    <cbvmda:lotNumber>L1</cbvmda:lotNumber>
    <cbvmda:itemExpirationDate>2028-12-31</cbvmda:itemExpirationDate>
    </ilmd>
    </extension>
    <gs1ushc:code type="FDA_NDC_11">00614141</gs1ushc:code>
    <gs1ushc:code type="US_FDA_NDC">614141</gs1ushc:code>
    </ObjectEvent>
    </EventList>
    </EPCISBody>
    </epcis:EPCISDocument>
    "#);
}

#[test]
fn results_of_a_query_as_xml() {
    let mut header = DocumentHeader::new(Timestamp::UNIX_EPOCH);
    header.query_name = Some("SimpleEventQuery".to_owned());
    insta::assert_snapshot!(xml(DocumentFormat::Xml, &[], &header), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <epcisq:EPCISQueryDocument xmlns:epcisq="urn:epcglobal:epcis-query:xsd:2" schemaVersion="2.0" creationDate="1970-01-01T00:00:00Z">
    <EPCISBody>
    <epcisq:QueryResults xmlns:epcisq="urn:epcglobal:epcis-query:xsd:2">
    <queryName>SimpleEventQuery</queryName>
    <resultsBody>
    <EventList>
    </EventList>
    </resultsBody>
    </epcisq:QueryResults>
    </EPCISBody>
    </epcisq:EPCISQueryDocument>
    "#);
}

#[test]
fn a_hash_names_its_digest_and_version() {
    let event = shipping();
    let id =
        |algorithm, version| event_hash_id(&event, &HashOptions::default(), algorithm, version);
    assert_eq!(id(HashAlgorithm::Sha256, CbvVersion::V20), event_hash(&event).to_string());
    insta::assert_snapshot!(id(HashAlgorithm::Sha256, CbvVersion::V21), @"ni:///sha-256;18fb012823f4687e21d3ae4cf560369a17803104cd7ee43c1d6e68bb7d81bced?ver=CBV2.1");
    insta::assert_snapshot!(id(HashAlgorithm::Sha384, CbvVersion::V20), @"ni:///sha-384;b654ce38091fdd3aac382cc78e5f5af6a55e7626d0b51bbb404c6229dfc54dec3d5deca97936fa9da04fbadc66191045?ver=CBV2.0");
    insta::assert_snapshot!(id(HashAlgorithm::Sha512, CbvVersion::V20), @"ni:///sha-512;ca99652fdbab2cdea9d5219a3c8399b8b10d475313e77e3b64743d13e68ea077968e186127079d19d0a12a38894dfad7db6ed3252030a651ea703919706f7a11?ver=CBV2.0");
}
