//! Files that somebody feeds by mistake, or on purpose.

/// Bytes of the nested ones.
const NESTED_BYTES: usize = 5_000_000;

const HEAD_JSON: &str = "{\"@context\":[],\"type\":\"EPCISDocument\",\"schemaVersion\":\"2.0\",\
    \"epcisBody\":{\"eventList\":[{\"type\":\"ObjectEvent\",\"ilmd\":";

const DOCUMENT_XML: &str = "<?xml version=\"1.0\"?>\n\
    <epcis:EPCISDocument xmlns:epcis=\"urn:epcglobal:epcis:xsd:1\" schemaVersion=\"1.2\">\n\
    <EPCISBody><EventList><ObjectEvent>\n\
    <eventTime>2026-01-01T00:00:00Z</eventTime>\n\
    <eventTimeZoneOffset>+00:00</eventTimeZoneOffset>\n\
    <epcList><epc>urn:epc:id:sgtin:9521124.000001.1</epc></epcList>\n\
    <action>OBSERVE</action>\n\
    </ObjectEvent></EventList></EPCISBody></epcis:EPCISDocument>\n";

/// The files by name. None has an event that could be read.
pub(crate) fn files() -> Vec<(&'static str, Vec<u8>)> {
    let truncated = &DOCUMENT_XML[..DOCUMENT_XML.find("<action>").unwrap()];
    vec![
        ("empty.xml", Vec::new()),
        ("blank.json", b" \n\t\n ".to_vec()),
        ("text.xml", b"Dear partner, please find attached.".to_vec()),
        ("truncated.xml", truncated.into()),
        ("truncated.json", HEAD_JSON.into()),
        ("photo.xml", photo()),
        ("photo.json", photo()),
        ("nested.json", b"[".repeat(NESTED_BYTES)),
        ("nested-event.json", [HEAD_JSON.as_bytes(), &b"[".repeat(NESTED_BYTES)].concat()),
        ("nested.xml", b"<a>".repeat(NESTED_BYTES / 3)),
        ("nested-event.xml", [truncated.as_bytes(), &b"<a>".repeat(NESTED_BYTES / 3)].concat()),
        ("nul.xml", DOCUMENT_XML.replacen('<', "\0<", 1).into()),
        ("nul-name.xml", DOCUMENT_XML.replacen("<eventTime", "<event\0Time", 1).into()),
        ("nul.json", HEAD_JSON.replacen("EPCISDocument", "EPCIS\0Document", 1).into()),
        ("html.xml", b"<!DOCTYPE html><html><body>503</body></html>".to_vec()),
        ("utf-16-half.xml", half_of_utf_16(DOCUMENT_XML)),
        ("ebcdic.xml", DOCUMENT_XML.replacen("?>", " encoding=\"IBM037\"?>", 1).into()),
    ]
}

/// What begins as a JPEG does.
fn photo() -> Vec<u8> {
    let mut bytes = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01".to_vec();
    let mut state = 1_u32;
    bytes.extend(
        std::iter::repeat_with(|| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        })
        .take(200_000),
    );
    bytes
}

/// A document of UTF-16 that ends in the middle of a character, as when its transfer is cut.
fn half_of_utf_16(text: &str) -> Vec<u8> {
    let units = std::iter::once(0xfeff).chain(text.encode_utf16());
    let mut bytes: Vec<u8> = units.flat_map(u16::to_le_bytes).collect();
    bytes.truncate((bytes.len() / 2) | 1);
    bytes
}
