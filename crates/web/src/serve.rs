//! Connections in, until told to stop.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ConnectInfo;
use axum::{Extension, Router};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use theriac_node::Node;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tower::Layer;

use crate::access::OwnAddress;
use crate::limits::{CONNECTIONS_MAX, HEADER_TIME_MAX, SHUTDOWN_TIME_MAX};
use crate::router::router;

/// How long to wait when the system has no room for another connection.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Serves the node's paths on `listener` until `shutdown` resolves.
///
/// # Errors
///
/// None at present; what goes wrong with a connection ends that connection.
pub async fn serve(
    node: Node,
    listener: TcpListener,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    serve_router(router(node), listener, shutdown).await
}

/// Serves any router under the limits of this crate until `shutdown` resolves; then running
/// requests have [`SHUTDOWN_TIME_MAX`] to end.
///
/// # Errors
///
/// As [`serve`].
pub async fn serve_router(
    router: Router,
    listener: TcpListener,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    let mut shutdown = pin!(shutdown);
    let graceful = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    loop {
        let accepted = tokio::select! {
            () = &mut shutdown => break,
            accepted = accept(&listener, &places) => accepted,
        };
        match accepted {
            Ok((place, stream, peer)) => answer(&router, &graceful, place, stream, peer),
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
    drop(listener);
    tokio::select! {
        () = graceful.shutdown() => {}
        () = tokio::time::sleep(SHUTDOWN_TIME_MAX) => {
            tracing::warn!("some requests did not end in time and are cut off");
        }
    }
    Ok(())
}

/// Waits for a place, then for a connection to take it.
async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> io::Result<(OwnedSemaphorePermit, TcpStream, SocketAddr)> {
    let place = Arc::clone(places).acquire_owned().await.map_err(io::Error::other)?;
    let (stream, peer) = listener.accept().await?;
    Ok((place, stream, peer))
}

/// Answers the requests of a connection, in a task of its own.
fn answer(
    router: &Router,
    graceful: &GracefulShutdown,
    place: OwnedSemaphorePermit,
    stream: TcpStream,
    peer: SocketAddr,
) {
    // One that is gone already has no address.
    let Ok(own) = stream.local_addr() else { return };
    // Answers are small; waiting to fill a packet would only delay them.
    let _ = stream.set_nodelay(true);
    let with_own = Extension(OwnAddress(own.ip())).layer(router.clone());
    let service = Extension(ConnectInfo(peer)).layer(with_own);
    // Without this the version is told apart by the first bytes, for which there is no time limit.
    let mut builder = Builder::new(TokioExecutor::new()).http1_only();
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEADER_TIME_MAX);
    let connection = builder
        .serve_connection_with_upgrades(TokioIo::new(stream), TowerToHyperService::new(service));
    let connection = graceful.watch(connection.into_owned());
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "a connection broke");
        }
        drop(place);
    });
}
