//! Choices for written events: which format, and which form of identifiers and words.

use std::borrow::Cow;

use theriac_gs1::{CompanyPrefixes, Epc};

/// The format of a written document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DocumentFormat {
    /// JSON-LD of EPCIS 2.0.
    Json,
    /// XML of EPCIS 2.0.
    Xml,
    /// XML of EPCIS 1.2. Identifiers are EPC URNs where the company prefix is known, words of the
    /// CBV are URNs, whatever the options say: EPCIS 1.2 knows no other.
    Xml12,
}

/// The form of identifiers (REST header `GS1-EPC-Format`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum EpcFormat {
    /// GS1 Digital Links on `https://id.gs1.org`, always.
    #[default]
    DigitalLink,
    /// EPC URNs where the length of the company prefix is known from the text that was read or
    /// from the table of prefixes; else the Digital Link.
    Urn,
    /// EPC URNs where the length of the company prefix is known from the text that was read; else
    /// the Digital Link.
    AsRead,
}

/// The form of words of the CBV in XML (REST header `GS1-CBV-XML-Format`). In JSON they are bare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum CbvFormat {
    /// Web URIs of CBV 2.0, such as `https://ref.gs1.org/cbv/BizStep-shipping`.
    #[default]
    WebUri,
    /// URNs of CBV 1.x, such as `urn:epcglobal:cbv:bizstep:shipping`.
    Urn,
}

/// Choices for written events.
#[derive(Debug, Clone, Copy, Default)]
pub struct WriteOptions<'a> {
    /// The form of identifiers.
    pub epc: EpcFormat,
    /// The form of words in XML.
    pub cbv: CbvFormat,
    /// Lengths of company prefixes, for [`EpcFormat::Urn`].
    pub prefixes: Option<&'a CompanyPrefixes>,
}

impl WriteOptions<'_> {
    /// The options in force for this format.
    pub(super) fn within(self, format: DocumentFormat) -> Self {
        match format {
            DocumentFormat::Json | DocumentFormat::Xml => self,
            DocumentFormat::Xml12 => Self { epc: EpcFormat::Urn, cbv: CbvFormat::Urn, ..self },
        }
    }

    /// An identifier in its form.
    pub(super) fn epc(&self, epc: &Epc) -> String {
        let urn = match (self.epc, self.prefixes) {
            (EpcFormat::DigitalLink, _) => None,
            (EpcFormat::Urn, Some(prefixes)) => epc.urn_with(prefixes),
            (EpcFormat::AsRead | EpcFormat::Urn, _) => epc.urn(),
        };
        urn.unwrap_or_else(|| epc.digital_link())
    }

    /// A word of the CBV in its form for XML.
    pub(super) fn word<'w>(&self, web: Cow<'w, str>, urn: Cow<'w, str>) -> Cow<'w, str> {
        match self.cbv {
            CbvFormat::WebUri => web,
            CbvFormat::Urn => urn,
        }
    }
}
