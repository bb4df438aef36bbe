//! Words of the Core Business Vocabulary (CBV 2.0, section 7): business steps, dispositions, types.
//!
//! A word is read in any of its forms: bare (`shipping`), web URI
//! (`https://ref.gs1.org/cbv/BizStep-shipping`), CURIE (`cbv:BizStep-shipping`), URN of CBV 1.x
//! (`urn:epcglobal:cbv:bizstep:shipping`). Another absolute URI is legal and kept; another bare
//! word is not.

mod action;
mod biz_step;
mod disposition;
mod kinds;
mod word;

pub use action::Action;
pub use biz_step::BizStep;
pub use disposition::Disposition;
pub use kinds::{BizTransactionType, ErrorReason, PartyType};
pub use word::WordError;
pub(crate) use word::{Vocabulary, is_uri};
