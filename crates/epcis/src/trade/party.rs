//! Master data of a party or place, as trade documents tell it (CBV 2.0, section 9.2).

use serde::{Deserialize, Serialize};
use theriac_gs1::{CompanyPrefixes, Epc, Gln, Identifier, Sgln};

use super::product::{attributes, plain};
use super::{ATTRIBUTE, prefixes};
use crate::read::MasterDataElement;

/// The vocabulary of locations in the GS1 US guideline.
pub(super) const LOCATIONS: &str = "urn:epcglobal:epcis:vtype:Location";

/// What is told of a party or place. An absent field is not known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TradeParty {
    /// Its GLN.
    pub gln: Gln,
    /// Name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// First line of the address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub street: Option<String>,
    /// Second line of the address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub street_two: Option<String>,
    /// City.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// State or region.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// Postal code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    /// Country, ISO 3166-1 alpha-2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
}

impl TradeParty {
    /// A party of which nothing is known.
    #[must_use]
    pub const fn unknown(gln: Gln) -> Self {
        let (name, street, street_two, city) = (None, None, None, None);
        let (state, postal_code, country) = (None, None, None);
        Self { gln, name, street, street_two, city, state, postal_code, country }
    }

    /// The party or place that an element of master data describes, in any vocabulary; `None` if it
    /// describes something else.
    #[must_use]
    pub fn of_element(element: &MasterDataElement) -> Option<Self> {
        let gln = gln_of(&element.id)?;
        let text = |name: &str| {
            let text = element.text(&format!("{ATTRIBUTE}{name}"))?.trim();
            (!text.is_empty()).then(|| text.to_owned())
        };
        Some(Self {
            gln,
            name: text("name"),
            street: text("streetAddressOne"),
            street_two: text("streetAddressTwo"),
            city: text("city"),
            state: text("state"),
            postal_code: text("postalCode"),
            country: text("countryCode"),
        })
    }

    /// The element of master data that describes it.
    #[must_use]
    pub fn element(&self, tables: &[&CompanyPrefixes]) -> MasterDataElement {
        let fields = [
            ("name", self.name.clone()),
            ("streetAddressOne", self.street.clone()),
            ("streetAddressTwo", self.street_two.clone()),
            ("city", self.city.clone()),
            ("state", self.state.clone()),
            ("postalCode", self.postal_code.clone()),
            ("countryCode", self.country.clone()),
        ];
        let epc = place(self.gln, tables);
        MasterDataElement {
            vocabulary: LOCATIONS.to_owned(),
            id: epc.urn().unwrap_or_else(|| epc.digital_link()),
            attributes: attributes(fields),
            children: Vec::new(),
        }
    }

    /// The address in the order of an envelope, a line each.
    #[must_use]
    pub fn address(&self) -> Vec<String> {
        let town = [&self.city, &self.state, &self.postal_code];
        let town: Vec<&str> = town.into_iter().flatten().map(String::as_str).collect();
        let lines = [&self.street, &self.street_two].into_iter().flatten().cloned();
        let lines = lines.chain((!town.is_empty()).then(|| town.join(" ")));
        lines.chain(self.country.clone()).collect()
    }

    /// Each field that both tell, and tell otherwise: its name, this text, the other's.
    #[must_use]
    pub fn differences(&self, other: &Self) -> Vec<(&'static str, String, String)> {
        let fields = [
            ("name", &self.name, &other.name),
            ("street", &self.street, &other.street),
            ("city", &self.city, &other.city),
            ("state", &self.state, &other.state),
            ("postal code", &self.postal_code, &other.postal_code),
            ("country", &self.country, &other.country),
        ];
        let told = fields.into_iter().filter_map(|(name, own, other)| {
            let (own, other) = (own.as_ref()?, other.as_ref()?);
            (plain(own) != plain(other)).then(|| (name, own.clone(), other.clone()))
        });
        told.collect()
    }
}

/// The place of a GLN, with the length of its company prefix where a table knows it.
pub(super) fn place(gln: Gln, tables: &[&CompanyPrefixes]) -> Epc {
    let mut epc = Epc::from(Identifier::Sgln(Sgln { gln, extension: None }));
    prefixes::complete(&mut epc, tables);
    epc
}

/// The GLN that a text names: an SGLN or PGLN in any form, or 13 digits.
#[must_use]
pub fn gln_of(text: &str) -> Option<Gln> {
    let text = text.trim();
    if text.len() == 13 {
        return text.parse().ok();
    }
    gln_in(&Identifier::from_uri(text).ok()?.id)
}

/// The GLN of a party or place.
pub(super) fn gln_in(id: &Identifier) -> Option<Gln> {
    match id {
        Identifier::Pgln(gln) => Some(*gln),
        Identifier::Sgln(sgln) => Some(sgln.gln),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_party_is_read_from_the_element_that_describes_it() {
        let party = TradeParty {
            name: Some("GS1 Pharma".to_owned()),
            street: Some("1 Biopharm Ct".to_owned()),
            city: Some("Thousand Oaks".to_owned()),
            state: Some("CA".to_owned()),
            postal_code: Some("91320".to_owned()),
            country: Some("US".to_owned()),
            ..TradeParty::unknown("0300011111116".parse().unwrap())
        };
        let table = CompanyPrefixes::from_csv("030001,6").unwrap();
        let element = party.element(&[&table]);
        assert_eq!(element.id, "urn:epc:id:sgln:030001.111111.0");
        assert_eq!(TradeParty::of_element(&element), Some(party.clone()));
        assert_eq!(party.address(), ["1 Biopharm Ct", "Thousand Oaks CA 91320", "US"]);
        assert_eq!(gln_of("0300011111116"), Some(party.gln));
    }
}
