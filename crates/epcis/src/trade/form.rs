//! How a partner wants its documents: format, release of the guideline, namespace of labels.

use serde::{Deserialize, Serialize};

use super::{GS1_US, Guideline, ILMD};
use crate::event::{Event, Extension};
use crate::hash::event_hash;
use crate::write::DocumentFormat;

/// The namespace in which lot and expiry are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LabelForm {
    /// `urn:epcglobal:cbv:mda`, as the CBV has them.
    #[default]
    Cbv,
    /// `http://epcis.gs1us.org/hc/ns`, as older systems have them.
    Gs1ushc,
}

/// How a document is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DocumentForm {
    /// Its format.
    pub format: DocumentFormat,
    /// The release of the GS1 US guideline.
    pub guideline: Guideline,
    /// The namespace of lot and expiry.
    pub labels: LabelForm,
}

/// Instance and lot master data, as the context of EPCIS 2.0 in JSON declares its prefix.
const ILMD_JSON: &str = "urn:epcglobal:cbv:mda:";

const LABELS: [&str; 2] = ["lotNumber", "itemExpirationDate"];

impl DocumentForm {
    /// The event in this form; one that says something else then loses its `eventID`.
    pub(super) fn apply(&self, event: &mut Event) {
        let before = event_hash(event);
        let namespace = match (self.labels, self.format) {
            (LabelForm::Gs1ushc, _) => GS1_US,
            (LabelForm::Cbv, DocumentFormat::Json) => ILMD_JSON,
            (LabelForm::Cbv, DocumentFormat::Xml | DocumentFormat::Xml12) => ILMD,
        };
        let ilmd: &mut [Extension] = match event {
            Event::Object(event) => &mut event.ilmd,
            Event::Transformation(event) => &mut event.ilmd,
            _ => return,
        };
        for field in ilmd.iter_mut() {
            let is_label = LABELS.contains(&&*field.name);
            if is_label && [GS1_US, ILMD, ILMD_JSON].contains(&&*field.namespace) {
                namespace.clone_into(&mut field.namespace);
            }
        }
        if event_hash(event) != before {
            event.common_mut().event_id = None;
        }
    }

    /// The shipping event in this form: from R1.3 on it must say whether it is a drop shipment.
    pub(super) fn apply_to_shipping(&self, event: &mut Event) {
        self.apply(event);
        let common = event.common_mut();
        let says = |field: &Extension| field.namespace == GS1_US && field.name == DROP_SHIPMENT;
        if self.guideline == Guideline::R13 && !common.extensions.iter().any(says) {
            common.extensions.push(Extension::text(GS1_US, DROP_SHIPMENT, "false"));
            common.event_id = None;
        }
    }
}

const DROP_SHIPMENT: &str = "dropShipment";
