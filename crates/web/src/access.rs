//! Who asks: a program on the node's own machine, another node, or anybody.
//!
//! Until there are access keys, everything that changes the node or shows its books answers only
//! requests that come from the node's own machine, and not through a browser page of another site or a
//! proxy: `POST /captures` acts in the member's name, and its events are its trade.
//!
//! # Security
//!
//! A proxy on the same machine must name its client (`Forwarded` or `X-Forwarded-For`), or must not
//! forward paths other than those that anybody may ask.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::header::{FORWARDED, HOST, ORIGIN};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName};
use theriac_gs1::Gln;
use theriac_node::{Node, SignedHeaders};

use crate::problem::{Problem, ProblemCode};

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const MEMBER: HeaderName = HeaderName::from_static("theriac-member");
const TIME: HeaderName = HeaderName::from_static("theriac-time");
const DIGEST: HeaderName = HeaderName::from_static("theriac-digest");
const SIGNATURE: HeaderName = HeaderName::from_static("theriac-signature");

/// Proof, as an extractor, that the request comes from the node's own machine.
#[derive(Debug, Clone, Copy)]
pub struct Local(());

impl<S: Sync> FromRequestParts<S> for Local {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        if is_local(parts) {
            return Ok(Self(()));
        }
        let path = parts.uri.path();
        Err(Problem::new(ProblemCode::NotLocal, format!("{path} was asked from elsewhere")))
    }
}

/// The address of the node's end of a connection; a client with the same address is on the node's
/// own machine.
#[derive(Debug, Clone, Copy)]
pub(crate) struct OwnAddress(pub(crate) IpAddr);

/// Whether the request comes from the node's own machine: not through a proxy, and not from a page
/// that a browser on this machine shows.
pub(crate) fn is_local(parts: &Parts) -> bool {
    let own = parts.extensions.get::<OwnAddress>().map(|own| own.0.to_canonical());
    let is_own = |ip: IpAddr| {
        let ip = ip.to_canonical();
        ip.is_loopback() || own == Some(ip)
    };
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
    let headers = &parts.headers;
    peer.is_some_and(|ConnectInfo(address)| is_own(address.ip()))
        && !headers.contains_key(FORWARDED)
        && !headers.contains_key(X_FORWARDED_FOR)
        && !headers.contains_key(ORIGIN)
        && headers.get(HOST).is_none_or(|host| host.to_str().is_ok_and(|host| names(host, is_own)))
}

/// Whether a `Host` is `localhost` or an address of this machine; the name of a hostile site can
/// point here too.
fn names(host: &str, is_own: impl Fn(IpAddr) -> bool) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    let address = name.trim_start_matches('[').trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost") || address.parse().is_ok_and(is_own)
}

/// The member that signed a request without a body; `None` if nobody did.
///
/// # Errors
///
/// Those of a signature.
pub(crate) async fn signer(node: &Node, parts: &Parts) -> Result<Option<Gln>, Problem> {
    let Some(headers) = signed_headers(&parts.headers)? else { return Ok(None) };
    let target = parts.uri.path_and_query().map_or("/", |target| target.as_str());
    let member = node.authenticate(&headers, parts.method.as_str(), target, &[]).await?;
    Ok(Some(member))
}

/// The address that a request comes from, for counting: that of the connection, or, if a proxy on
/// this machine passed it on, the one that the proxy saw. What a client wrote itself into
/// `X-Forwarded-For` stands before that and counts for nothing.
pub(crate) fn client_address(parts: &Parts) -> IpAddr {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
    let peer = peer.map_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED), |ConnectInfo(it)| it.ip());
    let forwarded = parts.headers.get_all(X_FORWARDED_FOR).iter().next_back();
    let last = forwarded
        .filter(|_| peer.to_canonical().is_loopback())
        .and_then(|value| value.to_str().ok()?.rsplit(',').next()?.trim().parse().ok());
    last.unwrap_or(peer)
}

/// The signature headers of a message, `None` when there are none at all.
///
/// # Errors
///
/// [`ProblemCode::SignatureMissing`] when some are there and others are not, or are unreadable.
pub(crate) fn signed_headers(headers: &HeaderMap) -> Result<Option<SignedHeaders>, Problem> {
    if ![&MEMBER, &TIME, &DIGEST, &SIGNATURE].iter().any(|name| headers.contains_key(*name)) {
        return Ok(None);
    }
    let text = |name: &HeaderName| {
        headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned).ok_or_else(
            || {
                let detail = format!("expected one readable header {name}, found none");
                Problem::new(ProblemCode::SignatureMissing, detail)
            },
        )
    };
    Ok(Some(SignedHeaders {
        member: text(&MEMBER)?,
        time: text(&TIME)?,
        digest: text(&DIGEST)?,
        signature: text(&SIGNATURE)?,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Request;

    fn parts(peer: &str, headers: &[(&str, &str)]) -> Parts {
        let mut request = Request::get("/cases");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let peer: SocketAddr = peer.parse().unwrap();
        request.extension(ConnectInfo(peer)).body(()).unwrap().into_parts().0
    }

    #[test]
    fn a_program_on_this_machine_is_local() {
        assert!(is_local(&parts("127.0.0.1:40000", &[])));
        assert!(is_local(&parts("127.0.0.1:40000", &[("host", "127.0.0.1:7340")])));
        assert!(is_local(&parts("[::1]:40000", &[("host", "[::1]:7340")])));
        assert!(is_local(&parts("[::ffff:127.0.0.1]:40000", &[("host", "localhost")])));
    }

    #[test]
    fn a_program_that_asks_the_machine_by_its_own_address_is_local() {
        let mut parts = parts("192.0.2.1:40000", &[("host", "192.0.2.1:7340")]);
        assert!(!is_local(&parts));
        parts.extensions.insert(OwnAddress("192.0.2.1".parse().unwrap()));
        assert!(is_local(&parts));
        parts.extensions.insert(OwnAddress("192.0.2.2".parse().unwrap()));
        assert!(!is_local(&parts));
    }

    #[test]
    fn another_machine_a_proxy_and_a_page_are_not() {
        assert!(!is_local(&parts("192.0.2.7:40000", &[])));
        assert!(!is_local(&parts("127.0.0.1:4", &[("x-forwarded-for", "192.0.2.7")])));
        assert!(!is_local(&parts("127.0.0.1:4", &[("forwarded", "for=192.0.2.7")])));
        assert!(!is_local(&parts("127.0.0.1:4", &[("origin", "https://example.org")])));
        assert!(!is_local(&parts("127.0.0.1:4", &[("host", "rebound.example:7340")])));
        assert!(!is_local(&Request::get("/").body(()).unwrap().into_parts().0));
    }

    #[test]
    fn a_proxy_on_this_machine_is_believed_about_its_client_and_no_other() {
        let forged = ("x-forwarded-for", "198.51.100.1, 192.0.2.7");
        let seen = |peer| client_address(&parts(peer, &[forged])).to_string();
        assert_eq!(seen("127.0.0.1:4"), "192.0.2.7");
        assert_eq!(seen("192.0.2.8:4"), "192.0.2.8");
        assert_eq!(client_address(&parts("127.0.0.1:4", &[])).to_string(), "127.0.0.1");
        let unreadable = ("x-forwarded-for", "unknown");
        assert_eq!(client_address(&parts("127.0.0.1:4", &[unreadable])).to_string(), "127.0.0.1");
    }

    #[test]
    fn half_a_signature_is_a_problem() {
        let mut headers = HeaderMap::new();
        assert!(signed_headers(&headers).unwrap().is_none());
        headers.insert(MEMBER, "9521321000018".parse().unwrap());
        let problem = signed_headers(&headers).unwrap_err();
        assert_eq!(problem.code, ProblemCode::SignatureMissing);
    }
}
