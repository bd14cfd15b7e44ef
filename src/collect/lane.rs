//! The way that every request takes to a service: not too many a second, not too many at once, none
//! for too long, and none where it is known to be in vain.
//!
//! A lane belongs to one account, region and service. It is the HTTP client of the SDK's clients, so
//! that retries wait their turn too.

use std::collections::{BTreeMap, HashMap};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use aws_smithy_http_client::{Builder, ConnectorBuilder};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use tokio::sync::Semaphore;

use super::rates::Limits;

/// How long one request may take, from when it is its turn to the last byte of the answer.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(20);

/// After so many requests without an answer, and none with one, an endpoint is taken for unreachable.
const IN_VAIN: usize = 3;

/// What services say where a service control policy forbids a call.
pub const FORBIDDEN: &str = "explicit deny in a service control policy";

/// Why a region that is known to be forbidden is not asked.
pub const CLOSED: &str = "a service control policy forbids the region";

/// What services say, in a code or a message, when they throttle.
const THROTTLED: [&str; 5] = ["Throttl", "RequestLimitExceeded", "TooManyRequests", "SlowDown", "Rate exceeded"];

/// What all accounts share: the connections, the calls at once, the count.
#[derive(Debug, Clone)]
pub struct Traffic {
    http: SharedHttpClient,
    at_once: Arc<Semaphore>,
    rates: Arc<BTreeMap<String, NonZeroU32>>,
    requests: Arc<AtomicUsize>,
    throttles: Arc<AtomicUsize>,
}

impl Traffic {
    /// Nothing is under way yet.
    pub fn new(http: SharedHttpClient, at_once: usize, rates: BTreeMap<String, NonZeroU32>) -> Self {
        let (requests, throttles) = Default::default();
        Self { http, at_once: Arc::new(Semaphore::new(at_once)), rates: Arc::new(rates), requests, throttles }
    }

    /// The requests so far, retries too, and how many of them were throttled.
    pub fn counts(&self) -> (usize, usize) {
        (self.requests.load(Ordering::Relaxed), self.throttles.load(Ordering::Relaxed))
    }
}

/// Connections over HTTPS, shared by all clients; each would otherwise open its own.
pub fn https() -> SharedHttpClient {
    Builder::new().build_with_connector_fn(|settings, components| {
        let mut connector = ConnectorBuilder::default().tls_provider(Provider::Rustls(CryptoMode::AwsLc));
        connector.set_connector_settings(settings.cloned());
        connector.set_sleep_impl(components.and_then(RuntimeComponents::sleep_impl));
        connector.set_proxy_config(Some(ProxyConfig::from_env()));
        connector.build()
    })
}

/// The lanes of one account.
#[derive(Debug, Clone)]
pub struct Lanes {
    pub traffic: Traffic,
    lanes: Arc<Mutex<HashMap<(String, &'static str), Lane>>>,
    regions: Arc<Mutex<HashMap<String, Arc<Fence>>>>,
}

impl Lanes {
    /// Those of an account that nothing was asked yet.
    pub fn new(traffic: Traffic) -> Self {
        let (lanes, regions) = Default::default();
        Self { traffic, lanes, regions }
    }

    /// The lane to a service in a region.
    pub fn to(&self, region: &str, service: &'static str) -> Lane {
        let fence = self.fence(region);
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        let lane = lanes.entry((region.to_owned(), service)).or_insert_with(|| Lane {
            traffic: self.traffic.clone(),
            limits: Arc::new(Limits::of(service, &self.traffic.rates)),
            reach: Arc::default(),
            fence,
        });
        lane.clone()
    }

    /// Whether every service that answered said that a service control policy forbids the call.
    pub fn forbidden(&self, region: &str) -> bool {
        self.fence(region).closed()
    }

    fn fence(&self, region: &str) -> Arc<Fence> {
        Arc::clone(self.regions.lock().unwrap_or_else(PoisonError::into_inner).entry(region.to_owned()).or_default())
    }
}

/// What the answers of a region have in common.
#[derive(Debug, Default)]
struct Fence {
    under_way: AtomicUsize,
    forbidden: AtomicBool,
    /// Some call was let through, or refused for another reason.
    open: AtomicBool,
}

impl Fence {
    fn closed(&self) -> bool {
        self.forbidden.load(Ordering::Relaxed) && !self.open.load(Ordering::Relaxed) && self.under_way.load(Ordering::Relaxed) == 0
    }
}

/// Whether the endpoint answers.
#[derive(Debug, Default)]
struct Reach {
    answered: AtomicBool,
    in_vain: AtomicUsize,
}

/// The way to a service in a region of an account.
#[derive(Debug, Clone)]
pub struct Lane {
    traffic: Traffic,
    limits: Arc<Limits>,
    reach: Arc<Reach>,
    fence: Arc<Fence>,
}

impl Lane {
    async fn call(self, connector: SharedHttpConnector, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
        self.limits.until_ready(&request).await;
        let _place = self.traffic.at_once.acquire().await;
        if !self.reach.answered.load(Ordering::Relaxed) && self.reach.in_vain.load(Ordering::Relaxed) >= IN_VAIN {
            return Err(in_vain("the endpoint has not answered any call"));
        }
        if self.fence.closed() {
            return Err(in_vain(CLOSED));
        }
        self.traffic.requests.fetch_add(1, Ordering::Relaxed);
        self.fence.under_way.fetch_add(1, Ordering::Relaxed);
        let answer = tokio::time::timeout(ATTEMPT_TIMEOUT, whole(connector, request)).await;
        let answer = answer.unwrap_or_else(|_| Err(ConnectorError::timeout(format!("no answer within {} s", ATTEMPT_TIMEOUT.as_secs()).into())));
        self.note(&answer);
        self.fence.under_way.fetch_sub(1, Ordering::Relaxed);
        answer
    }

    fn note(&self, answer: &Result<HttpResponse, ConnectorError>) {
        match answer {
            Ok(answer) => {
                self.reach.answered.store(true, Ordering::Relaxed);
                let body = || String::from_utf8_lossy(answer.body().bytes().unwrap_or_default());
                if answer.status().is_success() {
                    self.fence.open.store(true, Ordering::Relaxed);
                } else if THROTTLED.iter().any(|sign| body().contains(sign)) {
                    self.traffic.throttles.fetch_add(1, Ordering::Relaxed);
                } else if body().contains(FORBIDDEN) {
                    self.fence.forbidden.store(true, Ordering::Relaxed);
                } else if answer.status().is_client_error() {
                    self.fence.open.store(true, Ordering::Relaxed);
                }
            }
            Err(error) if error.is_timeout() => _ = self.reach.in_vain.fetch_add(1, Ordering::Relaxed),
            Err(_) => {}
        }
    }
}

/// A failure that is not tried again.
fn in_vain(why: &str) -> ConnectorError {
    ConnectorError::other(why.into(), None)
}

/// The answer with its whole body: one that stops in between must not wait for ever.
async fn whole(connector: SharedHttpConnector, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
    let mut answer = connector.call(request).await?;
    let body = ByteStream::new(answer.take_body()).collect().await.map_err(|error| ConnectorError::io(error.into()))?;
    *answer.body_mut() = SdkBody::from(body.into_bytes());
    Ok(answer)
}

impl HttpClient for Lane {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        let connector = self.traffic.http.http_connector(settings, components);
        SharedHttpConnector::new(OnLane { lane: self.clone(), connector })
    }
}

#[derive(Debug)]
struct OnLane {
    lane: Lane,
    connector: SharedHttpConnector,
}

impl HttpConnector for OnLane {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        HttpConnectorFuture::new(self.lane.clone().call(self.connector.clone(), request))
    }
}
