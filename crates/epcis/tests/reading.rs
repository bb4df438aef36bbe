//! How documents are read: in a stream, with places, tolerant of what the field does.

use std::io::{self, BufReader, Read};
use std::ops::ControlFlow;

use theriac_epcis::{
    Action, BizStep, DocumentError, DocumentInfo, Event, ExtensionValue, Format, ReadEvent, limits,
    read,
};

const EVENT: &str = r#"{"type":"ObjectEvent","eventTime":"2026-01-01T10:00:00Z",
"eventTimeZoneOffset":"+00:00","action":"OBSERVE","epcList":["urn:epc:id:sscc:0614141.1234567890"]
,"ext:a":"b"}"#;

const XML_EVENT: &str = "<ObjectEvent><eventTime>2026-01-01T10:00:00Z</eventTime>\
    <eventTimeZoneOffset>+00:00</eventTimeZoneOffset><epcList>\
    <epc>urn:epc:id:sscc:0614141.1234567890</epc></epcList><action>OBSERVE</action></ObjectEvent>";

fn document(context: &str, events: &str) -> String {
    format!(
        "{{\"@context\":[{context}],\n\"type\":\"EPCISDocument\",\"schemaVersion\":\"2.0\",\n\
         \"epcisBody\":{{\"eventList\":[\n{events}]}}}}"
    )
}

fn xml(events: &str) -> String {
    format!(
        "<e:EPCISDocument xmlns:e=\"urn:epcglobal:epcis:xsd:1\" schemaVersion=\"1.2\">\n\
         <EPCISBody><EventList>\n{events}</EventList></EPCISBody></e:EPCISDocument>"
    )
}

fn read_all(input: impl Read) -> (Vec<ReadEvent>, Result<DocumentInfo, DocumentError>) {
    let mut events = Vec::new();
    let info = read(BufReader::with_capacity(16, input), &mut |event| {
        events.push(event);
        ControlFlow::Continue(())
    });
    (events, info)
}

fn one(document: &str) -> ReadEvent {
    let (mut events, info) = read_all(document.as_bytes());
    info.unwrap_or_else(|error| panic!("{error}: {document}"));
    assert_eq!(events.len(), 1, "{document}");
    events.remove(0)
}

fn event(document: &str) -> Event {
    one(document).outcome.unwrap_or_else(|error| panic!("{error}: {document}")).event
}

/// An input that fails.
struct Broken;

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::Error::new(io::ErrorKind::ConnectionReset, "cut"))
    }
}

#[test]
fn events_are_handed_over_before_the_rest_is_read() {
    let json = document("{\"ext\":\"urn:x:\"}", &format!("{EVENT},\n"));
    let json = &json[..json.len() - 3];
    let tail = "</EventList></EPCISBody></e:EPCISDocument>";
    let xml = xml(XML_EVENT);
    for beginning in [json, xml.strip_suffix(tail).expect("the tail of the document")] {
        let (events, info) = read_all(beginning.as_bytes().chain(Broken));
        assert_eq!(events.len(), 1, "{beginning}");
        assert!(events[0].outcome.is_ok());
        assert!(matches!(info, Err(DocumentError::Input { .. })), "{info:?}");
    }
}

#[test]
fn the_sink_can_stop_the_reader() {
    let json = document("{\"ext\":\"urn:x:\"}", &[EVENT; 5].join(","));
    for document in [json, xml(&XML_EVENT.repeat(5))] {
        let mut events = 0;
        let info = read(document.as_bytes().chain(Broken.take(0)).by_ref_buffered(), &mut |_| {
            events += 1;
            if events == 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        let info = info.expect("a document that was stopped");
        assert_eq!((events, info.events, info.complete), (2, 2, false));
    }
}

trait Buffered: Read + Sized {
    fn by_ref_buffered(self) -> BufReader<Self> {
        BufReader::with_capacity(8, self)
    }
}

impl<R: Read> Buffered for R {}

#[test]
fn an_unreadable_event_does_not_end_the_document() {
    let wrong = EVENT.replace("OBSERVE", "LOOK");
    let (events, info) = read_all(
        document("{\"ext\":\"urn:x:\"}", &[EVENT, &wrong, "7", EVENT].join(",\n")).as_bytes(),
    );
    assert_eq!(info.expect("a document").events, 4);
    let outcomes: Vec<bool> = events.iter().map(|event| event.outcome.is_ok()).collect();
    assert_eq!(outcomes, [true, false, false, true]);
    let error = events[1].outcome.as_ref().expect_err("an unknown action");
    assert_eq!(error.to_string(), "expected ADD, OBSERVE or DELETE, found \"LOOK\" at \"action\"");
}

#[test]
fn places_are_lines_and_columns() {
    let (events, _) =
        read_all(document("{\"ext\":\"urn:x:\"}", &format!("{EVENT},\n  {EVENT}")).as_bytes());
    let places: Vec<String> = events.iter().map(|event| event.place.to_string()).collect();
    assert_eq!(
        places,
        ["line 4 column 1 in epcisBody.eventList[0]", "line 7 column 3 in epcisBody.eventList[1]"]
    );
    let (events, _) = read_all(xml(&format!("{XML_EVENT}\n  {XML_EVENT}")).as_bytes());
    let places: Vec<String> = events.iter().map(|event| event.place.to_string()).collect();
    let path = "/EPCISDocument/EPCISBody/EventList";
    assert_eq!(
        places,
        [format!("line 3 column 1 in {path}"), format!("line 4 column 3 in {path}")]
    );
}

#[test]
fn a_broken_document_is_told_with_its_place() {
    let json = document("{\"ext\":\"urn:x:\"}", &format!("{EVENT},\n{{\"a\" 1}}"));
    let (events, info) = read_all(json.as_bytes());
    assert_eq!(events.len(), 1);
    match info {
        Err(DocumentError::NotWellFormed { place, .. }) => assert_eq!(place.line, 7),
        other => panic!("{other:?}"),
    }
    let (events, info) = read_all(xml(&format!("{XML_EVENT}\n<ObjectEvent><a></b>")).as_bytes());
    assert_eq!(events.len(), 1);
    match info {
        Err(DocumentError::NotWellFormed { place, .. }) => assert_eq!(place.line, 4),
        other => panic!("{other:?}"),
    }
    for cut in ["", "{", "[", "<a>", "{\"type\":\"EPCISDocument\"", "<", "\u{feff}"] {
        assert!(read_all(cut.as_bytes()).1.is_err(), "{cut}");
    }
}

#[test]
fn what_is_not_epcis_is_told() {
    for (text, found) in [
        ("", "an empty document"),
        ("hello", "a text that begins with 'h'"),
        ("{\"a\":1,\"b\":2}", "a JSON object with the fields a, b"),
        ("{\"type\":\"Feature\"}", "a JSON object of type \"Feature\""),
        ("[1]", "a JSON list whose first item is no event"),
        (" <n:Request xmlns:n='urn:n'/>", "XML with the root element n:Request"),
    ] {
        match read_all(text.as_bytes()).1 {
            Err(DocumentError::NotEpcis { found: told, .. }) => assert_eq!(told, found),
            other => panic!("{text}: {other:?}"),
        }
    }
}

#[test]
fn nesting_is_limited() {
    let deep = 2 * limits::DEPTH_MAX;
    let event = EVENT.replace("\"b\"", &format!("{}{}", "[".repeat(deep), "]".repeat(deep)));
    let inside = XML_EVENT.replace("</action>", &format!("</action>{}", "<x>".repeat(deep)));
    for document in [document("", &event), xml(&inside), "<a>".repeat(deep), "[".repeat(deep)] {
        match read_all(document.as_bytes()).1 {
            Err(DocumentError::TooDeep { depth_max, .. }) => {
                assert_eq!(depth_max, limits::DEPTH_MAX);
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn events_before_the_context_are_held_until_it_is_read() {
    let document = format!(
        "{{\"type\":\"EPCISDocument\",\"epcisBody\":{{\"eventList\":[{EVENT}]}},\
         \"@context\":[{{\"ext\":\"urn:x:\"}}]}}"
    );
    let event = event(&document);
    assert_eq!(event.common().extensions[0].namespace, "urn:x:");
}

#[test]
fn more_than_can_be_held_before_the_context_is_an_error() {
    let start = "{\"type\":\"EPCISDocument\",\"epcisBody\":{\"eventList\":[".as_bytes();
    // One event with a long text, over and over, never kept in memory as a whole.
    let big = format!("{{\"a\":\"{}\"}},", "x".repeat(8 * 1024 * 1024));
    let events = (0..9)
        .map(|_| big.as_bytes())
        .fold(Box::new(io::empty()) as Box<dyn Read>, |before, more| Box::new(before.chain(more)));
    let mut input = BufReader::with_capacity(1 << 20, start.chain(events));
    match read(&mut input, &mut |_| ControlFlow::Continue(())) {
        Err(DocumentError::ContextTooLate { bytes_max, .. }) => {
            assert_eq!(bytes_max, limits::HELD_BYTES_MAX);
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn prefixes_are_resolved_and_undeclared_ones_are_told() {
    let declared = one(&document("\"https://example.com/c.jsonld\",{\"ext\":\"urn:x:\"}", EVENT));
    let parsed = declared.outcome.expect("a readable event");
    assert_eq!(parsed.repairs, []);
    assert_eq!(parsed.event.common().extensions[0].namespace, "urn:x:");

    let own = EVENT.replacen('{', "{\"@context\":{\"ext\":\"urn:own:\"},", 1);
    assert_eq!(event(&document("", &own)).common().extensions[0].namespace, "urn:own:");

    let undeclared = one(&document("", EVENT)).outcome.expect("a readable event");
    assert_eq!(undeclared.repairs[0].found, "ext:a");
    assert_eq!(undeclared.event.common().extensions[0].namespace, "ext:");

    let prefix = XML_EVENT.replace("<action>", "<y:a>1</y:a><action>");
    let undeclared = one(&xml(&prefix)).outcome.expect("a readable event");
    assert_eq!(undeclared.repairs[0].found, "y:a");
}

#[test]
fn soap_envelopes_and_marks_are_no_obstacle() {
    let envelope = format!(
        "\u{feff}<?xml version='1.0'?><s:Envelope xmlns:s='urn:s'><s:Body>{}</s:Body></s:Envelope>",
        xml(XML_EVENT)
    );
    let (events, info) = read_all(envelope.as_bytes());
    assert_eq!((events.len(), info.expect("a document").format), (1, Format::Xml12));
    assert!(events[0].outcome.is_ok());
}

#[test]
fn bare_events_and_lists_are_documents_too() {
    let list = format!("[{EVENT},{EVENT}]");
    let (events, info) = read_all(list.as_bytes());
    assert_eq!((events.len(), info.expect("a list").format), (2, Format::Json20));
    assert!(one(EVENT).outcome.is_ok());
    assert!(one(XML_EVENT).outcome.is_ok());
}

#[test]
fn wrappers_padding_and_order_do_not_matter() {
    let plain = event(&xml(XML_EVENT));
    let padded = XML_EVENT
        .replace("<action>OBSERVE</action>", "")
        .replace(
            "<eventTime>",
            "<baseExtension><x/></baseExtension><action>\n OBSERVE\t</action><eventTime>\n  ",
        )
        .replace("</epc>", "\n</epc>")
        .replace("<baseExtension><x/></baseExtension>", "<extension><extension/></extension>");
    assert_eq!(event(&xml(&padded)), plain);
    let wrapped = format!("<extension><extension>{XML_EVENT}</extension></extension>");
    assert_eq!(event(&xml(&wrapped)), plain);
}

#[test]
fn misspelt_words_are_repaired_and_told() {
    let misspelt = XML_EVENT.replace(
        "<action>OBSERVE</action>",
        "<action>Observe</action><bizStep>urn:epcglobal:cbv:bizstep:Decomissioning</bizStep>",
    );
    let parsed = one(&xml(&misspelt)).outcome.expect("a readable event");
    assert_eq!(parsed.event.action(), Some(Action::Observe));
    assert_eq!(parsed.event.biz_step(), Some(&BizStep::Decommissioning));
    let told: Vec<&str> = parsed.repairs.iter().map(|repair| repair.read_as.as_str()).collect();
    assert_eq!(told, ["OBSERVE", "decommissioning"]);
    let unknown = XML_EVENT.replace("</action>", "</action><bizStep>loitering</bizStep>");
    assert!(one(&xml(&unknown)).outcome.is_err());
}

#[test]
fn quantity_events_become_object_events() {
    let quantity = "<QuantityEvent><eventTime>2026-01-01T10:00:00Z</eventTime>\
        <eventTimeZoneOffset>+00:00</eventTimeZoneOffset>\
        <epcClass>urn:epc:idpat:sgtin:0614141.107346.*</epcClass><quantity>12</quantity>\
        </QuantityEvent>";
    let parsed = one(&xml(quantity)).outcome.expect("a readable event");
    assert_eq!(parsed.repairs, [], "EPCIS 1.x has quantity events");
    let version_2 = xml(quantity).replace("xsd:1", "xsd:2").replace("\"1.2\"", "\"2.0\"");
    let later = one(&version_2).outcome.expect("a readable event");
    assert_eq!(later.repairs[0].found, "QuantityEvent");
    let quantities: Vec<_> = parsed.event.quantities().collect();
    assert_eq!(quantities[0].quantity.as_ref().and_then(|number| number.as_u64()), Some(12));
}

#[test]
fn extensions_keep_all_that_was_there() {
    let rich = XML_EVENT.replace(
        "</action>",
        "</action><x:a xmlns:x='urn:x' x:k='1' l='2'>te&#x78;t &amp; <![CDATA[<more>]]></x:a>\
         <x:b xmlns:x='urn:x' x:k='1'/><x:c xmlns:x='urn:x'><d>1</d><e/><d>2</d></x:c>",
    );
    let event = event(&xml(&rich));
    let [a, b, c] = &event.common().extensions[..] else { panic!("{event:?}") };
    assert_eq!(a.as_text(), Some("text & <more>"));
    assert_eq!(a.attributes.len(), 2);
    assert_eq!(b.nested()[0].as_text(), Some("1"));
    let names: Vec<&str> = c.nested().iter().map(|field| field.name.as_str()).collect();
    assert_eq!(names, ["d", "d", "e"]);
    assert_eq!(c.nested()[2].value, ExtensionValue::Nested(Vec::new()));
}

#[test]
fn names_and_characters_that_xml_does_not_have_are_refused() {
    let whole = |head: &str, field: &str| {
        format!(
            "<e:EPCISDocument xmlns:e=\"urn:epcglobal:epcis:xsd:1\" xmlns:x=\"urn:x\" \
             schemaVersion=\"1.2\"{head}><EPCISHeader><a>{field}</a></EPCISHeader>\
             <EPCISBody><EventList>{XML_EVENT}</EventList></EPCISBody></e:EPCISDocument>"
        )
    };
    let (_, info) = read_all(whole("", "<x:b/>").as_bytes());
    assert!(info.is_ok(), "{info:?}");
    for (head, field) in [
        ("", "a\0"),
        ("", "&#1;"),
        (" b=\"\0\"", ""),
        (" xmlns:y=\"urn:\u{1}\"", ""),
        ("", "<x:b\u{2}/>"),
        ("", "<x://b/>"),
        ("", "<x:b=\"c\"/>"),
        ("", "<1/>"),
    ] {
        let (_, info) = read_all(whole(head, field).as_bytes());
        assert!(
            matches!(info, Err(DocumentError::NotWellFormed { .. })),
            "{head} {field} {info:?}"
        );
    }
}
