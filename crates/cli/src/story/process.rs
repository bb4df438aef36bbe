//! A node in a process of its own: `theriac serve` of this very program.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use crate::passphrase;

/// How long a node may take to start.
const START_TIME_MAX: Duration = Duration::from_secs(60);

/// Pause between two questions whether it serves.
const PAUSE: Duration = Duration::from_millis(20);

/// Name of the file in the node's folder with what it wrote to its log.
const LOG_FILE: &str = "serve.log";

/// A node that runs in a process, or does not at the moment.
pub struct Process {
    dir: PathBuf,
    address: SocketAddr,
    passphrase: String,
    child: Option<Child>,
}

impl Process {
    /// The node in the folder `dir`, which is to serve `address`; it does not run yet.
    pub fn of(dir: &Path, address: SocketAddr, passphrase: &str) -> Self {
        Self { dir: dir.to_owned(), address, passphrase: passphrase.to_owned(), child: None }
    }

    /// Starts it and waits until it answers.
    ///
    /// # Errors
    ///
    /// It ends, or does not answer in time.
    pub async fn start(&mut self) -> anyhow::Result<()> {
        let log = std::fs::File::options()
            .create(true)
            .append(true)
            .open(self.dir.join(LOG_FILE))
            .context("the node's log cannot be written")?;
        let program = std::env::current_exe().context("this program cannot be found")?;
        let mut command = Command::new(program);
        for variable in
            ["THERIAC_NODE", "THERIAC_LISTEN", "THERIAC_LEDGER_URL", "THERIAC_PUBLIC_URL"]
        {
            command.env_remove(variable);
        }
        let child = command
            .env(passphrase::VARIABLE, &self.passphrase)
            .env("THERIAC_LOG", "info,sqlx=error")
            .args(["serve", "--config"])
            .arg(self.dir.join(theriac_node::config::FILE_NAME))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .context("a node's process cannot be started")?;
        self.child = Some(child);
        self.wait_until_it_serves().await
    }

    async fn wait_until_it_serves(&mut self) -> anyhow::Result<()> {
        let begun = Instant::now();
        loop {
            if tokio::net::TcpStream::connect(self.address).await.is_ok() {
                return Ok(());
            }
            if let Some(status) = self.child.as_mut().and_then(|child| child.try_wait().ok()?) {
                bail!("a node ended with {status}; its log is {}", self.log().display());
            }
            if begun.elapsed() > START_TIME_MAX {
                bail!("a node does not answer; its log is {}", self.log().display());
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// The file with its log.
    pub fn log(&self) -> PathBuf {
        self.dir.join(LOG_FILE)
    }

    /// Pulls the plug.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn kill(&mut self) -> anyhow::Result<()> {
        if let Some(mut child) = self.child.take() {
            child.kill().context("a node's process cannot be killed")?;
            child.wait().context("a node's process does not end")?;
        }
        Ok(())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Nobody is left to be told.
        let _ = self.kill();
    }
}
