//! What strict mode tells of each departure from the standard: rule, place, expected, found.

use std::io::{self, BufReader, Read};

use theriac_epcis::{Finding, Layer, judge};

fn findings(document: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let info = judge(document.as_bytes(), &mut |finding| findings.push(finding));
    info.unwrap_or_else(|error| panic!("{error}: {document}"));
    findings
}

/// Rules and what was found, in short.
fn told(document: &str) -> Vec<String> {
    let line = |finding: &Finding| format!("{} {}: {}", finding.rule, finding.path, finding.found);
    findings(document).iter().map(line).collect()
}

fn clean(document: &str) {
    assert_eq!(told(document), Vec::<String>::new(), "{document}");
}

const TIMES: &str = "<eventTime>2026-01-01T10:00:00Z</eventTime>\
    <eventTimeZoneOffset>+00:00</eventTimeZoneOffset>";
const EPCS: &str = "<epcList><epc>urn:epc:id:sscc:0614141.1234567890</epc></epcList>";
const STEP: &str = "<bizStep>https://ref.gs1.org/cbv/BizStep-shipping</bizStep>";

fn document(version: char, header: &str, events: &str) -> String {
    format!(
        "<e:EPCISDocument xmlns:e='urn:epcglobal:epcis:xsd:{version}' schemaVersion='{version}.0' \
         creationDate='2026-01-01T00:00:00Z'>\n{header}<EPCISBody><EventList>\n{events}\
         </EventList></EPCISBody></e:EPCISDocument>"
    )
}

fn object(version: char, inside: &str) -> String {
    document(version, "", &format!("<ObjectEvent>{inside}</ObjectEvent>"))
}

#[test]
fn what_obeys_the_standard_is_told_nothing_of() {
    let good = format!("{TIMES}{EPCS}<action>OBSERVE</action>{STEP}");
    clean(&object('1', &good));
    clean(&object('2', &good));
    let rich = format!(
        "{TIMES}<eventID>urn:uuid:374d95fc-9457-4a51-bd6a-0bba133845a8</eventID>{EPCS}\
         <action>OBSERVE</action>{STEP}<sensorElementList><sensorElement>\
         <sensorMetadata time='2026-01-01T10:00:00Z'/>\
         <sensorReport type='https://gs1.org/voc/Temperature' value='4.5' uom='CEL'/>\
         </sensorElement></sensorElementList><persistentDisposition>\
         <set>https://ref.gs1.org/cbv/Disp-recalled</set></persistentDisposition>\
         <x:a xmlns:x='urn:x' y='1'>t<x:b/></x:a>"
    );
    clean(&object('2', &rich));
    let quantity = format!(
        "<QuantityEvent>{TIMES}<epcClass>urn:epc:idpat:sgtin:0614141.107346.*</epcClass>\
         <quantity>12</quantity></QuantityEvent>"
    );
    clean(&document('1', "", &quantity));
}

#[test]
fn elements_have_an_order() {
    let late = format!("{TIMES}<action>OBSERVE</action>{EPCS}{STEP}");
    assert_eq!(told(&object('2', &late)), ["element-order : epcList"]);
    // EPCIS 1.x demands the list, so its absence is seen where the action stands.
    assert_eq!(told(&object('1', &late)), ["element-order : action"]);
    let twice = format!("{TIMES}{EPCS}<action>OBSERVE</action>{STEP}{STEP}");
    let rules: Vec<String> = told(&object('2', &twice));
    assert_eq!(rules[0], "element-order : bizStep");
    let finding = &findings(&object('2', &late))[0];
    assert_eq!((finding.ordinal, finding.layer), (Some(0), Layer::Schema));
    assert_eq!((finding.place.line, finding.place.column), (3, 130));
    assert_eq!(finding.place.path, "/EPCISDocument/EPCISBody/EventList/ObjectEvent");
    assert!(finding.expected.starts_with("action, bizStep") || finding.expected.starts_with("biz"));
}

#[test]
fn elements_and_attributes_are_those_of_the_version() {
    let direct = format!(
        "{TIMES}{EPCS}<action>OBSERVE</action><quantityList><quantityElement>\
         <epcClass>urn:epc:class:lgtin:0614141.107346.L1</epcClass></quantityElement>\
         </quantityList>"
    );
    clean(&object('2', &direct));
    assert_eq!(told(&object('1', &direct)), ["element-order : quantityList"]);
    let plain = format!("{TIMES}{EPCS}<action>OBSERVE</action>");
    let unknown = plain.replace("</action>", "</action><colour>red</colour>");
    assert_eq!(told(&object('2', &unknown))[0], "element-order : colour");
    let attribute = plain.replace("<epc>", "<epc x='1'>");
    assert_eq!(told(&object('2', &attribute))[0], "attribute-unknown epcList.epc: x");
    let source = plain.replace(
        "</action>",
        "</action><sourceList><source>urn:epc:id:pgln:0614141.00001</source></sourceList>",
    );
    assert_eq!(told(&object('2', &source))[0], "attribute-missing sourceList.source@type: nothing");
    let words = plain.replace("<action>", "then <action>");
    assert_eq!(told(&object('2', &words)), ["no-text : the text \"then\""]);
}

#[test]
fn what_must_be_there_is_missed() {
    let no_time = format!("<eventTimeZoneOffset>+00:00</eventTimeZoneOffset>{EPCS}");
    assert_eq!(
        told(&object('2', &no_time)),
        ["element-order : eventTimeZoneOffset", "element-missing : nothing"]
    );
    let events = format!("<ObjectEvent>{TIMES}{EPCS}<action>OBSERVE</action></ObjectEvent>");
    let header = "<EPCISHeader></EPCISHeader>";
    assert_eq!(
        told(&document('1', header, &events)),
        ["element-missing EPCISDocument/EPCISHeader: nothing"]
    );
    clean(&document('2', header, &events));
    let bare = document('2', "", &events).replace(" schemaVersion='2.0'", "");
    let told = told(&bare);
    assert_eq!(told[0], "attribute-missing EPCISDocument@schemaVersion: nothing");
}

#[test]
fn values_have_forms() {
    let plain = format!("{TIMES}{EPCS}<action>OBSERVE</action>");
    for (right, wrong, rule) in [
        ("10:00:00Z", "10:00Z", "value-form eventTime: \"2026-01-01T10:00Z\""),
        ("10:00:00Z", "10:00:00", "value-form eventTime: \"2026-01-01T10:00:00\""),
        ("OBSERVE", "observe", "value-form action: \"observe\""),
    ] {
        assert_eq!(told(&object('2', &plain.replace(right, wrong)))[0], rule);
    }
    clean(&object('2', &plain.replace("<eventTime>", "<eventTime>\n  ")));
    let typed = |value: &str| {
        plain.replace(
            "</action>",
            &format!(
                "</action><x:a xmlns:x='urn:x' \
            xmlns:i='http://www.w3.org/2001/XMLSchema-instance' \
            xmlns:s='http://www.w3.org/2001/XMLSchema' i:type={value}</x:a>"
            ),
        )
    };
    clean(&object('2', &typed("'s:integer'>12")));
    assert_eq!(told(&object('2', &typed("'s:integer'>1.5")))[0], "value-form a: \"1.5\"");
    assert!(told(&object('2', &typed("'z:integer'>1")))[0].starts_with("instance-type a"));
}

#[test]
fn a_root_is_that_of_the_standard() {
    let events = format!("<ObjectEvent>{TIMES}{EPCS}<action>OBSERVE</action></ObjectEvent>");
    let unknown = document('2', "", &events).replace("urn:epcglobal:epcis:xsd:2", "");
    assert_eq!(findings(&unknown.replace("e:EPCIS", "EPCIS"))[0].rule, "root-element");
    let envelope = format!(
        "<s:Envelope xmlns:s='urn:s'><s:Body>{}</s:Body></s:Envelope>",
        object('1', &format!("{TIMES}<action>OBSERVE</action>"))
    );
    assert_eq!(findings(&envelope)[0].rule, "element-order");
    clean(
        "<q:Poll xmlns:q='urn:epcglobal:epcis-query:xsd:1'><queryName>SimpleEventQuery</queryName>\
         <params/></q:Poll>",
    );
    let undeclared = object('2', &format!("{TIMES}{EPCS}<action>OBSERVE</action><y:a/>"));
    assert_eq!(findings(&undeclared)[0].rule, "prefix-declared");
}

const JSON: &str = r#"{"@context":["https://ref.gs1.org/standards/epcis/epcis-context.jsonld",
{"ext":"https://example.com/ext/"}],"type":"EPCISDocument","schemaVersion":"2.0",
"creationDate":"2026-01-01T00:00:00Z","epcisBody":{"eventList":[{"type":"ObjectEvent",
"eventTime":"2026-01-01T10:00:00+01:00","eventTimeZoneOffset":"+01:00","action":"ADD",
"epcList":["urn:epc:id:sgtin:0614141.107346.2017"],"bizStep":"commissioning",
"quantityList":[{"epcClass":"urn:epc:class:lgtin:0614141.107346.L1","quantity":2,"uom":"KGM"}],
"readPoint":{"id":"urn:epc:id:sgln:0614141.07346.1234"},"ext:a":[1,{"ext:b":"c"}],
"sensorElementList":[{"sensorReport":[{"type":"Temperature","value":26.5}]}],
"ilmd":{"cbvmda:lotNumber":"L1"}}]}}"#;

#[test]
fn json_is_judged_by_its_objects() {
    clean(JSON);
    for (right, wrong, rule) in [
        ("\"quantity\":2", "\"quantity\":\"2\"", "json-type quantityList[0].quantity: \"2\""),
        ("\"uom\":\"KGM\"", "\"uom\":\"kilo\"", "value-form quantityList[0].uom: \"kilo\""),
        ("\"uom\"", "\"unit\"", "field-unknown quantityList[0].unit: unit"),
        ("\"+01:00\"", "\"+1:00\"", "value-form eventTimeZoneOffset: \"+1:00\""),
        ("\"ADD\"", "\"add\"", "value-form action: \"add\""),
        ("\"commissioning\"", "\"making\"", "word bizStep: \"making\""),
        (
            "\"commissioning\"",
            "\"urn:epcglobal:cbv:bizstep:commissioning\"",
            "value-form bizStep: \"urn:epcglobal:cbv:bizstep:commissioning\"",
        ),
        (
            "\"id\":\"urn:epc:id:sgln:0614141.07346.1234\"",
            "",
            "field-missing readPoint.id: nothing",
        ),
        ("\"action\":\"ADD\",", "", "field-missing action: nothing"),
        ("\"ext:a\"", "\"a\"", "extension-name a: a"),
        (
            "[{\"type\":\"Temperature\",\"value\":26.5}]",
            "[]",
            "list-empty sensorElementList[0].sensorReport: none",
        ),
        ("\"Temperature\"", "\"Heat\"", "word sensorElementList[0].sensorReport[0].type: \"Heat\""),
        ("\"2.0\"", "2.0", "json-type schemaVersion: the number 2.0"),
        ("\"schemaVersion\":\"2.0\",", "", "field-missing schemaVersion: nothing"),
        (
            "\"eventList\":[{\"type\":\"ObjectEvent\"",
            "\"list\":[{\"type\":\"ObjectEvent\"",
            "field-missing epcisBody.eventList: nothing",
        ),
        ("{\"cbvmda:lotNumber\":\"L1\"}", "null", "json-type ilmd: nothing"),
    ] {
        assert!(JSON.contains(right), "{right}");
        let told = told(&JSON.replacen(right, wrong, 1));
        assert!(told.contains(&rule.to_owned()), "{rule}: {told:#?}");
    }
}

#[test]
fn fields_of_json_hang_together() {
    let late = JSON.replace("\"ADD\"", "\"OBSERVE\"");
    assert_eq!(told(&late), ["ilmd-only-with-add ilmd: ilmd with action OBSERVE"]);
    let event = r#"{"@context":[],"type":"AggregationEvent","eventTime":"2026-01-01T10:00:00Z",
        "eventTimeZoneOffset":"+00:00","action":"OBSERVE","parentID":"urn:a:b"}"#;
    assert_eq!(told(event), ["children-unless-delete childEPCs: none"]);
    let no_context = event.replace("\"@context\":[],", "");
    assert_eq!(told(&no_context)[0], "field-missing @context: nothing");
    assert_eq!(told(&format!("[{event}]"))[0], "document-root : a list");
}

#[test]
fn rules_beyond_the_schemas_have_a_layer_of_their_own() {
    let wrong = JSON.replace("sgtin:0614141.107346.2017", "sgtin:0614141.10734.2017");
    let findings = findings(&wrong);
    assert_eq!(findings.len(), 1, "{findings:#?}");
    assert_eq!((findings[0].layer, findings[0].rule), (Layer::Rules, "identifier-is-right"));
    assert_eq!(findings[0].path, "epcList[0]");
}

#[test]
fn identifiers_and_words_of_xml_are_uris() {
    let bare = format!("{TIMES}<eventID>17</eventID>{EPCS}<action>OBSERVE</action>")
        + "<bizStep>shipping</bizStep>";
    let findings = findings(&object('2', &bare));
    let told: Vec<(Layer, &str)> =
        findings.iter().map(|finding| (finding.layer, finding.rule)).collect();
    assert_eq!(told, [(Layer::Rules, "absolute-uri"); 2], "{findings:#?}");
}

/// An input that fails.
struct Broken;

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::Error::new(io::ErrorKind::ConnectionReset, "cut"))
    }
}

#[test]
fn findings_are_told_before_the_rest_is_read() {
    let json = JSON.replace("\"ADD\"", "\"add\"");
    let json = json.strip_suffix("]}}").expect("the end of the list").to_owned() + ",";
    let xml = object('2', &format!("{TIMES}<action>add</action>"));
    let xml = xml.split("</EventList>").next().expect("a beginning");
    for beginning in [&json, xml] {
        let mut told = 0;
        let input = BufReader::with_capacity(16, beginning.as_bytes().chain(Broken));
        let result = judge(input, &mut |_| told += 1);
        assert!(result.is_err());
        assert!(told >= 1, "{beginning}");
    }
}

#[test]
fn findings_of_one_event_are_limited() {
    use theriac_epcis::limits::FINDINGS_MAX;
    let wrong = "<epc x='1'>a</epc>".repeat(FINDINGS_MAX + 10);
    let event = format!("{TIMES}<epcList>{wrong}</epcList><action>OBSERVE</action>");
    let told = findings(&object('2', &event));
    let schema = told.iter().filter(|finding| finding.layer == Layer::Schema).count();
    assert_eq!(schema, FINDINGS_MAX);
}
