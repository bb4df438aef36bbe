//! Signed transactions, before they are sent.

use alloy::consensus::transaction::RlpEcdsaEncodableTx;
use alloy::consensus::{SignableTransaction, TxEip1559, TxLegacy};
use alloy::eips::eip2718::Encodable2718;
use alloy::primitives::{Bytes, Signature, TxKind};
use serde::{Deserialize, Serialize};
use theriac_custody::Hash;

use crate::bindings::convert::hash;
use crate::call::{Call, JoinError, join};
use crate::connect::Ledger;
use crate::fees::{FeeKind, Fees};
use crate::gas::{self, Gas};
use crate::request::RequestError;
use crate::signer::Signer;

/// A transaction as it goes over the wire. The same bytes can be sent any number of times and take
/// effect once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedTransaction {
    /// Its hash.
    pub hash: Hash,
    /// The envelope (EIP-2718).
    pub raw: Vec<u8>,
    /// Number of the transaction among those of its sender, from 0.
    pub nonce: u64,
}

/// Calls that were not signed.
#[derive(Debug, thiserror::Error)]
pub enum SignError {
    /// Caller: the calls cannot be one transaction.
    #[error(transparent)]
    Join(#[from] JoinError),
    /// Caller: the calls are more than one transaction may carry or use; split them (see
    /// [`fits`](crate::fits)).
    #[error(
        "expected calls within one transaction, found {bytes} bytes that may need {gas}: split them"
    )]
    TooLarge {
        /// Bytes of the transaction's input; at most [`INPUT_BYTES_MAX`](crate::gas::INPUT_BYTES_MAX).
        bytes: usize,
        /// Upper bound of the gas; at most [`Gas::TRANSACTION_MAX`].
        gas: Gas,
    },
    /// The endpoint did not tell its fees.
    #[error(transparent)]
    Request(#[from] RequestError),
}

impl Ledger {
    /// Signs one transaction with all `calls`, at the fees that the endpoint asks now. Sends nothing.
    ///
    /// # Errors
    ///
    /// When the calls cannot be one transaction, or the endpoint does not answer as it should.
    pub async fn sign(
        &self,
        signer: &Signer,
        nonce: u64,
        calls: &[Call],
    ) -> Result<SignedTransaction, SignError> {
        let draft = self.draft(nonce, calls, Fees::default())?;
        let fees = self.fees().await?;
        Ok(Draft { fees, ..draft }.sign(signer))
    }

    /// Signs one transaction with all `calls` at given fees; needs no endpoint. With the same nonce
    /// and higher fees (see [`Fees::bumped`]) it takes the place of one that waits.
    ///
    /// # Errors
    ///
    /// When the calls cannot be one transaction.
    pub fn sign_at(
        &self,
        signer: &Signer,
        nonce: u64,
        calls: &[Call],
        fees: Fees,
    ) -> Result<SignedTransaction, SignError> {
        Ok(self.draft(nonce, calls, fees)?.sign(signer))
    }

    fn draft(&self, nonce: u64, calls: &[Call], fees: Fees) -> Result<Draft, SignError> {
        let joined = join(calls, &self.deployment())?;
        let gas = gas::bound(calls, &joined.input);
        if !gas::within_transaction(gas, &joined.input) {
            return Err(SignError::TooLarge { bytes: joined.input.len(), gas });
        }
        Ok(Draft {
            chain_id: self.deployment().chain_id,
            nonce,
            gas,
            fees,
            to: TxKind::Call(self.contract(joined.target)),
            input: joined.input,
        })
    }
}

/// A transaction before it is signed.
pub(crate) struct Draft {
    pub(crate) chain_id: u64,
    pub(crate) nonce: u64,
    pub(crate) gas: Gas,
    pub(crate) fees: Fees,
    pub(crate) to: TxKind,
    pub(crate) input: Vec<u8>,
}

impl Draft {
    pub(crate) fn sign(self, signer: &Signer) -> SignedTransaction {
        match self.fees.kind {
            FeeKind::Dynamic => signed(self.dynamic(), signer),
            FeeKind::Legacy => signed(self.legacy(), signer),
        }
    }

    fn dynamic(self) -> TxEip1559 {
        TxEip1559 {
            chain_id: self.chain_id,
            nonce: self.nonce,
            gas_limit: self.gas.0,
            max_fee_per_gas: self.fees.max_fee_per_gas,
            max_priority_fee_per_gas: self.fees.max_priority_fee_per_gas,
            to: self.to,
            input: Bytes::from(self.input),
            ..TxEip1559::default()
        }
    }

    fn legacy(self) -> TxLegacy {
        TxLegacy {
            chain_id: Some(self.chain_id),
            nonce: self.nonce,
            gas_limit: self.gas.0,
            gas_price: self.fees.max_fee_per_gas,
            to: self.to,
            input: Bytes::from(self.input),
            ..TxLegacy::default()
        }
    }
}

fn signed<Unsigned>(transaction: Unsigned, signer: &Signer) -> SignedTransaction
where
    Unsigned: SignableTransaction<Signature> + RlpEcdsaEncodableTx,
{
    let nonce = transaction.nonce();
    let signature = signer.sign_hash(&transaction.signature_hash());
    let signed = transaction.into_signed(signature);
    SignedTransaction { hash: hash(*signed.hash()), raw: signed.encoded_2718(), nonce }
}
