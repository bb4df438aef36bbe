//! What goes wrong is told in a sentence, with its exit code, and without secrets.

use super::program::{Folder, PASSPHRASE, Ran, program};

#[test]
fn a_code_that_cannot_be_read_is_2_with_a_hint() {
    let folder = Folder::new();
    for (code, said) in [
        ("not a code", "expected"),
        ("(01)09521124000018(21)A", "expected"),
        ("", "expected a GS1 code"),
    ] {
        let ran = folder.run(["verify", code]).exits(2);
        assert!(ran.err.starts_with("theriac: ") && ran.err.contains(said), "{}", ran.err);
        assert_eq!(ran.err.lines().count(), 1, "{}", ran.err);
        assert_eq!(ran.out, "");
        folder.run(["trace", code]).exits(2);
    }
}

#[test]
fn a_wrong_passphrase_is_3_and_not_told() {
    let folder = Folder::new();
    let ran: Ran = folder
        .command(["verify", "(01)09521124000017(21)A"])
        .env("THERIAC_PASSPHRASE", "wrong-secret")
        .output()
        .unwrap()
        .into();
    let ran = ran.exits(3);
    assert!(ran.err.contains("passphrase"), "{}", ran.err);
    assert!(!ran.err.contains("wrong-secret") && !ran.err.contains(PASSPHRASE), "{}", ran.err);
    let ran: Ran =
        folder.command(["cases"]).env_remove("THERIAC_PASSPHRASE").output().unwrap().into();
    assert!(ran.exits(3).err.contains("THERIAC_PASSPHRASE"));
}

#[test]
fn documents_that_cannot_be_read_are_2() {
    let folder = Folder::new();
    let missing = folder.run(["capture", "no-such-file.xml"]).exits(2);
    assert!(missing.err.contains("cannot read no-such-file.xml"), "{}", missing.err);
    for (name, bytes) in [
        ("prose.xml", &b"once upon a time"[..]),
        ("empty.json", b""),
        ("cut.json", b"{\"@context\":[],\"type\":\"EPCISDocument\",\"epcisBody\":{\"eventList\":["),
        ("bytes.xml", b"\xff\xfe\x00\x01<"),
    ] {
        let file = folder.document(name, bytes);
        let ran = folder.run(["capture", "--json", &file]).exits(2);
        assert!(ran.json()[0]["document_error"].is_string(), "{}", ran.out);
    }
}

#[test]
fn where_no_node_is_a_command_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| -> Ran {
        program().current_dir(dir.path()).args(args).output().unwrap().into()
    };
    let ran = run(&["verify", "(01)09521124000017(21)A"]).exits(3);
    assert!(ran.err.contains("theriac init"), "{}", ran.err);
    let ran = run(&["--node", "http://127.0.0.1:9", "cases"]).exits(3);
    assert!(ran.err.contains("no node answers at http://127.0.0.1:9"), "{}", ran.err);
    let ran = run(&["--node", "http://127.0.0.1:9", "ledger", "audit"]).exits(3);
    assert!(ran.err.contains("expected the node's folder"), "{}", ran.err);
}

#[test]
fn init_does_not_touch_what_is_there() {
    let dir = tempfile::tempdir().unwrap();
    let run = |passphrase: &str, gln: &str| -> Ran {
        let mut command = program();
        command.env("THERIAC_PASSPHRASE", passphrase);
        command.args(["init", "--name", "A", "--gln", gln, "--role", "labeler"]);
        command.arg(dir.path()).output().unwrap().into()
    };
    let short = run("seven77", "9521124000017").exits(3);
    assert!(short.err.contains("at least 8"), "{}", short.err);
    run(PASSPHRASE, "9521124000018").exits(2);
    std::fs::write(dir.path().join("thesis.txt"), "mine").unwrap();
    let full = run(PASSPHRASE, "9521124000017").exits(2);
    assert!(full.err.contains("expected an empty folder"), "{}", full.err);
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
}

#[test]
fn a_configuration_with_a_wrong_field_is_told_with_its_place() {
    let folder = Folder::new();
    let file = folder.node().join("theriac.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, format!("lisen = \"127.0.0.1:1\"\n{text}")).unwrap();
    let ran = folder.run(["config", "show"]).exits(3);
    assert!(ran.err.contains("lisen") && ran.err.contains("theriac.toml"), "{}", ran.err);
}
