//! The guard of every client: refuses an operation that might write, before anything is sent, and
//! counts what is asked.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::BeforeSerializationInterceptorContextRef;
use aws_smithy_runtime_api::client::orchestrator::Metadata;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;

/// What the names of operations begin with that only read.
const READING: [&str; 3] = ["Describe", "Get", "List"];

/// Names that begin so and yet hand out something to keep secret, or change something.
const REFUSED: [&str; 4] = ["GetSecretValue", "GetSessionToken", "GetFederationToken", "GetRandomPassword"];

/// Names that do not begin so and yet write nothing: the credentials of a role that the user named, and
/// CloudTrail's event history.
const ADMITTED: [&str; 2] = ["AssumeRole", "LookupEvents"];

/// Whether an operation only reads, by its name.
pub fn reads_only(operation: &str) -> bool {
    READING.iter().any(|prefix| operation.starts_with(prefix)) && !REFUSED.contains(&operation)
}

/// Counts calls by service and operation, and refuses those that might write.
#[derive(Debug, Clone, Default)]
pub struct Guard {
    service: &'static str,
    calls: Arc<Mutex<BTreeMap<String, usize>>>,
}

impl Guard {
    /// This guard, before a client of the service, as IAM policies name it.
    pub fn of(&self, service: &'static str) -> Self {
        Self { service, ..self.clone() }
    }

    /// The calls so far by `service:Operation`; a page is a call, a retry is not.
    pub fn calls(&self) -> BTreeMap<String, usize> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Intercept for Guard {
    fn name(&self) -> &'static str {
        "read-only guard"
    }

    // The first hook at which the operation's name is known; still before anything is sent.
    fn read_before_serialization(
        &self,
        _: &BeforeSerializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let metadata = config.load::<Metadata>().ok_or("an operation without a name is refused")?;
        if !reads_only(metadata.name()) && !ADMITTED.contains(&metadata.name()) {
            return Err(format!("{} is refused: this program only reads", metadata.name()).into());
        }
        let call = format!("{}:{}", self.service, metadata.name());
        *self.calls.lock().unwrap_or_else(PoisonError::into_inner).entry(call).or_default() += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{ADMITTED, Guard, reads_only};
    use crate::engine::{RuleSet, Selection};

    #[test]
    fn what_the_rules_need_only_reads() {
        let rules = RuleSet::load(None, &Selection::default()).unwrap();
        for operation in rules.needs().operations {
            let name = operation.split_once(':').map_or(operation, |(_, name)| name);
            assert!(reads_only(name), "{operation}");
        }
    }

    #[test]
    fn what_writes_or_hands_out_secrets_is_refused() {
        for name in
            ["ModifyDBInstance", "DeleteDBCluster", "CreateDBSnapshot", "AddTagsToResource", "GetSecretValue", "ResetDBParameterGroup", "AssumeRole"]
        {
            assert!(!reads_only(name), "{name}");
        }
    }

    #[tokio::test]
    async fn a_client_with_the_guard_sends_no_write() {
        let guard = Guard::default();
        let config = aws_sdk_rds::Config::builder()
            .behavior_version(aws_sdk_rds::config::BehaviorVersion::latest())
            .region(aws_sdk_rds::config::Region::new("us-east-1"))
            .interceptor(guard.clone())
            .build();
        let error = aws_sdk_rds::Client::from_conf(config).delete_db_instance().db_instance_identifier("orders").send().await.unwrap_err();
        let text = aws_smithy_types::error::display::DisplayErrorContext(&error).to_string();
        assert!(text.contains("DeleteDBInstance is refused"), "{text}");
        assert!(guard.calls().is_empty());
    }

    #[test]
    fn two_names_are_admitted_that_do_not_say_that_they_read() {
        assert_eq!(ADMITTED, ["AssumeRole", "LookupEvents"]);
        assert!(ADMITTED.iter().all(|name| !reads_only(name)), "what begins like a reading one needs no exception");
    }
}
