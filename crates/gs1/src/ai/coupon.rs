//! Coupons of North America, AIs 8110 and 8112: digits whose fields tell their own length (North
//! American Coupon Application Guideline Using GS1 DataBar Expanded Symbols).

use crate::date::is_day;

/// Whether the text is a coupon code: company, offer, save value, first purchase, and then each
/// of the optional fields 1 to 6 and 9 at most once and in this order.
pub(super) fn is_coupon(text: &str) -> bool {
    Fields(text).coupon().is_some_and(|rest| rest.is_empty())
}

/// Whether the text is a paperless coupon: format, funder, offer, serial number.
pub(super) fn is_offer(text: &str) -> bool {
    Fields(text).offer().is_some_and(|rest| rest.is_empty())
}

/// What is left to read of the digits.
struct Fields<'a>(&'a str);

impl<'a> Fields<'a> {
    fn coupon(mut self) -> Option<&'a str> {
        self.company(b'0'..=b'6')?;
        self.take(6)?;
        self.sized(b'1'..=b'5', 0)?;
        self.purchase()?;
        if self.option(b'1') {
            self.one_of("0123")?;
            self.purchase()?;
            self.other_company()?;
        }
        if self.option(b'2') {
            self.purchase()?;
            self.other_company()?;
        }
        let expiry = if self.option(b'3') { Some(self.date()?) } else { None };
        if self.option(b'4') {
            let start = self.date()?;
            if expiry.is_some_and(|expiry| start > expiry) {
                return None;
            }
        }
        if self.option(b'5') {
            self.sized(b'0'..=b'9', 6)?;
        }
        if self.option(b'6') {
            self.company(b'1'..=b'7')?;
        }
        if self.option(b'9') {
            self.one_of("01256")?;
            self.one_of("012")?;
            self.one_of("0123456789")?;
            self.one_of("01")?;
        }
        Some(self.0)
    }

    fn offer(mut self) -> Option<&'a str> {
        self.one_of("01")?;
        self.company(b'0'..=b'6')?;
        self.take(6)?;
        self.sized(b'0'..=b'9', 6)?;
        Some(self.0)
    }

    /// A purchase: requirement with its length, code of the requirement, family. The first
    /// purchase has them in the same order as the others.
    fn purchase(&mut self) -> Option<()> {
        self.sized(b'1'..=b'5', 0)?;
        self.one_of("012349")?;
        self.take(3).map(|_| ())
    }

    /// The company of another purchase; 9 stands for the company of the coupon.
    fn other_company(&mut self) -> Option<()> {
        if self.0.starts_with('9') { self.take(1).map(|_| ()) } else { self.company(b'0'..=b'6') }
    }

    /// A company prefix after the number of its digits beyond six.
    fn company(&mut self, lengths: std::ops::RangeInclusive<u8>) -> Option<()> {
        self.sized(lengths, 6)
    }

    /// A field after a digit that tells how many digits it has beyond `least`.
    fn sized(&mut self, lengths: std::ops::RangeInclusive<u8>, least: u8) -> Option<()> {
        let length = self.take(1)?.bytes().next().filter(|digit| lengths.contains(digit))?;
        self.take(usize::from(length - b'0' + least)).map(|_| ())
    }

    fn date(&mut self) -> Option<&'a str> {
        self.take(6).filter(|date| is_day(date))
    }

    /// Whether the optional field starts here; then past its number.
    fn option(&mut self, number: u8) -> bool {
        let starts = self.0.as_bytes().first() == Some(&number);
        if starts {
            self.0 = &self.0[1..];
        }
        starts
    }

    fn one_of(&mut self, digits: &str) -> Option<()> {
        self.take(1).filter(|digit| digits.contains(digit)).map(|_| ())
    }

    fn take(&mut self, length: usize) -> Option<&'a str> {
        let (field, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        field.bytes().all(|byte| byte.is_ascii_digit()).then_some(field)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coupons_of_the_guideline() {
        for code in [
            "10614141011111275110111",
            "106141410222223100110222111101231023456721104561045678991201",
            "1061414165432131501101201211014092110256100126663101231",
            "106141410012471011076011110850921108609310123191000",
            "106141416543213500110000310123196000",
        ] {
            assert!(is_coupon(code), "{code}");
            assert!(!is_coupon(&code[..code.len() - 1]), "cut: {code}");
        }
        assert!(is_coupon("01234561234561111012335006064500606"), "starts on its last day");
        assert!(!is_coupon("01234561234561111012335006064500607"), "starts after its last day");
        assert!(!is_coupon("01234561234561111012333991301"), "no such month");
        assert!(!is_coupon("") && !is_coupon("7") && !is_coupon("é"));
    }

    #[test]
    fn paperless_coupons() {
        assert!(is_offer("001234561234560123456"));
        assert!(!is_offer("201234561234560123456"), "a format of 2");
        assert!(!is_offer("0012345612345601234567"), "a digit too many");
    }
}
