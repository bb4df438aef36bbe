//! Places.

use crate::key::Gln;
use crate::serial::GlnExtension;

/// One place: GLN and optional extension.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sgln {
    /// The location.
    pub gln: Gln,
    /// A place inside it. An extension `0` means none (TDS, section 7.3) and is read as `None`.
    pub extension: Option<GlnExtension>,
}
