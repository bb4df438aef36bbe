//! The registry: members and products, as governors and labelers change them.

mod action;
mod rotate;

use jiff::civil::Date;
use theriac_custody::{Account, Hash, MemberRecord, Roles};
use theriac_gs1::{Gln, Gtin};
use theriac_ledger::Call;

use crate::clock::{days_of, ledger_days};
use crate::error::NodeError;
use crate::node::Node;

pub use action::{ActionReport, RegistryAction};
pub use rotate::{RotateError, RotateReport, rotate};

/// A member to be admitted by the governors.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewMember {
    /// GLN of the organisation.
    pub gln: Gln,
    /// Its name.
    pub name: String,
    /// Its roles.
    pub roles: Roles,
    /// Last day of its licence, if it ends.
    pub licence_expiry: Option<Date>,
    /// URL of its node.
    pub endpoint: String,
    /// The account that acts for it.
    pub account: Account,
}

/// A product of the registry.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ProductRecord {
    /// The GTIN.
    pub gtin: Gtin,
    /// Its labeler.
    pub labeler: Gln,
}

impl Node {
    /// Admits a member; returns when the ledger has it. Only a governor's node can.
    ///
    /// # Errors
    ///
    /// [`NodeError::Refused`] with the contract's reason.
    pub async fn add_member(&self, member: &NewMember) -> Result<Hash, NodeError> {
        self.transact(&[Call::AddMember {
            gln: member.gln.value(),
            roles: member.roles,
            licence_expiry: member.licence_expiry.map_or(0, ledger_days),
            name: member.name.clone(),
            endpoint: member.endpoint.clone(),
            account: member.account,
        }])
        .await
    }

    /// Registers a product with its labeler, this member unless told otherwise; events that were
    /// held for it are admitted by themselves. Only a governor's or a regulator's node can.
    ///
    /// # Errors
    ///
    /// [`NodeError::Refused`] with the contract's reason.
    pub async fn add_product(&self, gtin: Gtin, labeler: Option<Gln>) -> Result<Hash, NodeError> {
        let gln = labeler.unwrap_or_else(|| self.gln()).value();
        let hash = self.transact(&[Call::AddProduct { gtin: gtin.value(), gln }]).await?;
        self.inner().work.notify_one();
        Ok(hash)
    }

    /// The members of the registry.
    ///
    /// # Errors
    ///
    /// [`NodeError::Store`].
    pub async fn members(&self) -> Result<Vec<MemberRecord>, NodeError> {
        let members = self.inner().store.members(days_of(self.today())).await?;
        Ok(members.into_values().collect())
    }

    /// The products of the registry.
    ///
    /// # Errors
    ///
    /// [`NodeError::Store`].
    pub async fn products(&self) -> Result<Vec<ProductRecord>, NodeError> {
        let products = self.inner().store.products().await?;
        Ok(products.into_iter().map(|(gtin, labeler)| ProductRecord { gtin, labeler }).collect())
    }
}
