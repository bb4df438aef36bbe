//! Names of extension fields in the names of parameters.

use crate::condition::Field;
use crate::error::QueryError;
use crate::namespaces::Namespaces;

/// The prefixes that are declared, and those that the query makes use of.
pub(crate) struct Fields<'a> {
    pub(crate) namespaces: &'a Namespaces,
    pub(crate) used: &'a mut Namespaces,
}

impl Fields<'_> {
    /// The URI that a text with a declared prefix stands for, else the text. The text stays in
    /// the name of the parameter, so the query makes use of the prefix.
    pub(crate) fn expand(&mut self, text: &str) -> String {
        let declared = text
            .split_once(':')
            .and_then(|(prefix, _)| Some((prefix, self.namespaces.namespace(prefix)?)));
        if let Some((prefix, namespace)) = declared {
            self.used.declare(prefix, namespace);
        }
        self.namespaces.expand(text).into_owned()
    }

    /// The field that a text names: `prefix:name`, `URI#name`, `URI/name` or `URN:name`.
    ///
    /// `None` when the text has the form of none of them.
    pub(crate) fn resolve(
        &mut self,
        parameter: &str,
        text: &str,
    ) -> Result<Option<Field>, QueryError> {
        let Some((prefix, rest)) = text.split_once(':') else { return Ok(None) };
        if let Some((namespace, name)) = text.rsplit_once('#') {
            return Ok(uri_field(namespace, name));
        }
        if !rest.contains([':', '/'])
            && let Some(namespace) = self.namespaces.namespace(prefix)
        {
            self.used.declare(prefix, namespace);
            return Ok((!rest.is_empty()).then(|| Field::new(namespace, rest)));
        }
        let split = if rest.starts_with("//") {
            text.rsplit_once('/')
        } else if prefix == "urn" {
            text.rsplit_once(':')
        } else {
            let (parameter, prefix) = (parameter.to_owned(), prefix.to_owned());
            return Err(QueryError::Prefix { parameter, prefix });
        };
        Ok(split.and_then(|(namespace, name)| uri_field(namespace, name)))
    }
}

fn uri_field(namespace: &str, name: &str) -> Option<Field> {
    (!name.is_empty() && namespace.contains(':')).then(|| Field::new(namespace, name))
}
