//! The same client over HTTP: the smallest server that passes requests on to the ledger, and that fails
//! as servers do.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};

use theriac_ledger::{Call, Endpoint, Ledger, LocalRpc};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::network::*;

/// What a server does with requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Mood {
    /// It answers.
    Answers,
    /// It says that it is not available.
    Unavailable,
    /// It answers with a page.
    Page,
    /// It hangs up.
    HangsUp,
    /// It does what it is asked, and hangs up before it says so.
    Forgets,
}

const MOODS: [Mood; 5] =
    [Mood::Answers, Mood::Unavailable, Mood::Page, Mood::HangsUp, Mood::Forgets];

/// A server of JSON-RPC on a port of this machine.
pub(crate) struct Server {
    pub(crate) url: String,
    mood: Arc<AtomicU8>,
    asked: Arc<AtomicUsize>,
}

impl Server {
    pub(crate) async fn start(endpoint: &Endpoint) -> Self {
        let Endpoint::Local(rpc) = endpoint.clone() else { panic!("expected a local one") };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let (mood, asked) = (Arc::new(AtomicU8::new(0)), Arc::new(AtomicUsize::new(0)));
        tokio::spawn(serve(listener, rpc, Arc::clone(&mood), Arc::clone(&asked)));
        Self { url, mood, asked }
    }

    pub(crate) fn is(&self, mood: Mood) {
        self.mood.store(mood as u8, Ordering::SeqCst);
    }

    /// How many requests came since this was asked before.
    pub(crate) fn asked(&self) -> usize {
        self.asked.swap(0, Ordering::SeqCst)
    }
}

async fn serve(
    listener: TcpListener,
    rpc: Arc<dyn LocalRpc>,
    mood: Arc<AtomicU8>,
    asked: Arc<AtomicUsize>,
) {
    while let Ok((stream, _)) = listener.accept().await {
        let (rpc, mood, asked) = (Arc::clone(&rpc), Arc::clone(&mood), Arc::clone(&asked));
        tokio::spawn(async move {
            let body = read(stream).await;
            let Ok((stream, body)) = body else { return };
            asked.fetch_add(1, Ordering::SeqCst);
            let mood = MOODS[usize::from(mood.load(Ordering::SeqCst))];
            // Who hung up does not matter.
            let _ = answer(stream, body, rpc, mood).await;
        });
    }
}

async fn read(stream: TcpStream) -> std::io::Result<(TcpStream, String)> {
    let mut stream = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await?;
        let line = line.trim_end().to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    Ok((stream.into_inner(), String::from_utf8(body).unwrap()))
}

async fn answer(
    mut stream: TcpStream,
    body: String,
    rpc: Arc<dyn LocalRpc>,
    mood: Mood,
) -> std::io::Result<()> {
    let (status, answer) = match mood {
        Mood::HangsUp => return Ok(()),
        Mood::Forgets => {
            rpc.request(body).await;
            return Ok(());
        }
        Mood::Answers => ("200 OK", rpc.request(body).await),
        Mood::Page => ("200 OK", "<html>Welcome</html>".to_owned()),
        Mood::Unavailable => ("503 Service Unavailable", "try later".to_owned()),
    };
    let head = format!("HTTP/1.1 {status}\r\ncontent-type: application/json\r\nconnection: close");
    let text = format!("{head}\r\ncontent-length: {}\r\n\r\n{answer}", answer.len());
    stream.write_all(text.as_bytes()).await
}

#[tokio::test]
async fn the_client_works_over_http_as_in_process() {
    let network = Network::new().await;
    let url = Server::start(&network.endpoint).await.url;
    let ledger = Ledger::connect(Endpoint::Http(url), network.deployment()).await.unwrap();
    let anchor = [Call::Anchor { root: cause(1), count: 1 }];
    ledger.simulate(network.maker.account(), &anchor).await.unwrap();
    let signed = ledger.sign(&network.maker, 0, &anchor).await.unwrap();
    ledger.send(&signed.raw).await.unwrap();
    assert!(ledger.receipt(signed.hash).await.unwrap().unwrap().success);
    let refused = ledger.simulate(signer(99).account(), &anchor).await.unwrap_err().to_string();
    assert!(refused.contains("has none of these roles now"), "{refused}");
}
