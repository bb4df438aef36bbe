//! Several endpoints that stand in for each other.
//!
//! # Invariants
//!
//! - Only an endpoint whose chain id is that of the others, or of the configuration, is asked anything.
//! - A request goes to another endpoint only if this one gave no answer; what it refuses is refused.
//! - Requests are such that doing one twice is harmless, a signed transaction too.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use std::time::Instant;

use alloy::primitives::U64;
use alloy::rpc::client::RpcClient;
use alloy::rpc::json_rpc::{RequestPacket, ResponsePacket, RpcError};
use alloy::transports::http::Http;
use alloy::transports::{TransportError, TransportErrorKind, TransportFut};
use reqwest::Client;
use tower::Service;

use super::LocalTransport;
use super::standing::{DOWN_FOR, STRANGE_FOR, Standing};

/// How the ledger is reached.
#[derive(Clone)]
pub(crate) struct Connection {
    client: RpcClient,
    pool: Option<Arc<Pool>>,
    /// The only endpoint that is asked, by its number.
    only: Option<usize>,
}

impl Connection {
    pub(super) fn local(transport: LocalTransport) -> Self {
        Self { client: RpcClient::new(transport, true), pool: None, only: None }
    }

    pub(super) fn pool(pool: Pool) -> Self {
        let pool = Arc::new(pool);
        let transport = PoolTransport { pool: Arc::clone(&pool), only: None };
        Self { client: RpcClient::new(transport, false), pool: Some(pool), only: None }
    }

    pub(crate) fn client(&self) -> &RpcClient {
        &self.client
    }

    /// Whether requests stay in this process.
    pub(crate) fn is_local(&self) -> bool {
        self.pool.is_none()
    }

    /// Connections to one endpoint each, the one in use first. One alone,
    /// and one that is held to already, is itself.
    pub(crate) fn each(&self) -> Vec<Self> {
        let Some(pool) = self.pool.as_ref().filter(|pool| pool.members.len() > 1) else {
            return vec![self.clone()];
        };
        if self.only.is_some() {
            return vec![self.clone()];
        }
        let one = |only| {
            let transport = PoolTransport { pool: Arc::clone(pool), only: Some(only) };
            let client = RpcClient::new(transport, false);
            Self { client, pool: Some(Arc::clone(pool)), only: Some(only) }
        };
        pool.order().into_iter().map(one).collect()
    }

    /// From now on, requests go to this endpoint first.
    pub(crate) fn prefer(&self) {
        if let (Some(pool), Some(only)) = (&self.pool, self.only) {
            pool.current.store(only, Ordering::Relaxed);
        }
    }

    /// From now on, and for a while, requests go to other endpoints.
    pub(crate) fn distrust(&self, why: &str) {
        if let (Some(pool), Some(only)) = (&self.pool, self.only) {
            pool.shun(only, why);
        }
    }
}

/// The endpoints.
pub(crate) struct Pool {
    members: Vec<Member>,
    /// The one that answered last.
    current: AtomicUsize,
    /// The chain id of all; of the first that answers, where it is not configured.
    chain_id: OnceLock<u64>,
}

struct Member {
    name: String,
    http: Http<Client>,
    standing: Standing,
}

impl Pool {
    pub(super) fn new(clients: Vec<(String, Http<Client>)>, chain_id: Option<u64>) -> Self {
        let member = |(name, http)| Member { name, http, standing: Standing::new() };
        let chain_id = chain_id.map_or_else(OnceLock::new, OnceLock::from);
        let members = clients.into_iter().map(member).collect();
        Self { members, current: AtomicUsize::new(0), chain_id }
    }

    /// The endpoints to try, the one in use first; those that are left alone come last, for the case
    /// that nothing else answers.
    fn order(&self) -> Vec<usize> {
        let (count, now) = (self.members.len(), Instant::now());
        let current = self.current.load(Ordering::Relaxed);
        let mut order: Vec<usize> = (0..count).map(|step| (current + step) % count).collect();
        order.sort_by_key(|number| !self.members[*number].standing.is_usable(now));
        order
    }

    fn shun(&self, number: usize, why: &str) {
        if let [_] = self.members[..] {
            return;
        }
        let member = &self.members[number];
        tracing::warn!(
            endpoint = member.name,
            why,
            "the ledger's endpoint is left out for a while"
        );
        member.standing.shun(Instant::now(), DOWN_FOR);
        let next = (number + 1) % self.members.len();
        let current = &self.current;
        let _ = current.compare_exchange(number, next, Ordering::Relaxed, Ordering::Relaxed);
    }

    /// Asks an endpoint for its chain id unless it is known to be right.
    async fn vouch(&self, number: usize) -> Result<(), TransportError> {
        let member = &self.members[number];
        if self.members.len() == 1 || member.standing.is_good() {
            return Ok(());
        }
        let client = RpcClient::new(member.http.clone(), false);
        let found: U64 = client.request("eth_chainId", ()).await?;
        let found: u64 = found.to();
        let expected = *self.chain_id.get_or_init(|| found);
        if found == expected {
            member.standing.set_good();
            return Ok(());
        }
        tracing::warn!(
            endpoint = member.name,
            expected,
            found,
            "the ledger's endpoint has another chain id and is left out: check the configuration"
        );
        member.standing.shun(Instant::now(), STRANGE_FOR);
        let text = format!("expected an endpoint with chain id {expected}, found {found}");
        Err(TransportErrorKind::custom_str(&text))
    }

    async fn ask(
        &self,
        number: usize,
        packet: RequestPacket,
    ) -> Result<ResponsePacket, TransportError> {
        self.vouch(number).await?;
        self.members[number].http.clone().call(packet).await
    }
}

/// Requests to the endpoints as a transport of the client library.
#[derive(Clone)]
struct PoolTransport {
    pool: Arc<Pool>,
    only: Option<usize>,
}

impl PoolTransport {
    async fn send(self, packet: RequestPacket) -> Result<ResponsePacket, TransportError> {
        let order = self.only.map_or_else(|| self.pool.order(), |only| vec![only]);
        let mut failed = None;
        for number in order {
            match self.pool.ask(number, packet.clone()).await {
                Ok(answer) => {
                    if self.only.is_none() {
                        self.pool.current.store(number, Ordering::Relaxed);
                    }
                    return Ok(answer);
                }
                Err(error) if !gave_no_answer(&error) => return Err(error),
                Err(error) => {
                    // One that is of another network is left out for longer already.
                    if self.pool.members[number].standing.is_usable(Instant::now()) {
                        self.pool.shun(number, &error.to_string());
                    }
                    failed = Some(error);
                }
            }
        }
        Err(failed.unwrap_or_else(|| TransportErrorKind::custom_str("no endpoint is configured")))
    }
}

/// Whether an endpoint failed to answer: no connection, too late, a status of HTTP that is no success,
/// or something else than JSON.
fn gave_no_answer(error: &TransportError) -> bool {
    matches!(error, RpcError::Transport(_) | RpcError::DeserError { .. })
}

impl Service<RequestPacket> for PoolTransport {
    type Response = ResponsePacket;
    type Error = TransportError;
    type Future = TransportFut<'static>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), TransportError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, packet: RequestPacket) -> Self::Future {
        Box::pin(self.clone().send(packet))
    }
}
