//! Business documents, sources and destinations.

use theriac_gs1::Epc;

use super::builder::{Builder, Fields};
use crate::event::BizTransaction;
use crate::read::ReadError;
use crate::tree::Element;
use crate::vocabulary::PartyType;

impl<'e> Builder<'e> {
    /// The list of business documents.
    pub(super) fn biz_transactions(
        &mut self,
        fields: &Fields<'e>,
    ) -> Result<Vec<BizTransaction>, ReadError> {
        const NAME: &str = "bizTransactionList";
        let mut all = Vec::new();
        for list in fields.iter().filter(|field| field.is(NAME)) {
            self.at(NAME, |builder| {
                for (index, item) in list.items("bizTransaction").enumerate() {
                    all.push(builder.at_item(index, |builder| builder.biz_transaction(item))?);
                }
                Ok(())
            })?;
        }
        Ok(all)
    }

    fn biz_transaction(&mut self, item: &'e Element<'e>) -> Result<BizTransaction, ReadError> {
        let fields = self.fields(item);
        let id = self.text(&fields, "bizTransaction")?.or(item.text());
        let Some(id) = id else { return Err(self.error("bizTransaction", &item.describe())) };
        Ok(BizTransaction { kind: self.word_field(&fields, "type")?, id: id.to_owned() })
    }

    /// The list of sources or destinations, each with its type.
    pub(super) fn parties(
        &mut self,
        fields: &Fields<'e>,
        list_name: &'e str,
        name: &'e str,
    ) -> Result<Vec<(PartyType, Epc)>, ReadError> {
        let mut all = Vec::new();
        for list in fields.iter().filter(|field| field.is(list_name)) {
            self.at(list_name, |builder| {
                for (index, item) in list.items(name).enumerate() {
                    all.extend(builder.at_item(index, |builder| builder.party(item, name))?);
                }
                Ok(())
            })?;
        }
        Ok(all)
    }

    fn party(
        &mut self,
        item: &'e Element<'e>,
        name: &'e str,
    ) -> Result<Option<(PartyType, Epc)>, ReadError> {
        let fields = self.fields(item);
        let id = self.text(&fields, name)?.or(item.text());
        let Some(id) = id else { return Err(self.error(name, &item.describe())) };
        let Some(kind) = self.word_field(&fields, "type")? else {
            return self.at("type", |builder| Err(builder.error("type", "nothing")));
        };
        Ok(self.place(id)?.map(|id| (kind, id)))
    }
}
