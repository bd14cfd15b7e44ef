//! What reads the stream of a DynamoDB table: `stream_consumers`.
//!
//! Consumers of other accounts, and programs that read the stream themselves, are not seen.

use std::borrow::Cow;
use std::sync::Arc;

use super::{Fact, Index, dynamodb};
use crate::inventory::{Gap, Resource, kinds};
use crate::value::{IntoNode, Node};

/// `stream_consumers`: a list, empty where the table has no stream.
pub const FACT: Fact = Fact {
    name: "stream_consumers",
    about: "The ARNs of the Lambda functions and EventBridge pipes that the account has reading the table's stream.",
    applies: |kind| kind == kinds::DYNAMODB_TABLE,
    schema: |_| schemars::schema_for!(Vec<String>),
    operations: |_, _| Cow::Borrowed(&["dynamodb:DescribeTable", "lambda:ListEventSourceMappings", "pipes:ListPipes"]),
    derive: |resource, index| match derive(resource, index) {
        Ok(consumers) => consumers.into_node().unwrap_or_else(|| Node::map([])),
        Err(gap) => Node::Gap(Arc::new(gap)),
    },
};

/// States of mappings and pipes that read, or are about to.
const READING: [&str; 8] = ["Creating", "Enabling", "Enabled", "Updating", "CREATING", "STARTING", "RUNNING", "UPDATING"];

fn derive(resource: &Resource, index: &Index<'_>) -> Result<Vec<String>, Gap> {
    let Some(stream) = dynamodb::stream(resource, index)? else { return Ok(Vec::new()) };
    let reads = |source: &Option<String>, state: &Option<String>| {
        source.as_ref() == Some(&stream) && state.as_deref().is_some_and(|state| READING.contains(&state))
    };
    let (mappings, unseen_mappings) = index.event_source_mappings().seen();
    let mappings = mappings.filter(|row| reads(&row.data.EventSourceArn, &row.data.State)).filter_map(|row| row.data.FunctionArn.clone());
    let (pipes, unseen_pipes) = index.pipes().seen();
    let pipes = pipes.filter(|row| reads(&row.data.Source, &row.data.CurrentState)).filter_map(|row| row.data.Arn.clone());
    let mut consumers: Vec<_> = mappings.chain(pipes).collect();
    consumers.sort();
    // One that was seen is enough; that there is none takes both listings.
    unseen_mappings.or(unseen_pipes).filter(|_| consumers.is_empty()).map_or(Ok(consumers), Err)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::facts::testing::World;
    use crate::inventory::kinds::{DYNAMODB_TABLE, EVENT_SOURCE_MAPPING, PIPE};

    const STREAM: &str = "arn:aws:dynamodb:us-east-1:111122223333:table/orders/stream/2026-03-01T09:00:00.000";

    fn world() -> World {
        let table = json!({"TableName": "orders", "StreamSpecification": {"StreamEnabled": true}, "LatestStreamArn": STREAM});
        World::complete().with(DYNAMODB_TABLE, "t", table)
    }

    fn mapping(source: &str, state: &str) -> Value {
        json!({"UUID": "1", "EventSourceArn": source, "FunctionArn": "function", "State": state})
    }

    fn pipe(state: &str) -> Value {
        json!({"Arn": "pipe", "Source": STREAM, "CurrentState": state})
    }

    #[test]
    fn mappings_and_pipes_that_read_the_stream_consume_it() {
        let consumers = |world: World| world.fact("stream_consumers", "t");
        let both = world().with(EVENT_SOURCE_MAPPING, "m", mapping(STREAM, "Enabled")).with(PIPE, "p", pipe("RUNNING"));
        assert_eq!(consumers(both), json!(["function", "pipe"]));
        // The stream that the table had before is another.
        let earlier = mapping(&STREAM.replace("2026-03", "2025-03"), "Enabled");
        assert_eq!(consumers(world().with(EVENT_SOURCE_MAPPING, "m", earlier)), json!([]));
        let idle = world().with(EVENT_SOURCE_MAPPING, "m", mapping(STREAM, "Disabled")).with(PIPE, "p", pipe("STOPPED"));
        assert_eq!(consumers(idle), json!([]));
    }

    #[test]
    fn that_there_is_none_takes_both_listings() {
        for operation in ["lambda:ListEventSourceMappings", "pipes:ListPipes"] {
            assert_eq!(world().denied(operation).fact("stream_consumers", "t"), json!({"gap": operation}));
        }
        let seen = world().denied("pipes:ListPipes").with(EVENT_SOURCE_MAPPING, "m", mapping(STREAM, "Enabled"));
        assert_eq!(seen.fact("stream_consumers", "t"), json!(["function"]));
    }

    #[test]
    fn a_table_without_a_stream_has_none() {
        let none = world().patch("t", json!({"StreamSpecification": null})).denied("pipes:ListPipes");
        assert_eq!(none.fact("stream_consumers", "t"), json!([]));
        let unknown = world().denied("dynamodb:DescribeTable");
        assert_eq!(unknown.fact("stream_consumers", "t"), json!({"gap": "dynamodb:DescribeTable"}));
    }
}
