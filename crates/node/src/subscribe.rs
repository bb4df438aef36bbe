//! Standing queries (EPCIS 2.0, sections 8.2.5 and 12.7.6): what matches among the events that come
//! on record goes to whoever subscribed.
//!
//! ```text
//! event on record, or time of a schedule
//!    └─▶ due ─▶ run (matches since the position) ─▶ message ─▶ post ─▶ position
//!                     └─▶ live (a WebSocket takes them one by one)
//! ```
//!
//! # Invariants
//!
//! - At least once and in order: the position of a subscription moves on only after its receiver
//!   took what lies before it. A crash between the two repeats a message and loses none.
//! - The position is a row of the order of admission, never a time: there are no gaps.
//! - A receiver that does not answer holds up its own subscription and no other.
//!
//! # Security
//!
//! With a `signatureToken` every message carries `GS1-Signature: sha256=<hex>`, the HMAC-SHA-256
//! (RFC 2104) of the bytes of its body under the bytes of the token. The body names its
//! subscription and when it was made (`creationDate`): a receiver that refuses old messages cannot
//! be told the same one again by somebody else. Redirects are not followed, so that nobody but the
//! receiver that was named gets a message. Any address can be named, also a private one: whoever
//! may subscribe (programs on the node's own machine) can reach it without the node.

mod controls;
mod engine;
mod live;
mod message;
mod post;
mod run;
mod turn;

pub use controls::{DeliveryControls, PayloadForm};
pub(crate) use engine::Engine;
pub use live::{Live, LiveRequest};
pub use message::{CallbackException, Envelope, Message};
pub use post::signature;
