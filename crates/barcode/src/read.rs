//! Bar codes in a picture, as a scanner would transmit them.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use image::{GrayImage, ImageReader, Limits};
use rxing::{Exceptions, RXingResult, RXingResultMetadataType, RXingResultMetadataValue, helpers};

/// Most pixels of a picture that is searched: 50 megapixels, more than a telephone takes.
pub const PIXELS_MAX: u64 = 50_000_000;

/// Longest side of a picture, in pixels.
const SIDE_MAX: u32 = 20_000;

/// Most bytes that decoding a picture may take.
const DECODED_BYTES_MAX: u64 = 4 * PIXELS_MAX;

/// A bar code found in a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The kind of bar code, as `datamatrix`, `qrcode` or `code 128`.
    pub format: String,
    /// What a scanner would transmit: the symbology identifier where it is known, then the data.
    pub data: String,
}

/// Why no bar code was read from a picture.
#[derive(Debug, thiserror::Error)]
pub enum ReadImageError {
    /// Not a picture that can be read.
    #[error("expected a PNG or JPEG picture: {0}")]
    NotAPicture(#[from] image::ImageError),
    /// More pixels than are searched.
    #[error("expected a picture of at most {PIXELS_MAX} pixels, found {found}: make it smaller")]
    TooLarge {
        /// Pixels of the picture.
        found: u64,
    },
    /// A picture without a bar code that can be read.
    #[error(
        "expected a bar code in the picture, found none that can be read: take it sharp, straight \
         and with some white around the code"
    )]
    NoBarCode,
}

/// Finds and reads all bar codes in a PNG or JPEG picture: 2D codes and linear ones.
///
/// # Errors
///
/// [`ReadImageError`].
pub fn read_image(bytes: &[u8]) -> Result<Vec<Found>, ReadImageError> {
    let picture = decode(bytes)?;
    let found = search(&picture);
    if found.is_empty() { Err(ReadImageError::NoBarCode) } else { Ok(found) }
}

fn decode(bytes: &[u8]) -> Result<GrayImage, ReadImageError> {
    let reader = || -> Result<_, image::ImageError> {
        let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format()?;
        let mut limits = Limits::default();
        limits.max_image_width = Some(SIDE_MAX);
        limits.max_image_height = Some(SIDE_MAX);
        limits.max_alloc = Some(DECODED_BYTES_MAX);
        reader.limits(limits);
        Ok(reader)
    };
    let (width, height) = reader()?.into_dimensions()?;
    let pixels = u64::from(width) * u64::from(height);
    if pixels > PIXELS_MAX {
        return Err(ReadImageError::TooLarge { found: pixels });
    }
    Ok(reader()?.decode()?.into_luma8())
}

/// All codes at once; where that finds none, the one code that a more patient search finds.
fn search(picture: &GrayImage) -> Vec<Found> {
    let (width, height) = picture.dimensions();
    let luma = || picture.as_raw().clone();
    let all = guarded(|| helpers::detect_multiple_in_luma(luma(), width, height));
    let mut found: Vec<Found> = all.unwrap_or_default().iter().map(Found::from).collect();
    if found.is_empty() {
        let one = guarded(|| helpers::detect_in_luma_filtered(luma(), width, height, None));
        found.extend(one.iter().map(Found::from));
    }
    found.sort_by(|a, b| a.data.cmp(&b.data));
    found.dedup();
    found
}

/// The library's decoders work on whatever noise looks like a code; one that gives up by a panic has
/// found no code, and leaves nothing behind, as it owns all that it works on.
fn guarded<T>(search: impl FnOnce() -> Result<T, Exceptions>) -> Option<T> {
    catch_unwind(AssertUnwindSafe(search)).ok()?.ok()
}

impl From<&RXingResult> for Found {
    fn from(result: &RXingResult) -> Self {
        let identifier =
            result.getRXingResultMetadata().get(&RXingResultMetadataType::SYMBOLOGY_IDENTIFIER);
        let identifier = match identifier {
            Some(RXingResultMetadataValue::SymbologyIdentifier(identifier)) => identifier.as_str(),
            _ => "",
        };
        let format = result.getBarcodeFormat().to_string();
        Self { format, data: format!("{identifier}{}", result.getText()) }
    }
}
