//! No input makes the reader panic, and every event survives being written.

use std::ops::ControlFlow;

use jiff::Timestamp;
use proptest::prelude::*;
use theriac_epcis::{
    Action, AggregationEvent, Attribute, BizStep, BizTransaction, BizTransactionType, Common,
    Disposition, DocumentHeader, Event, Extension, ExtensionValue, Number, ObjectEvent, Offset,
    PersistentDisposition, QuantityElement, SensorElement, SensorReport, TransformationEvent,
    check, event_from_json, event_hash, judge, read, to_json, write_document,
};
use theriac_gs1::Epc;

const JSON: &str = r#"{"@context":["https://ref.gs1.org/standards/epcis/epcis-context.jsonld",
{"ext":"https://example.com/ext/"}],"type":"EPCISDocument","schemaVersion":"2.0",
"creationDate":"2026-01-01T00:00:00Z","epcisBody":{"eventList":[{"type":"ObjectEvent",
"eventTime":"2026-01-01T10:00:00+01:00","eventTimeZoneOffset":"+01:00","action":"ADD",
"epcList":["urn:epc:id:sgtin:0614141.107346.2017"],"bizStep":"commissioning",
"readPoint":{"id":"urn:epc:id:sgln:0614141.07346.1234"},"ext:a":[1,{"ext:b":"c"}],
"ilmd":{"cbvmda:lotNumber":"L1"},"sensorElementList":[{"sensorReport":[{"type":"Temperature",
"value":26.5,"uom":"CEL"}]}]}]}}"#;

const XML: &str = r#"<?xml version="1.0"?><epcis:EPCISDocument
xmlns:epcis="urn:epcglobal:epcis:xsd:1" schemaVersion="1.2" creationDate="2026-01-01T00:00:00Z"
xmlns:x="urn:x"><EPCISBody><EventList><ObjectEvent><eventTime>2026-01-01T10:00:00Z</eventTime>
<eventTimeZoneOffset>+00:00</eventTimeZoneOffset><epcList><epc>urn:epc:id:sgtin:0614141.107346.1
</epc></epcList><action>ADD</action><bizTransactionList><bizTransaction type="po">urn:a:b
</bizTransaction></bizTransactionList><extension><ilmd><x:lot y="1">L&amp;1<!-- c --></x:lot>
</ilmd></extension><x:a/></ObjectEvent></EventList></EPCISBody></epcis:EPCISDocument>"#;

/// Reads a document and does with each event all that can be done.
fn exercise(bytes: &[u8]) {
    let mut events = Vec::new();
    let _ = read(bytes, &mut |event| {
        events.extend(event.outcome.ok().map(|parsed| parsed.event));
        ControlFlow::Continue(())
    });
    let _ = judge(bytes, &mut |_| {});
    for event in events {
        let _ = (check(&event), event.lot(), event.expiry(), event.epcs().count());
        let json = to_json(&event);
        let again = event_from_json(&json).expect("what was written is read again");
        assert_eq!(again, event, "{json}");
        assert_eq!(event_hash(&again), event_hash(&event));
    }
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[a-zA-Z0-9 .:/-]{1,12}", "\\PC{1,12}"]
        .prop_map(|text: String| text.trim().to_owned())
}

fn name() -> impl Strategy<Value = String> {
    "[a-zA-Z_][a-zA-Z0-9_.-]{0,8}"
        .prop_filter("a name of JSON-LD has its own meaning", |name| name != "type")
}

fn namespace() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("urn:epcglobal:cbv:mda:".to_owned()),
        Just("urn:epcglobal:cbv:mda".to_owned()),
        Just("http://ns.example.com/epcis".to_owned()),
        "https://[a-z]{1,6}\\.example/[a-z]{0,4}[/#]",
    ]
}

fn number() -> impl Strategy<Value = Number> {
    prop_oneof![
        any::<u64>().prop_map(Number::from),
        (-99_999_i32..99_999, 0..9999_u32).prop_filter_map("a number", |(whole, part)| format!(
            "{whole}.{part}"
        )
        .parse()
        .ok()),
    ]
}

fn extensions() -> impl Strategy<Value = Vec<Extension>> {
    let plain = prop_oneof![
        text().prop_map(ExtensionValue::Text),
        number().prop_map(ExtensionValue::Number),
        any::<bool>().prop_map(ExtensionValue::Boolean),
        Just(ExtensionValue::Nested(Vec::new())),
    ];
    let attributes = || prop::collection::btree_map(name(), text(), 0..2);
    let field = |value: BoxedStrategy<ExtensionValue>| {
        (namespace(), name(), value, attributes()).prop_map(
            |(namespace, name, value, attributes)| {
                let is_nested = matches!(value, ExtensionValue::Nested(_));
                let attributes = attributes.into_iter().filter(|_| !is_nested);
                let attributes = attributes
                    .map(|(name, value)| Attribute { namespace: namespace.clone(), name, value })
                    .collect();
                Extension { namespace, name, value, attributes }
            },
        )
    };
    let inner = prop::collection::vec(field(plain.clone().boxed()), 0..4).prop_map(grouped);
    let value = prop_oneof![plain, inner.prop_map(ExtensionValue::Nested)].boxed();
    prop::collection::vec(field(value), 0..4).prop_map(grouped)
}

/// Fields of one name side by side, as readers give them.
fn grouped(mut fields: Vec<Extension>) -> Vec<Extension> {
    fields.sort_by(|a, b| (&a.namespace, &a.name).cmp(&(&b.namespace, &b.name)));
    fields
}

fn epc() -> impl Strategy<Value = Epc> {
    prop_oneof![
        "urn:epc:id:sgtin:0614141\\.[0-9]{6}\\.[A-Za-z0-9'()*+,.:;=!_-]{1,20}",
        "urn:epc:id:sscc:0614141\\.[0-9]{10}",
        "urn:epc:id:grai:0614141\\.[0-9]{5}\\.[0-9]{1,8}",
        "https://[a-z]{1,5}\\.example/[a-z]{1,5}",
    ]
    .prop_filter_map("an identifier", |text: String| Epc::from_uri(&text).ok())
}

fn quantities() -> impl Strategy<Value = Vec<QuantityElement>> {
    let class = "urn:epc:class:lgtin:0614141\\.[0-9]{6}\\.[A-Z0-9]{1,20}"
        .prop_filter_map("a class", |text: String| Epc::from_uri(&text).ok());
    let uom = prop::option::of("[A-Z]{3}");
    let element = (class, prop::option::of(number()), uom)
        .prop_map(|(epc_class, quantity, uom)| QuantityElement { epc_class, quantity, uom });
    prop::collection::vec(element, 0..3)
}

fn common() -> impl Strategy<Value = Common> {
    let time = (0_i64..4_000_000_000, 0..1_000_000_000_i32)
        .prop_filter_map("a time", |(second, nano)| Timestamp::new(second, nano).ok());
    let offset = (-840_i16..=840).prop_filter_map("an offset", Offset::from_minutes);
    let biz_step = prop::option::of(prop::sample::select(BizStep::ALL));
    let dispositions = || prop::collection::vec(prop::sample::select(Disposition::ALL), 1..3);
    let document = (prop::option::of(prop::sample::select(BizTransactionType::ALL)), text())
        .prop_filter_map("a document", |(kind, id)| {
            let id = id.trim().to_owned();
            (!id.is_empty()).then_some(BizTransaction { kind, id })
        });
    let report = (number(), any::<bool>()).prop_map(|(value, truth)| SensorReport {
        kind: Some("https://gs1.org/voc/Temperature".to_owned()),
        value: Some(value),
        boolean_value: Some(truth),
        ..SensorReport::default()
    });
    let sensors = prop::collection::vec(
        (prop::collection::vec(report, 1..3), extensions()).prop_map(|(reports, extensions)| {
            SensorElement { metadata: None, reports, extensions }
        }),
        0..2,
    );
    let what = (time, offset, biz_step, dispositions(), dispositions());
    (what, prop::collection::vec(document, 0..3), sensors, extensions(), prop::option::of(epc()))
        .prop_map(|(what, biz_transactions, sensor_elements, extensions, place)| {
            let (time, offset, biz_step, set, unset) = what;
            Common {
                biz_step,
                persistent_disposition: Some(PersistentDisposition { set, unset }),
                read_point: place.map(Into::into),
                biz_transactions,
                sensor_elements,
                extensions,
                ..Common::at(time, offset)
            }
        })
}

fn event() -> impl Strategy<Value = Event> {
    let epcs = || prop::collection::vec(epc(), 0..5);
    let action = prop::sample::select(vec![Action::Add, Action::Observe, Action::Delete]);
    (common(), action, epcs(), epcs(), quantities(), extensions(), 0..3_u8).prop_map(
        |(common, action, epcs, more, quantities, ilmd, kind)| match kind {
            0 => Event::Object(ObjectEvent {
                common,
                action,
                epc_list: epcs,
                quantity_list: quantities,
                ilmd,
            }),
            1 => Event::Aggregation(AggregationEvent {
                common,
                action,
                parent_id: more.into_iter().next(),
                child_epcs: epcs,
                child_quantity_list: quantities,
            }),
            _ => Event::Transformation(TransformationEvent {
                common,
                input_epcs: epcs,
                input_quantities: quantities,
                output_epcs: more,
                output_quantities: Vec::new(),
                transformation_id: None,
                ilmd,
            }),
        },
    )
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        exercise(&bytes);
    }

    #[test]
    fn arbitrary_bytes_after_a_good_beginning_never_panic(
        json in any::<bool>(),
        cut in 0..2_000_usize,
        bytes in prop::collection::vec(any::<u8>(), 0..50),
    ) {
        let start = if json { JSON } else { XML };
        let mut document = start.as_bytes()[..cut.min(start.len())].to_vec();
        document.extend(bytes);
        exercise(&document);
    }

    #[test]
    fn damaged_documents_never_panic(
        json in any::<bool>(),
        damage in prop::collection::vec((0..2_000_usize, "[ -~é]{0,3}"), 1..4),
    ) {
        let mut document = if json { JSON } else { XML }.to_owned();
        for (at, text) in damage {
            let at = at % document.len();
            document.replace_range(at..=at, &text);
            // Multi-byte text would make the next cut invalid.
            document.retain(|character| character.is_ascii());
        }
        exercise(document.as_bytes());
    }

    #[test]
    fn arbitrary_values_never_panic(name in "[a-zA-Z]{1,12}", value in "\\PC{0,40}") {
        for field in ["eventTime", "eventTimeZoneOffset", "action", "bizStep", "readPoint", &name] {
            let text = serde_json::to_string(&value).expect("a text");
            let json = JSON.replacen("\"epcList\"", &format!("{field:?}:{text},\"epcList\""), 1);
            exercise(json.as_bytes());
        }
    }

    #[test]
    fn every_event_survives_json_and_a_document(event in event()) {
        let json = to_json(&event);
        prop_assert_eq!(&event_from_json(&json).expect("an event"), &event, "{}", json);
        let mut document = Vec::new();
        let header = DocumentHeader::new(Timestamp::UNIX_EPOCH);
        write_document([&event].into_iter(), &header, &mut document).expect("a Vec takes all");
        let mut events = Vec::new();
        read(&document[..], &mut |event| {
            events.push(event.outcome.expect("a readable event").event);
            ControlFlow::Continue(())
        })
        .expect("a readable document");
        prop_assert_eq!(events, vec![event]);
    }

    #[test]
    fn a_hash_does_not_depend_on_order_or_on_when_it_was_recorded(event in event()) {
        let mut other = event.clone();
        let common = other.common_mut();
        common.record_time = Some(Timestamp::UNIX_EPOCH);
        common.event_id = Some("urn:uuid:374d95fc-9457-4a51-bd6a-0bba133845a8".to_owned());
        common.biz_transactions.reverse();
        common.sensor_elements.reverse();
        common.extensions.reverse();
        match &mut other {
            Event::Object(event) => {
                event.epc_list.reverse();
                event.quantity_list.reverse();
                event.ilmd.reverse();
            }
            Event::Aggregation(event) => event.child_epcs.reverse(),
            Event::Transformation(event) => event.input_epcs.reverse(),
            Event::Association(_) | Event::Transaction(_) => {}
        }
        prop_assert_eq!(event_hash(&other), event_hash(&event));
        other.common_mut().event_time += jiff::SignedDuration::from_secs(1);
        prop_assert_ne!(event_hash(&other), event_hash(&event));
    }
}
