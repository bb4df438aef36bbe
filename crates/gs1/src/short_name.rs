//! Short names of AIs in Digital Link paths, as in version 1.1 of the standard; read, not written.

use crate::ai::Ai;

/// The AI that a path segment stands for: its digits, or its short name.
pub(crate) fn ai_of(segment: &str) -> Option<Ai> {
    Ai::from_digits(segment.as_bytes()).or_else(|| named(segment))
}

/// The AI of a short name.
pub(crate) fn named(segment: &str) -> Option<Ai> {
    let digits: &[u8] = match segment {
        "gtin" => b"01",
        "cpv" => b"22",
        "lot" => b"10",
        "ser" => b"21",
        "sscc" => b"00",
        "gln" => b"414",
        "glnx" => b"254",
        "party" => b"417",
        "gdti" => b"253",
        "grai" => b"8003",
        "giai" => b"8004",
        "gsrn" => b"8018",
        "gsrnp" => b"8017",
        "itip" => b"8006",
        "cpid" => b"8010",
        "cpsn" => b"8011",
        "gcn" => b"255",
        "ginc" => b"401",
        "gsin" => b"402",
        "srin" => b"8019",
        "gmn" => b"8013",
        _ => return None,
    };
    Some(Ai::literal(digits))
}
