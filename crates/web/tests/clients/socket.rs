//! JSON-RPC by WebSocket, message by message.

use std::time::Duration;

use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use crate::served::Served;

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

async fn say(socket: &mut Socket, text: String) {
    socket.send(Message::Text(text.into())).await.expect("sent");
}

/// The next text, pings left out.
async fn hear(socket: &mut Socket) -> Value {
    loop {
        let message = tokio::time::timeout(Duration::from_secs(30), socket.next()).await;
        match message.expect("in time").expect("open").expect("a message") {
            Message::Text(text) => return serde_json::from_str(&text).expect("JSON"),
            Message::Close(frame) => panic!("closed: {frame:?}"),
            _ => {}
        }
    }
}

fn call(id: u64, method: &str, params: Value) -> Value {
    json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params})
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_batches_and_errors_are_answered_in_order() {
    let served = Served::new().await;
    let (mut socket, _) = tokio_tungstenite::connect_async(served.socket()).await.expect("open");
    say(&mut socket, call(1, "eth_chainId", json!([])).to_string()).await;
    let batch = json!([call(2, "eth_blockNumber", json!([])), call(3, "eth_none", json!([]))]);
    say(&mut socket, batch.to_string()).await;
    say(&mut socket, "{".to_owned()).await;
    say(&mut socket, call(4, "eth_subscribe", json!(["newHeads"])).to_string()).await;
    assert_eq!(hear(&mut socket).await["result"], "0x2104");
    let batch = hear(&mut socket).await;
    assert_eq!((&batch[0]["result"], &batch[1]["error"]["code"]), (&json!("0x0"), &json!(-32601)));
    assert_eq!(hear(&mut socket).await["error"]["code"], -32700);
    assert_eq!(hear(&mut socket).await["result"], "0x1");
    let plain = status_of_get(&served).await;
    assert!(plain.starts_with("HTTP/1.1 405"), "{plain}");
    served.stop().await;
}

/// The status line of a plain GET.
async fn status_of_get(served: &Served) -> String {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let mut stream = TcpStream::connect(&served.address).await.expect("open");
    let request = b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    stream.write_all(request).await.expect("sent");
    let mut text = String::new();
    stream.read_to_string(&mut text).await.expect("read");
    text.lines().next().unwrap_or_default().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_binary_message_closes_the_connection_in_words() {
    let served = Served::new().await;
    let (mut socket, _) = tokio_tungstenite::connect_async(served.socket()).await.expect("open");
    socket.send(Message::Binary(vec![1, 2].into())).await.expect("sent");
    let closed = loop {
        match socket.next().await.expect("a message").expect("a message") {
            Message::Close(frame) => break frame.expect("a reason"),
            _ => continue,
        }
    };
    assert_eq!((u16::from(closed.code), closed.reason.as_str()), (1003, "expected text messages"));
    served.stop().await;
}
