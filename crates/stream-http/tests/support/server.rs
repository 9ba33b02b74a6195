//! A test server with scripted behavior.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// A request as received over the socket.
#[derive(Debug, Clone)]
pub struct Received {
    pub line: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Received {
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut found = self.headers.iter().filter(|(header, _)| header.eq_ignore_ascii_case(name));
        found.next().map(|(_, value)| value.as_str())
    }

    pub fn target(&self) -> &str {
        self.line.split(' ').nth(1).unwrap_or_default()
    }
}

/// A server on a free loopback port that passes each connection to a handler. It stops when
/// dropped.
pub struct Server {
    pub address: SocketAddr,
    pub connections: Arc<AtomicUsize>,
    pub requests: Arc<Mutex<Vec<Received>>>,
    task: JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Server {
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn received(&self) -> Vec<Received> {
        self.requests.lock().unwrap().clone()
    }

    /// Starts a server. `handle` gets each connection and its number, from 0.
    pub async fn connections<F, R>(handle: F) -> Self
    where
        F: Fn(Connection, usize) -> R + Send + Sync + 'static,
        R: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let connections = Arc::new(AtomicUsize::new(0));
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (count, log) = (connections.clone(), requests.clone());
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let number = count.fetch_add(1, Ordering::SeqCst);
                let connection = Connection { stream, log: log.clone(), buffer: Vec::new() };
                tokio::spawn(handle(connection, number));
            }
        });
        Self { address, connections, requests, task }
    }

    /// Starts a server that responds with the given texts in turn, then repeats the last one, on
    /// connections that are kept alive.
    pub async fn answering(answers: Vec<Vec<u8>>) -> Self {
        let next = Arc::new(AtomicUsize::new(0));
        let answers = Arc::new(answers);
        Self::connections(move |mut connection, _| {
            let (next, answers) = (next.clone(), answers.clone());
            async move {
                while connection.request().await.is_some() {
                    let number = next.fetch_add(1, Ordering::SeqCst);
                    let answer = answers.get(number).or(answers.last()).unwrap();
                    connection.write(answer).await;
                }
            }
        })
        .await
    }
}

/// One connection to a [`Server`].
pub struct Connection {
    pub stream: TcpStream,
    log: Arc<Mutex<Vec<Received>>>,
    buffer: Vec<u8>,
}

impl Connection {
    /// Reads a request with its body; `None` at the end of the connection.
    pub async fn request(&mut self) -> Option<Received> {
        let end = self.read_until(b"\r\n\r\n").await?;
        let head = String::from_utf8_lossy(&self.buffer[..end]).into_owned();
        self.buffer.drain(..end);
        let mut lines = head.trim_end().split("\r\n");
        let line = lines.next().unwrap_or_default().to_owned();
        let headers = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let mut received = Received { line, headers, body: Vec::new() };
        if let Some(length) = received.header("content-length") {
            let length: usize = length.parse().unwrap();
            while self.buffer.len() < length {
                self.read().await?;
            }
            received.body = self.buffer.drain(..length).collect();
        } else if received.header("transfer-encoding").is_some() {
            loop {
                let end = self.read_until(b"\r\n").await?;
                let size = String::from_utf8_lossy(&self.buffer[..end - 2]).into_owned();
                let size = usize::from_str_radix(size.trim(), 16).unwrap();
                while self.buffer.len() < end + size + 2 {
                    self.read().await?;
                }
                received.body.extend_from_slice(&self.buffer[end..end + size]);
                self.buffer.drain(..end + size + 2);
                if size == 0 {
                    break;
                }
            }
        }
        self.log.lock().unwrap().push(received.clone());
        Some(received)
    }

    pub async fn write(&mut self, bytes: &[u8]) -> bool {
        self.stream.write_all(bytes).await.is_ok()
    }

    /// Closes the connection with a reset.
    pub fn reset(self) {
        let stream = self.stream.into_std().unwrap();
        let socket = socket2::Socket::from(stream);
        socket.set_linger(Some(std::time::Duration::ZERO)).unwrap();
    }

    async fn read(&mut self) -> Option<()> {
        let read = self.stream.read_buf(&mut self.buffer).await.ok()?;
        (read > 0).then_some(())
    }

    async fn read_until(&mut self, mark: &[u8]) -> Option<usize> {
        loop {
            let found = self.buffer.windows(mark.len()).position(|window| window == mark);
            if let Some(found) = found {
                return Some(found + mark.len());
            }
            self.read().await?;
        }
    }
}

/// Returns a complete response with a JSON body.
pub fn json(status: &str, extra_headers: &str, body: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n{extra_headers}\r\n{body}",
        body.len()
    )
    .into_bytes()
}
