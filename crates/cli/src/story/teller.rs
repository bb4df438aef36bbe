//! Tells the story: each step with what happened in it, for people and for machines.

use std::time::Instant;

use serde::Serialize;

use crate::exit::sentence;
use crate::output::{self, plain};

/// What is told, step by step.
#[derive(Debug, Default)]
pub struct Teller {
    steps: Vec<Step>,
    told: Vec<String>,
}

/// A step of the story.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Step {
    /// What it shows.
    pub step: String,
    /// Whether all went as it should.
    pub ok: bool,
    /// What happened, in sentences.
    pub told: Vec<String>,
    /// What did not go as it should.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// How long it took, in seconds.
    pub seconds: f64,
}

/// The JSON of `--json FILE`.
#[derive(Debug, Serialize)]
pub struct StoryReport<'a> {
    /// The steps, in order.
    pub steps: &'a [Step],
}

impl Teller {
    /// Tells a sentence of the step under way.
    pub fn tell(&mut self, sentence: impl Into<String>) {
        let sentence = sentence.into();
        // A reader that has gone is no reason to stop.
        let _ = output::print(&format!("      {}\n", plain(&sentence)));
        self.told.push(sentence);
    }

    /// Begins a step.
    pub fn begin(&mut self, title: &str) -> Instant {
        let _ = output::print(&format!("\n{:>3}.  {title}\n", self.steps.len() + 1));
        self.told.clear();
        Instant::now()
    }

    /// Ends the step that began at `begun`.
    pub fn end(&mut self, title: &str, begun: Instant, result: anyhow::Result<()>) {
        let error = result.err().map(|error| sentence(&error));
        if let Some(error) = &error {
            let _ = output::print(&format!("      NOT AS EXPECTED: {}\n", plain(error)));
        }
        self.steps.push(Step {
            step: title.to_owned(),
            ok: error.is_none(),
            told: std::mem::take(&mut self.told),
            error,
            seconds: (begun.elapsed().as_secs_f64() * 1000.0).round() / 1000.0,
        });
    }

    /// Whether there are steps, and all went as they should.
    pub fn is_as_expected(&self) -> bool {
        !self.steps.is_empty() && self.steps.iter().all(|step| step.ok)
    }

    /// The last lines: how many steps, which ones failed.
    pub fn summary(&self, seconds: f64) -> String {
        let failed: Vec<&Step> = self.steps.iter().filter(|step| !step.ok).collect();
        let all = self.steps.len();
        let mut text =
            format!("\n{} of {all} steps as expected, {seconds:.1} s\n", all - failed.len());
        for step in failed {
            let error = step.error.as_deref().unwrap_or_default();
            text.push_str(&format!("  not: {}: {}\n", step.step, plain(error)));
        }
        text
    }

    /// The result for machines.
    pub fn report(&self) -> StoryReport<'_> {
        StoryReport { steps: &self.steps }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_step_that_fails_is_enough() {
        let mut teller = Teller::default();
        assert!(!teller.is_as_expected());
        let begun = teller.begin("a pack is made");
        teller.tell("it has a number");
        teller.end("a pack is made", begun, Ok(()));
        assert!(teller.is_as_expected());
        let begun = teller.begin("it is shipped");
        teller.end("it is shipped", begun, Err(anyhow::anyhow!("nobody came")));
        assert!(!teller.is_as_expected());
        let json = serde_json::to_value(teller.report()).unwrap();
        assert_eq!(json["steps"][0]["told"][0], "it has a number");
        assert_eq!(json["steps"][0]["ok"], true);
        assert_eq!(json["steps"][1]["error"], "nobody came");
        assert!(teller.summary(1.0).contains("1 of 2 steps as expected"));
    }
}
