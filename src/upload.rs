//! Hands SARIF to GitHub code scanning over its REST API, and waits for what becomes of it.
//!
//! GitHub takes a file, answers 202, and says only later whether it accepts the file: an upload that is
//! not waited for may be one that was refused.

use std::io::Write;
use std::sync::Arc;
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde::Deserialize;
use serde_json::json;
use ureq::http::Response;
use ureq::tls::{Certificate, RootCerts, TlsConfig, TlsProvider};
use ureq::{Agent, Body};

/// GitHub takes so many bytes, compressed.
const MOST_BYTES: usize = 10_000_000;
/// How often GitHub is asked again when it asks to come back later.
const ATTEMPTS: u32 = 5;
/// The longest that is waited at its word.
const LONGEST_WAIT: Duration = Duration::from_secs(120);

/// What the findings are of, and how to reach GitHub.
pub struct Target<'a> {
    /// Such as `https://api.github.com`.
    pub api: &'a str,
    /// `OWNER/NAME`.
    pub repository: &'a str,
    pub commit: &'a str,
    /// Such as `refs/heads/main`.
    pub reference: &'a str,
    pub token: &'a str,
}

/// What GitHub says of an upload.
#[derive(Debug, Deserialize)]
struct Processing {
    #[serde(default)]
    processing_status: String,
    #[serde(default)]
    errors: Option<Vec<String>>,
}

#[derive(Debug, Deserialize)]
struct Receipt {
    id: String,
}

/// Uploads a file and waits until GitHub has taken it.
///
/// # Errors
///
/// When GitHub refuses it, at once or later, or has not decided in that time.
pub fn upload(target: &Target<'_>, sarif: &[u8], patience: Duration) -> anyhow::Result<()> {
    let packed = pack(sarif)?;
    let agent = agent()?;
    let analyses = format!("{}/repos/{}/code-scanning/sarifs", target.api.trim_end_matches('/'), target.repository);
    let body = json!({"commit_sha": target.commit, "ref": target.reference, "sarif": packed});
    let mut answer = patiently(|| Ok(with_headers(agent.post(&analyses), target).send_json(&body)?))?;
    if answer.status() != 202 {
        bail!("{}", refusal(&mut answer));
    }
    let Receipt { id } = answer.body_mut().read_json().context("GitHub's answer has no id")?;
    wait(&agent, target, &format!("{analyses}/{id}"), patience)
}

/// The file as the request carries it.
fn pack(sarif: &[u8]) -> anyhow::Result<String> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(sarif)?;
    let packed = encoder.finish()?;
    if packed.len() > MOST_BYTES {
        bail!("GitHub takes 10 MB, compressed, and this file has {} bytes: write a file for each account with --sarif-split", packed.len());
    }
    Ok(STANDARD.encode(packed))
}

fn agent() -> anyhow::Result<Agent> {
    let roots: Vec<_> = rustls_native_certs::load_native_certs().certs.iter().map(|root| Certificate::from_der(root).to_owned()).collect();
    let tls = TlsConfig::builder()
        .provider(TlsProvider::Rustls)
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
        .root_certs(RootCerts::new_with_certs(&roots));
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(120)))
        .user_agent(concat!("dbmoat/", env!("CARGO_PKG_VERSION")))
        .tls_config(tls.build());
    Ok(config.build().into())
}

fn with_headers<B>(request: ureq::RequestBuilder<B>, target: &Target<'_>) -> ureq::RequestBuilder<B> {
    request
        .header("Authorization", format!("Bearer {}", target.token))
        .header("Accept", "application/vnd.github+json")
        .header("X-GitHub-Api-Version", "2022-11-28")
}

/// Asks, and asks again when GitHub says when to.
fn patiently(ask: impl Fn() -> anyhow::Result<Response<Body>>) -> anyhow::Result<Response<Body>> {
    for attempt in 1.. {
        let answer = ask().context("cannot reach GitHub")?;
        let later = answer.headers().get("retry-after").and_then(|seconds| seconds.to_str().ok()?.parse().ok()).map(Duration::from_secs);
        let wait = match answer.status().as_u16() {
            // A secondary rate limit comes as 403 too.
            403 | 429 => later,
            502..=504 => Some(later.unwrap_or(Duration::from_secs(u64::from(attempt)))),
            _ => None,
        };
        match wait.filter(|_| attempt < ATTEMPTS) {
            Some(wait) => sleep(wait.min(LONGEST_WAIT)),
            None => return Ok(answer),
        }
    }
    bail!("GitHub did not answer")
}

/// Why GitHub refused, and what to do about it.
fn refusal(answer: &mut Response<Body>) -> String {
    let status = answer.status().as_u16();
    let said = answer.body_mut().read_json::<serde_json::Value>().ok().and_then(|body| Some(body["message"].as_str()?.to_owned()));
    let advice = match status {
        401 => "; the token is not valid",
        403 => "; the token needs the permission security-events: write, and a private repository GitHub Code Security",
        404 => "; the repository does not exist or the token does not see it",
        413 => "; the file is too large: write a file for each account with --sarif-split",
        429 => "; it is asked too often",
        _ => "",
    };
    format!("GitHub answered {status}: {}{advice}", said.unwrap_or_else(|| "without a message".to_owned()))
}

/// Waits for GitHub's decision.
fn wait(agent: &Agent, target: &Target<'_>, address: &str, patience: Duration) -> anyhow::Result<()> {
    let started = Instant::now();
    let mut pause = Duration::from_millis(500);
    loop {
        let mut answer = patiently(|| Ok(with_headers(agent.get(address), target).call()?))?;
        match answer.status().as_u16() {
            200 => {
                let Processing { processing_status, errors } = answer.body_mut().read_json().context("GitHub's answer has no status")?;
                match processing_status.as_str() {
                    "complete" => return Ok(()),
                    "failed" => bail!("GitHub refused the file: {}", errors.unwrap_or_default().join("; ")),
                    _ => {}
                }
            }
            // It does not know of it yet.
            404 => {}
            _ => bail!("{}", refusal(&mut answer)),
        }
        if started.elapsed() + pause > patience {
            bail!("GitHub had not decided after {} s", patience.as_secs());
        }
        sleep(pause);
        pause = (pause * 2).min(Duration::from_secs(15));
    }
}
