//! Members change their accounts, keys, products and documents, and governors the members.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "support/proxy.rs"]
mod proxy;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;
use jiff::civil::date;
use proxy::Proxy;
use theriac_chain::{Chain, Genesis};
use theriac_custody::{Account, Hash, Role};
use theriac_ledger::{Cost, Endpoint, Keystore, Ledger, MemberStatus, Signer};
use theriac_node::{
    Clock, Config, InitOptions, LedgerChoice, NewMember, Node, NodeError, NodeFolder, Passphrase,
    RegistryAction, RotateError, init, rotate,
};

const MAKER: &str = "9521322000017";
const GTIN: &str = "09521321000117";

fn passphrase() -> Passphrase {
    Passphrase::new("correct horse battery staple")
}

/// A ledger that others run, the governors' node, and a labeler's.
struct Consortium {
    governor: Node,
    maker: Option<Node>,
    maker_config: Config,
    ledger: Ledger,
    now: Arc<AtomicI64>,
    folder: tempfile::TempDir,
    _proxy: Proxy,
}

impl Consortium {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let now = Arc::new(AtomicI64::new(Timestamp::now().as_second()));
        let seconds = Arc::clone(&now);
        let seconds = Arc::new(move || seconds.load(Ordering::SeqCst) as u64);
        let chain = Chain::open(&folder.path().join("chain"), Genesis { chain_id: 7 }, seconds);
        let proxy = Proxy::before(chain.unwrap()).await;
        let clock = clock(&now);
        let url = proxy.url.clone();
        let governor =
            options("9521321000018", Role::Regulator, LedgerChoice::Deploy { url }, &clock);
        let dir = folder.path().join("governor");
        let config = init(&dir, &governor, &passphrase()).await.unwrap().config;
        let deployment = config.deployment();
        let governor = Node::open(&dir, config, &passphrase(), clock.clone()).await.unwrap();
        let at = LedgerChoice::At { url: proxy.url.clone(), deployment };
        let dir = folder.path().join("maker");
        let made =
            init(&dir, &options(MAKER, Role::Labeler, at, &clock), &passphrase()).await.unwrap();
        let member = NewMember {
            gln: MAKER.parse().unwrap(),
            name: "Maker".to_owned(),
            roles: [Role::Labeler].into_iter().collect(),
            licence_expiry: None,
            endpoint: "http://maker.example".to_owned(),
            account: made.account,
        };
        governor.add_member(&member).await.unwrap();
        let maker = Node::open(&dir, made.config.clone(), &passphrase(), clock).await.unwrap();
        let endpoint = Endpoint::Http(proxy.url.clone());
        Self {
            governor,
            maker: Some(maker),
            maker_config: made.config,
            ledger: Ledger::connect(endpoint, deployment).await.unwrap(),
            now,
            folder,
            _proxy: proxy,
        }
    }

    fn maker(&self) -> &Node {
        self.maker.as_ref().unwrap()
    }

    fn maker_dir(&self) -> std::path::PathBuf {
        self.folder.path().join("maker")
    }

    async fn close_maker(&mut self) {
        self.maker.take().unwrap().close().await;
    }

    async fn open_maker(&mut self) {
        let config = self.maker_config.clone();
        let clock = clock(&self.now);
        self.maker =
            Some(Node::open(&self.maker_dir(), config, &passphrase(), clock).await.unwrap());
    }

    async fn rotate(&self) -> Result<theriac_node::RotateReport, RotateError> {
        let (dir, clock) = (self.maker_dir(), clock(&self.now));
        rotate(&dir, &self.maker_config, &passphrase(), Cost::LIGHT, clock).await
    }
}

fn clock(now: &Arc<AtomicI64>) -> Clock {
    let now = Arc::clone(now);
    Arc::new(move || Timestamp::from_second(now.load(Ordering::SeqCst)).unwrap())
}

fn options(gln: &str, role: Role, ledger: LedgerChoice, clock: &Clock) -> InitOptions {
    InitOptions {
        name: "Example".to_owned(),
        gln: gln.parse().unwrap(),
        roles: [role].into_iter().collect(),
        ledger,
        listen: None,
        ledger_listen: None,
        light_keys: true,
        clock: clock.clone(),
    }
}

fn key(dir: &Path) -> Account {
    Keystore::account(&NodeFolder::at(dir).account_key()).unwrap().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn members_look_after_themselves_and_governors_after_members() {
    use RegistryAction as A;
    let network = Consortium::new().await;
    let (governor, maker) = (&network.governor, network.maker());
    let gln = MAKER.parse().unwrap();
    let (signing, sealing) = (Hash([1; 32]), Hash([2; 32]));
    maker.act(&A::SetServiceKeys { gln: None, signing, sealing }).await.unwrap();
    let endpoint = "https://moved.example".to_owned();
    maker.act(&A::SetEndpoint { gln: None, endpoint: endpoint.clone() }).await.unwrap();
    governor.act(&A::SetUndoDays { gln, days: 3 }).await.unwrap();
    let found = network.ledger.member(gln.value()).await.unwrap().unwrap();
    assert_eq!((found.signing, found.sealing, found.undo_days), (signing, sealing, 3));
    assert_eq!(found.endpoint, endpoint);
    let status = |status| A::SetStatus { gln, status };
    let refused = maker.act(&status(MemberStatus::Active)).await.unwrap_err();
    assert!(
        matches!(&refused, NodeError::Refused(why) if why.contains("not a governor")),
        "{refused}"
    );
    governor.act(&status(MemberStatus::Suspended)).await.unwrap();
    let again = Signer::random().account();
    assert!(maker.act(&A::AddAccount { account: again }).await.is_err(), "it is suspended");
    governor.act(&status(MemberStatus::Active)).await.unwrap();
    maker.act(&A::AddAccount { account: again }).await.unwrap();
    let accounts = network.ledger.accounts_of(gln.value()).await.unwrap();
    assert_eq!(accounts, [maker.account(), again]);
    governor.act(&A::RevokeAccount { account: again }).await.unwrap();
    assert_eq!(network.ledger.member_of(again).await.unwrap(), None);
    let licence = A::SetLicence {
        gln,
        roles: vec![Role::Labeler, Role::Repackager],
        licence_expiry: Some(date(2040, 1, 1)),
    };
    governor.act(&licence).await.unwrap();
    assert!(network.ledger.roles_of(maker.account()).await.unwrap().has(Role::Repackager));
}

#[tokio::test(flavor = "multi_thread")]
async fn products_change_hands_in_two_steps_and_documents_have_readers() {
    use RegistryAction as A;
    let network = Consortium::new().await;
    let (governor, maker) = (&network.governor, network.maker());
    let (gtin, gln) = (GTIN.parse().unwrap(), MAKER.parse().unwrap());
    let both = vec![Role::Regulator, Role::Labeler];
    let licence = A::SetLicence { gln: governor.gln(), roles: both, licence_expiry: None };
    governor.act(&licence).await.unwrap();
    governor.add_product(gtin, None).await.unwrap();
    assert!(maker.act(&A::AcceptProduct { gtin }).await.is_err(), "it is not offered");
    governor.act(&A::OfferProduct { gtin, to: Some(gln) }).await.unwrap();
    assert_eq!(network.ledger.offered_to(gtin.value()).await.unwrap(), Some(gln.value()));
    governor.act(&A::OfferProduct { gtin, to: None }).await.unwrap();
    assert!(maker.act(&A::AcceptProduct { gtin }).await.is_err(), "the offer is withdrawn");
    governor.act(&A::OfferProduct { gtin, to: Some(gln) }).await.unwrap();
    maker.act(&A::AcceptProduct { gtin }).await.unwrap();
    assert_eq!(network.ledger.labeler_of(gtin.value()).await.unwrap(), Some(gln.value()));

    let (document, until, to) = (Hash([5; 32]), date(2040, 1, 1), governor.gln());
    let reader = governor.account();
    maker.act(&A::PublishDocument { document, until }).await.unwrap();
    assert!(!network.ledger.may_read(document, reader).await.unwrap());
    maker.act(&A::GrantDocument { document, to, until }).await.unwrap();
    assert!(network.ledger.may_read(document, reader).await.unwrap());
    maker.act(&A::RevokeDocument { document, to }).await.unwrap();
    assert!(!network.ledger.may_read(document, reader).await.unwrap());
    let nobody = A::GrantDocument { document, to: "9521000000018".parse().unwrap(), until };
    let refused = maker.act(&nobody).await.unwrap_err().to_string();
    assert!(refused.contains("9521000000018 is not registered"), "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_that_lost_its_key_is_recovered_after_the_delay() {
    use RegistryAction as A;
    let network = Consortium::new().await;
    let (governor, gln) = (&network.governor, MAKER.parse().unwrap());
    let account = Signer::random().account();
    let announce = A::ScheduleRecovery { gln, account };
    let first = governor.act(&announce).await.unwrap();
    let from = first.executable_from.unwrap();
    assert!(first.transaction.is_some());
    let again = governor.act(&announce).await.unwrap();
    assert_eq!((again.transaction, again.executable_from), (None, Some(from)), "done already");
    assert!(network.maker().act(&announce).await.unwrap().transaction.is_none());
    let execute = A::ExecuteRecovery { gln, account };
    assert!(governor.act(&execute).await.is_err(), "the delay is not over");
    governor.act(&A::CancelRecovery { gln, account }).await.unwrap();
    assert!(network.maker().act(&announce).await.is_err(), "for governors");
    governor.act(&announce).await.unwrap();
    network.now.fetch_add(2 * 86_400 + 60, Ordering::SeqCst);
    // The call is tried on the newest block, whose time is before.
    governor.act(&A::SetUndoDays { gln, days: 9 }).await.unwrap();
    governor.act(&execute).await.unwrap();
    assert_eq!(network.ledger.member_of(account).await.unwrap(), Some(gln.value()));
    // The same account once more: another announcement.
    governor.act(&A::RevokeAccount { account }).await.unwrap();
    assert!(governor.act(&announce).await.unwrap().transaction.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_rotated_and_the_node_goes_on_with_the_new_one() {
    let mut network = Consortium::new().await;
    let old = network.maker().account();
    let keys = RegistryAction::SetServiceKeys {
        gln: None,
        signing: Hash([1; 32]),
        sealing: Hash([2; 32]),
    };
    network.maker().act(&keys).await.unwrap();
    let open = network.rotate().await.unwrap_err();
    assert!(matches!(open, RotateError::Open(_)), "the node is open: {open}");
    network.close_maker().await;
    let report = network.rotate().await.unwrap();
    assert_ne!(report.account, old);
    assert_eq!(report.revoked, [old]);
    assert_eq!(network.ledger.member_of(old).await.unwrap(), None);
    assert_eq!(key(&network.maker_dir()), report.account);
    network.open_maker().await;
    for n in 3..6 {
        let keys = RegistryAction::SetServiceKeys {
            gln: None,
            signing: Hash([n; 32]),
            sealing: Hash([2; 32]),
        };
        network.maker().act(&keys).await.unwrap();
    }
    network.close_maker().await;
    let again = network.rotate().await.unwrap();
    assert_eq!(again.revoked, [report.account], "another rotation");
    let Consortium { governor, now, folder, .. } = network;
    let account = governor.account();
    governor.close().await;
    let dir = folder.path().join("governor");
    let config = Config::load(&NodeFolder::at(&dir).config_file()).unwrap();
    let refused = rotate(&dir, &config, &passphrase(), Cost::LIGHT, clock(&now)).await;
    assert!(matches!(refused, Err(RotateError::Governor { account: found }) if found == account));
}

/// What a crash leaves behind at each step, and that doing it again ends it.
#[tokio::test(flavor = "multi_thread")]
async fn a_rotation_goes_on_after_a_crash_at_each_step() {
    for steps in 1..=4 {
        let mut network = Consortium::new().await;
        let old = network.maker().account();
        let keys = network.maker_dir().join("keys");
        let next = keys.join("account.next.json");
        let new = Keystore::create_at(&next, &passphrase(), Cost::LIGHT).unwrap();
        if steps >= 2 {
            let add = RegistryAction::AddAccount { account: new };
            network.maker().act(&add).await.unwrap();
        }
        network.close_maker().await;
        if steps >= 3 {
            let kept = keys.join(format!("account.{old}.json"));
            std::fs::hard_link(keys.join("account.json"), kept).unwrap();
        }
        if steps >= 4 {
            std::fs::rename(&next, keys.join("account.json")).unwrap();
        }
        // At every point the node works.
        network.open_maker().await;
        let works = RegistryAction::SetEndpoint { gln: None, endpoint: "http://x.example".into() };
        network.maker().act(&works).await.unwrap();
        network.close_maker().await;
        let report = network.rotate().await.unwrap();
        assert_eq!((report.account, report.revoked), (new, vec![old]), "after {steps} steps");
        let gln = MAKER.parse::<theriac_gs1::Gln>().unwrap().value();
        assert_eq!(network.ledger.accounts_of(gln).await.unwrap(), [new]);
        assert!(!next.exists());
        network.open_maker().await;
        network.maker().act(&works).await.unwrap();
    }
}
