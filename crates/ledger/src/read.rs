//! Reading the contracts' state.

use alloy::primitives::Bytes;
use alloy::sol_types::SolCall;
use serde::{Deserialize, Serialize};
use serde_json::json;
use theriac_custody::{Account, Hash, HoldingState, LotStatus, Roles};

use crate::bindings::convert::{account, address, b256, hash};
use crate::bindings::custody::Custody as C;
use crate::bindings::registry::Registry as R;
use crate::call::{MemberStatus, Target};
use crate::connect::Ledger;
use crate::request::RequestError;

/// A lot on the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lot {
    /// The account that opened it.
    pub labeler: Account,
    /// Last day on which its units may be used, in days since 1970-01-01.
    pub expiry: u32,
    /// Whether its units may be used.
    pub status: LotStatus,
}

/// A holding on the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holding {
    /// Root of its tree.
    pub root: Hash,
    /// Who holds it; the sender while it is in transit.
    pub holder: Account,
    /// Who may receive it; zero unless it is in transit.
    pub consignee: Account,
    /// The latest expiry of its lots, in days since 1970-01-01.
    pub expiry: u32,
    /// Height of its tree, 0 to 32.
    pub height: u8,
    /// What may happen to it.
    pub state: HoldingState,
}

/// A member of the registry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Its standing.
    pub status: MemberStatus,
    /// Roles of its licence, whatever its standing.
    pub roles: Roles,
    /// Last day of its licence, in days since 1970-01-01; 0 if it does not expire.
    pub licence_expiry: u32,
    /// Its name.
    pub name: String,
    /// URL of its node.
    pub endpoint: String,
}

/// State that could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The endpoint did not answer as it should.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// Deployment: the contract at the address is not of the interface that this program was built
    /// with.
    #[error("expected an answer of the contract's {function}, found {found}")]
    NotOfInterface {
        /// The function's signature.
        function: &'static str,
        /// What is wrong with the answer.
        found: String,
    },
}

impl Ledger {
    /// A lot; `None` if it is unknown.
    ///
    /// # Errors
    ///
    /// When the endpoint or the contract does not answer as it should.
    pub async fn lot(&self, lot_tag: Hash) -> Result<Option<Lot>, ReadError> {
        let lot = self.read(Target::Custody, C::lotCall { lotTag: b256(lot_tag) }).await?;
        if lot.labeler.is_zero() {
            return Ok(None);
        }
        let status = LotStatus::from_code(lot.status)
            .ok_or_else(|| unnamed(C::lotCall::SIGNATURE, lot.status))?;
        Ok(Some(Lot { labeler: account(lot.labeler), expiry: lot.expiry, status }))
    }

    /// A holding; `None` if it is unknown.
    ///
    /// # Errors
    ///
    /// When the endpoint or the contract does not answer as it should.
    pub async fn holding(&self, id: Hash) -> Result<Option<Holding>, ReadError> {
        let found = self.read(Target::Custody, C::holdingCall { id: b256(id) }).await?;
        if found.state == 0 {
            return Ok(None);
        }
        let state = HoldingState::from_code(found.state)
            .ok_or_else(|| unnamed(C::holdingCall::SIGNATURE, found.state))?;
        Ok(Some(Holding {
            root: hash(found.root),
            holder: account(found.holder),
            consignee: account(found.consignee),
            expiry: found.expiry,
            height: found.height,
            state,
        }))
    }

    /// Whether any unit of a subtree has left the holding; `index` counts the subtrees of `height`
    /// from the left.
    ///
    /// # Errors
    ///
    /// When the endpoint or the contract does not answer as it should.
    pub async fn is_spent(&self, id: Hash, height: u8, index: u64) -> Result<bool, ReadError> {
        self.read(Target::Custody, C::isSpentCall { id: b256(id), height, index }).await
    }

    /// The roles that `account` has now: none unless it acts for an active member with a valid
    /// licence.
    ///
    /// # Errors
    ///
    /// When the endpoint or the contract does not answer as it should.
    pub async fn roles_of(&self, account: Account) -> Result<Roles, ReadError> {
        let call = R::rolesOfCall { account: address(account) };
        Ok(Roles(self.read(Target::Registry, call).await?))
    }

    /// GLN of the member that `account` acts for; `None` if it acts for none.
    ///
    /// # Errors
    ///
    /// When the endpoint or the contract does not answer as it should.
    pub async fn member_of(&self, account: Account) -> Result<Option<u64>, ReadError> {
        let call = R::memberOfCall { account: address(account) };
        Ok(known(self.read(Target::Registry, call).await?))
    }

    /// GLN of the labeler of a product; `None` if the GTIN is not registered.
    ///
    /// # Errors
    ///
    /// When the endpoint or the contract does not answer as it should.
    pub async fn labeler_of(&self, gtin: u64) -> Result<Option<u64>, ReadError> {
        Ok(known(self.read(Target::Registry, R::labelerOfCall { gtin }).await?))
    }

    /// A member; `None` if the GLN is not registered.
    ///
    /// # Errors
    ///
    /// When the endpoint or the contract does not answer as it should.
    pub async fn member(&self, gln: u64) -> Result<Option<Member>, ReadError> {
        let found = self.read(Target::Registry, R::memberCall { gln }).await?;
        if found.status == 0 {
            return Ok(None);
        }
        let status = MemberStatus::from_code(found.status)
            .ok_or_else(|| unnamed(R::memberCall::SIGNATURE, found.status))?;
        Ok(Some(Member {
            status,
            roles: Roles(found.roles),
            licence_expiry: found.licenceExpiry,
            name: found.name,
            endpoint: found.endpoint,
        }))
    }

    async fn read<Call: SolCall>(&self, of: Target, call: Call) -> Result<Call::Return, ReadError> {
        let input = Bytes::from(call.abi_encode());
        let request = json!({ "to": self.contract(of), "input": input });
        let answer: Bytes = self.ask("eth_call", (request, "latest")).await?;
        Call::abi_decode_returns(&answer).map_err(|error| ReadError::NotOfInterface {
            function: Call::SIGNATURE,
            found: error.to_string(),
        })
    }
}

fn known(gln: u64) -> Option<u64> {
    (gln != 0).then_some(gln)
}

fn unnamed(function: &'static str, found: u8) -> ReadError {
    ReadError::NotOfInterface { function, found: format!("the number {found} without a meaning") }
}
