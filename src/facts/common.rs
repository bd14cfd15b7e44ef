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
    use serde_json::{Value, json};

    use super::*;
    use crate::inventory::Kind;

    /// A value of a schema, with all that it may have; null where it goes on and on.
    fn full(schema: &Value, root: &Value, depth: usize) -> Value {
        if depth == 0 {
            return Value::Null;
        }
        let within = |schema: &Value| full(schema, root, depth - 1);
        if let Some(reference) = schema["$ref"].as_str() {
            return within(root.pointer(reference.trim_start_matches('#')).unwrap());
        }
        if let Some(choices) = schema["anyOf"].as_array().or_else(|| schema["oneOf"].as_array()) {
            return within(&choices[0]);
        }
        match schema["type"].as_str().or_else(|| schema["type"][0].as_str()).unwrap_or_else(|| panic!("{schema}")) {
            "string" => json!("x"),
            "integer" => json!(1),
            "number" => json!(1.5),
            "boolean" => json!(true),
            "array" => json!([within(&schema["items"])]),
            "object" => {
                let own = schema["properties"].as_object().into_iter().flatten().map(|(name, of)| (name.clone(), within(of)));
                let any = schema.get("additionalProperties").filter(|of| of.is_object()).map(|of| ("x".to_owned(), within(of)));
                own.chain(any).collect()
            }
            other => panic!("{other}"),
        }
    }

    #[test]
    fn they_are_read_of_every_kind_whatever_it_has() {
        let mut named = 0;
        for kind in Kind::all() {
            let schema = (kind.schema)().to_value();
            let data = full(&schema, &schema, 8);
            let fields = CommonFields::deserialize(&data).unwrap_or_else(|error| panic!("{kind}: {error}: {data}"));
            named += usize::from(fields.KmsKeyId.is_some() || fields.SSEDescription.is_some());
        }
        assert!(named > 20, "{named}");
    }
}
