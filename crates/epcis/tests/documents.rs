//! What stands around the events: headers, master data, query results, encodings, wrong text.

use std::ops::ControlFlow;

use theriac_epcis::{
    DocumentError, DocumentInfo, Event, Extension, ExtensionValue, Format, Item, MasterDataElement,
    read, read_items,
};

const EVENT: &str = "<ObjectEvent><eventTime>2026-01-01T10:00:00Z</eventTime>\
    <eventTimeZoneOffset>+00:00</eventTimeZoneOffset><epcList>\
    <epc>urn:epc:id:sscc:0614141.1234567890</epc></epcList><action>OBSERVE</action></ObjectEvent>";

const VOCABULARY: &str = "<VocabularyList><Vocabulary type='urn:epcglobal:epcis:vtype:Location'>\
    <VocabularyElementList><VocabularyElement id='urn:epc:id:sgln:0614141.00001.0'>\
    <attribute id='urn:epcglobal:cbv:mda#name'>A &amp; B</attribute>\
    <attribute id='urn:x#address'><x:street xmlns:x='urn:x'>Main</x:street></attribute>\
    <children><id>urn:epc:id:sgln:0614141.00001.1</id><id>urn:epc:id:sgln:0614141.00001.2</id>\
    </children></VocabularyElement></VocabularyElementList></Vocabulary></VocabularyList>";

const SBDH: &str = "<s:StandardBusinessDocumentHeader \
    xmlns:s='http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader'>\
    <s:HeaderVersion>1.0</s:HeaderVersion>\
    <s:Sender><s:Identifier Authority='SGLN'>urn:epc:id:sgln:0614141.00001.0</s:Identifier>\
    <s:ContactInformation><s:Contact>Ann</s:Contact></s:ContactInformation></s:Sender>\
    <s:Receiver><s:Identifier>urn:epc:id:sgln:0614141.00002.0</s:Identifier></s:Receiver>\
    <s:DocumentIdentification><s:Standard>EPCglobal</s:Standard><s:TypeVersion>1.0</s:TypeVersion>\
    <s:InstanceIdentifier>abc</s:InstanceIdentifier><s:Type>Events</s:Type>\
    <s:CreationDateAndTime>2026-01-01T00:00:00Z</s:CreationDateAndTime>\
    </s:DocumentIdentification></s:StandardBusinessDocumentHeader>";

const STATEMENT: &str = "<g:dscsaTransactionStatement xmlns:g='http://epcis.gs1us.org/hc/ns'>\
    <g:affirmTransactionStatement>true</g:affirmTransactionStatement>\
    <g:legalNotice>Seller complies</g:legalNotice></g:dscsaTransactionStatement>";

fn xml(header: &str, body: &str) -> String {
    format!(
        "<e:EPCISDocument xmlns:e='urn:epcglobal:epcis:xsd:1' schemaVersion='1.2' \
         creationDate='2026-01-01T00:00:00Z'><EPCISHeader>{header}</EPCISHeader><EPCISBody>\
         <EventList>{body}</EventList></EPCISBody></e:EPCISDocument>"
    )
}

type Read = (Vec<Event>, Vec<MasterDataElement>, Result<DocumentInfo, DocumentError>);

fn items(document: &[u8]) -> Read {
    let (mut events, mut elements) = (Vec::new(), Vec::new());
    let info = read_items(document, &mut |item| {
        match item {
            Item::Event(event) => {
                events.extend(event.outcome.map(|parsed| parsed.event));
            }
            Item::MasterData(element) => elements.push(element),
        }
        ControlFlow::Continue(())
    });
    (events, elements, info)
}

fn good(document: &str) -> (Vec<Event>, Vec<MasterDataElement>, DocumentInfo) {
    let (events, elements, info) = items(document.as_bytes());
    (events, elements, info.unwrap_or_else(|error| panic!("{error}: {document}")))
}

fn refused(document: &[u8]) -> String {
    match items(document).2 {
        Err(error) => error.to_string(),
        Ok(info) => panic!("{info:?}"),
    }
}

#[test]
fn the_business_header_and_what_stands_beside_it_are_kept() {
    let guideline = "<g:guidelineVersion xmlns:g='http://epcis.gs1us.org/hc/ns'>GS1 US DSCSA \
                     R1.3</g:guidelineVersion>";
    let header = format!("{SBDH}<extension>{guideline}</extension>{STATEMENT}");
    let (events, _, info) = good(&xml(&header, EVENT));
    assert_eq!((events.len(), info.repairs.len()), (1, 0));
    let business = info.business_header.expect("a business header");
    assert_eq!(business.senders[0].authority.as_deref(), Some("SGLN"));
    assert_eq!(business.senders[0].contact.as_deref(), Some("Ann"));
    assert_eq!(business.kind.as_deref(), Some("Events"));
    assert_eq!(business.creation_time.as_deref(), Some("2026-01-01T00:00:00Z"));
    assert_eq!(info.sender.as_deref(), Some("urn:epc:id:sgln:0614141.00001.0"));
    assert_eq!(info.receiver.as_deref(), Some("urn:epc:id:sgln:0614141.00002.0"));
    assert_eq!(info.instance_identifier.as_deref(), Some("abc"));
    let names: Vec<&str> = info.header_extensions.iter().map(|field| &*field.name).collect();
    assert_eq!(names, ["guidelineVersion", "dscsaTransactionStatement"]);
    let statement = &info.header_extensions[1];
    assert_eq!(statement.namespace, "http://epcis.gs1us.org/hc/ns");
    assert_eq!(statement.nested()[0].as_text(), Some("true"));
    assert_eq!(statement.nested()[1].as_text(), Some("Seller complies"));
}

/// The element of [`VOCABULARY`], however it is written.
fn is_the_element(element: &MasterDataElement) {
    assert_eq!(element.vocabulary, "urn:epcglobal:epcis:vtype:Location");
    assert_eq!(element.id, "urn:epc:id:sgln:0614141.00001.0");
    assert_eq!(element.text("urn:epcglobal:cbv:mda#name"), Some("A & B"));
    let street = Extension::text("urn:x", "street", "Main");
    let address = element.attributes.iter().find(|attribute| attribute.id == "urn:x#address");
    let address = address.expect("the address").value.clone();
    assert_eq!(address, ExtensionValue::Nested(vec![street]));
    assert_eq!(
        element.children,
        ["urn:epc:id:sgln:0614141.00001.1", "urn:epc:id:sgln:0614141.00001.2"]
    );
    let json = serde_json::to_string(element).expect("json");
    let again: MasterDataElement = serde_json::from_str(&json).expect("an element");
    assert_eq!(&again, element);
}

#[test]
fn master_data_is_streamed_from_wherever_it_stands() {
    let in_header =
        format!("<extension><EPCISMasterData>{VOCABULARY}</EPCISMasterData></extension>");
    let alone = format!(
        "<m:EPCISMasterDataDocument xmlns:m='urn:epcglobal:epcis-masterdata:xsd:1' \
         schemaVersion='1.2' creationDate='2026-01-01T00:00:00Z'><EPCISBody>{VOCABULARY}\
         </EPCISBody></m:EPCISMasterDataDocument>"
    );
    let answer = format!(
        "<S:Envelope xmlns:S='http://schemas.xmlsoap.org/soap/envelope/'><S:Body><q:QueryResults \
         xmlns:q='urn:epcglobal:epcis-query:xsd:1'><queryName>SimpleMasterDataQuery</queryName>\
         <resultsBody>{VOCABULARY}</resultsBody></q:QueryResults></S:Body></S:Envelope>"
    );
    for document in [xml(&in_header, EVENT), alone, answer] {
        let (_, elements, info) = good(&document);
        assert_eq!((elements.len(), info.master_data), (1, 1), "{document}");
        is_the_element(&elements[0]);
    }
}

#[test]
fn master_data_of_json_is_streamed_in_any_order_of_fields() {
    let element = r#"{"id":"urn:epc:id:sgln:0614141.00001.0","attributes":[
        {"id":"urn:epcglobal:cbv:mda#name","attribute":"A & B"},
        {"id":"urn:x#address","attribute":{"http://s/":0}}],
        "children":["urn:epc:id:sgln:0614141.00001.1","urn:epc:id:sgln:0614141.00001.2"]}"#
        .replace("\"http://s/\":0", "\"x:street\":\"Main\"");
    let kind = r#""type":"urn:epcglobal:epcis:vtype:Location""#;
    let context =
        r#""@context":["https://ref.gs1.org/standards/epcis/epcis-context.jsonld",{"x":"urn:x"}]"#;
    let start =
        r#""type":"EPCISDocument","schemaVersion":"2.0","creationDate":"2026-01-01T00:00:00Z""#;
    let list = format!("\"vocabularyElementList\":[{element}]");
    let header = |vocabulary: String| {
        format!("\"epcisHeader\":{{\"epcisMasterData\":{{\"vocabularyList\":[{{{vocabulary}}}]}}}}")
    };
    let first = header(format!("{kind},{list}"));
    let last = header(format!("{list},{kind}"));
    let body = "\"epcisBody\":{\"eventList\":[]}";
    let query = format!(
        "{{{context},\"type\":\"EPCISQueryDocument\",\"schemaVersion\":\"2.0\",\
         \"creationDate\":\"2026-01-01T00:00:00Z\",\"epcisBody\":{{\"queryResults\":{{\
         \"queryName\":\"q\",\"resultsBody\":{{\"vocabularyList\":[{{{kind},{list}}}]}}}}}}}}"
    );
    for document in [
        format!("{{{context},{start},{first},{body}}}"),
        format!("{{{start},{last},{body},{context}}}"),
        query,
    ] {
        let (_, elements, info) = good(&document);
        assert_eq!((elements.len(), info.repairs.len()), (1, 0), "{document} {:?}", info.repairs);
        is_the_element(&elements[0]);
    }
}

#[test]
fn the_sink_can_stop_among_master_data() {
    let element = "<VocabularyElement id='urn:a:b'/>".repeat(5);
    let document =
        VOCABULARY.replace("<VocabularyElement ", &format!("{element}<VocabularyElement "));
    let mut met = 0;
    let info = read_items(document.as_bytes(), &mut |_| {
        met += 1;
        if met == 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    let info = info.expect("a list of vocabularies");
    assert_eq!((met, info.master_data, info.complete), (3, 3, false));
}

#[test]
fn query_results_are_read_qualified_or_not() {
    for (name, namespace) in [
        ("q:QueryResults", "urn:epcglobal:epcis-query:xsd:1"),
        ("QueryResults", "urn:epcglobal:epcis-query:xsd:2"),
    ] {
        let document = format!(
            "<q:EPCISQueryDocument xmlns:q='{namespace}' schemaVersion='2.0' \
             creationDate='2026-01-01T00:00:00Z'><EPCISBody><{name}><queryName>a&amp;b</queryName>\
             <subscriptionID>s</subscriptionID><resultsBody><EventList>{EVENT}</EventList>\
             </resultsBody></{name}></EPCISBody></q:EPCISQueryDocument>"
        );
        let (events, _, info) = good(&document);
        assert_eq!(events.len(), 1);
        assert_eq!(info.query_name.as_deref(), Some("a&b"));
        assert_eq!(info.subscription_id.as_deref(), Some("s"));
    }
}

#[test]
fn json_names_of_the_standard_may_have_a_prefix_or_be_uris() {
    let document = r#"{"@context":[{"epcis":"https://ref.gs1.org/epcis/","x":"urn:x:"}],
        "type":"EPCISDocument","schemaVersion":"2.0","creationDate":"2026-01-01T00:00:00Z",
        "epcisHeader":{"x:note":"n"},"x:more":[1,2],
        "epcisBody":{"eventList":[{"@type":"https://ref.gs1.org/epcis/ObjectEvent",
        "epcis:eventTime":"2026-01-01T10:00:00Z",
        "https://ref.gs1.org/epcis/eventTimeZoneOffset":"+00:00","action":"OBSERVE",
        "epcList":["urn:epc:id:sscc:0614141.1234567890"],"https://ns.example/a#b":"c",
        "x:deep":{"@context":{"y":"urn:y:"},"y:inner":"z"}}]}}"#;
    let (events, _, info) = good(document);
    let [event] = &events[..] else { panic!("{info:?}") };
    assert_eq!(event.kind(), "ObjectEvent");
    let [uri, deep] = &event.common().extensions[..] else { panic!("{event:?}") };
    assert_eq!((&*uri.namespace, &*uri.name), ("https://ns.example/a#", "b"));
    assert_eq!(deep.nested(), [Extension::text("urn:y:", "inner", "z")]);
    assert_eq!(info.header_extensions, [Extension::text("urn:x:", "note", "n")]);
    assert_eq!(info.extensions.len(), 2);
}

#[test]
fn other_encodings_are_decoded_or_named() {
    let event = EVENT.replace("</action>", "</action><x:a xmlns:x='urn:x'>Zoë</x:a>");
    let text = xml("", &event);
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let marked: Vec<u8> =
        [0xfe, 0xff].into_iter().chain(text.encode_utf16().flat_map(u16::to_be_bytes)).collect();
    let declared = format!("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>{text}");
    let latin: Vec<u8> = declared.chars().map(|character| character as u32 as u8).collect();
    for bytes in [text.clone().into_bytes(), utf16, marked, latin] {
        let (events, _, info) = items(&bytes);
        assert_eq!(info.expect("a document").format, Format::Xml12);
        assert_eq!(events[0].common().extensions[0].as_text(), Some("Zoë"));
    }
    let chinese = declared.replace("ISO-8859-1", "GB18030");
    assert!(refused(chinese.as_bytes()).contains("GB18030"));
    let cut = &text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>()[..101];
    assert!(items(cut).2.is_err());
    let broken = text.replace("OBSERVE", "OB\u{1}").into_bytes();
    assert!(refused(&broken).contains("control character"));
}

#[test]
fn characters_that_xml_cannot_have_are_told() {
    let lot = |lot: &str| {
        let ilmd =
            format!("<extension><ilmd><x:lot xmlns:x='urn:x'>{lot}</x:lot></ilmd></extension>");
        xml("", &EVENT.replace("</action>", &format!("</action>{ilmd}")))
    };
    for wrong in ["L\0", "L&#0;", "L&#1;"] {
        let told = refused(lot(wrong).as_bytes());
        assert!(told.contains("line 1"), "{told}");
    }
    let (events, _, _) = good(&lot("L<!-- a -->1<![CDATA[&2]]>"));
    assert_eq!(events[0].ilmd()[0].as_text(), Some("L1&2"));
    let json = r#"[{"type":"ObjectEvent","eventTime":"2026-01-01T10:00:00Z",
        "eventTimeZoneOffset":"+00:00","action":"ADD","ilmd":{"urn:x:lot":"L\u0000"}},
        {"type":"ObjectEvent","eventTime":"2026-01-01T10:00:00Z","eventTimeZoneOffset":"+00:00",
        "action":"OBSERVE"}]"#
        .replacen(
            "[{",
            "{\"@context\":[],\"type\":\"EPCISDocument\",\"epcisBody\":{\"eventList\":[{",
            1,
        )
        + "}}";
    let mut outcomes = Vec::new();
    let info = read(json.as_bytes(), &mut |event| {
        outcomes.push(event.outcome.map(drop).map_err(|error| error.to_string()));
        ControlFlow::Continue(())
    });
    info.expect("a document");
    assert_eq!(outcomes.len(), 2);
    let told = outcomes[0].as_ref().expect_err("a NUL character");
    assert!(told.contains("NUL"), "{told}");
    assert_eq!(outcomes[1], Ok(()));
}

#[test]
fn entities_of_a_document_are_never_expanded() {
    let bomb = "<!DOCTYPE a [<!ENTITY a 'xxxxxxxxxx'><!ENTITY b '&a;&a;&a;'>\
                <!ENTITY f SYSTEM 'file:///etc/passwd'>]>";
    for reference in ["&b;", "&f;"] {
        let event = EVENT.replace("OBSERVE", reference);
        let told = refused(format!("{bomb}{}", xml("", &event)).as_bytes());
        assert!(told.contains("entity"), "{told}");
        let named = VOCABULARY.replace("A &amp; B", reference);
        assert!(refused(format!("{bomb}{named}").as_bytes()).contains("entity"));
    }
    let (events, _, _) = good(&format!("{bomb}{}", xml("", EVENT)));
    assert_eq!(events.len(), 1);
}

#[test]
fn nothing_may_follow_the_document() {
    let document = xml("", EVENT);
    for (rest, found) in [("x", "the text"), ("<b/>", "a second root"), ("&amp;", "the text")] {
        let told = refused(format!("{document}\n{rest}").as_bytes());
        assert!(told.contains(found), "{told}");
    }
    assert!(items(format!("{document}\n<!-- end -->\n").as_bytes()).2.is_ok());
    assert!(refused(format!("text {document}").as_bytes()).contains("begins with 't'"));
    let json = "{\"type\":\"EPCISDocument\",\"epcisBody\":{\"eventList\":[]}} x";
    assert!(refused(json.as_bytes()).contains("the end of the document"));
}

#[test]
fn what_stands_around_the_events_is_limited() {
    use theriac_epcis::limits::FIELD_BYTES_MAX;

    let note = format!("<x:n xmlns:x='urn:x'>{}</x:n>", "n".repeat(FIELD_BYTES_MAX / 4));
    let told = refused(xml(&note.repeat(5), EVENT).as_bytes());
    assert!(told.contains("fields of other vocabularies"), "{told}");
}
