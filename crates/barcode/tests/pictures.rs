//! Symbols are drawn and read back; pictures that hold none are errors.

use proptest::prelude::*;
use theriac_barcode::{EncodeError, ReadImageError, Symbol, png, read_image, svg, text};
use theriac_gs1::{Element, element_string};

fn elements(code: &str) -> Vec<Element> {
    theriac_gs1::read(code).expect("the codes of these tests are right").elements
}

#[test]
fn a_pack_is_drawn_and_read_back() {
    let elements = elements("(01)09506000134352(17)271231(10)L-1/2(21)a%b(c");
    let picture = png(&Symbol::datamatrix(&elements).unwrap(), 5).unwrap();
    let found = read_image(&picture).unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].data, element_string(&elements));
    assert_eq!(theriac_gs1::read(&found[0].data).unwrap().elements.len(), 4);
}

#[test]
fn every_module_of_the_svg_and_the_text_is_that_of_the_symbol() {
    let symbol = Symbol::datamatrix(&elements("(00)095060001343520000")).unwrap();
    let dark = (0..symbol.height())
        .flat_map(|row| (0..symbol.width()).map(move |column| (column, row)))
        .filter(|&(column, row)| symbol.is_dark(column, row))
        .count();
    let drawn: usize = svg(&symbol)
        .split("v1h-")
        .skip(1)
        .filter_map(|rest| rest.split_once('z')?.0.parse::<usize>().ok())
        .sum();
    assert_eq!(drawn, dark);
    assert_eq!(text(&symbol).lines().count(), (symbol.height() + 4).div_ceil(2));
}

#[test]
fn what_cannot_be_drawn_is_told() {
    assert_eq!(Symbol::datamatrix(&[]), Err(EncodeError::Nothing));
    let long = "x".repeat(90);
    let many: Vec<Element> = (91..=99)
        .cycle()
        .take(40)
        .map(|ai: u8| Element::new(ai.to_string().parse().unwrap(), long.as_str()).unwrap())
        .collect();
    assert!(matches!(Symbol::datamatrix(&many), Err(EncodeError::TooMuch { .. })));
    let symbol = Symbol::datamatrix(&elements("(00)095060001343520000")).unwrap();
    assert!(png(&symbol, 0).is_err() && png(&symbol, 65).is_err());
}

#[test]
fn what_is_no_picture_of_a_bar_code_is_told() {
    assert!(matches!(read_image(b""), Err(ReadImageError::NotAPicture(_))));
    assert!(matches!(read_image(b"<svg/>"), Err(ReadImageError::NotAPicture(_))));
    let blank = image::GrayImage::from_pixel(60, 60, image::Luma([255]));
    let mut bytes = std::io::Cursor::new(Vec::new());
    blank.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    assert!(matches!(read_image(bytes.get_ref()), Err(ReadImageError::NoBarCode)));
}

#[test]
fn a_picture_that_announces_too_many_pixels_is_refused() {
    let symbol = Symbol::datamatrix(&elements("(00)095060001343520000")).unwrap();
    let mut picture = png(&symbol, 2).unwrap();
    // Width and height stand in the first chunk, after the signature.
    picture[16..24].copy_from_slice(&[0, 0, 0x4e, 0x20, 0, 0, 0x4e, 0x20]);
    assert!(read_image(&picture).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_pack_comes_back(serial in "[!%-?A-Z_a-z]{1,20}", lot in "[!%-?A-Z_a-z]{1,20}", pixels in 2u32..7) {
        let elements = [
            Element::new("01".parse().unwrap(), "09506000134352").unwrap(),
            Element::new("10".parse().unwrap(), lot).unwrap(),
            Element::new("21".parse().unwrap(), serial).unwrap(),
        ];
        let picture = png(&Symbol::datamatrix(&elements).unwrap(), pixels).unwrap();
        let found = read_image(&picture).unwrap();
        prop_assert_eq!(&found[0].data, &element_string(&elements));
    }

    #[test]
    fn damaged_pictures_never_panic(at in 0usize..4000, byte in any::<u8>()) {
        let symbol = Symbol::datamatrix(&elements("(01)09506000134352(21)abc")).unwrap();
        let mut picture = png(&symbol, 3).unwrap();
        let at = at % picture.len();
        picture[at] = byte;
        let _ = read_image(&picture);
    }
}
