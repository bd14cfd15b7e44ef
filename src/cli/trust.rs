//! Whom rules trust.

use clap::Args;

use super::aws::account;
use crate::facts::Trust;

/// Whom rules trust beside the accounts that are scanned and the organizations that these are in.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Trust")]
pub struct TrustArgs {
    /// An account that may be let in, repeatable; those that are scanned are trusted anyway
    #[arg(long, value_name = "ID", value_delimiter = ',', value_parser = account)]
    pub trusted_account: Vec<String>,

    /// An organization whose accounts may be let in, repeatable; the one that the account is in is trusted anyway
    #[arg(long, value_name = "ID", value_delimiter = ',', value_parser = organization_id)]
    pub trusted_organization: Vec<String>,
}

impl TrustArgs {
    /// Those that the flags name.
    pub fn trust(&self) -> Trust {
        Trust { accounts: self.trusted_account.iter().cloned().collect(), organizations: self.trusted_organization.iter().cloned().collect() }
    }
}

fn organization_id(text: &str) -> Result<String, String> {
    let is_id = |rest: &str| (10..=32).contains(&rest.len()) && rest.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    if text.strip_prefix("o-").is_some_and(is_id) {
        Ok(text.to_owned())
    } else {
        Err("an organization id is o- and 10 to 32 small letters and digits".to_owned())
    }
}
