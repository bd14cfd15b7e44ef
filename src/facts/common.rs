//! What facts read of a resource's own data whatever its kind, parsed once for all of them.

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::Deserialize;

use crate::inventory::kinds::Role;
use crate::inventory::{Gap, Resource, Scope};

/// Fields that mean the same wherever they are.
#[derive(Deserialize)]
#[expect(non_snake_case, reason = "fields keep the names that the AWS API gives them")]
pub struct CommonFields {
    pub Engine: Option<String>,
    pub EngineVersion: Option<String>,
    pub EnabledCloudwatchLogsExports: Option<Vec<String>>,
    /// Of RDS, or of ElastiCache, where a replication group has cache clusters.
    #[serde(alias = "ReplicationGroupId")]
    pub DBClusterIdentifier: Option<String>,
    #[serde(alias = "CacheClusterId")]
    pub DBInstanceIdentifier: Option<String>,
    pub DBClusterMembers: Option<Vec<Member>>,
    pub MemberClusters: Option<Vec<String>>,
    #[serde(alias = "kmsKeyId", alias = "kmsKeyIdentifier", alias = "EncryptionKeyArn")]
    pub KmsKeyId: Option<String>,
    /// DynamoDB's, Keyspaces' and Aurora DSQL's.
    #[serde(alias = "encryptionSpecification", alias = "encryptionDetails")]
    pub SSEDescription: Option<WithKey>,
    pub PerformanceInsightsKMSKeyId: Option<String>,
    pub MasterUserSecret: Option<WithKey>,
    pub ActivityStreamKmsKeyId: Option<String>,
    pub AssociatedRoles: Option<Vec<BTreeMap<String, String>>>,
    pub MonitoringRoleArn: Option<String>,
    pub RoleArn: Option<String>,
    pub IamRoleArn: Option<String>,
    pub Auth: Option<Vec<BTreeMap<String, String>>>,
}

/// A member of a cluster.
#[derive(Deserialize)]
#[expect(non_snake_case, reason = "fields keep the names that the AWS API gives them")]
pub struct Member {
    pub DBInstanceIdentifier: String,
}

/// A structure that names a key among other things.
#[derive(Deserialize)]
#[expect(non_snake_case, reason = "fields keep the names that the AWS API gives them")]
pub struct WithKey {
    #[serde(alias = "KMSMasterKeyArn", alias = "kmsKeyIdentifier", alias = "kmsKeyArn")]
    pub KmsKeyId: Option<String>,
}

impl CommonFields {
    /// Those of a resource.
    pub fn of(resource: &Resource) -> Result<&Self, Gap> {
        resource.read()
    }

    /// Parses those of all databases of a scope side by side, before indices go through them one by one.
    pub fn prepare(scope: &Scope) {
        let databases = scope.resources.par_iter().filter(|resource| resource.kind.role == Role::Judged);
        databases.for_each(|resource| drop(Self::of(resource)));
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;
    use crate::inventory::Kind;
    use crate::inventory::read::Source;

    #[test]
    fn they_are_read_of_every_kind() {
        let mut kinds = BTreeSet::new();
        let demo = Source::new(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/demo.jsonl")).unwrap();
        for scope in demo.scopes().unwrap() {
            for resource in &scope.unwrap().resources {
                assert!(CommonFields::of(resource).is_ok(), "{}: {}", resource.arn, resource.data);
                kinds.insert(resource.kind);
            }
        }
        assert!(kinds.len() > Kind::judged().count() / 2, "{kinds:?}");
    }
}
