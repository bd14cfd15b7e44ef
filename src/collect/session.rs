//! Credentials, regions and clients.

use std::sync::Arc;
use std::time::Duration;

use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_sts::operation::get_caller_identity::GetCallerIdentityOutput;

use super::absent::UnknownHosts;
use super::cloudtrail::Trails;
use super::failure::fatal;
use super::guard::Guard;
use super::lane::{Lanes, Traffic, https};
use super::organizations::Tree;
use super::roles::AssumedRole;
use super::whole::WholeAnswers;
use super::{CollectError, Options, rates};
use crate::suggest;

/// How long a connection may take to open: a region that is not reachable must not hold the scan.
const CONNECT_TIMEOUT: Duration = Duration::from_millis(3_100);
/// How long a call may take with all its attempts and while it waits for its turn.
const OPERATION_TIMEOUT: Duration = Duration::from_secs(120);
/// How often a call is tried, with a random wait in between that may be twice as long each time: some five
/// seconds in all. The waits are short, because the rate is bounded elsewhere, and whatever depends on the call waits
/// with it: of hundreds of calls that are throttled three times in ten, some are throttled six times in a row, and the
/// scan is as long as its unluckiest chain.
const ATTEMPTS: u32 = 24;
const FIRST_WAIT: Duration = Duration::from_millis(50);
const LONGEST_WAIT: Duration = Duration::from_millis(500);

/// The regions that this version knows, to catch slips without a call. Another name is asked for.
/// Source: AWS General Reference, "Regions and Zones", November 2026.
const REGIONS: &[&str] = &[
    "af-south-1",
    "ap-east-1",
    "ap-east-2",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-south-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "ca-central-1",
    "ca-west-1",
    "cn-north-1",
    "cn-northwest-1",
    "eu-central-1",
    "eu-central-2",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "eusc-de-east-1",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "mx-central-1",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-gov-east-1",
    "us-gov-west-1",
    "us-west-1",
    "us-west-2",
];

/// The caller's identity and configuration, and the clients made from them.
pub struct Session {
    config: SdkConfig,
    guard: Guard,
    regions: Vec<String>,
    exclude_regions: Vec<String>,
    endpoint: Option<String>,
    lanes: Lanes,
    pub trails: Trails,
    /// What the organization has said of its accounts.
    pub tree: Tree,
    /// The session that asks about the organization, where it is another.
    organization: Option<Arc<Session>>,
}

impl Session {
    /// Loads the configuration as the AWS CLI does: environment, profiles, SSO, instance roles.
    ///
    /// # Errors
    ///
    /// When no region is named or configured.
    pub async fn load(options: &Options) -> Result<Self, CollectError> {
        let is_name = |region: &str| !region.is_empty() && region.chars().all(|character| character.is_ascii_alphanumeric() || character == '-');
        let is_known = |region: &str| REGIONS.contains(&region) || options.regions.iter().any(|asked| asked == region);
        let strange = options.regions.iter().find(|region| !is_name(region));
        // A slip would ask what the user wants left alone, and nothing would say so.
        if let Some(strange) = strange.or_else(|| options.exclude_regions.iter().find(|region| !is_known(region))) {
            return Err(unknown(strange));
        }
        let timeouts = TimeoutConfig::builder().connect_timeout(CONNECT_TIMEOUT).operation_timeout(OPERATION_TIMEOUT).build();
        let mut loader = aws_config::defaults(BehaviorVersion::latest()).timeout_config(timeouts).app_name(app_name());
        if ["AWS_MAX_ATTEMPTS", "AWS_RETRY_MODE"].iter().all(|name| std::env::var_os(name).is_none()) {
            loader = loader
                .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS).with_initial_backoff(FIRST_WAIT).with_max_backoff(LONGEST_WAIT));
        }
        if let Some(profile) = &options.profile {
            // A profile that is named goes before keys in the environment, as with the AWS CLI.
            let of_profile = ProfileFileCredentialsProvider::builder().profile_name(profile).build();
            loader = loader.profile_name(profile).credentials_provider(of_profile);
        }
        if let Some(url) = &options.endpoint_url {
            loader = loader.endpoint_url(url);
        }
        let named = options.regions.iter().find(|region| *region != "all");
        if let Some(region) = named {
            loader = loader.region(Region::new(region.clone()));
        }
        if let Some(strange) = options.max_rates.keys().find(|name| !rates::names().any(|known| known == name.as_str())) {
            return Err(CollectError::UnknownRate(strange.clone(), suggest::nearest(strange, rates::names())));
        }
        let mut config = loader.load().await;
        if config.region().is_none() {
            if options.regions.is_empty() {
                return Err(CollectError::NoRegion);
            }
            // `--region all` needs some region to ask for the others.
            config = config.into_builder().region(Region::new("us-east-1")).build();
        }
        let regions = match (options.regions.is_empty(), config.region()) {
            (true, Some(region)) => vec![region.to_string()],
            _ => options.regions.clone(),
        };
        let of_environment = || ["AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL"].iter().find_map(|name| std::env::var(name).ok());
        let endpoint = options.endpoint_url.clone().or_else(of_environment);
        let exclude_regions = options.exclude_regions.clone();
        let lanes = Lanes::new(Traffic::new(https(), options.concurrency.get(), options.max_rates.clone()));
        Ok(Self {
            config,
            guard: Guard::default(),
            regions,
            exclude_regions,
            endpoint,
            lanes,
            trails: Trails::default(),
            tree: Tree::default(),
            organization: None,
        })
    }

    /// The session of a role, which asks its account as this one would. About the organization it asks
    /// through another session, if one is given.
    pub fn with_role(&self, role: AssumedRole, organization: Option<Arc<Self>>) -> Self {
        let credentials = SharedCredentialsProvider::new(role);
        Self {
            config: self.config.to_builder().credentials_provider(credentials).build(),
            guard: self.guard.clone(),
            regions: self.regions.clone(),
            exclude_regions: self.exclude_regions.clone(),
            endpoint: self.endpoint.clone(),
            lanes: Lanes::new(self.lanes.traffic.clone()),
            trails: Trails::default(),
            tree: Tree::default(),
            organization,
        }
    }

    /// The session that asks about the organization.
    pub fn of_organization(&self) -> &Self {
        self.organization.as_deref().unwrap_or(self)
    }

    /// A session of tests, whose requests go to `wire`.
    #[cfg(test)]
    pub fn replaying(wire: aws_smithy_runtime_api::client::http::SharedHttpClient) -> Self {
        let credentials = aws_credential_types::Credentials::builder().access_key_id("testing").secret_access_key("testing").provider_name("tests");
        let config = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .credentials_provider(SharedCredentialsProvider::new(credentials.build()))
            .retry_config(RetryConfig::disabled())
            .timeout_config(TimeoutConfig::disabled())
            .sleep_impl(aws_smithy_async::rt::sleep::SharedAsyncSleep::new(aws_smithy_async::rt::sleep::TokioSleep::new()))
            .build();
        let lanes = Lanes::new(Traffic::new(wire, 50, std::collections::BTreeMap::new()));
        let (guard, exclude_regions, endpoint, trails, tree) = Default::default();
        Self { config, guard, regions: vec!["us-east-1".to_owned()], exclude_regions, endpoint, lanes, trails, tree, organization: None }
    }

    /// Whether the user has named the endpoint of a service, or one for all services.
    pub fn has_endpoint(&self, service: &str) -> bool {
        self.config.endpoint_url().is_some() || std::env::var_os(format!("AWS_ENDPOINT_URL_{service}")).is_some()
    }

    /// What is under way.
    pub fn lanes(&self) -> &Lanes {
        &self.lanes
    }

    /// The calls so far.
    pub fn guard(&self) -> &Guard {
        &self.guard
    }

    /// Who asks.
    pub async fn identity(&self) -> Result<GetCallerIdentityOutput, CollectError> {
        let answer = self.sts(&self.home()).get_caller_identity().send().await;
        answer.map_err(|error| fatal(self.endpoint.as_deref().unwrap_or("AWS STS"), &error))
    }

    /// The account of the credentials.
    pub async fn account(&self) -> Result<String, CollectError> {
        self.identity().await?.account.ok_or_else(|| CollectError::Identity("STS returned no account".to_owned()))
    }

    /// The region to ask what is of no region. One whose name is wrong has no endpoint.
    pub fn home(&self) -> String {
        let configured = self.config.region().map(ToString::to_string).filter(|region| REGIONS.contains(&region.as_str()));
        configured.unwrap_or_else(|| "us-east-1".to_owned())
    }

    /// The regions to ask, sorted, each once.
    pub async fn regions(&self) -> Result<Vec<String>, CollectError> {
        let mut regions: Vec<String> = self.regions.iter().filter(|region| *region != "all").cloned().collect();
        if regions.len() < self.regions.len() {
            regions.extend(self.enabled_regions(false).await?);
        }
        regions.sort();
        regions.dedup();
        regions.retain(|region| !self.exclude_regions.contains(region));
        if regions.is_empty() {
            return Err(CollectError::EveryRegionExcluded);
        }
        let strange: Vec<_> = regions.iter().filter(|region| !REGIONS.contains(&region.as_str())).collect();
        if let Some(region) = strange.first() {
            // It may be newer than this program: AWS knows. Where it may not be asked, it is believed.
            if let Ok(known) = self.enabled_regions(true).await
                && !known.contains(region)
            {
                return Err(unknown(region));
            }
        }
        Ok(regions)
    }

    /// The regions that the account has enabled, or all that AWS has.
    async fn enabled_regions(&self, all: bool) -> Result<Vec<String>, CollectError> {
        let client = self.ec2(&self.home());
        let answer = client.describe_regions().all_regions(all).send().await;
        let answer = answer.map_err(|error| CollectError::Regions(super::failure::gap("ec2:DescribeRegions", &error)))?;
        let regions = answer.regions.unwrap_or_default().into_iter();
        Ok(regions.filter(|region| all || region.opt_in_status.as_deref() != Some("not-opted-in")).filter_map(|region| region.region_name).collect())
    }
}

fn unknown(region: &str) -> CollectError {
    CollectError::UnknownRegion(region.to_owned(), suggest::nearest(region, REGIONS.iter().copied()))
}

/// A client of each service, with the service's name in IAM policies, in a region, with the guard. Of S3,
/// buckets are in the path of an endpoint that the user names, as its host has no names for them.
macro_rules! clients {
    ($($client:ident: $service:literal, $sdk:ident $(with $setting:ident where $condition:ident($argument:literal))?),* $(,)?) => {
        /// The services that are asked, as IAM policies name them.
        pub const SERVICES: &[&str] = &[$($service),*];

        impl Session {
            $(
                #[doc = concat!("The client of `", $service, "` in a region.")]
                pub fn $client(&self, region: &str) -> $sdk::Client {
                    let config = $sdk::config::Builder::from(&self.config).region(Region::new(region.to_owned())).interceptor(self.guard.of($service)).interceptor(WholeAnswers).retry_classifier(UnknownHosts);
                    let config = config.http_client(self.lanes.to(region, $service));
                    $( let config = config.$setting(self.$condition($argument)); )?
                    $sdk::Client::from_conf(config.build())
                }
            )*
        }
    };
}
clients!(
    account_management: "account", aws_sdk_account,
    application_autoscaling: "application-autoscaling", aws_sdk_applicationautoscaling,
    backup: "backup", aws_sdk_backup,
    cloudtrail: "cloudtrail", aws_sdk_cloudtrail,
    cloudwatch: "cloudwatch", aws_sdk_cloudwatch,
    config_recorders: "config", aws_sdk_config,
    dax: "dax", aws_sdk_dax,
    docdb_elastic: "docdb-elastic", aws_sdk_docdbelastic,
    dsql: "dsql", aws_sdk_dsql,
    dynamodb: "dynamodb", aws_sdk_dynamodb,
    ec2: "ec2", aws_sdk_ec2,
    elasticache: "elasticache", aws_sdk_elasticache,
    guardduty: "guardduty", aws_sdk_guardduty,
    iam: "iam", aws_sdk_iam,
    keyspaces: "cassandra", aws_sdk_keyspaces,
    kms: "kms", aws_sdk_kms,
    lambda: "lambda", aws_sdk_lambda,
    logs: "logs", aws_sdk_cloudwatchlogs,
    memorydb: "memorydb", aws_sdk_memorydb,
    neptune_graph: "neptune-graph", aws_sdk_neptunegraph,
    organizations: "organizations", aws_sdk_organizations,
    pipes: "pipes", aws_sdk_pipes,
    ram: "ram", aws_sdk_ram,
    rds: "rds", aws_sdk_rds,
    s3: "s3", aws_sdk_s3 with force_path_style where has_endpoint("S3"),
    secrets_manager: "secretsmanager", aws_sdk_secretsmanager,
    sns: "sns", aws_sdk_sns,
    sts: "sts", aws_sdk_sts,
    tagging: "tag", aws_sdk_resourcegroupstagging,
    timestream_influxdb: "timestream-influxdb", aws_sdk_timestreaminfluxdb,
    timestream_write: "timestream", aws_sdk_timestreamwrite,
);

#[expect(clippy::expect_used, reason = "a fixed name of allowed characters")]
fn app_name() -> aws_config::AppName {
    aws_config::AppName::new(env!("CARGO_PKG_NAME")).expect("letters only")
}
