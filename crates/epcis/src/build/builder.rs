//! The builder's own state: where in the event it is, and what it has repaired.

use super::{Context, Repair};
use crate::limits::EVENT_EPCS_MAX;
use crate::read::ReadError;
use crate::tree::{Element, Shape, cut};

/// Builds one event; holds the path for error messages.
pub(crate) struct Builder<'e> {
    pub(super) context: &'e Context,
    path: Vec<Step<'e>>,
    repairs: Vec<Repair>,
    epcs: usize,
}

/// One step of a path.
enum Step<'e> {
    Field(&'e str),
    Item(usize),
}

/// The fields of an element, with extension wrappers of EPCIS 1.x unwrapped.
pub(super) type Fields<'e> = Vec<&'e Element<'e>>;

impl<'e> Builder<'e> {
    pub(crate) fn new(context: &'e Context, repairs: Vec<Repair>) -> Self {
        Self { context, path: Vec::new(), repairs, epcs: 0 }
    }

    pub(crate) fn into_repairs(self) -> Vec<Repair> {
        self.repairs
    }

    /// Runs `read` one step deeper.
    pub(super) fn at<T>(
        &mut self,
        field: &'e str,
        read: impl FnOnce(&mut Self) -> Result<T, ReadError>,
    ) -> Result<T, ReadError> {
        self.path.push(Step::Field(field));
        let value = read(self)?;
        self.path.pop();
        Ok(value)
    }

    /// Runs `read` in an item of a list.
    pub(super) fn at_item<T>(
        &mut self,
        index: usize,
        read: impl FnOnce(&mut Self) -> Result<T, ReadError>,
    ) -> Result<T, ReadError> {
        self.path.push(Step::Item(index));
        let value = read(self)?;
        self.path.pop();
        Ok(value)
    }

    /// The path of the field that is being read.
    pub(super) fn path(&self) -> String {
        let mut path = String::new();
        for step in &self.path {
            match step {
                Step::Field(name) => {
                    if !path.is_empty() {
                        path.push('.');
                    }
                    path.push_str(name);
                }
                Step::Item(index) => path.push_str(&format!("[{index}]")),
            }
        }
        path
    }

    pub(super) fn error(&self, expected: impl Into<String>, found: &str) -> ReadError {
        ReadError::new(&self.path(), expected, found)
    }

    pub(super) fn repair(&mut self, found: &str, read_as: impl Into<String>) {
        let path = self.path();
        self.repairs.push(Repair { path, found: cut(found).to_owned(), read_as: read_as.into() });
    }

    /// Adds repairs that were told elsewhere.
    pub(super) fn repair_all(&mut self, repairs: Vec<Repair>) {
        self.repairs.extend(repairs);
    }

    /// As [`Self::repair`], in a field of where it is.
    pub(super) fn repair_at(&mut self, field: &'e str, found: &str, read_as: &str) {
        self.path.push(Step::Field(field));
        self.repair(found, read_as);
        self.path.pop();
    }

    /// Counts an identifier against the limit for one event.
    pub(super) fn count_epc(&mut self) -> Result<(), ReadError> {
        self.epcs += 1;
        if self.epcs > EVENT_EPCS_MAX {
            let expected = format!("at most {EVENT_EPCS_MAX} identifiers in one event");
            return Err(self.error(expected, "more"));
        }
        Ok(())
    }

    /// The fields of an element; those inside `extension` and `baseExtension` count as its own.
    pub(super) fn fields(&self, element: &'e Element<'e>) -> Fields<'e> {
        let mut fields = Vec::with_capacity(element.children.len());
        unwrap_extensions(element, &mut fields);
        fields
    }

    /// The one field of this name; of several the last, as JSON readers do.
    pub(super) fn one(
        &mut self,
        fields: &[&'e Element<'e>],
        name: &'e str,
    ) -> Result<Option<&'e Element<'e>>, ReadError> {
        let mut found = fields.iter().filter(|field| field.is(name));
        let Some(first) = found.next() else { return Ok(None) };
        let Some(last) = found.next_back() else { return Ok(Some(first)) };
        self.at(name, |builder| {
            builder.repair("several of it", format!("the last: {}", last.describe()));
            Ok(Some(*last))
        })
    }

    /// The text of the one field of this name.
    pub(super) fn text(
        &mut self,
        fields: &[&'e Element<'e>],
        name: &'e str,
    ) -> Result<Option<&'e str>, ReadError> {
        let Some(field) = self.one(fields, name)? else { return Ok(None) };
        match field.text() {
            Some(text) => Ok(Some(text)),
            None if is_empty(field) => Ok(None),
            None => self.at(name, |builder| Err(builder.error("text", &field.describe()))),
        }
    }

    /// As [`Self::text`], owned.
    pub(super) fn string(
        &mut self,
        fields: &[&'e Element<'e>],
        name: &'e str,
    ) -> Result<Option<String>, ReadError> {
        Ok(self.text(fields, name)?.map(str::to_owned))
    }

    /// Every text of a field that may be repeated or a list.
    pub(super) fn texts(
        &mut self,
        fields: &[&'e Element<'e>],
        name: &'e str,
    ) -> Result<Vec<&'e str>, ReadError> {
        let mut texts = Vec::new();
        for field in fields.iter().filter(|field| field.is(name)) {
            let items = if field.shape == Shape::List {
                &field.children[..]
            } else {
                std::slice::from_ref(*field)
            };
            for item in items {
                match item.text() {
                    Some(text) => texts.push(text),
                    None if is_empty(item) => {}
                    None => {
                        return self
                            .at(name, |builder| Err(builder.error("text", &item.describe())));
                    }
                }
            }
        }
        Ok(texts)
    }
}

/// Whether nothing is in it, not even a number.
pub(super) fn is_empty(element: &Element<'_>) -> bool {
    use crate::tree::Scalar;
    let blank = match &element.scalar {
        Scalar::Empty => true,
        Scalar::Text(text) => text.trim().is_empty(),
        Scalar::Number(_) | Scalar::Boolean(_) => false,
    };
    blank && element.children.iter().all(|child| child.shape == Shape::Attribute)
}

fn unwrap_extensions<'e>(element: &'e Element<'e>, fields: &mut Fields<'e>) {
    for child in &element.children {
        let wraps = child.is("extension") || child.is("baseExtension");
        let is_empty = child.children.is_empty() && child.text().is_none();
        if wraps
            && matches!(child.shape, Shape::Field | Shape::Null)
            && (is_empty || has_elements(child))
        {
            unwrap_extensions(child, fields);
        } else {
            fields.push(child);
        }
    }
}

fn has_elements(element: &Element<'_>) -> bool {
    element.children.iter().any(|child| child.shape != Shape::Attribute)
}
