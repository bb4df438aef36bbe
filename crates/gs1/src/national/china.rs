//! China's code of a medicine pack, 20 digits that are no GS1 key.

use std::fmt;

use crate::scan;
use crate::text_form::serde_as_text;

/// A drug traceability code of China, verbatim: 20 digits.
///
/// By practice seven digits of product, nine of serial number and four that check them with a
/// secret; whoever is not its issuer can tell nothing from it, so it is never taken apart.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChinaCode(Box<str>);

/// A text that is not 20 digits.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected the 20 digits of a Chinese drug traceability code, found {found:?}")]
pub struct ChinaCodeError {
    /// The text, cut to 80 characters.
    pub found: Box<str>,
}

impl ChinaCode {
    /// The code that a scan is, when it is 20 digits and no GS1 code.
    ///
    /// The digits of an SSCC behind AI 00 are 20 as well; they are a GS1 code.
    #[must_use]
    pub fn recognise(scanned: &str) -> Option<Self> {
        let code: Self = scanned.trim_ascii().parse().ok()?;
        scan::read(code.as_str()).is_err().then_some(code)
    }

    /// The digits, verbatim.
    #[must_use]
    pub const fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for ChinaCode {
    type Err = ChinaCodeError;

    fn from_str(text: &str) -> Result<Self, ChinaCodeError> {
        match super::digits(text, 20) {
            Some(_) => Ok(Self(text.into())),
            None => Err(ChinaCodeError { found: text.chars().take(80).collect() }),
        }
    }
}

impl fmt::Display for ChinaCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for ChinaCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ChinaCode({})", self.0)
    }
}

serde_as_text!(ChinaCode);
