//! The passphrase of a node's keys: from the environment, or asked for; never an argument.

use std::io::{self, IsTerminal};

use anyhow::{Context, bail};
use theriac_node::Passphrase;

/// Environment variable with the passphrase.
pub const VARIABLE: &str = "THERIAC_PASSPHRASE";

/// Fewest characters of a new passphrase.
pub const CHARACTERS_MIN: usize = 8;

/// The passphrase of a node that exists.
///
/// # Errors
///
/// Neither the environment nor a terminal gives one.
pub fn known() -> anyhow::Result<Passphrase> {
    match from_environment()? {
        Some(text) => Ok(Passphrase::new(text)),
        None => Ok(Passphrase::new(ask("Passphrase of the node's keys: ")?)),
    }
}

/// The passphrase of a node to be made, asked for twice.
///
/// # Errors
///
/// As [`known`]; or it is too short, or the two differ.
pub fn new() -> anyhow::Result<Passphrase> {
    if let Some(text) = from_environment()? {
        check(&text)?;
        return Ok(Passphrase::new(text));
    }
    let text = ask(&format!(
        "New passphrase for the node's keys, at least {CHARACTERS_MIN} characters: "
    ))?;
    check(&text)?;
    if ask("The same again: ")? != text {
        bail!("expected the same passphrase twice, found two; nothing was made");
    }
    Ok(Passphrase::new(text))
}

fn check(text: &str) -> anyhow::Result<()> {
    let found = text.chars().count();
    if found < CHARACTERS_MIN {
        bail!(
            "expected a passphrase of at least {CHARACTERS_MIN} characters, found {found}; nothing \
             was made"
        );
    }
    Ok(())
}

/// The passphrase in the environment.
///
/// # Errors
///
/// It is not text.
pub fn from_environment() -> anyhow::Result<Option<String>> {
    match std::env::var(VARIABLE) {
        Ok(text) => Ok(Some(text)),
        Err(std::env::VarError::NotPresent) => Ok(None),
        Err(std::env::VarError::NotUnicode(_)) => bail!("expected text in {VARIABLE}, found bytes"),
    }
}

fn ask(prompt: &str) -> anyhow::Result<String> {
    if !io::stdin().is_terminal() {
        bail!("expected the passphrase in {VARIABLE}, or a terminal to ask for it on");
    }
    rpassword::prompt_password(prompt).context("the passphrase could not be asked for")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_one_is_refused_without_being_told() {
        let error = check("secret").unwrap_err().to_string();
        assert!(error.contains("found 6") && !error.contains("secret"), "{error}");
        check("ångström").unwrap();
    }
}
