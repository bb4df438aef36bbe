//! Plain values of XML: their lexical forms (XML Schema part 2).

/// A type of plain values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::judge) enum Simple {
    /// Any text.
    String,
    /// `xsd:anyURI`; XML Schema lets any text be one.
    Uri,
    /// `xsd:dateTime`.
    Time,
    /// The `DateTimeStamp` of EPCIS 2.0: a time with four digits of year and an offset.
    Stamp,
    Date,
    Decimal,
    Integer,
    /// 32 bits.
    Int,
    Double,
    Boolean,
    Hex,
    /// One of a few words.
    OneOf(&'static [&'static str]),
}

impl Simple {
    /// The type of this name in the tables.
    pub(in crate::judge) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "string" => Self::String,
            "uri" => Self::Uri,
            "time" => Self::Time,
            "stamp" => Self::Stamp,
            "decimal" => Self::Decimal,
            "integer" => Self::Integer,
            "int" => Self::Int,
            "double" => Self::Double,
            "boolean" => Self::Boolean,
            "hex" => Self::Hex,
            "action" => Self::OneOf(&["ADD", "OBSERVE", "DELETE"]),
            "behaviour" => Self::OneOf(&["rollback", "proceed"]),
            "severity" => Self::OneOf(&["ERROR", "SEVERE"]),
            _ => return None,
        })
    }

    /// The type of this name of XML Schema, for `xsi:type`.
    pub(in crate::judge) fn of_xml_schema(name: &str) -> Option<Self> {
        Some(match name {
            "dateTime" => Self::Time,
            "date" => Self::Date,
            "decimal" => Self::Decimal,
            "integer" | "long" | "nonNegativeInteger" | "positiveInteger" | "negativeInteger"
            | "nonPositiveInteger" | "unsignedLong" | "unsignedInt" => Self::Integer,
            "int" | "short" | "byte" | "unsignedShort" | "unsignedByte" => Self::Int,
            "double" | "float" => Self::Double,
            "boolean" => Self::Boolean,
            "hexBinary" => Self::Hex,
            "anyURI" => Self::Uri,
            "string" | "normalizedString" | "token" | "language" | "NMTOKEN" | "Name"
            | "NCName" | "ID" | "IDREF" | "QName" | "base64Binary" | "duration" | "time"
            | "gYear" | "gYearMonth" | "gMonth" | "gMonthDay" | "gDay" | "anySimpleType" => {
                Self::String
            }
            _ => return None,
        })
    }

    /// What the type expects, when the text is none of it.
    pub(in crate::judge) fn refuse(self, text: &str) -> Option<String> {
        // All types but text collapse white space; words are text and keep it.
        let value = text.trim_matches([' ', '\t', '\r', '\n']);
        let right = match self {
            Self::String | Self::Uri => true,
            Self::Time => is_time(value),
            Self::Stamp => is_time(value) && is_stamp(value),
            Self::Date => is_date(value.get(..10).unwrap_or_default()),
            Self::Decimal => is_decimal(value),
            Self::Integer => is_integer(value),
            Self::Int => value.strip_prefix('+').unwrap_or(value).parse::<i32>().is_ok(),
            Self::Double => is_double(value),
            Self::Boolean => matches!(value, "true" | "false" | "1" | "0"),
            Self::Hex => {
                value.len().is_multiple_of(2) && value.bytes().all(|byte| byte.is_ascii_hexdigit())
            }
            Self::OneOf(words) => words.contains(&text),
        };
        (!right).then(|| self.describe())
    }

    /// What is expected.
    pub(in crate::judge) fn describe(self) -> String {
        match self {
            Self::String => "text".to_owned(),
            Self::Uri => "a URI".to_owned(),
            Self::Time => "a date and time such as 2005-04-03T20:33:31.116-06:00".to_owned(),
            Self::Stamp => {
                "a date and time with offset such as 2005-04-03T20:33:31.116-06:00".to_owned()
            }
            Self::Date => "a date such as 2005-04-03".to_owned(),
            Self::Decimal => "a decimal number".to_owned(),
            Self::Integer => "a whole number".to_owned(),
            Self::Int => "a whole number of 32 bits".to_owned(),
            Self::Double => "a number".to_owned(),
            Self::Boolean => "true or false".to_owned(),
            Self::Hex => "pairs of hexadecimal digits".to_owned(),
            Self::OneOf(words) => words.join(" or "),
        }
    }
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_integer(text: &str) -> bool {
    digits(text.strip_prefix(['+', '-']).unwrap_or(text))
}

fn is_decimal(text: &str) -> bool {
    let text = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    digits(&format!("{whole}{fraction}"))
}

fn is_double(text: &str) -> bool {
    if matches!(text, "INF" | "-INF" | "NaN") {
        return true;
    }
    match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => is_decimal(mantissa) && is_integer(exponent),
        None => is_decimal(text),
    }
}

/// `YYYY-MM-DD` of the calendar.
fn is_date(text: &str) -> bool {
    text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok()
}

/// `xsd:dateTime`, with years of four digits, the only ones that an event can have.
fn is_time(text: &str) -> bool {
    let Some((date, time)) = text.split_once('T') else { return false };
    if !is_date(date) {
        return false;
    }
    let zone = time.find(['Z', '+', '-']).unwrap_or(time.len());
    let (clock, zone) = time.split_at(zone);
    is_zone(zone) && is_clock(clock)
}

/// `hh:mm:ss` with a fraction or none; `24:00:00` ends a day.
fn is_clock(text: &str) -> bool {
    let (clock, fraction) = match text.split_once('.') {
        Some((clock, fraction)) => (clock, Some(fraction)),
        None => (text, None),
    };
    let parts: Vec<&str> = clock.split(':').collect();
    let [hours, minutes, seconds] = parts[..] else { return false };
    let below = |text: &str, end: u8| {
        text.len() == 2 && digits(text) && text.parse::<u8>().is_ok_and(|value| value < end)
    };
    let midnight =
        clock == "24:00:00" && fraction.is_none_or(|rest| rest.bytes().all(|b| b == b'0'));
    let in_day = below(hours, 24) && below(minutes, 60) && below(seconds, 60);
    (in_day || midnight) && fraction.is_none_or(digits)
}

/// Nothing, `Z`, or an offset up to 14 hours.
fn is_zone(text: &str) -> bool {
    if matches!(text, "" | "Z") {
        return true;
    }
    let Some((hours, minutes)) = text[1..].split_once(':') else { return false };
    let two = |text: &str| text.len() == 2 && digits(text);
    two(hours)
        && two(minutes)
        && (hours < "14" && minutes < "60" || hours == "14" && minutes == "00")
}

/// What EPCIS 2.0 demands of a time beyond `xsd:dateTime`: an offset, and no `24:00:00`.
fn is_stamp(text: &str) -> bool {
    let clock = text.split_once('T').map_or("", |(_, clock)| clock);
    !clock.starts_with("24") && clock.contains(['Z', '+', '-'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn takes(kind: Simple, right: &[&str], wrong: &[&str]) {
        for text in right {
            assert_eq!(kind.refuse(text), None, "{text}");
        }
        for text in wrong {
            assert!(kind.refuse(text).is_some(), "{text}");
        }
    }

    #[test]
    fn times_have_the_forms_of_xml_schema() {
        let both = ["2013-06-08T14:58:56.591Z", " 2013-06-08T14:58:56+02:00\n"];
        takes(Simple::Stamp, &both, &["2013-06-08T14:58:56", "2013-06-08T24:00:00Z"]);
        takes(Simple::Time, &both, &["", "2006-11-07T13:00Z", "2919-95-17T16:48:53.428Z"]);
        takes(Simple::Time, &["2013-06-08T24:00:00"], &["2013-06-08T14:58:56+14:30", "é", "T"]);
    }

    #[test]
    fn numbers_have_the_forms_of_xml_schema() {
        takes(Simple::Decimal, &["1.2", "+.5", "-5.", "0"], &["", "1e3", "INF", "."]);
        takes(Simple::Double, &["1e3", "INF", "2.5E-3"], &["", "e3", "inf"]);
        takes(Simple::Int, &["+7", "-2147483648"], &["2147483648", "1.0", ""]);
        takes(Simple::Hex, &["", "0aFF"], &["0", "zz"]);
        takes(Simple::named("action").expect("a type"), &["ADD"], &["add", " ADD", ""]);
    }
}
