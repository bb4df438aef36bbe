//! The header `Accept` (RFC 9110, section 12.5.1): which media type the answer has.

use axum::http::{HeaderMap, header};

/// A media type that answers can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Media {
    /// `application/json`.
    Json,
    /// `application/ld+json`.
    JsonLd,
    /// `application/xml`.
    Xml,
    /// `text/xml`.
    TextXml,
}

impl Media {
    /// JSON alone.
    pub const JSON: &[Self] = &[Self::Json, Self::JsonLd];

    /// JSON and XML, the usual one first.
    pub const ALL: &[Self] = &[Self::Json, Self::JsonLd, Self::Xml, Self::TextXml];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::JsonLd => "application/ld+json",
            Self::Xml => "application/xml",
            Self::TextXml => "text/xml",
        }
    }

    /// Whether it is XML.
    pub const fn is_xml(self) -> bool {
        matches!(self, Self::Xml | Self::TextXml)
    }

    /// The media type of a header `Content-Type`; `None` if it is another one.
    pub fn of_content_type(value: &str) -> Option<Self> {
        let name = essence(value);
        let same = |media: &&Self| media.name().eq_ignore_ascii_case(name);
        Self::ALL.iter().find(same).copied()
    }
}

/// What a client accepts, in its order of preference; an absent header accepts everything.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Accept {
    /// Ranges with their quality in thousandths.
    ranges: Vec<(String, u16)>,
}

impl Accept {
    /// Reads all headers `Accept`; a range that cannot be read is passed over.
    pub fn read(headers: &HeaderMap) -> Self {
        let values = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
        let ranges = values.flat_map(|value| value.split(',')).filter_map(range).collect();
        Self { ranges }
    }

    /// The best of the media types on offer, the first one on a draw; `None` if none is accepted.
    pub fn choose(&self, offered: &[Media]) -> Option<Media> {
        let mut best: Option<(Media, u16)> = None;
        for media in offered {
            let quality = self.quality(*media);
            if quality > best.map_or(0, |(_, quality)| quality) {
                best = Some((*media, quality));
            }
        }
        best.map(|(media, _)| media)
    }

    /// Whether a problem is to be told in XML.
    pub fn prefers_xml(&self) -> bool {
        let explicit =
            |(range, quality): &&(String, u16)| range == "application/problem+xml" && *quality > 0;
        self.ranges.iter().any(|range| explicit(&range))
            || self.choose(Media::ALL).is_some_and(Media::is_xml)
    }

    /// The quality of the most specific range that names a media type.
    fn quality(&self, media: Media) -> u16 {
        if self.ranges.is_empty() {
            return 1_000;
        }
        let (kind, _) = media.name().split_once('/').unwrap_or_default();
        let wanted = [media.name().to_owned(), format!("{kind}/*"), "*/*".to_owned()];
        let named = |name: &String| self.ranges.iter().find(|(range, _)| range == name);
        wanted.iter().find_map(named).map_or(0, |(_, quality)| *quality)
    }
}

/// A media type without its parameters.
fn essence(value: &str) -> &str {
    value.split(';').next().unwrap_or_default().trim()
}

/// One range with its quality.
fn range(text: &str) -> Option<(String, u16)> {
    let name = essence(text).to_ascii_lowercase();
    if !name.contains('/') {
        return None;
    }
    let quality = text.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("q").then(|| value.trim())
    });
    let quality: f32 = quality.map_or(Some(1.0), |quality| quality.parse().ok())?;
    // Between 0 and 1 with three digits, so it fits.
    Some((name, (quality.clamp(0.0, 1.0) * 1_000.0) as u16))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accept(value: &str) -> Accept {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, value.parse().unwrap());
        Accept::read(&headers)
    }

    #[test]
    fn the_best_media_type_is_chosen() {
        for (header, expected) in [
            ("application/json", Some(Media::Json)),
            ("application/ld+json", Some(Media::JsonLd)),
            ("application/xml", Some(Media::Xml)),
            ("text/xml; charset=utf-8", Some(Media::TextXml)),
            ("*/*", Some(Media::Json)),
            ("text/*", Some(Media::TextXml)),
            ("application/*", Some(Media::Json)),
            ("application/json;q=0.5, application/xml", Some(Media::Xml)),
            ("application/json;q=0, */*;q=0.1", Some(Media::JsonLd)),
            ("APPLICATION/XML", Some(Media::Xml)),
            ("text/html, */*;q=0.1", Some(Media::Json)),
            ("text/csv", None),
            ("application/json;q=0", None),
        ] {
            assert_eq!(accept(header).choose(Media::ALL), expected, "{header}");
        }
        assert_eq!(Accept::default().choose(Media::ALL), Some(Media::Json));
        assert_eq!(accept("application/xml").choose(Media::JSON), None);
    }

    #[test]
    fn problems_are_told_in_xml_to_who_reads_it() {
        assert!(accept("application/xml").prefers_xml());
        assert!(accept("application/json, application/problem+xml").prefers_xml());
        assert!(!accept("*/*").prefers_xml());
        assert!(!accept("text/csv").prefers_xml());
    }

    #[test]
    fn the_media_type_of_a_body_is_read_without_its_parameters() {
        assert_eq!(Media::of_content_type("application/json; charset=utf-8"), Some(Media::Json));
        assert_eq!(Media::of_content_type("Text/XML"), Some(Media::TextXml));
        assert_eq!(Media::of_content_type("text/csv"), None);
    }
}
