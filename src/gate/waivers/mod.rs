//! Waivers: findings that somebody answers for. They are listed apart and fail nothing until they
//! expire; a waiver never turns a finding into a pass.

mod file;
mod pattern;

use std::fmt;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::finding::{Finding, Outcome};
use crate::inventory::shape::Timestamp;
pub use file::{Entry, WaiverError, schema};

/// The waivers of a file, and which of them were of use.
#[derive(Debug)]
pub struct Waivers {
    file: PathBuf,
    waivers: Vec<(Entry, State)>,
}

/// What came of a waiver in a scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It waives some finding.
    Active,
    /// It would waive some finding, but it has expired.
    Expired,
    /// No finding is as it says.
    Unmatched,
}

/// A waiver after a scan.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct Use {
    /// The line of the file on which it begins.
    pub line: usize,
    pub state: State,
    pub reason: String,
    pub owner: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires: Option<NaiveDate>,
    #[serde(skip)]
    file: PathBuf,
}

/// Why a finding is waived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Waived {
    /// The outcome that is waived: fail or not-assessed.
    pub outcome: Outcome,
    pub reason: String,
    pub owner: String,
    /// The last day on which it is waived.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<NaiveDate>,
}

impl fmt::Display for Waived {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let until = self.expires.map(|last| format!(" until {last}")).unwrap_or_default();
        write!(f, "waived by {}{until}: {}", self.owner, self.reason)
    }
}

impl Waivers {
    /// Reads the text of a file.
    ///
    /// # Errors
    ///
    /// When it is not as [`schema`] says.
    pub fn parse(file: &Path, text: &str) -> Result<Self, WaiverError> {
        let entries = file::parse(file, text)?;
        Ok(Self { file: file.to_owned(), waivers: entries.into_iter().map(|entry| (entry, State::Unmatched)).collect() })
    }

    /// Waives the finding where the first of those that match has not expired when it was collected.
    pub fn apply(&mut self, finding: &mut Finding, collected_at: Timestamp) {
        if finding.outcome == Outcome::Pass {
            return;
        }
        let today = collected_at.date_naive();
        let mut waived = None;
        for (entry, state) in self.waivers.iter_mut().filter(|(entry, _)| entry.matches(finding)) {
            if entry.expires.is_some_and(|last| last < today) {
                *state = State::Expired;
                continue;
            }
            *state = State::Active;
            waived.get_or_insert_with(|| entry.clone());
        }
        if let Some(Entry { reason, owner, expires, .. }) = waived {
            finding.standing.waiver = Some(Box::new(Waived { outcome: finding.outcome, reason, owner, expires }));
            finding.outcome = Outcome::Waived;
        }
    }

    /// What came of each, in the order of the file.
    pub fn uses(self) -> Vec<Use> {
        let Self { file, waivers } = self;
        let of = |(entry, state): (Entry, State)| {
            let Entry { line, reason, owner, expires, .. } = entry;
            Use { line, state, reason, owner, expires, file: file.clone() }
        };
        waivers.into_iter().map(of).collect()
    }
}

impl Use {
    /// What somebody should look after, for standard error; nothing where it is active.
    pub fn complaint(&self) -> Option<String> {
        let at = format!("{}:{}", self.file.display(), self.line);
        match (self.state, self.expires) {
            (State::Active, _) => None,
            (State::Expired, Some(last)) => Some(format!("{at}: the waiver of {} expired after {last}: its findings count again", self.owner)),
            (State::Expired, None) | (State::Unmatched, _) => Some(format!("{at}: the waiver of {} matches no finding of this scan", self.owner)),
        }
    }
}

#[cfg(test)]
mod tests;
