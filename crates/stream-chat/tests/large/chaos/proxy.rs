//! A proxy that breaks connections, each in the way that the seed and its number determine.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use super::random::Random;

/// What a proxy writes in place of a response.
const PAGES: [&str; 7] = [
    "HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nContent-Length: 20\r\n\r\n<html>502</html>\n\n\n\n",
    "HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/html\r\n\r\n<html>no length, ends with the connection",
    "HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\n\r\n",
    "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 0\r\nX-RateLimit-Remaining: 0\r\nX-RateLimit-Limit: 10\r\nX-RateLimit-Reset: 1\r\nContent-Length: 2\r\n\r\n{}",
    "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 17\r\n\r\n<html>200</html>\n",
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 400\r\n\r\n{\"duration\":",
    "\u{0}\u{1}\u{16}\u{3} SSH-2.0 not HTTP at all\r\n\r\n",
];

/// How a connection ends.
#[derive(Debug, Clone, Copy)]
enum End {
    Close,
    Reset,
    /// It stays open, and nothing more is forwarded.
    Stall,
}

#[derive(Debug, Clone, Copy)]
enum Fault {
    Nothing,
    /// The connection ends after the response of this number, as idle ones do.
    Ends(u32),
    /// Each request waits.
    Delay(Duration),
    /// Before anything is read.
    AtOnce(End),
    /// After this number of bytes of requests.
    Request(usize, End),
    /// After this number of bytes of responses.
    Response(usize, End),
    /// The responses from the request of this number on arrive twice.
    Twice(u32),
    /// The request of this number gets a page, and is forwarded or not.
    Page {
        number: u32,
        page: &'static str,
        forwards: bool,
    },
    /// The proxy ends its direction of the connection after the request of this number, which is
    /// forwarded.
    HalfClose(u32),
}

impl Fault {
    fn of(seed: u64, connection: u64) -> Self {
        let mut random = Random::new(seed, connection);
        let end = [End::Close, End::Reset, End::Stall][random.below(3)];
        let number = random.below(4) as u32;
        match random.below(20) {
            0..=7 => Self::Ends(random.below(12) as u32),
            8 => Self::Delay(Duration::from_millis(random.below(40) as u64)),
            9 => Self::AtOnce(end),
            10 | 11 => Self::Request(random.below(6000), end),
            12..=14 => Self::Response(random.below(9000), end),
            15 => Self::Twice(number),
            16..=18 => {
                let page = PAGES[random.below(PAGES.len())];
                // What was processed is not refused for the rate limit.
                let forwards = random.below(2) == 0 && !page.contains("429");
                Self::Page { number, page, forwards }
            }
            _ => Self::HalfClose(number),
        }
    }
}

/// A proxy on a free loopback port. It ends with its connections when dropped.
pub(crate) struct ChaosProxy {
    address: SocketAddr,
    task: JoinHandle<()>,
    is_calm: Arc<AtomicBool>,
}

impl Drop for ChaosProxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl ChaosProxy {
    pub(crate) async fn start(upstream: SocketAddr, seed: u64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let is_calm = Arc::new(AtomicBool::new(false));
        let calm = is_calm.clone();
        let task = tokio::spawn(async move {
            // Dropped with this task, and aborts the connections.
            let mut connections = tokio::task::JoinSet::new();
            for number in 0.. {
                let Ok((client, _)) = listener.accept().await else { return };
                let fault = match calm.load(Ordering::Relaxed) {
                    true => Fault::Nothing,
                    false => Fault::of(seed, number),
                };
                connections.spawn(async move { drop(serve(client, upstream, fault).await) });
                while connections.try_join_next().is_some() {}
            }
        });
        Self { address, task, is_calm }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Breaks no further connection.
    pub(crate) fn calm(&self) {
        self.is_calm.store(true, Ordering::Relaxed);
    }
}

async fn serve(mut client: TcpStream, upstream: SocketAddr, fault: Fault) -> io::Result<()> {
    if let Fault::AtOnce(how) = fault {
        return end(client, how).await;
    }
    let mut server = TcpStream::connect(upstream).await?;
    // Without pipelining, a request begins with the first bytes after a response.
    let (mut number, mut is_responding) = (0, true);
    let (mut sent, mut received) = (0, 0);
    let (mut up, mut down) = (vec![0; 16 << 10], vec![0; 16 << 10]);
    loop {
        tokio::select! {
            length = client.read(&mut up) => {
                let length = length?;
                if length == 0 {
                    return Ok(());
                }
                if is_responding {
                    is_responding = false;
                    number += 1;
                }
                if let Fault::Delay(wait) = fault {
                    tokio::time::sleep(wait).await;
                }
                let mut bytes = &up[..length];
                match fault {
                    Fault::Request(after, how) if sent + length > after => {
                        bytes = &bytes[..after - sent];
                        server.write_all(bytes).await?;
                        return end(client, how).await;
                    }
                    Fault::Page { number: at, page, forwards } if number > at => {
                        if forwards {
                            server.write_all(bytes).await?;
                            // The request was processed, unless its body is still on the way.
                            let _ = server.read(&mut down).await?;
                        }
                        client.write_all(page.as_bytes()).await?;
                        return end(client, End::Close).await;
                    }
                    _ => server.write_all(bytes).await?,
                }
                sent += length;
                if matches!(fault, Fault::HalfClose(at) if number > at) {
                    client.shutdown().await?;
                }
            }
            length = server.read(&mut down) => {
                let length = length?;
                if length == 0 {
                    return Ok(());
                }
                is_responding = true;
                let bytes = &down[..length];
                match fault {
                    Fault::Response(after, how) if received + length > after => {
                        client.write_all(&bytes[..after - received]).await?;
                        return end(client, how).await;
                    }
                    Fault::Twice(at) if number > at => {
                        client.write_all(&[bytes, bytes].concat()).await?;
                    }
                    _ => client.write_all(bytes).await?,
                }
                if matches!(fault, Fault::Ends(at) if number > at) {
                    return end(client, End::Close).await;
                }
                received += length;
            }
        }
    }
}

async fn end(mut client: TcpStream, how: End) -> io::Result<()> {
    match how {
        End::Close => client.shutdown().await,
        End::Reset => client.set_zero_linger(),
        End::Stall => {
            // Until the client gives up.
            while client.read(&mut [0; 4096]).await? > 0 {}
            Ok(())
        }
    }
}
