//! What is asked of the resolver: the identifier in the path, and which of its links.

use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri, header};
use jiff::civil::Date;
use theriac_gs1::{Gtin, Identifier, percent};
use theriac_node::link_type;

use crate::problem::{Problem, ProblemCode};

/// Longest URI of a resolver, in bytes; a Digital Link with all its elements is shorter.
const URI_BYTES_MAX: usize = 4_096;

/// Keys that a Digital Link begins with, by number and by the names of version 1.1.
const KEYS: [&str; 32] = [
    "00", "01", "253", "255", "401", "402", "414", "415", "417", "8003", "8004", "8006", "8010",
    "8013", "8017", "8018", "gtin", "sscc", "gdti", "gcn", "ginc", "gsin", "gln", "party", "grai",
    "giai", "itip", "cpid", "gmn", "gsrnp", "gsrn", "payTo",
];

/// Whether a path is that of a Digital Link, right or wrong.
pub(crate) fn is_digital_link(uri: &Uri) -> bool {
    let first = uri.path().split('/').nth(1).unwrap_or_default();
    KEYS.contains(&first)
}

/// Which of the links is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wanted {
    /// The default link, for a browser.
    Default,
    /// What this node itself says, as JSON.
    Json,
    /// All links (RFC 9264).
    Linkset,
    /// The one of this type.
    Link(String),
}

/// A request to the resolver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Requested {
    /// What the link identifies.
    pub(super) id: Identifier,
    /// The link as a URI, for whoever reads codes.
    pub(super) uri: String,
    /// Lot and expiry in it, still as they stand there.
    pub(super) lot: Option<String>,
    pub(super) expiry: Option<Date>,
    pub(super) wanted: Wanted,
    /// The query, still encoded.
    query: String,
}

impl Requested {
    /// Reads a request.
    ///
    /// # Errors
    ///
    /// [`ProblemCode::ParameterWrong`] for a path that is no Digital Link, or an unknown `linkType`.
    pub(super) fn read(parts: &Parts, year: i16) -> Result<Self, Problem> {
        let target = parts.uri.path_and_query().map_or("/", |target| target.as_str());
        if target.len() > URI_BYTES_MAX {
            return Err(wrong(format!("expected a link of at most {URI_BYTES_MAX} bytes")));
        }
        let uri = format!("https://id.gs1.org{target}");
        let scan = theriac_gs1::read(&uri).map_err(|error| wrong(error.to_string()))?;
        // `exp` is how version 1.1 and Lightweight Messaging name (17).
        let query = parts.uri.query().unwrap_or_default().to_owned();
        let expiry = match named(&query, "exp") {
            Some(text) => theriac_gs1::yymmdd(&text, year).map(Some),
            None => scan.expiry(year),
        }
        .map_err(|error| wrong(error.to_string()))?;
        let id = scan.identifier().ok_or_else(|| wrong("expected a key of GS1, found none"))?;
        // A lot beside a serial number is no part of what a pack is called.
        let lot = scan.lot().map(|lot| lot.to_string());
        let wanted = wanted(&query, &parts.headers)?;
        Ok(Self { id, uri, lot, expiry, wanted, query })
    }

    /// The product that it is about.
    pub(super) fn gtin(&self) -> Option<Gtin> {
        match &self.id {
            Identifier::Gtin(gtin) => Some(*gtin),
            Identifier::Sgtin(unit) => Some(unit.gtin),
            Identifier::Lgtin(lot) => Some(lot.gtin),
            _ => None,
        }
    }

    /// A URL to which the query of this request is passed on.
    pub(super) fn passed_on(&self, href: &str) -> String {
        if self.query.is_empty() {
            return href.to_owned();
        }
        let (before, fragment) = match href.split_once('#') {
            Some((before, fragment)) => (before, format!("#{fragment}")),
            None => (href, String::new()),
        };
        let join = if before.contains('?') { '&' } else { '?' };
        format!("{before}{join}{}{fragment}", self.query)
    }

    /// The verification request at the service `base` that this request means: of connectivity if it
    /// asks for that, or does not name a pack.
    pub(super) fn verification(&self, base: &str) -> String {
        let gtin = self.gtin().map(|gtin| gtin.to_string()).unwrap_or_default();
        let asks_connectivity = named(&self.query, "checkConnectivity").as_deref() == Some("true");
        match (&self.id, &self.lot) {
            (Identifier::Sgtin(unit), Some(lot)) if !asks_connectivity => {
                let lot = percent::encode_path(lot);
                let serial = percent::encode_path(unit.serial.as_str());
                self.passed_on(&format!("{base}/verify/gtin/{gtin}/lot/{lot}/ser/{serial}"))
            }
            _ => self.passed_on(&format!("{base}/checkConnectivity?gtin={gtin}")),
        }
    }
}

fn wrong(detail: impl Into<String>) -> Problem {
    Problem::new(ProblemCode::ParameterWrong, detail)
        .with_hint("the path is key, qualifiers and values, such as /01/09521321000018/21/ABC")
}

/// The value of a parameter, once decoded.
fn named(query: &str, name: &str) -> Option<String> {
    let value = query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))?;
    percent::decode_query(value).ok().map(std::borrow::Cow::into_owned)
}

/// `linkType` before `Accept`.
fn wanted(query: &str, headers: &HeaderMap) -> Result<Wanted, Problem> {
    if let Some(text) = named(query, "linkType") {
        return match text.as_str() {
            "linkset" | "all" => Ok(Wanted::Linkset),
            other => link_type(other).map(Wanted::Link).ok_or_else(|| {
                wrong(format!("expected a link type such as gs1:epil, found {other:?}"))
            }),
        };
    }
    let accepted = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let first = accepted
        .flat_map(|value| value.split(','))
        .filter_map(|range| {
            let (name, quality) = range.split_once(";q=").unwrap_or((range, "1"));
            let name = name.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
            let wanted = match name.as_str() {
                "application/linkset+json" => Wanted::Linkset,
                "application/json" | "application/ld+json" => Wanted::Json,
                "text/html" | "application/xhtml+xml" | "*/*" | "text/*" => Wanted::Default,
                _ => return None,
            };
            let quality: f32 = quality.trim().parse().unwrap_or(0.0);
            (quality > 0.0).then_some((wanted, quality))
        })
        .fold(None, |best: Option<(Wanted, f32)>, next| match best {
            Some(best) if best.1 >= next.1 => Some(best),
            _ => Some(next),
        });
    Ok(first.map_or(Wanted::Default, |(wanted, _)| wanted))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Request;

    fn read(target: &str, accept: Option<&str>) -> Result<Requested, Problem> {
        let mut request = Request::get(target);
        if let Some(accept) = accept {
            request = request.header("accept", accept);
        }
        Requested::read(&request.body(()).unwrap().into_parts().0, 2026)
    }

    #[test]
    fn all_forms_of_a_link_name_the_same_pack() {
        let pack = read("/01/09521321000018/10/A%2F1/21/x?17=281231", None).unwrap();
        assert_eq!(pack.id.digital_link(), "https://id.gs1.org/01/09521321000018/21/x");
        assert_eq!(
            (pack.lot.as_deref(), pack.expiry),
            (Some("A/1"), Some("2028-12-31".parse().unwrap()))
        );
        let short = read("/gtin/9521321000018/lot/A%2F1/ser/x/?exp=281231", None).unwrap();
        assert_eq!((short.id, short.lot, short.expiry), (pack.id, pack.lot, pack.expiry));
        for wrong in [
            "/01/09521321000019",
            "/01/0952132100001",
            "/01",
            "/01/09521321000018/21/",
            "/01/09521321000018/99/x",
            "/01/09521321000018/21/%zz",
            "/01/09521321000018?17=281301",
            "/01/09521321000018?linkType=a%20b",
        ] {
            assert_eq!(read(wrong, None).unwrap_err().status, 400, "{wrong}");
        }
    }

    #[test]
    fn link_type_comes_before_accept_and_quality_counts() {
        let html = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
        for (query, accept, expected) in [
            ("", None, Wanted::Default),
            ("", Some(html), Wanted::Default),
            ("", Some("application/json"), Wanted::Json),
            ("", Some("text/html;q=0.5, application/json"), Wanted::Json),
            ("", Some("application/linkset+json"), Wanted::Linkset),
            ("?linkType=linkset", Some(html), Wanted::Linkset),
            ("?linkType=all", None, Wanted::Linkset),
            ("?linkType=gs1:epil", Some("application/json"), Wanted::Link("gs1:epil".to_owned())),
            (
                "?linkType=https%3A%2F%2Fref.gs1.org%2Fvoc%2Fpip",
                None,
                Wanted::Link("gs1:pip".to_owned()),
            ),
        ] {
            let found = read(&format!("/01/09521321000018{query}"), accept).unwrap().wanted;
            assert_eq!(found, expected, "{query} {accept:?}");
        }
    }

    #[test]
    fn the_query_is_passed_on_and_becomes_a_verification_request() {
        let query = "?exp=281231&linkType=verificationService&reqGLN=1&a=b%20c";
        let pack = read(&format!("/gtin/09521321000018/lot/L%26/ser/x{query}"), None).unwrap();
        assert_eq!(
            pack.passed_on("https://a.example/p?q=1#f"),
            format!("https://a.example/p?q=1&{}#f", &query[1..])
        );
        let verify = pack.verification("https://a.example");
        assert_eq!(
            verify,
            format!("https://a.example/verify/gtin/09521321000018/lot/L%26/ser/x{query}")
        );
        let check =
            read(&format!("/gtin/09521321000018{query}&checkConnectivity=true"), None).unwrap();
        assert!(
            check
                .verification("https://a.example")
                .starts_with("https://a.example/checkConnectivity?gtin=09521321000018&exp=281231&")
        );
    }
}
