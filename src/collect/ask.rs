//! The scope that is being collected, and the questions that fill it.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::sync::{Mutex, MutexGuard, PoisonError};

use aws_smithy_async::future::pagination_stream::PaginationStream;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use futures_util::StreamExt;
use serde::Serialize;

use super::absent::is_absent;
use super::failure::gap;
use crate::inventory::Needs;
use crate::inventory::account::AccountRegion;
use crate::inventory::kinds;
use crate::inventory::shape::Timestamp;
use crate::inventory::{FieldGap, Gap, Kind, Reason, Resource, Scope, ScopeId, TAGS};

/// How many calls of one operation that is asked once a resource are under way at once.
pub const CALLS_AT_ONCE: usize = 8;

/// A scope under collection. Shared by the services that are asked in parallel.
pub struct Ask<'n> {
    needs: &'n Needs,
    scope: Mutex<Scope>,
    id: ScopeId,
}

impl<'n> Ask<'n> {
    /// An empty scope.
    pub fn new(needs: &'n Needs, id: ScopeId, now: Timestamp) -> Self {
        Self { needs, scope: Mutex::new(Scope::new(id.clone(), now)), id }
    }

    /// The region that is asked.
    pub fn region(&self) -> &str {
        &self.id.region
    }

    /// Whether what is asked is what the account has once.
    pub fn is_global(&self) -> bool {
        self.id.is_global()
    }

    /// The account that is asked.
    pub fn account(&self) -> &str {
        &self.id.account
    }

    /// When the scope is collected.
    pub fn now(&self) -> Timestamp {
        self.scope().collected_at
    }

    /// The names of database parameters that some rule reads.
    pub fn parameters(&self) -> &BTreeSet<String> {
        &self.needs.parameters
    }

    /// Whether some rule needs the operation. Notes that it is asked, so that what it does not
    /// return is known not to be there: call it even where nothing turns out to be asked for.
    pub fn wants(&self, operation: &str) -> bool {
        let wanted = self.needs.operation(operation);
        if wanted {
            self.scope().operations.insert(operation.to_owned());
        }
        wanted
    }

    /// Whether some rule judges the kind.
    pub fn judges(&self, kind: Kind) -> bool {
        self.needs.judged.contains(&kind)
    }

    /// Notes that everything of a kind is listed, not only what databases use.
    pub fn lists_all(&self, kind: Kind) {
        self.scope().whole.insert(kind);
    }

    /// Lists to the end of the pages, if some rule needs it. What came before a failure stays, and
    /// the failure becomes a gap of the scope.
    pub async fn list<T, E>(&self, operation: &str, pages: impl FnOnce() -> PaginationStream<Result<T, SdkError<E, HttpResponse>>>) -> Vec<T>
    where
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    {
        self.list_as(operation, pages, |item| item).await
    }

    /// The same, of what becomes of each item as it comes: the answers for many databases are larger than what is kept.
    pub async fn list_as<T, U, E>(
        &self,
        operation: &str,
        pages: impl FnOnce() -> PaginationStream<Result<T, SdkError<E, HttpResponse>>>,
        mut keep: impl FnMut(T) -> U,
    ) -> Vec<U>
    where
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    {
        let mut items = Vec::new();
        if !self.wants(operation) {
            return items;
        }
        if let Some(error) = visit(pages(), |item| items.push(keep(item))).await {
            self.failed(operation, &error);
        }
        items
    }

    /// Lists to the end of the pages of an operation that has tokens but, in the service model, no
    /// paginator. `page` answers with the items of one page and the token of the next.
    pub async fn pages<T, E>(
        &self,
        operation: &str,
        page: impl AsyncFn(Option<String>) -> Result<(Option<Vec<T>>, Option<String>), SdkError<E, HttpResponse>>,
    ) -> Vec<T>
    where
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    {
        let mut items = Vec::new();
        if !self.wants(operation) {
            return items;
        }
        let mut token = None;
        loop {
            match page(token.take()).await {
                Ok((more, next)) => {
                    items.extend(more.unwrap_or_default());
                    token = next.filter(|token| !token.is_empty());
                }
                Err(error) => self.failed(operation, &error),
            }
            if token.is_none() {
                return items;
            }
        }
    }

    /// Asks one question, if some rule needs it; a failure becomes a gap of the scope.
    pub async fn one<T, E>(&self, operation: &str, answer: impl Future<Output = Result<T, SdkError<E, HttpResponse>>>) -> Option<T>
    where
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    {
        if !self.wants(operation) {
            return None;
        }
        match answer.await {
            Ok(answer) => Some(answer),
            Err(error) => {
                self.failed(operation, &error);
                None
            }
        }
    }

    /// Notes that what tells about single resources of a kind is asked, where some rule needs it: also
    /// where there turns out to be none.
    pub fn wants_details(&self, kind: Kind) {
        kind.detail_operations().for_each(|operation| _ = self.wants(operation));
    }

    /// Asks about one resource, if some rule needs it; a failure is a gap in the fields that the
    /// operation fills.
    pub async fn detail<T, E>(
        &self,
        kind: Kind,
        operation: &str,
        answer: impl Future<Output = Result<T, SdkError<E, HttpResponse>>>,
    ) -> (Option<T>, Option<FieldGap>)
    where
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    {
        if !self.wants(operation) {
            return (None, None);
        }
        match answer.await {
            Ok(answer) => (Some(answer), None),
            Err(error) => (None, Some(unread(kind, operation, gap(operation, &error)))),
        }
    }

    /// Notes that a call failed: a gap of the whole scope, unless it says that nothing is there.
    pub fn failed<E>(&self, operation: &str, error: &SdkError<E, HttpResponse>)
    where
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    {
        if !is_absent(operation, self.region(), error) {
            self.fail(gap(operation, error));
        }
    }

    /// The gap that an operation has left so far.
    pub fn gap_of(&self, operation: &str) -> Option<Gap> {
        self.scope().gap_of(operation)
    }

    /// Notes a gap of the whole scope.
    pub fn fail(&self, gap: Gap) {
        self.scope().gaps.push(gap);
    }

    /// Notes that the scope was left unfinished: a gap in every operation that was asked.
    pub fn give_up(&self, reason: Reason, why: &str) {
        let mut scope = self.scope();
        let gaps: Vec<_> = scope.operations.iter().map(|operation| Gap::new(operation.as_str(), reason, why)).collect();
        scope.gaps.extend(gaps);
    }

    /// Adds a resource.
    pub fn add(&self, kind: Kind, arn: Option<&str>, tags: BTreeMap<String, String>, data: &impl Serialize, gaps: Vec<FieldGap>) {
        let operation = kind.operations.first().copied().unwrap_or_default();
        let Some(arn) = arn else {
            self.fail(Gap::new(operation, Reason::Failed, format!("AWS returned a {} without its ARN", kind.noun.0)));
            return;
        };
        match serde_json::value::to_raw_value(data) {
            Ok(data) => {
                let (account, region) = (self.owner(arn), self.region().to_owned());
                self.scope().resources.push(Resource { kind, arn: arn.to_owned(), account, region, tags, data, gaps, memo: Default::default() });
            }
            Err(error) => self.fail(Gap::new(operation, Reason::Failed, format!("{arn}: {error}"))),
        }
    }

    /// Takes back the resources of a kind that were added before all was known of them.
    pub fn take_back(&self, kind: Kind) {
        self.scope().resources.retain(|resource| resource.kind != kind);
    }

    /// Adds a resource of which nothing but its ARN is known, in this field.
    pub fn add_unread(&self, kind: Kind, arn: &str, known: &str, gap: Gap) {
        let schema = (kind.schema)();
        let fields = schema.pointer("/properties").and_then(serde_json::Value::as_object);
        let fields = fields.into_iter().flat_map(|fields| fields.keys().map(String::as_str)).chain([TAGS]);
        let unknown: Vec<_> = fields.filter(|field| *field != known).collect();
        self.add(kind, Some(arn), BTreeMap::new(), &BTreeMap::from([(known, arn)]), vec![field_gap(&unknown, gap)]);
    }

    /// What `f` makes of the resources that were added so far.
    pub fn map_resources<T>(&self, f: impl FnMut(&Resource) -> Option<T>) -> Vec<T> {
        self.scope().resources.iter().filter_map(f).collect()
    }

    /// Adds the account in the region itself, for rules about what surrounds all databases.
    pub fn add_region(&self) {
        let (account, region) = (self.account(), self.region());
        let arn = format!("arn:{}:account:{region}:{account}:account", crate::inventory::partition(region));
        let data = AccountRegion { AccountId: Some(account.to_owned()), Region: Some(region.to_owned()) };
        self.add(kinds::ACCOUNT, Some(&arn), BTreeMap::new(), &data, Vec::new());
    }

    /// The account in an ARN; the scope's where the ARN names none.
    fn owner(&self, arn: &str) -> String {
        arn.split(':').nth(4).filter(|account| !account.is_empty()).unwrap_or(&self.id.account).to_owned()
    }

    /// The kinds of what was found so far.
    pub fn kinds(&self) -> BTreeSet<Kind> {
        self.scope().resources.iter().map(|resource| resource.kind).collect()
    }

    /// The ARN of a resource of the account in the region.
    pub fn arn(&self, service: &str, resource: &str) -> String {
        format!("arn:{}:{service}:{}:{}:{resource}", crate::inventory::partition(self.region()), self.region(), self.account())
    }

    /// The ARN of a resource of RDS whose answer leaves it out.
    pub fn rds_arn(&self, kind: &str, id: &str) -> String {
        self.arn("rds", &format!("{kind}:{id}"))
    }

    /// The ARN of something of AWS Backup that has none.
    pub fn backup_arn(&self, id: &str) -> String {
        let partition = crate::inventory::partition(self.region());
        format!("arn:{partition}:backup:{}:{}:{id}", self.region(), self.account())
    }

    /// The ARN that the service gives a resource of EC2, whose answers mostly leave it out.
    pub fn ec2_arn(&self, owner: Option<&str>, kind: &str, id: &str) -> String {
        let partition = crate::inventory::partition(self.region());
        format!("arn:{partition}:ec2:{}:{}:{kind}/{id}", self.region(), owner.unwrap_or(self.account()))
    }

    /// The finished scope, sorted.
    pub fn finish(self) -> Scope {
        let mut scope = self.scope.into_inner().unwrap_or_else(PoisonError::into_inner);
        scope.sort();
        scope
    }

    fn scope(&self) -> MutexGuard<'_, Scope> {
        self.scope.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Every item up to the end, or to the failure.
pub async fn drain<T, E>(operation: &str, pages: PaginationStream<Result<T, SdkError<E, HttpResponse>>>) -> (Vec<T>, Option<Gap>)
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    let (items, failure) = walk(pages).await;
    (items, failure.map(|error| gap(operation, &error)))
}

async fn walk<T, E>(pages: PaginationStream<Result<T, E>>) -> (Vec<T>, Option<E>) {
    let mut items = Vec::new();
    let failure = visit(pages, |item| items.push(item)).await;
    (items, failure)
}

/// Hands on every item up to the end, or to the failure.
pub async fn visit<T, E>(mut pages: PaginationStream<Result<T, E>>, mut keep: impl FnMut(T)) -> Option<E> {
    while let Some(item) = pages.next().await {
        match item {
            Ok(item) => keep(item),
            Err(error) => return Some(error),
        }
    }
    None
}

/// Does the same for each, several at once.
pub async fn each<T, F: Future<Output = ()>>(items: impl IntoIterator<Item = T>, f: impl Fn(T) -> F) {
    map_each(items, f).await;
}

/// What becomes of each, several at once, in no order.
pub async fn map_each<T, U, F: Future<Output = U>>(items: impl IntoIterator<Item = T>, f: impl Fn(T) -> F) -> Vec<U> {
    futures_util::stream::iter(items).map(f).buffer_unordered(CALLS_AT_ONCE).collect().await
}

/// The gap in all that an operation, asked once a resource, tells of a resource of the kind.
pub fn unread(kind: Kind, operation: &str, gap: Gap) -> FieldGap {
    let fields = kind.field_operations.iter().filter(|(_, of)| *of == operation).map(|(field, _)| *field);
    let tags = kind.tags_operation.filter(|of| *of == operation).map(|_| TAGS);
    field_gap(&fields.chain(tags).collect::<Vec<_>>(), gap)
}

/// The answer of a call that is made only if some rule needs it.
pub async fn if_wanted<T>(wanted: bool, answer: impl Future<Output = Result<T, Gap>>) -> Result<Option<T>, Gap> {
    if wanted { answer.await.map(Some) } else { Ok(None) }
}

/// A gap in some fields of one resource.
pub fn field_gap(fields: &[&str], gap: Gap) -> FieldGap {
    FieldGap { fields: fields.iter().map(|field| (*field).to_owned()).collect(), gap }
}
