//! What databases share: parameter, option, subnet and security groups.

use super::VpcSecurityGroupMembership;
use crate::inventory::kinds::kinds;
use crate::inventory::shape::shape;

shape! {
    /// `rds:DescribeDBSubnetGroups` → `DBSubnetGroups[]`; instances embed theirs.
    DBSubnetGroup from aws_sdk_rds::types::DbSubnetGroup {
        DBSubnetGroupName: String = db_subnet_group_name;
        DBSubnetGroupArn: String = db_subnet_group_arn;
        DBSubnetGroupDescription: String = db_subnet_group_description;
        VpcId: String = vpc_id;
        SubnetGroupStatus: String = subnet_group_status;
        Subnets: Vec<GroupSubnet> = subnets;
        SupportedNetworkTypes: Vec<String> = supported_network_types;
    }

    /// `DBSubnetGroup.Subnets[]`.
    GroupSubnet from aws_sdk_rds::types::Subnet {
        SubnetIdentifier: String = subnet_identifier;
        SubnetAvailabilityZone: AvailabilityZone = subnet_availability_zone;
        SubnetStatus: String = subnet_status;
    }

    /// An availability zone by name.
    AvailabilityZone from aws_sdk_rds::types::AvailabilityZone {
        Name: String = name;
    }

    /// `rds:DescribeDBParameterGroups` and `rds:DescribeDBClusterParameterGroups`, with those of the
    /// group's parameters that somebody changed and some rule reads.
    ParameterGroup {
        Name: String;
        Arn: String;
        DBParameterGroupFamily: String;
        /// The parameters that were asked for: one that is listed here and not in `Parameters` has not
        /// been changed; of others nothing is known.
        Requested: Vec<String>;
        Parameters: Vec<Parameter>;
    }

    /// `rds:DescribeEngineDefaultParameters` and `rds:DescribeEngineDefaultClusterParameters` of one
    /// parameter group family.
    ParameterFamily {
        DBParameterGroupFamily: String;
        /// `instance` or `cluster`.
        Level: String;
        Requested: Vec<String>;
        Parameters: Vec<Parameter>;
    }

    /// `Parameters[]`.
    Parameter from aws_sdk_rds::types::Parameter {
        ParameterName: String = parameter_name;
        ParameterValue: String = parameter_value;
        Source: String = source;
        ApplyType: String = apply_type;
        ApplyMethod: String = apply_method;
    }

    /// `rds:DescribeOptionGroups` → `OptionGroupsList[]`.
    OptionGroup from aws_sdk_rds::types::OptionGroup {
        OptionGroupName: String = option_group_name;
        OptionGroupArn: String = option_group_arn;
        EngineName: String = engine_name;
        MajorEngineVersion: String = major_engine_version;
        VpcId: String = vpc_id;
        Options: Vec<OptionConfiguration> = options;
    }

    /// `OptionGroupsList[].Options[]`.
    OptionConfiguration from aws_sdk_rds::types::Option {
        OptionName: String = option_name;
        OptionVersion: String = option_version;
        Port: i64 = port;
        VpcSecurityGroupMemberships: Vec<VpcSecurityGroupMembership> = vpc_security_group_memberships;
        OptionSettings: Vec<OptionSetting>;
    }

    /// `OptionSettings[]`; values of settings that may hold a secret are never kept.
    OptionSetting from aws_sdk_rds::types::OptionSetting {
        Name: String = name;
        Value: String = value;
    }

    /// `rds:DescribeDBSecurityGroups` → `DBSecurityGroups[]`: groups of EC2-Classic.
    DBSecurityGroup from aws_sdk_rds::types::DbSecurityGroup {
        DBSecurityGroupName: String = db_security_group_name;
        DBSecurityGroupArn: String = db_security_group_arn;
        IPRanges: Vec<IPRange> = ip_ranges;
    }

    /// `IPRanges[]`.
    IPRange from aws_sdk_rds::types::IpRange {
        CIDRIP: String = cidrip;
        Status: String = status;
    }
}

kinds! {
    DB_SUBNET_GROUP = "AWS::RDS::DBSubnetGroup" as DBSubnetGroup {
        noun: "DB subnet group" / "DB subnet groups", service: "rds", name: "DBSubnetGroupName", role: Surrounding,
        operations: ["rds:DescribeDBSubnetGroups"],
        found_by: ["rds:DescribeDBInstances", "rds:DescribeDBClusters"],
        tags: "tag:GetResources",
    }
    DB_PARAMETER_GROUP = "AWS::RDS::DBParameterGroup" as ParameterGroup {
        noun: "DB parameter group" / "DB parameter groups", service: "rds", name: "Name", role: Supporting,
        operations: ["rds:DescribeDBParameterGroups"],
        fields: { "Parameters": "rds:DescribeDBParameters" },
    }
    DB_CLUSTER_PARAMETER_GROUP = "AWS::RDS::DBClusterParameterGroup" as ParameterGroup {
        noun: "DB cluster parameter group" / "DB cluster parameter groups", service: "rds", name: "Name", role: Supporting,
        operations: ["rds:DescribeDBClusterParameterGroups"],
        fields: { "Parameters": "rds:DescribeDBClusterParameters" },
    }
    DB_PARAMETER_FAMILY = "AWS::RDS::DBParameterGroupFamily" as ParameterFamily {
        noun: "parameter group family" / "parameter group families", service: "rds", name: "DBParameterGroupFamily", role: Supporting,
        operations: ["rds:DescribeEngineDefaultParameters"],
    }
    DB_CLUSTER_PARAMETER_FAMILY = "AWS::RDS::DBClusterParameterGroupFamily" as ParameterFamily {
        noun: "cluster parameter group family" / "cluster parameter group families", service: "rds", name: "DBParameterGroupFamily", role: Supporting,
        operations: ["rds:DescribeEngineDefaultClusterParameters"],
    }
    OPTION_GROUP = "AWS::RDS::OptionGroup" as OptionGroup {
        noun: "option group" / "option groups", service: "rds", name: "OptionGroupName", role: Surrounding,
        operations: ["rds:DescribeOptionGroups"],
        found_by: ["rds:DescribeDBInstances", "rds:DescribeDBClusters"],
        tags: "tag:GetResources",
    }
    DB_SECURITY_GROUP = "AWS::RDS::DBSecurityGroup" as DBSecurityGroup {
        noun: "DB security group" / "DB security groups", service: "rds", name: "DBSecurityGroupName", role: Surrounding,
        operations: ["rds:DescribeDBSecurityGroups"],
        found_by: ["rds:DescribeDBInstances", "rds:DescribeDBClusters"],
        tags: "tag:GetResources",
    }
}

/// Settings of Oracle's and SQL Server's options that rules read; others may hold passwords.
#[cfg(feature = "live")]
pub(crate) fn public_settings(sdk: Vec<aws_sdk_rds::types::OptionSetting>) -> Vec<OptionSetting> {
    sdk.into_iter()
        .filter(|setting| setting.name.as_deref().is_some_and(|name| name.starts_with("SQLNET.") || name.starts_with("SERVER_AUDIT")))
        .map(crate::inventory::shape::FromSdk::from_sdk)
        .collect()
}
