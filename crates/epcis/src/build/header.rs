//! Builds what a document's header holds: master data, the business header, extensions.

use super::builder::Builder;
use super::{Context, Repair};
use crate::event::{Extension, ExtensionValue};
use crate::read::{BusinessHeader, MasterDataAttribute, MasterDataElement, Partner};
use crate::tree::{Element, Scalar, Shape};

/// One element of a vocabulary, of JSON or XML, and what was repaired to read it.
pub(crate) fn master_data(
    vocabulary: &str,
    element: &Element<'_>,
    context: &Context,
) -> (MasterDataElement, Vec<Repair>) {
    let mut builder = Builder::new(context, Vec::new());
    let mut attributes = Vec::new();
    let mut children = Vec::new();
    for child in &element.children {
        match &*child.name {
            "attributes" if child.shape == Shape::List => {
                attributes.extend(child.children.iter().map(|item| attribute(&mut builder, item)));
            }
            "attribute" => attributes.push(attribute(&mut builder, child)),
            "children" => {
                children.extend(child.items("id").filter_map(Element::text).map(str::to_owned));
            }
            _ => {}
        }
    }
    let (vocabulary, id) = (vocabulary.to_owned(), text(element, "id").unwrap_or_default());
    (MasterDataElement { vocabulary, id, attributes, children }, builder.into_repairs())
}

/// JSON: `{"id": …, "attribute": …}`; XML: `<attribute id="…">…</attribute>`.
fn attribute<'e>(builder: &mut Builder<'e>, item: &'e Element<'e>) -> MasterDataAttribute {
    let id = text(item, "id").unwrap_or_default();
    let inner = item.children.iter().find(|child| child.is("attribute"));
    let value = match inner.filter(|inner| inner.shape != Shape::Attribute) {
        Some(inner) => inner,
        None => item,
    };
    let elements = value.children.iter().any(|child| child.shape != Shape::Attribute);
    let value = match (elements, &value.scalar) {
        (true, _) => {
            let fields: Vec<&Element<'_>> =
                value.children.iter().filter(|child| child.shape != Shape::Attribute).collect();
            builder.extensions(&fields, &[]).map(ExtensionValue::Nested)
        }
        (false, Scalar::Empty) => Ok(ExtensionValue::Text(String::new())),
        (false, _) => builder.extension_value(value).map(|(value, _)| value),
    };
    // A number beyond what a double holds stays the text that the document has.
    let value = value.unwrap_or_else(|error| ExtensionValue::Text(error.found));
    MasterDataAttribute { id, value }
}

/// Fields of other vocabularies in a header or around the events.
pub(crate) fn header_extensions(
    field: &Element<'_>,
    context: &Context,
) -> (Vec<Extension>, Vec<Repair>) {
    let mut builder = Builder::new(context, Vec::new());
    let extensions = builder.extensions(&[field], &[]).unwrap_or_default();
    (extensions, builder.into_repairs())
}

/// The business document header of its tree, in whatever namespace it was written.
pub(crate) fn business_header(element: &Element<'_>) -> BusinessHeader {
    let mut header = BusinessHeader {
        header_version: local(element, "HeaderVersion"),
        ..BusinessHeader::default()
    };
    for child in &element.children {
        match &*child.name {
            "Sender" => header.senders.push(partner(child)),
            "Receiver" => header.receivers.push(partner(child)),
            "DocumentIdentification" => {
                header.standard = local(child, "Standard");
                header.type_version = local(child, "TypeVersion");
                header.instance_identifier = local(child, "InstanceIdentifier");
                header.kind = local(child, "Type");
                header.creation_time = local(child, "CreationDateAndTime");
            }
            _ => {}
        }
    }
    header
}

fn partner(element: &Element<'_>) -> Partner {
    let find = |name: &str| element.children.iter().find(|child| child.name == name);
    let identifier = find("Identifier");
    let contact = find("ContactInformation");
    Partner {
        identifier: identifier.and_then(Element::text).unwrap_or_default().to_owned(),
        authority: identifier.and_then(|identifier| local(identifier, "Authority")),
        contact: contact.and_then(|contact| local(contact, "Contact")),
        email: contact.and_then(|contact| local(contact, "EmailAddress")),
    }
}

/// The text of the child of this local name.
fn local(element: &Element<'_>, name: &str) -> Option<String> {
    let child = element.children.iter().find(|child| child.name == name)?;
    child.text().map(str::to_owned)
}

/// The text of the standard's field of this name.
fn text(element: &Element<'_>, name: &str) -> Option<String> {
    let field = element.children.iter().find(|child| child.is(name))?;
    field.text().map(str::to_owned)
}
