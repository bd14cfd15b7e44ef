//! One cheap call of each operation that can be asked without naming a resource, to see whether it is allowed.

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;

use super::Session;
use super::absent::is_absent;
use super::failure::gap;
use super::timestream;
use crate::inventory::Gap;

/// What an operation says when it is tried.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    Answered,
    /// The region lacks the service, or the service does not admit the account.
    NotThere,
    Failed(Gap),
}

impl Answer {
    fn of<T, E>(operation: &str, region: &str, said: Result<T, SdkError<E, HttpResponse>>) -> Self
    where
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    {
        match said {
            Ok(_) => Self::Answered,
            Err(error) if is_absent(operation, region, &error) => Self::NotThere,
            Err(error) => Self::Failed(gap(operation, &error)),
        }
    }
}

/// Defines `probe`. A page is asked for, as small as can be where an answer may be long.
macro_rules! probes {
    ($($operation:literal: $client:ident.$call:ident($($set:ident = $value:expr),*),)*) => {
        /// The operations that can be tried.
        #[cfg(test)]
        pub const PROBES: &[&str] = &[$($operation),*];

        /// Tries an operation in a region, if it can be tried without a resource.
        pub fn probe<'s>(session: &'s Session, region: &'s str, operation: &str) -> Option<LocalBoxFuture<'s, Answer>> {
            match operation {
                $($operation => Some(
                    async move { Answer::of($operation, region, session.$client(region).$call()$(.$set($value))*.send().await) }.boxed_local(),
                ),)*
                "timestream:ListDatabases" => Some(timestream_databases(session, region).boxed_local()),
                "timestream:ListTables" => Some(timestream_tables(session, region).boxed_local()),
                _ => None,
            }
        }
    };
}

probes! {
    "account:ListRegions": account_management.list_regions(max_results = 1),
    "application-autoscaling:DescribeScalableTargets":
        application_autoscaling.describe_scalable_targets(service_namespace = aws_sdk_applicationautoscaling::types::ServiceNamespace::Dynamodb),
    "backup:DescribeRegionSettings": backup.describe_region_settings(),
    "backup:ListBackupPlans": backup.list_backup_plans(max_results = 1),
    "backup:ListBackupVaults": backup.list_backup_vaults(max_results = 1),
    "backup:ListCopyJobs": backup.list_copy_jobs(max_results = 1),
    "backup:ListProtectedResources": backup.list_protected_resources(max_results = 1),
    "cassandra:ListKeyspaces": keyspaces.list_keyspaces(max_results = 1),
    "cloudtrail:DescribeTrails": cloudtrail.describe_trails(),
    "cloudtrail:ListEventDataStores": cloudtrail.list_event_data_stores(max_results = 1),
    "cloudwatch:DescribeAlarms": cloudwatch.describe_alarms(max_records = 1),
    "config:DescribeConfigurationRecorderStatus": config_recorders.describe_configuration_recorder_status(),
    "config:DescribeConfigurationRecorders": config_recorders.describe_configuration_recorders(),
    "dax:DescribeClusters": dax.describe_clusters(),
    "dax:DescribeSubnetGroups": dax.describe_subnet_groups(),
    "docdb-elastic:ListClusters": docdb_elastic.list_clusters(),
    "docdb-elastic:ListPendingMaintenanceActions": docdb_elastic.list_pending_maintenance_actions(),
    "dsql:ListClusters": dsql.list_clusters(max_results = 1),
    "dynamodb:DescribeLimits": dynamodb.describe_limits(),
    "dynamodb:ListBackups": dynamodb.list_backups(limit = 1),
    "dynamodb:ListExports": dynamodb.list_exports(max_results = 1),
    "dynamodb:ListTables": dynamodb.list_tables(limit = 1),
    "ec2:DescribeFlowLogs": ec2.describe_flow_logs(max_results = 5),
    "ec2:DescribeInternetGateways": ec2.describe_internet_gateways(max_results = 5),
    "ec2:DescribeManagedPrefixLists": ec2.describe_managed_prefix_lists(max_results = 5),
    "ec2:DescribeNetworkAcls": ec2.describe_network_acls(max_results = 5),
    "ec2:DescribeNetworkInterfaces": ec2.describe_network_interfaces(max_results = 5),
    "ec2:DescribeRouteTables": ec2.describe_route_tables(max_results = 5),
    "ec2:DescribeSecurityGroups": ec2.describe_security_groups(max_results = 5),
    "ec2:DescribeSubnets": ec2.describe_subnets(max_results = 5),
    "ec2:DescribeTransitGatewayAttachments": ec2.describe_transit_gateway_attachments(max_results = 5),
    "ec2:DescribeVpcBlockPublicAccessExclusions": ec2.describe_vpc_block_public_access_exclusions(max_results = 5),
    "ec2:DescribeVpcBlockPublicAccessOptions": ec2.describe_vpc_block_public_access_options(),
    "ec2:DescribeVpcEndpoints": ec2.describe_vpc_endpoints(max_results = 5),
    "ec2:DescribeVpcPeeringConnections": ec2.describe_vpc_peering_connections(max_results = 5),
    "ec2:DescribeVpcs": ec2.describe_vpcs(max_results = 5),
    "elasticache:DescribeCacheClusters": elasticache.describe_cache_clusters(max_records = 20),
    "elasticache:DescribeCacheEngineVersions": elasticache.describe_cache_engine_versions(max_records = 20),
    "elasticache:DescribeCacheSubnetGroups": elasticache.describe_cache_subnet_groups(max_records = 20),
    "elasticache:DescribeGlobalReplicationGroups": elasticache.describe_global_replication_groups(max_records = 20),
    "elasticache:DescribeReplicationGroups": elasticache.describe_replication_groups(max_records = 20),
    "elasticache:DescribeReservedCacheNodes": elasticache.describe_reserved_cache_nodes(max_records = 20),
    "elasticache:DescribeServerlessCacheSnapshots": elasticache.describe_serverless_cache_snapshots(),
    "elasticache:DescribeServerlessCaches": elasticache.describe_serverless_caches(),
    "elasticache:DescribeSnapshots": elasticache.describe_snapshots(max_records = 20),
    "elasticache:DescribeUpdateActions": elasticache.describe_update_actions(),
    "elasticache:DescribeUserGroups": elasticache.describe_user_groups(max_records = 20),
    "elasticache:DescribeUsers": elasticache.describe_users(max_records = 20),
    "guardduty:ListDetectors": guardduty.list_detectors(max_results = 1),
    "iam:GetAccountAuthorizationDetails": iam.get_account_authorization_details(max_items = 1),
    "iam:ListServiceSpecificCredentials":
        iam.list_service_specific_credentials(all_users = true, service_name = "cassandra.amazonaws.com", max_items = 1),
    "lambda:ListEventSourceMappings": lambda.list_event_source_mappings(max_items = 1),
    "logs:DescribeLogGroups": logs.describe_log_groups(limit = 1),
    "memorydb:DescribeACLs": memorydb.describe_acls(),
    "memorydb:DescribeClusters": memorydb.describe_clusters(),
    "memorydb:DescribeMultiRegionClusters": memorydb.describe_multi_region_clusters(),
    "memorydb:DescribeServiceUpdates": memorydb.describe_service_updates(),
    "memorydb:DescribeSnapshots": memorydb.describe_snapshots(),
    "memorydb:DescribeSubnetGroups": memorydb.describe_subnet_groups(),
    "memorydb:DescribeUsers": memorydb.describe_users(),
    "neptune-graph:ListGraphSnapshots": neptune_graph.list_graph_snapshots(max_results = 1),
    "neptune-graph:ListGraphs": neptune_graph.list_graphs(max_results = 1),
    "organizations:DescribeOrganization": organizations.describe_organization(),
    "pipes:ListPipes": pipes.list_pipes(limit = 1),
    "ram:ListPrincipals": ram.list_principals(resource_owner = aws_sdk_ram::types::ResourceOwner::SelfValue, max_results = 1),
    "ram:ListResources": ram.list_resources(resource_owner = aws_sdk_ram::types::ResourceOwner::SelfValue, max_results = 1),
    "rds:DescribeDBClusterAutomatedBackups": rds.describe_db_cluster_automated_backups(max_records = 20),
    "rds:DescribeDBClusterParameterGroups": rds.describe_db_cluster_parameter_groups(max_records = 20),
    "rds:DescribeDBClusterSnapshots": rds.describe_db_cluster_snapshots(max_records = 20),
    "rds:DescribeDBClusters": rds.describe_db_clusters(max_records = 20),
    "rds:DescribeDBEngineVersions": rds.describe_db_engine_versions(max_records = 20),
    "rds:DescribeDBInstanceAutomatedBackups": rds.describe_db_instance_automated_backups(max_records = 20),
    "rds:DescribeDBInstances": rds.describe_db_instances(max_records = 20),
    "rds:DescribeDBMajorEngineVersions": rds.describe_db_major_engine_versions(max_records = 20),
    "rds:DescribeDBParameterGroups": rds.describe_db_parameter_groups(max_records = 20),
    "rds:DescribeDBProxies": rds.describe_db_proxies(max_records = 20),
    "rds:DescribeDBProxyEndpoints": rds.describe_db_proxy_endpoints(max_records = 20),
    "rds:DescribeDBRecommendations": rds.describe_db_recommendations(max_records = 20),
    "rds:DescribeDBSecurityGroups": rds.describe_db_security_groups(max_records = 20),
    "rds:DescribeDBShardGroups": rds.describe_db_shard_groups(max_records = 20),
    "rds:DescribeDBSnapshots": rds.describe_db_snapshots(max_records = 20),
    "rds:DescribeDBSubnetGroups": rds.describe_db_subnet_groups(max_records = 20),
    "rds:DescribeEventSubscriptions": rds.describe_event_subscriptions(max_records = 20),
    "rds:DescribeExportTasks": rds.describe_export_tasks(max_records = 20),
    "rds:DescribeGlobalClusters": rds.describe_global_clusters(max_records = 20),
    "rds:DescribeIntegrations": rds.describe_integrations(max_records = 20),
    "rds:DescribeOptionGroups": rds.describe_option_groups(),
    "rds:DescribePendingMaintenanceActions": rds.describe_pending_maintenance_actions(max_records = 20),
    "tag:GetResources": tagging.get_resources(resources_per_page = 1),
    "timestream-influxdb:ListDbClusters": timestream_influxdb.list_db_clusters(max_results = 1),
    "timestream-influxdb:ListDbInstances": timestream_influxdb.list_db_instances(max_results = 1),
    "timestream:DescribeEndpoints": timestream_write.describe_endpoints(),
}

async fn timestream_databases(session: &Session, region: &str) -> Answer {
    match timestream::serving(session, region).await {
        Ok(Some(client)) => Answer::of("timestream:ListDatabases", region, client.list_databases().max_results(1).send().await),
        Ok(None) => Answer::NotThere,
        Err(error) => Answer::of::<(), _>("timestream:DescribeEndpoints", region, Err(error)),
    }
}

async fn timestream_tables(session: &Session, region: &str) -> Answer {
    match timestream::serving(session, region).await {
        Ok(Some(client)) => Answer::of("timestream:ListTables", region, client.list_tables().max_results(1).send().await),
        Ok(None) => Answer::NotThere,
        Err(error) => Answer::of::<(), _>("timestream:DescribeEndpoints", region, Err(error)),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::collect::tests::replay::Replay;
    use crate::engine::{RuleSet, Selection};
    use crate::inventory::{Kind, Reason};

    #[tokio::test]
    async fn each_probe_sends_one_call_of_its_operation_which_some_rule_needs() {
        let needs = RuleSet::load_all(None, &Selection::default()).unwrap().needs();
        for operation in PROBES {
            assert!(needs.operation(operation), "no rule needs {operation}");
            let session = Replay::default().session();
            let answer = probe(&session, "us-east-1", operation).unwrap().await;
            assert!(matches!(&answer, Answer::Failed(gap) if gap.operation == *operation), "{operation}: {answer:?}");
            let calls = session.guard().calls();
            let name = operation.split_once(':').map_or(*operation, |(_, name)| name);
            let called: Vec<_> = calls.iter().map(|(call, count)| (call.rsplit(':').next().unwrap_or_default().to_lowercase(), *count)).collect();
            assert_eq!(called, [(name.to_lowercase(), 1)], "{operation}");
        }
    }

    #[tokio::test]
    async fn the_listings_of_timestream_are_tried_at_the_endpoint_that_serves_the_account() {
        let endpoint = r#"{"Endpoints":[{"Address":"ingest-cell2.timestream.us-east-1.amazonaws.com","CachePeriodInMinutes":1440}]}"#;
        let denied = r#"{"__type":"AccessDeniedException","message":"no"}"#;
        let wire = Replay::default()
            .on(&["https://ingest.timestream", ".DescribeEndpoints"], endpoint)
            .on(&["https://ingest-cell2.", ".ListDatabases"], r#"{"Databases": []}"#)
            .fail(&["https://ingest-cell2.", ".ListTables"], 403, denied);
        let session = wire.session();
        assert_eq!(probe(&session, "us-east-1", "timestream:ListDatabases").unwrap().await, Answer::Answered);
        let said = probe(&session, "us-east-1", "timestream:ListTables").unwrap().await;
        assert!(matches!(&said, Answer::Failed(gap) if gap.operation == "timestream:ListTables" && gap.reason == Reason::AccessDenied), "{said:?}");
        let session = Replay::default().fail(&["https://ingest.timestream"], 403, denied).session();
        let said = probe(&session, "us-east-1", "timestream:ListTables").unwrap().await;
        assert!(matches!(&said, Answer::Failed(gap) if gap.operation == "timestream:DescribeEndpoints"), "{said:?}");
    }

    #[test]
    fn of_the_listings_those_are_not_tried_that_take_names() {
        let needs = RuleSet::load_all(None, &Selection::default()).unwrap().needs();
        let listings: BTreeSet<_> = Kind::all().filter_map(|kind| kind.operations.first().copied()).collect();
        let session = Replay::default().session();
        let is_tried = |operation: &str| probe(&session, "us-east-1", operation).is_some();
        let untried: Vec<_> = listings.into_iter().filter(|operation| needs.operation(operation) && !is_tried(operation)).collect();
        let named = [
            "cassandra:ListTables",
            "cloudwatch:GetMetricData",
            "kms:DescribeKey",
            "organizations:ListParents",
            "organizations:ListPoliciesForTarget",
            "rds:DescribeEngineDefaultClusterParameters",
            "rds:DescribeEngineDefaultParameters",
            "s3:GetBucketPublicAccessBlock",
            "secretsmanager:DescribeSecret",
            "sns:GetTopicAttributes",
        ];
        assert_eq!(untried, named);
    }
}
