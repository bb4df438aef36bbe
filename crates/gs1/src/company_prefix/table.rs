//! The table of company prefix lengths that GS1 publishes, and its look-up.
//!
//! # Invariants
//!
//! - Spans are sorted and do not overlap; what no row covers is a span of length 0.

use serde::de::Error;
use serde::{Deserialize, Deserializer};

use super::{CompanyPrefixLength, CompanyPrefixesError};
use crate::identifier::{Identifier, leading};

/// Number of digits by which prefixes are compared.
const DIGITS: u32 = 12;

/// Lengths of company prefixes by the digits that they start with (GS1's `gcpprefixformatlist`).
///
/// Needed only to write an EPC URN of what came in without one; it never changes what is named.
/// 170,000 rows take about 1 MB.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CompanyPrefixes {
    /// First 12 digits from which on a length holds, above 8 bits of the length; 0 is none.
    spans: Vec<u64>,
}

/// A row of the table.
#[derive(Clone, Copy)]
struct Row {
    /// First number of 12 digits that starts with the prefix.
    start: u64,
    /// First number behind it that does not.
    end: u64,
    /// Length of the company prefix; 0 means that there is none.
    length: u8,
}

impl CompanyPrefixes {
    /// Reads rows of prefix and length, separated by a comma, with or without a line of titles.
    /// Empty lines are left out. The longest prefix that fits decides.
    ///
    /// ```
    /// # use theriac_gs1::{CompanyPrefixes, Epc};
    /// let table = CompanyPrefixes::from_csv("prefix,gcp_length\n0614141,7\n")?;
    /// let epc = Epc::from_uri("https://id.gs1.org/01/10614141073464/21/2018")?;
    /// assert_eq!(epc.urn(), None);
    /// assert_eq!(epc.urn_with(&table).as_deref(), Some("urn:epc:id:sgtin:0614141.107346.2018"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// GS1's own JSON file is read by serde.
    ///
    /// # Errors
    ///
    /// [`CompanyPrefixesError`], with the number of the line.
    pub fn from_csv(text: &str) -> Result<Self, CompanyPrefixesError> {
        let mut rows = Vec::new();
        for (index, line) in text.trim_start_matches('\u{FEFF}').lines().enumerate() {
            let line_number = index + 1;
            let is_title = index == 0 && !line.contains(|c: char| c.is_ascii_digit());
            if is_title || line.trim().is_empty() {
                continue;
            }
            let (prefix, length) =
                line.split_once(',').filter(|(_, length)| !length.contains(',')).ok_or_else(
                    || CompanyPrefixesError::Columns { line: line_number, found: shown(line) },
                )?;
            rows.push(row(line_number, unquoted(prefix), unquoted(length))?);
        }
        Self::from_rows(rows)
    }

    fn from_rows(mut rows: Vec<Row>) -> Result<Self, CompanyPrefixesError> {
        // A prefix before the longer ones that start with it.
        rows.sort_unstable_by_key(|row| (row.start, std::cmp::Reverse(row.end)));
        contradiction(&rows)?;
        let mut table = Self::default();
        let mut open: Vec<Row> = Vec::new();
        for row in rows {
            table.close(&mut open, row.start);
            table.push(row.start, row.length);
            open.push(row);
        }
        table.close(&mut open, u64::MAX);
        table.spans.shrink_to_fit();
        Ok(table)
    }

    /// Ends the rows that end at or before `at`; behind each one the row around it holds again.
    fn close(&mut self, open: &mut Vec<Row>, at: u64) {
        while let Some(row) = open.pop_if(|row| row.end <= at) {
            self.push(row.end, open.last().map_or(0, |around| around.length));
        }
    }

    fn push(&mut self, start: u64, length: u8) {
        if self.spans.last().is_some_and(|last| last >> 8 == start) {
            self.spans.pop();
        }
        if self.spans.last().map_or(0, |last| *last as u8) != length {
            self.spans.push(start << 8 | u64::from(length));
        }
    }

    /// Length of the company prefix of a key; `None` when the table does not know it, when the key
    /// is not of a company (a prefix of length 0), and for another URI.
    #[must_use]
    pub fn length_of(&self, id: &Identifier) -> Option<CompanyPrefixLength> {
        let count = (6..=DIGITS).rev().find(|&count| leading(id, count as usize).is_some())?;
        let digits = leading(id, count as usize)? * 10u64.pow(DIGITS - count);
        let length = CompanyPrefixLength::in_urn(self.at(digits))?;
        // Digits behind the last one of a text were made up.
        (length.digits() <= count as usize).then_some(length)
    }

    /// The length for these 12 digits.
    fn at(&self, digits: u64) -> u8 {
        let behind = self.spans.partition_point(|span| span >> 8 <= digits);
        behind.checked_sub(1).map_or(0, |index| self.spans[index] as u8)
    }

    /// Whether the table has no company prefix.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }
}

impl<'de> Deserialize<'de> for CompanyPrefixes {
    /// Reads GS1's own file: `{"GCPPrefixFormatList":{"entry":[{"prefix":"…","gcpLength":7},…]}}`.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Document { list } = Document::deserialize(deserializer)?;
        let rows = list
            .entry
            .iter()
            .zip(1..)
            .map(|(entry, line)| row(line, &entry.prefix, &entry.gcp_length.to_string()));
        let rows = rows.collect::<Result<_, _>>().map_err(D::Error::custom)?;
        Self::from_rows(rows).map_err(D::Error::custom)
    }
}

#[derive(Deserialize)]
struct Document {
    #[serde(rename = "GCPPrefixFormatList")]
    list: List,
}

#[derive(Deserialize)]
struct List {
    entry: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    prefix: String,
    gcp_length: u8,
}

fn row(line: usize, prefix: &str, length: &str) -> Result<Row, CompanyPrefixesError> {
    let is_prefix = matches!(prefix.len(), 1..=12) && prefix.bytes().all(|b| b.is_ascii_digit());
    let Some(first) = prefix.parse::<u64>().ok().filter(|_| is_prefix) else {
        return Err(CompanyPrefixesError::Prefix { line, found: shown(prefix) });
    };
    let is_length = |length: &u8| matches!(length, 0 | 4..=12);
    let Some(length) = length.parse::<u8>().ok().filter(is_length) else {
        return Err(CompanyPrefixesError::Length { line, found: shown(length) });
    };
    if length > 0 && prefix.len() > usize::from(length) {
        return Err(CompanyPrefixesError::TooLong { line, length, found: shown(prefix) });
    }
    let unit = 10u64.pow(DIGITS - prefix.len() as u32);
    Ok(Row { start: first * unit, end: (first + 1) * unit, length })
}

/// Of equal prefixes, which stand side by side, all have the same length.
fn contradiction(rows: &[Row]) -> Result<(), CompanyPrefixesError> {
    for pair in rows.windows(2) {
        let [a, b] = pair else { continue };
        if (a.start, a.end) == (b.start, b.end) && a.length != b.length {
            let zeros = (a.end - a.start).ilog10();
            let width = (DIGITS - zeros) as usize;
            let found = format!("{:0width$}", a.start / 10u64.pow(zeros)).into();
            return Err(CompanyPrefixesError::Contradiction {
                found,
                first: a.length,
                second: b.length,
            });
        }
    }
    Ok(())
}

fn unquoted(text: &str) -> &str {
    let text = text.trim();
    text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text)
}

fn shown(text: &str) -> Box<str> {
    text.chars().take(80).collect()
}
