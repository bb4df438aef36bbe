//! Shows every token to the judge of strict mode; without one these do nothing.

use std::borrow::Cow;
use std::io::BufRead;

use quick_xml::events::BytesStart;
use quick_xml::name::{QName, ResolveResult};

use super::Document;
use crate::judge::{Tag, TagAttribute};
use crate::read::{DocumentError, Told};

impl<R: BufRead> Document<'_, R> {
    /// Remembers where the next token begins.
    pub(super) fn judge_place(&mut self) {
        if let Some(judge) = &mut self.judge {
            let place = self.reader.get_mut().place("");
            judge.at = (place.line, place.column);
        }
    }

    pub(super) fn judge_text(&mut self, text: &str) {
        if let Some(judge) = &mut self.judge {
            judge.text(text);
        }
    }

    pub(super) fn judge_end(&mut self) {
        if let Some(judge) = &mut self.judge {
            judge.end();
        }
    }

    /// A start tag, with its prefixes in force.
    pub(super) fn judge_start(&mut self, start: &BytesStart<'_>) -> Result<(), DocumentError> {
        let Some(judge) = &mut self.judge else { return Ok(()) };
        let resolver = self.reader.resolver();
        let (resolved, local) = resolver.resolve_element(start.name());
        let mut tag = Tag {
            namespace: None,
            name: local.into_inner(),
            attributes: Vec::new(),
            undeclared: None,
            instance_type: None,
        };
        match resolved {
            ResolveResult::Bound(uri) => tag.namespace = Some(Cow::Borrowed(uri.into_inner())),
            ResolveResult::Unbound => {}
            ResolveResult::Unknown(prefix) => {
                tag.namespace = Some(Cow::Owned(format!("{prefix}:")));
                tag.undeclared = Some(prefix.to_string());
            }
        }
        let mut broken = None;
        for attribute in start.attributes() {
            let attribute = match attribute {
                Ok(attribute) => attribute,
                Err(error) => {
                    broken = Some(error);
                    break;
                }
            };
            if attribute.key.as_namespace_binding().is_some() {
                continue;
            }
            let (resolved, local) = resolver.resolve_attribute(attribute.key);
            let namespace = match resolved {
                ResolveResult::Bound(uri) => Some(uri.into_inner().to_owned()),
                ResolveResult::Unbound => None,
                ResolveResult::Unknown(prefix) => {
                    tag.undeclared = Some(prefix.to_string());
                    continue;
                }
            };
            // A value that does not resolve is an error of the reader itself.
            let Ok(value) = attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0) else {
                continue;
            };
            let (name, value) = (local.into_inner().to_owned(), value.into_owned());
            if namespace.as_deref().is_some_and(super::element::is_schema_instance)
                && name == "type"
            {
                let (resolved, local) = resolver.resolve_element(QName(value.trim()));
                let uri = match resolved {
                    ResolveResult::Bound(uri) => Some(uri.into_inner().to_owned()),
                    _ => None,
                };
                tag.instance_type = Some((uri, local.into_inner().to_owned()));
            }
            tag.attributes.push(TagAttribute { namespace, name, value });
        }
        judge.start(&tag);
        match broken {
            Some(error) => Err(self.fail(error.into())),
            None => Ok(()),
        }
    }

    /// Hands over what was found since.
    pub(super) fn tell_findings(&mut self) {
        let Some(judge) = &mut self.judge else { return };
        for finding in judge.findings.drain(..) {
            // Findings do not stop the reader; the items do.
            let _ = (self.sink)(Told::Finding(finding));
        }
    }
}
