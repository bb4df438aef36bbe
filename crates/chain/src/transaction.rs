//! From raw bytes to a transaction that may be queued, and why not.

mod refusal;

pub use refusal::Refusal;

use alloy_consensus::{Transaction, TxEnvelope, transaction::Recovered};
use alloy_eips::Decodable2718;
use revm::{context::TxEnv, primitives::Address};

use crate::limits::{TRANSACTION_BYTES_MAX, TRANSACTION_GAS_LIMIT};

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

#[cfg(test)]
mod tests {
    use alloy::signers::{SignerSync, local::PrivateKeySigner};
    use alloy_consensus::{
        SignableTransaction, TxEip1559, TxLegacy, transaction::SignerRecoverable,
    };
    use revm::primitives::{B256, U256, alloy_primitives::Signature};

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
