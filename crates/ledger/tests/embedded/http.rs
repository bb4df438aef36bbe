//! The same client over HTTP: the smallest server that passes requests on to the ledger.

use std::sync::Arc;

use theriac_ledger::{Call, Endpoint, Ledger, LocalRpc};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::network::*;

async fn serve(listener: TcpListener, rpc: Arc<dyn LocalRpc>) {
    while let Ok((stream, _)) = listener.accept().await {
        let rpc = Arc::clone(&rpc);
        tokio::spawn(async move { answer(stream, rpc).await.unwrap() });
    }
}

async fn answer(stream: TcpStream, rpc: Arc<dyn LocalRpc>) -> std::io::Result<()> {
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
    let answer = rpc.request(String::from_utf8(body).unwrap()).await;
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close";
    let text = format!("{head}\r\ncontent-length: {}\r\n\r\n{answer}", answer.len());
    stream.get_mut().write_all(text.as_bytes()).await
}

#[tokio::test]
async fn the_client_works_over_http_as_in_process() {
    let network = Network::new().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let Endpoint::Local(rpc) = network.endpoint.clone() else { panic!("expected a local one") };
    tokio::spawn(serve(listener, rpc));
    let ledger = Ledger::connect(Endpoint::Http(url), network.deployment()).await.unwrap();
    let anchor = [Call::Anchor { root: cause(1), count: 1 }];
    ledger.simulate(network.maker.account(), &anchor).await.unwrap();
    let signed = ledger.sign(&network.maker, 0, &anchor).await.unwrap();
    ledger.send(&signed.raw).await.unwrap();
    assert!(ledger.receipt(signed.hash).await.unwrap().unwrap().success);
    let refused = ledger.simulate(signer(99).account(), &anchor).await.unwrap_err().to_string();
    assert!(refused.contains("has none of these roles now"), "{refused}");
}
