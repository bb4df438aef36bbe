//! Conditions on the master data of what an event names: `HASATTR_` and `EQATTR_`.

use theriac_epcis::{Event, ExtensionValue};

use super::{Field, FieldTest};
use crate::master_data::{MasterData, vocabulary};
use crate::plan::canonical_uri;

/// A field whose values may have master data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum AttributeField {
    BizStep,
    Disposition,
    ReadPoint,
    BizLocation,
    BizTransaction,
    EpcClass,
    Source,
    Destination,
    Extension(Field),
}

impl AttributeField {
    /// The standard fields by name.
    pub(crate) const STANDARD: &'static [(&'static str, Self)] = &[
        ("bizStep", Self::BizStep),
        ("disposition", Self::Disposition),
        ("readPoint", Self::ReadPoint),
        ("bizLocation", Self::BizLocation),
        ("bizTransaction", Self::BizTransaction),
        ("epcClass", Self::EpcClass),
        ("source", Self::Source),
        ("destination", Self::Destination),
    ];

    /// The vocabularies that describe the field; none: any.
    fn vocabularies(&self) -> &'static [&'static str] {
        match self {
            Self::BizStep => &[vocabulary::BUSINESS_STEP],
            Self::Disposition => &[vocabulary::DISPOSITION],
            Self::ReadPoint => &[vocabulary::READ_POINT, vocabulary::LOCATION],
            Self::BizLocation => &[vocabulary::BUSINESS_LOCATION, vocabulary::LOCATION],
            Self::BizTransaction => &[vocabulary::BUSINESS_TRANSACTION],
            Self::EpcClass => &[vocabulary::EPC_CLASS],
            Self::Source | Self::Destination => {
                &[vocabulary::SOURCE_DEST, vocabulary::PARTY, vocabulary::LOCATION]
            }
            Self::Extension(_) => &[],
        }
    }

    /// The canonical texts of the field's values.
    fn values(&self, event: &Event) -> Vec<String> {
        let common = event.common();
        match self {
            Self::BizStep => common.biz_step.iter().map(|step| step.word().to_owned()).collect(),
            Self::Disposition => {
                common.disposition.iter().map(|word| word.word().to_owned()).collect()
            }
            Self::ReadPoint => common.read_point.iter().map(|at| at.id.to_string()).collect(),
            Self::BizLocation => common.biz_location.iter().map(|at| at.id.to_string()).collect(),
            Self::BizTransaction => {
                common.biz_transactions.iter().map(|entry| canonical_uri(&entry.id)).collect()
            }
            Self::EpcClass => {
                event.quantities().map(|element| element.epc_class.to_string()).collect()
            }
            Self::Source => common.sources.iter().map(|entry| entry.id.to_string()).collect(),
            Self::Destination => {
                common.destinations.iter().map(|entry| entry.id.to_string()).collect()
            }
            Self::Extension(field) => extension_values(field, event),
        }
    }
}

fn extension_values(field: &Field, event: &Event) -> Vec<String> {
    let extensions = event.common().extensions.iter();
    extensions
        .filter(|found| field.is(&found.namespace, &found.name))
        .filter_map(|found| found.as_text().map(canonical_uri))
        .collect()
}

/// Whether master data gives one value of the field one of these attributes.
pub(super) fn has(
    field: &AttributeField,
    names: &[String],
    event: &Event,
    master_data: &dyn MasterData,
) -> bool {
    any_attribute(field, names, event, master_data, |_| true)
}

/// Whether master data gives one value of the field this attribute with a wanted value.
pub(super) fn equals(
    field: &AttributeField,
    name: &str,
    test: &FieldTest,
    event: &Event,
    master_data: &dyn MasterData,
) -> bool {
    let names = [name.to_owned()];
    any_attribute(field, &names, event, master_data, |value| test.holds_of(value))
}

fn any_attribute(
    field: &AttributeField,
    names: &[String],
    event: &Event,
    master_data: &dyn MasterData,
    wanted: impl Fn(&ExtensionValue) -> bool,
) -> bool {
    field.values(event).iter().any(|id| {
        names.iter().any(|name| {
            master_data.attribute(field.vocabularies(), id, name).into_iter().any(&wanted)
        })
    })
}
