//! Ethereum client of the ledger: calls, signed transactions, receipts, logs, finality, keys.
//!
//! One code path speaks JSON-RPC to the embedded ledger in the same process and to any Ethereum
//! network by URL.
//!
//! ```no_run
//! use theriac_ledger::{Call, Deployment, Endpoint, Keystore, Ledger};
//!
//! # async fn example(deployment: Deployment) -> Result<(), Box<dyn std::error::Error>> {
//! let signer = Keystore::unlock("key.json".as_ref(), &"passphrase".into())?;
//! let endpoint = Endpoint::Http("http://127.0.0.1:8545".into());
//! let ledger = Ledger::connect(endpoint, deployment).await?;
//! let calls = [Call::Anchor { root: Default::default(), count: 1 }];
//! ledger.simulate(signer.account(), &calls).await?;
//! let nonce = ledger.next_nonce(signer.account()).await?;
//! let signed = ledger.sign(&signer, nonce, &calls).await?;
//! // Store `signed` here: after a crash the same bytes are sent again.
//! match ledger.send(&signed.raw).await {
//!     Ok(_) => {}
//!     Err(error) if error.is_harmless() => {}
//!     Err(error) => return Err(error.into()),
//! }
//! let receipt = ledger.receipt(signed.hash).await?;
//! # Ok(())
//! # }
//! ```
//!
//! # Invariants
//!
//! - No type of the Ethereum client library is public: hashes, accounts, proofs and states are those
//!   of `theriac-custody`.
//! - A transaction is signed here and sent here, but kept elsewhere: [`Ledger::sign`] sends nothing,
//!   [`Ledger::send`] signs nothing, so that the bytes can be stored in between.
//! - Secrets never appear in `Debug` or in errors.

mod bindings;

pub mod block;
pub mod bundle;
pub mod call;
pub mod connect;
pub mod deploy;
pub mod event;
pub mod fees;
pub mod gas;
pub mod keystore;
pub mod logs;
pub mod passphrase;
pub mod read;
pub mod receipt;
pub mod request;
pub mod revert;
pub mod send;
pub mod sign;
pub mod signer;
pub mod simulate;
pub mod transport;

pub use block::{BlockHead, Finality};
pub use call::{Call, MemberStatus, NodePlace, Target, in_tree_order, operation_id};
pub use connect::{ConnectError, Deployment, Ledger};
pub use deploy::{DeployError, DeployPlan, Deployed};
pub use event::LedgerEvent;
pub use fees::{FeeKind, FeeMode, FeePolicy, Fees};
pub use gas::{Gas, fits, gas_bound};
pub use keystore::{Cost, Keystore, KeystoreError};
pub use logs::{LedgerLog, LogsError};
pub use passphrase::Passphrase;
pub use read::{Holding, Lot, Member, ReadError, Scheduled, retirement_key};
pub use receipt::Receipt;
pub use request::RequestError;
pub use revert::Revert;
pub use send::SendError;
pub use sign::{SignError, SignedTransaction};
pub use signer::{KeyError, SignatureError, Signer, recover_message};
pub use simulate::SimulateError;
pub use theriac_custody::holding_id;
pub use transport::{Endpoint, LocalRpc};
