//! Keeps what runs found in an SQLite file, to say how long findings have been open.
//!
//! An *episode* is the time from when a failure was first seen to when it was seen to be gone or was
//! waived. What a run could not assess stays open, as in [`crate::gate::baseline`].
//!
//! The journal is SQLite's default, not a write-ahead log: the file stays one file, which a CI cache
//! or a copy takes whole. A writer that finds another at work waits for it.

mod overview;
mod schema;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::SecondsFormat;
use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use crate::finding::Finding;
use crate::gate::baseline::{Baseline, Changes, Comparison, Earlier, Since};
use crate::inventory::{ScopeId, shape::Timestamp};
use crate::report::Report;
pub use overview::{Open, Overview};

/// How long a writer waits for another.
const PATIENCE: Duration = Duration::from_secs(30);

/// Why the history cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    #[error("cannot use the history {}", .file.display())]
    Database { file: PathBuf, source: rusqlite::Error },
    #[error("the history {} was written by a newer dbmoat", .0.display())]
    Newer(PathBuf),
    #[error("cannot read the findings again")]
    Findings(#[source] std::io::Error),
}

/// An open history.
pub struct History {
    file: PathBuf,
    connection: Connection,
}

impl History {
    /// Opens the file, or makes it.
    ///
    /// # Errors
    ///
    /// When it cannot be read and written, or is no history.
    pub fn open(file: &Path) -> Result<Self, HistoryError> {
        let failed = |source| HistoryError::Database { file: file.to_owned(), source };
        let mut connection = Connection::open(file).map_err(failed)?;
        connection.busy_timeout(PATIENCE).map_err(failed)?;
        if !schema::migrate(&mut connection).map_err(failed)? {
            return Err(HistoryError::Newer(file.to_owned()));
        }
        Ok(Self { file: file.to_owned(), connection })
    }

    /// Adds what a run found. Scopes of which a newer collection is known already change nothing.
    ///
    /// # Errors
    ///
    /// When the file cannot be written; it is then as it was.
    pub fn record(&mut self, report: &Report) -> Result<(), HistoryError> {
        let failed = |source| HistoryError::Database { file: self.file.clone(), source };
        let Some(time) = report.collected_at.map(text) else { return Ok(()) };
        // From the first statement on no other run can come between.
        let run = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
        let scopes = news(&run, report, &time).map_err(failed)?;
        let mut comparison = Comparison::with(open(&run).map_err(failed)?);
        for finding in report.findings.iter() {
            let finding = finding.map_err(HistoryError::Findings)?;
            let scope = ScopeId { account: finding.resource.account.clone(), region: finding.resource.region.clone() };
            if scopes.contains(&scope) {
                let since = comparison.see(&scope, &Earlier::from(&finding));
                note(&run, &finding, since, &time).map_err(failed)?;
            }
        }
        let mut changes = Changes::default();
        comparison.finish(&report.rules.iter().map(|rule| rule.id.clone()).collect(), &scopes, &mut changes);
        for (how, ended) in [("fixed", &changes.fixed), ("waived", &changes.waived)] {
            for finding in ended {
                end(&run, &finding.fingerprint, how, &time).map_err(failed)?;
            }
        }
        run.commit().map_err(failed)
    }

    /// What is open, how long mending takes, and how that has changed.
    ///
    /// # Errors
    ///
    /// When the file cannot be read.
    pub fn overview(&self) -> Result<Overview, HistoryError> {
        overview::read(&self.connection).map_err(|source| HistoryError::Database { file: self.file.clone(), source })
    }
}

/// A time as the file has it: in UTC, so that texts sort as times.
fn text(time: Timestamp) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// Enters the run and its scopes; returns those that were reached and of which nothing newer is known.
fn news(run: &Transaction<'_>, report: &Report, time: &str) -> rusqlite::Result<BTreeSet<ScopeId>> {
    run.execute("INSERT OR IGNORE INTO runs (collected_at) VALUES (?1)", [time])?;
    let mut news = BTreeSet::new();
    for scope in report.coverage.iter().filter(|scope| scope.reached) {
        let changed = run.execute(
            "INSERT INTO scopes (account, region, collected_at) VALUES (?1, ?2, ?3)
             ON CONFLICT DO UPDATE SET collected_at = excluded.collected_at WHERE collected_at < excluded.collected_at",
            params![scope.account, scope.region, time],
        )?;
        if changed > 0 {
            news.insert(ScopeId { account: scope.account.clone(), region: scope.region.clone() });
        }
    }
    Ok(news)
}

/// The open episodes as the baseline of this run.
fn open(run: &Transaction<'_>) -> rusqlite::Result<Baseline> {
    let mut query = run.prepare("SELECT finding FROM episodes WHERE ended IS NULL")?;
    let findings = query.query_map([], |row| row.get::<_, String>(0))?;
    let findings = findings.map(|text| text.and_then(|text| serde_json::from_str(&text).map_err(overview::not_json)));
    Ok(Baseline { collected_at: None, rules: BTreeSet::new(), scopes: BTreeSet::new(), findings: findings.collect::<Result<_, _>>()? })
}

/// Opens an episode, or takes note that it goes on.
fn note(run: &Transaction<'_>, finding: &Finding, since: Option<Since>, time: &str) -> rusqlite::Result<()> {
    match since {
        None => {}
        Some(Since::Unchanged) => {
            run.prepare_cached("UPDATE episodes SET last_seen = ?2 WHERE fingerprint = ?1 AND ended IS NULL")?
                .execute(params![finding.fingerprint, time])?;
        }
        Some(Since::New) => {
            let text = serde_json::to_string(&Earlier::from(finding)).map_err(overview::not_json)?;
            run.prepare_cached("INSERT INTO episodes (fingerprint, severity, service, opened, last_seen, finding) VALUES (?1, ?2, ?3, ?4, ?4, ?5)")?
                .execute(params![finding.fingerprint, finding.rule.severity.name(), finding.rule.service(), time, text])?;
        }
    }
    Ok(())
}

fn end(run: &Transaction<'_>, fingerprint: &str, how: &str, time: &str) -> rusqlite::Result<()> {
    run.prepare_cached("UPDATE episodes SET ended = ?2, how = ?3 WHERE fingerprint = ?1 AND ended IS NULL")?
        .execute(params![fingerprint, time, how])
        .map(drop)
}
