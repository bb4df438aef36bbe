//! The value of a parameter as the type that the parameter wants.

use std::str::FromStr;

use jiff::Timestamp;
use theriac_epcis::Number;

use crate::error::QueryError;
use crate::limits::VALUES_MAX;
use crate::namespaces::Namespaces;
use crate::value::ParamValue;

/// A parameter with its value.
#[derive(Clone, Copy)]
pub(crate) struct Given<'a> {
    pub(crate) parameter: &'a str,
    pub(crate) value: &'a ParamValue,
    pub(crate) namespaces: &'a Namespaces,
}

impl<'a> Given<'a> {
    /// A list of at least one text.
    pub(crate) fn texts(&self) -> Result<&'a [String], QueryError> {
        match self.value {
            ParamValue::List(texts) | ParamValue::Untyped(texts) if !texts.is_empty() => {
                if texts.len() > VALUES_MAX {
                    let (limit, found) = (VALUES_MAX, texts.len());
                    return Err(QueryError::TooComplex { what: "values of a list", limit, found });
                }
                Ok(texts)
            }
            _ => Err(self.wrong("a list of one or more texts")),
        }
    }

    /// A list of at least one value, each read by `read`.
    pub(crate) fn each<T>(
        &self,
        expected: &'static str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<Vec<T>, QueryError> {
        let texts = self.texts()?;
        texts.iter().map(|text| read(text).ok_or_else(|| self.wrong_text(expected, text))).collect()
    }

    /// A list of at least one word of a vocabulary, in any of its forms.
    pub(crate) fn words<T: FromStr>(&self, expected: &'static str) -> Result<Vec<T>, QueryError> {
        self.each(expected, |text| self.namespaces.expand(text).parse().ok())
    }

    /// One text.
    pub(crate) fn text(&self) -> Result<&'a str, QueryError> {
        match self.value {
            ParamValue::Text(text) => Ok(text),
            ParamValue::Untyped(texts) if texts.len() == 1 => Ok(&texts[0]),
            _ => Err(self.wrong("one text")),
        }
    }

    /// One moment: `xsd:dateTime` with its time zone.
    pub(crate) fn time(&self) -> Result<Timestamp, QueryError> {
        const EXPECTED: &str = "a date and time with its time zone";
        match self.value {
            ParamValue::Time(time) => Ok(*time),
            ParamValue::Untyped(texts) if texts.len() == 1 => {
                // A `+` that a query string does not escape arrives as a space.
                let text = texts[0].trim().replace(' ', "+");
                text.parse().map_err(|_| self.wrong(EXPECTED))
            }
            _ => self
                .text()
                .ok()
                .and_then(|text| text.trim().parse().ok())
                .ok_or_else(|| self.wrong(EXPECTED)),
        }
    }

    /// One number.
    pub(crate) fn number(&self) -> Result<Number, QueryError> {
        match self.value {
            ParamValue::Int(whole) => whole.to_string().parse().ok(),
            ParamValue::Float(number) => Some(number.clone()),
            _ => self.text().ok().and_then(|text| text.trim().parse().ok()),
        }
        .ok_or_else(|| self.wrong("a number"))
    }

    /// One number, or a list of at least one.
    pub(crate) fn numbers(&self) -> Result<Vec<Number>, QueryError> {
        match self.value {
            ParamValue::List(_) | ParamValue::Untyped(_) => {
                self.each("a list of numbers", |text| text.trim().parse().ok())
            }
            _ => self.number().map(|number| vec![number]),
        }
    }

    /// One whole number that is not negative.
    pub(crate) fn count(&self) -> Result<u64, QueryError> {
        self.number()?.as_u64().ok_or_else(|| self.wrong("a whole number that is not negative"))
    }

    /// One truth value.
    pub(crate) fn truth(&self) -> Result<bool, QueryError> {
        match self.value {
            ParamValue::Boolean(truth) => Some(*truth),
            _ => match self.text().map(str::trim) {
                Ok("true" | "1") => Some(true),
                Ok("false" | "0") => Some(false),
                _ => None,
            },
        }
        .ok_or_else(|| self.wrong("true or false"))
    }

    /// Nothing but the name: any plain value is taken for it.
    pub(crate) fn present(&self) -> Result<(), QueryError> {
        match self.value {
            ParamValue::List(_) => Err(self.wrong("no value")),
            ParamValue::Untyped(texts) if texts.len() > 1 => Err(self.wrong("no value")),
            _ => Ok(()),
        }
    }

    /// Whether the value is `false`, as a query string writes what it does not ask.
    pub(crate) fn is_false(&self) -> bool {
        match self.value {
            ParamValue::Boolean(truth) => !truth,
            _ => self.text().is_ok_and(|text| text == "false"),
        }
    }

    /// The error that the value is not what was expected.
    pub(crate) fn wrong(&self, expected: &'static str) -> QueryError {
        let parameter = self.parameter.to_owned();
        QueryError::Value { parameter, expected, found: self.value.shown() }
    }

    /// The error that one text of a list is not what was expected.
    pub(crate) fn wrong_text(&self, expected: &'static str, text: &str) -> QueryError {
        let parameter = self.parameter.to_owned();
        QueryError::Value { parameter, expected, found: crate::value::shown(text) }
    }
}
