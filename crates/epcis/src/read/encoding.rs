//! The characters of a document: UTF-8 as it is, UTF-16 and Latin-1 decoded as they are read.
//!
//! XML names its encoding in the first line (XML 1.0, section 4.3.3 and appendix F). Another one
//! than these is refused by its name, because guessing would change lots and serial numbers.

use std::io::{self, BufRead, Chain, Read};

use super::{DocumentError, Place};

/// Most bytes of the line in which XML names its encoding.
const DECLARATION_BYTES_MAX: usize = 512;

/// Most bytes of the input that are decoded at a time.
const CHUNK_BYTES: usize = 16 * 1024;

/// An input in UTF-8, whatever it is in itself.
pub(crate) enum Source<R> {
    /// UTF-8 already.
    Plain(Chain<io::Cursor<Vec<u8>>, R>),
    Decoded(Decoder<Chain<io::Cursor<Vec<u8>>, R>>),
}

/// How characters are encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Utf8,
    Utf16 {
        big_endian: bool,
    },
    /// One byte is one character: ISO 8859-1, or Windows 1252, which fills its gaps.
    Latin {
        windows: bool,
    },
}

impl<R: BufRead> Source<R> {
    /// Looks at the beginning of a document for its encoding.
    ///
    /// # Errors
    ///
    /// [`DocumentError::Encoding`] for another one than these.
    pub(crate) fn new(mut input: R) -> Result<Self, DocumentError> {
        let head = head(&mut input)?;
        let encoding = detect(&head)?;
        let input = io::Cursor::new(head).chain(input);
        Ok(match encoding {
            Encoding::Utf8 => Self::Plain(input),
            encoding => Self::Decoded(Decoder {
                input,
                encoding,
                decoded: Vec::new(),
                taken: 0,
                rest: Vec::new(),
                high: None,
            }),
        })
    }
}

/// The first bytes: four, or all of the line in which XML names its encoding.
fn head(input: &mut impl BufRead) -> Result<Vec<u8>, DocumentError> {
    let mut head = Vec::new();
    loop {
        let is_declared = head.starts_with(b"<?xml") || b"<?xml".starts_with(&head[..]);
        let wanted = if head.len() < 4 || is_declared { DECLARATION_BYTES_MAX } else { 0 };
        if head.len() >= wanted || head.ends_with(b">") {
            return Ok(head);
        }
        let chunk = match input.fill_buf() {
            Ok(chunk) => chunk,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            // The reader meets the same failure, and knows where.
            Err(_) => return Ok(head),
        };
        let Some(&byte) = chunk.first() else { return Ok(head) };
        head.push(byte);
        input.consume(1);
    }
}

fn detect(head: &[u8]) -> Result<Encoding, DocumentError> {
    let refuse = |found: &str| {
        let place = Place { line: 1, column: 1, path: String::new() };
        Err(DocumentError::Encoding { found: found.to_owned(), place })
    };
    match head {
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] | [0, 0, 0, b'<', ..] => refuse("UTF-32"),
        [b'<', 0, 0, 0, ..] => refuse("UTF-32"),
        [0xff, 0xfe, ..] => Ok(Encoding::Utf16 { big_endian: false }),
        [0xfe, 0xff, ..] => Ok(Encoding::Utf16 { big_endian: true }),
        [b'<' | b'{' | b'[', 0, ..] => Ok(Encoding::Utf16 { big_endian: false }),
        [0, b'<' | b'{' | b'[', ..] => Ok(Encoding::Utf16 { big_endian: true }),
        [0x4c, 0x6f, 0xa7, 0x94, ..] => refuse("EBCDIC"),
        _ => {
            let name = declared(head).unwrap_or_default();
            match name.to_ascii_uppercase().as_str() {
                // Software that writes text of UTF-16 as UTF-8 forgets the declaration.
                "" | "UTF-8" | "UTF8" | "US-ASCII" | "ASCII" | "UTF-16" => Ok(Encoding::Utf8),
                "ISO-8859-1" | "ISO_8859-1" | "LATIN1" | "LATIN-1" | "L1" => {
                    Ok(Encoding::Latin { windows: false })
                }
                "WINDOWS-1252" | "CP1252" | "CP-1252" => Ok(Encoding::Latin { windows: true }),
                _ => refuse(&name),
            }
        }
    }
}

/// The encoding in `<?xml … encoding="…"?>`.
fn declared(head: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(head).ok()?.strip_prefix("<?xml")?;
    let (_, value) = text.split_once("encoding")?;
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    value[1..].split(quote).next().map(str::to_owned)
}

/// Decodes as it is read.
pub(crate) struct Decoder<R> {
    input: R,
    encoding: Encoding,
    decoded: Vec<u8>,
    taken: usize,
    /// A byte that waits for its other half.
    rest: Vec<u8>,
    /// The first half of a character beyond 16 bits.
    high: Option<u16>,
}

impl<R: BufRead> Decoder<R> {
    fn refill(&mut self) -> io::Result<()> {
        self.decoded.clear();
        self.taken = 0;
        while self.decoded.is_empty() {
            let chunk = self.input.fill_buf()?;
            let length = chunk.len().min(CHUNK_BYTES);
            if length == 0 {
                return match self.rest.is_empty() && self.high.is_none() {
                    true => Ok(()),
                    false => Err(io::Error::new(io::ErrorKind::InvalidData, "half a character")),
                };
            }
            let bytes = [&self.rest[..], &chunk[..length]].concat();
            self.rest.clear();
            self.input.consume(length);
            self.decode(&bytes)?;
        }
        Ok(())
    }

    fn decode(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut buffer = [0; 4];
        match self.encoding {
            Encoding::Utf8 => self.decoded.extend_from_slice(bytes),
            Encoding::Latin { windows } => {
                for &byte in bytes {
                    let character = if windows { windows_1252(byte) } else { char::from(byte) };
                    self.decoded.extend_from_slice(character.encode_utf8(&mut buffer).as_bytes());
                }
            }
            Encoding::Utf16 { big_endian } => {
                let pairs = bytes.chunks_exact(2);
                self.rest = pairs.remainder().to_vec();
                for pair in pairs {
                    let pair = [pair[0], pair[1]];
                    let unit = match big_endian {
                        true => u16::from_be_bytes(pair),
                        false => u16::from_le_bytes(pair),
                    };
                    self.unit(unit)?;
                }
            }
        }
        Ok(())
    }

    /// One unit of UTF-16: a character, or half of one.
    fn unit(&mut self, unit: u16) -> io::Result<()> {
        let broken = || io::Error::new(io::ErrorKind::InvalidData, "broken UTF-16");
        let units = match (self.high.take(), unit) {
            (None, 0xd800..=0xdbff) => {
                self.high = Some(unit);
                return Ok(());
            }
            (None, unit) => char::from_u32(u32::from(unit)),
            (Some(high), unit) => char::decode_utf16([high, unit]).next().and_then(Result::ok),
        };
        let character = units.ok_or_else(broken)?;
        let mut buffer = [0; 4];
        self.decoded.extend_from_slice(character.encode_utf8(&mut buffer).as_bytes());
        Ok(())
    }
}

/// Windows 1252 where it differs from Latin-1; bytes without a character stay what they are.
fn windows_1252(byte: u8) -> char {
    const GAP: &[char; 32] = &[
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž',
        '\u{8f}', '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}',
        'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9f => GAP[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

impl<R: BufRead> Read for Source<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let chunk = self.fill_buf()?;
        let length = chunk.len().min(buffer.len());
        buffer[..length].copy_from_slice(&chunk[..length]);
        self.consume(length);
        Ok(length)
    }
}

impl<R: BufRead> BufRead for Source<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        match self {
            Self::Plain(input) => input.fill_buf(),
            Self::Decoded(decoder) => {
                if decoder.taken == decoder.decoded.len() {
                    decoder.refill()?;
                }
                Ok(&decoder.decoded[decoder.taken..])
            }
        }
    }

    fn consume(&mut self, bytes: usize) {
        match self {
            Self::Plain(input) => input.consume(bytes),
            Self::Decoded(decoder) => {
                decoder.taken = (decoder.taken + bytes).min(decoder.decoded.len());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8]) -> Result<String, DocumentError> {
        let mut text = String::new();
        let input = io::BufReader::with_capacity(3, bytes);
        Source::new(input)?.read_to_string(&mut text).expect("decoded text");
        Ok(text)
    }

    fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn every_encoding_gives_the_same_text() {
        let want = "<a>é€😀</a>";
        let marked = format!("\u{feff}{want}");
        for bytes in [
            want.as_bytes().to_vec(),
            utf16(want, u16::to_le_bytes),
            utf16(want, u16::to_be_bytes),
            utf16(&marked, u16::to_le_bytes),
            utf16(&marked, u16::to_be_bytes),
        ] {
            assert_eq!(text(&bytes).expect("text").trim_start_matches('\u{feff}'), want);
        }
        let latin = b"<?xml version='1.0' encoding = \"ISO-8859-1\"?><a>\xe9</a>";
        assert!(text(latin).expect("text").ends_with("<a>é</a>"));
        let windows = b"<?xml version='1.0' encoding='windows-1252'?><a>\x80</a>";
        assert!(text(windows).expect("text").ends_with("<a>€</a>"));
    }

    #[test]
    fn another_encoding_is_refused_by_its_name() {
        let chinese = b"<?xml version=\"1.0\" encoding=\"GB18030\"?><a/>";
        match text(chinese) {
            Err(DocumentError::Encoding { found, .. }) => assert_eq!(found, "GB18030"),
            other => panic!("{other:?}"),
        }
        assert!(text(b"<\0\0\0a\0\0\0").is_err());
        for short in [&b""[..], b"<", b"<?", b"{", b"\xff", b"<?xml encoding=", b"<?xml encoding='"]
        {
            assert!(Source::new(short).is_ok(), "{short:?}");
        }
    }
}
