//! What can be set about verification.

use serde::{Deserialize, Serialize};
use theriac_gs1::Gln;

/// Longest time for a responder to answer unless told otherwise, in milliseconds.
const TIMEOUT_MS: u64 = 5_000;

/// The table `[verification]` of the configuration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct VerificationConfig {
    /// Whether a request without a member's signature is refused. Other members' nodes sign theirs;
    /// the services of providers do not.
    pub require_signature: bool,
    /// GLNs of organisations that may ask without being members.
    pub requesters: Vec<Gln>,
    /// Longest time for a responder to answer, in milliseconds.
    pub timeout_ms: u64,
}

impl Default for VerificationConfig {
    fn default() -> Self {
        Self { require_signature: false, requesters: Vec::new(), timeout_ms: TIMEOUT_MS }
    }
}

impl VerificationConfig {
    /// Whether nothing is set otherwise than usual.
    pub(crate) fn is_usual(&self) -> bool {
        *self == Self::default()
    }
}
