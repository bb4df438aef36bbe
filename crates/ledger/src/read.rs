//! Reading the contracts' state.

use alloy::primitives::{Address, Bytes, U256};
use alloy::rpc::client::RpcClient;
use alloy::sol_types::SolCall;
use serde::{Deserialize, Serialize};
use serde_json::json;
use theriac_custody::{Account, Hash, HoldingState, LotStatus, Reason, Roles, keccak256};

use crate::bindings::convert::{account, address, b256, hash};
use crate::bindings::custody::Custody as C;
use crate::bindings::documents::Documents as D;
use crate::bindings::registry::Registry as R;
use crate::bindings::timelock::Timelock as T;
use crate::call::places::pack;
use crate::call::{MemberStatus, NodePlace, Target};
use crate::connect::Ledger;
use crate::request::{RequestError, ask};

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
    /// An account of the member that holds it; the sender's while it is in transit.
    pub holder: Account,
    /// An account of the member that may receive it; zero unless it is in transit.
    pub consignee: Account,
    /// The latest expiry of its lots, in days since 1970-01-01.
    pub expiry: u32,
    /// Height of its tree, 0 to 32.
    pub height: u8,
    /// What may happen to it; `None` while it is being deleted, long after its goods expired.
    pub state: Option<HoldingState>,
    /// Slots that its marks take besides its own.
    pub slots: u32,
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
    /// Days within which it can undo ends of life; 0 for not at all.
    pub undo_days: u16,
    /// Its name.
    pub name: String,
    /// URL of its node.
    pub endpoint: String,
    /// Key that checks what its node signs; zero if none was given.
    pub signing: Hash,
    /// Key to which others seal what only its node may read; zero if none was given.
    pub sealing: Hash,
}

/// What became of a call that was scheduled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scheduled {
    /// It was never scheduled, or was withdrawn.
    Unknown,
    /// It can be executed from a time on.
    Waiting {
        /// Seconds since 1970-01-01.
        from: u64,
    },
    /// It was executed.
    Done,
}

/// The key under which the ledger keeps a retirement that can be undone: what the log
/// [`Retired`](crate::LedgerEvent::Retired) tells, or what was left of its places after a restoration.
pub fn retirement_key(places: &[NodePlace], reason: Reason, cause: Hash, until: u64) -> Hash {
    let mut fields = [[0; 32]; 4];
    fields[0] = keccak256(&[&pack(places)]).0;
    fields[1][31] = reason.code();
    fields[2] = cause.0;
    fields[3][24..].copy_from_slice(&until.to_be_bytes());
    keccak256(&[fields.as_flattened()])
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

/// The contract's number for a holding of which marks are being deleted.
pub(crate) const PRUNING: u8 = 6;

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
        let state = match found.state {
            PRUNING => None,
            code => Some(
                HoldingState::from_code(code)
                    .ok_or_else(|| unnamed(C::holdingCall::SIGNATURE, code))?,
            ),
        };
        Ok(Some(Holding {
            slots: found.slots,
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
            undo_days: found.undoDays,
            signing: hash(found.signing),
            sealing: hash(found.sealing),
            name: found.name,
            endpoint: found.endpoint,
        }))
    }

    /// GLN of the member that a product is offered to; `None` if it is offered to none.
    ///
    /// # Errors
    ///
    /// When the endpoint or the contract does not answer as it should.
    pub async fn offered_to(&self, gtin: u64) -> Result<Option<u64>, ReadError> {
        Ok(known(self.read(Target::Registry, R::offeredToCall { gtin }).await?))
    }

    /// The accounts that act for a member, the oldest first; if all are revoked, the one that was
    /// revoked last. The first is the one that logs and [`holding`](Self::holding) name for the member
    /// where no account of it acted.
    ///
    /// # Errors
    ///
    /// When the endpoint or the contract does not answer as it should.
    pub async fn accounts_of(&self, gln: u64) -> Result<Vec<Account>, ReadError> {
        let found = self.read(Target::Registry, R::accountsOfCall { gln }).await?;
        Ok(found.into_iter().map(account).collect())
    }

    /// The marks of 256 leaves: bit b, counted from the lowest, is set if leaf 256 * `word` + b has
    /// left the holding. Big endian.
    ///
    /// # Errors
    ///
    /// When the endpoint or the contract does not answer as it should.
    pub async fn spent_word(&self, id: Hash, word: u64) -> Result<Hash, ReadError> {
        let call = C::spentWordCall { id: b256(id), word: U256::from(word) };
        Ok(Hash(self.read(Target::Custody, call).await?.to_be_bytes()))
    }

    /// Until when a retirement can be undone, in seconds since 1970-01-01; `None` if there is no
    /// record of it. `key` is of [`retirement_key`].
    ///
    /// # Errors
    ///
    /// When the endpoint or the contract does not answer as it should.
    pub async fn undoable_until(&self, key: Hash) -> Result<Option<u64>, ReadError> {
        let found = self.read(Target::Custody, C::retirementCall { key: b256(key) }).await?;
        Ok(known(found.until.to()))
    }

    /// Whether an account may read a document now.
    ///
    /// # Errors
    ///
    /// When the endpoint or the contract does not answer as it should.
    pub async fn may_read(&self, document: Hash, account: Account) -> Result<bool, ReadError> {
        let call = D::mayReadCall { document: b256(document), account: address(account) };
        self.read(Target::Documents, call).await
    }

    /// Last day of a published document, in days since 1970-01-01; `None` if it is not published.
    ///
    /// # Errors
    ///
    /// When the endpoint or the contract does not answer as it should.
    pub async fn document_until(&self, document: Hash) -> Result<Option<u32>, ReadError> {
        let found =
            self.read(Target::Documents, D::documentOfCall { document: b256(document) }).await?;
        Ok((!found.owner.is_zero()).then_some(found.until))
    }

    /// What became of a scheduled call; `id` is of [`operation_id`](crate::call::operation_id).
    ///
    /// # Errors
    ///
    /// When the endpoint or the contract does not answer as it should.
    pub async fn scheduled(&self, id: Hash) -> Result<Scheduled, ReadError> {
        let found = self.read(Target::Timelock, T::getTimestampCall { id: b256(id) }).await?;
        Ok(match found.saturating_to::<u64>() {
            0 => Scheduled::Unknown,
            1 => Scheduled::Done,
            from => Scheduled::Waiting { from },
        })
    }

    /// Whether an account is a governor's.
    ///
    /// # Errors
    ///
    /// When the endpoint or the contract does not answer as it should.
    pub async fn is_governor(&self, account: Account) -> Result<bool, ReadError> {
        let role = b256(keccak256(&[b"GOVERNOR_ROLE"]));
        let call = R::hasRoleCall { role, account: address(account) };
        self.read(Target::Registry, call).await
    }

    /// The least delay of scheduled calls, in seconds.
    ///
    /// # Errors
    ///
    /// When the endpoint or the contract does not answer as it should.
    pub async fn delay_s(&self) -> Result<u64, ReadError> {
        let found = self.read(Target::Timelock, T::getMinDelayCall {}).await?;
        Ok(found.saturating_to())
    }

    async fn read<Call: SolCall>(&self, of: Target, call: Call) -> Result<Call::Return, ReadError> {
        read_at(self.client(), self.contract(of), call).await
    }
}

/// What the contract at an address answers now.
pub(crate) async fn read_at<Call: SolCall>(
    client: &RpcClient,
    contract: Address,
    call: Call,
) -> Result<Call::Return, ReadError> {
    let input = Bytes::from(call.abi_encode());
    let request = json!({ "to": contract, "input": input });
    let answer: Bytes = ask(client, "eth_call", (request, "latest")).await?;
    Call::abi_decode_returns(&answer).map_err(|error| ReadError::NotOfInterface {
        function: Call::SIGNATURE,
        found: error.to_string(),
    })
}

fn known(gln: u64) -> Option<u64> {
    (gln != 0).then_some(gln)
}

fn unnamed(function: &'static str, found: u8) -> ReadError {
    ReadError::NotOfInterface { function, found: format!("the number {found} without a meaning") }
}
