//! A `theriac serve` process, from its start to its death.
#![allow(dead_code, reason = "each program of tests ends it in its own way")]

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStderr, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::program::command;

/// How long a node may take to start or to stop.
const PATIENCE: Duration = Duration::from_secs(60);

/// A serving process; it dies with this value.
pub(crate) struct Server {
    child: Child,
    announced: Receiver<String>,
    log: Option<JoinHandle<String>>,
}

impl Server {
    /// Starts to serve the folder `node`.
    pub(crate) fn start(node: &Path) -> Self {
        let config = node.join("theriac.toml");
        let mut child = command(node)
            .env("THERIAC_LOG", "warn")
            .arg("serve")
            .arg("--config")
            .arg(config)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let stderr = child.stderr.take().unwrap();
        let (announce, announced) = channel();
        let log = std::thread::spawn(move || read_log(stderr, &announce));
        Self { child, announced, log: Some(log) }
    }

    /// The URL that it serves, once it says so.
    pub(crate) fn url(&mut self) -> String {
        match self.announced.recv_timeout(PATIENCE) {
            Ok(url) => url,
            Err(RecvTimeoutError::Timeout) => panic!("expected the node to serve, it does not"),
            Err(RecvTimeoutError::Disconnected) => {
                panic!("expected the node to serve, it has stopped: {}", self.log())
            }
        }
    }

    /// Pulls the plug: SIGKILL. Answers what it wrote to its log.
    pub(crate) fn kill(mut self) -> String {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.log()
    }

    /// Stops it as an operator does: SIGTERM. Answers how it ended, and its log.
    pub(crate) fn stop(mut self) -> (ExitStatus, String) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        (self.child.wait().unwrap(), self.log())
    }

    /// The whole log of the process that has ended; it must not have panicked.
    fn log(&mut self) -> String {
        let log = self.log.take().unwrap().join().unwrap();
        assert!(!log.contains("panicked"), "{log}");
        log
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It has ended already unless the test failed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Reads the log to its end, and tells the URL that it names.
fn read_log(stderr: ChildStderr, announce: &std::sync::mpsc::Sender<String>) -> String {
    let mut log = String::new();
    for line in BufReader::new(stderr).lines().map_while(Result::ok) {
        if let Some((_, rest)) = line.split_once(" serves ") {
            let url = rest.split_whitespace().next().unwrap_or_default();
            // Nobody waits for it when the process is killed while it starts.
            let _ = announce.send(url.to_owned());
        }
        log.push_str(&line);
        log.push('\n');
    }
    log
}
