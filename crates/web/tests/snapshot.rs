//! Generated pages are compared with the code.
//!
//! Update: `THERIAC_UPDATE_DOCS=1 cargo test -p theriac-web --test snapshot`.

use std::path::Path;

/// The page is what the code makes of it.
fn check(page: &str, expected: &str) {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference").join(page);
    if std::env::var_os("THERIAC_UPDATE_DOCS").is_some() {
        std::fs::create_dir_all(page.parent().expect("a folder")).expect("made");
        std::fs::write(&page, expected).expect("written");
    }
    let found = std::fs::read_to_string(&page).unwrap_or_default();
    assert_eq!(found, expected, "update it with THERIAC_UPDATE_DOCS=1");
}

#[test]
fn the_page_of_problems_is_up_to_date() {
    check("problems.md", &theriac_web::problem::reference());
}

#[test]
fn the_page_of_paths_is_up_to_date() {
    check("http.md", &theriac_web::routes::index::reference());
}

#[test]
fn the_openapi_document_is_up_to_date() {
    check("openapi.json", theriac_web::openapi::text());
}
