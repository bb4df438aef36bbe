//! Lot and expiry of the units of an event, wherever a line system put them.

use jiff::civil::Date;
use theriac_gs1::Lot;

use super::{Event, Extension, ExtensionValue};

/// Local names of a lot number in the vocabularies seen in the field.
const LOT_NAMES: &[&str] =
    &["lotnumber", "lot", "lotno", "batchnumber", "batch", "batchno", "batchlot", "lotid", "charg"];

/// Local names of an expiry date in the vocabularies seen in the field.
const EXPIRY_NAMES: &[&str] = &[
    "itemexpirationdate",
    "expirationdate",
    "itemexpirationdatetime",
    "expirationdatetime",
    "expirydate",
    "expiry",
    "expdate",
    "lotexpirationdate",
    "datex",
];

impl Event {
    /// The lot of the objects, from instance or lot master data or from an extension of the
    /// event, in any vocabulary; else the one lot that all its classes name.
    #[must_use]
    pub fn lot(&self) -> Option<Lot> {
        self.label(LOT_NAMES).find_map(|text| text.parse().ok()).or_else(|| self.lot_of_classes())
    }

    /// The expiry date of the objects, from instance or lot master data or from an extension of
    /// the event, in any vocabulary.
    #[must_use]
    pub fn expiry(&self) -> Option<Date> {
        self.label(EXPIRY_NAMES).find_map(date)
    }

    fn label<'a>(&'a self, names: &'a [&str]) -> impl Iterator<Item = &'a str> {
        let mut found = Vec::new();
        collect(self.ilmd(), names, &mut found);
        collect(&self.common().extensions, names, &mut found);
        found.into_iter()
    }

    fn lot_of_classes(&self) -> Option<Lot> {
        let mut lots = self.quantities().map(|element| match &element.epc_class.id {
            theriac_gs1::Identifier::Lgtin(lgtin) => Some(&lgtin.lot),
            _ => None,
        });
        let first = lots.next()??;
        lots.all(|lot| lot == Some(first)).then(|| first.clone())
    }
}

/// Texts of the fields of these names, outer fields first.
fn collect<'a>(fields: &'a [Extension], names: &[&str], found: &mut Vec<&'a str>) {
    for field in fields {
        let named = names.iter().any(|name| field.name.eq_ignore_ascii_case(name));
        match &field.value {
            ExtensionValue::Text(text) if named => found.push(text),
            ExtensionValue::Number(number) if named => found.push(number.as_str()),
            _ => {}
        }
    }
    for field in fields {
        collect(field.nested(), names, found);
    }
}

/// A date `2025-12-31` with or without a time, or `20251231`, or `251231` (GS1, this century).
fn date(text: &str) -> Option<Date> {
    let text = text.trim();
    let day = match text.len() {
        6 if is_digits(text) => format!("20{}-{}-{}", &text[..2], &text[2..4], &text[4..]),
        8 if is_digits(text) => format!("{}-{}-{}", &text[..4], &text[4..6], &text[6..]),
        _ => text.get(..10)?.to_owned(),
    };
    if let Some(month) = day.strip_suffix("-00") {
        return format!("{month}-01").parse::<Date>().ok().map(Date::last_of_month);
    }
    day.parse().ok()
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_read_in_every_form_seen() {
        let want = jiff::civil::date(2025, 12, 31);
        for text in ["2025-12-31", "2025-12-31T00:00:00Z", "20251231", "251231", "251200"] {
            assert_eq!(date(text), Some(want), "{text}");
        }
        for text in ["", "2025", "2025-13-01", "soon", "é25-12-3é"] {
            assert_eq!(date(text), None, "{text}");
        }
    }
}
