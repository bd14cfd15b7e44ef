//! What the DynamoDB tables of a region have provisioned, and the most they may: `throughput`.

use std::borrow::Cow;

use super::{Fact, Index, dynamodb, fact};
use crate::inventory::dynamodb::{Limits, ProvisionedThroughput};
use crate::inventory::{Gap, Known, kinds};
use crate::value::{IntoNode, Node};

fact! {
    /// The capacity units of a region's tables and their indexes; what is on demand provisions none.
    Throughput {
        /// Read capacity units that are provisioned.
        read: Known<i64>,
        /// Write capacity units that are provisioned.
        write: Known<i64>,
        /// The most read capacity units that the account may provision.
        read_limit: Known<i64>,
        /// The most write capacity units that the account may provision.
        write_limit: Known<i64>,
    }
}

/// `throughput`.
pub const FACT: Fact = Fact {
    name: "throughput",
    about: "The read and write capacity units that the account's DynamoDB tables in the region have provisioned, and the most they may.",
    applies: |kind| kind == kinds::ACCOUNT,
    schema: |_| schemars::schema_for!(Throughput),
    operations: |_, field| {
        Cow::Borrowed(if field.ends_with("limit") { kinds::DYNAMODB_LIMITS.operations } else { &["dynamodb:ListTables", "dynamodb:DescribeTable"] })
    },
    derive: |_, index| {
        let provisioned = provisioned(index);
        let throughput = Throughput {
            read: provisioned.clone().map(|(read, _)| read).into(),
            write: provisioned.map(|(_, write)| write).into(),
            read_limit: limit(index, "AccountMaxReadCapacityUnits", |limits| limits.AccountMaxReadCapacityUnits).into(),
            write_limit: limit(index, "AccountMaxWriteCapacityUnits", |limits| limits.AccountMaxWriteCapacityUnits).into(),
        };
        throughput.into_node().unwrap_or_else(|| Node::map([]))
    },
};

/// The read and write capacity units of all tables and their indexes.
fn provisioned(index: &Index<'_>) -> Result<(i64, i64), Gap> {
    if let Some(gap) = index.scope.gap_in_listing(kinds::DYNAMODB_TABLE) {
        return Err(gap);
    }
    index.of_kind(kinds::DYNAMODB_TABLE).iter().try_fold((0, 0), |(read, write), resource| {
        let table = dynamodb::described(resource, index, "ProvisionedThroughput")?;
        let of_indexes = table.GlobalSecondaryIndexes.iter().flatten().map(|index| &index.ProvisionedThroughput);
        let units = |throughput: &Option<ProvisionedThroughput>| {
            let ProvisionedThroughput { ReadCapacityUnits, WriteCapacityUnits } = resource.required("ProvisionedThroughput", throughput.as_ref())?;
            Ok((resource.required("ProvisionedThroughput", *ReadCapacityUnits)?, resource.required("ProvisionedThroughput", *WriteCapacityUnits)?))
        };
        std::iter::once(&table.ProvisionedThroughput).chain(of_indexes).map(units).try_fold((read, write), |(read, write), units| {
            let (more_reads, more_writes) = units?;
            Ok((read + more_reads, write + more_writes))
        })
    })
}

fn limit(index: &Index<'_>, field: &str, of: fn(&Limits) -> Option<i64>) -> Result<i64, Gap> {
    let row = index.dynamodb_limits().get("")?;
    row.resource.required(field, of(&row.data))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::facts::testing::World;
    use crate::inventory::kinds::{ACCOUNT, DYNAMODB_LIMITS, DYNAMODB_TABLE};

    fn units(read: i64, write: i64) -> Value {
        json!({"ReadCapacityUnits": read, "WriteCapacityUnits": write})
    }

    fn world() -> World {
        let indexes = json!([{"IndexName": "by-date", "ProvisionedThroughput": units(10, 20)}]);
        World::complete()
            .with(ACCOUNT, "it", json!({}))
            .with(DYNAMODB_TABLE, "orders", json!({"ProvisionedThroughput": units(100, 200), "GlobalSecondaryIndexes": indexes}))
            .with(DYNAMODB_TABLE, "carts", json!({"ProvisionedThroughput": units(0, 0)}))
            .with(DYNAMODB_LIMITS, "limits", json!({"AccountMaxReadCapacityUnits": 80000, "AccountMaxWriteCapacityUnits": 80000}))
    }

    fn expected(read: Value, write: Value, limit: Value) -> Value {
        json!({"read": read, "write": write, "read_limit": limit, "write_limit": limit})
    }

    #[test]
    fn tables_and_their_indexes_are_summed() {
        assert_eq!(world().fact("throughput", "it"), expected(json!(110), json!(220), json!(80000)));
    }

    #[test]
    fn what_of_it_is_unread_is_a_gap() {
        let gap = |operation: &str| json!({"gap": operation});
        let tables = |operation: &str| expected(gap(operation), gap(operation), json!(80000));
        assert_eq!(world().denied("dynamodb:ListTables").fact("throughput", "it"), tables("dynamodb:ListTables"));
        assert_eq!(world().denied("dynamodb:DescribeTable").fact("throughput", "it"), tables("dynamodb:DescribeTable"));
        assert_eq!(world().patch("carts", json!({"ProvisionedThroughput": null})).fact("throughput", "it"), tables("dynamodb:DescribeTable"));
        let limits = world().denied("dynamodb:DescribeLimits").fact("throughput", "it");
        assert_eq!(limits, expected(json!(110), json!(220), gap("dynamodb:DescribeLimits")));
    }
}
