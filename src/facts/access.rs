//! Who a resource's own policy lets in: `access`, and `stream_access` for the stream of a table.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::policy::{self, LetIn};
use super::{Fact, Index, dynamodb, fact};
use crate::inventory::{Gap, Kind, Known, Reason, Resource, kinds};
use crate::value::{IntoNode, Node};

fact! {
    /// What the resource's policy allows; no policy allows nothing.
    Access {
        /// Whether it lets anyone use the resource.
        public: Known<bool>,
        /// The statements that do, by `Sid` or position.
        public_statements: Known<Vec<String>>,
        /// The accounts that it lets in, its own among them; where it lets in anyone, some may be missing.
        accounts: Known<Vec<String>>,
        /// The organizations that it lets in; where it lets in anyone, some may be missing.
        organizations: Known<Vec<String>>,
    }
}

/// `access`.
pub const ACCESS: Fact = Fact {
    name: "access",
    about: "Who the resource's own policy lets in.",
    applies: |kind| Source::of(kind).is_some(),
    schema: |_| schemars::schema_for!(Access),
    operations: |kind, _| Cow::Borrowed(Source::of(kind).map_or(&[], |source| kind.operations_of(source.field))),
    derive: |resource, index| node(let_in(resource, index), resource),
};

/// Whom the policy of a resource lets in; nobody where resources of the kind have none.
pub fn let_in(resource: &Resource, index: &Index<'_>) -> Result<LetIn, Gap> {
    Source::of(resource.kind).map_or_else(|| Ok(LetIn::default()), |source| source.lets_in(resource, index))
}

/// `stream_access`.
pub const STREAM_ACCESS: Fact = Fact {
    name: "stream_access",
    about: "Who the policy of the table's stream lets in; the policy of the table does not speak of it.",
    applies: |kind| kind == kinds::DYNAMODB_TABLE,
    schema: |_| schemars::schema_for!(Access),
    operations: |_, _| Cow::Borrowed(&["dynamodb:DescribeTable", "dynamodb:GetResourcePolicy"]),
    derive: |resource, index| node(of_stream(resource, index), resource),
};

/// Where the policy of a resource is, and what it can allow.
struct Source {
    kind: Kind,
    field: &'static str,
    actions: &'static [&'static str],
    /// Whether every resource of the kind has one.
    always: bool,
}

impl Source {
    fn of(kind: Kind) -> Option<&'static Self> {
        [&KEY, &TABLE, &CLUSTER, &VAULT, &SECRET].into_iter().find(|source| source.kind == kind)
    }

    /// What tells the policy.
    fn operation(&self) -> &'static str {
        self.kind.operations_of(self.field).first().copied().unwrap_or_default()
    }

    /// Whom the policy lets in; nobody where it is known that there is none.
    fn lets_in(&self, resource: &Resource, index: &Index<'_>) -> Result<LetIn, Gap> {
        let text = self.text(resource, index)?;
        text.map_or_else(|| Ok(LetIn::default()), |text| policy::lets_in(&text, self.actions, self.operation()))
    }

    /// The text of the policy; none where it is known that there is none.
    fn text(&self, resource: &Resource, index: &Index<'_>) -> Result<Option<String>, Gap> {
        let operation = self.operation();
        let mut data: serde_json::Map<String, serde_json::Value> =
            resource.data().map_err(|error| Gap::new(operation, Reason::Failed, error.to_string()))?;
        if let Some(serde_json::Value::String(text)) = data.remove(self.field) {
            return Ok(Some(text));
        }
        let unread = resource.gap_of(self.field).or_else(|| index.scope.gap_of(operation));
        unread.or_else(|| self.always.then(|| resource.not_returned(self.field))).map_or(Ok(None), Err)
    }
}

/// The text of a resource's own policy, and the operation that tells it; no text where it is known
/// that there is none.
pub fn policy_of(resource: &Resource, index: &Index<'_>) -> Result<(Option<String>, &'static str), Gap> {
    let Some(source) = Source::of(resource.kind) else { return Ok((None, "")) };
    source.text(resource, index).map(|text| (text, source.operation()))
}

/// Whom the stream's policy lets in: nobody where there is no stream.
fn of_stream(resource: &Resource, index: &Index<'_>) -> Result<LetIn, Gap> {
    // The policy is asked for by the stream's ARN.
    if dynamodb::stream(resource, index)?.is_none() {
        return Ok(LetIn::default());
    }
    STREAM.lets_in(resource, index)
}

fn node(let_in: Result<LetIn, Gap>, resource: &Resource) -> Node<'static> {
    let named = |ids: fn(&LetIn) -> &BTreeSet<String>| let_in.clone().and_then(|let_in| named(&let_in, ids, resource)).into();
    let statements = let_in.clone().map(|let_in| let_in.public);
    let access = Access {
        public: statements.clone().map(|statements| !statements.is_empty()).into(),
        public_statements: statements.into(),
        accounts: named(|let_in| &let_in.accounts),
        organizations: named(|let_in| &let_in.organizations),
    };
    access.into_node().unwrap_or_else(|| Node::map([]))
}

/// Those that are named; a gap where others are let in whose account is not known.
fn named(let_in: &LetIn, ids: fn(&LetIn) -> &BTreeSet<String>, resource: &Resource) -> Result<Vec<String>, Gap> {
    if let_in.unnamed.is_empty() {
        return Ok(ids(let_in).iter().cloned().collect());
    }
    let operation = Source::of(resource.kind).map_or("", Source::operation);
    let statements = let_in.unnamed.iter().cloned().collect::<Vec<_>>().join(", ");
    let why = format!("of which accounts those are that {statements} of the policy lets in is not known: it names none");
    Err(Gap::new(operation, Reason::NotEvaluated, why))
}

/// What reads what a key protects, or hands on the right to.
static KEY: Source = Source {
    kind: kinds::KMS_KEY,
    field: "Policy",
    actions: &["kms:Decrypt", "kms:CreateGrant", "kms:ReEncryptFrom", "kms:GenerateDataKey", "kms:PutKeyPolicy"],
    always: true,
};

static TABLE: Source = Source {
    kind: kinds::DYNAMODB_TABLE,
    field: "ResourcePolicy",
    actions: &[
        "dynamodb:BatchGetItem",
        "dynamodb:BatchWriteItem",
        "dynamodb:ConditionCheckItem",
        "dynamodb:CreateBackup",
        "dynamodb:CreateTableReplica",
        "dynamodb:DeleteItem",
        "dynamodb:DeleteResourcePolicy",
        "dynamodb:DeleteTable",
        "dynamodb:DeleteTableReplica",
        "dynamodb:DescribeContinuousBackups",
        "dynamodb:DescribeContributorInsights",
        "dynamodb:DescribeKinesisStreamingDestination",
        "dynamodb:DescribeTable",
        "dynamodb:DescribeTableReplicaAutoScaling",
        "dynamodb:DescribeTimeToLive",
        "dynamodb:DisableKinesisStreamingDestination",
        "dynamodb:EnableKinesisStreamingDestination",
        "dynamodb:ExportTableToPointInTime",
        "dynamodb:GetItem",
        "dynamodb:GetResourcePolicy",
        "dynamodb:ListTagsOfResource",
        "dynamodb:PartiQLDelete",
        "dynamodb:PartiQLInsert",
        "dynamodb:PartiQLSelect",
        "dynamodb:PartiQLUpdate",
        "dynamodb:PutItem",
        "dynamodb:PutResourcePolicy",
        "dynamodb:Query",
        "dynamodb:ReadDataForReplication",
        "dynamodb:ReplicateSettings",
        "dynamodb:RestoreTableToPointInTime",
        "dynamodb:Scan",
        "dynamodb:TagResource",
        "dynamodb:UntagResource",
        "dynamodb:UpdateContinuousBackups",
        "dynamodb:UpdateContributorInsights",
        "dynamodb:UpdateItem",
        "dynamodb:UpdateKinesisStreamingDestination",
        "dynamodb:UpdateTable",
        "dynamodb:UpdateTableReplicaAutoScaling",
        "dynamodb:UpdateTimeToLive",
        "dynamodb:WriteDataForReplication",
    ],
    always: false,
};

static STREAM: Source = Source {
    kind: kinds::DYNAMODB_TABLE,
    field: "StreamResourcePolicy",
    actions: &[
        "dynamodb:DeleteResourcePolicy",
        "dynamodb:DescribeStream",
        "dynamodb:GetRecords",
        "dynamodb:GetResourcePolicy",
        "dynamodb:GetShardIterator",
        "dynamodb:PutResourcePolicy",
    ],
    always: false,
};

static CLUSTER: Source = Source {
    kind: kinds::DSQL_CLUSTER,
    field: "policy",
    actions: &[
        "dsql:AddPeerCluster",
        "dsql:CreateStream",
        "dsql:DbConnect",
        "dsql:DbConnectAdmin",
        "dsql:DeleteCluster",
        "dsql:DeleteClusterPolicy",
        "dsql:DeleteStream",
        "dsql:GetCluster",
        "dsql:GetClusterPolicy",
        "dsql:GetStream",
        "dsql:GetVpcEndpointServiceName",
        "dsql:ListStreams",
        "dsql:ListTagsForResource",
        "dsql:PutClusterPolicy",
        "dsql:PutMultiRegionProperties",
        "dsql:PutWitnessRegion",
        "dsql:RemovePeerCluster",
        "dsql:TagResource",
        "dsql:UntagResource",
        "dsql:UpdateCluster",
    ],
    always: false,
};

static VAULT: Source = Source {
    kind: kinds::BACKUP_VAULT,
    field: "Policy",
    actions: &[
        "backup:CopyFromBackupVault",
        "backup:CopyIntoBackupVault",
        "backup:DeleteBackupVault",
        "backup:DeleteBackupVaultAccessPolicy",
        "backup:DeleteBackupVaultLockConfiguration",
        "backup:DeleteBackupVaultNotifications",
        "backup:DeleteRecoveryPoint",
        "backup:DescribeBackupVault",
        "backup:DescribeRecoveryPoint",
        "backup:DisassociateRecoveryPoint",
        "backup:GetBackupVaultAccessPolicy",
        "backup:GetBackupVaultNotifications",
        "backup:GetRecoveryPointRestoreMetadata",
        "backup:ListRecoveryPointsByBackupVault",
        "backup:PutBackupVaultAccessPolicy",
        "backup:PutBackupVaultLockConfiguration",
        "backup:PutBackupVaultNotifications",
        "backup:StartBackupJob",
        "backup:StartCopyJob",
        "backup:StartRestoreJob",
        "backup:UpdateRecoveryPointLifecycle",
    ],
    always: false,
};

static SECRET: Source = Source {
    kind: kinds::SECRET,
    field: "ResourcePolicy",
    actions: &[
        "secretsmanager:CancelRotateSecret",
        "secretsmanager:DeleteResourcePolicy",
        "secretsmanager:DeleteSecret",
        "secretsmanager:DescribeSecret",
        "secretsmanager:GetResourcePolicy",
        "secretsmanager:GetSecretValue",
        "secretsmanager:ListSecretVersionIds",
        "secretsmanager:PutResourcePolicy",
        "secretsmanager:PutSecretValue",
        "secretsmanager:RemoveRegionsFromReplication",
        "secretsmanager:ReplicateSecretToRegions",
        "secretsmanager:RestoreSecret",
        "secretsmanager:RotateSecret",
        "secretsmanager:StopReplicationToReplica",
        "secretsmanager:TagResource",
        "secretsmanager:UntagResource",
        "secretsmanager:UpdateSecret",
        "secretsmanager:UpdateSecretVersionStage",
    ],
    always: false,
};
