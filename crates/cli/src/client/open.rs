//! Opens a node's folder, which another command may have open for a moment.

use std::path::Path;
use std::time::{Duration, Instant};

use theriac_node::{Config, FolderError, Node, OpenError, Passphrase, system_clock};

/// How long to wait for another command to end.
const WAIT_MAX: Duration = Duration::from_secs(10);

/// Pause between two attempts.
const PAUSE: Duration = Duration::from_millis(50);

/// Opens the node in `dir`. While another process has it open that does not serve it, as another
/// command does, this waits up to [`WAIT_MAX`].
///
/// # Errors
///
/// As [`Node::open`].
pub async fn open_node(
    dir: &Path,
    config: &Config,
    passphrase: &Passphrase,
) -> Result<Node, OpenError> {
    let begun = Instant::now();
    loop {
        match Node::open(dir, config.clone(), passphrase, system_clock()).await {
            Err(OpenError::Folder(FolderError::Running { url: None, .. }))
                if begun.elapsed() < WAIT_MAX =>
            {
                tokio::time::sleep(PAUSE).await;
            }
            result => return result,
        }
    }
}
