//! What a subscription's row says about its deliveries beside its columns: when, and in which form.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use theriac_epcis::{DocumentFormat, EpcFormat};

use crate::query::{Schedule, ScheduleError};

/// The form of what a receiver is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum PayloadForm {
    /// An `EPCISQueryDocument` in JSON-LD of EPCIS 2.0; errors as `application/problem+json`.
    #[default]
    #[serde(rename = "json")]
    Json,
    /// An `EPCISQueryDocument` in XML of EPCIS 2.0; errors within one.
    #[serde(rename = "xml")]
    Xml,
    /// An `EPCISQueryDocument` in XML of EPCIS 1.2 (its section 11.2); errors within one.
    #[serde(rename = "xml-1.2")]
    Xml12,
}

impl PayloadForm {
    /// The format of its documents.
    pub(super) fn format(self) -> DocumentFormat {
        match self {
            Self::Json => DocumentFormat::Json,
            Self::Xml => DocumentFormat::Xml,
            Self::Xml12 => DocumentFormat::Xml12,
        }
    }
}

/// The `controls` of a subscription that the engine reads; others in the same object are left to
/// whoever wrote them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DeliveryControls {
    /// When to deliver, as [`Schedule::read`] reads it; absent: whenever an event comes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schedule: Option<Map<String, Value>>,
    /// The form of what is sent.
    pub form: PayloadForm,
    /// The form of EPCs, one of the words of the header `GS1-EPC-Format`; absent: Digital Links.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub epc_format: Option<String>,
    /// What the messages name as their query, where that is not the named query on record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query_name: Option<String>,
}

impl DeliveryControls {
    /// Reads the `controls` of a row.
    ///
    /// # Errors
    ///
    /// What serde says.
    pub fn read(controls: &Value) -> Result<Self, serde_json::Error> {
        Self::deserialize(controls)
    }

    /// When to deliver; `None`: whenever an event comes.
    ///
    /// # Errors
    ///
    /// [`ScheduleError`].
    pub fn when(&self) -> Result<Option<Schedule>, ScheduleError> {
        self.schedule.as_ref().map(Schedule::read).transpose()
    }

    /// The form of EPCs.
    pub fn epcs(&self) -> EpcFormat {
        match self.epc_format.as_deref() {
            None | Some("Always_GS1_Digital_Link") => EpcFormat::DigitalLink,
            Some("Always_EPC_URN") => EpcFormat::Urn,
            Some(_) => EpcFormat::AsRead,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_controls_of_a_row_are_read() {
        let streamed = DeliveryControls::read(&json!({"stream": true})).unwrap();
        assert_eq!(streamed, DeliveryControls::default());
        assert_eq!((streamed.when(), streamed.epcs()), (Ok(None), EpcFormat::DigitalLink));
        let row =
            json!({"schedule": {"hour": "1"}, "form": "xml-1.2", "epcFormat": "Always_EPC_URN"});
        let controls = DeliveryControls::read(&row).unwrap();
        assert_eq!((controls.form, controls.epcs()), (PayloadForm::Xml12, EpcFormat::Urn));
        assert!(controls.when().unwrap().is_some());
        assert!(DeliveryControls::read(&json!({"form": "pdf"})).is_err());
        assert!(
            DeliveryControls::read(&json!({"schedule": {"hour": "25"}})).unwrap().when().is_err()
        );
    }
}
