//! Why a node did not do what it was asked.

use theriac_web::Problem;

/// Why a node did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The node says why.
    #[error("{}", told(.0))]
    Problem(Problem),
    /// The node cannot be reached.
    #[error(
        "no node answers at {url} ({}); start it with theriac serve, or check the URL",
        root(cause)
    )]
    Unreachable {
        /// Where it was asked.
        url: String,
        /// What the system says; not a source, because its end is told already.
        cause: reqwest::Error,
    },
    /// Something else than a node answers.
    #[error("expected a node's answer, found HTTP status {found}; check the URL and proxies")]
    Status {
        /// The status.
        found: u16,
    },
    /// The node's answer is not what this version expects.
    #[error("the node's answer cannot be read; it may be of another version: {0}")]
    Answer(serde_json::Error),
    /// The document cannot be read.
    #[error("cannot read {name}: {source}")]
    Document {
        /// Its name.
        name: String,
        /// What the system says.
        source: std::io::Error,
    },
}

/// What happened and what to do, in one sentence.
fn told(problem: &Problem) -> String {
    match &problem.hint {
        Some(hint) if !problem.detail.contains(hint.as_str()) => {
            format!("{}; {hint}", problem.detail)
        }
        _ => problem.detail.clone(),
    }
}

/// What an error rests on in the end.
fn root(error: &reqwest::Error) -> String {
    let mut last: &dyn std::error::Error = error;
    while let Some(source) = last.source() {
        last = source;
    }
    last.to_string()
}
