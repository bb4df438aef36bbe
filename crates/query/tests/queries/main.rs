//! Queries as a whole: their parameters, what they select, what is refused, how they are written.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a vector test prints its figure")]

mod events;
mod master_data;
mod order;
mod parameters;
mod plan;
mod prop;
mod refused;
mod table;
