//! The shapes of RDS Proxy.

use super::kinds::kinds;
use super::shape::shape;

shape! {
    /// `rds:DescribeDBProxies` → `DBProxies[]`.
    DBProxy from aws_sdk_rds::types::DbProxy {
        DBProxyName: String = db_proxy_name;
        DBProxyArn: String = db_proxy_arn;
        Status: String = status;
        EngineFamily: String = engine_family;
        VpcId: String = vpc_id;
        VpcSubnetIds: Vec<String> = vpc_subnet_ids;
        VpcSecurityGroupIds: Vec<String> = vpc_security_group_ids;
        EndpointNetworkType: String = endpoint_network_type;
        /// How users without an entry in `Auth` log in: `IAM_AUTH` or `NONE`; newer than `Auth`.
        DefaultAuthScheme: String = default_auth_scheme;
        Auth: Vec<UserAuthConfigInfo> = auth;
        RoleArn: String = role_arn;
        RequireTLS: bool = require_tls;
        DebugLogging: bool = debug_logging;
    }

    /// How the user of one secret logs in.
    UserAuthConfigInfo from aws_sdk_rds::types::UserAuthConfigInfo {
        SecretArn: String = secret_arn;
        /// `REQUIRED`, `DISABLED` or, for SQL Server alone, `ENABLED`.
        IAMAuth: String = iam_auth;
        ClientPasswordAuthType: String = client_password_auth_type;
    }

    /// `rds:DescribeDBProxyEndpoints` → `DBProxyEndpoints[]`.
    DBProxyEndpoint from aws_sdk_rds::types::DbProxyEndpoint {
        DBProxyEndpointName: String = db_proxy_endpoint_name;
        DBProxyEndpointArn: String = db_proxy_endpoint_arn;
        DBProxyName: String = db_proxy_name;
        Status: String = status;
        VpcId: String = vpc_id;
        VpcSubnetIds: Vec<String> = vpc_subnet_ids;
        VpcSecurityGroupIds: Vec<String> = vpc_security_group_ids;
        EndpointNetworkType: String = endpoint_network_type;
        TargetRole: String = target_role;
        /// Whether it is the proxy's own endpoint, which the proxy describes too.
        IsDefault: bool = is_default;
    }
}

kinds! {
    DB_PROXY = "AWS::RDS::DBProxy" as DBProxy {
        noun: "proxy" / "proxies", service: "rds", name: "DBProxyName", role: Judged,
        operations: ["rds:DescribeDBProxies"],
        tags: "tag:GetResources",
    }
    DB_PROXY_ENDPOINT = "AWS::RDS::DBProxyEndpoint" as DBProxyEndpoint {
        noun: "proxy endpoint" / "proxy endpoints", service: "rds", name: "DBProxyEndpointName", role: Judged,
        operations: ["rds:DescribeDBProxyEndpoints"],
        found_by: ["rds:DescribeDBProxies"],
    }
}
