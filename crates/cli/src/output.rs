//! Standard output for answers, standard error for all else.

use std::io::{self, ErrorKind, IsTerminal, Write};

use serde::Serialize;
use tracing_subscriber::EnvFilter;

/// Environment variable with the filter of the log, such as `theriac_node=debug`.
const LOG_VARIABLE: &str = "THERIAC_LOG";

/// Starts the log on standard error.
pub fn start_log(usual: &str) {
    let filter = EnvFilter::try_from_env(LOG_VARIABLE).unwrap_or_else(|_| EnvFilter::new(usual));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    // Fails only if there is a log already, which serves as well.
    let _ = log.with_ansi(io::stderr().is_terminal()).try_init();
}

/// Prints text; a reader that has gone (`| head`) is no error.
///
/// # Errors
///
/// What the system says.
pub fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}

/// Prints a value as one line of JSON.
///
/// # Errors
///
/// What the system says.
pub fn print_json(value: &impl Serialize) -> anyhow::Result<()> {
    let line = serde_json::to_string(value)?;
    Ok(print(&format!("{line}\n"))?)
}

/// Tells on standard error what went wrong.
pub fn complain(sentence: &str) {
    let _ = writeln!(io::stderr(), "theriac: {}", plain(sentence));
}

/// Tells on standard error what a person may want to know.
pub fn note(sentence: &str) {
    let _ = writeln!(io::stderr(), "{}", plain(sentence));
}

/// Text of others for a terminal: GS as `<GS>`, which can be typed back in; other control
/// characters, and those that turn the direction of writing, as their numbers.
pub fn plain(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\u{1d}' => shown.push_str("<GS>"),
            '\n' => shown.push('\n'),
            '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                shown.extend(character.escape_unicode());
            }
            _ if character.is_control() => shown.extend(character.escape_unicode()),
            _ => shown.push(character),
        }
    }
    shown
}

/// Rows of words and values, one under the other.
#[derive(Debug, Default)]
pub struct Rows(Vec<(String, String)>);

impl Rows {
    /// Adds a row.
    pub fn add(&mut self, word: &str, value: impl Into<String>) {
        self.0.push((word.to_owned(), plain(&value.into())));
    }

    /// Adds a row if there is a value.
    pub fn add_some(&mut self, word: &str, value: Option<impl Into<String>>) {
        if let Some(value) = value {
            self.add(word, value);
        }
    }

    /// The rows, indented, the values in one column.
    pub fn render(&self) -> String {
        let width = self.0.iter().map(|(word, _)| word.chars().count()).max().unwrap_or(0);
        self.0.iter().map(|(word, value)| format!("  {word:width$}  {value}\n")).collect()
    }
}

/// Columns of the terminal that answers go to; `None` where it is no terminal.
pub fn width() -> Option<u16> {
    console::Term::stdout().size_checked().map(|(_, columns)| columns)
}

/// The first ten characters of a hash, which tell it apart for people.
pub fn short(hash: &str) -> String {
    match hash.get(..10) {
        Some(start) if hash.len() > 12 => format!("{start}…"),
        _ => hash.to_owned(),
    }
}

/// A number with its noun, in the plural unless it is 1.
pub fn count(number: u64, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", thousands(number))
}

/// A number with commas between thousands.
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_others_cannot_move_the_cursor() {
        assert_eq!(plain("01\u{1d}21\u{1b}[2J\u{202e}"), "01<GS>21\\u{1b}[2J\\u{202e}");
    }

    #[test]
    fn rows_have_one_column_of_values() {
        let mut rows = Rows::default();
        rows.add("reason", "x");
        rows.add_some("to", Some("y"));
        rows.add_some("none", None::<String>);
        assert_eq!(rows.render(), "  reason  x\n  to      y\n");
    }

    #[test]
    fn numbers_are_read_by_people() {
        assert_eq!(count(1, "event"), "1 event");
        assert_eq!(count(1_609, "event"), "1,609 events");
        assert_eq!(thousands(10), "10");
        assert_eq!(thousands(123_456), "123,456");
        assert_eq!(short("0x0123456789abcdef"), "0x01234567…");
        assert_eq!(short("0x01"), "0x01");
    }
}
