//! One function for each kind of event.

use super::builder::{Builder, Fields};
use crate::event::{
    AggregationEvent, AssociationEvent, Event, ObjectEvent, TransactionEvent, TransformationEvent,
};
use crate::event::{Extension, QuantityElement};
use crate::read::ReadError;
use crate::tree::Element;
use crate::vocabulary::Action;
use crate::write::ONTOLOGY;

const KINDS: &[&str] = &[
    "ObjectEvent",
    "AggregationEvent",
    "AssociationEvent",
    "TransactionEvent",
    "TransformationEvent",
    "QuantityEvent",
];

/// The kind of an event, without the prefix or namespace that JSON-LD may give it.
pub(crate) fn plain_kind(kind: &str) -> &str {
    kind.strip_prefix("epcis:").or_else(|| kind.strip_prefix(ONTOLOGY)).unwrap_or(kind)
}

/// Whether this names a kind of event (`QuantityEvent`: of EPCIS 1.x only).
pub(crate) fn is_kind(name: &str) -> bool {
    KINDS.contains(&name)
}

impl<'e> Builder<'e> {
    /// The event of a tree: the kind is the element's name (XML) or its `type` (JSON).
    pub(crate) fn event(&mut self, element: &'e Element<'e>) -> Result<Event, ReadError> {
        let fields = self.fields(element);
        let kind = self.kind(element, &fields)?;
        match kind {
            "ObjectEvent" => self.object(&fields).map(Event::Object),
            "AggregationEvent" => self.aggregation(&fields).map(Event::Aggregation),
            "AssociationEvent" => self.association(&fields).map(Event::Association),
            "TransactionEvent" => self.transaction(&fields).map(Event::Transaction),
            "TransformationEvent" => self.transformation(&fields).map(Event::Transformation),
            "QuantityEvent" => self.quantity_event(&fields).map(Event::Object),
            _ => {
                let expected = "ObjectEvent, AggregationEvent, AssociationEvent, \
                                TransactionEvent or TransformationEvent";
                Err(ReadError::new("type", expected, &format!("{kind:?}")))
            }
        }
    }

    fn kind(
        &mut self,
        element: &'e Element<'e>,
        fields: &Fields<'e>,
    ) -> Result<&'e str, ReadError> {
        if !element.name.is_empty() {
            return Ok(&element.name);
        }
        for name in ["type", "@type", "isA"] {
            if let Some(kind) = self.text(fields, name)? {
                return Ok(plain_kind(kind));
            }
        }
        Err(ReadError::new("type", "the kind of the event", "nothing"))
    }

    fn object(&mut self, fields: &Fields<'e>) -> Result<ObjectEvent, ReadError> {
        const OWN: &[&str] = &["action", "epcList", "quantityList", "ilmd"];
        Ok(ObjectEvent {
            action: self.action(fields)?,
            common: self.common(fields, OWN)?,
            epc_list: self.epc_list(fields, "epcList")?,
            quantity_list: self.quantities(fields, "quantityList")?,
            ilmd: self.ilmd(fields)?,
        })
    }

    fn aggregation(&mut self, fields: &Fields<'e>) -> Result<AggregationEvent, ReadError> {
        const OWN: &[&str] = &["action", "parentID", "childEPCs", "childQuantityList"];
        Ok(AggregationEvent {
            action: self.action(fields)?,
            common: self.common(fields, OWN)?,
            parent_id: self.epc_field(fields, "parentID")?,
            child_epcs: self.epc_list(fields, "childEPCs")?,
            child_quantity_list: self.quantities(fields, "childQuantityList")?,
        })
    }

    fn association(&mut self, fields: &Fields<'e>) -> Result<AssociationEvent, ReadError> {
        let AggregationEvent { common, action, parent_id, child_epcs, child_quantity_list } =
            self.aggregation(fields)?;
        Ok(AssociationEvent { common, action, parent_id, child_epcs, child_quantity_list })
    }

    fn transaction(&mut self, fields: &Fields<'e>) -> Result<TransactionEvent, ReadError> {
        const OWN: &[&str] = &["action", "parentID", "epcList", "quantityList"];
        Ok(TransactionEvent {
            action: self.action(fields)?,
            common: self.common(fields, OWN)?,
            parent_id: self.epc_field(fields, "parentID")?,
            epc_list: self.epc_list(fields, "epcList")?,
            quantity_list: self.quantities(fields, "quantityList")?,
        })
    }

    fn transformation(&mut self, fields: &Fields<'e>) -> Result<TransformationEvent, ReadError> {
        const OWN: &[&str] = &[
            "inputEPCList",
            "inputQuantityList",
            "outputEPCList",
            "outputQuantityList",
            "transformationID",
            "ilmd",
        ];
        Ok(TransformationEvent {
            common: self.common(fields, OWN)?,
            input_epcs: self.epc_list(fields, "inputEPCList")?,
            input_quantities: self.quantities(fields, "inputQuantityList")?,
            output_epcs: self.epc_list(fields, "outputEPCList")?,
            output_quantities: self.quantities(fields, "outputQuantityList")?,
            transformation_id: self.string(fields, "transformationID")?,
            ilmd: self.ilmd(fields)?,
        })
    }

    /// A quantity event of EPCIS 1.x is an object event that observes a quantity (EPCIS 1.1,
    /// section 7.4.7).
    fn quantity_event(&mut self, fields: &Fields<'e>) -> Result<ObjectEvent, ReadError> {
        const OWN: &[&str] = &["epcClass", "quantity"];
        self.repair("QuantityEvent", "ObjectEvent with action OBSERVE and a quantity");
        let Some(epc_class) = self.epc_field(fields, "epcClass")? else {
            return Err(self.error("epcClass", "nothing"));
        };
        let quantity = self.number(fields, "quantity")?;
        Ok(ObjectEvent {
            action: Action::Observe,
            common: self.common(fields, OWN)?,
            epc_list: Vec::new(),
            quantity_list: vec![QuantityElement { epc_class, quantity, uom: None }],
            ilmd: Vec::new(),
        })
    }

    fn ilmd(&mut self, fields: &Fields<'e>) -> Result<Vec<Extension>, ReadError> {
        let mut inner = Fields::new();
        for ilmd in fields.iter().filter(|field| field.is("ilmd")) {
            inner.extend(self.fields(ilmd));
        }
        self.at("ilmd", |builder| builder.extensions(&inner, &[]))
    }
}
