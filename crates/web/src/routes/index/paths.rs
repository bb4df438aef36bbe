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

const SCAN: &[Parameter] = &[
    CODE[0],
    p("at", "when it was read, RFC 3339, if that is not now"),
    p("place", "the GLN of the site where the pack is"),
    p("position", "where that is, degrees north and east as `48.137,11.575`"),
    p("public", "true if a member asks for somebody who is not of its own"),
];

const BUNDLE: &[Parameter] = &[
    p("code", "the code of a pack in any form, or the eventID or hash of an event"),
    p("block", "the block up to which it is proven; the newest final one unless said"),
    p("events", "false leaves the events out, which name all the packs that went the same way"),
];

const LIMIT: Parameter = p("limit", "how many at most, 1 to 10000; 100 unless said");

const SHIPMENTS: &[Parameter] =
    &[p("direction", "out for those sent, in for those received"), LIMIT];

const DOCUMENT: &[Parameter] = &[
    p(
        "format",
        "epcis-1.2-xml, epcis-2.0-xml, epcis-2.0-json or csv; as the partner wants unless said",
    ),
    p("guideline", "r1.2 or r1.3: whose codes it has; as the partner wants unless said"),
    p(
        "labels",
        "cbv or gs1ushc: the namespace of lot and expiry; as the partner wants unless said",
    ),
];

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
    path("GET", "/verify", Anybody, "is this pack genuine, and may it be dispensed now?", SCAN),
    path("GET", "/alarms", ThisMachine, "packs of which a copy was seen", &[LIMIT]),
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
        "GET",
        "/exchange/messages",
        ThisMachine,
        "messages to and from other nodes, newest first",
        &[LIMIT],
    ),
    path("POST", "/exchange/retry", ThisMachine, "send at once what waits for its next try", &[]),
    path("POST", "/exchange/keys", ThisMachine, "give the node other service keys", &[]),
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
        "what disagrees, and who must act, newest first",
        &[
            p("open", "false lists closed ones as well"),
            p("state", "of this state only: open, waiting, investigating, resolved"),
            p("with", "with the party of this GLN only"),
            p("overdue", "true lists those past their deadline only"),
            LIMIT,
        ],
    ),
    path("POST", "/cases", ThisMachine, "open a case; suspect packs are set apart", &[]),
    path("POST", "/cases/pdg", ThisMachine, "take in an exception message of the PDG", &[]),
    path("GET", "/cases/{id}", ThisMachine, "a case with what was said and done in it", &[]),
    path(
        "GET",
        "/cases/{id}/packs",
        ThisMachine,
        "the packs of a case",
        &[p("after", "from the pack after the one of this Digital Link on"), LIMIT],
    ),
    path(
        "GET",
        "/cases/{id}/pdg",
        ThisMachine,
        "a case as an exception message of the PDG",
        &[p("form", "report, or response; the usual one unless said")],
    ),
    path(
        "GET",
        "/cases/{id}/3911",
        ThisMachine,
        "the fields of Form FDA 3911 for a case",
        &[
            p("type", "initial, follow_up or termination"),
            p("incident", "the number that the FDA has given"),
        ],
    ),
    path("POST", "/cases/{id}/tell", ThisMachine, "tell another party of a case", &[]),
    path("POST", "/cases/{id}/messages", ThisMachine, "say something in a case", &[]),
    path("POST", "/cases/{id}/proposals", ThisMachine, "propose a way to end a case", &[]),
    path("POST", "/cases/{id}/answers", ThisMachine, "answer a proposal", &[]),
    path("POST", "/cases/{id}/resolve", ThisMachine, "end a case", &[]),
    path("POST", "/cases/{id}/quarantine", ThisMachine, "set the packs of a case apart", &[]),
    path("POST", "/cases/{id}/clear", ThisMachine, "find suspect packs legitimate", &[]),
    path(
        "POST",
        "/cases/{id}/confirm",
        ThisMachine,
        "find suspect packs illegitimate; whoever must know is told",
        &[],
    ),
    path("POST", "/arrivals", ThisMachine, "open an arrival, or receive all of a shipment", &[]),
    path(
        "GET",
        "/arrivals",
        ThisMachine,
        "arrivals, newest first",
        &[p("open", "true lists open ones alone"), LIMIT],
    ),
    path("GET", "/arrivals/{id}", ThisMachine, "what an arrival expects, and what is here", &[]),
    path("POST", "/arrivals/{id}/scans", ThisMachine, "scan codes: each is answered at once", &[]),
    path("POST", "/arrivals/{id}/close", ThisMachine, "receive what is here", &[]),
    path("DELETE", "/arrivals/{id}", ThisMachine, "cancel an arrival", &[]),
    path("POST", "/shipments", ThisMachine, "ship packs and boxes by their codes", &[]),
    path("POST", "/shipments/cancel", ThisMachine, "take back what nobody has received", &[]),
    path("GET", "/whereabouts", ThisMachine, "at which own site is this pack or box?", CODE),
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
    path("GET", "/shipments", ThisMachine, "what was sent and received, latest first", SHIPMENTS),
    path("GET", "/shipments/{id}", ThisMachine, "a shipment with its transaction information", &[]),
    path(
        "GET",
        "/shipments/{id}/transaction-information",
        ThisMachine,
        "transaction information and statement as a page to print",
        &[],
    ),
    path(
        "GET",
        "/shipments/{id}/document",
        ThisMachine,
        "the document of a shipment: EPCIS 1.2 with header of GS1 US, EPCIS 2.0, CSV",
        DOCUMENT,
    ),
    path("GET", "/files", ThisMachine, "files from and to partners, newest first", &[LIMIT]),
    path(
        "POST",
        "/files",
        ThisMachine,
        "take a file: EPCIS of this member or of a partner, or a table",
        &[p("name", "its name; one that ends in .csv is a table")],
    ),
    path("GET", "/files/{id}", ThisMachine, "what became of a file", &[]),
    path("GET", "/files/{id}/content", ThisMachine, "the bytes of a file", &[]),
    path("GET", "/partners", ThisMachine, "trading partners and what is set for them", &[]),
    path("GET", "/partners/{gln}", ThisMachine, "a trading partner", &[]),
    path("POST", "/partners/{gln}", ThisMachine, "set how documents go to a partner", &[]),
    path("GET", "/partners/{gln}/quality", ThisMachine, "how good a partner's data is", &[]),
    path("GET", "/master-data", ThisMachine, "descriptions of products and parties", &[]),
    path("POST", "/master-data", ThisMachine, "describe products and parties", &[]),
    path("GET", "/members", ThisMachine, "the registry's members", &[]),
    path("POST", "/members", ThisMachine, "add a member; for governors", &[]),
    path("GET", "/products", ThisMachine, "the registry's products", &[]),
    path("POST", "/products", ThisMachine, "add a product; for governors and regulators", &[]),
    path("POST", "/registry", ThisMachine, "change members, accounts, products, documents", &[]),
    path("GET", "/reconcile", ThisMachine, "compare database and ledger", &[]),
    path("POST", "/reconcile", ThisMachine, "mend what differs and is safe to mend", &[]),
];
