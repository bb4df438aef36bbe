//! Why a transaction is not taken.

use revm::{
    context::result::InvalidTransaction,
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

impl Refusal {
    /// Words revm's refusal of a transaction from `address` as geth does.
    pub(crate) fn of(address: Address, error: InvalidTransaction) -> Self {
        match error {
            InvalidTransaction::NonceTooLow { tx, state } => {
                Self::NonceTooLow { address, found: tx, expected: state }
            }
            InvalidTransaction::NonceTooHigh { tx, state } => {
                Self::NonceTooHigh { address, found: tx, expected: state }
            }
            InvalidTransaction::CallGasCostMoreThanGasLimit { initial_gas, gas_limit } => {
                Self::IntrinsicGas { found: gas_limit, expected: initial_gas }
            }
            InvalidTransaction::GasFloorMoreThanGasLimit { gas_floor, gas_limit } => {
                Self::FloorGas { found: gas_limit, expected: gas_floor }
            }
            InvalidTransaction::LackOfFundForMaxFee { fee, balance } => {
                Self::InsufficientFunds { address, found: *balance, expected: *fee }
            }
            error => Self::Rule(error),
        }
    }
}
