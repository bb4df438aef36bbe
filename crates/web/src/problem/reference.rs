//! The reference page of problems, made from the codes.

use std::fmt::Write;

use super::code::ProblemCode;
use crate::epcis::exception::write_reference;

const HEAD: &str = "\
# Problems

Every answer of a node that is no success, but for those below `/epcis`, is `application/problem+json` (RFC 9457): `type`, `title`,
`status`, `detail` (what happened this time) and `hint` (what to do about it). A `type` never changes
its meaning. This page is made from the code; a test compares them (update it with
`THERIAC_UPDATE_DOCS=1 cargo test -p theriac-web`).

| type (`urn:theriac:problem:` …) | status | what | what to do |
|---|---|---|---|
";

/// The page `docs/reference/problems.md`.
pub fn reference() -> String {
    let mut page = HEAD.to_owned();
    for code in ProblemCode::ALL {
        let (word, status) = (code.word(), code.status().as_u16());
        writeln!(page, "| `{word}` | {status} | {} | {} |", code.title(), code.hint())
            .expect("text takes text, because memory does not run out first");
    }
    write_reference(&mut page);
    page
}
