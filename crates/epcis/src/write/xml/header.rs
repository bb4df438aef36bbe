//! The header of an XML document: business document header (SBDH) and master data.

use super::event::{EventWriter, Layout};
use super::names::Names;
use crate::event::{Extension, ExtensionValue};
use crate::read::{BusinessHeader, MasterDataAttribute, MasterDataElement, Partner};
use crate::write::DocumentHeader;

const SBDH: &str = "http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader";

impl EventWriter<'_, '_> {
    /// `EPCISHeader`, when there is anything to say in it.
    pub(super) fn header(&mut self, header: &DocumentHeader) {
        let foreign: &[Extension] = match self.layout {
            Layout::V20 => &[],
            Layout::V12 => &header.header_extensions,
        };
        let is_known = header.business_header.is_some()
            || header.sender.is_some()
            || header.receiver.is_some();
        // The schema of 1.2 wants a business document header in every header.
        let has_business = match self.layout {
            Layout::V20 => is_known,
            Layout::V12 => is_known || !header.master_data.is_empty() || !foreign.is_empty(),
        };
        if !has_business && header.master_data.is_empty() {
            return;
        }
        self.page.open("EPCISHeader");
        if has_business {
            match &header.business_header {
                Some(business) => self.business_header(business, header),
                None => self.business_header(&built(header), header),
            }
        }
        if !header.master_data.is_empty() {
            self.page.push("<extension><EPCISMasterData>");
            self.vocabularies(&header.master_data);
            self.page.push("</EPCISMasterData></extension>");
        }
        self.standing_alone(foreign);
        self.page.close("EPCISHeader");
    }

    /// Fields outside of events, each with its own prefixes.
    pub(super) fn standing_alone(&mut self, fields: &[Extension]) {
        for field in fields {
            self.names = Names::default();
            self.names.take(std::slice::from_ref(field));
            self.foreign_field_alone(field);
        }
    }

    fn business_header(&mut self, business: &BusinessHeader, header: &DocumentHeader) {
        let or = |text: &Option<String>, other: &str| text.clone().unwrap_or(other.to_owned());
        self.page.push("<sbdh:StandardBusinessDocumentHeader");
        self.page.attribute("xmlns:sbdh", SBDH);
        self.page.push(">");
        self.page.leaf("sbdh:HeaderVersion", &or(&business.header_version, "1.0"));
        self.partners("sbdh:Sender", &business.senders);
        self.partners("sbdh:Receiver", &business.receivers);
        self.page.open("sbdh:DocumentIdentification");
        let made = header.creation_date.to_string();
        let instance = business.instance_identifier.as_ref().or(header.id.as_ref());
        self.page.leaf("sbdh:Standard", &or(&business.standard, "EPCglobal"));
        self.page.leaf("sbdh:TypeVersion", &or(&business.type_version, "1.0"));
        self.page.leaf("sbdh:InstanceIdentifier", instance.unwrap_or(&made));
        self.page.leaf("sbdh:Type", &or(&business.kind, "Events"));
        let time = business.creation_time.as_ref().filter(|time| is_time(time));
        self.page.leaf("sbdh:CreationDateAndTime", time.unwrap_or(&made));
        self.page.close("sbdh:DocumentIdentification");
        self.page.close("sbdh:StandardBusinessDocumentHeader");
    }

    /// The schema wants at least one sender and receiver; one that is not known has no text.
    fn partners(&mut self, name: &str, partners: &[Partner]) {
        let unknown = [Partner::default()];
        let partners = if partners.is_empty() { &unknown[..] } else { partners };
        for partner in partners {
            self.page.open(name);
            self.page.push("<sbdh:Identifier");
            if let Some(authority) = &partner.authority {
                self.page.attribute("Authority", authority);
            }
            self.page.push(">");
            self.page.text(&partner.identifier);
            self.page.close("sbdh:Identifier");
            if partner.contact.is_some() || partner.email.is_some() {
                self.page.open("sbdh:ContactInformation");
                self.page.leaf("sbdh:Contact", partner.contact.as_deref().unwrap_or_default());
                if let Some(email) = &partner.email {
                    self.page.leaf("sbdh:EmailAddress", email);
                }
                self.page.close("sbdh:ContactInformation");
            }
            self.page.close(name);
        }
    }

    /// `VocabularyList`: neighbours of one vocabulary in one list.
    pub(in crate::write) fn vocabularies(&mut self, elements: &[MasterDataElement]) {
        self.page.open("VocabularyList");
        for vocabulary in elements.chunk_by(|one, next| one.vocabulary == next.vocabulary) {
            let Some(first) = vocabulary.first() else { continue };
            self.page.push("<Vocabulary");
            self.page.attribute("type", &first.vocabulary);
            self.page.push("><VocabularyElementList>");
            vocabulary.iter().for_each(|element| self.vocabulary_element(element));
            self.page.push("</VocabularyElementList></Vocabulary>");
        }
        self.page.close("VocabularyList");
    }

    fn vocabulary_element(&mut self, element: &MasterDataElement) {
        self.page.push("<VocabularyElement");
        self.page.attribute("id", &element.id);
        self.page.push(">");
        element.attributes.iter().for_each(|attribute| self.vocabulary_attribute(attribute));
        if !element.children.is_empty() {
            self.page.open("children");
            element.children.iter().for_each(|child| self.page.leaf("id", child));
            self.page.close("children");
        }
        self.page.close("VocabularyElement");
    }

    fn vocabulary_attribute(&mut self, attribute: &MasterDataAttribute) {
        self.names = Names::default();
        let nested: &[Extension] = match &attribute.value {
            ExtensionValue::Nested(fields) => fields,
            _ => &[],
        };
        self.names.take(nested);
        self.page.push("<attribute");
        self.page.attribute("id", &attribute.id);
        self.declarations();
        self.page.push(">");
        match &attribute.value {
            ExtensionValue::Text(text) => self.page.text(text),
            ExtensionValue::Number(number) => self.page.text(number.as_str()),
            ExtensionValue::Boolean(value) => self.page.text(&value.to_string()),
            ExtensionValue::Nested(fields) => self.any_fields(fields),
        }
        self.page.close("attribute");
    }
}

/// The business document header that sender and receiver make.
fn built(header: &DocumentHeader) -> BusinessHeader {
    let partner = |identifier: &Option<String>| {
        let identifier = identifier.clone()?;
        let is_sgln = identifier.starts_with("urn:epc:id:sgln:");
        let authority = is_sgln.then(|| "SGLN".to_owned());
        Some(Partner { identifier, authority, ..Partner::default() })
    };
    BusinessHeader {
        senders: partner(&header.sender).into_iter().collect(),
        receivers: partner(&header.receiver).into_iter().collect(),
        ..BusinessHeader::default()
    }
}

/// Whether the text is a time of XML Schema.
fn is_time(text: &str) -> bool {
    text.parse::<jiff::Timestamp>().is_ok() || text.parse::<jiff::civil::DateTime>().is_ok()
}
