//! A Redis server for the tests.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU16, Ordering};
use std::thread;
use std::time::Duration;

use stream_redis::{RedisWebhooks, redis};

/// A separate Redis server without persistence, which is killed when this is dropped.
pub(crate) struct Server {
    process: Child,
    port: u16,
}

impl Server {
    pub(crate) fn start() -> Self {
        Self::start_at(free_port())
    }

    pub(crate) fn start_at(port: u16) -> Self {
        Self::start_with(port, &[])
    }

    pub(crate) fn start_with(port: u16, options: &[&str]) -> Self {
        let process = Command::new("redis-server")
            .args(["--bind", "127.0.0.1", "--port", &port.to_string(), "--save", ""])
            .args(options)
            .args(["--appendonly", "no", "--dir"])
            .arg(std::env::temp_dir())
            .stdout(Stdio::null())
            .spawn()
            .expect("redis-server is not installed: apt-get install redis-server");
        let server = Self { process, port };
        for _ in 0..400 {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return server;
            }
            thread::sleep(Duration::from_millis(50));
        }
        panic!("the Redis server does not answer");
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/", self.port)
    }

    /// Sends an administrative command.
    pub(crate) async fn admin(&self, command: &[&str]) {
        let client = redis::Client::open(self.url()).unwrap();
        let mut connection = client.get_multiplexed_async_connection().await.unwrap();
        let (name, arguments) = command.split_first().unwrap();
        let _: redis::Value =
            redis::cmd(name).arg(arguments).query_async(&mut connection).await.unwrap();
    }

    pub(crate) async fn filter(&self) -> RedisWebhooks {
        RedisWebhooks::connect(&self.url()).await.unwrap()
    }

    /// Stops the process, which then holds its connections and does not respond.
    pub(crate) fn pause(&self) {
        self.signal("-STOP");
    }

    pub(crate) fn resume(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, signal: &str) {
        let id = self.process.id().to_string();
        assert!(Command::new("kill").args([signal, &id]).status().unwrap().success());
    }

    pub(crate) fn kill(mut self) -> u16 {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        self.port
    }
}

/// Returns an unused port.
pub(crate) fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Listens on a new port, and serves each connection in a thread that ends with it.
fn listen(serve: impl Fn(TcpStream) + Clone + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for connection in listener.incoming().map_while(Result::ok) {
            let serve = serve.clone();
            thread::spawn(move || serve(connection));
        }
    });
    format!("redis://127.0.0.1:{port}/")
}

/// Starts a server that gives one response to every command, or none; returns its URL.
pub(crate) fn monotonous(response: &'static str) -> String {
    listen(move |mut connection| {
        let mut bytes = [0; 65536];
        while let Ok(length @ 1..) = connection.read(&mut bytes) {
            let text = String::from_utf8_lossy(&bytes[..length]);
            let commands = text.lines().filter(|line| line.starts_with('*')).count();
            if connection.write_all(response.repeat(commands).as_bytes()).is_err() {
                return;
            }
        }
    })
}

/// Starts an address that leads to a server and, whenever `cuts` is set, closes a connection in place
/// of the next response; returns its URL.
pub(crate) fn cutting(port: u16, cuts: Arc<AtomicBool>) -> String {
    listen(move |client| {
        let server = TcpStream::connect(("127.0.0.1", port)).unwrap();
        let (mut from_client, mut to_client) = (client.try_clone().unwrap(), client);
        let (mut from_server, mut to_server) = (server.try_clone().unwrap(), server);
        thread::spawn(move || std::io::copy(&mut from_client, &mut to_server));
        let mut bytes = [0; 65536];
        while let Ok(length @ 1..) = from_server.read(&mut bytes) {
            if cuts.swap(false, Ordering::SeqCst) || to_client.write_all(&bytes[..length]).is_err()
            {
                break;
            }
        }
        let _ = to_client.shutdown(Shutdown::Both);
    })
}

/// Starts an address that leads each new connection to the current port; returns its URL.
pub(crate) fn address(port: Arc<AtomicU16>) -> String {
    listen(move |client| {
        let server = TcpStream::connect(("127.0.0.1", port.load(Ordering::SeqCst))).unwrap();
        let (mut from_client, mut from_server) = (client.try_clone().unwrap(), server);
        let (mut to_client, mut to_server) = (client, from_server.try_clone().unwrap());
        thread::spawn(move || std::io::copy(&mut from_server, &mut to_client));
        let _ = std::io::copy(&mut from_client, &mut to_server);
    })
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
