//! The embedded ledger: revm, durable blocks, JSON-RPC.
