//! The headers of EPCIS 2.0 (section 12.4).

use axum::http::HeaderName;

macro_rules! headers {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)+) => {
        $($(#[$doc])* pub const $name: HeaderName = HeaderName::from_static($text);)+
    };
}

headers! {
    /// Version of EPCIS of the body.
    EPCIS_VERSION = "gs1-epcis-version";
    /// Lowest version of EPCIS.
    EPCIS_MIN = "gs1-epcis-min";
    /// Highest version of EPCIS.
    EPCIS_MAX = "gs1-epcis-max";
    /// Version of the CBV of the body.
    CBV_VERSION = "gs1-cbv-version";
    /// Lowest version of the CBV.
    CBV_MIN = "gs1-cbv-min";
    /// Highest version of the CBV.
    CBV_MAX = "gs1-cbv-max";
    /// Form of EPCs.
    EPC_FORMAT = "gs1-epc-format";
    /// Form of words of the CBV in XML.
    CBV_XML_FORMAT = "gs1-cbv-xml-format";
    /// Prefixes of extensions with their namespaces.
    EXTENSIONS = "gs1-extensions";
    /// Version of the program.
    VENDOR_VERSION = "gs1-vendor-version";
    /// What happens to a capture with errors.
    CAPTURE_ERROR_BEHAVIOUR = "gs1-capture-error-behaviour";
    /// Most events of a capture.
    CAPTURE_LIMIT = "gs1-epcis-capture-limit";
    /// Most bytes of a capture.
    CAPTURE_FILE_SIZE_LIMIT = "gs1-epcis-capture-file-size-limit";
    /// Until when the token of the next page is taken.
    NEXT_PAGE_TOKEN_EXPIRES = "gs1-next-page-token-expires";
    /// Least record time of the events that a subscription delivers next.
    QUERY_MIN_RECORD_TIME = "gs1-query-min-record-time";
}
