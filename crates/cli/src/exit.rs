//! How a command ends: its exit code, and the sentence on standard error.

use std::process::ExitCode;

use theriac_web::ProblemCode;

use crate::client::ClientError;
use crate::output;

/// How a command ended that was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The answer is yes.
    Yes,
    /// The answer is no.
    No,
    /// Some of the input could not be read; what was read is done.
    Unreadable,
    /// The answer is yes, if a hash that was printed is the right one.
    Unconfirmed,
}

/// The input cannot be read: exit code 2.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct InputError(pub String);

/// The exit code of a command; a failure is told on standard error.
pub fn code(result: anyhow::Result<Outcome>) -> ExitCode {
    let number = match &result {
        Ok(Outcome::Yes) => 0,
        Ok(Outcome::No) => 1,
        Ok(Outcome::Unreadable) => 2,
        Ok(Outcome::Unconfirmed) => 4,
        Err(error) => {
            output::complain(&sentence(error));
            number(error)
        }
    };
    ExitCode::from(number)
}

/// The error and what it rests on, each told once.
pub fn sentence(error: &anyhow::Error) -> String {
    let mut line = String::new();
    for cause in error.chain() {
        let text = cause.to_string();
        if line.is_empty() {
            line = text;
        } else if !line.contains(&text) {
            line = format!("{line}: {text}");
        }
    }
    line
}

fn number(error: &anyhow::Error) -> u8 {
    let is_input = error.downcast_ref::<InputError>().is_some();
    match error.downcast_ref::<ClientError>() {
        Some(ClientError::Problem(problem)) if is_unreadable(problem.code) => 2,
        _ if is_input => 2,
        _ => 3,
    }
}

fn is_unreadable(code: ProblemCode) -> bool {
    matches!(
        code,
        ProblemCode::CodeUnreadable | ProblemCode::ParameterWrong | ProblemCode::BodyWrong
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use theriac_web::Problem;

    #[test]
    fn each_kind_of_failure_has_its_number() {
        let problem = |code| anyhow::Error::from(ClientError::Problem(Problem::new(code, "x")));
        assert_eq!(number(&InputError("no such file".to_owned()).into()), 2);
        assert_eq!(number(&problem(ProblemCode::CodeUnreadable)), 2);
        assert_eq!(number(&problem(ProblemCode::Internal)), 3);
        assert_eq!(number(&anyhow::anyhow!("no node here")), 3);
    }

    #[test]
    fn a_cause_that_is_told_already_is_not_told_again() {
        let error = anyhow::anyhow!("disk full").context("the database failed: disk full");
        assert_eq!(sentence(&error), "the database failed: disk full");
        let error = anyhow::anyhow!("disk full").context("cannot write");
        assert_eq!(sentence(&error), "cannot write: disk full");
    }
}
