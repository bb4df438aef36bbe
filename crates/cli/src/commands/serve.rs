//! `theriac serve`: runs a node until it is told to stop.

use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;
use theriac_node::{Config, Node};
use theriac_web::limits::SHUTDOWN_TIME_MAX;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::client::open_node;
use crate::exit::Outcome;
use crate::output;
use crate::passphrase;
use crate::place::{self, Place, absolute};

const EXAMPLES: &str = "\
Examples:
  theriac serve --config acme/theriac.toml
  THERIAC_LISTEN=0.0.0.0:7340 THERIAC_PUBLIC_URL=https://node.example theriac serve --node acme

It stops on Ctrl-C or SIGTERM. THERIAC_LOG=debug tells more.";

/// Run a node: its HTTP service, its work in the background, its ledger
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ServeArgs {
    /// The node's configuration, the file theriac.toml in its folder
    #[arg(long, value_name = "FILE", conflicts_with = "node")]
    config: Option<PathBuf>,
}

/// Runs the node until Ctrl-C or SIGTERM.
///
/// # Errors
///
/// No node there, wrong passphrase, an address that is taken.
pub async fn run(place: Option<Place>, args: ServeArgs) -> anyhow::Result<Outcome> {
    let file = match args.config {
        Some(file) => absolute(&file)?,
        None => place::folder(place)?.config_file(),
    };
    let dir = file.parent().context("expected the configuration in a folder")?;
    let config = Config::load(&file)?;
    let passphrase = passphrase::known()?;
    let listener = listen(config.listen).await?;
    let ledger_listener = match config.ledger.listen {
        Some(address) if config.ledger.url.is_none() => Some(listen(address).await?),
        _ => None,
    };
    let node = open_node(dir, &config, &passphrase).await?;
    announce(&node, &listener, dir)?;
    run_until_stopped(node, listener, ledger_listener, stopped()).await?;
    output::note("stopped");
    Ok(Outcome::Yes)
}

async fn listen(address: std::net::SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| {
        format!("cannot serve {address}; set another address in theriac.toml or THERIAC_LISTEN")
    })
}

/// Tells commands in the folder, and the person, where the node serves.
fn announce(node: &Node, listener: &TcpListener, dir: &Path) -> anyhow::Result<()> {
    let address = listener.local_addr()?;
    // A wildcard address cannot be asked; the loopback address of its kind can.
    let asked = match address.ip() {
        ip if !ip.is_unspecified() => address,
        std::net::IpAddr::V4(_) => (std::net::Ipv4Addr::LOCALHOST, address.port()).into(),
        std::net::IpAddr::V6(_) => (std::net::Ipv6Addr::LOCALHOST, address.port()).into(),
    };
    let url = format!("http://{asked}");
    node.announce(&url)?;
    let name = &node.config().name;
    output::note(&format!("{name} serves {url} from {}; Ctrl-C stops it", dir.display()));
    Ok(())
}

/// Runs a node on its listeners until `stop` resolves: first the service ends, then its work, then
/// the ledger that others speak to.
async fn run_until_stopped(
    node: Node,
    listener: TcpListener,
    ledger_listener: Option<TcpListener>,
    stop: impl Future<Output = ()>,
) -> anyhow::Result<()> {
    let (stopping, stopped) = watch::channel(false);
    let told = |mut stopped: watch::Receiver<bool>| async move {
        // The sender lives until the end of this function.
        let _ = stopped.wait_for(|stopped| *stopped).await;
    };
    let workers = {
        let (node, stopped) = (node.clone(), told(stopped.clone()));
        tokio::spawn(async move { node.run(stopped).await })
    };
    let service = tokio::spawn(theriac_web::serve(node.clone(), listener, told(stopped.clone())));
    let ledger = match (ledger_listener, node.chain()) {
        (Some(listener), Some(chain)) => {
            let router = theriac_web::ledger_router(chain.clone());
            Some(tokio::spawn(theriac_web::serve_router(router, listener, told(stopped.clone()))))
        }
        _ => None,
    };
    stop.await;
    stopping.send_replace(true);
    service.await??;
    if tokio::time::timeout(SHUTDOWN_TIME_MAX, workers).await.is_err() {
        output::note("work in the background is cut off; it goes on at the next start");
    }
    if let Some(ledger) = ledger {
        ledger.await??;
    }
    Ok(())
}

/// Resolves on Ctrl-C, and on SIGTERM where there is one.
pub async fn stopped() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminate.recv() => return,
                _ = tokio::signal::ctrl_c() => return,
            }
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}
