//! Times and offsets.

use jiff::Timestamp;

use super::builder::{Builder, is_empty};
use crate::event::Offset;
use crate::read::ReadError;
use crate::tree::Element;

const TIME: &str = "a date and time with offset such as 2005-04-03T20:33:31.116-06:00";

impl<'e> Builder<'e> {
    /// The offset of the event, which the standard always wants.
    pub(super) fn offset(&mut self, fields: &[&'e Element<'e>]) -> Result<Offset, ReadError> {
        const NAME: &str = "eventTimeZoneOffset";
        let text = self.text(fields, NAME)?;
        self.at(NAME, |builder| {
            let Some(text) = text else { return Err(builder.error(NAME, "nothing")) };
            if let Ok(offset) = text.parse() {
                return Ok(offset);
            }
            match respell_offset(text) {
                Some(offset) => {
                    builder.repair(text, offset.to_string());
                    Ok(offset)
                }
                None => Err(builder.error("an offset such as +02:00", &format!("{text:?}"))),
            }
        })
    }

    /// A time that must be there.
    pub(super) fn required_time(
        &mut self,
        fields: &[&'e Element<'e>],
        name: &'e str,
        offset: Option<Offset>,
    ) -> Result<Timestamp, ReadError> {
        match self.time(fields, name, offset)? {
            Some(time) => Ok(time),
            None => self.at(name, |builder| Err(builder.error(name, "nothing"))),
        }
    }

    /// A time; without an offset of its own it takes that of the event.
    pub(super) fn time(
        &mut self,
        fields: &[&'e Element<'e>],
        name: &'e str,
        offset: Option<Offset>,
    ) -> Result<Option<Timestamp>, ReadError> {
        let Some(field) = self.one(fields, name)? else { return Ok(None) };
        let Some(text) = field.text() else {
            if is_empty(field) {
                return Ok(None);
            }
            return self.at(name, |builder| Err(builder.error(TIME, &field.describe())));
        };
        if let Ok(time) = text.parse() {
            return Ok(Some(time));
        }
        self.at(name, |builder| {
            let repaired = respell_time(text, offset);
            match repaired {
                Some(time) => {
                    builder.repair(text, format!("{time}"));
                    Ok(Some(time))
                }
                None => Err(builder.error(TIME, &format!("{text:?}"))),
            }
        })
    }
}

/// An offset in a form seen in the field: `Z`, `+0200`, `+2:00`, `02:00`, `+02`.
fn respell_offset(text: &str) -> Option<Offset> {
    if matches!(text, "Z" | "z" | "UTC" | "GMT") {
        return Some(Offset::UTC);
    }
    let (sign, digits) = match text.strip_prefix(['+', '-']) {
        Some(digits) => (&text[..1], digits),
        None => ("+", text),
    };
    let digits = digits.strip_suffix(":00").filter(|rest| rest.len() == 5).unwrap_or(digits);
    let (hours, minutes) = match (digits.split_once(':'), digits.len()) {
        (Some(parts), _) => parts,
        (None, 4) if digits.is_ascii() => digits.split_at(2),
        (None, 1 | 2) => (digits, "00"),
        _ => return None,
    };
    format!("{sign}{hours:0>2}:{minutes:0>2}").parse().ok()
}

/// A time in a form seen in the field: no offset, too many digits, two offsets.
fn respell_time(text: &str, offset: Option<Offset>) -> Option<Timestamp> {
    let text = text.strip_suffix('Z').filter(|rest| has_offset(rest)).unwrap_or(text);
    let text = shorten_fraction(text);
    if let Ok(time) = text.parse() {
        return Some(time);
    }
    if has_offset(&text) || !text.contains(['T', 't', ' ']) {
        return None;
    }
    text.parse::<jiff::civil::DateTime>().ok()?;
    format!("{text}{}", offset?).parse().ok()
}

fn has_offset(text: &str) -> bool {
    let after_date = text.get(10..).unwrap_or("");
    after_date.contains(['+', '-', 'Z', 'z'])
}

/// Cuts a fraction of a second to nine digits.
fn shorten_fraction(text: &str) -> String {
    let Some(dot) = text.find('.') else { return text.to_owned() };
    let digits = text[dot + 1..].bytes().take_while(u8::is_ascii_digit).count();
    match digits > 9 {
        true => format!("{}{}", &text[..dot + 10], &text[dot + 1 + digits..]),
        false => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_the_field_are_read() {
        let want: Timestamp = "2019-06-01T05:54:36Z".parse().expect("a time");
        let east = Offset::from_minutes(120);
        assert_eq!(respell_time("2019-06-01T07:54:36", east), Some(want));
        assert_eq!(respell_time("2019-06-01T05:54:36+00:00Z", None), Some(want));
        assert_eq!(respell_time("2019-06-01T05:54:36.00000000000Z", None), Some(want));
        for text in ["", "2019-06-01", "2919-95-99T14:55:21.123Z", "é019-06-01T07:54:36", "1.é"] {
            assert_eq!(respell_time(text, east), None, "{text}");
        }
    }

    #[test]
    fn offsets_of_the_field_are_read() {
        for (text, minutes) in [("Z", 0), ("+0200", 120), ("-6:00", -360), ("02:00", 120)] {
            assert_eq!(respell_offset(text), Offset::from_minutes(minutes), "{text}");
        }
        for text in ["", "-95:99", "é", "éé", "++02:00", "soon"] {
            assert_eq!(respell_offset(text), None, "{text}");
        }
    }
}
