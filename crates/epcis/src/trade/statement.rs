//! The transaction statement of a seller (DSCSA, section 581(27)), as GS1 US puts it into headers.

use serde::{Deserialize, Serialize};

use super::{GS1_US, Guideline};
use crate::event::{Extension, ExtensionValue};

const STATEMENT: &str = "dscsaTransactionStatement";
const AFFIRM: &str = "affirmTransactionStatement";
const NOTICE: &str = "legalNotice";
const VERSION: &str = "guidelineVersion";

/// The sender's word on a transaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransactionStatement {
    /// Whether the seller affirms it.
    pub affirmed: bool,
    /// The text that says what is affirmed.
    pub legal_notice: String,
}

impl TransactionStatement {
    /// The fields of a header that say it, as the release of the guideline wants them.
    #[must_use]
    pub fn header_fields(this: Option<&Self>, guideline: Guideline) -> Vec<Extension> {
        let version = guideline.version().map(|text| Extension::text(GS1_US, VERSION, text));
        let statement = this.map(|this| Extension {
            namespace: GS1_US.to_owned(),
            name: STATEMENT.to_owned(),
            value: ExtensionValue::Nested(vec![
                Extension::text(GS1_US, AFFIRM, this.affirmed.to_string()),
                Extension::text(GS1_US, NOTICE, &this.legal_notice),
            ]),
            attributes: Vec::new(),
        });
        version.into_iter().chain(statement).collect()
    }

    /// The statement in the fields of a header, or around the body, where XML of EPCIS 2.0 has it.
    #[must_use]
    pub fn of_fields(fields: &[Extension]) -> Option<Self> {
        let inside = fields.iter().find(|field| is(field, STATEMENT))?.nested();
        let text = |name| inside.iter().find(|field| is(field, name));
        let affirmed = match text(AFFIRM).map(|field| &field.value) {
            Some(ExtensionValue::Text(text)) => matches!(text.trim(), "true" | "1"),
            Some(ExtensionValue::Boolean(value)) => *value,
            _ => false,
        };
        let notice = text(NOTICE).and_then(Extension::as_text).unwrap_or_default();
        Some(Self { affirmed, legal_notice: notice.trim().to_owned() })
    }
}

/// The text of `guidelineVersion` in the fields of a header.
pub(super) fn version_of(fields: &[Extension]) -> Option<&str> {
    fields.iter().find(|field| is(field, VERSION))?.as_text()
}

fn is(field: &Extension, name: &str) -> bool {
    field.namespace == GS1_US && field.name == name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_is_read_from_the_fields_that_say_it() {
        let notice = "Seller has complied with each applicable subsection.".to_owned();
        let statement = TransactionStatement { affirmed: true, legal_notice: notice };
        for guideline in [Guideline::R12, Guideline::R13] {
            let fields = TransactionStatement::header_fields(Some(&statement), guideline);
            assert_eq!(TransactionStatement::of_fields(&fields).as_ref(), Some(&statement));
            assert_eq!(Guideline::of_version(version_of(&fields)), guideline);
        }
        assert_eq!(TransactionStatement::of_fields(&[]), None);
    }
}
