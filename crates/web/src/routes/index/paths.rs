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

const LIGHTWEIGHT: &[Parameter] = &[
    p("exp", "expiry on the label, YYMMDD"),
    p("linkType", "`verificationService`"),
    p("context", "`dscsaSaleableReturn`"),
    p("reqGLN", "GLN of the member that asks"),
    p("corrUUID", "a UUID of version 4, which comes back with the answer"),
    p("checkConnectivity", "true: only whether the node answers is asked"),
];

const RESOLVER: &[Parameter] = &[p(
    "linkType",
    "`linkset` for all links, or one such as `gs1:epil`; passed on with all other parameters",
)];

const CONNECTIVITY: &[Parameter] = &[
    p("gtin", "a GTIN"),
    p("linkType", "`verificationService`"),
    p("context", "`dscsaSaleableReturn`"),
    p("reqGLN", "GLN of the member that asks"),
];

const TOLD: &[Parameter] = &[
    CODE[0],
    p("leaf", "true asks where it stands on the ledger too, with the path that shows it"),
];

const BUNDLE: &[Parameter] = &[
    p("code", "the code of a pack in any form, or the eventID or hash of an event"),
    p("block", "the block up to which it is proven; the newest final one unless said"),
    p("events", "false leaves the events out, which name all the packs that went the same way"),
];

const LIMIT: Parameter = p("limit", "how many at most, 1 to 10000; 100 unless said");

const QUERY: &[Parameter] = &[
    p("eventType …", "all parameters of `SimpleEventQuery` (EPCIS 2.0, section 8.2.7.1)"),
    PER_PAGE,
    NEXT_PAGE,
];

const STREAM: &[Parameter] = &[
    QUERY[0],
    PER_PAGE,
    NEXT_PAGE,
    p("stream", "true, with the handshake of a WebSocket: events as they come"),
    p("second", "with the handshake of a WebSocket: when answers are sent, `0,30` or `[1-5]`"),
    p("minute", "as second"),
    p("hour", "as second"),
    p("dayOfMonth", "as second"),
    p("month", "as second"),
    p("dayOfWeek", "as second, 1 for Monday"),
    p("reportIfEmpty", "whether a WebSocket gets empty answers too"),
    p("initialRecordTime", "a WebSocket gets only what was recorded from then on"),
];

const PAGE: &[Parameter] = &[PER_PAGE, NEXT_PAGE];

const PER_PAGE: Parameter = p("perPage", "how many on a page, 1 to 1000; 30 unless said");

const NEXT_PAGE: Parameter = p("nextPageToken", "from the header Link of the page before");

use Who::{Anybody, Members, ThisMachine};

/// All paths.
pub const PATHS: &[Path] = &[
    path("GET", "/", Anybody, "the list of paths", &[]),
    path("GET", "/openapi.json", Anybody, "this list for programs: OpenAPI 3.1", &[]),
    path("GET", "/health", Anybody, "state of the node, and what another needs to join it", &[]),
    path("GET", "/verify", Anybody, "is this pack genuine, and may it be dispensed now?", CODE),
    path("GET", "/trace", Anybody, "where has this pack been?", CODE),
    path(
        "GET",
        "/verify/gtin/{gtin}/lot/{lot}/ser/{serial}",
        Anybody,
        "GS1 Lightweight Messaging 1.1: are these the data of a pack?",
        LIGHTWEIGHT,
    ),
    path(
        "GET",
        "/verify/01/{gtin}/10/{lot}/21/{serial}",
        Anybody,
        "the same with application identifiers, `17` for `exp`",
        LIGHTWEIGHT,
    ),
    path(
        "GET",
        "/checkConnectivity",
        Anybody,
        "GS1 Lightweight Messaging 1.1: does this node answer for a GTIN?",
        CONNECTIVITY,
    ),
    path(
        "GET",
        "/verifications",
        ThisMachine,
        "questions about packs, sent and served, with both messages, newest first",
        &[
            p("direction", "`asked` by this node or `served` to others; both unless said"),
            p("corrUUID", "those with this one alone"),
            LIMIT,
        ],
    ),
    path(
        "POST",
        "/verifications",
        ThisMachine,
        "ask the labeler of a pack by GS1 Lightweight Messaging",
        &[],
    ),
    path("GET", "/responders", ThisMachine, "who answers for products besides members", &[]),
    path("POST", "/responders", ThisMachine, "say who answers for a product", &[]),
    path("DELETE", "/responders/{gtin}", ThisMachine, "forget who answers for a product", &[]),
    path("GET", "/products/{gtin}/links", ThisMachine, "the links of a product", &[]),
    path("POST", "/products/{gtin}/links", ThisMachine, "add a link to a product", &[]),
    path(
        "DELETE",
        "/products/{gtin}/links",
        ThisMachine,
        "forget links of a product",
        &[p("linkType", "those of this type"), p("href", "those with this URL")],
    ),
    path("GET", "/.well-known/gs1resolver", Anybody, "what the resolver is and can do", &[]),
    path(
        "GET",
        "/01/{gtin}",
        Anybody,
        "GS1 Digital Link of a product: page, JSON, links",
        RESOLVER,
    ),
    path("OPTIONS", "/01/{gtin}", Anybody, "what a Digital Link takes", &[]),
    path("GET", "/01/{gtin}/21/{serial}", Anybody, "GS1 Digital Link of a pack", RESOLVER),
    path("OPTIONS", "/01/{gtin}/21/{serial}", Anybody, "what a Digital Link takes", &[]),
    path(
        "GET",
        "/01/{gtin}/10/{lot}/21/{serial}",
        Anybody,
        "GS1 Digital Link of a pack with its lot",
        RESOLVER,
    ),
    path("OPTIONS", "/01/{gtin}/10/{lot}/21/{serial}", Anybody, "what a Digital Link takes", &[]),
    path(
        "GET",
        "/gtin/{gtin}/lot/{lot}/ser/{serial}",
        Anybody,
        "GS1 Digital Link of a pack as in version 1.1",
        RESOLVER,
    ),
    path(
        "OPTIONS",
        "/gtin/{gtin}/lot/{lot}/ser/{serial}",
        Anybody,
        "what a Digital Link takes",
        &[],
    ),
    path("GET", "/00/{sscc}", Anybody, "GS1 Digital Link of a logistic unit", RESOLVER),
    path("OPTIONS", "/00/{sscc}", Anybody, "what a Digital Link takes", &[]),
    path("GET", "/bundle", ThisMachine, "a file that proves a pack's life to anybody", BUNDLE),
    path("POST", "/exchange/messages", Members, "a message of another node", &[]),
    path(
        "POST",
        "/captures",
        ThisMachine,
        "an EPCIS document, JSON or XML, any length: what became of each event",
        &[],
    ),
    path("GET", "/captures", ThisMachine, "captures, newest first", &[LIMIT]),
    path(
        "GET",
        "/captures/{id}",
        ThisMachine,
        "what became of each event of a capture",
        &[p("outcomes", "false gives the counts alone")],
    ),
    path("GET", "/events", ThisMachine, "events with their states and transactions", QUERY),
    path("GET", "/epcis", ThisMachine, "the same as /epcis/", PAGE),
    path("GET", "/epcis/", ThisMachine, "EPCIS 2.0: the resources", PAGE),
    path("POST", "/epcis/capture", ThisMachine, "EPCIS 2.0: a document, JSON or XML", &[]),
    path("GET", "/epcis/capture", ThisMachine, "EPCIS 2.0: capture jobs, newest first", PAGE),
    path("GET", "/epcis/capture/{id}", ThisMachine, "EPCIS 2.0: a capture job", &[]),
    path("GET", "/epcis/events", ThisMachine, "EPCIS 2.0: events that match", QUERY),
    path("POST", "/epcis/events", ThisMachine, "EPCIS 2.0: one event, JSON", &[]),
    path(
        "GET",
        "/epcis/events/{id}",
        ThisMachine,
        "EPCIS 2.0: an event and its error declarations",
        &[],
    ),
    path("GET", "/epcis/eventTypes", ThisMachine, "EPCIS 2.0: types of events", PAGE),
    path(
        "GET",
        "/epcis/eventTypes/{name}",
        ThisMachine,
        "EPCIS 2.0: what there is below one of the types of events",
        &[],
    ),
    path(
        "GET",
        "/epcis/eventTypes/{name}/events",
        ThisMachine,
        "EPCIS 2.0: events with one of the types of events",
        QUERY,
    ),
    path("GET", "/epcis/epcs", ThisMachine, "EPCIS 2.0: objects that events name", PAGE),
    path(
        "GET",
        "/epcis/epcs/{name}",
        ThisMachine,
        "EPCIS 2.0: what there is below one of the objects that events name",
        &[],
    ),
    path(
        "GET",
        "/epcis/epcs/{name}/events",
        ThisMachine,
        "EPCIS 2.0: events with one of the objects that events name",
        QUERY,
    ),
    path("GET", "/epcis/bizSteps", ThisMachine, "EPCIS 2.0: business steps", PAGE),
    path(
        "GET",
        "/epcis/bizSteps/{name}",
        ThisMachine,
        "EPCIS 2.0: what there is below one of the business steps",
        &[],
    ),
    path(
        "GET",
        "/epcis/bizSteps/{name}/events",
        ThisMachine,
        "EPCIS 2.0: events with one of the business steps",
        QUERY,
    ),
    path("GET", "/epcis/bizLocations", ThisMachine, "EPCIS 2.0: business locations", PAGE),
    path(
        "GET",
        "/epcis/bizLocations/{name}",
        ThisMachine,
        "EPCIS 2.0: what there is below one of the business locations",
        &[],
    ),
    path(
        "GET",
        "/epcis/bizLocations/{name}/events",
        ThisMachine,
        "EPCIS 2.0: events with one of the business locations",
        QUERY,
    ),
    path("GET", "/epcis/readPoints", ThisMachine, "EPCIS 2.0: read points", PAGE),
    path(
        "GET",
        "/epcis/readPoints/{name}",
        ThisMachine,
        "EPCIS 2.0: what there is below one of the read points",
        &[],
    ),
    path(
        "GET",
        "/epcis/readPoints/{name}/events",
        ThisMachine,
        "EPCIS 2.0: events with one of the read points",
        QUERY,
    ),
    path("GET", "/epcis/dispositions", ThisMachine, "EPCIS 2.0: dispositions", PAGE),
    path(
        "GET",
        "/epcis/dispositions/{name}",
        ThisMachine,
        "EPCIS 2.0: what there is below one of the dispositions",
        &[],
    ),
    path(
        "GET",
        "/epcis/dispositions/{name}/events",
        ThisMachine,
        "EPCIS 2.0: events with one of the dispositions",
        QUERY,
    ),
    path("GET", "/epcis/queries", ThisMachine, "EPCIS 2.0: named queries", PAGE),
    path("POST", "/epcis/queries", ThisMachine, "EPCIS 2.0: keep a query under a name", &[]),
    path("GET", "/epcis/queries/{name}", ThisMachine, "EPCIS 2.0: a named query", &[]),
    path(
        "DELETE",
        "/epcis/queries/{name}",
        ThisMachine,
        "EPCIS 2.0: forget a named query and its subscriptions",
        &[],
    ),
    path(
        "GET",
        "/epcis/queries/{name}/events",
        ThisMachine,
        "EPCIS 2.0: events that match a named query",
        STREAM,
    ),
    path(
        "GET",
        "/epcis/queries/{name}/subscriptions",
        ThisMachine,
        "EPCIS 2.0: subscriptions to a named query",
        PAGE,
    ),
    path(
        "POST",
        "/epcis/queries/{name}/subscriptions",
        ThisMachine,
        "EPCIS 2.0: subscribe to a named query",
        &[],
    ),
    path(
        "GET",
        "/epcis/queries/{name}/subscriptions/{id}",
        ThisMachine,
        "EPCIS 2.0: a subscription",
        &[],
    ),
    path(
        "DELETE",
        "/epcis/queries/{name}/subscriptions/{id}",
        ThisMachine,
        "EPCIS 2.0: end a subscription",
        &[],
    ),
    path(
        "DELETE",
        "/epcis/nextPageToken/{token}",
        ThisMachine,
        "EPCIS 2.0: give back the token of a page",
        &[],
    ),
    path("GET", "/epcis/soap", ThisMachine, "EPCIS 1.2: WSDL of the query service", &[]),
    path("POST", "/epcis/soap", ThisMachine, "EPCIS 1.2: the query service, SOAP", &[]),
    path(
        "GET",
        "/cases",
        ThisMachine,
        "events that wait until somebody acts, newest first",
        &[p("open", "false lists closed ones as well"), LIMIT],
    ),
    path("GET", "/told", Members, "what this member tells another about a pack, signed", TOLD),
    path(
        "GET",
        "/inquiries",
        ThisMachine,
        "inquiries of ours and of others, newest first",
        &[LIMIT],
    ),
    path("POST", "/inquiries", ThisMachine, "ask the parties of packs; for regulators", &[]),
    path("GET", "/inquiries/{id}", ThisMachine, "an inquiry: who has answered, the journeys", &[]),
    path("POST", "/inquiries/{id}/approve", ThisMachine, "answer an inquiry that waits", &[]),
    path("POST", "/inquiries/{id}/deny", ThisMachine, "deny an inquiry that waits", &[]),
    path("POST", "/inquiries/{id}/documents", ThisMachine, "a document for the answer", &[]),
    path("GET", "/inquiries/{id}/documents/{digest}", ThisMachine, "a document's bytes", &[]),
    path("GET", "/disclosures", ThisMachine, "who was told how much about what", &[LIMIT]),
    path("POST", "/recall", ThisMachine, "recall a lot, or lift its recall", &[]),
    path("GET", "/recalls", ThisMachine, "recalls ordered here or told of, newest first", &[LIMIT]),
    path("POST", "/recalls", ThisMachine, "order a recall and tell whoever has packs of it", &[]),
    path(
        "GET",
        "/recalls/{id}",
        ThisMachine,
        "where the packs of a recall are, who has answered",
        &[],
    ),
    path("POST", "/recalls/{id}/lift", ThisMachine, "lift a recall", &[]),
    path(
        "POST",
        "/recalls/{id}/close",
        ThisMachine,
        "close a recall once all is accounted for",
        &[],
    ),
    path("POST", "/recalls/{id}/told", ThisMachine, "note that a holder was told by hand", &[]),
    path(
        "GET",
        "/recalls/{id}/report",
        ThisMachine,
        "the report of a closed recall, to print",
        &[],
    ),
    path("GET", "/members", ThisMachine, "the registry's members", &[]),
    path("POST", "/members", ThisMachine, "add a member; for governors", &[]),
    path("GET", "/products", ThisMachine, "the registry's products", &[]),
    path("POST", "/products", ThisMachine, "add a product; for governors and regulators", &[]),
    path("POST", "/registry", ThisMachine, "change members, accounts, products, documents", &[]),
    path("GET", "/reconcile", ThisMachine, "compare database and ledger", &[]),
    path("POST", "/reconcile", ThisMachine, "mend what differs and is safe to mend", &[]),
];
