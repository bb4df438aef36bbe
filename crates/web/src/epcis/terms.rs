//! What a request asks of its answer: media type, versions, forms of identifiers and words,
//! extensions (EPCIS 2.0, section 12.4).

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use theriac_query::Namespaces;

use super::accept::{Accept, Media};
use super::exception::{Exception, ExceptionKind};
use super::headers;
use super::version::{Version, VersionRange};

/// In which form the answer has EPCs: `GS1-EPC-Format`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum EpcPreference {
    /// Any form.
    #[serde(rename = "No_Preference")]
    NoPreference,
    /// GS1 Digital Links; the default.
    #[default]
    #[serde(rename = "Always_GS1_Digital_Link")]
    DigitalLink,
    /// EPC URNs, where the length of the company prefix is known.
    #[serde(rename = "Always_EPC_URN")]
    Urn,
    /// As they were captured.
    #[serde(rename = "Never_Translates")]
    AsCaptured,
}

impl EpcPreference {
    /// All of them.
    pub const ALL: &[Self] = &[Self::NoPreference, Self::DigitalLink, Self::Urn, Self::AsCaptured];

    /// Its word in the header.
    pub const fn word(self) -> &'static str {
        match self {
            Self::NoPreference => "No_Preference",
            Self::DigitalLink => "Always_GS1_Digital_Link",
            Self::Urn => "Always_EPC_URN",
            Self::AsCaptured => "Never_Translates",
        }
    }
}

/// In which form an answer in XML has words of the CBV: `GS1-CBV-XML-Format`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CbvPreference {
    /// Any form.
    #[default]
    NoPreference,
    /// Web URIs.
    WebUri,
    /// URNs.
    Urn,
    /// As they were captured.
    AsCaptured,
}

impl CbvPreference {
    /// All of them.
    pub const ALL: &[Self] = &[Self::NoPreference, Self::WebUri, Self::Urn, Self::AsCaptured];

    /// Its word in the header.
    pub const fn word(self) -> &'static str {
        match self {
            Self::NoPreference => "No_Preference",
            Self::WebUri => "Always_Web_URI",
            Self::Urn => "Always_URN",
            Self::AsCaptured => "Never_Translates",
        }
    }
}

/// What a request asks of its answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Terms {
    accept: Accept,
    epcis: VersionRange,
    cbv: VersionRange,
    /// The form of EPCs.
    pub epc_format: EpcPreference,
    /// The form of words of the CBV in XML.
    pub cbv_format: CbvPreference,
    /// What the prefixes of extension fields stand for.
    pub namespaces: Namespaces,
}

/// The media type and version that an answer has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Form {
    /// Its media type.
    pub media: Media,
    /// Its version of EPCIS, and of the CBV.
    pub version: Version,
}

impl Form {
    /// An answer in JSON.
    pub(super) fn json(self, body: &impl Serialize) -> Response {
        let mut response = axum::Json(body).into_response();
        let name = HeaderValue::from_static(self.media.name());
        response.headers_mut().insert(header::CONTENT_TYPE, name);
        response
    }
}

impl Terms {
    /// Reads the headers of a request.
    ///
    /// # Errors
    ///
    /// [`ExceptionKind::NotAcceptable`] for a header that cannot be read.
    pub fn read(headers: &HeaderMap) -> Result<Self, Exception> {
        for name in [&headers::EPCIS_VERSION, &headers::CBV_VERSION] {
            supported(name, version(headers, name)?)?;
        }
        Ok(Self {
            accept: Accept::read(headers),
            epcis: range(headers, &headers::EPCIS_MIN, &headers::EPCIS_MAX)?,
            cbv: range(headers, &headers::CBV_MIN, &headers::CBV_MAX)?,
            epc_format: word(headers, &headers::EPC_FORMAT, EpcPreference::ALL, |w| w.word())?,
            cbv_format: word(headers, &headers::CBV_XML_FORMAT, CbvPreference::ALL, |w| w.word())?,
            namespaces: extensions(headers),
        })
    }

    /// The form of an answer that there is in JSON alone.
    ///
    /// # Errors
    ///
    /// [`ExceptionKind::NotAcceptable`].
    pub fn json(&self) -> Result<Form, Exception> {
        self.form(Media::JSON, &[Version::V2_0])
    }

    /// The form of an answer that there is in JSON and in XML of EPCIS 2.0.
    ///
    /// # Errors
    ///
    /// [`ExceptionKind::NotAcceptable`].
    pub fn json_or_xml(&self) -> Result<Form, Exception> {
        self.form(Media::ALL, &[Version::V2_0])
    }

    /// The form of a document with events: JSON and XML of EPCIS 2.0, XML of EPCIS 1.2.
    ///
    /// # Errors
    ///
    /// [`ExceptionKind::NotAcceptable`].
    pub fn document(&self) -> Result<Form, Exception> {
        self.form(Media::ALL, &[Version::V2_0, Version::V1_2])
    }

    fn form(&self, media: &[Media], versions: &[Version]) -> Result<Form, Exception> {
        let taken = |version: &&Version| self.epcis.holds(**version) && self.cbv.holds(**version);
        let version = versions.iter().find(taken).copied();
        let version = version.ok_or_else(|| self.no_version(versions))?;
        // Before 2.0 there was XML alone.
        let there = |each: &&Media| version == Version::V2_0 || each.is_xml();
        let offered: Vec<Media> = media.iter().filter(there).copied().collect();
        let media = self.accept.choose(&offered).ok_or_else(|| no_media(&offered))?;
        Ok(Form { media, version })
    }

    fn no_version(&self, offered: &[Version]) -> Exception {
        let text = |end: Option<Version>| end.map_or("any".to_owned(), |end| end.to_string());
        let range = |range: VersionRange| format!("{} to {}", text(range.min), text(range.max));
        let offered: Vec<String> = offered.iter().map(Version::to_string).collect();
        let (epcis, cbv) = (range(self.epcis), range(self.cbv));
        not_acceptable(format!(
            "expected a range of versions that holds {}, found EPCIS {epcis}, CBV {cbv}",
            offered.join(" or ")
        ))
    }
}

impl<S: Sync> FromRequestParts<S> for Terms {
    type Rejection = Exception;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Exception> {
        Self::read(&parts.headers)
    }
}

fn not_acceptable(detail: impl Into<String>) -> Exception {
    Exception::new(ExceptionKind::NotAcceptable, detail)
}

fn no_media(offered: &[Media]) -> Exception {
    let names: Vec<&str> = offered.iter().map(|media| media.name()).collect();
    not_acceptable(format!("expected Accept with one of {}, found none", names.join(", ")))
}

/// The text of a header; one that is no text counts as what no header expects.
fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).map(|value: &HeaderValue| value.to_str().unwrap_or("\u{fffd}").trim())
}

fn version(headers: &HeaderMap, name: &HeaderName) -> Result<Option<Version>, Exception> {
    let read = |text: &str| text.parse::<Version>();
    let version = text(headers, name).map(read).transpose();
    version.map_err(|error| not_acceptable(format!("{name}: {error}")))
}

fn supported(name: &HeaderName, version: Option<Version>) -> Result<(), Exception> {
    let spoken = Version::V1_0..=Version::V2_0;
    match version {
        Some(version) if !spoken.contains(&version) => Err(not_acceptable(format!(
            "expected {name} from {} to {}, found {version}",
            spoken.start(),
            spoken.end()
        ))),
        _ => Ok(()),
    }
}

fn range(
    headers: &HeaderMap,
    min: &HeaderName,
    max: &HeaderName,
) -> Result<VersionRange, Exception> {
    Ok(VersionRange { min: version(headers, min)?, max: version(headers, max)? })
}

/// A header with one of several words; absent is the default.
fn word<T: Copy + Default>(
    headers: &HeaderMap,
    name: &HeaderName,
    all: &[T],
    word: impl Fn(&T) -> &'static str,
) -> Result<T, Exception> {
    let Some(found) = text(headers, name) else { return Ok(T::default()) };
    let named = all.iter().find(|each| word(each).eq_ignore_ascii_case(found));
    named.copied().ok_or_else(|| {
        let words: Vec<&str> = all.iter().map(&word).collect();
        let found: String = found.chars().take(40).collect();
        let words = words.join(", ");
        not_acceptable(format!("expected {name} with one of {words}, found {found:?}"))
    })
}

/// The prefixes that all headers `GS1-Extensions` declare.
fn extensions(headers: &HeaderMap) -> Namespaces {
    let values = headers.get_all(&headers::EXTENSIONS).iter();
    let texts: Vec<&str> = values.filter_map(|value| value.to_str().ok()).collect();
    Namespaces::from_header(&texts.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(pairs: &[(&str, &str)]) -> Result<Terms, Exception> {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(name.parse::<HeaderName>().unwrap(), value.parse().unwrap());
        }
        Terms::read(&headers)
    }

    #[test]
    fn nothing_asked_is_json_of_2_0_with_digital_links() {
        let terms = terms(&[]).unwrap();
        let form = terms.document().unwrap();
        assert_eq!(form, Form { media: Media::Json, version: Version::V2_0 });
        assert_eq!(terms.epc_format, EpcPreference::DigitalLink);
    }

    #[test]
    fn versions_before_2_0_are_to_be_had_in_xml() {
        let old = [("gs1-epcis-max", "1.2"), ("accept", "*/*")];
        let form = terms(&old).unwrap().document().unwrap();
        assert_eq!(form, Form { media: Media::Xml, version: Version::V1_2 });
        let json = [("gs1-epcis-max", "1.2"), ("accept", "application/json")];
        assert_eq!(terms(&json).unwrap().document().unwrap_err().status, 406);
        assert_eq!(terms(&old).unwrap().json().unwrap_err().status, 406);
    }

    #[test]
    fn what_is_not_to_be_had_is_406() {
        for pairs in [
            [("gs1-epcis-min", "3.0")],
            [("gs1-epcis-max", "1.1")],
            [("gs1-cbv-min", "2.1")],
            [("accept", "text/html")],
        ] {
            let exception = terms(&pairs).unwrap().document().unwrap_err();
            assert_eq!(exception.kind, ExceptionKind::NotAcceptable, "{pairs:?}");
        }
        for pairs in [
            [("gs1-epcis-version", "3.0.0")],
            [("gs1-epcis-min", "two")],
            [("gs1-epc-format", "Always")],
            [("gs1-cbv-xml-format", "x")],
        ] {
            assert_eq!(terms(&pairs).unwrap_err().status, 406, "{pairs:?}");
        }
    }

    #[test]
    fn extensions_are_declared_in_one_header_or_several() {
        let pairs = [
            ("gs1-extensions", "a=https://a.example/"),
            ("gs1-extensions", "b=https://b.example/#"),
        ];
        let namespaces = terms(&pairs).unwrap().namespaces;
        assert_eq!(namespaces.namespace("a"), Some("https://a.example/"));
        assert_eq!(namespaces.namespace("b"), Some("https://b.example/#"));
    }
}
