//! What the policy of a backup vault denies everyone: `vault_policy`.

use std::borrow::Cow;

use crate::facts::policy::{Answer, Context, Policy, Request};
use crate::facts::{Fact, Index, fact};
use crate::inventory::backup::BackupVault;
use crate::inventory::{Gap, Known, Reason, Resource, kinds};
use crate::value::{IntoNode, Node};

fact! {
    /// What the policy of a backup vault denies everyone, whoever they are.
    VaultPolicy {
        /// The actions against its recovery points of databases and against the policy itself.
        denied: Known<Vec<String>>,
    }
}

/// `vault_policy`.
pub const VAULT_POLICY: Fact = Fact {
    name: "vault_policy",
    about: "What the policy of a backup vault denies everyone: deleting and expiring its recovery points of databases, and changing the policy.",
    applies: |kind| kind == kinds::BACKUP_VAULT,
    schema: |_| schemars::schema_for!(VaultPolicy),
    operations: |kind, _| Cow::Owned([POLICY, POINTS].map(|field| kind.operations_of(field)).concat()),
    derive: |resource, index| VaultPolicy { denied: denied(resource, index).into() }.into_node().unwrap_or_else(|| Node::map([])),
};

const POLICY: &str = "Policy";
const POINTS: &str = "RecoveryPoints";

/// What takes recovery points away, on those of the vault; and what takes the policy away, on the vault.
const OF_POINTS: [&str; 2] = ["backup:DeleteRecoveryPoint", "backup:UpdateRecoveryPointLifecycle"];
const OF_VAULT: [&str; 2] = ["backup:DeleteBackupVaultAccessPolicy", "backup:PutBackupVaultAccessPolicy"];

fn denied(resource: &Resource, index: &Index<'_>) -> Result<Vec<String>, Gap> {
    let unreadable = |why: String| Gap::new("backup:GetBackupVaultAccessPolicy", Reason::NotEvaluated, why);
    let vault: BackupVault = resource.data().map_err(|error| unreadable(error.to_string()))?;
    let Some(text) = of_call(resource, POLICY, vault.Policy, index)? else { return Ok(Vec::new()) };
    let policy = Policy::parse(&text).map_err(unreadable)?;
    let points = resource.required(POINTS, of_call(resource, POINTS, vault.RecoveryPoints, index)?)?;
    let points: Vec<_> = points.into_iter().filter_map(|point| point.RecoveryPointArn).collect();
    let on_points = OF_POINTS.map(|action| (action, points.clone()));
    let on_vault = OF_VAULT.map(|action| (action, vec![resource.arn.clone()]));
    let mut denied = Vec::new();
    for (action, resources) in on_points.into_iter().chain(on_vault) {
        let context = &Context::default();
        let answers = resources.iter().map(|resource| policy.denies_everyone(Request { action, resource, context }));
        match Answer::all(answers) {
            Answer::Yes => denied.push(action.to_owned()),
            Answer::No => {}
            Answer::Maybe(keys) => {
                let keys = keys.into_iter().collect::<Vec<_>>().join(", ");
                return Err(unreadable(format!("whether the policy denies everyone {action} depends on {keys}")));
            }
        }
    }
    Ok(denied)
}

/// A field that a call of its own fills, absent where it said so.
fn of_call<T>(resource: &Resource, field: &str, value: Option<T>, index: &Index<'_>) -> Result<Option<T>, Gap> {
    let operation = resource.kind.operations_of(field).first().copied().unwrap_or_default();
    let unread = || resource.gap_of(field).or_else(|| index.scope.gap_of(operation));
    value.map_or_else(|| unread().map_or(Ok(None), Err), |value| Ok(Some(value)))
}
