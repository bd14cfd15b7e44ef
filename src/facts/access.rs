//! Who a resource's own policy lets in: `access`, and `stream_access` for the stream of a table.

use std::borrow::Cow;
use std::collections::HashMap;

use serde_json::value::RawValue;

use super::policy::{self, LetIn};
use super::trusted::strangers;
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
        /// The accounts and organizations that it lets in and that are not trusted; `everyone` where it is public.
        untrusted: Known<Vec<String>>,
    }
}

/// `access`.
pub const ACCESS: Fact = Fact {
    name: "access",
    about: "Who the resource's own policy lets in.",
    applies: |kind| Source::of(kind).is_some(),
    schema: |_| schemars::schema_for!(Access),
    operations: |kind, field| Source::of(kind).map_or(Cow::Borrowed(&[]), |source| with_trust(kind.operations_of(source.field), field)),
    derive: |resource, index| Source::of(resource.kind).map_or_else(|| Node::map([]), |source| source.access(resource, index)),
};

/// The statements by which the policy of a resource lets in anyone; none where resources of the kind have no policy.
pub fn public_statements(resource: &Resource, index: &Index<'_>) -> Result<Vec<String>, Gap> {
    Source::of(resource.kind).map_or_else(|| Ok(Vec::new()), |source| source.public(&source.lets_in(resource, index)?))
}

/// What tells a field of `access`, where these tell the policy.
fn with_trust(policy: &'static [&'static str], field: &str) -> Cow<'static, [&'static str]> {
    if field == "untrusted" { Cow::Owned([policy, kinds::ORGANIZATION.operations].concat()) } else { Cow::Borrowed(policy) }
}

/// `stream_access`.
pub const STREAM_ACCESS: Fact = Fact {
    name: "stream_access",
    about: "Who the policy of the table's stream lets in; the policy of the table does not speak of it.",
    applies: |kind| kind == kinds::DYNAMODB_TABLE,
    schema: |_| schemars::schema_for!(Access),
    operations: |_, field| with_trust(&["dynamodb:DescribeTable", "dynamodb:GetResourcePolicy"], field),
    derive: of_stream,
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

    fn access(&self, resource: &Resource, index: &Index<'_>) -> Node<'static> {
        let let_in = self.lets_in(resource, index);
        let untrusted = let_in.as_ref().map_err(Clone::clone).and_then(|let_in| self.untrusted(let_in, resource, index));
        Access::of(let_in.and_then(|let_in| self.public(&let_in)), untrusted)
    }

    fn public(&self, let_in: &LetIn) -> Result<Vec<String>, Gap> {
        let_in.everybody().map(<[_]>::to_vec).map_err(|doubt| self.undecided(doubt))
    }

    /// Those who are not trusted; a gap where there may be some and none is known.
    fn untrusted(&self, let_in: &LetIn, resource: &Resource, index: &Index<'_>) -> Result<Vec<String>, Gap> {
        if !let_in.public.is_empty() {
            return Ok(vec!["everyone".to_owned()]);
        }
        let unnamed = || {
            let statements = let_in.unnamed.iter().cloned().collect::<Vec<_>>().join(", ");
            format!("of which accounts those are that {statements} of the policy lets in is not known: it names none")
        };
        let unnamed = (!let_in.unnamed.is_empty()).then(unnamed);
        let strangers = strangers(&let_in.named, resource, index);
        match let_in.doubt.clone().or(unnamed) {
            Some(why) if strangers.as_ref().is_ok_and(Vec::is_empty) => Err(self.undecided(&why)),
            _ => strangers,
        }
    }

    fn undecided(&self, why: &str) -> Gap {
        Gap::new(self.operation(), Reason::NotEvaluated, why)
    }

    /// Whom the policy lets in; nobody where it is known that there is none.
    fn lets_in(&self, resource: &Resource, index: &Index<'_>) -> Result<LetIn, Gap> {
        let text = self.text(resource, index)?;
        text.map_or_else(|| Ok(LetIn::default()), |text| policy::lets_in(&text, self.actions, self.operation()))
    }

    /// The text of the policy; none where it is known that there is none.
    fn text(&self, resource: &Resource, index: &Index<'_>) -> Result<Option<String>, Gap> {
        let operation = self.operation();
        let data: HashMap<Cow<'_, str>, &RawValue> =
            serde_json::from_str(resource.data.get()).map_err(|error| Gap::new(operation, Reason::Failed, error.to_string()))?;
        if let Some(text) = data.get(self.field).and_then(|text| serde_json::from_str(text.get()).ok()) {
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

/// A table without a stream lets nobody in by one.
fn of_stream<'i>(resource: &'i Resource, index: &'i Index<'_>) -> Node<'i> {
    // The policy is asked for by the stream's ARN.
    match dynamodb::stream(resource, index) {
        Ok(Some(_)) => STREAM.access(resource, index),
        Ok(None) => Access::of(Ok(Vec::new()), Ok(Vec::new())),
        Err(gap) => Access::of(Err(gap.clone()), Err(gap)),
    }
}

impl Access {
    fn of(public: Result<Vec<String>, Gap>, untrusted: Result<Vec<String>, Gap>) -> Node<'static> {
        let access = Self {
            public: public.clone().map(|statements| !statements.is_empty()).into(),
            public_statements: public.into(),
            untrusted: untrusted.into(),
        };
        access.into_node().unwrap_or_else(|| Node::map([]))
    }
}

/// What reads what a key protects, or hands on the right to.
pub const KEY_ACTIONS: &[&str] = &["kms:Decrypt", "kms:CreateGrant", "kms:ReEncryptFrom", "kms:GenerateDataKey", "kms:PutKeyPolicy"];

static KEY: Source = Source { kind: kinds::KMS_KEY, field: "Policy", actions: KEY_ACTIONS, always: true };

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
