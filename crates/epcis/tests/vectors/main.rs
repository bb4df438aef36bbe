//! Real documents and published vectors, read from the folder of shared data.
//!
//! The data is named by `THERIAC_DATA`, or lies beside the repository in `shared/data`. Where it
//! is absent these tests skip and say so.

#![allow(clippy::print_stderr, reason = "a skipped test says so")]

mod corpus;
mod damaged;
mod documents;
mod hashes;
mod headers;
mod invalid;
mod round_trip;
mod siblings;
mod strict;
mod tolerant;
mod written;
