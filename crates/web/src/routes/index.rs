//! `GET /`: what there is; and the reference page of the paths, from the same table.

mod paths;
mod reference;

pub use paths::{PATHS, Parameter, Path, Who};
pub use reference::reference;

use std::fmt::Write;

use axum::extract::State;
use theriac_node::Node;

/// Names the node and lists the paths.
pub(crate) async fn index(State(node): State<Node>) -> String {
    let (name, gln) = (&node.config().name, node.gln());
    let mut text = format!("theriac {} of {name} (GLN {gln})\n", env!("CARGO_PKG_VERSION"));
    for who in Who::ALL {
        let _ = writeln!(text, "\n{}", who.words());
        for path in PATHS.iter().filter(|path| path.who == who) {
            let _ = writeln!(text, "  {:4} {:22} {}", path.method, path.path, path.what);
        }
    }
    text.push_str("\nerrors are application/problem+json\n");
    text
}
