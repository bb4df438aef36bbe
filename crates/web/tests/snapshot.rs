//! Generated pages are compared with the code.
//!
//! Update: `THERIAC_UPDATE_DOCS=1 cargo test -p theriac-web --test snapshot`.

use std::path::Path;

#[test]
fn the_page_of_problems_is_up_to_date() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/problems.md");
    let expected = theriac_web::problem::reference();
    if std::env::var_os("THERIAC_UPDATE_DOCS").is_some() {
        std::fs::create_dir_all(page.parent().unwrap()).unwrap();
        std::fs::write(&page, &expected).unwrap();
    }
    let found = std::fs::read_to_string(&page).unwrap_or_default();
    assert_eq!(found, expected, "update it with THERIAC_UPDATE_DOCS=1");
}
