//! Progress bars on standard error; none where it is no terminal.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// How often a bar that only turns is drawn.
const TICK: Duration = Duration::from_millis(100);

/// A bar over a document's bytes; a spinner when their number is unknown.
pub fn bytes(title: &str, total: Option<u64>) -> ProgressBar {
    match total {
        Some(total) => bar(total, "{prefix} {bar:30} {bytes}/{total_bytes} {msg}"),
        None => spinner("{prefix} {spinner} {bytes} {msg}"),
    }
    .with_prefix(title.to_owned())
}

/// A bar over steps, with what happens now.
pub fn steps(title: &str, total: u64) -> ProgressBar {
    bar(total, "{prefix} {bar:30} {pos}/{len} {elapsed} {wide_msg}").with_prefix(title.to_owned())
}

fn bar(total: u64, template: &str) -> ProgressBar {
    let bar = ProgressBar::new(total);
    bar.set_style(style(template).progress_chars("━╸─"));
    bar.enable_steady_tick(TICK);
    bar
}

fn spinner(template: &str) -> ProgressBar {
    let bar = ProgressBar::new_spinner();
    bar.set_style(style(template));
    bar.enable_steady_tick(TICK);
    bar
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template)
        .expect("a template, because it is a constant that a test renders")
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_templates_are_templates() {
        super::bytes("x", Some(1)).finish_and_clear();
        super::bytes("x", None).finish_and_clear();
        super::steps("x", 1).finish_and_clear();
    }
}
