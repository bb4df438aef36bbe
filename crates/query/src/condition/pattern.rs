//! Patterns of EPCs and of EPC classes (EPCIS 2.0, section 8.2.7.1.1).

use theriac_gs1::{Epc, Identifier, Pattern};

use crate::plan::ItemCondition;

/// An EPC, a class, or a pattern, as the query writes it and as it is understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EpcPattern {
    /// As the query writes it.
    pub(crate) text: String,
    pattern: Pattern,
    /// The trade item, when the pattern is that of all its items.
    class: Option<Identifier>,
}

impl EpcPattern {
    /// Reads a URI; `None` when it is none, or its key is wrong.
    ///
    /// The Digital Link of a trade item is the pattern of its items, as its URN
    /// (`urn:epc:idpat:sgtin:….*`) says.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let class = trade_item(text);
        let pattern = match &class {
            Some(class) => Pattern::from_uri(&format!("{class}/21/*")),
            None => Pattern::from_uri(text),
        };
        Some(Self { text: text.to_owned(), pattern: pattern.ok()?, class })
    }

    /// Whether the object is meant.
    pub(crate) fn matches(&self, epc: &Epc) -> bool {
        self.pattern.matches(epc)
    }

    /// Whether the class is meant, in a list of classes.
    pub(crate) fn matches_class(&self, epc: &Epc) -> bool {
        match &self.class {
            Some(class) => *class == epc.id,
            None => self.pattern.matches(epc),
        }
    }

    /// What an index of objects can answer, as alternatives; none: nothing.
    pub(super) fn items(&self) -> Vec<ItemCondition> {
        match (&self.class, self.pattern.exact()) {
            (Some(class), _) => vec![
                ItemCondition::Exact(class.clone()),
                ItemCondition::KeyPrefix(format!("{}/21/", class.key())),
            ],
            (None, Some(id)) => vec![ItemCondition::Exact(id.clone())],
            (None, None) => {
                self.pattern.key_prefixes().into_iter().map(ItemCondition::KeyPrefix).collect()
            }
        }
    }

    /// The one object that is meant; `None` when there may be several.
    pub(super) fn exact(&self) -> Option<&Identifier> {
        self.pattern.exact()
    }

    /// The one class that is meant, in a list of classes; `None` when there may be several.
    pub(super) fn exact_class(&self) -> Option<&Identifier> {
        self.class.as_ref().or(self.pattern.exact())
    }
}

/// The trade item, when the text is one or means all its items.
fn trade_item(text: &str) -> Option<Identifier> {
    const CLASS: &str = "urn:epc:idpat:sgtin:";
    let class = text.strip_prefix("urn:epc:id:sgtin:").map(|rest| format!("{CLASS}{rest}"));
    let text = class.as_deref().unwrap_or(text);
    if text.starts_with("urn:") && !text.starts_with(CLASS) {
        return None;
    }
    let id = Identifier::from_uri(text).ok()?.id;
    matches!(id, Identifier::Gtin(_)).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trade_item_is_the_pattern_of_its_items_in_either_form() {
        let item = Epc::from_uri("urn:epc:id:sgtin:0614141.107346.2018").unwrap();
        let class = Epc::from_uri("https://id.gs1.org/01/10614141073464").unwrap();
        for text in [
            "urn:epc:idpat:sgtin:0614141.107346.*",
            "urn:epc:id:sgtin:0614141.107346.*",
            "https://id.gs1.org/01/10614141073464",
        ] {
            let pattern = EpcPattern::read(text).unwrap();
            assert!(pattern.matches(&item) && pattern.matches(&class), "{text}");
            assert!(pattern.items().iter().any(|wanted| wanted.selects(&item.id)), "{text}");
            assert!(pattern.items().iter().any(|wanted| wanted.selects(&class.id)), "{text}");
            assert!(pattern.matches_class(&class) && !pattern.matches_class(&item), "{text}");
            assert_eq!(pattern.exact_class(), Some(&class.id), "{text}");
        }
    }
}
