//! Small XML answers: an element of EPCIS 2.0 with attributes and children of text.

use std::fmt::Write;

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";

/// An element that is being written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Element {
    name: String,
    attributes: String,
    children: String,
}

impl Element {
    /// The root element `name` of the namespace of EPCIS 2.0.
    pub(crate) fn epcis(name: &str) -> Self {
        let mut element = Self::local(&format!("epcis:{name}"));
        element.attribute("xmlns:epcis", "urn:epcglobal:epcis:xsd:2");
        element
    }

    /// An element without a namespace.
    pub(crate) fn local(name: &str) -> Self {
        Self { name: name.to_owned(), attributes: String::new(), children: String::new() }
    }

    /// Adds an attribute.
    pub(crate) fn attribute(&mut self, name: &str, value: &str) {
        let _ = write!(self.attributes, " {name}=\"{}\"", escape(value));
    }

    /// Adds a child with text.
    pub(crate) fn text(&mut self, name: &str, text: &str) {
        let _ = write!(self.children, "<{name}>{}</{name}>", escape(text));
    }

    /// Adds a child.
    pub(crate) fn child(&mut self, child: Self) {
        child.write(&mut self.children);
    }

    /// The whole document.
    pub(crate) fn finish(self) -> String {
        let mut document = HEAD.to_owned();
        self.write(&mut document);
        document
    }

    fn write(self, out: &mut String) {
        let Self { name, attributes, children } = self;
        let _ = write!(out, "<{name}{attributes}>{children}</{name}>");
    }
}

/// Text with the five characters escaped; what XML 1.0 cannot hold becomes U+FFFD.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            '\t' | '\n' | '\r' => escaped.push(character),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            character => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_breaks_out_of_its_element() {
        let mut element = Element::local("a");
        element.attribute("b", "\"><c/>");
        element.text("d", "</d>\u{1}&");
        assert_eq!(
            element.finish(),
            format!("{HEAD}<a b=\"&quot;&gt;&lt;c/&gt;\"><d>&lt;/d&gt;\u{fffd}&amp;</d></a>")
        );
    }
}
