//! `theriac gs1 parse`: what a code says.

use clap::Args;
use serde::Serialize;
use theriac_gs1::{
    Ai, Element, Ndc, Reading, ScanForm, bracketed, check_pairs, element_string, read_tolerant,
};

use super::national::National;
use crate::exit::{InputError, Outcome};
use crate::output::{self, Rows};

const EXAMPLES: &str = "\
Examples:
  theriac gs1 parse ']d201095211240000171728123110TH4A07<GS>21ABC123'
  theriac gs1 parse 'https://id.gs1.org/01/09521124000017/21/ABC123?17=281231' --json

  theriac gs1 parse 0002-1433-80
  theriac gs1 parse - --json < scans.txt

Codes of countries that are no GS1 codes are told as such: an NDC of the United States with its
dashes, the 20 digits of China. National numbers (710 to 717) and the proof on packs of Russia
(91 and 92) are elements like others, kept to the letter.

Exit code 0 for a code that obeys the standard, 1 for one that had to be repaired, lacks an
element that another one needs or is no GS1 code, 2 for one that cannot be read.";

/// Say what a code says: its elements, what they mean, its other forms
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ParseArgs {
    /// The code: element string, bracketed, Digital Link, EPC URN, the digits of a key or a
    /// national drug code; - for many, one on each line of standard input
    #[arg(allow_hyphen_values = true)]
    code: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// What a code says.
#[derive(Debug, Serialize)]
struct Parsed {
    form: &'static str,
    symbology: Option<&'static str>,
    elements: Vec<ParsedElement>,
    /// The canonical GS1 Digital Link of what is named.
    identifier: Option<String>,
    element_string: String,
    bracketed: String,
    /// The ten digits of the NDC that the GTIN is made of, if it is of the United States.
    #[serde(skip_serializing_if = "Option::is_none")]
    ndc_digits: Option<String>,
    /// How the code was mangled, each in a sentence.
    repairs: Vec<String>,
    /// Why a code that reads as it stands may yet be another one, each in a sentence.
    doubts: Vec<String>,
    /// Elements that lack the company of another, or exclude it.
    violations: Vec<String>,
}

#[derive(Debug, Serialize)]
struct ParsedElement {
    ai: Ai,
    title: Option<&'static str>,
    value: String,
    /// The day that a date of six digits means.
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<String>,
}

/// Prints what the code says; yes if it obeys the standard as it stands.
///
/// # Errors
///
/// The code cannot be read.
pub fn run(args: &ParseArgs) -> anyhow::Result<Outcome> {
    super::each(&args.code, |code| parse(code, args.json))
}

fn parse(code: &str, json: bool) -> anyhow::Result<Outcome> {
    let reading = match read_tolerant(code) {
        Ok(reading) => reading,
        Err(error) => {
            let national = National::recognise(code)
                .ok_or_else(|| InputError(super::explained(code, &error)))?;
            match json {
                true => output::print_json(&national.json()?)?,
                false => output::print(&national.render())?,
            }
            return Ok(Outcome::No);
        }
    };
    Ok(if print(&reading, json)? { Outcome::Yes } else { Outcome::No })
}

/// Prints a reading; true if nothing was repaired and nothing is missing.
///
/// # Errors
///
/// Standard output cannot be written.
pub(super) fn print(reading: &Reading, json: bool) -> anyhow::Result<bool> {
    let parsed = parsed(reading);
    match json {
        true => output::print_json(&parsed)?,
        false => output::print(&render(&parsed))?,
    }
    Ok(parsed.repairs.is_empty() && parsed.violations.is_empty())
}

fn parsed(reading: &Reading) -> Parsed {
    let scan = &reading.scan;
    Parsed {
        form: form(scan.form),
        symbology: scan.symbology.map(|symbology| symbology.identifier()),
        elements: scan.elements.iter().map(parsed_element).collect(),
        identifier: scan.identifier().map(|identifier| identifier.digital_link()),
        element_string: element_string(&scan.elements),
        bracketed: bracketed(&scan.elements),
        ndc_digits: scan.gtin().and_then(|gtin| Ndc::digits_in_gtin(gtin).ok()),
        repairs: reading.repairs.iter().map(ToString::to_string).collect(),
        doubts: reading.doubts.iter().map(ToString::to_string).collect(),
        violations: check_pairs(&scan.elements).iter().map(ToString::to_string).collect(),
    }
}

fn form(form: ScanForm) -> &'static str {
    match form {
        ScanForm::ElementString => "element-string",
        ScanForm::Bracketed => "bracketed",
        ScanForm::DigitalLink => "digital-link",
        ScanForm::EpcUrn => "urn",
        ScanForm::PlainKey => "plain-key",
    }
}

fn parsed_element(element: &Element) -> ParsedElement {
    let year = jiff::Zoned::now().year();
    let is_date = matches!(element.ai.as_str(), "11" | "12" | "13" | "15" | "16" | "17");
    let date = is_date.then(|| theriac_gs1::yymmdd(&element.value, year).ok()).flatten();
    ParsedElement {
        ai: element.ai,
        title: element.ai.entry().map(|entry| entry.title()),
        value: element.value.to_string(),
        date: date.map(|date| date.to_string()),
    }
}

fn render(parsed: &Parsed) -> String {
    let mut rows = Rows::default();
    for element in &parsed.elements {
        let title = element.title.unwrap_or_default();
        let date = element.date.as_ref().map(|date| format!(" = {date}")).unwrap_or_default();
        rows.add(&format!("({}) {title}", element.ai), format!("{}{date}", element.value));
    }
    rows.add_some("identifier", parsed.identifier.as_deref());
    rows.add("element string", &parsed.element_string);
    rows.add_some("NDC digits", parsed.ndc_digits.as_deref());
    for repair in &parsed.repairs {
        rows.add("repaired", repair);
    }
    for doubt in &parsed.doubts {
        rows.add("in doubt", doubt);
    }
    for violation in &parsed.violations {
        rows.add("not right", violation);
    }
    let symbology = parsed.symbology.map(|symbology| format!(" {symbology}")).unwrap_or_default();
    format!("{}{symbology}\n{}", parsed.form.replace('-', " "), rows.render())
}
