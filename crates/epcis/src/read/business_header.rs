//! The business document header (SBDH) of an XML document.

/// The Standard Business Document Header of UN/CEFACT, as far as EPCIS fills it (EPCIS 1.2,
/// section 9.2; GS1 US guideline, section on headers).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BusinessHeader {
    /// Version of the header, `1.0`.
    pub header_version: Option<String>,
    /// Who sends the document.
    pub senders: Vec<Partner>,
    /// Who is to receive it.
    pub receivers: Vec<Partner>,
    /// The standard of the document, `EPCglobal`.
    pub standard: Option<String>,
    /// The version of the standard, `1.0`.
    pub type_version: Option<String>,
    /// The document's own identifier, usually a UUID.
    pub instance_identifier: Option<String>,
    /// The type of the document, `Events` or `MasterData`.
    pub kind: Option<String>,
    /// When it was made, as the document says.
    pub creation_time: Option<String>,
}

/// A sender or receiver in a [`BusinessHeader`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Partner {
    /// Its identifier, usually an SGLN URN.
    pub identifier: String,
    /// Who issued the identifier, such as `SGLN` or `GS1`.
    pub authority: Option<String>,
    /// Name of the first contact.
    pub contact: Option<String>,
    /// E-mail address of the first contact.
    pub email: Option<String>,
}
