//! Runs the program, and makes nodes and documents for it.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;
use theriac_custody::{Role, Roles};
use theriac_node::{InitOptions, LedgerChoice, Passphrase, init, system_clock};
use theriac_sim::{Action, MANUFACTURER, Plan, Scenario, scenario};

pub const PASSPHRASE: &str = "correct horse battery";

/// The program without the environment of whoever runs the tests.
pub fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_theriac"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("THERIAC_") {
            command.env_remove(name);
        }
    }
    command.env("THERIAC_PASSPHRASE", PASSPHRASE).stdin(Stdio::null());
    command
}

/// What a command left behind.
#[derive(Debug)]
pub struct Ran {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Ran {
    /// The command ended with this exit code.
    #[track_caller]
    pub fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{self:#?}");
        self
    }

    /// The lines of JSON that it printed.
    pub fn json(&self) -> Vec<Value> {
        self.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

/// A node's folder, in a folder that is deleted at the end.
pub struct Folder {
    pub dir: TempDir,
}

impl Folder {
    /// A node of the scenario's manufacturer with a ledger of its own, so that it is a governor as
    /// well; its keys are cheap to open.
    pub fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let company = &scenario_of(400).companies[MANUFACTURER];
        let options = InitOptions {
            name: company.name.clone(),
            gln: company.gln,
            roles: [Role::Labeler, Role::Regulator].into_iter().collect::<Roles>(),
            ledger: LedgerChoice::New { chain_id: 7 },
            listen: Some("127.0.0.1:0".parse().unwrap()),
            ledger_listen: None,
            light_keys: true,
            clock: system_clock(),
        };
        let passphrase = Passphrase::new(PASSPHRASE);
        let node = dir.path().join("node");
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(init(&node, &options, &passphrase)).unwrap();
        Self { dir }
    }

    /// The same with the scenario's products registered.
    pub fn with_products() -> Self {
        let folder = Self::new();
        for product in &scenario_of(400).products {
            folder.run(["product", "add", &product.gtin.to_string()]).exits(0);
        }
        folder
    }

    pub fn node(&self) -> PathBuf {
        self.dir.path().join("node")
    }

    /// The program, in a folder inside the node's, which it must find by itself.
    pub fn command<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Command {
        let mut command = program();
        command.current_dir(self.node().join("keys")).args(args);
        command
    }

    pub fn run<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Ran {
        self.command(args).output().unwrap().into()
    }

    /// Writes a document beside the node's folder.
    pub fn document(&self, name: &str, bytes: &[u8]) -> String {
        let path = self.dir.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// Serves the node, and waits until it answers.
    pub fn serve(&self) -> Server {
        Server::start(&mut self.command(["serve"]), &self.node())
    }
}

/// A node that is being served; killed when dropped.
pub struct Server {
    pub child: Child,
    pub url: String,
}

impl Server {
    /// Starts the command, and waits until the node in the folder answers.
    pub fn start(serve: &mut Command, node: &Path) -> Self {
        let child = serve.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let mut server = Self { child, url: String::new() };
        server.url = server.wait_for_url(node);
        server
    }

    /// The URL that the process announces in the node's folder once it answers.
    fn wait_for_url(&mut self, node: &Path) -> String {
        for _ in 0..2_000 {
            assert_eq!(self.child.try_wait().unwrap(), None, "the server ended");
            let url = std::fs::read_to_string(node.join("node.lock")).unwrap_or_default();
            if !url.is_empty() && answers(&url) {
                return url;
            }
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        panic!("the server does not answer");
    }

    /// Pulls the plug.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to stop; its exit code.
    pub fn terminate(mut self) -> Option<i32> {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        self.child.wait().unwrap().code()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn answers(url: &str) -> bool {
    program().args(["--node", url, "health", "--json"]).output().unwrap().status.success()
}

/// A scenario of yesterday, so that the machine's clock is after its events and its packs are sold.
pub fn scenario_of(packs: u32) -> Scenario {
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    scenario(&Plan { packs, seed: 11, day: today.yesterday().unwrap() }).unwrap()
}

/// The manufacturer's documents of the scenario that make packs: one per lot.
pub fn commissioning(packs: u32) -> Vec<Vec<u8>> {
    let steps = scenario_of(packs).steps.into_iter();
    let documents =
        steps.filter(|step| step.company == MANUFACTURER).filter_map(|step| match step.action {
            Action::Capture { title, document, .. } if title.starts_with("makes") => Some(document),
            _ => None,
        });
    documents.collect()
}

/// The packs that a document commissions, in the form in which it names them.
pub fn packs(document: &[u8]) -> Vec<String> {
    let document: Value = serde_json::from_slice(document).unwrap();
    let events = document["epcisBody"]["eventList"].as_array().unwrap();
    let commissioned = events
        .iter()
        .filter(|event| event["type"] == "ObjectEvent" && event["bizStep"] == "commissioning");
    let epcs = commissioned.flat_map(|event| event["epcList"].as_array().unwrap());
    let texts = epcs.map(|epc| epc.as_str().unwrap().to_owned());
    texts.filter(|text| text.contains("sgtin") || text.contains("/21/")).collect()
}
