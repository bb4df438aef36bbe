//! Exact expectations of what a transaction logs, or of why it is reverted.

use std::fmt::Debug;

use alloy::primitives::{Address, LogData};
use alloy::sol_types::SolError;

use crate::evm::{Done, Failed};

impl<T: Debug> Done<T> {
    /// Expects these logs of one contract, in this order, with every field.
    ///
    /// # Panics
    ///
    /// If there are others.
    #[track_caller]
    pub fn expect_logs(&self, at: Address, expected: &[LogData]) {
        let found: Vec<_> = self.logs.iter().map(|log| (log.address, log.data.clone())).collect();
        let expected: Vec<_> = expected.iter().map(|data| (at, data.clone())).collect();
        assert_eq!(found, expected);
    }
}

/// Expects a revert with this error and these values.
///
/// # Panics
///
/// If the transaction went through, or was reverted for another reason.
#[track_caller]
pub fn expect_revert<T: Debug>(found: Result<Done<T>, Failed>, expected: impl SolError) {
    let Failed(found) = found.expect_err("a revert");
    assert_eq!(hex(&found), hex(&expected.abi_encode()));
}

/// How many cases a property is tried with: `THERIAC_RUNS`, or the number of a test in CI.
pub fn runs(in_ci: u32) -> u32 {
    std::env::var("THERIAC_RUNS").ok().and_then(|text| text.parse().ok()).unwrap_or(in_ci)
}

fn hex(bytes: &[u8]) -> String {
    alloy::primitives::hex::encode(bytes)
}
