//! A large upload takes constant memory. The test has a process of its own, because it measures the
//! memory of the process.
#![cfg(test)]
#![cfg(all(target_os = "linux", feature = "reqwest-rustls", feature = "ring"))]

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::io::AsyncReadExt;

use stream_http::{CallOptions, Executor, SharedTransport};
use stream_models::Upload;
use support::operations::UploadFile;
use support::server::Server;

const SIZE: u64 = 512 << 20;
const GROWTH_LIMIT_KIB: u64 = 32 << 10;

/// Returns an entry of the process's memory status, in KiB.
fn memory(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with(name)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn large_uploads_take_no_more_memory_than_small_ones() {
    let received = Arc::new(AtomicU64::new(0));
    let count = received.clone();
    // Counts bytes until the announced length has arrived, and stores nothing.
    let server = Server::connections(move |mut connection, _| {
        let count = count.clone();
        async move {
            let mut buffer = vec![0; 64 << 10];
            let (mut head, mut wanted) = (Vec::new(), None);
            while let Ok(read @ 1..) = connection.stream.read(&mut buffer).await {
                let mut new = read as u64;
                if wanted.is_none() {
                    head.extend_from_slice(&buffer[..read]);
                    let text = String::from_utf8_lossy(&head).to_ascii_lowercase();
                    let Some(end) = text.find("\r\n\r\n") else { continue };
                    let length = text.split("content-length: ").nth(1).unwrap();
                    wanted = Some(length.split("\r\n").next().unwrap().parse::<u64>().unwrap());
                    new = (head.len() - end - 4) as u64;
                }
                let total = count.fetch_add(new, Ordering::SeqCst) + new;
                if Some(total) >= wanted {
                    connection.write(b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}").await;
                    return;
                }
            }
        }
    })
    .await;
    let path = std::env::temp_dir().join(format!("stream-http-upload-{}.bin", std::process::id()));
    std::fs::File::create(&path).unwrap().set_len(SIZE).unwrap();

    let transports = [
        SharedTransport::new(stream_http::transport::reqwest::ReqwestTransport::new().unwrap()),
        #[cfg(feature = "hyper")]
        SharedTransport::new(stream_http::transport::hyper::HyperTransport::new().unwrap()),
    ];
    for transport in transports {
        received.store(0, Ordering::SeqCst);
        let executor = Executor::builder()
            .api_key("key")
            .token("token")
            .base_url(server.url())
            .transport(transport)
            .build()
            .unwrap();
        // Resets the peak to the memory in use.
        std::fs::write("/proc/self/clear_refs", "5").unwrap();
        let before = memory("VmRSS:");
        let last = Arc::new(AtomicU64::new(0));
        let sent = last.clone();
        let options = CallOptions::new().on_progress(move |progress| {
            sent.store(progress.sent, Ordering::SeqCst);
        });
        executor.send_with(&UploadFile(Upload::path(&path)), &options).await.unwrap();
        let growth = memory("VmHWM:").saturating_sub(before);
        println!("{SIZE} bytes sent, the peak of memory grew by {growth} KiB");
        assert!(received.load(Ordering::SeqCst) > SIZE);
        assert_eq!(received.load(Ordering::SeqCst), last.load(Ordering::SeqCst));
        assert!(growth < GROWTH_LIMIT_KIB, "{growth} KiB");
    }
    std::fs::remove_file(path).unwrap();
}
