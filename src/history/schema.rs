//! The tables, and how an older file comes to have them. `user_version` counts the migrations.

use rusqlite::{Connection, TransactionBehavior};

/// Each brings a file from its position to the next. What has been released is never changed.
const MIGRATIONS: [&str; 1] = ["
    CREATE TABLE runs (collected_at TEXT PRIMARY KEY) STRICT;
    -- The newest collection of each scope.
    CREATE TABLE scopes (account TEXT NOT NULL, region TEXT NOT NULL, collected_at TEXT NOT NULL, PRIMARY KEY (account, region)) STRICT;
    CREATE TABLE episodes (
        id INTEGER PRIMARY KEY,
        fingerprint TEXT NOT NULL,
        severity TEXT NOT NULL,
        service TEXT NOT NULL,
        opened TEXT NOT NULL,
        last_seen TEXT NOT NULL,
        ended TEXT,
        how TEXT CHECK (how IN ('fixed', 'waived')),
        -- As the report has it, in JSON.
        finding TEXT NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX open_episodes ON episodes (fingerprint) WHERE ended IS NULL;
"];

/// Brings the file up to date. False where it is ahead of this program.
pub fn migrate(connection: &mut Connection) -> rusqlite::Result<bool> {
    let migration = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let version: u32 = migration.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if usize::try_from(version).is_ok_and(|version| version > MIGRATIONS.len()) {
        return Ok(false);
    }
    for (statements, next) in MIGRATIONS.iter().zip(1_u32..).filter(|(_, next)| *next > version) {
        migration.execute_batch(statements)?;
        migration.pragma_update(None, "user_version", next)?;
    }
    migration.commit()?;
    Ok(true)
}
