//! The transactions of a deployment.

use std::time::{Duration, Instant};

use alloy::primitives::{Address, TxKind};
use alloy::rpc::client::RpcClient;
use theriac_custody::Hash;

use super::{DeployError, MINED_WITHIN};
use crate::bindings::convert::{address, b256};
use crate::call::Target;
use crate::fees::{FeePolicy, fees};
use crate::gas::deployment_bound;
use crate::receipt::RawReceipt;
use crate::request::ask;
use crate::send::{mined_nonce, next_nonce, send};
use crate::sign::Draft;
use crate::signer::Signer;

/// How often to look whether a transaction is mined: at first, and at last.
const LOOK_EVERY: [Duration; 2] = [Duration::from_millis(20), Duration::from_secs(1)];

pub(super) struct Deployer<'a> {
    pub(super) client: RpcClient,
    pub(super) chain_id: u64,
    pub(super) signer: &'a Signer,
    pub(super) fees: FeePolicy,
}

impl Deployer<'_> {
    /// Waits until no transaction of the account waits: one of an interrupted deployment may.
    pub(super) async fn settle(&self) -> Result<(), DeployError> {
        let account = self.signer.account();
        let mut look = Looks::new();
        loop {
            let next = next_nonce(&self.client, account).await?;
            let waiting = next.saturating_sub(mined_nonce(&self.client, account).await?);
            if waiting == 0 {
                return Ok(());
            }
            if !look.again().await {
                return Err(DeployError::StillWaiting { account, waiting, within: MINED_WITHIN });
            }
        }
    }

    pub(super) async fn create(
        &self,
        contract: Target,
        input: Vec<u8>,
    ) -> Result<Address, DeployError> {
        let from = self.signer.account();
        let nonce = next_nonce(&self.client, from).await?;
        let draft = Draft {
            chain_id: self.chain_id,
            nonce,
            gas: deployment_bound(&input),
            fees: fees(&self.client, self.fees).await?,
            to: TxKind::Create,
            input,
        };
        let signed = draft.sign(self.signer);
        match send(&self.client, &signed.raw).await {
            Err(error) if !error.is_harmless() => return Err(error.into()),
            _ => self.wait(contract, signed.hash).await?,
        }
        Ok(address(from).create(nonce))
    }

    async fn wait(&self, contract: Target, transaction: Hash) -> Result<(), DeployError> {
        let mut look = Looks::new();
        loop {
            let receipt: Result<Option<RawReceipt>, _> =
                ask(&self.client, "eth_getTransactionReceipt", (b256(transaction),)).await;
            match receipt {
                Ok(Some(receipt)) if receipt.succeeded() => return Ok(()),
                Ok(Some(_)) => return Err(DeployError::Failed { contract, transaction }),
                Err(error) if !error.is_retryable() => return Err(error.into()),
                Ok(None) | Err(_) => {}
            }
            if !look.again().await {
                return Err(DeployError::NotMined { contract, transaction, within: MINED_WITHIN });
            }
        }
    }
}

/// Looking again and again, more seldom with time.
struct Looks {
    until: Instant,
    next: Duration,
}

impl Looks {
    fn new() -> Self {
        Self { until: Instant::now() + MINED_WITHIN, next: LOOK_EVERY[0] }
    }

    /// Waits; no if it was long enough.
    async fn again(&mut self) -> bool {
        if Instant::now() >= self.until {
            return false;
        }
        tokio::time::sleep(self.next).await;
        self.next = (self.next * 2).min(LOOK_EVERY[1]);
        true
    }
}
