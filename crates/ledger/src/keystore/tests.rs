//! Round trips, refusals, and agreement with another implementation of the format.

use alloy::signers::k256::elliptic_curve::rand_core::OsRng;
use alloy::signers::local::PrivateKeySigner;

use super::*;

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

#[test]
fn a_key_comes_back_with_its_passphrase_only() {
    let folder = folder();
    let path = folder.path().join("key.json");
    let account = Keystore::create_at(&path, &"right".into(), Cost::LIGHT).unwrap();
    assert_eq!(Keystore::unlock(&path, &"right".into()).unwrap().account(), account);
    assert_eq!(Keystore::account(&path).unwrap(), Some(account));
    let error = Keystore::unlock(&path, &"wrong".into()).unwrap_err();
    assert!(matches!(error, KeystoreError::WrongPassphrase { .. }), "{error}");
}

#[test]
fn a_secret_comes_back_and_says_no_account() {
    let folder = folder();
    let path = folder.path().join("lot-secret.json");
    Keystore::create_secret_at(&path, &"right".into(), [9; 32], Cost::LIGHT).unwrap();
    assert_eq!(Keystore::open_secret(&path, &"right".into()).unwrap(), [9; 32]);
    assert_eq!(Keystore::account(&path).unwrap(), None);
    assert!(Keystore::open_secret(&path, &"wrong".into()).is_err());
}

#[test]
fn the_standard_cost_opens_too() {
    let folder = folder();
    let path = folder.path().join("key.json");
    let account = Keystore::create(&path, &"right".into()).unwrap();
    assert_eq!(Keystore::unlock(&path, &"right".into()).unwrap().account(), account);
}

#[test]
fn files_are_the_owners_alone_and_never_overwritten() {
    let folder = folder();
    let path = folder.path().join("key.json");
    let account = Keystore::create_at(&path, &"right".into(), Cost::LIGHT).unwrap();
    let error = Keystore::create_at(&path, &"right".into(), Cost::LIGHT).unwrap_err();
    assert!(matches!(error, KeystoreError::Exists { .. }), "{error}");
    assert_eq!(Keystore::account(&path).unwrap(), Some(account));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left aside");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn the_other_implementation_reads_ours_and_we_read_its() {
    let folder = folder();
    let path = folder.path().join("ours.json");
    let account = Keystore::create_at(&path, &"right".into(), Cost::LIGHT).unwrap();
    let read = PrivateKeySigner::decrypt_keystore(&path, "right").unwrap();
    assert_eq!(read.address().into_array(), account.0);

    let secret = [7; 32];
    let folder = folder.path();
    PrivateKeySigner::encrypt_keystore(folder, &mut OsRng, secret, "right", Some("theirs.json"))
        .unwrap();
    let opened = Keystore::open_secret(&folder.join("theirs.json"), &"right".into()).unwrap();
    assert_eq!(opened, secret);
}

/// A file of the right form (its scrypt parameters are outside RFC 7914, so it does not open).
const WEB3_VECTOR: &str = r#"{
    "crypto": {
        "cipher": "aes-128-ctr",
        "cipherparams": { "iv": "83dbcc02d8ccb40e466191a123791e0e" },
        "ciphertext": "d172bf743a674da9cdad04534d56926ef8358534d458fffccd4e6ad2fbde479c",
        "kdf": "scrypt",
        "kdfparams": {
            "dklen": 32,
            "n": 262144,
            "p": 8,
            "r": 1,
            "salt": "ab0c7876052600dd703518d6fc3fe8984592145b591fc8fb5c6d43190334ba19"
        },
        "mac": "2103ac29920d71da29f15d75b4a16dbe95cfd7ff8faea1056c33131d846e3097"
    },
    "id": "3198bc9c-6672-5ab3-d995-4942343ae5b6",
    "version": 3
}"#;

#[test]
fn files_that_are_no_keystore_are_refused_without_a_panic() {
    let folder = folder();
    let replaced = |from: &str, to: &str| WEB3_VECTOR.replace(from, to);
    let long = "0".repeat(100_000);
    let table = [
        (String::new(), "EOF"),
        (long, "100000 bytes"),
        (replaced("\"version\": 3", "\"version\": 1"), "version 1"),
        (replaced("262144", "1099511627776"), "n = 1099511627776"),
        (replaced("262144", "3"), "n = 3"),
        (replaced("\"dklen\": 32", "\"dklen\": 8"), "dklen = 8"),
        (replaced("\"r\": 1", "\"r\": 0"), "scrypt"),
        (replaced("aes-128-ctr", "rot13"), "rot13 with scrypt"),
        (replaced("83dbcc02d8ccb40e466191a123791e0e", "83"), "an iv of 1 bytes"),
        (replaced("d172bf74", ""), "a secret of 28 bytes"),
    ];
    for (number, (text, expected)) in table.into_iter().enumerate() {
        let path = folder.path().join(format!("{number}.json"));
        std::fs::write(&path, text).unwrap();
        let error = Keystore::open_secret(&path, &"testpassword".into()).unwrap_err();
        assert!(matches!(error, KeystoreError::NotAKeystore { .. }), "{error}");
        let shown = error.to_string();
        let expected = if expected == "scrypt" { "expected a keystore" } else { expected };
        assert!(shown.contains(expected), "{expected}: {shown}");
    }
}

#[test]
fn nothing_shows_a_passphrase() {
    let shown = format!("{:?}", Passphrase::new("hush"));
    assert_eq!(shown, "Passphrase(redacted)");
}
