//! The result: who takes part, and what happens step by step.

use jiff::Timestamp;

use crate::act;
use crate::company::Company;
use crate::plan::{Plan, PlanError};
use crate::product::Product;
use crate::script::Script;
use crate::setting::Setting;

/// A day of a supply chain, and the morning after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scenario {
    /// Who takes part; [`REGULATOR`](crate::REGULATOR) and the like are the indexes.
    pub companies: Vec<Company>,
    /// What is made.
    pub products: Vec<Product>,
    /// What happens, in order of time.
    pub steps: Vec<Step>,
    /// Codes to try once all has happened, each with what to expect.
    pub codes_to_try: Vec<(String, String)>,
}

/// Something that a company does with its node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// When it does it; later than the step before, and not before any event that it captures.
    pub at: Timestamp,
    /// Index of the company in [`Scenario::companies`].
    pub company: usize,
    /// What it does.
    pub action: Action,
}

/// What a company asks of its node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Capture a document.
    Capture {
        /// What happened, with the company as the subject: `ships 10 pallets`.
        title: String,
        /// An EPCIS 2.0 JSON-LD document.
        document: Vec<u8>,
        /// Number of events in the document.
        events: usize,
        /// Number of them that the node must hold because they break a rule of custody.
        held: usize,
    },
    /// Verify a code.
    Verify {
        /// Short id, unique in the scenario.
        case: String,
        /// What happened to the pack, in one sentence.
        story: String,
        /// The code, in any form.
        code: String,
        /// The word of the right verdict, such as `genuine`.
        expected: &'static str,
    },
}

impl Scenario {
    /// Number of events in all documents.
    #[must_use]
    pub fn events(&self) -> usize {
        let events = |step: &Step| match &step.action {
            Action::Capture { events, .. } => *events,
            Action::Verify { .. } => 0,
        };
        self.steps.iter().map(events).sum()
    }
}

/// Makes the scenario of a plan.
///
/// # Errors
///
/// [`PlanError`] when a value of the plan is out of its range.
pub fn scenario(plan: &Plan) -> Result<Scenario, PlanError> {
    plan.check()?;
    let mut script = Script::new(Setting::of(plan), plan.seed);
    let codes_to_try = act::play(&mut script);
    let (Setting { companies, products, .. }, steps) = script.finish();
    Ok(Scenario { companies, products, steps, codes_to_try })
}
