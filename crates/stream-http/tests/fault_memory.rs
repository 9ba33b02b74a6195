//! Responses that would exhaust the memory are refused. The test has a process of its own, because
//! it measures the memory of the process.
#![cfg(test)]
#![cfg(all(target_os = "linux", feature = "gzip", feature = "reqwest", feature = "ring"))]

mod support;

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use stream_http::{ErrorKind, Executor};
use support::operations::GetApp;
use support::server::Server;

const GROWTH_LIMIT_KIB: u64 = 64 << 10;

/// Returns an entry of the process's memory status, in KiB.
fn memory(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with(name)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// Returns 4 GiB of zeros, compressed to a few megabytes as successive gzip members.
fn bomb() -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&vec![0; 32 << 20]).unwrap();
    encoder.finish().unwrap().repeat(128)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_response_takes_more_memory_than_the_limit() {
    let bomb = bomb();
    let gzip = format!(
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n",
        bomb.len()
    );
    let bomb: std::sync::Arc<[u8]> = [gzip.as_bytes(), &bomb].concat().into();
    let server = Server::connections(move |mut connection, number| {
        let bomb = bomb.clone();
        async move {
            if connection.request().await.is_none() {
                return;
            }
            match number % 3 {
                0 => {
                    connection.write(&bomb).await;
                }
                1 => {
                    connection.write(b"HTTP/1.1 200 OK\r\n\r\n").await;
                    while connection.write(&[b' '; 65536]).await {}
                }
                _ => {
                    let head = b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n";
                    connection.write(head).await;
                    while connection.write(&[b' '; 65536]).await {}
                }
            }
        }
    })
    .await;
    let executor =
        Executor::builder().api_key("key").token("token").base_url(server.url()).build().unwrap();
    std::fs::write("/proc/self/clear_refs", "5").unwrap();
    let before = memory("VmRSS:");
    for _ in 0..12 {
        let error = executor.send(&GetApp).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ResponseTooLarge, "{error}");
        assert_eq!(error.status().unwrap(), 200);
    }
    let growth = memory("VmHWM:").saturating_sub(before);
    println!("twelve answers without end: the peak of memory grew by {growth} KiB");
    assert!(growth < GROWTH_LIMIT_KIB, "{growth} KiB");
}
