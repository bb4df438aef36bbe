//! The parameters of a query in a message (EPCIS 1.2, section 11.2: `QueryParams`).

use theriac_query::ParamValue;

use super::fault::Fault;
use super::tree::Element;

/// The parameters of a message, in their order.
///
/// # Errors
///
/// `ValidationException` for a parameter without name or value.
pub(super) fn read(message: &Element) -> Result<Vec<(String, ParamValue)>, Fault> {
    let list = message.child("params").map_or(&[][..], |list| &list.children);
    list.iter().filter(|child| child.name == "param").map(parameter).collect()
}

fn parameter(element: &Element) -> Result<(String, ParamValue), Fault> {
    let name = element.child("name").map_or("", Element::trimmed);
    match element.child("value") {
        Some(value) if !name.is_empty() => Ok((name.to_owned(), value_of(value))),
        _ => Err(Fault::invalid("expected a name and a value in each param, found another")),
    }
}

/// A value, typed by its `xsi:type` or, without one, by its content.
fn value_of(value: &Element) -> ParamValue {
    let text = value.trimmed();
    let plain = || ParamValue::Text(text.to_owned());
    let strings = value.children.iter().filter(|child| child.name == "string");
    let strings: Vec<String> = strings.map(|string| string.trimmed().to_owned()).collect();
    let kind = value
        .attributes
        .iter()
        .find(|attribute| is_type(attribute.namespace.as_deref(), &attribute.name));
    let kind = kind.and_then(|kind| kind.value.trim().rsplit(':').next());
    match kind {
        Some("ArrayOfString") => ParamValue::List(strings),
        Some("VoidHolder") => ParamValue::Void,
        _ if !strings.is_empty() => ParamValue::List(strings),
        Some("int" | "integer" | "long" | "short") => {
            text.parse().map_or_else(|_| plain(), ParamValue::Int)
        }
        Some("float" | "double" | "decimal") => {
            text.parse().map_or_else(|_| plain(), ParamValue::Float)
        }
        Some("dateTime") => text.parse().map_or_else(|_| plain(), ParamValue::Time),
        Some("boolean") => match text {
            "true" | "1" => ParamValue::Boolean(true),
            "false" | "0" => ParamValue::Boolean(false),
            _ => plain(),
        },
        Some("string") => plain(),
        _ if text.is_empty() => ParamValue::Void,
        _ => plain(),
    }
}

fn is_type(namespace: Option<&str>, name: &str) -> bool {
    name == "type" && namespace.is_some_and(|uri| uri.ends_with("/XMLSchema-instance"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::soap::tree::parse;

    fn value(xml: &str) -> ParamValue {
        let message = format!(
            "<Poll xmlns:i='http://www.w3.org/2001/XMLSchema-instance'><params><param>\
             <name> n </name>{xml}</param></params></Poll>"
        );
        let mut read = read(&parse(message.as_bytes()).unwrap()).unwrap();
        let (name, value) = read.remove(0);
        assert_eq!(name, "n");
        value
    }

    #[test]
    fn values_have_the_type_that_they_say_or_show() {
        let text = |text: &str| ParamValue::Text(text.to_owned());
        let list = |items: &[&str]| ParamValue::List(items.iter().map(|&i| i.to_owned()).collect());
        assert_eq!(value("<value>8</value>"), text("8"));
        assert_eq!(value("<value i:type='xsd:int'> 8 </value>"), ParamValue::Int(8));
        assert_eq!(value("<value i:type='xsd:int'>x</value>"), text("x"));
        assert_eq!(value("<value i:type='boolean'>1</value>"), ParamValue::Boolean(true));
        assert_eq!(value("<value><string> a </string><string/></value>"), list(&["a", ""]));
        assert_eq!(value("<value i:type='q:ArrayOfString'/>"), list(&[]));
        assert_eq!(value("<value i:type='q:VoidHolder'/>"), ParamValue::Void);
        assert_eq!(value("<value/>"), ParamValue::Void);
        assert_eq!(value("<value i:type='string'/>"), text(""));
    }

    #[test]
    fn a_parameter_without_name_or_value_is_refused() {
        for param in ["<name>n</name>", "<value>1</value>", "<name/><value/>", ""] {
            let message = format!("<Poll><params><param>{param}</param></params></Poll>");
            assert!(read(&parse(message.as_bytes()).unwrap()).is_err(), "{param}");
        }
    }
}
