//! What is printed on a pack, as the forms in which people and machines hand it on.

use jiff::civil::Date;
use theriac_gs1::{Ai, Element, Lot, Sgtin, bracketed, element_string};

use crate::company::epc;

/// The four data elements that regulations ask for on a pack (Delegated Regulation (EU) 2016/161,
/// article 4; US DSCSA, section 581(14)).
#[derive(Debug, Clone)]
pub(crate) struct Label {
    /// (01) and (21).
    pub(crate) id: Sgtin,
    /// (10).
    pub(crate) lot: Lot,
    /// (17).
    pub(crate) expiry: Date,
}

impl Label {
    /// What a scanner sends for a GS1 DataMatrix: symbology identifier `]d2`, then the element
    /// string with GS after the serial number.
    pub(crate) fn raw_scan(&self) -> String {
        element_string(&self.elements())
    }

    /// As people write and read it.
    pub(crate) fn bracketed(&self) -> String {
        bracketed(&self.elements())
    }

    /// What a telephone reads: a GS1 Digital Link with lot in its path and expiry in its query.
    pub(crate) fn digital_link(&self) -> String {
        let Sgtin { gtin, serial } = &self.id;
        let (serial, lot, expiry) = (serial.as_str(), self.lot.as_str(), self.yymmdd());
        format!("https://id.gs1.org/01/{gtin}/10/{lot}/21/{serial}?17={expiry}")
    }

    /// What a system of EPCIS 1.x sends; it carries neither lot nor expiry.
    pub(crate) fn urn(&self) -> String {
        epc(self.id.clone()).urn().expect("a URN, because the company prefix is known")
    }

    fn elements(&self) -> [Element; 4] {
        let Sgtin { gtin, serial } = &self.id;
        [
            (Ai::GTIN, gtin.to_string()),
            (Ai::SERIAL, serial.to_string()),
            (Ai::EXPIRY, self.yymmdd()),
            (Ai::LOT, self.lot.to_string()),
        ]
        .map(|(ai, value)| Element::new(ai, value).expect("an element, because its value is typed"))
    }

    fn yymmdd(&self) -> String {
        theriac_gs1::date::to_yymmdd(self.expiry)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn one_label_in_four_forms() {
        let id = "https://id.gs1.org/01/09521124000017/21/AB12".parse().expect("an SGTIN");
        let lot = "TH4A07".parse().expect("a lot");
        let label = Label { id, lot, expiry: date(2029, 1, 31) };
        assert_eq!(label.raw_scan(), "]d201095211240000171729013121AB12\u{1d}10TH4A07");
        assert_eq!(label.bracketed(), "(01)09521124000017(21)AB12(17)290131(10)TH4A07");
        assert_eq!(
            label.digital_link(),
            "https://id.gs1.org/01/09521124000017/10/TH4A07/21/AB12?17=290131"
        );
        assert_eq!(label.urn(), "urn:epc:id:sgtin:9521124.000001.AB12");
    }
}
