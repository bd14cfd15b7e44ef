//! Engine versions and lifecycles, groups of RDS with their tags, log groups and shares.

use serde_json::{Value, json};

use super::replay::{ACCOUNT, REGION, Replay};
use crate::inventory::{Kind, Scope, kinds};

const DENIED_XML: &str = "<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>";
const DENIED_JSON: &str = r#"{"__type":"AccessDeniedException","message":"no"}"#;

/// The answer of an operation of RDS.
fn xml(operation: &str, body: &str) -> String {
    format!("<{operation}Response><{operation}Result>{body}</{operation}Result></{operation}Response>")
}

/// An instance of PostgreSQL with an option group, logs and the groups given.
fn instance(name: &str, engine: &str, more: &str) -> String {
    format!(
        "<DBInstance><DBInstanceArn>arn:aws:rds:{REGION}:{ACCOUNT}:db:{name}</DBInstanceArn><DBInstanceIdentifier>{name}</DBInstanceIdentifier>\
         <Engine>{engine}</Engine><EngineVersion>16.8</EngineVersion>{more}</DBInstance>"
    )
}

fn with_instances(instances: &[String]) -> Replay {
    Replay::default()
        .on(&["Action=DescribeDBInstances"], xml("DescribeDBInstances", &format!("<DBInstances>{}</DBInstances>", instances.concat())))
        .on(&["Action=DescribeDBClusters"], xml("DescribeDBClusters", "<DBClusters/>"))
}

fn with_cluster(engine: &str) -> Replay {
    let cluster = format!(
        "<DBCluster><DBClusterArn>arn:aws:rds:{REGION}:{ACCOUNT}:cluster:shop</DBClusterArn><DBClusterIdentifier>shop</DBClusterIdentifier>\
         <Engine>{engine}</Engine><EnabledCloudwatchLogsExports><member>audit</member></EnabledCloudwatchLogsExports></DBCluster>"
    );
    with_instances(&[]).on(&["Action=DescribeDBClusters"], xml("DescribeDBClusters", &format!("<DBClusters>{cluster}</DBClusters>")))
}

fn data(scope: &Scope, kind: Kind) -> Vec<Value> {
    scope.resources.iter().filter(|resource| resource.kind == kind).map(|resource| resource.data().unwrap()).collect()
}

fn gaps(scope: &Scope) -> Vec<String> {
    let of_fields = scope.resources.iter().flat_map(|resource| resource.gaps.iter().map(|gap| format!("{}: {}", gap.fields.join(","), gap.gap)));
    scope.gaps.iter().map(ToString::to_string).chain(of_fields).collect()
}

const VERSIONS: &[&str] = &["rds:DescribeDBInstances", "rds:DescribeDBClusters", "rds:DescribeDBEngineVersions"];

#[tokio::test]
async fn versions_are_listed_once_an_engine_in_use_and_all_of_rds_custom() {
    let version = |version: &str, status: &str| {
        format!("<DBEngineVersion><Engine>any</Engine><EngineVersion>{version}</EngineVersion>{status}</DBEngineVersion>")
    };
    let page = |marker: &str, versions: &str| xml("DescribeDBEngineVersions", &format!("{marker}<DBEngineVersions>{versions}</DBEngineVersions>"));
    let databases = [instance("a", "postgres", ""), instance("b", "postgres", ""), instance("c", "custom-oracle-ee", "")];
    let wire = with_instances(&databases)
        .on(&["Action=DescribeDBEngineVersions", "Engine=postgres"], page("<Marker>second</Marker>", &version("15.1", "<Status>available</Status>")))
        .on(&["Action=DescribeDBEngineVersions", "Engine=postgres", "Marker=second"], page("", &version("16.8", "")))
        .on(
            &["Action=DescribeDBEngineVersions", "IncludeAll=true", "Engine=custom-oracle-ee"],
            page("", &version("19.a", "<Status>inactive</Status>")),
        );
    let scope = wire.collect(VERSIONS).await;
    assert_eq!(
        data(&scope, kinds::DB_ENGINE),
        [
            json!({"Engine": "custom-oracle-ee", "Versions": [{"EngineVersion": "19.a", "Status": "inactive"}]}),
            json!({"Engine": "postgres", "Versions": [{"EngineVersion": "15.1", "Status": "available"}, {"EngineVersion": "16.8"}]}),
        ]
    );
    assert_eq!(gaps(&scope), [""; 0]);
    assert_eq!(wire.count(&["Action=DescribeDBEngineVersions"]), 3);
    assert_eq!(wire.count(&["IncludeAll=true"]), 1);
    assert_eq!(wire.count(&["Action=DescribeDBMajorEngineVersions"]), 0);
}

#[tokio::test]
async fn an_engine_whose_versions_are_denied_or_empty_is_a_gap_of_its_own() {
    let wire = with_instances(&[instance("a", "postgres", ""), instance("b", "mysql", "")])
        .on(&["Action=DescribeDBEngineVersions", "Engine=postgres"], xml("DescribeDBEngineVersions", "<DBEngineVersions/>"))
        .fail(&["Action=DescribeDBEngineVersions", "Engine=mysql"], 403, DENIED_XML);
    let scope = wire.collect(VERSIONS).await;
    assert_eq!(
        gaps(&scope),
        [
            "Versions: rds:DescribeDBEngineVersions: access-denied: AccessDenied: no",
            "Versions: rds:DescribeDBEngineVersions: not-returned: AWS returned no version of postgres",
        ]
    );
}

#[tokio::test]
async fn lifecycles_are_kept_of_engines_in_use() {
    let major = |engine: &str| {
        format!(
            "<DBMajorEngineVersion><Engine>{engine}</Engine><MajorEngineVersion>16</MajorEngineVersion><SupportedEngineLifecycles>\
             <SupportedEngineLifecycle><LifecycleSupportName>open-source-rds-standard-support</LifecycleSupportName>\
             <LifecycleSupportStartDate>2024-02-01T00:00:00Z</LifecycleSupportStartDate><LifecycleSupportEndDate>2029-02-28T23:59:59.999Z</LifecycleSupportEndDate>\
             </SupportedEngineLifecycle></SupportedEngineLifecycles></DBMajorEngineVersion>"
        )
    };
    let majors = format!("<DBMajorEngineVersions>{}{}</DBMajorEngineVersions>", major("postgres"), major("mysql"));
    let wire =
        with_instances(&[instance("a", "postgres", "")]).on(&["Action=DescribeDBMajorEngineVersions"], xml("DescribeDBMajorEngineVersions", &majors));
    let operations = ["rds:DescribeDBInstances", "rds:DescribeDBMajorEngineVersions"];
    let lifecycle = json!({"LifecycleSupportName": "open-source-rds-standard-support", "LifecycleSupportEndDate": "2029-02-28T23:59:59.999Z"});
    let expected = json!({"Engine": "postgres", "MajorEngineVersion": "16", "SupportedEngineLifecycles": [lifecycle]});
    assert_eq!(data(&wire.collect(&operations).await, kinds::DB_MAJOR_ENGINE_VERSION), [expected]);

    let denied = with_instances(&[instance("a", "postgres", "")]).fail(&["Action=DescribeDBMajorEngineVersions"], 403, DENIED_XML);
    assert_eq!(gaps(&denied.collect(&operations).await), ["rds:DescribeDBMajorEngineVersions: access-denied: AccessDenied: no"]);
}

const GROUPS: &[&str] = &[
    "rds:DescribeDBInstances",
    "rds:DescribeOptionGroups",
    "rds:DescribeDBSubnetGroups",
    "rds:DescribeDBSecurityGroups",
    "tag:GetResources",
    "ec2:DescribeSecurityGroups",
];

fn with_groups() -> Replay {
    let membership = "<OptionGroupMemberships><OptionGroupMembership><OptionGroupName>oracle</OptionGroupName><Status>in-sync</Status></OptionGroupMembership></OptionGroupMemberships>";
    let group = |name: &str, sg: &str| {
        format!(
            "<OptionGroup><OptionGroupName>{name}</OptionGroupName><OptionGroupArn>arn:aws:rds:{REGION}:{ACCOUNT}:og:{name}</OptionGroupArn><Options><Option>\
             <OptionName>SSL</OptionName><Port>2484</Port><VpcSecurityGroupMemberships><VpcSecurityGroupMembership><VpcSecurityGroupId>{sg}</VpcSecurityGroupId>\
             <Status>active</Status></VpcSecurityGroupMembership></VpcSecurityGroupMemberships></Option></Options></OptionGroup>"
        )
    };
    let options = format!(
        "<OptionGroupsList>{}{}{}</OptionGroupsList>",
        group("oracle", "sg-used"),
        group("unused", "sg-unused"),
        group("default:oracle-se2-19", "sg-unused")
    );
    let subnets = format!(
        "<DBSubnetGroups><DBSubnetGroup><DBSubnetGroupName>private</DBSubnetGroupName><DBSubnetGroupArn>arn:aws:rds:{REGION}:{ACCOUNT}:subgrp:private</DBSubnetGroupArn></DBSubnetGroup></DBSubnetGroups>"
    );
    let classic = format!(
        "<DBSecurityGroups><DBSecurityGroup><DBSecurityGroupName>legacy</DBSecurityGroupName><DBSecurityGroupArn>arn:aws:rds:{REGION}:{ACCOUNT}:secgrp:legacy</DBSecurityGroupArn>\
         <IPRanges><IPRange><CIDRIP>0.0.0.0/0</CIDRIP><Status>authorized</Status></IPRange></IPRanges></DBSecurityGroup></DBSecurityGroups>"
    );
    with_instances(&[instance("a", "oracle-se2", membership)])
        .on(&["Action=DescribeOptionGroups"], xml("DescribeOptionGroups", &options))
        .on(&["Action=DescribeDBSubnetGroups"], xml("DescribeDBSubnetGroups", &subnets))
        .on(&["Action=DescribeDBSecurityGroups"], xml("DescribeDBSecurityGroups", &classic))
        .tagged(&["subgrp:private", "secgrp:legacy"].map(|group| format!("arn:aws:rds:{REGION}:{ACCOUNT}:{group}")).each_ref().map(String::as_str))
        .on(&["Action=DescribeSecurityGroups"], "<DescribeSecurityGroupsResponse><securityGroupInfo/></DescribeSecurityGroupsResponse>")
}

#[tokio::test]
async fn groups_come_with_their_tags_and_the_security_groups_of_options_in_use() {
    let wire = with_groups();
    let scope = wire.collect(GROUPS).await;
    assert_eq!(gaps(&scope), [""; 0]);
    for kind in [kinds::DB_SUBNET_GROUP, kinds::DB_SECURITY_GROUP] {
        let group = scope.resources.iter().find(|resource| resource.kind == kind).unwrap();
        assert_eq!(group.tags.get("team").map(String::as_str), Some("shop"), "{kind}");
    }
    assert_eq!(data(&scope, kinds::DB_SECURITY_GROUP)[0]["IPRanges"], json!([{"CIDRIP": "0.0.0.0/0", "Status": "authorized"}]));
    assert_eq!(data(&scope, kinds::OPTION_GROUP).len(), 3);
    // Of AWS's own option group nobody asks.
    for groups in [&["og:oracle", "og:unused"][..], &["subgrp:private"], &["secgrp:legacy"]] {
        assert_eq!(wire.count(&[&[".GetResources"], groups].concat()), 1, "{groups:?}");
    }
    assert_eq!((wire.count(&[".GetResources"]), wire.count(&[".GetResources", "og:default"])), (3, 0));
    assert_eq!(wire.count(&["Action=DescribeSecurityGroups", "sg-used"]), 1);
    assert_eq!(wire.count(&["sg-unused"]), 0);
}

#[tokio::test]
async fn tags_are_asked_for_where_a_rule_reads_them_and_denied_they_are_gaps() {
    let silent = with_groups();
    silent.collect(&GROUPS[..4]).await;
    assert_eq!(silent.count(&[".GetResources"]), 0);

    let denied = with_groups().fail(&[".GetResources", "subgrp"], 400, r#"{"__type":"AccessDeniedException","message":"no"}"#);
    let scope = denied.collect(GROUPS).await;
    assert_eq!(gaps(&scope), ["tags: tag:GetResources: access-denied: AccessDeniedException: no"]);
}

#[tokio::test]
async fn a_region_without_databases_is_not_asked_for_groups() {
    let wire = with_instances(&[]);
    assert_eq!(gaps(&wire.collect(&GROUPS[..5]).await), [""; 0]);
    assert_eq!(wire.count(&[""]), 1);
}

const LOGS: &[&str] = &["rds:DescribeDBInstances", "rds:DescribeDBClusters", "logs:DescribeLogGroups"];

fn log_group(name: &str, more: &str) -> String {
    format!(
        r#"{{"logGroupName":"{name}","arn":"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{name}:*","logGroupArn":"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{name}"{more}}}"#
    )
}

#[tokio::test]
async fn log_groups_are_listed_once_for_all_instances_and_kept_for_those_that_export() {
    let exports = "<EnabledCloudwatchLogsExports><member>postgresql</member></EnabledCloudwatchLogsExports>";
    let kept = log_group("/aws/rds/instance/a/postgresql", r#","retentionInDays":30,"kmsKeyId":"key""#);
    let wire = with_instances(&[instance("a", "postgres", exports), instance("b", "postgres", "")])
        .on(&[".DescribeLogGroups", "/aws/rds/instance/"], format!(r#"{{"logGroups":[{kept}],"nextToken":"second"}}"#))
        .on(
            &[".DescribeLogGroups", "/aws/rds/instance/", "second"],
            format!(r#"{{"logGroups":[{},{}]}}"#, log_group("/aws/rds/instance/a/upgrade", ""), log_group("/aws/rds/instance/b/postgresql", "")),
        );
    let scope = wire.collect(LOGS).await;
    assert_eq!(
        data(&scope, kinds::LOG_GROUP),
        [
            json!({"logGroupName": "/aws/rds/instance/a/postgresql", "retentionInDays": 30, "kmsKeyId": "key"}),
            json!({"logGroupName": "/aws/rds/instance/a/upgrade"}),
        ]
    );
    assert_eq!(gaps(&scope), [""; 0]);
    assert_eq!(wire.count(&[".DescribeLogGroups"]), 2);
}

#[tokio::test]
async fn clusters_have_log_groups_of_their_own_and_a_denial_is_a_gap() {
    let wire = with_cluster("aurora-mysql").fail(&[".DescribeLogGroups", "/aws/rds/cluster/"], 400, DENIED_JSON);
    assert_eq!(gaps(&wire.collect(LOGS).await), ["logs:DescribeLogGroups: access-denied: AccessDeniedException: no"]);
    assert_eq!(wire.count(&[".DescribeLogGroups"]), 1);
    let none = with_cluster("neptune");
    assert_eq!(gaps(&none.collect(LOGS).await), [""; 0]);
    assert_eq!(none.count(&[".DescribeLogGroups"]), 0);
}

const SHARES: &[&str] = &["rds:DescribeDBInstances", "rds:DescribeDBClusters", "ram:ListResources", "ram:ListPrincipals"];

#[tokio::test]
async fn shares_come_with_their_principals() {
    let resource = |share: u8, cluster: &str| {
        format!(
            r#"{{"arn":"arn:aws:rds:{REGION}:{ACCOUNT}:cluster:{cluster}","type":"rds:Cluster","resourceShareArn":"arn:aws:ram:{REGION}:{ACCOUNT}:resource-share/{share}"}}"#
        )
    };
    let principal = |share: u8, id: &str| {
        format!(r#"{{"id":"{id}","external":true,"resourceShareArn":"arn:aws:ram:{REGION}:{ACCOUNT}:resource-share/{share}"}}"#)
    };
    let shared = || {
        with_cluster("aurora-mysql").on(&["POST", "/listresources"], format!(r#"{{"resources":[{}],"nextToken":"second"}}"#, resource(1, "shop"))).on(
            &["POST", "/listresources", "SELF", "rds:Cluster", "second"],
            format!(r#"{{"resources":[{},{}]}}"#, resource(1, "stock"), resource(2, "shop")),
        )
    };
    let wire = shared().on(&["POST", "/listprincipals", "SELF"], format!(r#"{{"principals":[{}]}}"#, principal(1, "444455556666")));
    let scope = wire.collect(SHARES).await;
    let arn = |share: u8| format!("arn:aws:ram:{REGION}:{ACCOUNT}:resource-share/{share}");
    let cluster = |name: &str| format!("arn:aws:rds:{REGION}:{ACCOUNT}:cluster:{name}");
    assert_eq!(
        data(&scope, kinds::RESOURCE_SHARE),
        [
            json!({"resourceShareArn": arn(1), "resourceArns": [cluster("shop"), cluster("stock")], "principals": [{"id": "444455556666", "external": true}]}),
            json!({"resourceShareArn": arn(2), "resourceArns": [cluster("shop")], "principals": []}),
        ]
    );
    assert_eq!(gaps(&scope), [""; 0]);

    let denied = shared().fail(&["POST", "/listprincipals"], 403, DENIED_JSON);
    let gap = "principals: ram:ListPrincipals: access-denied: AccessDeniedException: no";
    assert_eq!(gaps(&denied.collect(SHARES).await), [gap, gap]);
}

#[tokio::test]
async fn what_cannot_be_shared_is_not_asked_for_and_a_denial_is_a_gap() {
    let postgres = with_cluster("postgres");
    assert_eq!(gaps(&postgres.collect(SHARES).await), [""; 0]);
    assert_eq!(postgres.count(&["/listresources"]), 0);
    let unshared = with_cluster("aurora-mysql").on(&["/listresources"], r#"{"resources":[]}"#);
    assert_eq!(gaps(&unshared.collect(SHARES).await), [""; 0]);
    assert_eq!(unshared.count(&["/listprincipals"]), 0);
    let denied = with_cluster("aurora-mysql").fail(&["/listresources"], 403, DENIED_JSON);
    assert_eq!(gaps(&denied.collect(SHARES).await), ["ram:ListResources: access-denied: AccessDeniedException: no"]);
}
