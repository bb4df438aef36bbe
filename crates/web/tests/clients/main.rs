//! Clients that others wrote, on the embedded ledger's own port: Foundry's `cast`, ethers, WebSockets.

mod cast;
mod ethers;
mod served;
mod socket;
mod tools;
