//! The reference page of the paths, made from the table.

use std::fmt::Write;

use super::paths::{PATHS, Path};

const HEAD: &str = "\
# HTTP service

This page is made from the code; a test compares them (update it with
`THERIAC_UPDATE_DOCS=1 cargo test -p theriac-web`).

[openapi.json](openapi.json) says the same for programs, with every status, header and schema; a node
serves it at `/openapi.json`.

Answers are JSON; what is no success is a [problem](problems.md). An unknown parameter is a problem,
not ignored. Times are RFC 3339.

Below `/epcis` lies the REST interface of EPCIS 2.0 (section 12). Every path there takes `OPTIONS`, which
tells methods, versions, forms and limits. `Accept` chooses `application/json`, `application/ld+json`,
`application/xml` or `text/xml` for documents with events, for capture jobs and for the list of resources,
JSON for the others; `GS1-EPCIS-Max: 1.2` gets EPCIS 1.2, in XML. `GS1-EPC-Format`, `GS1-CBV-XML-Format`
and `GS1-Extensions` (prefixes of extension fields in parameters) are followed; an EPC that was captured
as a Digital Link stays one, because the length of its company prefix is not known, and words of the CBV in
XML are web URIs unless URNs are asked for. A page may be shorter than
`perPage`: the last one is the one without a header `Link`. A `nextPageToken` is good for its own query for
a day, as long as the node runs; the pages of an answer show what was on record when the first was asked
for.

Until there are access keys, what changes a node or shows its books answers only programs on its own
machine: the request must come from a loopback address or the node's own, name the node by such an
address or `localhost` (`Host`), and carry none of the headers `Origin`, `Forwarded`,
`X-Forwarded-For`. A proxy on the same machine must set one of the last two. Of `/health`, others see the state without the numbers.

`POST /captures` answers 202 with the `Location` of the capture and its report, once all events are
processed; with the header `Prefer: respond-async` as soon as the document is durable. Whoever got the 202
never has to send the document again; to do so does no harm. Its events without error are captured,
whatever the others.

`POST /epcis/capture` takes the same documents and answers 202 with the `Location` of the capture job.
Unless the header `GS1-Capture-Error-Behaviour` says `proceed`, one error keeps all events of the document
off the record. A document that cannot be read at all is told with 400 if that shows within 5 s.
";

/// Most paths that are named beside a parameter.
const PATHS_NAMED: usize = 3;

/// The page `docs/reference/http.md`.
pub fn reference() -> String {
    let mut page = HEAD.to_owned();
    page.push_str("\n| method | path | who may ask | what |\n|---|---|---|---|\n");
    for Path { method, path, who, what, .. } in PATHS {
        let _ = writeln!(page, "| {method} | `{path}` | {} | {what} |", who.words());
    }
    page.push_str("\n## Parameters\n\n| paths | parameter | what |\n|---|---|---|\n");
    let mut told: Vec<&'static [super::Parameter]> = Vec::new();
    for path in PATHS.iter().filter(|path| !path.parameters.is_empty()) {
        if told.contains(&path.parameters) {
            continue;
        }
        told.push(path.parameters);
        let same = PATHS.iter().filter(|other| other.parameters == path.parameters);
        let mut paths: Vec<String> =
            same.map(|path| format!("`{} {}`", path.method, path.path)).collect();
        if paths.len() > PATHS_NAMED {
            let others = paths.len() - PATHS_NAMED + 1;
            paths.truncate(PATHS_NAMED - 1);
            paths.push(format!("and {others} like them"));
        }
        let paths = paths.join(", ");
        for parameter in path.parameters {
            let _ = writeln!(page, "| {paths} | `{}` | {} |", parameter.name, parameter.what);
        }
    }
    page
}
