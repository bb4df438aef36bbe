//! Real documents, damaged: no reader panics, and none is judged valid that cannot be read.

use std::ops::ControlFlow;

use theriac_epcis::{judge, read_items};

use crate::corpus::{data, files};

/// Damaged copies of each document.
const COPIES: u64 = 3;

/// Largest document that is damaged, in bytes.
const BYTES_MAX: usize = 60_000;

#[test]
fn damaged_documents_never_panic() {
    let Some(data) = data() else { return };
    let (mut copies, mut refused) = (0, 0);
    for (rank, (_, bytes)) in files(&data).into_iter().enumerate() {
        if bytes.is_empty() || bytes.len() > BYTES_MAX {
            continue;
        }
        for copy in 0..COPIES {
            let damaged = damage(bytes.clone(), rank as u64 * COPIES + copy + 1);
            let read = read_items(&damaged[..], &mut |_| ControlFlow::Continue(()));
            let judged = judge(&damaged[..], &mut |_| {});
            assert!(read.is_err() || judged.is_err() || read.ok() == judged.ok());
            copies += 1;
            refused += u32::from(judge(&damaged[..], &mut |_| {}).is_err());
        }
    }
    eprintln!("{copies} damaged documents, {refused} of them not readable to the end, no panic");
    assert!(copies > 500 && refused > 50);
}

/// A few bytes changed, removed or repeated; the same for the same seed.
fn damage(mut bytes: Vec<u8>, mut seed: u64) -> Vec<u8> {
    let mut next = |end: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 33) as usize % end.max(1)
    };
    for _ in 0..=next(3) {
        let at = next(bytes.len());
        match next(12) {
            0 => bytes[at] = b"<>{}[]\"'&:,/ \0\xff"[next(15)],
            1 | 2 => {
                let end = (at + next(40)).min(bytes.len());
                bytes.drain(at..end);
            }
            3 | 4 => {
                let end = (at + next(200)).min(bytes.len());
                let part = bytes[at..end].to_vec();
                bytes.splice(at..at, part);
            }
            5 => bytes.truncate(bytes.len() - next(bytes.len() / 4)),
            // A letter or digit stays one, so that values are damaged and not only the grammar.
            _ if bytes[at].is_ascii_alphanumeric() => bytes[at] = b"0aZ9"[next(4)],
            _ => bytes[at] = bytes[at].wrapping_add(1),
        }
        if bytes.is_empty() {
            break;
        }
    }
    bytes
}
