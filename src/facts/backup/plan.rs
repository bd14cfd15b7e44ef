//! What a backup plan does for databases: `plan`.

use std::borrow::Cow;

use super::{schedule, selection};
use crate::facts::{Fact, Index, fact};
use crate::inventory::backup::{self, BackupPlan, BackupRule, Lifecycle};
use crate::inventory::{Gap, Kind, Known, Reason, Resource, kinds};
use crate::value::{IntoNode, Node};

fact! {
    /// What a backup plan does for the databases of the region.
    Plan {
        /// Whether it selects any.
        selects_databases: Known<bool>,
        /// Its rules that back up at least once a day.
        daily_rules: Known<Vec<DailyRule>>,
    }

    /// A rule that backs up at least once a day.
    DailyRule {
        /// Its name.
        name: String,
        /// For how many days its recovery points are kept; absent where they are for ever.
        kept_days: Option<i64>,
    }
}

/// `plan`.
pub const PLAN: Fact = Fact {
    name: "plan",
    about: "What a backup plan does for the databases of the region: whether it selects any, and how long its daily rules keep recovery points.",
    applies: |kind| kind == kinds::BACKUP_PLAN,
    schema: |_| schemars::schema_for!(Plan),
    operations: |kind, field| match field {
        "daily_rules" => Cow::Borrowed(kind.operations_of("Rules")),
        _ => Cow::Owned([selection::operations(), kind.found_by.to_vec(), tag_operations()].concat()),
    },
    derive: |resource, index| derive(resource, index).into_node().unwrap_or_else(|| Node::map([])),
};

/// What tells the tags of databases, by which plans may select them.
fn tag_operations() -> Vec<&'static str> {
    Kind::all().filter(|kind| !backup::resource_types(*kind).is_empty()).flat_map(Kind::tag_operations).copied().collect()
}

fn derive(resource: &Resource, index: &Index<'_>) -> Plan {
    let plan: Result<BackupPlan, Gap> = resource.data().map_err(|error| Gap::new("backup:GetBackupPlan", Reason::Failed, error.to_string()));
    let rules = plan.clone().and_then(|plan| resource.required("Rules", plan.Rules));
    let selects = plan.and_then(|plan| selection::selects_any(plan.BackupPlanId.as_deref().unwrap_or_default(), index));
    Plan { selects_databases: selects.into(), daily_rules: rules.and_then(|rules| daily(&rules)).into() }
}

fn daily(rules: &[BackupRule]) -> Result<Vec<DailyRule>, Gap> {
    let mut daily = Vec::new();
    for rule in rules {
        let expression = rule.ScheduleExpression.as_deref().unwrap_or(schedule::DEFAULT);
        let why = || Gap::new("backup:GetBackupPlan", Reason::NotEvaluated, format!("how often {expression:?} runs is not understood"));
        if schedule::is_daily(expression).ok_or_else(why)? {
            daily.push(DailyRule { name: rule.RuleName.clone().unwrap_or_default(), kept_days: kept_days(rule) });
        }
    }
    Ok(daily)
}

/// For how many days a recovery point is there, in the vault or, where it is deleted once it is copied,
/// where it is copied to.
fn kept_days(rule: &BackupRule) -> Option<i64> {
    let days = |lifecycle: &Option<Lifecycle>| lifecycle.as_ref().and_then(|lifecycle| lifecycle.DeleteAfterDays);
    if rule.Lifecycle.as_ref().is_some_and(|lifecycle| lifecycle.DeleteAfterEvent.is_some()) {
        let copies = rule.CopyActions.iter().flatten().map(|copy| days(&copy.Lifecycle));
        return copies.map(|days| days.unwrap_or(i64::MAX)).max().map_or(Some(0), |days| Some(days).filter(|days| *days != i64::MAX));
    }
    days(&rule.Lifecycle)
}
