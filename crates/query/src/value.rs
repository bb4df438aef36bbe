//! Values of query parameters, before it is known what the parameter wants (EPCIS 2.0, section 8.2.7.1).

use jiff::Timestamp;
use serde_json::Value;
use theriac_epcis::Number;

/// The value of a parameter as the SOAP interface types it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ParamValue {
    /// `ArrayOfString`.
    List(Vec<String>),
    /// `VoidHolder`: the parameter is there, and that is all.
    Void,
    /// `xsd:int` and its relatives.
    Int(i64),
    /// `xsd:float`, `xsd:double`, `xsd:decimal`.
    Float(Number),
    /// `xsd:boolean`.
    Boolean(bool),
    /// `xsd:dateTime`.
    Time(Timestamp),
    /// `xsd:string`, or a value without a type.
    Text(String),
    /// Texts of a query string: of whatever type the parameter wants.
    Untyped(Vec<String>),
}

impl ParamValue {
    /// The value as a JSON document has it; `None` when no parameter has such a value.
    pub(crate) fn from_json(value: &Value) -> Option<Self> {
        match value {
            Value::Null => Some(Self::Void),
            Value::Bool(truth) => Some(Self::Boolean(*truth)),
            Value::Number(number) => Some(match number.as_i64() {
                Some(whole) => Self::Int(whole),
                None => Self::Float(number.to_string().parse().ok()?),
            }),
            Value::String(text) => Some(Self::Text(text.clone())),
            Value::Array(items) => items.iter().map(item).collect::<Option<_>>().map(Self::List),
            Value::Object(_) => None,
        }
    }

    /// The value as an error message shows it.
    pub(crate) fn shown(&self) -> String {
        match self {
            Self::List(items) if items.is_empty() => "an empty list".to_owned(),
            Self::List(items) => format!("a list of {} values", items.len()),
            Self::Void => "no value".to_owned(),
            Self::Int(number) => number.to_string(),
            Self::Float(number) => number.to_string(),
            Self::Boolean(truth) => truth.to_string(),
            Self::Time(time) => time.to_string(),
            Self::Text(text) => shown(text),
            Self::Untyped(texts) => match &texts[..] {
                [text] => shown(text),
                _ => format!("{} values", texts.len()),
            },
        }
    }
}

/// A text as an error message shows it, cut off when it is long.
pub(crate) fn shown(text: &str) -> String {
    const SHOWN_MAX: usize = 120;
    match text.char_indices().nth(SHOWN_MAX) {
        Some((end, _)) => format!("{:?} and more", &text[..end]),
        None => format!("{text:?}"),
    }
}

fn item(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        _ => None,
    }
}
