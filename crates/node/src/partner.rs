//! Trading partners: how documents go to them, which places are theirs, how good their data is.

use serde::{Deserialize, Serialize};
use theriac_epcis::DocumentFormat;
use theriac_epcis::trade::{DocumentForm, FindingKind, Guideline, LabelForm};
use theriac_gs1::Gln;
use theriac_store::PartnerRecord;

use crate::clock::days_of;
use crate::error::NodeError;
use crate::node::Node;

/// How documents reach a partner without a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// Not at all; they can be made on demand.
    #[default]
    None,
    /// As files in a folder of this node.
    Folder,
    /// As files that somebody fetches from this node.
    Download,
}

/// The format of a partner's documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum FileFormat {
    /// XML of EPCIS 1.2.
    #[default]
    #[serde(rename = "epcis-1.2-xml")]
    Xml12,
    /// XML of EPCIS 2.0.
    #[serde(rename = "epcis-2.0-xml")]
    Xml20,
    /// JSON-LD of EPCIS 2.0.
    #[serde(rename = "epcis-2.0-json")]
    Json20,
    /// A table with a line for each pack.
    #[serde(rename = "csv")]
    Csv,
}

impl FileFormat {
    /// All formats.
    pub const ALL: [Self; 4] = [Self::Xml12, Self::Xml20, Self::Json20, Self::Csv];

    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Xml12 => "epcis-1.2-xml",
            Self::Xml20 => "epcis-2.0-xml",
            Self::Json20 => "epcis-2.0-json",
            Self::Csv => "csv",
        }
    }

    /// The format of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.word() == word)
    }

    /// The media type of such a file.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Xml12 | Self::Xml20 => "application/xml",
            Self::Json20 => "application/ld+json",
            Self::Csv => "text/csv; charset=utf-8",
        }
    }

    /// The ending of such a file.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Xml12 | Self::Xml20 => "xml",
            Self::Json20 => "jsonld",
            Self::Csv => "csv",
        }
    }

    /// The form of an EPCIS document of this format; `None` for a table.
    pub(crate) fn form(self, guideline: Guideline, labels: LabelForm) -> Option<DocumentForm> {
        let format = match self {
            Self::Xml12 => DocumentFormat::Xml12,
            Self::Xml20 => DocumentFormat::Xml,
            Self::Json20 => DocumentFormat::Json,
            Self::Csv => return None,
        };
        Some(DocumentForm { format, guideline, labels })
    }
}

/// What is set for a partner.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PartnerSettings {
    /// Its name, if the registry has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// How documents of shipments reach it.
    pub channel: Channel,
    /// Their format.
    pub format: FileFormat,
    /// The release of the GS1 US guideline whose codes they have.
    pub guideline: Guideline,
    /// The namespace of lots and expiry dates in them.
    pub labels: LabelForm,
    /// GLNs of its places, beside its own.
    pub sites: Vec<Gln>,
}

/// A partner: what the registry knows, what is set, how good its data is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PartnerReport {
    /// Its GLN.
    pub gln: Gln,
    /// Its name.
    pub name: String,
    /// Whether it is a member of the registry that may act.
    pub member: bool,
    /// URL of its node, if it has one.
    pub endpoint: Option<String>,
    /// What is set for it.
    pub settings: PartnerSettings,
}

/// How good the data is that came from a partner.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct QualityReport {
    /// The partner.
    pub partner: Gln,
    /// Documents and messages that came.
    pub documents: u64,
    /// Those in which nothing was found.
    pub sound: u64,
    /// What was found, by kind.
    pub findings: Vec<QualityFinding>,
}

/// What was found in a partner's data, of one kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct QualityFinding {
    /// The kind.
    pub kind: String,
    /// How often.
    pub count: u64,
    /// When last, RFC 3339.
    pub last_at: String,
    /// What can be done about it.
    pub what_to_do: String,
    /// The last examples, the newest first.
    pub examples: Vec<String>,
}

/// Why settings cannot be set.
#[derive(Debug, thiserror::Error)]
pub enum PartnerError {
    /// A site is another partner's.
    #[error("expected sites of {partner} only, found {site}, which is a site of {other}")]
    SiteOfAnother {
        /// The partner.
        partner: Gln,
        /// The site.
        site: Gln,
        /// Whose it is.
        other: Gln,
    },
    /// A setting is too long.
    #[error("expected at most {most} {what}, found {found}")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many there may be.
        most: usize,
        /// How many there are.
        found: usize,
    },
    /// This node's own fault.
    #[error(transparent)]
    Node(#[from] NodeError),
}

/// Most sites of a partner.
const SITES_MAX: usize = 10_000;

/// Longest name of a partner, in bytes.
const NAME_BYTES_MAX: usize = 200;

/// Under which words documents are counted beside findings.
pub(crate) const DOCUMENTS: &str = "documents";
pub(crate) const SOUND: &str = "sound";

impl Node {
    /// Members of the registry and those for whom something is set, by GLN; this member is left out
    /// unless something is set for it.
    ///
    /// # Errors
    ///
    /// [`NodeError::Store`].
    pub async fn partners(&self) -> Result<Vec<PartnerReport>, NodeError> {
        let members = self.inner().store.members(days_of(self.today())).await?;
        let set = self.inner().store.partners().await?;
        let mut glns: std::collections::BTreeSet<Gln> = members.keys().copied().collect();
        glns.remove(&self.gln());
        glns.extend(set.iter().map(|record| record.gln));
        let mut partners = Vec::new();
        for gln in glns {
            let member = members.get(&gln);
            let record = set.iter().find(|record| record.gln == gln);
            let settings = record.map(settings_of).unwrap_or_default();
            let known = member.map(|member| member.name.clone()).filter(|name| !name.is_empty());
            partners.push(PartnerReport {
                gln,
                name: known.or_else(|| settings.name.clone()).unwrap_or_default(),
                member: member.is_some_and(|member| !member.roles.is_empty()),
                endpoint: member.map(|one| one.endpoint.clone()).filter(|url| !url.is_empty()),
                settings,
            });
        }
        Ok(partners)
    }

    /// What is set for a partner; the defaults if nothing is.
    ///
    /// # Errors
    ///
    /// [`NodeError::Store`].
    pub async fn partner_settings(&self, gln: Gln) -> Result<PartnerSettings, NodeError> {
        let record = self.inner().store.partner(&gln).await?;
        Ok(record.as_ref().map(settings_of).unwrap_or_default())
    }

    /// Sets what is set for a partner.
    ///
    /// # Errors
    ///
    /// [`PartnerError`].
    pub async fn set_partner(
        &self,
        gln: Gln,
        settings: &PartnerSettings,
    ) -> Result<(), PartnerError> {
        let found = settings.sites.len();
        if found > SITES_MAX {
            return Err(PartnerError::TooMany { what: "sites", most: SITES_MAX, found });
        }
        let found = settings.name.as_ref().map_or(0, String::len);
        if found > NAME_BYTES_MAX {
            return Err(PartnerError::TooMany {
                what: "bytes of a name",
                most: NAME_BYTES_MAX,
                found,
            });
        }
        let mut tx = self.inner().store.write().await.map_err(NodeError::from)?;
        for other in tx.partners().await.map_err(NodeError::from)? {
            let sites = settings_of(&other).sites;
            let shared =
                settings.sites.iter().find(|site| sites.contains(site) || **site == other.gln);
            if let Some(site) = shared.filter(|_| other.gln != gln) {
                let (site, other) = (*site, other.gln);
                return Err(PartnerError::SiteOfAnother { partner: gln, site, other });
            }
        }
        let json = serde_json::to_value(settings).unwrap_or_default();
        let updated_at = self.now().as_millisecond();
        let record = PartnerRecord { gln, settings: json, updated_at };
        tx.put_partner(&record).await.map_err(NodeError::from)?;
        Ok(tx.commit().await.map_err(NodeError::from)?)
    }

    /// How good the data is that came from a partner.
    ///
    /// # Errors
    ///
    /// [`NodeError::Store`].
    pub async fn data_quality(&self, partner: Gln) -> Result<QualityReport, NodeError> {
        let records = self.inner().store.quality_of(&partner).await?;
        let count = |word: &str| {
            records.iter().find(|record| record.kind == word).map_or(0, |record| record.count)
        };
        let findings = records.iter().filter_map(|record| {
            let kind = FindingKind::from_word(&record.kind)?;
            let last = jiff::Timestamp::from_millisecond(record.last_at).unwrap_or_default();
            Some(QualityFinding {
                kind: record.kind.clone(),
                count: record.count,
                last_at: last.to_string(),
                what_to_do: kind.what_to_do().to_owned(),
                examples: record.examples.clone(),
            })
        });
        let findings = findings.collect();
        Ok(QualityReport { partner, documents: count(DOCUMENTS), sound: count(SOUND), findings })
    }
}

/// The settings in a record; those that an older version wrote may lack fields.
pub(crate) fn settings_of(record: &PartnerRecord) -> PartnerSettings {
    serde_json::from_value(record.settings.clone()).unwrap_or_default()
}
