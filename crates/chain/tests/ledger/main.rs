//! The embedded ledger from outside: through JSON-RPC text, as every client sees it.

mod audits;
mod blocks;
mod calls;
mod clients;
mod crashes;
mod file;
mod fixture;
mod history;
mod logs;
mod nonces;
mod prop;
mod prunes;
mod requests;
mod restarts;
mod sessions;
