//! A document to be read: a file, or standard input.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use theriac_epcis::DocumentError;

use crate::client::Document;
use crate::commands::documents::documents;
use crate::exit::InputError;
use crate::output;

/// Bytes read at once.
const PIECE_BYTES: usize = 64 << 10;

/// The documents that the words of the command line name: files, folders, `-`.
///
/// # Errors
///
/// One is not there, or a folder has none.
pub(super) fn named(words: &[PathBuf]) -> Result<Vec<Document>, InputError> {
    documents(words)
}

/// Opens a document to be read once, from its start to its end.
///
/// # Errors
///
/// It cannot be opened.
pub(super) fn open(document: &Document) -> Result<Box<dyn BufRead>, InputError> {
    match document {
        Document::File(path) => Ok(Box::new(BufReader::with_capacity(PIECE_BYTES, file(path)?))),
        Document::StandardInput => Ok(Box::new(io::stdin().lock())),
        Document::Bytes(_, bytes) => Ok(Box::new(io::Cursor::new(bytes.clone()))),
    }
}

/// Opens a document that is read more than once; what is no file is put down in one first.
///
/// # Errors
///
/// It cannot be opened, or put down.
pub(super) fn open_again(document: &Document) -> Result<File, InputError> {
    if let Document::File(path) = document
        && path.is_file()
    {
        return file(path);
    }
    let mut source = open(document)?;
    let spooled = tempfile::tempfile().and_then(|mut spool| {
        io::copy(&mut source, &mut spool)?;
        Ok(spool)
    });
    spooled.map_err(|error| InputError(format!("cannot read {}: {error}", document.name())))
}

/// Reads the file from its start.
///
/// # Errors
///
/// The system fails.
pub(super) fn from_start(mut file: &File) -> io::Result<impl BufRead + '_> {
    file.seek(SeekFrom::Start(0))?;
    Ok(BufReader::with_capacity(PIECE_BYTES, file))
}

fn file(path: &Path) -> Result<File, InputError> {
    File::open(path).map_err(|error| InputError(format!("cannot read {}: {error}", path.display())))
}

/// The error of a document that cannot be read to its end.
pub(super) fn unreadable(name: &str, error: &DocumentError) -> InputError {
    InputError(output::plain(&format!("{name}: {error}")))
}
