//! The reference page of the commands is compared with the help texts.
//!
//! Update: `THERIAC_UPDATE_DOCS=1 cargo test -p theriac-cli --test snapshot`.

use std::path::Path;
use std::process::Command;

#[test]
fn the_page_of_commands_is_up_to_date() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/cli.md");
    let output = Command::new(env!("CARGO_BIN_EXE_theriac"))
        .arg("reference")
        .env_remove("THERIAC_NODE")
        .output()
        .unwrap();
    assert!(output.status.success());
    let expected = String::from_utf8(output.stdout).unwrap();
    if std::env::var_os("THERIAC_UPDATE_DOCS").is_some() {
        std::fs::create_dir_all(page.parent().unwrap()).unwrap();
        std::fs::write(&page, &expected).unwrap();
    }
    let found = std::fs::read_to_string(&page).unwrap_or_default();
    assert_eq!(found, expected, "update it with THERIAC_UPDATE_DOCS=1");
}
