//! Events: one type for each kind, never one bag of fields (EPCIS 2.0, section 7.4).

mod dimensions;
mod extension;
mod label;
mod number;
mod offset;
mod sensor;
mod sensor_fields;

use theriac_gs1::Epc;

use crate::vocabulary::{Action, BizStep, Disposition};

pub use dimensions::{
    BizTransaction, Common, Destination, ErrorDeclaration, Location, PersistentDisposition,
    QuantityElement, Source,
};
pub(crate) use extension::group;
pub use extension::{Attribute, Extension, ExtensionValue};
pub use number::{Number, NumberError};
pub use offset::{Offset, OffsetError};
pub use sensor::{SensorElement, SensorMetadata, SensorReport};
pub(crate) use sensor_fields::{COMPONENT, GS1_VOCABULARY, SensorValue};

/// Something that happened to objects: who did what, when, where and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Something happened to objects (section 7.4.2).
    Object(ObjectEvent),
    /// Objects were put into, seen in, or taken out of a container (section 7.4.3).
    Aggregation(AggregationEvent),
    /// Objects were fixed to, seen at, or taken off an asset (section 7.4.6).
    Association(AssociationEvent),
    /// Objects were linked with business documents (section 7.4.4).
    Transaction(TransactionEvent),
    /// Inputs were consumed and outputs made of them (section 7.4.5).
    Transformation(TransformationEvent),
}

/// Something happened to one or more objects (EPCIS 2.0, section 7.4.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectEvent {
    /// When, where and why.
    pub common: Common,
    /// What happened to the objects' life.
    pub action: Action,
    /// The objects, one by one.
    pub epc_list: Vec<Epc>,
    /// The objects by class and quantity.
    pub quantity_list: Vec<QuantityElement>,
    /// Instance or lot master data; only when the objects begin their life.
    pub ilmd: Vec<Extension>,
}

/// Objects and the container that holds them (EPCIS 2.0, section 7.4.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AggregationEvent {
    /// When, where and why.
    pub common: Common,
    /// Whether the children were put in, seen, or taken out.
    pub action: Action,
    /// The container; may only be absent when it was observed without being identified.
    pub parent_id: Option<Epc>,
    /// The contained objects, one by one. Empty with `DELETE`: all of them.
    pub child_epcs: Vec<Epc>,
    /// The contained objects by class and quantity.
    pub child_quantity_list: Vec<QuantityElement>,
}

/// Objects and the asset that they are fixed to (EPCIS 2.0, section 7.4.6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssociationEvent {
    /// When, where and why.
    pub common: Common,
    /// Whether the children were fixed, seen, or taken off.
    pub action: Action,
    /// The asset. The standard always wants it; a reader keeps an event without it.
    pub parent_id: Option<Epc>,
    /// The objects, one by one. Empty with `DELETE`: all of them.
    pub child_epcs: Vec<Epc>,
    /// The objects by class and quantity.
    pub child_quantity_list: Vec<QuantityElement>,
}

/// Objects and the business documents they belong to (EPCIS 2.0, section 7.4.4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransactionEvent {
    /// When, where and why; the business documents are in `biz_transactions`.
    pub common: Common,
    /// Whether the link was made, seen, or ended.
    pub action: Action,
    /// The container of the objects.
    pub parent_id: Option<Epc>,
    /// The objects, one by one. Empty with `DELETE`: all of them.
    pub epc_list: Vec<Epc>,
    /// The objects by class and quantity.
    pub quantity_list: Vec<QuantityElement>,
}

/// Inputs consumed and outputs made of them (EPCIS 2.0, section 7.4.5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransformationEvent {
    /// When, where and why.
    pub common: Common,
    /// What was consumed, one by one.
    pub input_epcs: Vec<Epc>,
    /// What was consumed, by class and quantity.
    pub input_quantities: Vec<QuantityElement>,
    /// What was made, one by one.
    pub output_epcs: Vec<Epc>,
    /// What was made, by class and quantity.
    pub output_quantities: Vec<QuantityElement>,
    /// Links the events of a transformation that was recorded in several; an absolute URI.
    pub transformation_id: Option<String>,
    /// Instance or lot master data of the outputs.
    pub ilmd: Vec<Extension>,
}

impl Event {
    /// When, where and why: what all kinds share.
    #[must_use]
    pub fn common(&self) -> &Common {
        match self {
            Self::Object(event) => &event.common,
            Self::Aggregation(event) => &event.common,
            Self::Association(event) => &event.common,
            Self::Transaction(event) => &event.common,
            Self::Transformation(event) => &event.common,
        }
    }

    /// When, where and why, to change.
    pub fn common_mut(&mut self) -> &mut Common {
        match self {
            Self::Object(event) => &mut event.common,
            Self::Aggregation(event) => &mut event.common,
            Self::Association(event) => &mut event.common,
            Self::Transaction(event) => &mut event.common,
            Self::Transformation(event) => &mut event.common,
        }
    }

    /// The kind as the standard names it, such as `ObjectEvent`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Object(_) => "ObjectEvent",
            Self::Aggregation(_) => "AggregationEvent",
            Self::Association(_) => "AssociationEvent",
            Self::Transaction(_) => "TransactionEvent",
            Self::Transformation(_) => "TransformationEvent",
        }
    }

    /// The action; a transformation has none.
    #[must_use]
    pub fn action(&self) -> Option<Action> {
        match self {
            Self::Object(event) => Some(event.action),
            Self::Aggregation(event) => Some(event.action),
            Self::Association(event) => Some(event.action),
            Self::Transaction(event) => Some(event.action),
            Self::Transformation(_) => None,
        }
    }

    /// The business step.
    #[must_use]
    pub fn biz_step(&self) -> Option<&BizStep> {
        self.common().biz_step.as_ref()
    }

    /// The disposition of the objects after the event.
    #[must_use]
    pub fn disposition(&self) -> Option<&Disposition> {
        self.common().disposition.as_ref()
    }

    /// The container or asset.
    #[must_use]
    pub fn parent_id(&self) -> Option<&Epc> {
        match self {
            Self::Aggregation(event) => event.parent_id.as_ref(),
            Self::Association(event) => event.parent_id.as_ref(),
            Self::Transaction(event) => event.parent_id.as_ref(),
            Self::Object(_) | Self::Transformation(_) => None,
        }
    }

    /// Every object that the event names one by one: list, parent, children, inputs, outputs.
    pub fn epcs(&self) -> impl Iterator<Item = &Epc> {
        let (first, second): (&[Epc], &[Epc]) = match self {
            Self::Object(event) => (&event.epc_list, &[]),
            Self::Aggregation(event) => (&event.child_epcs, &[]),
            Self::Association(event) => (&event.child_epcs, &[]),
            Self::Transaction(event) => (&event.epc_list, &[]),
            Self::Transformation(event) => (&event.input_epcs, &event.output_epcs),
        };
        self.parent_id().into_iter().chain(first).chain(second)
    }

    /// Every class and quantity that the event names.
    pub fn quantities(&self) -> impl Iterator<Item = &QuantityElement> {
        let (first, second): (&[QuantityElement], &[QuantityElement]) = match self {
            Self::Object(event) => (&event.quantity_list, &[]),
            Self::Aggregation(event) => (&event.child_quantity_list, &[]),
            Self::Association(event) => (&event.child_quantity_list, &[]),
            Self::Transaction(event) => (&event.quantity_list, &[]),
            Self::Transformation(event) => (&event.input_quantities, &event.output_quantities),
        };
        first.iter().chain(second)
    }

    /// Instance or lot master data; empty for kinds that have none.
    #[must_use]
    pub fn ilmd(&self) -> &[Extension] {
        match self {
            Self::Object(event) => &event.ilmd,
            Self::Transformation(event) => &event.ilmd,
            Self::Aggregation(_) | Self::Association(_) | Self::Transaction(_) => &[],
        }
    }
}

impl serde::Serialize for Event {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        crate::write::to_json(self).serialize(serializer)
    }
}

impl<'de> serde::Deserialize<'de> for Event {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = serde_json::Value::deserialize(deserializer)?;
        crate::build::event_from_json(&value).map_err(serde::de::Error::custom)
    }
}
