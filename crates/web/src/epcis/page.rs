//! Pages: `perPage` and `nextPageToken` in, `Link` and `GS1-Next-Page-Token-Expires` out
//! (EPCIS 2.0, section 12.7.4).

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri, header};
use jiff::Timestamp;

use super::discovery::insert;
use super::exception::{Exception, ExceptionKind};
use super::headers;
use super::token::{Subject, Tokens};
use crate::limits::{PAGE_EVENTS, PAGE_EVENTS_MAX, QUERY_PARAMETERS_MAX};

/// The query string of a request: which page, and the parameters that are left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PageQuery {
    uri: Uri,
    token: Option<String>,
    /// Rows on the page, from 1 to [`PAGE_EVENTS_MAX`].
    pub(crate) rows: u64,
    /// The other parameters, decoded, in their order.
    pub(crate) pairs: Vec<(String, String)>,
}

impl<S: Sync> FromRequestParts<S> for PageQuery {
    type Rejection = Exception;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Exception> {
        Self::read(&parts.uri)
    }
}

impl PageQuery {
    /// Reads the query string of `uri`.
    ///
    /// # Errors
    ///
    /// [`ExceptionKind::QueryParameter`], [`ExceptionKind::QueryTooComplex`].
    pub(crate) fn read(uri: &Uri) -> Result<Self, Exception> {
        let Query(mut pairs) = Query::<Vec<(String, String)>>::try_from_uri(uri)
            .map_err(|error| wrong(format!("the query string cannot be read: {error}")))?;
        if pairs.len() > QUERY_PARAMETERS_MAX {
            let found = pairs.len();
            let detail =
                format!("expected at most {QUERY_PARAMETERS_MAX} parameters, found {found}");
            return Err(Exception::new(ExceptionKind::QueryTooComplex, detail));
        }
        let rows = rows(take(&mut pairs, "perPage")?)?;
        // An empty one is what a client sends that fills in a form.
        let token = take(&mut pairs, "nextPageToken")?.filter(|token| !token.is_empty());
        Ok(Self { uri: uri.clone(), token, rows, pairs })
    }

    /// No parameter is left.
    ///
    /// # Errors
    ///
    /// [`ExceptionKind::QueryParameter`].
    pub(crate) fn finish(&self) -> Result<(), Exception> {
        match self.pairs.first() {
            None => Ok(()),
            Some((name, _)) => {
                let name: String = name.chars().take(100).collect();
                Err(wrong(format!("expected no parameter {name}, found it")))
            }
        }
    }

    /// Where the page begins, from the token; `None` for the first page.
    ///
    /// # Errors
    ///
    /// [`ExceptionKind::QueryParameter`] for a token of another query, or none of this node.
    pub(crate) fn position(
        &self,
        tokens: &Tokens,
        subject: Subject,
    ) -> Result<Option<Vec<u8>>, Exception> {
        let Some(text) = &self.token else { return Ok(None) };
        tokens.read(text, subject, Timestamp::now()).map(Some)
    }

    /// As [`Self::position`], of a list in the order of texts.
    ///
    /// # Errors
    ///
    /// [`ExceptionKind::QueryParameter`].
    pub(crate) fn text_position(
        &self,
        tokens: &Tokens,
        subject: Subject,
    ) -> Result<Option<String>, Exception> {
        let position = self.position(tokens, subject)?.map(String::from_utf8).transpose();
        position.map_err(|_| wrong("expected a nextPageToken of this list, found another's"))
    }

    /// The headers that name the page after `position`; none for the last page.
    pub(crate) fn next(
        &self,
        tokens: &Tokens,
        subject: Subject,
        position: Option<&[u8]>,
    ) -> HeaderMap {
        let mut map = HeaderMap::new();
        let Some(position) = position else { return map };
        let token = tokens.issue(subject, position, Timestamp::now());
        insert(
            &mut map,
            header::LINK,
            &format!("<{}>; rel=\"next\"", link(&self.uri, &token.text)),
        );
        insert(&mut map, headers::NEXT_PAGE_TOKEN_EXPIRES, &token.expires.to_string());
        map
    }

    /// The path of the resource.
    pub(crate) fn path(&self) -> &str {
        self.uri.path()
    }
}

/// The same query, from the position of a token on.
fn link(uri: &Uri, token: &str) -> String {
    let kept = uri.query().unwrap_or_default().split('&');
    let mut query: Vec<&str> =
        kept.filter(|pair| !pair.is_empty() && !pair.starts_with("nextPageToken=")).collect();
    let token = format!("nextPageToken={token}");
    query.push(&token);
    format!("{}?{}", uri.path(), query.join("&"))
}

/// Takes a parameter that may stand once.
fn take(pairs: &mut Vec<(String, String)>, name: &str) -> Result<Option<String>, Exception> {
    let mut values = pairs.extract_if(.., |(each, _)| each == name).map(|(_, value)| value);
    let first = values.next();
    match values.next() {
        None => Ok(first),
        Some(_) => Err(wrong(format!("expected {name} once, found it twice"))),
    }
}

fn rows(text: Option<String>) -> Result<u64, Exception> {
    let Some(text) = text else { return Ok(PAGE_EVENTS) };
    match text.parse::<u64>() {
        // More than the node gives at once are given on several pages.
        Ok(rows) if rows >= 1 => Ok(rows.min(PAGE_EVENTS_MAX)),
        _ => {
            let found: String = text.chars().take(40).collect();
            Err(wrong(format!("expected a number from 1 up in perPage, found {found:?}")))
        }
    }
}

fn wrong(detail: impl Into<String>) -> Exception {
    Exception::new(ExceptionKind::QueryParameter, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(uri: &str) -> Result<PageQuery, Exception> {
        PageQuery::read(&uri.parse().unwrap())
    }

    #[test]
    fn the_page_is_taken_out_of_the_parameters() {
        let query = read("/epcis/events?EQ_bizStep=a%7Cb&perPage=7&nextPageToken=x&EQ_bizStep=c");
        let query = query.unwrap();
        assert_eq!((query.rows, query.token.as_deref()), (7, Some("x")));
        let pair = |value: &str| ("EQ_bizStep".to_owned(), value.to_owned());
        assert_eq!(query.pairs, [pair("a|b"), pair("c")]);
        assert_eq!(read("/epcis/events?nextPageToken=").unwrap().token, None);
        assert_eq!(read("/epcis/events").unwrap().rows, PAGE_EVENTS);
        assert_eq!(read("/epcis/events?perPage=99999999").unwrap().rows, PAGE_EVENTS_MAX);
    }

    #[test]
    fn wrong_pages_are_refused() {
        for uri in ["/?perPage=0", "/?perPage=x", "/?perPage=-1", "/?perPage=1&perPage=2"] {
            assert_eq!(read(uri).unwrap_err().kind, ExceptionKind::QueryParameter, "{uri}");
        }
        assert!(read("/?a=1").unwrap().finish().unwrap_err().detail.contains('a'));
    }

    #[test]
    fn the_next_page_keeps_the_query() {
        let uri = "/epcis/events?eventType=ObjectEvent&nextPageToken=4&perPage=2";
        let next = link(&uri.parse().unwrap(), "9");
        assert_eq!(next, "/epcis/events?eventType=ObjectEvent&perPage=2&nextPageToken=9");
        assert_eq!(link(&"/events".parse().unwrap(), "1"), "/events?nextPageToken=1");
    }
}
