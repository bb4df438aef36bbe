//! Putting the contracts on a ledger.

use std::time::Duration;

use alloy::primitives::{Address, TxKind};
use alloy::rpc::client::RpcClient;
use alloy::sol_types::SolConstructor;
use theriac_custody::{Account, Hash};

use crate::bindings::convert::{account, address, b256};
use crate::bindings::custody::Custody;
use crate::bindings::registry::Registry;
use crate::call::Target;
use crate::connect::{Deployment, Ledger, chain_id};
use crate::fees::fees;
use crate::gas::deployment_bound;
use crate::receipt::RawReceipt;
use crate::request::{RequestError, ask};
use crate::send::{SendError, next_nonce, send};
use crate::sign::Draft;
use crate::signer::Signer;
use crate::transport::{Endpoint, EndpointError};

/// How long a deployment may take to be mined.
pub const MINED_WITHIN: Duration = Duration::from_secs(120);

/// How often to look whether a deployment is mined.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Contracts that were not deployed.
#[derive(Debug, thiserror::Error)]
pub enum DeployError {
    /// Configuration or installation: the endpoint cannot be used at all.
    #[error(transparent)]
    Endpoint(#[from] EndpointError),
    /// The endpoint did not answer as it should.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// The endpoint did not take the transaction.
    #[error(transparent)]
    Send(#[from] SendError),
    /// Ledger: the transaction was not mined in time. It may still be; look for it before deploying
    /// again.
    #[error(
        "expected the {contract:?} contract's transaction {transaction} to be mined within {within:?}, found no receipt"
    )]
    NotMined {
        /// Which contract.
        contract: Target,
        /// The transaction.
        transaction: Hash,
        /// How long it was waited for.
        within: Duration,
    },
    /// Ledger: the transaction failed, for example because the network lacks what the contracts need
    /// (the Prague rules).
    #[error(
        "expected the {contract:?} contract to be created, found that its transaction {transaction} failed"
    )]
    Failed {
        /// Which contract.
        contract: Target,
        /// The transaction.
        transaction: Hash,
    },
}

impl Ledger {
    /// Puts new contracts on the ledger, with the signer's account as governor. Doing it again puts
    /// others there.
    ///
    /// # Errors
    ///
    /// When the endpoint does not take the transactions, or they are not mined in time.
    pub async fn deploy(endpoint: Endpoint, signer: &Signer) -> Result<Deployment, DeployError> {
        let client = endpoint.client()?;
        let chain_id = chain_id(&client).await?;
        let deployer = Deployer { client, chain_id, signer };
        let governor = address(signer.account());
        let registry = Registry::constructorCall { governor }.abi_encode();
        let registry = deployer.create(Target::Registry, &Registry::BYTECODE, &registry).await?;
        let custody = Custody::constructorCall { registry_: registry }.abi_encode();
        let custody = deployer.create(Target::Custody, &Custody::BYTECODE, &custody).await?;
        Ok(Deployment { chain_id, registry: account(registry), custody: account(custody) })
    }
}

struct Deployer<'a> {
    client: RpcClient,
    chain_id: u64,
    signer: &'a Signer,
}

impl Deployer<'_> {
    async fn create(
        &self,
        contract: Target,
        code: &[u8],
        arguments: &[u8],
    ) -> Result<Address, DeployError> {
        let from: Account = self.signer.account();
        let nonce = next_nonce(&self.client, from).await?;
        let input = [code, arguments].concat();
        let draft = Draft {
            chain_id: self.chain_id,
            nonce,
            gas: deployment_bound(&input),
            fees: fees(&self.client).await?,
            to: TxKind::Create,
            input,
        };
        let transaction = send(&self.client, &draft.sign(self.signer).raw).await?;
        self.wait(contract, transaction).await?;
        Ok(address(from).create(nonce))
    }

    async fn wait(&self, contract: Target, transaction: Hash) -> Result<(), DeployError> {
        for _ in 0..MINED_WITHIN.as_millis() / LOOK_EVERY.as_millis() {
            let receipt: Option<RawReceipt> =
                ask(&self.client, "eth_getTransactionReceipt", (b256(transaction),)).await?;
            match receipt {
                Some(receipt) if receipt.succeeded() => return Ok(()),
                Some(_) => return Err(DeployError::Failed { contract, transaction }),
                None => tokio::time::sleep(LOOK_EVERY).await,
            }
        }
        Err(DeployError::NotMined { contract, transaction, within: MINED_WITHIN })
    }
}
