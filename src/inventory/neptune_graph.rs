//! The shapes of the Neptune Analytics API.

use super::kinds::kinds;
use super::shape::{Timestamp, shape};

shape! {
    /// `neptune-graph:ListGraphs` → `graphs[]`, with the graph's endpoints and snapshots.
    Graph from aws_sdk_neptunegraph::types::GraphSummary {
        id: String = id;
        name: String = name;
        arn: String = arn;
        status: String = status;
        endpoint: String = endpoint;
        publicConnectivity: bool = public_connectivity;
        replicaCount: i64 = replica_count;
        provisionedMemory: i64 = provisioned_memory;
        /// The ARN of a key, or `AWS_OWNED_KEY`.
        kmsKeyIdentifier: String = kms_key_identifier;
        deletionProtection: bool = deletion_protection;
        /// `neptune-graph:ListPrivateGraphEndpoints`.
        privateGraphEndpoints: Vec<PrivateGraphEndpoint>;
        /// Those of `neptune-graph:ListGraphSnapshots` whose source is the graph.
        graphSnapshots: Vec<GraphSnapshot>;
    }

    /// `privateGraphEndpoints[]`.
    PrivateGraphEndpoint from aws_sdk_neptunegraph::types::PrivateGraphEndpointSummary {
        vpcId: String = vpc_id;
        subnetIds: Vec<String> = subnet_ids;
        /// `CREATING`, `AVAILABLE`, `DELETING` or `FAILED`.
        status: String = status;
        vpcEndpointId: String = vpc_endpoint_id;
    }

    /// `neptune-graph:ListGraphSnapshots` → `graphSnapshots[]`.
    GraphSnapshot from aws_sdk_neptunegraph::types::GraphSnapshotSummary {
        id: String = id;
        name: String = name;
        arn: String = arn;
        sourceGraphId: String = source_graph_id;
        snapshotCreateTime: Timestamp = snapshot_create_time;
        /// `CREATING`, `AVAILABLE`, `DELETING` or `FAILED`.
        status: String = status;
        /// The ARN of a key, or `AWS_OWNED_KEY`.
        kmsKeyIdentifier: String = kms_key_identifier;
    }
}

kinds! {
    NEPTUNE_GRAPH = "AWS::NeptuneGraph::Graph" as Graph {
        noun: "Neptune Analytics graph" / "Neptune Analytics graphs", service: "neptune-graph", name: "name", role: Judged,
        operations: ["neptune-graph:ListGraphs"],
        tags: "neptune-graph:ListTagsForResource",
        fields: {
            "privateGraphEndpoints": "neptune-graph:ListPrivateGraphEndpoints",
            "graphSnapshots": "neptune-graph:ListGraphSnapshots",
        },
    }
    NEPTUNE_GRAPH_SNAPSHOT = "AWS::NeptuneGraph::GraphSnapshot" as GraphSnapshot {
        noun: "Neptune Analytics snapshot" / "Neptune Analytics snapshots", service: "neptune-graph", name: "name", role: Judged,
        operations: ["neptune-graph:ListGraphSnapshots"],
    }
}

#[cfg(feature = "live")]
super::shape::required_text!(aws_sdk_neptunegraph::types::PrivateGraphEndpointStatus);
