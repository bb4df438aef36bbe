//! A small tree of XML elements, enough to read requests and answers of a SOAP service.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// An element; names are without prefix.
#[derive(Debug, Default)]
pub(crate) struct Element {
    pub(crate) name: String,
    pub(crate) attributes: Vec<(String, String)>,
    pub(crate) text: String,
    pub(crate) children: Vec<Element>,
}

impl Element {
    /// The first element of this name, this one or one inside it.
    pub(crate) fn find(&self, name: &str) -> Option<&Self> {
        match self.name == name {
            true => Some(self),
            false => self.children.iter().find_map(|child| child.find(name)),
        }
    }

    /// Every element of this name inside this one.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
        let inside = move |child: &'a Self| {
            let own = (child.name == name).then_some(child);
            own.into_iter().chain(child.all(name))
        };
        Box::new(self.children.iter().flat_map(inside))
    }

    /// The value of the attribute of this name.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(found, _)| found == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// The root element of a document.
pub(crate) fn parse(document: &str) -> Element {
    let mut reader = Reader::from_str(document);
    let mut open = vec![Element::default()];
    loop {
        match reader.read_event().expect("well-formed XML") {
            Event::Start(start) => open.push(element(&start)),
            Event::Empty(start) => {
                let element = element(&start);
                open.last_mut().expect("a parent").children.push(element);
            }
            Event::End(_) => {
                let element = open.pop().expect("an open element");
                open.last_mut().expect("a parent").children.push(element);
            }
            Event::Text(text) => {
                let text = text.xml10_content();
                open.last_mut().expect("a parent").text.push_str(&text);
            }
            Event::Eof => break,
            _ => {}
        }
    }
    let mut document = open.pop().expect("the document");
    document.children.pop().expect("a root element")
}

fn element(start: &BytesStart<'_>) -> Element {
    let local = |name: &str| name.rsplit(':').next().unwrap_or_default().to_owned();
    let attributes = start.attributes().map(|attribute| {
        let attribute = attribute.expect("an attribute");
        let value = attribute.value.to_string();
        (local(attribute.key.as_ref()), value)
    });
    Element {
        name: local(start.name().as_ref()),
        attributes: attributes.collect(),
        ..Element::default()
    }
}
