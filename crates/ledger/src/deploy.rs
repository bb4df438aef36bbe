//! Putting the contracts on a ledger.
//!
//! A deployment is four transactions of one account. What that account made before is found again by
//! its addresses, so that doing it again does nothing, and one that was interrupted is finished.
//!
//! # Invariants
//!
//! - A contract counts as there only if its code is that of the artefact, byte for byte, immutable
//!   values aside, and it was made with the parameters of the plan and for the contracts before it.

mod code;
mod found;
mod plan;
mod transact;

use std::time::Duration;

use serde::{Deserialize, Serialize};
use theriac_custody::{Account, Hash};

use crate::bindings::convert::account;
use crate::call::Target;
use crate::connect::{Deployment, Ledger, chain_id};
use crate::fees::FeePolicy;
use crate::read::ReadError;
use crate::request::RequestError;
use crate::send::SendError;
use crate::signer::Signer;
use crate::transport::{Endpoint, EndpointError};

pub use plan::DeployPlan;

/// How long a transaction of a deployment may take to be mined.
pub const MINED_WITHIN: Duration = Duration::from_secs(120);

/// What a deployment came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deployed {
    /// Where the contracts are.
    pub deployment: Deployment,
    /// The contracts that were not there before.
    pub made: Vec<Target>,
}

/// Contracts that were not deployed.
#[derive(Debug, thiserror::Error)]
pub enum DeployError {
    /// Configuration or installation: the endpoint cannot be used at all.
    #[error(transparent)]
    Endpoint(#[from] EndpointError),
    /// The endpoint did not answer as it should.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// A contract did not answer as it should.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The endpoint did not take the transaction.
    #[error(transparent)]
    Send(#[from] SendError),
    /// Ledger: the transaction was not mined in time. It may still be; deploying again waits for it.
    #[error(
        "expected the {contract:?} contract's transaction {transaction} to be mined within {within:?}, found no receipt: do it again later"
    )]
    NotMined {
        /// Which contract.
        contract: Target,
        /// The transaction.
        transaction: Hash,
        /// How long it was waited for.
        within: Duration,
    },
    /// Ledger: transactions of the account wait and are not mined in time.
    #[error(
        "expected the {waiting} waiting transactions of {account} to be mined within {within:?}, found them still waiting: do it again later"
    )]
    StillWaiting {
        /// The account.
        account: Account,
        /// Number of its waiting transactions.
        waiting: u64,
        /// How long it was waited for.
        within: Duration,
    },
    /// Ledger: the transaction failed, for example because the network lacks what the contracts need
    /// (the Prague rules).
    #[error(
        "expected the {contract:?} contract to be created, found that its transaction {transaction} failed: does the network have the rules of Prague?"
    )]
    Failed {
        /// Which contract.
        contract: Target,
        /// The transaction.
        transaction: Hash,
    },
    /// Ledger: what was created is not what was sent.
    #[error(
        "expected the code of the {contract:?} contract at {address} and its parameters, found others"
    )]
    OtherCode {
        /// Which contract.
        contract: Target,
        /// Its address.
        address: Account,
    },
}

impl Ledger {
    /// The contracts of the signer's account, which is their governor, on the ledger: those that it
    /// made before, and new ones where there are none.
    ///
    /// # Errors
    ///
    /// As [`deploy_as`](Self::deploy_as).
    pub async fn deploy(endpoint: Endpoint, signer: &Signer) -> Result<Deployment, DeployError> {
        let plan = DeployPlan::new(signer.account());
        let deployed = Self::deploy_as(endpoint, signer, &plan, FeePolicy::default()).await?;
        Ok(deployed.deployment)
    }

    /// The contracts of a plan on the ledger: those that the signer's account made before with the
    /// same parameters, and new ones where there are none.
    ///
    /// # Errors
    ///
    /// When the endpoint does not take the transactions, or they are not mined in time.
    pub async fn deploy_as(
        endpoint: Endpoint,
        signer: &Signer,
        plan: &DeployPlan,
        fees: FeePolicy,
    ) -> Result<Deployed, DeployError> {
        let client = endpoint.client()?;
        let chain_id = chain_id(&client).await?;
        let deployer = transact::Deployer { client, chain_id, signer, fees };
        deployer.settle().await?;
        let mut places = found::Places::default();
        let mut made = Vec::new();
        let candidates = found::candidates(&deployer.client, signer.account()).await?;
        for contract in Target::ALL {
            let ours = found::find(&deployer.client, plan, contract, &places, &candidates).await?;
            let address = match ours {
                Some(address) => address,
                None => {
                    let input = plan.creation(contract, &places);
                    let address = deployer.create(contract, input).await?;
                    if !found::is_ours(&deployer.client, plan, contract, &places, address).await? {
                        let address = account(address);
                        return Err(DeployError::OtherCode { contract, address });
                    }
                    made.push(contract);
                    address
                }
            };
            places.put(contract, address);
        }
        Ok(Deployed { deployment: places.deployment(chain_id), made })
    }
}
