//! The resources, a file for each: handlers take [`Terms`](super::Terms) and give an answer in the
//! form that they allow, or an [`Exception`](super::Exception).

pub mod capture;
pub mod collection;
pub mod events;
pub(crate) mod page_token;
pub mod queries;
mod stream;
pub mod subscriptions;
pub mod top;
