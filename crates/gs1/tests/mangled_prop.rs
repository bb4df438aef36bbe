//! Properties of mangled codes: the reading is the original or an error that explains, never
//! another code without a doubt told.

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use theriac_gs1::{
    Ai, CANONICAL_STEM, Element, Expected, GS, Gtin, KeyboardLayout, Reading, ScanError,
    ScanRepair, Symbology, bracketed, digital_link, element_string, read, read_tolerant,
    read_tolerant_expecting, scan_data,
};

/// 1 to `most` characters of CSET 82, of kinds that occur on packs.
fn text(most: usize) -> impl Strategy<Value = String> {
    let of = |characters: &str| {
        let pattern = format!("[{characters}]{{1,{most}}}");
        proptest::string::string_regex(&pattern).expect("a pattern")
    };
    prop_oneof![
        4 => of("0-9A-Z"),
        2 => of("0-9"),
        1 => of("0-9a-z"),
        2 => of("!\"%&'()*+,\\-./0-9:;<=>?A-Z_a-z"),
    ]
}

fn day() -> impl Strategy<Value = String> {
    (0u8..100, 1u8..=12, 0u8..=28).prop_map(|(yy, month, day)| format!("{yy:02}{month:02}{day:02}"))
}

/// The elements of a pack, the GTIN first, others in any order.
fn pack() -> impl Strategy<Value = Vec<Element>> {
    let gtin = (0..10u64.pow(13)).prop_map(|body| Gtin::from_body(body).expect("13 digits"));
    let element = |ai: &'static str, value: BoxedStrategy<String>| {
        value.prop_map(move |value| Element::new(ai.parse().expect("an AI"), value).expect(ai))
    };
    let others = (
        proptest::option::of(element("17", day().boxed())),
        proptest::option::of(element("10", text(20).boxed())),
        proptest::option::of(element("21", text(20).boxed())),
        proptest::option::of(element("710", text(12).boxed())),
        proptest::option::of(element("240", text(30).boxed())),
    );
    let others = others.prop_map(|(a, b, c, d, e)| [a, b, c, d, e].into_iter().flatten().collect());
    (gtin, others.prop_flat_map(|others: Vec<Element>| Just(others).prop_shuffle())).prop_map(
        |(gtin, others)| {
            let gtin = Element::new(Ai::GTIN, gtin.to_string()).expect("a GTIN");
            std::iter::once(gtin).chain(others).collect()
        },
    )
}

fn symbology() -> impl Strategy<Value = Symbology> {
    prop::sample::select(vec![
        Symbology::Gs1DataMatrix,
        Symbology::Gs1Code128,
        Symbology::Gs1QrCode,
        Symbology::Gs1DataBar,
        Symbology::Gs1DotCode,
    ])
}

/// What a scanner transmits for the elements.
fn code(symbology: Symbology, elements: &[Element]) -> String {
    scan_data(symbology, elements, &[]).expect("elements of a pack")
}

/// The reading is the original, an error that explains, or in doubt.
fn original_or_told(
    reading: Result<Reading, ScanError>,
    elements: &[Element],
) -> Result<(), TestCaseError> {
    match reading {
        Ok(Reading { scan, doubts, .. }) => {
            prop_assert!(scan.elements == elements || !doubts.is_empty(), "read {scan:?}");
        }
        Err(error) => prop_assert!(!error.hint().is_empty() && !error.to_string().is_empty()),
    }
    Ok(())
}

/// The reading is the original or an error that explains.
fn original_or_error(
    reading: Result<Reading, ScanError>,
    elements: &[Element],
) -> Result<(), TestCaseError> {
    match reading {
        Ok(reading) => prop_assert_eq!(&reading.scan.elements, elements, "{:?}", reading.repairs),
        Err(error) => prop_assert!(!error.hint().is_empty() && !error.to_string().is_empty()),
    }
    Ok(())
}

fn swapped(text: &str) -> String {
    let swap = |c: char| {
        if c.is_ascii_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() }
    };
    text.chars().map(swap).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn what_is_whole_is_not_changed(elements in pack(), symbology in symbology()) {
        let text = code(symbology, &elements);
        let reading = read_tolerant(&text)?;
        prop_assert!(reading.repairs.is_empty());
        prop_assert_eq!(&reading.scan, &read(&text)?);
        prop_assert_eq!(&reading.scan.elements, &elements);
    }

    #[test]
    fn caps_lock(elements in pack(), symbology in symbology()) {
        original_or_error(read_tolerant(&swapped(&code(symbology, &elements))), &elements)?;
    }

    #[test]
    fn letters_of_one_case(elements in pack(), symbology in symbology()) {
        let text = code(symbology, &elements);
        // A lower case ]d2 or ]e0, or an upper case ]C1, does not show the change.
        let upper = matches!(symbology, Symbology::Gs1DataMatrix | Symbology::Gs1DataBar);
        let text = if upper { text.to_ascii_uppercase() } else { text.to_ascii_lowercase() };
        original_or_error(read_tolerant(&text), &elements)?;
    }

    #[test]
    fn lost_separators(elements in pack(), symbology in symbology(), identifier in any::<bool>()) {
        let text = code(symbology, &elements).replace(GS, "");
        original_or_told(read_tolerant(if identifier { &text } else { &text[3..] }), &elements)?;
    }

    #[test]
    fn a_repair_of_lost_separators_is_right(elements in pack()) {
        let text = code(Symbology::Gs1DataMatrix, &elements).replace(GS, "");
        if let Ok(reading) = read_tolerant(&text)
            && !reading.repairs.is_empty()
        {
            prop_assert_eq!(reading.scan.elements, elements);
        }
    }

    #[test]
    fn lost_separators_of_expected_elements(elements in pack(), extra in any::<bool>()) {
        let text = code(Symbology::Gs1DataMatrix, &elements).replace(GS, "");
        let must: Vec<Ai> = elements.iter().map(|element| element.ai).collect();
        let may = if extra { vec!["91".parse()?] } else { Vec::new() };
        let expected = Expected { must: &must, may: &may, layout: None };
        original_or_told(read_tolerant_expecting(&text, expected), &elements)?;
    }

    #[test]
    fn replaced_separators(
        elements in pack(), symbology in symbology(),
        by in prop::sample::select(vec![
            "|", "]", "#", "~", "@", " ", "\u{1E}", "\t", "↔", "^]", "\u{FFFD}", "?", "-", "%", "§", "ü",
        ]),
    ) {
        let text = code(symbology, &elements).replace(GS, by);
        original_or_told(read_tolerant(&text), &elements)?;
    }

    #[test]
    fn a_known_keyboard_layout_leaves_one_reading(
        elements in pack(), layout in prop::sample::select(KeyboardLayout::ALL.to_vec()),
    ) {
        let text = layout.typed(&code(Symbology::Gs1DataMatrix, &elements));
        let expected = Expected { layout: Some(layout), ..Expected::default() };
        prop_assert_eq!(read_tolerant_expecting(&text, expected)?.scan.elements, elements);
    }

    #[test]
    fn other_keyboard_layouts(
        elements in pack(), symbology in symbology(),
        layout in prop::sample::select(KeyboardLayout::ALL.to_vec()), lost in any::<bool>(),
    ) {
        let text = layout.typed(&code(symbology, &elements));
        if lost {
            original_or_told(read_tolerant(&text.replace(GS, "")), &elements)?;
        } else {
            original_or_error(read_tolerant(&text), &elements)?;
        }
    }

    #[test]
    fn what_stands_around(
        elements in pack(), symbology in symbology(),
        before in "[\u{2}\u{FEFF}\u{A0} ]{0,3}", after in "[\r\n\u{3}\u{4}\u{200B}]{0,3}",
    ) {
        let reading = read_tolerant(&format!("{before}{}{after}", code(symbology, &elements)))?;
        prop_assert_eq!(&reading.scan.elements, &elements);
        let ends = |repair: &ScanRepair| matches!(repair, ScanRepair::EndsDropped { .. });
        prop_assert!(reading.repairs.iter().all(ends));
    }

    #[test]
    fn spaces_inside(elements in pack(), at in proptest::collection::vec(any::<prop::sample::Index>(), 1..4)) {
        let mut text = bracketed(&elements);
        for index in at {
            let boundary = index.index(text.len() + 1);
            // Between a backslash and the bracket that it escapes a space is no space of a person.
            if !text[..boundary].ends_with('\\') {
                text.insert(boundary, ' ');
            }
        }
        original_or_error(read_tolerant(&text), &elements)?;
    }

    #[test]
    fn links_read_back(elements in pack()) {
        let link = digital_link(&elements, CANONICAL_STEM)?;
        let mut back = read(&link)?.elements;
        let mut elements = elements;
        back.sort();
        elements.sort();
        prop_assert_eq!(back, elements);
    }

    #[test]
    fn any_change_of_a_code_is_read_without_panic(
        elements in pack(), symbology in symbology(), at in any::<prop::sample::Index>(), new in any::<String>(),
    ) {
        let mut text = code(symbology, &elements);
        let at = at.index(text.len());
        text.replace_range(at..at + 1, &new);
        match read_tolerant(&text) {
            Ok(reading) => prop_assert!(read(&element_string(&reading.scan.elements)).is_ok()),
            Err(error) => prop_assert!(error.offset <= text.len() && !error.hint().is_empty()),
        }
    }

    #[test]
    fn any_text_is_read_without_panic(text in any::<String>()) {
        let _ = read_tolerant(&text);
        for layout in KeyboardLayout::ALL {
            let _ = layout.meant(&layout.typed(&text));
        }
    }
}

/// How many of 1,000 medicines, mangled in one way, read as the original; none reads as another.
#[test]
#[allow(clippy::print_stderr)]
fn how_many_are_repaired() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let serial = proptest::string::string_regex("[0-9A-Z]{12}").expect("a pattern");
    let lot = proptest::string::string_regex("[0-9A-Z]{6}").expect("a pattern");
    let parts = (0..10u64.pow(13), serial, day(), lot);
    let medicine = Expected {
        must: &[Ai::GTIN, Ai::SERIAL, Ai::EXPIRY, Ai::LOT],
        layout: Some(KeyboardLayout::German),
        ..Expected::default()
    };
    let (mut caps_lock, mut german, mut german_known, mut lost, mut lost_known) = (0, 0, 0, 0, 0);
    for _ in 0..1000 {
        let (body, serial, day, lot) = parts.new_tree(&mut runner).expect("a value").current();
        let gtin = Gtin::from_body(body).expect("13 digits").to_string();
        let element = |ai, value| Element::new(ai, value).expect("right");
        let elements = [
            element(Ai::GTIN, gtin),
            element(Ai::SERIAL, serial),
            element(Ai::EXPIRY, day),
            element(Ai::LOT, lot),
        ];
        let text = code(Symbology::Gs1DataMatrix, &elements);
        let reads = |reading: Result<Reading, ScanError>| {
            let read = reading.is_ok_and(|reading| {
                assert_eq!(reading.scan.elements, elements, "{:?}", reading.repairs);
                true
            });
            u32::from(read)
        };
        let typed = KeyboardLayout::German.typed(&text);
        caps_lock += reads(read_tolerant(&swapped(&text)));
        german += reads(read_tolerant(&typed));
        german_known += reads(read_tolerant_expecting(&typed, medicine));
        lost += reads(read_tolerant(&text.replace(GS, "")));
        lost_known += reads(read_tolerant_expecting(&text.replace(GS, ""), medicine));
    }
    eprintln!(
        "of 1000 repaired: caps lock {caps_lock}, German keyboard {german} and {german_known} when \
         it is known, lost separator {lost} and {lost_known} when the elements are known"
    );
    assert_eq!((caps_lock, german_known), (1000, 1000));
    assert!(german > 300 && lost_known > 600, "{german} {lost_known}");
}
