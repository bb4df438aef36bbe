//! Codes of medicines that are no GS1 codes: the drug codes of the United States and of China.

use serde::Serialize;
use theriac_gs1::national::ChinaCode;
use theriac_gs1::{Ai, Element, Gtin, Ndc, Reading, Scan, ScanForm};

use crate::output::Rows;

/// A code that a country gives to a medicine, and that is no GS1 code.
#[derive(Debug)]
pub(super) enum National {
    /// The product on a label of the United States.
    Ndc(Ndc),
    /// A pack of China; whoever is not its issuer can tell nothing from it.
    China(ChinaCode),
}

/// A National Drug Code in its forms.
#[derive(Debug, Serialize)]
struct NdcForms {
    form: &'static str,
    ndc: Ndc,
    /// The codes of 10 digits that it may have been; one if it has 10 digits.
    ndc10: Vec<Ndc>,
    ndc11: Option<Ndc>,
    ndc12: Ndc,
    /// The GTIN of the single unit, if it is known which 10 digits it has.
    gtin: Option<Gtin>,
}

/// A drug code of China.
#[derive(Debug, Serialize)]
struct ChinaForm {
    form: &'static str,
    code: ChinaCode,
}

impl National {
    /// What a text is that is no GS1 code: an NDC with its dashes, or 20 digits, perhaps behind the
    /// symbology identifier of a plain bar code (`]C0`, which packs of China have).
    pub(super) fn recognise(text: &str) -> Option<Self> {
        let text = text.trim();
        let text = text.strip_prefix(']').and_then(|rest| rest.get(2..)).unwrap_or(text);
        let ndc = text.contains('-').then(|| text.parse().ok()).flatten();
        ndc.map(Self::Ndc).or_else(|| ChinaCode::recognise(text).map(Self::China))
    }

    /// The trade item of an NDC, or why there is none.
    pub(super) fn reading(&self) -> Result<Reading, String> {
        match self {
            Self::Ndc(ndc) => {
                let gtin = ndc.to_ndc10().and_then(|ndc| ndc.to_gtin(0));
                let gtin = gtin.map_err(|error| format!("{error}; {}", error.hint()))?;
                let elements = Element::new(Ai::GTIN, gtin.to_string());
                let elements = vec![elements.map_err(|error| error.to_string())?];
                let scan = Scan { form: ScanForm::PlainKey, symbology: None, elements };
                Ok(Reading { scan, repairs: Vec::new(), doubts: Vec::new() })
            }
            Self::China(_) => Err("expected a GS1 code, found 20 digits that are none, perhaps a \
                drug code of China: only its issuer can read it, and it has no other form"
                .to_owned()),
        }
    }

    /// Its forms as JSON.
    ///
    /// # Errors
    ///
    /// Standard output cannot be written.
    pub(super) fn json(&self) -> anyhow::Result<serde_json::Value> {
        Ok(match self {
            Self::Ndc(ndc) => serde_json::to_value(NdcForms::of(*ndc))?,
            Self::China(code) => {
                serde_json::to_value(ChinaForm { form: "china-drug-code", code: code.clone() })?
            }
        })
    }

    /// Its forms for people.
    pub(super) fn render(&self) -> String {
        let mut rows = Rows::default();
        match self {
            Self::Ndc(ndc) => {
                let forms = NdcForms::of(*ndc);
                let tens: Vec<_> = forms.ndc10.iter().map(ToString::to_string).collect();
                rows.add("10 digits", tens.join(" or "));
                rows.add_some("11 digits", forms.ndc11.map(|ndc| ndc.to_string()));
                rows.add("12 digits", forms.ndc12.to_string());
                rows.add_some("GTIN of the unit", forms.gtin.map(|gtin| gtin.to_string()));
                format!("National Drug Code of the United States\n{}", rows.render())
            }
            Self::China(code) => {
                rows.add("code", code.as_str());
                rows.add("meaning", "known to its issuer only; it is no GS1 code");
                format!("20 digits, perhaps a drug code of China\n{}", rows.render())
            }
        }
    }
}

impl NdcForms {
    fn of(ndc: Ndc) -> Self {
        Self {
            form: "ndc",
            ndc,
            ndc10: ndc.ndc10_candidates(),
            ndc11: ndc.to_ndc11().ok(),
            ndc12: ndc.to_ndc12(),
            gtin: ndc.to_ndc10().and_then(|ndc| ndc.to_gtin(0)).ok(),
        }
    }
}

/// What else the text may be, for the message about a text that cannot be read.
pub(super) fn guess(text: &str) -> Option<String> {
    let text = text.trim();
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    match text.len() {
        10 | 11 if digits => Some(format!(
            "if these {} digits are a National Drug Code, write it with its dashes",
            text.len()
        )),
        _ => None,
    }
}
