//! The part of the reference page of problems that tells the exceptions.

use std::fmt::Write;

use super::ExceptionKind;
use super::of_problem::kind_of;
use crate::problem::ProblemCode;

const HEAD: &str = "
## Below `/epcis`

The paths of the EPCIS interface answer with the exceptions of EPCIS 2.0 instead, in
`application/problem+json`, or in `application/problem+xml` if the header `Accept` prefers XML. `hint`
is an addition. Where a problem of the table above happens there, it is told as the exception that
names it in the last column, with the status of the problem.

| type (`epcisException:` …) | status | what | stands for |
|---|---|---|---|
";

/// Appends the exceptions to the page.
pub(crate) fn write_reference(page: &mut String) {
    page.push_str(HEAD);
    for kind in ExceptionKind::ALL {
        let problems = ProblemCode::ALL.iter().filter(|code| kind_of(**code) == *kind);
        let problems: Vec<String> = problems.map(|code| format!("`{}`", code.word())).collect();
        let (word, status) = (kind.word(), kind.status().as_u16());
        writeln!(page, "| `{word}` | {status} | {} | {} |", kind.title(), problems.join(", "))
            .expect("text takes text, because memory does not run out first");
    }
}
