//! Master data of a product, as trade documents tell it (GS1 US guideline; CBV 2.0, section 9).

use serde::{Deserialize, Serialize};
use theriac_gs1::{CompanyPrefixes, Epc, Gtin, Identifier};

use super::guideline::Guideline;
use super::{ATTRIBUTE, prefixes};
use crate::event::ExtensionValue;
use crate::read::{MasterDataAttribute, MasterDataElement};

/// The vocabulary of product classes.
pub(super) const CLASSES: &str = "urn:epcglobal:epcis:vtype:EPCClass";

/// What is told of a product. An absent field is not known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TradeItem {
    /// GTIN of this packaging level.
    pub gtin: Gtin,
    /// National Drug Code, as it was told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ndc: Option<String>,
    /// Name, `regulatedProductName`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Manufacturer, `manufacturerOfTradeItemPartyName`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manufacturer: Option<String>,
    /// Dosage form, `dosageFormType`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dosage_form: Option<String>,
    /// Strength, `strengthDescription`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub strength: Option<String>,
    /// Container size, `netContentDescription`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub container_size: Option<String>,
}

const NDC: &str = "additionalTradeItemIdentification";
const NDC_TYPE: &str = "additionalTradeItemIdentificationTypeCode";

impl TradeItem {
    /// A product of which nothing is known.
    #[must_use]
    pub const fn unknown(gtin: Gtin) -> Self {
        let (ndc, name, manufacturer) = (None, None, None);
        let (dosage_form, strength, container_size) = (None, None, None);
        Self { gtin, ndc, name, manufacturer, dosage_form, strength, container_size }
    }

    /// The product that an element of master data describes; `None` if it describes something else.
    #[must_use]
    pub fn of_element(element: &MasterDataElement) -> Option<Self> {
        let gtin = match Identifier::from_uri(&element.id).ok()?.id {
            Identifier::Gtin(gtin) => gtin,
            _ => return None,
        };
        let text = |name: &str| {
            let text = element.text(&format!("{ATTRIBUTE}{name}"))?.trim();
            (!text.is_empty()).then(|| text.to_owned())
        };
        let is_ndc = text(NDC_TYPE).is_some_and(|code| Guideline::is_ndc_type_code(&code));
        Some(Self {
            gtin,
            ndc: text(NDC).filter(|_| is_ndc),
            name: text("regulatedProductName"),
            manufacturer: text("manufacturerOfTradeItemPartyName"),
            dosage_form: text("dosageFormType"),
            strength: text("strengthDescription"),
            container_size: text("netContentDescription"),
        })
    }

    /// The element of master data that describes it, in the codes of the release.
    #[must_use]
    pub fn element(&self, guideline: Guideline, tables: &[&CompanyPrefixes]) -> MasterDataElement {
        let mut epc = Epc::from(Identifier::Gtin(self.gtin));
        prefixes::complete(&mut epc, tables);
        let ndc = self.ndc.as_ref().map(|ndc| guideline.ndc_text(ndc, Some(self.gtin)));
        let code = ndc.is_some().then(|| guideline.ndc_type_code().to_owned());
        let fields = [
            (NDC, ndc),
            (NDC_TYPE, code),
            ("regulatedProductName", self.name.clone()),
            ("manufacturerOfTradeItemPartyName", self.manufacturer.clone()),
            ("dosageFormType", self.dosage_form.clone()),
            ("strengthDescription", self.strength.clone()),
            ("netContentDescription", self.container_size.clone()),
        ];
        MasterDataElement {
            vocabulary: CLASSES.to_owned(),
            id: epc.urn().unwrap_or_else(|| epc.digital_link()),
            attributes: attributes(fields),
            children: Vec::new(),
        }
    }

    /// Each field that both tell, and tell otherwise: its name, this text, the other's. Letter case
    /// and white space are no difference.
    #[must_use]
    pub fn differences(&self, other: &Self) -> Vec<(&'static str, String, String)> {
        let fields = [
            ("name", &self.name, &other.name),
            ("manufacturer", &self.manufacturer, &other.manufacturer),
            ("dosage form", &self.dosage_form, &other.dosage_form),
            ("strength", &self.strength, &other.strength),
            ("container size", &self.container_size, &other.container_size),
        ];
        let told = fields.into_iter().filter_map(|(name, own, other)| {
            let (own, other) = (own.as_ref()?, other.as_ref()?);
            (plain(own) != plain(other)).then(|| (name, own.clone(), other.clone()))
        });
        told.collect()
    }
}

/// The attributes of these names that have a value.
pub(super) fn attributes<const N: usize>(
    fields: [(&str, Option<String>); N],
) -> Vec<MasterDataAttribute> {
    let present = fields.into_iter().filter_map(|(name, value)| {
        let (id, value) = (format!("{ATTRIBUTE}{name}"), ExtensionValue::Text(value?));
        Some(MasterDataAttribute { id, value })
    });
    present.collect()
}

/// A text by which two spellings of one thing are equal.
pub(super) fn plain(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item() -> TradeItem {
        TradeItem {
            ndc: Some("0001-0123-45".to_owned()),
            name: Some("Epcistra".to_owned()),
            strength: Some("100 mg".to_owned()),
            ..TradeItem::unknown("00300010123455".parse().unwrap())
        }
    }

    #[test]
    fn a_product_is_read_from_the_element_that_describes_it() {
        let table = CompanyPrefixes::from_csv("030001,6").unwrap();
        let element = item().element(Guideline::R13, &[&table]);
        assert_eq!(element.id, "urn:epc:idpat:sgtin:030001.0012345.*");
        assert_eq!(TradeItem::of_element(&element), Some(item()));
        let element = item().element(Guideline::R12, &[]);
        assert_eq!(element.id, "https://id.gs1.org/01/00300010123455");
        let read = TradeItem::of_element(&element).unwrap();
        assert_eq!(read.ndc.as_deref(), Some("00001012345"));
    }

    #[test]
    fn spellings_are_no_differences() {
        let other = TradeItem { strength: Some("100MG".to_owned()), ..item() };
        assert_eq!(item().differences(&other), []);
        let other = TradeItem { strength: Some("200 mg".to_owned()), name: None, ..item() };
        assert_eq!(
            item().differences(&other),
            [("strength", "100 mg".to_owned(), "200 mg".to_owned())]
        );
    }
}
