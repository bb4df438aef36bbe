//! The client: an endpoint, and the contracts on it.

use std::fmt;

use alloy::primitives::{Address, Bytes, U64};
use alloy::rpc::client::RpcClient;
use alloy::rpc::json_rpc::{RpcRecv, RpcSend};
use serde::{Deserialize, Serialize};
use theriac_custody::Account;

use crate::bindings::convert::address;
use crate::call::Target;
use crate::fees::FeePolicy;
use crate::request::{RequestError, ask};
use crate::transport::{Connection, Endpoint, EndpointError};

/// Where the contracts are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deployment {
    /// Chain id of the network (EIP-155).
    pub chain_id: u64,
    /// Address of the contract of members, accounts and products.
    pub registry: Account,
    /// Address of the contract of holdings and lots.
    pub custody: Account,
    /// Address of the contract of documents.
    pub documents: Account,
    /// Address of the contract that makes the governors' gravest decisions wait.
    pub timelock: Account,
}

impl Deployment {
    /// The address of a contract.
    pub fn of(&self, contract: Target) -> Account {
        match contract {
            Target::Custody => self.custody,
            Target::Registry => self.registry,
            Target::Documents => self.documents,
            Target::Timelock => self.timelock,
        }
    }
}

/// A client of the contracts. Clones share the connection.
#[derive(Clone)]
pub struct Ledger {
    connection: Connection,
    deployment: Deployment,
    fee_policy: FeePolicy,
}

/// A ledger that cannot be used as configured.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// Configuration or installation: the endpoint cannot be used at all.
    #[error(transparent)]
    Endpoint(#[from] EndpointError),
    /// The endpoint did not answer as needed.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// Configuration: the endpoint is of another network.
    #[error(
        "expected a ledger with chain id {expected}, found {found}: check endpoint and chain id"
    )]
    WrongChain {
        /// The configured chain id.
        expected: u64,
        /// The endpoint's chain id.
        found: u64,
    },
    /// There is no contract at an address: the endpoint is behind, or the configuration is wrong.
    #[error(
        "expected the {contract:?} contract at {address}, found no code: the endpoint is behind, the address is wrong, or the contracts are not deployed"
    )]
    NoContract {
        /// Which contract.
        contract: Target,
        /// The configured address.
        address: Account,
    },
}

impl ConnectError {
    /// How much of what is expected was found.
    fn closeness(&self) -> u8 {
        match self {
            Self::Endpoint(_) => 0,
            Self::Request(_) => 1,
            Self::WrongChain { .. } => 2,
            Self::NoContract { .. } => 3,
        }
    }
}

impl Ledger {
    /// Connects to the contracts, and checks that they are there.
    ///
    /// # Errors
    ///
    /// As [`check`](Self::check), and when the endpoint cannot be one.
    pub async fn connect(endpoint: Endpoint, deployment: Deployment) -> Result<Self, ConnectError> {
        let ledger = Self::at(&endpoint, deployment)?;
        ledger.check().await?;
        tracing::debug!(?endpoint, chain_id = deployment.chain_id, "connected to the ledger");
        Ok(ledger)
    }

    /// Checks that the endpoint is of the right network and has the contracts. Of several, the first
    /// that does is asked first from then on.
    ///
    /// # Errors
    ///
    /// When no endpoint answers, is of the right network, and has code at each address. What is said
    /// is of the one that came closest: one without contracts may be behind, and have them later.
    pub async fn check(&self) -> Result<(), ConnectError> {
        let mut failed: Option<ConnectError> = None;
        for connection in self.connection.each() {
            let one = self.over(connection);
            match one.check_one().await {
                Ok(()) => {
                    one.connection.prefer();
                    return Ok(());
                }
                Err(error) => {
                    if matches!(error, ConnectError::NoContract { .. }) {
                        one.connection.distrust("it does not have the contracts, or not yet");
                    }
                    if failed.as_ref().is_none_or(|before| before.closeness() <= error.closeness())
                    {
                        failed = Some(error);
                    }
                }
            }
        }
        failed.map_or(Ok(()), Err)
    }

    /// As [`check`](Self::check), of whichever endpoint answers.
    async fn check_one(&self) -> Result<(), ConnectError> {
        let expected = self.deployment.chain_id;
        let found = chain_id(self.client()).await?;
        if found != expected {
            return Err(ConnectError::WrongChain { expected, found });
        }
        for contract in Target::ALL {
            let address = self.contract(contract);
            let code: Bytes = self.ask("eth_getCode", (address, "latest")).await?;
            if code.is_empty() {
                let address = crate::bindings::convert::account(address);
                return Err(ConnectError::NoContract { contract, address });
            }
        }
        Ok(())
    }

    /// The contracts at an endpoint that may not answer now; nothing is checked.
    ///
    /// # Errors
    ///
    /// When the endpoint cannot be one.
    pub fn at(endpoint: &Endpoint, deployment: Deployment) -> Result<Self, ConnectError> {
        let connection = endpoint.connection(Some(deployment.chain_id))?;
        Ok(Self { connection, deployment, fee_policy: FeePolicy::default() })
    }

    /// The same held to one of its endpoints, for reading that must not go back and forth between
    /// nodes that know different blocks: of those that answer, the one in use if it has block
    /// `at_least`, else another that has it, else the one that has most (as after blocks were
    /// reverted). When it fails, requests fail; take another round then.
    ///
    /// # Errors
    ///
    /// When no endpoint answers.
    pub async fn round(&self, at_least: u64) -> Result<Self, RequestError> {
        let mut best: Option<(u64, Self)> = None;
        let mut failed = None;
        let each = self.connection.each();
        if let [only] = &each[..] {
            return Ok(self.over(only.clone()));
        }
        for connection in each {
            let ledger = self.over(connection);
            match ledger.ask::<_, U64>("eth_blockNumber", ()).await {
                Ok(head) if head.to::<u64>() >= at_least => {
                    ledger.connection.prefer();
                    return Ok(ledger);
                }
                Ok(head) => {
                    let head = head.to::<u64>();
                    if best.as_ref().is_none_or(|(most, _)| *most < head) {
                        best = Some((head, ledger));
                    }
                }
                Err(error) => failed = Some(error),
            }
        }
        match (best, failed) {
            (Some((_, ledger)), _) => Ok(ledger),
            (None, Some(error)) => Err(error),
            (None, None) => Ok(self.clone()),
        }
    }

    /// The same with another choice of fees.
    #[must_use]
    pub fn with_fees(self, fee_policy: FeePolicy) -> Self {
        Self { fee_policy, ..self }
    }

    pub(crate) fn fee_policy(&self) -> FeePolicy {
        self.fee_policy
    }

    /// Where the contracts are.
    pub fn deployment(&self) -> Deployment {
        self.deployment
    }

    pub(crate) fn contract(&self, target: Target) -> Address {
        address(self.deployment.of(target))
    }

    pub(crate) fn client(&self) -> &RpcClient {
        self.connection.client()
    }

    pub(crate) fn connection(&self) -> &Connection {
        &self.connection
    }

    pub(crate) fn over(&self, connection: Connection) -> Self {
        Self { connection, ..self.clone() }
    }

    pub(crate) async fn ask<Params: RpcSend, Answer: RpcRecv>(
        &self,
        method: &'static str,
        params: Params,
    ) -> Result<Answer, RequestError> {
        ask(self.client(), method, params).await
    }
}

impl fmt::Debug for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ledger").field("deployment", &self.deployment).finish_non_exhaustive()
    }
}

pub(crate) async fn chain_id(client: &RpcClient) -> Result<u64, RequestError> {
    let id: U64 = ask(client, "eth_chainId", ()).await?;
    Ok(id.to())
}
