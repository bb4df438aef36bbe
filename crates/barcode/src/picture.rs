//! A symbol as a picture: SVG for print, PNG for screens, text for a terminal.

use std::fmt::Write;
use std::io::Cursor;

use image::{GrayImage, ImageFormat, Luma};

use crate::symbol::Symbol;

/// Light modules around the symbol; the least is 1 (ISO/IEC 16022), 2 forgives a rough print.
const QUIET_ZONE: usize = 2;

/// Most pixels a side for one module of a PNG.
pub const MODULE_PIXELS_MAX: u32 = 64;

/// Why a symbol cannot be drawn.
#[derive(Debug, thiserror::Error)]
pub enum DrawError {
    /// A module of no pixels, or of very many.
    #[error("expected 1 to {MODULE_PIXELS_MAX} pixels for a module, found {found}")]
    ModulePixels {
        /// The number found.
        found: u32,
    },
    /// The picture could not be written.
    #[error("cannot write the picture: {0}")]
    Image(#[from] image::ImageError),
}

/// The symbol as an SVG document, one unit for each module, with its quiet zone.
#[must_use]
pub fn svg(symbol: &Symbol) -> String {
    let (width, height) = (symbol.width() + 2 * QUIET_ZONE, symbol.height() + 2 * QUIET_ZONE);
    let mut path = String::new();
    for (column, row, modules) in symbol.runs() {
        let (x, y) = (column + QUIET_ZONE, row + QUIET_ZONE);
        // Writing to a String never fails.
        let _ = write!(path, "M{x} {y}h{modules}v1h-{modules}z");
    }
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
         shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h{width}v{height}H0z\"/>\
         <path d=\"{path}\"/></svg>\n"
    )
}

/// The symbol as a PNG, `module_pixels` a side for each module, with its quiet zone.
///
/// # Errors
///
/// [`DrawError`].
pub fn png(symbol: &Symbol, module_pixels: u32) -> Result<Vec<u8>, DrawError> {
    if !(1..=MODULE_PIXELS_MAX).contains(&module_pixels) {
        return Err(DrawError::ModulePixels { found: module_pixels });
    }
    let quiet = QUIET_ZONE as u32;
    // A DataMatrix symbol has at most 144 modules a side.
    let side = |modules: usize| (modules as u32 + 2 * quiet) * module_pixels;
    let (width, height) = (side(symbol.width()), side(symbol.height()));
    let picture = GrayImage::from_fn(width, height, |x, y| {
        let module = |pixel: u32| (pixel / module_pixels).checked_sub(quiet).map(|m| m as usize);
        let dark = module(x).zip(module(y)).is_some_and(|(x, y)| symbol.is_dark(x, y));
        Luma([if dark { 0 } else { u8::MAX }])
    });
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png)?;
    Ok(bytes.into_inner())
}

/// The symbol in half blocks, for a terminal with light text on a dark ground.
#[must_use]
pub fn text(symbol: &Symbol) -> String {
    let light = |column: usize, row: usize| {
        let module = |n: usize| n.checked_sub(QUIET_ZONE).unwrap_or(usize::MAX);
        !symbol.is_dark(module(column), module(row))
    };
    let mut text = String::new();
    for row in (0..symbol.height() + 2 * QUIET_ZONE).step_by(2) {
        for column in 0..symbol.width() + 2 * QUIET_ZONE {
            text.push(match (light(column, row), light(column, row + 1)) {
                (true, true) => '█',
                (true, false) => '▀',
                (false, true) => '▄',
                (false, false) => ' ',
            });
        }
        text.push('\n');
    }
    text
}
