//! Which regions lack a service. Written by fixtures/regions.py from the CloudFormation registry in
//! cfn-lint 1.58.0.
//!
//! Regions gain services, so this alone decides nothing: see [`super::absent`].

/// Services, as IAM names them, and the regions that had none when this was written.
pub const LACKING: &[(&str, &str)] = &[
    (
        "dax",
        "af-south-1 ap-east-1 ap-east-2 ap-northeast-2 ap-northeast-3 ap-south-2 ap-southeast-3 \
         ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 ca-central-1 ca-west-1 cn-north-1 \
         eu-central-2 eu-north-1 eu-south-1 eu-south-2 il-central-1 me-central-1 mx-central-1 us-gov-east-1 \
         us-gov-west-1",
    ),
    (
        "docdb-elastic",
        "af-south-1 ap-east-2 ap-northeast-3 ap-south-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 \
         ap-southeast-6 ap-southeast-7 ca-west-1 cn-north-1 cn-northwest-1 eu-central-2 eu-north-1 eu-south-2 \
         il-central-1 me-central-1 mx-central-1 us-gov-east-1 us-gov-west-1 us-west-1",
    ),
    (
        "dsql",
        "af-south-1 ap-east-2 ap-south-2 ap-southeast-3 ap-southeast-5 ap-southeast-6 ap-southeast-7 \
         cn-north-1 cn-northwest-1 eu-central-2 eu-south-1 il-central-1 me-central-1 mx-central-1 \
         us-gov-east-1 us-gov-west-1 us-west-1",
    ),
    (
        "memorydb",
        "af-south-1 ap-east-2 ap-northeast-3 ap-south-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 \
         ap-southeast-6 ap-southeast-7 ca-west-1 eu-central-2 il-central-1 me-central-1 mx-central-1",
    ),
    (
        "neptune-graph",
        "ap-east-2 ap-south-2 ap-southeast-3 ap-southeast-4 ap-southeast-6 ap-southeast-7 cn-north-1 \
         cn-northwest-1 eu-south-1 eu-south-2 mx-central-1 us-gov-east-1 us-gov-west-1",
    ),
    (
        "timestream",
        "af-south-1 ap-east-1 ap-east-2 ap-northeast-2 ap-northeast-3 ap-south-2 ap-southeast-1 \
         ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 ca-central-1 ca-west-1 \
         cn-north-1 cn-northwest-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-2 eu-west-3 \
         il-central-1 me-central-1 mx-central-1 sa-east-1 us-gov-east-1 us-west-1",
    ),
    (
        "timestream-influxdb",
        "af-south-1 ap-east-1 ap-east-2 ap-northeast-2 ap-south-2 ap-southeast-4 ap-southeast-5 \
         ap-southeast-6 ap-southeast-7 ca-west-1 eu-central-2 il-central-1 us-gov-east-1 us-gov-west-1 \
         us-west-1",
    ),
];
