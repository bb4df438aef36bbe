//! What to try while the demo's nodes are up.

use theriac_sim::{PHARMACY_A, Scenario};

use super::network::Network;
use crate::output::plain;

/// The URLs, and codes to try with the exact commands.
pub fn directions(network: &Network, scenario: &Scenario) -> String {
    let mut text = String::from("\nThe nodes are up:\n");
    let width = network.members.iter().map(|member| member.name.chars().count()).max();
    let width = width.unwrap_or(0);
    for member in &network.members {
        let (name, role) = (plain(&member.name), member.role);
        text.push_str(&format!("  {name:width$}  {}  {role}\n", member.url));
    }
    let ledger = "the ledger";
    text.push_str(&format!("  {ledger:width$}  {}  Ethereum JSON-RPC\n", network.ledger_url));
    text.push_str("\nCodes to try, in another terminal:\n");
    let program = program();
    let pharmacy = &network.members[PHARMACY_A];
    for (code, expected) in &scenario.codes_to_try {
        let code = quoted(&plain(code));
        text.push_str(&format!("  # {}\n", plain(expected)));
        text.push_str(&format!("  {program} --node {} verify {code}\n", pharmacy.url));
    }
    if let Some((code, _)) = scenario.codes_to_try.get(1) {
        let code = quoted(&plain(code));
        text.push_str("  # its journey\n");
        text.push_str(&format!("  {program} --node {} trace {code}\n", pharmacy.url));
    }
    text.push_str("\nCtrl-C ends.\n");
    text
}

/// The program as it was called.
fn program() -> String {
    let called = std::env::args().next().unwrap_or_else(|| "theriac".to_owned());
    match called.chars().all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c)) {
        true => called,
        false => quoted(&called),
    }
}

/// A word for a POSIX shell.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_with_any_character_is_one_word() {
        assert_eq!(quoted("(01)0952(21)a'b c"), r"'(01)0952(21)a'\''b c'");
    }
}
