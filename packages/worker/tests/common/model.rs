//! The `model-server` process.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// A running model server, ended with this value.
pub struct Model {
    child: Child,
    /// Base URL for a gateway.
    pub url: String,
}

impl Model {
    pub fn start(key: Option<&str>) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_model-server"));
        command
            .args(["--listen", "127.0.0.1:0"])
            .env_remove("MODEL_SERVER_KEY")
            .stdout(Stdio::piped());
        if let Some(key) = key {
            command.args(["--key", key]);
        }
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        Self {
            child,
            url: line.trim().to_owned(),
        }
    }

    /// Requests that reached it.
    pub async fn requests(&self) -> u64 {
        let url = self.url.replace("/v1", "/requests");
        reqwest::get(url).await.unwrap().text().await.unwrap().parse().unwrap()
    }
}

impl Drop for Model {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
