//! Elements as the dark and light modules of a GS1 DataMatrix symbol.

use datamatrix::data::DataEncodingError;
use datamatrix::{DataMatrix, SymbolList};
use theriac_gs1::{Element, element_string};

/// A bar code symbol: its modules, without the quiet zone around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Symbol {
    width: usize,
    dark: Vec<bool>,
}

/// Why elements do not become a symbol.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EncodeError {
    /// No elements: there is nothing to draw.
    #[error("expected at least one element, found none")]
    Nothing,
    /// More data than the largest symbol holds (GS1 General Specifications, section 5.6).
    #[error("expected data that fits a DataMatrix symbol, found {bytes} bytes: leave out elements")]
    TooMuch {
        /// Length of the element string, in bytes.
        bytes: usize,
    },
}

impl Symbol {
    /// A GS1 DataMatrix symbol (ECC 200, FNC1 first), square, of the smallest size that holds them.
    ///
    /// # Errors
    ///
    /// [`EncodeError`].
    pub fn datamatrix(elements: &[Element]) -> Result<Self, EncodeError> {
        if elements.is_empty() {
            return Err(EncodeError::Nothing);
        }
        let text = element_string(elements);
        // FNC1 stands where a scanner transmits the symbology identifier.
        let data = text.strip_prefix("]d2").unwrap_or(&text).as_bytes();
        let sizes = SymbolList::default().enforce_square();
        let matrix = DataMatrix::encode_gs1(data, sizes).map_err(|error| match error {
            DataEncodingError::TooMuchOrIllegalData | DataEncodingError::SymbolListEmpty => {
                EncodeError::TooMuch { bytes: data.len() }
            }
        })?;
        let bitmap = matrix.bitmap();
        Ok(Self { width: bitmap.width(), dark: bitmap.bits().to_vec() })
    }

    /// Width, in modules.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// Height, in modules.
    #[must_use]
    pub fn height(&self) -> usize {
        self.dark.len() / self.width
    }

    /// Whether the module in this column and row, from the top left, is dark; none outside is.
    #[must_use]
    pub fn is_dark(&self, column: usize, row: usize) -> bool {
        column < self.width && row < self.height() && self.dark[row * self.width + column]
    }

    /// Runs of dark modules: first column, row, number of modules.
    pub(crate) fn runs(&self) -> impl Iterator<Item = (usize, usize, usize)> + '_ {
        self.dark.chunks(self.width).enumerate().flat_map(|(row, modules)| {
            let mut column = 0;
            modules.chunk_by(|a, b| a == b).filter_map(move |run| {
                let start = column;
                column += run.len();
                run[0].then_some((start, row, run.len()))
            })
        })
    }
}
