//! Classes with quantities, and numbers.

use super::builder::{Builder, Fields, is_empty};
use crate::event::{Number, QuantityElement};
use crate::read::ReadError;
use crate::tree::{Element, Scalar};

impl<'e> Builder<'e> {
    /// The elements of a list such as `quantityList`.
    pub(super) fn quantities(
        &mut self,
        fields: &Fields<'e>,
        name: &'e str,
    ) -> Result<Vec<QuantityElement>, ReadError> {
        let mut all = Vec::new();
        for list in fields.iter().filter(|field| field.is(name)) {
            self.at(name, |builder| {
                for (index, item) in list.items("quantityElement").enumerate() {
                    all.push(builder.at_item(index, |builder| builder.quantity(item))?);
                }
                Ok(())
            })?;
        }
        Ok(all)
    }

    fn quantity(&mut self, item: &'e Element<'e>) -> Result<QuantityElement, ReadError> {
        let fields = self.fields(item);
        let Some(epc_class) = self.epc_field(&fields, "epcClass")? else {
            return Err(self.error("epcClass", &item.describe()));
        };
        let quantity = self.number(&fields, "quantity")?;
        Ok(QuantityElement { epc_class, quantity, uom: self.string(&fields, "uom")? })
    }

    /// A number; in XML, and by mistake in JSON, it is text.
    pub(super) fn number(
        &mut self,
        fields: &[&'e Element<'e>],
        name: &'e str,
    ) -> Result<Option<Number>, ReadError> {
        let Some(field) = self.one(fields, name)? else { return Ok(None) };
        if is_empty(field) {
            return Ok(None);
        }
        let number = match &field.scalar {
            Scalar::Number(number) => Number::from_json(number).ok(),
            _ => field.text().and_then(|text| text.parse().ok()),
        };
        match number {
            Some(number) => Ok(Some(number)),
            None => self.at(name, |builder| {
                Err(builder.error("a number of at most 15 significant digits", &field.describe()))
            }),
        }
    }
}
