//! Answers on the wire, written in the shape that a service documents: the SDK parses them as it
//! parses AWS's. Requests are answered by what is in them, in whatever order they come.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector, http_client_fn};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;

use crate::collect::{Interrupt, Session, Sessions, ask_scope};
use crate::inventory::last_change::{LastChange, Targets};
use crate::inventory::{Needs, Scope, ScopeId};

pub const ACCOUNT: &str = "111122223333";
pub const REGION: &str = "us-east-1";

/// A service that knows a few answers.
#[derive(Debug, Default, Clone)]
pub struct Replay {
    answers: Vec<Answer>,
    requests: Arc<Mutex<Vec<String>>>,
}

#[derive(Debug, Clone)]
struct Answer {
    needles: Vec<String>,
    status: u16,
    body: Vec<u8>,
}

impl Replay {
    /// Answers requests that hold every needle: parts of the request line (`GET /graphs`), of the
    /// headers `x-amz-target` (`.ListTables`) and `x-amz-expected-bucket-owner` or of the body (`Action=DescribeDBProxies`). Of several
    /// answers the one whose needles are longest together is given; what fits none is refused as an
    /// operation that the endpoint does not know.
    pub fn on(mut self, needles: &[&str], body: impl Into<Vec<u8>>) -> Self {
        self.answers.push(Answer { needles: owned(needles), status: 200, body: body.into() });
        self
    }

    /// Answers for every list of ARNs that these are tagged `team: shop` and `bare`, and no others.
    pub fn tagged(self, arns: &[&str]) -> Self {
        let tags = serde_json::json!([{"Key": "team", "Value": "shop"}, {"Key": "bare", "Value": ""}]);
        let tagged: Vec<_> = arns.iter().map(|arn| serde_json::json!({"ResourceARN": arn, "Tags": tags})).collect();
        self.on(&[".GetResources"], serde_json::json!({"ResourceTagMappingList": tagged}).to_string())
    }

    /// Fails requests that hold every needle, with the error's status and body.
    pub fn fail(mut self, needles: &[&str], status: u16, body: impl Into<Vec<u8>>) -> Self {
        self.answers.push(Answer { needles: owned(needles), status, body: body.into() });
        self
    }

    /// Gives requests that hold every needle no address to go to: their host's name does not exist.
    pub fn unknown_host(mut self, needles: &[&str]) -> Self {
        self.answers.push(Answer { needles: owned(needles), status: 0, body: Vec::new() });
        self
    }

    /// Collects a region from these answers, asking what the operations name and no more.
    pub async fn collect(&self, operations: &[&'static str]) -> Scope {
        self.collect_for(&Needs { operations: operations.iter().copied().collect(), ..Needs::default() }).await
    }

    /// Collects the region [`REGION`] from these answers.
    pub async fn collect_for(&self, needs: &Needs) -> Scope {
        self.collect_in(REGION, needs).await
    }

    /// Collects a region from these answers.
    pub async fn collect_in(&self, region: &str, needs: &Needs) -> Scope {
        let id = ScopeId { account: ACCOUNT.to_owned(), region: region.to_owned() };
        self.ask(needs, id).await
    }

    /// Collects from these answers what the account has once.
    pub async fn collect_global(&self, operations: &[&'static str]) -> Scope {
        let needs = Needs { operations: operations.iter().copied().collect(), ..Needs::default() };
        self.ask(&needs, ScopeId::global(ACCOUNT)).await
    }

    /// Asks who changed these resources last.
    pub async fn last_changes(&self, targets: &Targets) -> BTreeMap<String, LastChange> {
        self.last_changes_until(targets, &Interrupt::never()).await.0
    }

    /// Who changed them last, as far as it is asked before it is interrupted, and of how many that was told.
    pub async fn last_changes_until(&self, targets: &Targets, interrupt: &Interrupt) -> (BTreeMap<String, LastChange>, usize) {
        let told = AtomicUsize::new(0);
        let sessions = Sessions::from([(ACCOUNT.to_owned(), Arc::new(self.session()))]);
        let changes = crate::collect::last_changes(&sessions, targets, interrupt, &|| _ = told.fetch_add(1, Ordering::Relaxed)).await;
        (changes, told.into_inner())
    }

    async fn ask(&self, needs: &Needs, id: ScopeId) -> Scope {
        self.ask_until(needs, id, &Interrupt::never()).await
    }

    /// Collects a scope from these answers, unless that is interrupted.
    pub async fn ask_until(&self, needs: &Needs, id: ScopeId, interrupt: &Interrupt) -> Scope {
        ask_scope(&self.session(), needs, id, "2026-11-22T09:00:00Z".parse().unwrap(), Duration::from_secs(60), interrupt).await
    }

    /// A session that gets these answers.
    pub fn session(&self) -> Session {
        let connector = SharedHttpConnector::new(self.clone());
        let client: SharedHttpClient = http_client_fn(move |_, _| connector.clone());
        Session::replaying(client)
    }

    /// How many requests held every needle.
    pub fn count(&self, needles: &[&str]) -> usize {
        let requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        requests.iter().filter(|request| needles.iter().all(|needle| request.contains(needle))).count()
    }

    fn answer(&self, request: &str) -> Option<&Answer> {
        let fitting = self.answers.iter().filter(|answer| answer.needles.iter().all(|needle| request.contains(needle)));
        fitting.max_by_key(|answer| answer.needles.iter().map(String::len).sum::<usize>())
    }
}

fn owned(needles: &[&str]) -> Vec<String> {
    needles.iter().map(|needle| (*needle).to_owned()).collect()
}

impl HttpConnector for Replay {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let target = request.headers().get("x-amz-target").unwrap_or_default();
        let body = String::from_utf8_lossy(request.body().bytes().unwrap_or_default());
        let owner = request.headers().get("x-amz-expected-bucket-owner").unwrap_or_default();
        let text = format!("{} {}\n{target}\n{owner}\n{body}", request.method(), request.uri());
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).push(text.clone());
        let (status, body) = match self.answer(&text) {
            Some(answer) => (answer.status, answer.body.clone()),
            None => (400, br#"{"__type":"UnknownOperationException","message":"no answer is recorded"}"#.to_vec()),
        };
        if status == 0 {
            let error = std::io::Error::other("failed to lookup address information: Name or service not known");
            return HttpConnectorFuture::ready(Err(ConnectorError::io(error.into())));
        }
        let status = status.try_into().expect("a status of HTTP");
        HttpConnectorFuture::ready(Ok(HttpResponse::new(status, SdkBody::from(body))))
    }
}
