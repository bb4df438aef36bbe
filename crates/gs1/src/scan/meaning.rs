//! What the elements of a scan mean, as typed values.

use jiff::civil::Date;

use super::Scan;
use crate::ai::Ai;
use crate::date::{self, DateError};
use crate::identifier::{Identifier, Lgtin, Sgln, Sgtin};
use crate::key::{Gln, Gtin, Sscc};
use crate::serial::{GlnExtension, Lot, Serial};

impl Scan {
    /// The value of this AI, verbatim.
    #[must_use]
    pub fn value(&self, ai: Ai) -> Option<&str> {
        self.elements.iter().find(|element| element.ai == ai).map(|element| &*element.value)
    }

    /// The trade item, AI 01.
    #[must_use]
    pub fn gtin(&self) -> Option<Gtin> {
        self.value(Ai::GTIN)?.parse().ok()
    }

    /// The serial number, AI 21.
    #[must_use]
    pub fn serial(&self) -> Option<Serial> {
        self.value(Ai::SERIAL)?.parse().ok()
    }

    /// The lot number, AI 10.
    #[must_use]
    pub fn lot(&self) -> Option<Lot> {
        self.value(Ai::LOT)?.parse().ok()
    }

    /// The unit: AIs 01 and 21.
    #[must_use]
    pub fn sgtin(&self) -> Option<Sgtin> {
        Some(Sgtin { gtin: self.gtin()?, serial: self.serial()? })
    }

    /// The batch: AIs 01 and 10.
    #[must_use]
    pub fn lgtin(&self) -> Option<Lgtin> {
        Some(Lgtin { gtin: self.gtin()?, lot: self.lot()? })
    }

    /// The logistic unit, AI 00.
    #[must_use]
    pub fn sscc(&self) -> Option<Sscc> {
        self.value(Ai::SSCC)?.parse().ok()
    }

    /// The place: AI 414, with the extension of AI 254 unless that is `0`.
    #[must_use]
    pub fn sgln(&self) -> Option<Sgln> {
        let gln = self.value(Ai::LOCATION)?.parse().ok()?;
        let extension = self.value(Ai::GLN_EXTENSION).filter(|&extension| extension != "0");
        let extension = extension.and_then(|text| text.parse::<GlnExtension>().ok());
        Some(Sgln { gln, extension })
    }

    /// The party, AI 417.
    #[must_use]
    pub fn pgln(&self) -> Option<Gln> {
        self.value(Ai::PARTY)?.parse().ok()
    }

    /// The expiry date, AI 17; day `00` is the last of the month. `None` when the code has none.
    ///
    /// # Errors
    ///
    /// [`DateError`] when the scan was made by hand with a value that is no date; never of a
    /// scan that was [read](super::read).
    pub fn expiry(&self, current_year: i16) -> Result<Option<Date>, DateError> {
        self.value(Ai::EXPIRY).map(|text| date::yymmdd(text, current_year)).transpose()
    }

    /// What the code names: see [`Identifier::from_elements`]. `None` when it has no key.
    #[must_use]
    pub fn identifier(&self) -> Option<Identifier> {
        Identifier::from_elements(&self.elements)
    }
}
