//! How busy a DB instance has been in the last days, by CloudWatch: `usage`.

use std::borrow::Cow;
use std::sync::Arc;

use super::{Fact, Index, fact};
use crate::inventory::{Gap, Known, Resource, kinds};
use crate::value::{IntoNode, Node};

fact! {
    /// How busy an instance has been in the seven days before the scan, by hourly averages.
    Usage {
        /// Hours of which CloudWatch has the CPU's utilisation: the instance ran in them.
        hours: Known<i64>,
        /// The busiest hour of the CPU, in percent.
        cpu_highest: Known<f64>,
        /// The last hour of the CPU, in percent.
        cpu_latest: Known<f64>,
        /// The busiest hour of the storage: reads a second and writes a second, each at its highest.
        operations_highest: Known<f64>,
    }
}

/// `usage`.
pub const FACT: Fact = Fact {
    name: "usage",
    about: "How busy the instance has been in the seven days before the scan: `usage.hours`, `usage.cpu_highest` and `usage.cpu_latest` in percent, `usage.operations_highest` a second.",
    applies: |kind| kind == kinds::DB_INSTANCE,
    schema: |_| schemars::schema_for!(Usage),
    operations: |_, _| Cow::Borrowed(kinds::METRIC.operations),
    derive: |resource, index| derive(resource, index).into_node().unwrap_or(Node::Gap(Arc::new(resource.not_returned("usage")))),
};

fn derive(instance: &Resource, index: &Index<'_>) -> Usage {
    let cpu = values(instance, "CPUUtilization", index);
    let highest = |values: &[f64]| values.iter().copied().reduce(f64::max);
    let no_values = || index.metrics().not_visible(&format!("values of {}", instance.arn));
    let of =
        |values: &Result<&[f64], Gap>, choose: &dyn Fn(&[f64]) -> Option<f64>| values.clone().and_then(|values| choose(values).ok_or_else(no_values));
    let reads = of(&values(instance, "ReadIOPS", index), &highest);
    let writes = of(&values(instance, "WriteIOPS", index), &highest);
    Usage {
        hours: cpu.clone().map(|values| i64::try_from(values.len()).unwrap_or(i64::MAX)).into(),
        cpu_highest: of(&cpu, &highest).into(),
        cpu_latest: of(&cpu, &|values| values.first().copied()).into(),
        operations_highest: reads.and_then(|reads| writes.map(|writes| reads + writes)).into(),
    }
}

/// The values of a metric, newest first.
fn values<'i>(instance: &Resource, metric: &str, index: &'i Index<'_>) -> Result<&'i [f64], Gap> {
    let row = index.metrics().get(&format!("{} {metric}", instance.arn))?;
    row.resource.required("Values", row.data.Values.as_deref())
}
