//! From raw bytes to a transaction that may be queued, and why not.

use alloy_consensus::{Transaction, TxEnvelope, transaction::Recovered};
use alloy_eips::Decodable2718;
use revm::{
    context::{TxEnv, result::InvalidTransaction},
    primitives::{Address, U256},
};

use crate::limits::{TRANSACTION_BYTES_MAX, TRANSACTION_GAS_LIMIT};

/// Why a transaction is refused: the sender's fault, every time. The texts follow geth's, because
/// clients look for them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Longer than [`TRANSACTION_BYTES_MAX`].
    #[error("oversized data: transaction size {size}, limit {TRANSACTION_BYTES_MAX}")]
    Oversized {
        /// Length in bytes.
        size: usize,
    },
    /// Not an encoded transaction.
    #[error("rlp: expected a signed transaction, found bytes that are none ({reason})")]
    Malformed {
        /// What the decoder said.
        reason: String,
    },
    /// A blob (3) or set-code (4) transaction.
    #[error("transaction type not supported: expected legacy, 1 or 2, found {found}")]
    UnsupportedType {
        /// The EIP-2718 type.
        found: u8,
    },
    /// Signed for any chain, as before EIP-155.
    #[error("only replay-protected (EIP-155) transactions allowed over RPC")]
    NotReplayProtected,
    /// Signed for another chain.
    #[error("invalid chain id for signer: have {found} want {expected}")]
    OtherChain {
        /// This ledger's chain id.
        expected: u64,
        /// The transaction's chain id.
        found: u64,
    },
    /// The signature gives no address, or is malleable (EIP-2).
    #[error("invalid sender: the signature is not valid")]
    InvalidSignature,
    /// Above [`TRANSACTION_GAS_LIMIT`] (EIP-7825).
    #[error("transaction gas limit too high (cap: {TRANSACTION_GAS_LIMIT}, tx: {found})")]
    GasLimitTooHigh {
        /// The transaction's gas limit.
        found: u64,
    },
    /// The priority fee is above the fee cap (EIP-1559).
    #[error("max priority fee per gas higher than max fee per gas: {tip} > {cap}")]
    TipAboveFeeCap {
        /// `maxPriorityFeePerGas` in wei.
        tip: u128,
        /// `maxFeePerGas` in wei.
        cap: u128,
    },
    /// The nonce was used by another transaction.
    #[error("nonce too low: address {address}, tx: {found} state: {expected}")]
    NonceTooLow {
        /// The sender.
        address: Address,
        /// The transaction's nonce.
        found: u64,
        /// The nonce that is next.
        expected: u64,
    },
    /// Transactions before this one are missing; this ledger keeps none waiting.
    #[error("nonce too high: address {address}, tx: {found} state: {expected}")]
    NonceTooHigh {
        /// The sender.
        address: Address,
        /// The transaction's nonce.
        found: u64,
        /// The nonce that is next.
        expected: u64,
    },
    /// The gas limit does not pay for sending the bytes.
    #[error("intrinsic gas too low: have {found}, want {expected}")]
    IntrinsicGas {
        /// The transaction's gas limit.
        found: u64,
        /// The least that its bytes cost.
        expected: u64,
    },
    /// The gas limit is under the floor for its data (EIP-7623).
    #[error("insufficient gas for floor data gas cost: have {found}, want {expected}")]
    FloorGas {
        /// The transaction's gas limit.
        found: u64,
        /// The floor.
        expected: u64,
    },
    /// The sender does not own the value it sends.
    #[error("insufficient funds for transfer: address {address} have {found} want {expected}")]
    InsufficientFunds {
        /// The sender.
        address: Address,
        /// Its balance in wei.
        found: U256,
        /// What it sends, in wei.
        expected: U256,
    },
    /// Another rule of the protocol.
    #[error("invalid transaction: {0}")]
    Rule(InvalidTransaction),
}

/// Decodes a raw transaction (EIP-2718) and checks all that needs no state.
///
/// # Errors
///
/// The first [`Refusal`] that applies.
pub(crate) fn decode(chain_id: u64, raw: &[u8]) -> Result<Recovered<TxEnvelope>, Refusal> {
    if raw.len() > TRANSACTION_BYTES_MAX {
        return Err(Refusal::Oversized { size: raw.len() });
    }
    supported_type(raw)?;
    let transaction = TxEnvelope::decode_2718_exact(raw)
        .map_err(|error| Refusal::Malformed { reason: error.to_string() })?;
    match transaction.chain_id() {
        None => return Err(Refusal::NotReplayProtected),
        Some(found) if found != chain_id => {
            return Err(Refusal::OtherChain { expected: chain_id, found });
        }
        Some(_) => {}
    }
    if transaction.gas_limit() > TRANSACTION_GAS_LIMIT {
        return Err(Refusal::GasLimitTooHigh { found: transaction.gas_limit() });
    }
    let cap = transaction.max_fee_per_gas();
    match transaction.max_priority_fee_per_gas() {
        Some(tip) if tip > cap => return Err(Refusal::TipAboveFeeCap { tip, cap }),
        _ => {}
    }
    let sender = signer(&transaction).ok_or(Refusal::InvalidSignature)?;
    Ok(Recovered::new_unchecked(transaction, sender))
}

/// The address whose key signed; `None` for a signature that gives none or is malleable (EIP-2).
pub(crate) fn signer(transaction: &TxEnvelope) -> Option<Address> {
    let signature = transaction.signature();
    if signature.normalize_s().is_some() {
        return None;
    }
    let mut r_and_s = [0; 64];
    r_and_s[..32].copy_from_slice(&signature.r().to_be_bytes::<32>());
    r_and_s[32..].copy_from_slice(&signature.s().to_be_bytes::<32>());
    let parity = signature.v().into();
    // revm's own recovery, which is several times quicker than the one of alloy-consensus.
    let word = revm::precompile::crypto()
        .secp256k1_ecrecover(&r_and_s, parity, &transaction.signature_hash().0)
        .ok()?;
    Some(Address::from_slice(&word[12..]))
}

/// Legacy transactions start with the header of an RLP list (0xc0 and up), others with their
/// type (EIP-2718).
fn supported_type(raw: &[u8]) -> Result<(), Refusal> {
    const TYPED: std::ops::RangeInclusive<u8> = 0..=0x7f;
    match raw.first() {
        Some(&found) if TYPED.contains(&found) && ![1, 2].contains(&found) => {
            Err(Refusal::UnsupportedType { found })
        }
        _ => Ok(()),
    }
}

/// The transaction as revm executes it: fees waived, all else as signed.
pub(crate) fn environment(transaction: &Recovered<TxEnvelope>) -> TxEnv {
    TxEnv {
        tx_type: transaction.tx_type() as u8,
        caller: transaction.signer(),
        gas_limit: transaction.gas_limit(),
        gas_price: 0,
        kind: transaction.kind(),
        value: transaction.value(),
        data: transaction.input().clone(),
        nonce: transaction.nonce(),
        chain_id: transaction.chain_id(),
        access_list: transaction.access_list().cloned().unwrap_or_default(),
        gas_priority_fee: transaction.is_dynamic_fee().then_some(0),
        ..TxEnv::default()
    }
}

/// Words revm's refusal of a transaction from `address` as geth does.
pub(crate) fn refusal(address: Address, error: InvalidTransaction) -> Refusal {
    match error {
        InvalidTransaction::NonceTooLow { tx, state } => {
            Refusal::NonceTooLow { address, found: tx, expected: state }
        }
        InvalidTransaction::NonceTooHigh { tx, state } => {
            Refusal::NonceTooHigh { address, found: tx, expected: state }
        }
        InvalidTransaction::CallGasCostMoreThanGasLimit { initial_gas, gas_limit } => {
            Refusal::IntrinsicGas { found: gas_limit, expected: initial_gas }
        }
        InvalidTransaction::GasFloorMoreThanGasLimit { gas_floor, gas_limit } => {
            Refusal::FloorGas { found: gas_limit, expected: gas_floor }
        }
        InvalidTransaction::LackOfFundForMaxFee { fee, balance } => {
            Refusal::InsufficientFunds { address, found: *balance, expected: *fee }
        }
        error => Refusal::Rule(error),
    }
}

#[cfg(test)]
mod tests {
    use alloy::signers::{SignerSync, local::PrivateKeySigner};
    use alloy_consensus::{
        SignableTransaction, TxEip1559, TxLegacy, transaction::SignerRecoverable,
    };
    use revm::primitives::{B256, alloy_primitives::Signature};

    use super::*;

    fn with_signature(nonce: u64, signature: Signature) -> TxEnvelope {
        match nonce % 2 {
            0 => TxLegacy { nonce, ..Default::default() }.into_signed(signature).into(),
            _ => TxEip1559 { nonce, ..Default::default() }.into_signed(signature).into(),
        }
    }

    #[test]
    fn signers_are_those_that_alloy_finds() {
        for nonce in 0..20 {
            let key = PrivateKeySigner::from_bytes(&B256::repeat_byte(nonce as u8 + 1)).unwrap();
            let unsigned = with_signature(nonce, Signature::test_signature());
            let signature = key.sign_hash_sync(&unsigned.signature_hash()).unwrap();
            let honest = with_signature(nonce, signature);
            assert_eq!(signer(&honest), Some(key.address()));
            let order = alloy_consensus::crypto::SECP256K1N_HALF * U256::from(2) + U256::ONE;
            let (r, s, parity) = (signature.r(), signature.s(), signature.v());
            let zero = U256::ZERO;
            for (r, s, parity) in [
                (r, order - s, !parity),
                (r, s, !parity),
                (zero, s, parity),
                (r, zero, parity),
                (order, s, parity),
                (U256::MAX, s, parity),
                (r + U256::ONE, s, parity),
            ] {
                let other = with_signature(nonce, Signature::new(r, s, parity));
                assert_eq!(signer(&other), other.recover_signer().ok(), "{r} {s} {parity}");
            }
        }
    }
}
