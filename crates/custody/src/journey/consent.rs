//! Consent: what a member tells others of the packs that it has had.

use serde::{Deserialize, Serialize};
use theriac_gs1::Gln;

/// What a member agrees to tell, to whom. What another member is a party of (it sent the pack here,
/// or was sent it from here), it always sees; the public never sees anything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Consent {
    /// To the labeler of the product: `nothing`, `names` (who the pack came from and went to, and
    /// where it stands on the ledger) or `all` (the events too).
    pub labeler: Sight,
    /// To the other members that have had the pack.
    pub holders: Sight,
    /// To members that have not had it.
    pub members: Sight,
    /// To regulators: `at_once`, after `approval` by a person here, or `never`.
    pub regulators: RegulatorConsent,
    /// Members for whom something else holds, whoever they are.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exceptions: Vec<ConsentException>,
}

/// What holds for one member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsentException {
    /// The member.
    pub gln: Gln,
    /// What it is told.
    pub sight: Sight,
}

/// How much is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sight {
    /// Only what the asker was a party of.
    Nothing,
    /// Who the pack came from and went to, and where it stands on the ledger.
    Names,
    /// The events too.
    All,
}

impl Sight {
    /// The word used in API and tables.
    pub fn word(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Names => "names",
            Self::All => "all",
        }
    }
}

/// When a regulator is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RegulatorConsent {
    /// By the node itself.
    AtOnce,
    /// When a person here has approved.
    Approval,
    /// Not at all.
    Never,
}

/// What an asker is to the pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// A regulator.
    Regulator,
    /// The labeler of its product.
    Labeler,
    /// A member that has had it, or is to have it.
    Holder,
    /// Another member.
    Member,
}

/// What an asker gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// It is told so much.
    Tell(Sight),
    /// It is told all when a person here has approved.
    AfterApproval,
    /// It is told nothing, not even of what it was a party of.
    Refuse,
}

impl Default for Consent {
    fn default() -> Self {
        Self {
            labeler: Sight::Names,
            holders: Sight::Names,
            members: Sight::Nothing,
            regulators: RegulatorConsent::AtOnce,
            exceptions: Vec::new(),
        }
    }
}

impl Consent {
    /// What the member `asking` gets, which is `standing` to the pack.
    pub fn decide(&self, asking: Gln, standing: Standing) -> Decision {
        if let Some(exception) = self.exceptions.iter().find(|one| one.gln == asking) {
            return Decision::Tell(exception.sight);
        }
        match (standing, self.regulators) {
            (Standing::Regulator, RegulatorConsent::AtOnce) => Decision::Tell(Sight::All),
            (Standing::Regulator, RegulatorConsent::Approval) => Decision::AfterApproval,
            (Standing::Regulator, RegulatorConsent::Never) => Decision::Refuse,
            (Standing::Labeler, _) => Decision::Tell(self.labeler),
            (Standing::Holder, _) => Decision::Tell(self.holders),
            (Standing::Member, _) => Decision::Tell(self.members),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gln(number: u64) -> Gln {
        Gln::from_body(952_110_000_000 + number).unwrap()
    }

    #[test]
    fn each_standing_has_its_consent_and_an_exception_goes_first() {
        let text = r#"{"labeler":"all","holders":"nothing","regulators":"approval",
            "exceptions":[{"gln":"GLN","sight":"all"}]}"#;
        let consent: Consent =
            serde_json::from_str(&text.replace("GLN", &gln(7).to_string())).unwrap();
        for (asking, standing, decision) in [
            (1, Standing::Labeler, Decision::Tell(Sight::All)),
            (1, Standing::Holder, Decision::Tell(Sight::Nothing)),
            (1, Standing::Member, Decision::Tell(Sight::Nothing)),
            (1, Standing::Regulator, Decision::AfterApproval),
            (7, Standing::Member, Decision::Tell(Sight::All)),
        ] {
            assert_eq!(consent.decide(gln(asking), standing), decision, "{standing:?}");
        }
    }

    #[test]
    fn unless_told_otherwise_regulators_see_all_and_strangers_nothing() {
        let consent = Consent::default();
        let decide = |standing| consent.decide(gln(1), standing);
        assert_eq!(decide(Standing::Regulator), Decision::Tell(Sight::All));
        assert_eq!(decide(Standing::Holder), Decision::Tell(Sight::Names));
        assert_eq!(decide(Standing::Member), Decision::Tell(Sight::Nothing));
        let never = Consent { regulators: RegulatorConsent::Never, ..consent };
        assert_eq!(never.decide(gln(1), Standing::Regulator), Decision::Refuse);
        assert!(serde_json::from_str::<Consent>(r#"{"public":"all"}"#).is_err());
    }
}
