//! Events with everything in them, and with what a format has no element for, survive it.

use std::ops::ControlFlow;

use jiff::Timestamp;
use proptest::prelude::*;
use theriac_epcis::{
    Attribute, CbvFormat, DocumentFormat, DocumentHeader, DocumentWriter, EpcFormat, Event,
    Extension, ExtensionValue, Item, Layer, MasterDataAttribute, MasterDataElement, WriteOptions,
    event_from_json, event_hash, judge, read, read_items, write_document_as, write_event,
    write_master_data_results, write_query_results,
};

const FORMATS: [DocumentFormat; 3] =
    [DocumentFormat::Json, DocumentFormat::Xml, DocumentFormat::Xml12];

/// Every field of an event, with extensions of every kind in every place.
const FIELDS: &str = r#"
  "@context": [{"ex": "http://example.com/ns/", "odd": "urn:epcglobal:epcis:xsd:2"}],
  "eventTime": "2026-03-01T08:30:00.123456+01:00", "eventTimeZoneOffset": "+01:00",
  "recordTime": "2026-03-01T09:00:00Z", "eventID": "urn:uuid:374d95fc-9457-4a51-bd6a-0bba133845a8",
  "errorDeclaration": {"declarationTime": "2026-03-02T00:00:00Z", "reason": "incorrect_data",
    "correctiveEventIDs": ["urn:uuid:374d95fc-9457-4a51-bd6a-0bba133845a9", "urn:x:2"],
    "ex:why": "because", "plain": "text"},
  "certificationInfo": ["https://a.example/1", "https://a.example/2", "https://a.example/3"],
  "bizStep": "shipping", "disposition": "https://example.com/disp/odd&even",
  "persistentDisposition": {"set": ["recalled", "expired"], "unset": ["in_progress"]},
  "readPoint": {"id": "urn:epc:id:sgln:0614141.07346.1234", "ex:dock": 7, "dock": "7"},
  "bizLocation": {"id": "https://example.com/place?a=1&b=2", "ex:hall": {"ex:gate": true}},
  "bizTransactionList": [{"type": "po", "bizTransaction": "urn:x:po:1"},
    {"bizTransaction": "urn:x:<2>"}, {"type": "urn:x:kind", "bizTransaction": "urn:x:3"}],
  "sourceList": [{"type": "owning_party", "source": "urn:epc:id:pgln:0614141.00000"}],
  "destinationList": [{"type": "location", "destination": "https://id.gs1.org/414/0614141073467"}],
  "sensorElementList": [{
    "sensorMetadata": {"time": "2026-03-01T07:00:00Z", "startTime": "2026-03-01T06:00:00Z",
      "endTime": "2026-03-01T07:00:00Z", "deviceID": "urn:epc:id:giai:4000001.111",
      "deviceMetadata": "https://a.example/d", "rawData": "https://a.example/r",
      "dataProcessingMethod": "https://a.example/m", "bizRules": "https://a.example/b",
      "ex:note": "a \"note\"", "ex:count": 3},
    "sensorReport": [{"type": "Temperature", "exception": "ALARM_CONDITION", "value": 26.5,
      "deviceID": "urn:epc:id:giai:4000001.111", "component": "x", "stringValue": "a\tb",
      "booleanValue": false, "hexBinaryValue": "f0f0", "uriValue": "https://a.example/u",
      "minValue": -1, "maxValue": 30, "meanValue": 13.25, "sDev": 0.1, "percRank": 50,
      "percValue": 12.7, "uom": "CEL", "time": "2026-03-01T07:00:00Z",
      "microorganism": "https://a.example/x", "chemicalSubstance": "https://a.example/c",
      "coordinateReferenceSystem": "https://a.example/crs",
      "ex:list": ["a", "b"], "ex:after": "c"}, {"type": "Speed", "value": 1, "plain": "d"}],
    "ex:element": [1, 2.5, true, "", "text", {"ex:a": {"b": 1}}], "plain": {"c": ""}}],
  "ex:number": 1, "ex:fraction": 2.5, "ex:truth": true, "ex:empty": "", "ex:nothing": {},
  "ex:list": ["a", 1, {"ex:deep": ["x", {"unnamed": "y", "count": 5}]}],
  "ex:valued": {"@value": "text", "ex:kind": "k", "lang": "de"},
  "ex:1starts with a digit": 1, "odd:reserved": "r", "unnamed": "u", "counted": 4,
  "ex:markup": "<a href=\"x\">&amp;</a> ]]>", "ex:lines": "a\r\nb\tc",
  "http://example.com/whole#name": {"@id": "urn:x:1"}
"#;

/// What is of one kind of event.
const KINDS: [&str; 5] = [
    r#""type": "ObjectEvent", "action": "ADD",
      "epcList": ["urn:epc:id:sgtin:0614141.107346.20%2F17", "https://example.com/a&b",
        "https://id.gs1.org/01/09506000134352/21/x", "urn:epc:id:grai:0614141.12345.400"],
      "quantityList": [{"epcClass": "urn:epc:class:lgtin:4012345.012345.998877", "quantity": 200.5,
        "uom": "KGM"}, {"epcClass": "urn:epc:idpat:sgtin:4012345.098765.*"},
        {"epcClass": "https://id.gs1.org/01/09506000134352", "uom": "LTR"}],
      "ilmd": {"cbvmda:lotNumber": "L1", "ex:size": 4, "local": "l", "ex:tags": ["a", "b"]}"#,
    r#""type": "AggregationEvent", "action": "DELETE", "parentID": "urn:epc:id:sscc:0614141.1234567890",
      "childEPCs": [], "childQuantityList": [
        {"epcClass": "urn:epc:idpat:sgtin:4012345.098765.*", "quantity": 10}]"#,
    r#""type": "AssociationEvent", "action": "ADD", "parentID": "urn:epc:id:grai:4012345.55555.987",
      "childEPCs": ["urn:epc:id:giai:4000001.12345"], "childQuantityList": [
        {"epcClass": "urn:epc:idpat:sgtin:4012345.098765.*", "quantity": 1}]"#,
    r#""type": "TransactionEvent", "action": "OBSERVE", "parentID": "urn:x:parent",
      "epcList": ["urn:epc:id:sgtin:0614141.107346.2017"], "quantityList": [
        {"epcClass": "urn:epc:idpat:sgtin:4012345.098765.*", "quantity": 1}]"#,
    r#""type": "TransformationEvent", "transformationID": "urn:x:t",
      "inputEPCList": ["urn:epc:id:sgtin:4012345.011122.25"],
      "inputQuantityList": [{"epcClass": "urn:epc:class:lgtin:4012345.011111.4444", "quantity": 10}],
      "outputEPCList": ["urn:epc:id:sgtin:4012345.077889.25"],
      "outputQuantityList": [{"epcClass": "urn:epc:class:lgtin:4012345.011111.5", "quantity": 1}],
      "ilmd": {"ex:userMasterData": {"ex:sizeCode": "B-2"}}"#,
];

fn full() -> Vec<Event> {
    let events = KINDS.iter().map(|kind| {
        let text = format!("{{{kind}, {FIELDS}}}");
        let json = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
        event_from_json(&json).unwrap_or_else(|error| panic!("{error}: {text}"))
    });
    events.collect()
}

fn document(format: DocumentFormat, events: &[Event], options: &WriteOptions<'_>) -> Vec<u8> {
    let header = DocumentHeader::new(Timestamp::UNIX_EPOCH);
    let mut out = Vec::new();
    write_document_as(format, events, &header, options, &mut out).expect("a Vec takes every write");
    out
}

fn read_again(bytes: &[u8]) -> Vec<Event> {
    let mut events = Vec::new();
    let info = read(bytes, &mut |event| {
        events.push(event.outcome.expect("a readable event").event);
        ControlFlow::Continue(())
    });
    info.unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(bytes)));
    events
}

fn schema_findings(bytes: &[u8]) -> Vec<String> {
    let mut findings = Vec::new();
    judge(bytes, &mut |finding| {
        findings.extend((finding.layer == Layer::Schema).then(|| finding.to_string()));
    })
    .expect("a document");
    findings
}

#[test]
fn events_with_everything_survive_every_format() {
    let events = full();
    for format in FORMATS {
        for epc in [EpcFormat::DigitalLink, EpcFormat::Urn, EpcFormat::AsRead] {
            for cbv in [CbvFormat::WebUri, CbvFormat::Urn] {
                let options = WriteOptions { epc, cbv, prefixes: None };
                let written = document(format, &events, &options);
                let again = read_again(&written);
                let text = String::from_utf8_lossy(&written);
                assert_eq!(again.len(), events.len());
                for (again, event) in again.iter().zip(&events) {
                    assert_eq!(again, event, "{format:?} {text}");
                    assert_eq!(event_hash(again), event_hash(event));
                }
            }
        }
    }
}

#[test]
fn events_with_everything_are_valid_xml() {
    for format in [DocumentFormat::Xml, DocumentFormat::Xml12] {
        let written = document(format, &full(), &WriteOptions::default());
        assert_eq!(schema_findings(&written), Vec::<String>::new(), "{format:?}");
    }
}

#[test]
fn forms_of_identifiers_and_words_are_as_asked_for() {
    let events = full();
    let text = |format, epc, cbv| {
        let options = WriteOptions { epc, cbv, prefixes: None };
        String::from_utf8(document(format, &events[..1], &options)).expect("text")
    };
    let links = text(DocumentFormat::Xml, EpcFormat::DigitalLink, CbvFormat::WebUri);
    assert!(links.contains("<epc>https://id.gs1.org/01/10614141073464/21/20%2F17</epc>"));
    assert!(links.contains("<bizStep>https://ref.gs1.org/cbv/BizStep-shipping</bizStep>"));
    let urns = text(DocumentFormat::Xml, EpcFormat::AsRead, CbvFormat::Urn);
    assert!(urns.contains("<epc>urn:epc:id:sgtin:0614141.107346.20%2F17</epc>"));
    assert!(urns.contains("<epc>https://id.gs1.org/01/09506000134352/21/x</epc>"));
    assert!(urns.contains("<bizStep>urn:epcglobal:cbv:bizstep:shipping</bizStep>"));
    let old = text(DocumentFormat::Xml12, EpcFormat::DigitalLink, CbvFormat::WebUri);
    assert!(old.contains("<epc>urn:epc:id:sgtin:0614141.107346.20%2F17</epc>"));
    assert!(old.contains("<bizStep>urn:epcglobal:cbv:bizstep:shipping</bizStep>"));
    let json = text(DocumentFormat::Json, EpcFormat::Urn, CbvFormat::Urn);
    assert!(json.contains("\"urn:epc:id:sgtin:0614141.107346.20%2F17\""));
    assert!(json.contains("\"bizStep\":\"shipping\""));
}

#[test]
fn the_table_of_prefixes_gives_urns() {
    let prefixes =
        theriac_gs1::CompanyPrefixes::from_csv("prefix,length\n9506000,7\n").expect("a table");
    let events = full();
    let options =
        WriteOptions { epc: EpcFormat::Urn, prefixes: Some(&prefixes), ..WriteOptions::default() };
    let text = String::from_utf8(document(DocumentFormat::Json, &events[..1], &options));
    assert!(text.expect("text").contains("\"urn:epc:id:sgtin:9506000.013435.x\""));
}

#[test]
fn results_and_single_events_are_read() {
    let events = full();
    let mut header = DocumentHeader::new(Timestamp::UNIX_EPOCH);
    header.query_name = Some("SimpleEventQuery".to_owned());
    header.subscription_id = Some("s<1>".to_owned());
    let options = WriteOptions::default();
    for event in &events {
        let mut out = Vec::new();
        write_event(DocumentFormat::Json, event, &options, &mut out).expect("a Vec");
        let text = String::from_utf8_lossy(&out);
        assert!(
            text.starts_with("{\"@context\":[\"https://ref.gs1.org/standards/epcis/"),
            "{text}"
        );
        assert_eq!(read_again(&out), std::slice::from_ref(event));
    }
    for format in [DocumentFormat::Xml, DocumentFormat::Xml12] {
        let mut out = Vec::new();
        write_query_results(format, &events, &header, &options, &mut out).expect("a Vec");
        assert_eq!(read_again(&out), events);
        for event in &events {
            let mut out = Vec::new();
            write_event(format, event, &options, &mut out).expect("a Vec takes every write");
            assert_eq!(read_again(&out), std::slice::from_ref(event), "{format:?}");
        }
        let mut out = Vec::new();
        write_document_as(format, &events, &header, &options, &mut out).expect("a Vec");
        assert_eq!(read_again(&out), events);
        assert_eq!(schema_findings(&out), Vec::<String>::new(), "{format:?}");
    }
}

#[test]
fn master_data_results_are_read() {
    let text = |text: &str| ExtensionValue::Text(text.to_owned());
    let elements: Vec<MasterDataElement> = ["urn:x:1", "urn:x:2"]
        .map(|id| MasterDataElement {
            vocabulary: "urn:epcglobal:epcis:vtype:BusinessLocation".to_owned(),
            id: id.to_owned(),
            attributes: vec![
                MasterDataAttribute { id: "urn:x:name".to_owned(), value: text("A & B") },
                MasterDataAttribute {
                    id: "urn:x:address".to_owned(),
                    value: ExtensionValue::Nested(vec![
                        Extension::text("http://example.com/ns/", "street", "1 <Main>"),
                        Extension::text("", "city", "Ulm"),
                    ]),
                },
            ],
            children: vec![format!("{id}:below")],
        })
        .into();
    let mut header = DocumentHeader::new(Timestamp::UNIX_EPOCH);
    header.query_name = Some("SimpleMasterDataQuery".to_owned());
    let mut out = Vec::new();
    write_master_data_results(DocumentFormat::Xml12, &elements, &header, &mut out).expect("a Vec");
    let mut found = Vec::new();
    read_items(&out[..], &mut |item| {
        found.extend(match item {
            Item::MasterData(element) => Some(element),
            Item::Event(_) => None,
        });
        ControlFlow::Continue(())
    })
    .expect("results");
    for element in &mut found {
        for attribute in &mut element.attributes {
            if let ExtensionValue::Nested(fields) = &mut attribute.value {
                fields.sort_by(|one, other| other.namespace.cmp(&one.namespace));
            }
        }
    }
    assert_eq!(found, elements);
}

/// An output that is full.
struct Full;

impl std::io::Write for Full {
    fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
        Err(std::io::Error::other("full"))
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn an_output_that_fails_is_told() {
    let header = DocumentHeader::new(Timestamp::UNIX_EPOCH);
    for format in FORMATS {
        let writer = DocumentWriter::new(format, &header, &WriteOptions::default(), Full);
        assert!(writer.finish().is_err(), "{format:?}");
        let mut writer = DocumentWriter::new(format, &header, &WriteOptions::default(), Full);
        let events = full();
        let told = (0..200).any(|_| events.iter().any(|event| writer.event(event).is_err()));
        assert!(told, "{format:?}");
    }
}

/// Any text that JSON can carry and XML too, without white space around it.
fn any_text() -> impl Strategy<Value = String> {
    "[a-z<>&\"' \t\né\u{1F600}:/#@-]{0,12}".prop_map(|text| text.trim().to_owned())
}

fn any_value(depth: u32) -> BoxedStrategy<ExtensionValue> {
    let plain = prop_oneof![
        any_text().prop_map(ExtensionValue::Text),
        any::<u64>().prop_map(|number| ExtensionValue::Number(number.into())),
        any::<bool>().prop_map(ExtensionValue::Boolean),
    ];
    if depth == 0 {
        return plain.boxed();
    }
    let nested = prop::collection::vec(any_field(depth - 1), 0..4).prop_map(ExtensionValue::Nested);
    prop_oneof![3 => plain, 1 => nested].boxed()
}

fn any_field(depth: u32) -> BoxedStrategy<Extension> {
    let namespace = prop_oneof![
        Just("http://example.com/a/"),
        Just("http://example.com/b#"),
        Just("urn:x:c:"),
        Just("urn:epcglobal:cbv:mda:"),
        Just("urn:epcglobal:epcis:xsd:1:"),
        Just("https://ref.gs1.org/epcis/"),
    ];
    let name = prop_oneof!["[a-z]{1,3}", "[0-9 a-z]{1,3}x", "[a-zé.-]{1,3}y"];
    let attribute = ("[a-c]{1}", any_text()).prop_map(|(name, value)| Attribute {
        namespace: "http://example.com/a/".to_owned(),
        name,
        value,
    });
    (namespace, name, any_value(depth), prop::option::of(attribute))
        .prop_map(|(namespace, name, value, attribute)| {
            let is_text = matches!(value, ExtensionValue::Text(_));
            let attributes = attribute.filter(|_| is_text).into_iter().collect();
            Extension { namespace: namespace.to_owned(), name, value, attributes }
        })
        .boxed()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_fields_survive_every_format(
        fields in prop::collection::vec(any_field(2), 0..6),
        kind in 0_usize..5,
    ) {
        let text = format!("{{{}, \"eventTime\": \"2026-03-01T08:30:00Z\", \
            \"eventTimeZoneOffset\": \"+00:00\", \"sensorElementList\": [{{}}]}}", KINDS[kind]);
        let json = serde_json::from_str(&text).expect("JSON");
        let mut event = event_from_json(&json).expect("an event");
        let common = event.common_mut();
        common.extensions = fields.clone();
        let element = &mut common.sensor_elements[0];
        element.extensions = fields.clone();
        element.reports.push(theriac_epcis::SensorReport {
            extensions: fields,
            ..theriac_epcis::SensorReport::default()
        });
        // JSON reads fields of one name side by side: that is the form of an event that was read.
        let event = read_again(&document(DocumentFormat::Json, &[event], &WriteOptions::default()));
        for format in FORMATS {
            let written = document(format, &event, &WriteOptions::default());
            let again = read_again(&written);
            prop_assert_eq!(&again, &event, "{:?} {}", format, String::from_utf8_lossy(&written));
            prop_assert_eq!(event_hash(&again[0]), event_hash(&event[0]));
        }
    }
}

/// Events that were read from a document, and read again from each format.
fn survives(document: &str) -> Vec<Event> {
    let events = read_again(document.as_bytes());
    for event in &events {
        let json = theriac_epcis::to_json(event);
        assert_eq!(event_from_json(&json).as_ref(), Ok(event), "{json}");
    }
    for format in FORMATS {
        let written = self::document(format, &events, &WriteOptions::default());
        let text = String::from_utf8_lossy(&written);
        assert_eq!(read_again(&written), events, "{format:?} {text}");
    }
    events
}

#[test]
fn namespaces_and_words_that_look_like_prefixes_of_ours_survive() {
    let event = |context: &str, step: &str, fields: &str| {
        format!(
            r#"{{{context} "type": "ObjectEvent", "action": "OBSERVE", "bizStep": "{step}",
            "eventTime": "2026-01-01T10:00:00Z", "eventTimeZoneOffset": "+00:00",
            "epcList": ["urn:epc:id:sscc:0614141.1234567890"], {fields}}}"#
        )
    };
    let list = [
        event("", "shipping", r#""ext2:a": 1, "ext1:b": 2, "ex:c": 3"#),
        event("", "ext1:step", r#""ext1n1:a": 1"#),
        event(r#""@context": {"ex": "http://example.com/"},"#, "ext1:step", r#""ex:a": 1"#),
        event(r#""@context": {"@vocab": "http://a/"},"#, "ext1:step", r#""//a": 1, "b": 1"#),
        event(
            r#""@context": {"ex": "http://example.com"},"#,
            "shipping",
            r#""ext1": 1, "ex:a": 1"#,
        ),
        event(r#""@context": {"ex": "http://example.com/?a=1&b="},"#, "shipping", r#""ex:a": 1"#),
        event(r#""@context": {"": "gs1"},"#, "ext1:step", r#""::a": 1"#),
    ];
    let events = survives(&format!("[{}]", list.join(",")));
    let namespaces = |event: &Event| -> Vec<String> {
        event.common().extensions.iter().map(|field| field.namespace.clone()).collect()
    };
    assert_eq!(namespaces(&events[0]), ["ext2:", "ext1:", "ex:"]);
    assert_eq!(namespaces(&events[3]), ["http://a///", "http://a/"]);
    assert_eq!(events[2].common().biz_step.as_ref().map(|step| step.word()), Some("ext1:step"));
}

#[test]
fn a_kind_of_measurement_by_a_prefix_of_no_uri_is_a_word() {
    let events = survives(
        r#"{"@context": {"gs1": "https8//gs1.org/voc/"}, "type": "ObjectEvent",
        "action": "OBSERVE", "eventTime": "2026-01-01T10:00:00Z", "eventTimeZoneOffset": "+00:00",
        "epcList": ["urn:epc:id:sscc:0614141.1234567890"],
        "sensorElementList": [{"sensorReport": [{"type": "gs1:Angle", "value": 1}]}]}"#,
    );
    let report = &events[0].common().sensor_elements[0].reports[0];
    assert_eq!(report.kind.as_deref(), Some("https://gs1.org/voc/https8//gs1.org/voc/Angle"));
}

#[test]
fn prefixes_of_a_document_are_not_those_of_its_events() {
    let events = read_again(
        br#"[{"type": "ObjectEvent", "action": "OBSERVE", "bizStep": "ext1:step",
        "eventTime": "2026-01-01T10:00:00Z", "eventTimeZoneOffset": "+00:00",
        "epcList": ["urn:epc:id:sscc:0614141.1234567890"], "ext1": 1, "ext2": 2}]"#,
    );
    let mut header = DocumentHeader::new(Timestamp::UNIX_EPOCH);
    let field = |namespace| Extension::text(namespace, "a", "b");
    header.extensions = vec![field("http://example.com/"), field("http://example.com")];
    for format in FORMATS {
        let mut out = Vec::new();
        write_document_as(format, &events, &header, &WriteOptions::default(), &mut out)
            .expect("a Vec takes every write");
        assert_eq!(read_again(&out), events, "{format:?} {}", String::from_utf8_lossy(&out));
    }
}

#[test]
fn a_familiar_prefix_that_xml_does_not_declare_is_its_namespace() {
    let events = survives(
        r#"<epcis:EPCISDocument xmlns:ext1="http://example.com/" schemaVersion="1.2"><EPCISBody>
        <EventList><ObjectEvent><eventTime>2026-01-01T10:00:00Z</eventTime>
        <eventTimeZoneOffset>+00:00</eventTimeZoneOffset><epcList/><action>ADD</action>
        <epcis:bizStep>ext2:step</epcis:bizStep><extension><ilmd>
        <cbvmda:lotNumber>L1</cbvmda:lotNumber></ilmd></extension>
        <ext1:a/></ObjectEvent></EventList></EPCISBody></epcis:EPCISDocument>"#,
    );
    assert_eq!(events[0].lot().map(|lot| lot.to_string()).as_deref(), Some("L1"));
    let [field] = events[0].ilmd() else { panic!("one field: {:?}", events[0].ilmd()) };
    assert_eq!(field.namespace, "urn:epcglobal:cbv:mda:");
    assert_eq!(events[0].common().biz_step.as_ref().map(|step| step.word()), Some("ext2:step"));
}
