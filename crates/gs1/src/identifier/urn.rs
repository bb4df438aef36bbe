//! EPC URNs of all schemes (EPC Tag Data Standard, section 6.3).

mod class;
mod digits;
mod foreign;
mod read;
mod scheme;
mod write;

pub(crate) use super::error::shown;
pub(crate) use class::of as class_of;
pub(crate) use digits::leading;
pub(crate) use foreign::is_pattern as is_foreign_pattern;
pub(crate) use read::one as one_of;
pub(super) use read::read;
pub(crate) use scheme::Scheme;
pub(super) use write::write;
