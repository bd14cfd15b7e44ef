//! What databases refer to: asked for once everything that may name it is known.

use std::collections::BTreeSet;

/// Ids and ARNs, each once.
#[derive(Debug, Default)]
pub struct References {
    pub vpcs: BTreeSet<String>,
    /// Subnets of databases whose API names no VPC.
    pub subnets: BTreeSet<String>,
    pub security_groups: BTreeSet<String>,
    /// ARNs of KMS keys.
    pub keys: BTreeSet<String>,
    /// ARNs of secrets.
    pub secrets: BTreeSet<String>,
    /// Names of S3 buckets.
    pub buckets: BTreeSet<String>,
}

impl References {
    /// What several services' databases refer to.
    pub fn of_all(several: impl IntoIterator<Item = Self>) -> Self {
        let mut all = Self::default();
        several.into_iter().for_each(|references| all.absorb(references));
        all
    }

    /// Takes up what another service's databases refer to.
    pub fn absorb(&mut self, other: Self) {
        let Self { vpcs, subnets, security_groups, keys, buckets, secrets } = other;
        self.vpcs.extend(vpcs);
        self.subnets.extend(subnets);
        self.security_groups.extend(security_groups);
        self.keys.extend(keys);
        self.secrets.extend(secrets);
        self.buckets.extend(buckets);
    }
}
