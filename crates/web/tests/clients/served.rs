//! An embedded ledger on a port.

use std::sync::Arc;
use std::time::SystemTime;

use theriac_chain::{Chain, Clock, Genesis};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

pub(crate) const CHAIN_ID: u64 = 8_452;

/// A ledger that is served until it is stopped.
pub(crate) struct Served {
    pub(crate) chain: Chain,
    /// Host and port.
    pub(crate) address: String,
    stop: oneshot::Sender<()>,
    service: JoinHandle<()>,
    _folder: tempfile::TempDir,
}

impl Served {
    pub(crate) async fn new() -> Self {
        let folder = tempfile::TempDir::new().expect("a folder");
        let since = || SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let clock: Clock = Arc::new(move || since().map_or(0, |time| time.as_secs()));
        let genesis = Genesis { chain_id: CHAIN_ID };
        let chain = Chain::open(folder.path(), genesis, clock).expect("a ledger");
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let address = listener.local_addr().expect("an address").to_string();
        let (stop, stopped) = oneshot::channel::<()>();
        let router = theriac_web::ledger_router(chain.clone());
        let service = tokio::spawn(async move {
            let stopped = async move { drop(stopped.await) };
            theriac_web::serve_router(router, listener, stopped).await.expect("served");
        });
        Self { chain, address, stop, service, _folder: folder }
    }

    pub(crate) fn http(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn socket(&self) -> String {
        format!("ws://{}", self.address)
    }

    /// Stops the service, and lets nobody keep the ledger open.
    pub(crate) async fn stop(self) {
        let _ = self.stop.send(());
        self.service.await.expect("no panic");
    }
}
