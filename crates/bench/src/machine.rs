//! The machine and the program that a result is of.

use std::fs;
use std::process::Command;

use serde::Serialize;

/// Environment variable with the commit that the program was built from.
const COMMIT_VARIABLE: &str = "THERIAC_COMMIT";

/// What cannot be found out.
const UNKNOWN: &str = "unknown";

/// How the program was compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    /// Without optimisation: values of speed mean nothing.
    Debug,
    /// With optimisation.
    Release,
}

/// The machine and the program that a result is of.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Machine {
    /// The processor, as it names itself.
    pub cpu: String,
    /// Threads that run at once.
    pub cores: usize,
    /// Memory in GiB, to one digit; 0 if it cannot be found out.
    pub memory_gib: f64,
    /// The system.
    pub os: String,
    /// How the program was compiled.
    pub profile: Profile,
    /// The commit: of `THERIAC_COMMIT`, else of the folder one stands in, with `+` if files differ
    /// from it.
    pub commit: String,
}

impl Machine {
    /// This machine, and this program.
    pub fn here() -> Self {
        Self {
            cpu: cpu(&read("/proc/cpuinfo")),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            memory_gib: memory_gib(&read("/proc/meminfo")),
            os: os(&read("/etc/os-release")),
            profile: if cfg!(debug_assertions) { Profile::Debug } else { Profile::Release },
            commit: commit(),
        }
    }

    /// The machine in a line.
    pub fn line(&self) -> String {
        let Self { cpu, cores, memory_gib, os, profile, commit } = self;
        let profile = match profile {
            Profile::Debug => "debug build, so speeds mean nothing",
            Profile::Release => "release build",
        };
        format!("{cores} × {cpu}, {memory_gib} GiB, {os}; {profile}, commit {commit}")
    }
}

fn read(path: &str) -> String {
    fs::read_to_string(path).unwrap_or_default()
}

/// The value after the first `key` and its separator.
fn value<'a>(text: &'a str, key: &str, separator: char) -> Option<&'a str> {
    text.lines().find_map(|line| {
        let (found, value) = line.split_once(separator)?;
        (found.trim() == key).then(|| value.trim().trim_matches('"'))
    })
}

fn cpu(cpuinfo: &str) -> String {
    value(cpuinfo, "model name", ':').unwrap_or(std::env::consts::ARCH).to_owned()
}

fn memory_gib(meminfo: &str) -> f64 {
    let kib = value(meminfo, "MemTotal", ':').and_then(|value| value.strip_suffix(" kB"));
    let kib: f64 = kib.and_then(|kib| kib.parse().ok()).unwrap_or(0.0);
    (kib / f64::from(1 << 20) * 10.0).round() / 10.0
}

fn os(release: &str) -> String {
    let name = value(release, "PRETTY_NAME", '=').unwrap_or(std::env::consts::OS);
    format!("{name} {}", std::env::consts::ARCH)
}

fn commit() -> String {
    if let Some(commit) = std::env::var(COMMIT_VARIABLE).ok().filter(|commit| !commit.is_empty()) {
        return commit;
    }
    let Some(commit) = git(&["rev-parse", "--short=12", "HEAD"]) else {
        return UNKNOWN.to_owned();
    };
    let changed = git(&["status", "--porcelain", "--untracked-files=no"]);
    if changed.is_some_and(|files| !files.is_empty()) { format!("{commit}+") } else { commit }
}

fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_system_tells_is_read() {
        let cpuinfo = "processor\t: 0\nmodel name\t: AMD EPYC 9B14\nmodel name\t: other\n";
        assert_eq!(cpu(cpuinfo), "AMD EPYC 9B14");
        assert_eq!(memory_gib("MemTotal:       25165824 kB\nMemFree: 1 kB\n"), 24.0);
        assert_eq!(memory_gib("nothing"), 0.0);
        assert!(
            os("ID=debian\nPRETTY_NAME=\"Debian GNU/Linux 13\"\n")
                .starts_with("Debian GNU/Linux 13 ")
        );
        assert!(!cpu("").is_empty() && !os("").is_empty());
    }

    #[test]
    fn this_machine_has_a_core() {
        let here = Machine::here();
        assert!(here.cores > 0);
        assert!(here.line().contains(&here.commit));
    }
}
