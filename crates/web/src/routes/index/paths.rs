//! The table of paths: method, path, who may ask, what it does, its parameters.

/// A path of the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Path {
    /// HTTP method.
    pub method: &'static str,
    /// The path, `{id}` for a part that varies.
    pub path: &'static str,
    /// Who may ask.
    pub who: Who,
    /// What it does.
    pub what: &'static str,
    /// Its query parameters.
    pub parameters: &'static [Parameter],
}

/// A query parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// What it does.
    pub what: &'static str,
}

/// Who may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Anybody.
    Anybody,
    /// Members of the registry, by signature.
    Members,
    /// Programs on the node's own machine.
    ThisMachine,
}

impl Who {
    /// All of them, from the widest.
    pub const ALL: [Self; 3] = [Self::Anybody, Self::Members, Self::ThisMachine];

    /// The words for it.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Anybody => "anybody",
            Self::Members => "members, by signature",
            Self::ThisMachine => "programs on the node's own machine",
        }
    }
}

const fn path(
    method: &'static str,
    path: &'static str,
    who: Who,
    what: &'static str,
    parameters: &'static [Parameter],
) -> Path {
    Path { method, path, who, what, parameters }
}

const fn p(name: &'static str, what: &'static str) -> Parameter {
    Parameter { name, what }
}

const CODE: &[Parameter] = &[p(
    "code",
    "the code in any form: a raw scan (FNC1 as %1D), bracketed, Digital Link, EPC URN",
)];

const LIMIT: Parameter = p("limit", "how many at most, 1 to 10000; 100 unless said");

const FILTERS: &[Parameter] = &[
    p("eventType", "one of these types, separated by a bar"),
    p("EQ_bizStep", "one of these business steps: bare word, URN or URL"),
    p("EQ_disposition", "one of these dispositions"),
    p("EQ_action", "one of ADD, OBSERVE, DELETE"),
    p("GE_eventTime", "happened at this time or later"),
    p("LT_eventTime", "happened before this time"),
    p("GE_recordTime", "captured at this time or later"),
    p("LT_recordTime", "captured before this time"),
    p("MATCH_anyEPC", "names one of these identifiers: URN or Digital Link; no patterns"),
    p("EQ_eventID", "has this eventID"),
    p("perPage", "events on a page, 1 to 1000; 30 unless said"),
    p("nextPageToken", "from the header Link of the page before"),
];

use Who::{Anybody, Members, ThisMachine};

/// All paths.
pub const PATHS: &[Path] = &[
    path("GET", "/", Anybody, "the list of paths", &[]),
    path("GET", "/health", Anybody, "state of the node, and what another needs to join it", &[]),
    path("GET", "/verify", Anybody, "is this pack genuine, and may it be dispensed now?", CODE),
    path("GET", "/trace", Anybody, "where has this pack been?", CODE),
    path("POST", "/exchange/shipments", Members, "a shipment's event and manifest", &[]),
    path("POST", "/epcis/capture", ThisMachine, "an EPCIS document, JSON or XML, any length", &[]),
    path("GET", "/epcis/capture", ThisMachine, "captures, newest first", &[LIMIT]),
    path(
        "GET",
        "/epcis/capture/{id}",
        ThisMachine,
        "what became of each event of a capture",
        &[p("outcomes", "false gives the counts alone")],
    ),
    path("GET", "/epcis/events", ThisMachine, "events as an EPCIS 2.0 query document", FILTERS),
    path("GET", "/events", ThisMachine, "events with their states and transactions", FILTERS),
    path(
        "GET",
        "/cases",
        ThisMachine,
        "events that wait until somebody acts, newest first",
        &[p("open", "false lists closed ones as well"), LIMIT],
    ),
    path("POST", "/recall", ThisMachine, "recall a lot, or lift its recall", &[]),
    path("GET", "/members", ThisMachine, "the registry's members", &[]),
    path("POST", "/members", ThisMachine, "add a member; for governors", &[]),
    path("GET", "/products", ThisMachine, "the registry's products", &[]),
    path("POST", "/products", ThisMachine, "add a product; for governors and regulators", &[]),
    path("GET", "/reconcile", ThisMachine, "compare database and ledger", &[]),
];
