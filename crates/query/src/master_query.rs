//! `SimpleMasterDataQuery` (EPCIS 2.0, section 8.2.7.2).

use serde_json::{Map, Value};
use theriac_epcis::MasterDataElement;

use crate::condition::FieldTest;
use crate::error::QueryError;
use crate::limits::PARAMETERS_MAX;
use crate::master_data::{MasterData, canonical_id, is_same_attribute};
use crate::namespaces::Namespaces;
use crate::parameter::{Given, from_json_values, from_pair_values};
use crate::value::ParamValue;

/// The name of the query in error messages.
const QUERY: &str = "SimpleMasterDataQuery";

/// A `SimpleMasterDataQuery`, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MasterDataQuery {
    conditions: Vec<Condition>,
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

#[derive(Debug, Clone, PartialEq, Eq)]
enum Condition {
    Vocabularies(Vec<String>),
    Names(Vec<String>),
    NamesWithDescendants(Vec<String>),
    HasAttribute(Vec<String>),
    AttributeEquals(String, FieldTest),
}

impl MasterDataQuery {
    /// Reads the parameters of a JSON object.
    ///
    /// # Errors
    ///
    /// [`QueryError`] when a parameter is unknown, wrong or missing.
    pub fn from_json(query: &Map<String, Value>) -> Result<Self, QueryError> {
        Self::read(&from_json_values(query)?)
    }

    /// Reads the decoded pairs of a query string.
    ///
    /// # Errors
    ///
    /// [`QueryError`] when a parameter is unknown, wrong or missing.
    pub fn from_pairs(pairs: &[(String, String)]) -> Result<Self, QueryError> {
        Self::read(&from_pair_values(pairs))
    }

    /// Reads the parameters of a SOAP request.
    ///
    /// # Errors
    ///
    /// [`QueryError`] when a parameter is unknown, wrong or missing.
    pub fn from_soap(parameters: &[(String, ParamValue)]) -> Result<Self, QueryError> {
        Self::read(parameters)
    }

    fn read(parameters: &[(String, ParamValue)]) -> Result<Self, QueryError> {
        if parameters.len() > PARAMETERS_MAX {
            let found = parameters.len();
            return Err(QueryError::TooComplex {
                what: "parameters",
                limit: PARAMETERS_MAX,
                found,
            });
        }
        let namespaces = Namespaces::new();
        let mut draft = Draft::default();
        let mut seen = std::collections::HashSet::new();
        for (name, value) in parameters {
            if !seen.insert(name.as_str()) {
                return Err(QueryError::Repeated { parameter: name.clone() });
            }
            draft.take(&Given { parameter: name, value, namespaces: &namespaces })?;
        }
        draft.finish()
    }

    /// Whether the query selects this element.
    #[must_use]
    pub fn matches(&self, element: &MasterDataElement, master_data: &dyn MasterData) -> bool {
        self.conditions.iter().all(|condition| condition.holds(element, master_data))
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

impl MasterDataView {
    /// The element as it is told: without what the query leaves out.
    #[must_use]
    pub fn of(&self, element: &MasterDataElement) -> MasterDataElement {
        let mut told = element.clone();
        match (&self.attribute_names, self.attributes) {
            (_, false) => told.attributes.clear(),
            (None, true) => {}
            (Some(names), true) => told.attributes.retain(|attribute| {
                names.iter().any(|name| is_same_attribute(&attribute.id, name))
            }),
        }
        if !self.children {
            told.children.clear();
        }
        told
    }
}

/// What is read so far of a query.
#[derive(Default)]
struct Draft {
    conditions: Vec<Condition>,
    attributes: Option<bool>,
    attribute_names: Option<Vec<String>>,
    children: Option<bool>,
    max_element_count: Option<u64>,
}

impl Draft {
    fn take(&mut self, given: &Given<'_>) -> Result<(), QueryError> {
        let condition = match given.parameter {
            "includeAttributes" => {
                self.attributes = Some(given.truth()?);
                return Ok(());
            }
            "includeChildren" => {
                self.children = Some(given.truth()?);
                return Ok(());
            }
            "attributeNames" => {
                self.attribute_names = Some(given.texts()?.to_vec());
                return Ok(());
            }
            "maxElementCount" => {
                self.max_element_count = Some(given.count()?);
                return Ok(());
            }
            "vocabularyName" => Condition::Vocabularies(given.texts()?.to_vec()),
            "EQ_name" => Condition::Names(given.texts()?.to_vec()),
            "WD_name" => Condition::NamesWithDescendants(given.texts()?.to_vec()),
            "HASATTR" => Condition::HasAttribute(given.texts()?.to_vec()),
            other => {
                let name = other.strip_prefix("EQATTR_").or(other.strip_prefix("EQ_ATTR_"));
                let Some(name) = name.filter(|name| !name.is_empty()) else {
                    let parameter = other.to_owned();
                    return Err(QueryError::Unknown { query: QUERY, parameter });
                };
                let test = FieldTest::Texts(given.texts()?.to_vec());
                Condition::AttributeEquals(name.to_owned(), test)
            }
        };
        self.conditions.push(condition);
        Ok(())
    }

    /// Both choices of what is told are required (section 8.2.7.2).
    fn finish(self) -> Result<MasterDataQuery, QueryError> {
        let missing = |parameter| QueryError::Missing { parameter, because: "" };
        let view = MasterDataView {
            attributes: self.attributes.ok_or(missing("includeAttributes"))?,
            attribute_names: self.attribute_names,
            children: self.children.ok_or(missing("includeChildren"))?,
        };
        let (conditions, max_element_count) = (self.conditions, self.max_element_count);
        Ok(MasterDataQuery { conditions, view, max_element_count })
    }
}

impl Condition {
    fn holds(&self, element: &MasterDataElement, master_data: &dyn MasterData) -> bool {
        let vocabulary = element.vocabulary.as_str();
        let id = canonical_id(vocabulary, &element.id);
        let canonical = |name: &String| canonical_id(vocabulary, name);
        match self {
            Self::Vocabularies(names) => names.contains(&element.vocabulary),
            Self::Names(names) => names.iter().any(|name| canonical(name) == id),
            Self::NamesWithDescendants(names) => names.iter().any(|name| {
                master_data.with_descendants(&[vocabulary], &canonical(name)).contains(&id)
            }),
            Self::HasAttribute(names) => element
                .attributes
                .iter()
                .any(|attribute| names.iter().any(|name| is_same_attribute(&attribute.id, name))),
            Self::AttributeEquals(name, test) => element.attributes.iter().any(|attribute| {
                is_same_attribute(&attribute.id, name) && test.holds_of(&attribute.value)
            }),
        }
    }
}
