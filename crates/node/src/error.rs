//! What can go wrong inside a node that is nobody's input: storage, ledger, own state.

use theriac_ledger::{
    ConnectError, LogsError, ReadError, RequestError, SendError, SignError, SimulateError,
};
use theriac_store::StoreError;

/// A stage could not do its work; nothing acknowledged is lost, and the work is taken up again.
#[derive(Debug, thiserror::Error)]
pub enum NodeError {
    /// The database failed.
    #[error("the database failed: {0}")]
    Store(#[from] StoreError),
    /// The ledger did not answer.
    #[error("the ledger did not answer: {0}")]
    Ledger(#[from] RequestError),
    /// The ledger's logs could not be read.
    #[error("the ledger's logs cannot be followed: {0}")]
    Logs(#[from] LogsError),
    /// The ledger's state could not be read.
    #[error("the ledger's state cannot be read: {0}")]
    Read(#[from] ReadError),
    /// A transaction could not be signed.
    #[error("a transaction cannot be signed: {0}")]
    Sign(#[from] SignError),
    /// A transaction could not be sent.
    #[error("a transaction cannot be sent: {0}")]
    Send(#[from] SendError),
    /// A transaction could not be tried out.
    #[error("a transaction cannot be tried out: {0}")]
    Simulate(#[from] SimulateError),
    /// The ledger refused a transaction.
    #[error("the ledger refused: {0}")]
    Refused(String),
    /// The ledger could not be connected.
    #[error("the ledger cannot be used: {0}")]
    Connect(#[from] ConnectError),
    /// Transactions sent before are not mined yet.
    #[error("transactions sent before are not mined yet; try again in a moment")]
    Busy,
    /// What the database holds contradicts itself; `theriac reconcile` says more.
    #[error("the database holds {found}, expected {expected}: run theriac reconcile")]
    Inconsistent {
        /// What was expected.
        expected: &'static str,
        /// What was found.
        found: String,
    },
    /// The folder of files cannot be read or written.
    #[error("the folder of files cannot be used: {0}")]
    Files(String),
    /// No capture has this number.
    #[error("expected the number of a capture, found {0}")]
    NoSuchCapture(i64),
    /// The node stopped while the work was under way.
    #[error("the node is stopping; the work goes on when it starts again")]
    Stopping,
}
