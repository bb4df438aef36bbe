//! stub
use super::{Cursor, DocumentError, DocumentInfo, Format, Sink};
use std::io::BufRead;
pub(super) fn read<R: BufRead>(_c: Cursor<R>, _s: Sink<'_>) -> Result<DocumentInfo, DocumentError> {
    Ok(DocumentInfo::new(Format::Json20))
}
