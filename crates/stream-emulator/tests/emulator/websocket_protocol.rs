//! Violations of the WebSocket protocol, with frames that a client library would not send.

use std::time::Duration;

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::random_input::Random;
use crate::support::Setup;

/// The timeout for expected frames.
const PATIENCE: Duration = Duration::from_secs(20);

const TEXT: u8 = 1;
const PING: u8 = 9;
const PONG: u8 = 10;
const CLOSE: u8 = 8;

/// A WebSocket whose bytes a test writes itself.
struct Raw(TcpStream);

impl Raw {
    async fn open(setup: &Setup, path: &str) -> Self {
        let address = setup.emulator.address();
        let mut stream = TcpStream::connect(address).await.unwrap();
        let request = format!(
            "GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
             sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await.unwrap());
        }
        assert!(head.starts_with(b"HTTP/1.1 101 "), "{}", String::from_utf8_lossy(&head));
        Self(stream)
    }

    async fn write(&mut self, bytes: &[u8]) {
        // The emulator may have closed the connection already.
        let _ = self.0.write_all(bytes).await;
    }

    /// Returns the opcode and the payload of the next frame.
    async fn frame(&mut self) -> (u8, Vec<u8>) {
        let read = async {
            let first = self.0.read_u8().await.unwrap();
            let length = match self.0.read_u8().await.unwrap() {
                126 => self.0.read_u16().await.unwrap().into(),
                127 => self.0.read_u64().await.unwrap(),
                short => short.into(),
            };
            let mut payload = vec![0; usize::try_from(length).unwrap()];
            self.0.read_exact(&mut payload).await.unwrap();
            (first & 15, payload)
        };
        tokio::time::timeout(PATIENCE, read).await.expect("no frame comes")
    }

    /// Returns the code of the close frame, which must be the last one. Texts may precede it.
    async fn closing(mut self) -> Option<u16> {
        loop {
            let (opcode, payload) = self.frame().await;
            if opcode == CLOSE {
                let mut rest = [0; 1];
                let end = tokio::time::timeout(PATIENCE, self.0.read(&mut rest)).await;
                // The connection ends, or is reset if the emulator did not read everything.
                assert!(matches!(end.expect("it stays open"), Ok(0) | Err(_)));
                return payload.first_chunk().map(|code| u16::from_be_bytes(*code));
            }
            assert_eq!(opcode, TEXT);
        }
    }
}

/// Returns a frame of a client: its first byte, and a payload masked with zeros.
fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![first];
    match u8::try_from(payload.len()) {
        Ok(length) if length < 126 => frame.push(0x80 | length),
        _ => {
            frame.push(0x80 | 126);
            frame.extend(u16::try_from(payload.len()).unwrap().to_be_bytes());
        }
    }
    frame.extend([0; 4]);
    frame.extend(payload);
    frame
}

fn close(payload: &[u8]) -> Vec<u8> {
    frame(0x80 | CLOSE, payload)
}

#[tokio::test]
async fn each_violation_ends_with_its_close_code() {
    let setup = Setup::new().await;
    let v1 = setup.connect_path(&json!({"id": "jane"}), &setup.user_token("jane"), "jwt");
    let v2 = format!("/api/v2/connect?api_key={}", setup.emulator.api_key());
    // A frame that announces 2 MiB, of which no byte follows.
    let mut huge = vec![0x80 | TEXT, 0x80 | 127];
    huge.extend((2_u64 << 20).to_be_bytes());
    huge.extend([0; 4]);
    let cases: [(&str, u16, Vec<u8>); 15] = [
        ("reserved bits", 1002, frame(0xC0 | TEXT, b"{}")),
        ("a reserved opcode of data", 1002, frame(0x83, b"")),
        ("a reserved opcode of control", 1002, frame(0x8B, b"")),
        ("without a mask", 1002, vec![0x80 | TEXT, 2, b'{', b'}']),
        ("a ping in fragments", 1002, frame(PING, b"")),
        ("a long ping", 1002, frame(0x80 | PING, &[0; 126])),
        ("a continuation of nothing", 1002, frame(0x80, b"")),
        ("a text within another", 1002, [frame(TEXT, b"a"), frame(0x80 | TEXT, b"b")].concat()),
        ("a close frame of one byte", 1002, close(&[3])),
        ("a code that is never sent", 1002, close(&1005_u16.to_be_bytes())),
        ("a code that is reserved", 1002, close(&999_u16.to_be_bytes())),
        ("no UTF-8", 1007, frame(0x80 | TEXT, &[0xC3, 0x28])),
        ("no UTF-8 over fragments", 1007, [frame(TEXT, &[0xC3]), frame(0x80, b"(")].concat()),
        ("a reason that is no UTF-8", 1007, close(&[3, 232, 0xFF])),
        ("too large", 1009, huge),
    ];
    for path in [&v1, &v2] {
        for (name, code, bytes) in &cases {
            let mut raw = Raw::open(&setup, path).await;
            raw.write(bytes).await;
            assert_eq!(raw.closing().await, Some(*code), "{name}: {path}");
        }
    }
    let gone = async {
        while setup.emulator.connections() > 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, gone).await.expect("a connection stays");
}

#[tokio::test]
async fn random_frames_end_a_connection_or_are_ignored() {
    let setup = Setup::new().await;
    let path = setup.connect_path(&json!({"id": "jane"}), &setup.user_token("jane"), "jwt");
    for seed in 0..60 {
        let mut random = Random::new(seed);
        let mut raw = Raw::open(&setup, &path).await;
        for _ in 0..1 + random.below(5) {
            let length = random.below(300);
            let mut bytes: Vec<_> = (0..length).map(|_| random.below(256) as u8).collect();
            if random.below(3) > 0 {
                bytes = frame(random.below(256) as u8, &bytes);
            }
            raw.write(&bytes).await;
        }
        raw.0.shutdown().await.unwrap();
        let mut sent = Vec::new();
        let read = tokio::time::timeout(PATIENCE, raw.0.read_to_end(&mut sent)).await;
        assert!(read.is_ok(), "{seed}: it stays open");
    }
    let gone = async {
        while setup.emulator.connections() > 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, gone).await.expect("a connection stays");
    setup.get("/api/v2/app").await;
}

#[tokio::test]
async fn a_message_in_fragments_may_not_exceed_the_limit_either() {
    let setup = Setup::new().await;
    let path = setup.connect_path(&json!({"id": "jane"}), &setup.user_token("jane"), "jwt");
    let mut raw = Raw::open(&setup, &path).await;
    let part = vec![b' '; 0xFFFF];
    raw.write(&frame(TEXT, &part)).await;
    for _ in 0..17 {
        raw.write(&frame(0, &part)).await;
    }
    assert_eq!(raw.closing().await, Some(1009));
}

#[tokio::test]
async fn what_the_protocol_allows_keeps_the_connection() {
    let setup = Setup::new().await;
    let path = setup.connect_path(&json!({"id": "jane"}), &setup.user_token("jane"), "jwt");
    let mut raw = Raw::open(&setup, &path).await;
    assert_eq!(raw.frame().await.0, TEXT);
    raw.write(&frame(0x82, &[0xFF])).await;
    raw.write(&frame(0x80 | PONG, b"unasked")).await;
    // A ping may come between the fragments of a text.
    raw.write(&frame(TEXT, br#"[{"type": "health"#)).await;
    raw.write(&frame(0x80 | PING, b"here")).await;
    assert_eq!(raw.frame().await, (PONG, b"here".to_vec()));
    raw.write(&frame(0x80, br#".check"}]"#)).await;
    let (opcode, check) = raw.frame().await;
    assert_eq!(opcode, TEXT);
    assert!(String::from_utf8_lossy(&check).contains("health.check"));
    raw.write(&close(&[])).await;
    assert_eq!(raw.closing().await, None);
}
