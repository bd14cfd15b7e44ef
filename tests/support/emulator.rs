//! The emulated AWS account: the server of `tests/live`, seeded once a test program.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use serde_json::Value as Json;

/// A running emulator with a seeded account. Its orders are shared, so tests take turns.
pub struct Emulator {
    address: String,
    /// What the seeding made, by name: ids and ARNs.
    pub account: Json,
    _server: Child,
}

impl Emulator {
    /// The emulator, to oneself, with no orders given.
    pub fn take() -> MutexGuard<'static, Self> {
        static EMULATOR: OnceLock<Mutex<Emulator>> = OnceLock::new();
        let emulator = EMULATOR.get_or_init(|| Mutex::new(Self::start("account.py"))).lock().unwrap_or_else(PoisonError::into_inner);
        emulator.clear();
        emulator
    }

    /// Takes back the orders to fail and to be slow, and forgets the calls.
    pub fn clear(&self) {
        self.order("deny", &serde_json::json!([]));
        self.order("latency", &serde_json::json!({"milliseconds": 0}));
        self.order("fault", &serde_json::json!({}));
        self.order("calls/reset", &serde_json::json!({}));
    }

    /// Another emulator, seeded by a script of `tests/live` that takes its address.
    pub fn start(seed: &str) -> Self {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/live");
        let mut server = python()
            .arg(folder.join("server.py"))
            .args(["0", "--with-parent"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the emulator does not start");
        let mut line = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("listening on ").expect("the emulator says where it listens").to_owned();
        let seeded = python().arg(folder.join(seed)).arg(format!("http://{address}")).output().unwrap();
        assert!(seeded.status.success(), "{}", String::from_utf8_lossy(&seeded.stderr));
        Self { address, account: serde_json::from_slice(&seeded.stdout).unwrap_or_default(), _server: server }
    }

    /// Where it answers.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Gives an order (see `tests/live/README.md`).
    pub fn order(&self, path: &str, body: &Json) {
        let (status, text) = self.request("POST", path, &body.to_string());
        assert!(status < 300, "{path}: {status} {text}");
    }

    /// How often each operation was called, by region and operation.
    pub fn calls(&self) -> BTreeMap<(String, String), usize> {
        let mut counts = BTreeMap::new();
        for call in &self.requests() {
            let key = (call["region"].as_str().unwrap_or_default().to_owned(), call["operation"].as_str().unwrap().to_owned());
            *counts.entry(key).or_default() += 1;
        }
        counts
    }

    /// Every call, with its region, operation and parameters.
    pub fn requests(&self) -> Vec<Json> {
        serde_json::from_str(&self.request("GET", "calls", "").1).unwrap()
    }

    fn request(&self, method: &str, path: &str, body: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let length = body.len();
        write!(
            stream,
            "{method} /dbmoat/{path} HTTP/1.0\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}",
            self.address
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
        let status = head.split_whitespace().nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        (status, body.to_owned())
    }
}

/// The interpreter of the environment that `tests/run` makes.
pub fn python() -> Command {
    let interpreter = std::env::var("DBMOAT_TEST_PYTHON").expect("DBMOAT_TEST_PYTHON is not set: run the tests with `bash tests/run`");
    let mut command = Command::new(interpreter);
    command.env("DBMOAT_NOW", crate::program::NOW);
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("AWS_")) {
        command.env_remove(name);
    }
    command
}
