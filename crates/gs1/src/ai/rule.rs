//! What a part of a value must obey besides its length and characters.
//!
//! The rules are those of the GS1 General Specifications, section 3, each AI's own paragraph. Each
//! takes a text whose characters and length are right already.

use super::check_pair::check_pair;
use super::code_list;
use super::coupon;
use super::iban;
use crate::check_digit::check_digit;
use crate::date;
use crate::percent;

/// A rule of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rule {
    /// The last digit is a check digit (section 7.9.1).
    CheckDigit,
    /// The last two characters are a check character pair (section 7.9.5).
    CheckPair,
    /// Starts with a company prefix, so with four digits at least (section 1.4.2).
    CompanyPrefix,
    /// Not digits alone.
    NonDigit,
    /// YYMMDD.
    Date,
    /// YYMMDD, where DD = 00 means the last day of the month.
    DateOrMonth,
    /// YYYYMMDD.
    LongDate,
    /// hhmm.
    HourMinute,
    /// 00 to 23.
    Hour,
    /// 00 to 59.
    Minute,
    /// 00 to 59.
    Second,
    /// Three digits of ISO 3166-1.
    Country,
    /// Three digits of ISO 3166-1, or 999 for several countries.
    CountryOrSeveral,
    /// Two letters of ISO 3166-1.
    CountryLetters,
    /// Three digits of ISO 4217.
    Currency,
    /// 0, 1, 2 or 9 (ISO/IEC 5218).
    Sex,
    /// Tenths of millionths of a degree north of the south pole.
    Latitude,
    /// Tenths of millionths of a degree east of the antimeridian.
    Longitude,
    /// Two hexadecimal digits after each percent sign.
    PercentEncoded,
    /// AIDC media type of ICCBBA.
    MediaType,
    /// Importer index: a character of CSET 64.
    ImporterIndex,
    /// Package type of the GS1 code list `PackageTypeCode`.
    PackageType,
    /// North American coupon (AI 8110).
    CouponCode,
    /// North American paperless coupon (AI 8112).
    CouponOffer,
    /// `p/t`, where 1 ≤ p ≤ t ≤ 9.
    PositionOfTotal,
    /// Two digits of the piece and two of the total: 1 ≤ piece ≤ total.
    PieceOfTotal,
    /// 0 outside, 1 inside, 9 unknown.
    Winding,
    /// 0 or 1.
    YesNo,
    /// The digit 0.
    Zero,
    /// Not zeros alone.
    NonZero,
    /// No 0 at the start.
    NoZeroPrefix,
    /// A minus sign.
    Minus,
    /// International Bank Account Number (ISO 13616).
    Iban,
    /// Padding signs at the end alone, two at most (RFC 4648, section 5).
    Padding,
}

impl Rule {
    /// What the rule asks for, for a message: "expected …".
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::CheckDigit => "a check digit",
            Self::CheckPair => "a check character pair",
            Self::CompanyPrefix => "a company prefix of four digits or more at the start",
            Self::NonDigit => "another character than digits",
            Self::Date => "a date YYMMDD",
            Self::DateOrMonth => "a date YYMMDD or a month YYMM00",
            Self::LongDate => "a date YYYYMMDD",
            Self::HourMinute => "a time hhmm",
            Self::Hour => "an hour 00 to 23",
            Self::Minute => "a minute 00 to 59",
            Self::Second => "a second 00 to 59",
            Self::Country => "a country of ISO 3166-1 in three digits",
            Self::CountryOrSeveral => "a country of ISO 3166-1 in three digits, or 999",
            Self::CountryLetters => "a country of ISO 3166-1 in two capital letters",
            Self::Currency => "a currency of ISO 4217 in three digits",
            Self::Sex => "0, 1, 2 or 9 of ISO/IEC 5218",
            Self::Latitude => "a latitude of at most 1800000000",
            Self::Longitude => "a longitude of at most 3600000000",
            Self::PercentEncoded => "two hexadecimal digits after each percent sign",
            Self::MediaType => "an AIDC media type 01 to 10 or 80 to 99",
            Self::ImporterIndex => "a letter, a digit, - or _ as importer index",
            Self::PackageType => "a code of the list PackageTypeCode",
            Self::CouponCode => "the data of a North American coupon",
            Self::CouponOffer => "the data of a North American paperless coupon",
            Self::PositionOfTotal => "a position and a total such as 1/3",
            Self::PieceOfTotal => "a piece of 01 or more that is no more than the total",
            Self::Winding => "0, 1 or 9 as winding direction",
            Self::YesNo => "0 or 1",
            Self::Zero => "the digit 0",
            Self::NonZero => "a number above zero",
            Self::NoZeroPrefix => "a number without a zero at its start",
            Self::Minus => "a minus sign",
            Self::Iban => "an IBAN with a right check number",
            Self::Padding => "padding signs = at the end alone, two at most",
        }
    }

    /// Whether the text obeys the rule.
    pub(super) fn holds(self, text: &str) -> bool {
        let bytes = text.as_bytes();
        match self {
            Self::CheckDigit => has_check_digit(text),
            Self::CheckPair => check_pair(text),
            Self::CompanyPrefix => bytes.len() >= 4 && bytes[..4].iter().all(u8::is_ascii_digit),
            Self::NonDigit => !bytes.iter().all(u8::is_ascii_digit),
            Self::Date => date::is_day(text),
            Self::DateOrMonth => date::is_day_or_month(text),
            Self::LongDate => date::is_long_day(text),
            Self::HourMinute => text < "2400" && text.get(2..).is_some_and(|minute| minute < "60"),
            Self::Hour => text < "24",
            Self::Minute | Self::Second => text < "60",
            Self::Country => code_list::is_country(text),
            Self::CountryOrSeveral => text == "999" || code_list::is_country(text),
            Self::CountryLetters => code_list::is_country_letters(text),
            Self::Currency => code_list::is_currency(text),
            Self::Sex => matches!(text, "0" | "1" | "2" | "9"),
            Self::Latitude => text <= "1800000000",
            Self::Longitude => text <= "3600000000",
            Self::PercentEncoded => percent::is_encoded(text),
            Self::MediaType => ("01"..="10").contains(&text) || ("80"..="99").contains(&text),
            Self::ImporterIndex => {
                bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(byte))
            }
            Self::PackageType => code_list::is_package_type(text),
            Self::CouponCode => coupon::is_coupon(text),
            Self::CouponOffer => coupon::is_offer(text),
            Self::PositionOfTotal => {
                matches!(bytes, [p @ b'1'..=b'9', b'/', t @ b'1'..=b'9'] if p <= t)
            }
            Self::PieceOfTotal => {
                let (piece, total) = text.split_at_checked(2).unwrap_or_default();
                "01" <= piece && piece <= total
            }
            Self::Winding => matches!(text, "0" | "1" | "9"),
            Self::YesNo => matches!(text, "0" | "1"),
            Self::Zero => text == "0",
            Self::NonZero => bytes.iter().any(|&byte| byte != b'0'),
            Self::NoZeroPrefix => bytes.first() != Some(&b'0'),
            Self::Minus => text == "-",
            Self::Iban => iban::is_iban(text),
            Self::Padding => {
                let data = text.trim_end_matches('=');
                text.len() - data.len() <= 2 && !data.contains('=')
            }
        }
    }
}

fn has_check_digit(text: &str) -> bool {
    let Some((digit, body)) = text.as_bytes().split_last() else { return false };
    let body = body.iter().fold(0u64, |sum, digit| sum * 10 + u64::from(digit - b'0'));
    check_digit(body) == digit - b'0'
}
