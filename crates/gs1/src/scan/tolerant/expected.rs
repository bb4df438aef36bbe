//! What is known of a code before it is read.

use crate::ai::Ai;
use crate::element::Element;
use crate::scan::keyboard::KeyboardLayout;

/// What is known of a code before it is read, so that fewer readings of a mangled one are possible.
///
/// Nothing is known of the [`Default`].
///
/// ```
/// # use theriac_gs1::{Ai, Expected, read_tolerant_expecting};
/// // The unique identifier of a medicine in the European Union; a national number may follow.
/// let medicine = Expected {
///     must: &[Ai::GTIN, Ai::SERIAL, Ai::LOT, Ai::EXPIRY],
///     ..Expected::default()
/// };
/// let code = "]d20109506000134352211234567890121727123110LOT7";
/// let reading = read_tolerant_expecting(code, medicine)?;
/// assert_eq!(reading.scan.serial().map(|s| s.to_string()).as_deref(), Some("123456789012"));
/// # Ok::<(), theriac_gs1::ScanError>(())
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Expected<'a> {
    /// AIs that the code has; none when they are not known.
    pub must: &'a [Ai],
    /// AIs that it may have besides those that it must have; without such, any other.
    pub may: &'a [Ai],
    /// The layout of the computer's keyboard, when the scanner types.
    pub layout: Option<KeyboardLayout>,
}

impl Expected<'_> {
    /// Whether these may be the elements; always when nothing is known of them.
    pub(in crate::scan) fn fits(&self, elements: &[Element]) -> bool {
        let has = |ai: &Ai| elements.iter().any(|element| element.ai == *ai);
        let known =
            |element: &Element| self.must.contains(&element.ai) || self.may.contains(&element.ai);
        self.must.is_empty() || self.must.iter().all(has) && elements.iter().all(known)
    }
}
