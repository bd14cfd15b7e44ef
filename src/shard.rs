//! Which scopes one of several runs takes, so that an organization is collected by many machines.
//!
//! Each scope is one run's, whatever other scopes there are: two runs that see different regions
//! neither leave one out nor take one twice. So a run may have more to do than another, or nothing.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};

use crate::inventory::ScopeId;

/// One of several runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    /// From 1.
    number: u64,
    of: u64,
}

/// The variables that schedulers set: the index of a run, from 0, and how many there are.
const VARIABLES: [(&str, &str); 2] = [("JOB_COMPLETION_INDEX", "JOB_COMPLETIONS"), ("AWS_BATCH_JOB_ARRAY_INDEX", "AWS_BATCH_JOB_ARRAY_SIZE")];

impl Shard {
    fn new(number: u64, of: u64) -> Option<Self> {
        (1..=of).contains(&number).then_some(Self { number, of })
    }

    /// Whether it is the only run.
    pub fn is_whole(self) -> bool {
        self.of == 1
    }

    /// Whether the scope is this run's: the first eight bytes of the SHA-256 of `ACCOUNT/REGION`, as a
    /// big-endian number, modulo the number of runs, counted from 0.
    pub fn holds(self, scope: &ScopeId) -> bool {
        let digest = Sha256::digest(scope.to_string());
        let number = digest.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte));
        number % self.of == self.number - 1
    }

    /// The run that the environment names, with the variables that do: those of Kubernetes' indexed
    /// jobs (of which the job has to set the second) or of AWS Batch's array jobs.
    ///
    /// # Errors
    ///
    /// When a variable is missing or wrong: each run would take everything.
    pub fn of_environment(variable: impl Fn(&str) -> Option<String>) -> Result<Option<(Self, String)>, String> {
        for (index_name, count_name) in VARIABLES {
            let Some(index) = variable(index_name) else { continue };
            let hint = "set both, or give --shard (1/1 takes every scope)";
            let count = variable(count_name).ok_or_else(|| format!("{index_name} is set and {count_name} is not; {hint}"))?;
            let source = format!("{index_name}={index} and {count_name}={count}");
            let shard = index.parse().ok().zip(count.parse().ok()).and_then(|(index, count): (u64, u64)| Self::new(index.checked_add(1)?, count));
            return shard.map(|shard| Some((shard, source.clone()))).ok_or_else(|| format!("{source} name no shard; {hint}"));
        }
        Ok(None)
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers = text.split_once('/').and_then(|(number, of)| Some((number.parse().ok()?, of.parse().ok()?)));
        numbers.and_then(|(number, of)| Self::new(number, of)).ok_or_else(|| "write I/N, such as 1/8 for the first of eight".to_owned())
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope(account: u64, region: &str) -> ScopeId {
        ScopeId { account: format!("{account:012}"), region: region.to_owned() }
    }

    fn all(of: u64) -> impl Iterator<Item = Shard> {
        (1..=of).map(move |number| Shard { number, of })
    }

    #[test]
    fn each_scope_is_of_exactly_one_shard_and_shards_are_about_equal() {
        for of in [1, 2, 3, 8] {
            let mut held = vec![0; of as usize];
            for account in 0..100 {
                for region in ["aws-global", "us-east-1", "eu-west-1", "ap-southeast-2"] {
                    let holders: Vec<_> = all(of).filter(|shard| shard.holds(&scope(account, region))).collect();
                    assert_eq!(holders.len(), 1);
                    held[holders[0].number as usize - 1] += 1;
                }
            }
            let fair = 400 / of as usize;
            assert!(held.iter().all(|count| (fair / 2..=fair * 2).contains(count)), "{held:?}");
        }
    }

    /// Shards of one organization may be runs of different versions.
    #[test]
    fn a_scope_never_moves() {
        let of_eight = |account, region| all(8).find(|shard| shard.holds(&scope(account, region))).unwrap().to_string();
        let shards =
            [(111_122_223_333, "aws-global"), (111_122_223_333, "us-east-1"), (111_122_223_333, "eu-west-1"), (444_455_556_666, "us-east-1")];
        assert_eq!(shards.map(|(account, region)| of_eight(account, region)), ["8/8", "6/8", "3/8", "1/8"]);
    }

    #[test]
    fn a_shard_is_read_as_it_is_written() {
        for text in ["1/1", "1/8", "8/8"] {
            assert_eq!(text.parse::<Shard>().unwrap().to_string(), text);
        }
        for text in ["", "1", "0/8", "9/8", "1/0", "a/b", "1/8/9", "-1/8"] {
            assert!(text.parse::<Shard>().is_err(), "{text}");
        }
    }

    #[test]
    fn schedulers_count_from_0() {
        for (index, count) in VARIABLES {
            let shard = |values: [&str; 2]| {
                let set = [(index, values[0]), (count, values[1])];
                let variable =
                    |name: &str| set.iter().find(|(known, value)| *known == name && !value.is_empty()).map(|(_, value)| (*value).to_owned());
                Shard::of_environment(variable).map(|found| found.map(|(shard, _)| shard.to_string()))
            };
            assert_eq!(shard(["0", "8"]), Ok(Some("1/8".to_owned())));
            assert_eq!(shard(["7", "8"]), Ok(Some("8/8".to_owned())));
            assert_eq!(shard(["", "8"]), Ok(None));
            for wrong in [["8", "8"], ["x", "8"], ["0", ""], ["0", "0"]] {
                assert!(shard(wrong).unwrap_err().contains(index), "{wrong:?}");
            }
        }
    }
}
