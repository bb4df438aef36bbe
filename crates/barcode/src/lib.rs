//! GS1 bar codes as pictures, and pictures of bar codes as scans.
//!
//! ```text
//!  elements ──> Symbol (GS1 DataMatrix, ECC 200) ──> svg, png, text
//!  PNG, JPEG ─> read_image ──> what a scanner would transmit, with its symbology identifier
//! ```
//!
//! # Invariants
//!
//! - What [`Symbol::datamatrix`] draws, [`read_image`] reads back as the same elements.
//! - No picture, however damaged or large, makes this crate panic or take memory without bound.
//!
//! ```
//! use theriac_barcode::{Symbol, png, read_image};
//!
//! let elements = theriac_gs1::read("(01)09506000134352(21)abc")?.elements;
//! let picture = png(&Symbol::datamatrix(&elements)?, 8)?;
//! assert_eq!(read_image(&picture)?[0].data, "]d2010950600013435221abc");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod picture;
mod read;
mod symbol;

pub use picture::{DrawError, MODULE_PIXELS_MAX, png, svg, text};
pub use read::{Found, PIXELS_MAX, ReadImageError, read_image};
pub use symbol::{EncodeError, Symbol};
