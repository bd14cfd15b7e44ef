//! What the history says.

use std::collections::BTreeMap;

use rusqlite::Connection;
use serde::Serialize;

use crate::gate::baseline::Earlier;
use crate::inventory::shape::Timestamp;

/// What is open, how long mending takes, and how that has changed.
#[derive(Debug, Serialize)]
pub struct Overview {
    pub runs: u32,
    /// When the newest run was collected; ages are as of then.
    pub newest: Option<Timestamp>,
    /// Longest open first.
    pub open: Vec<Open>,
    /// By severity.
    pub mended: BTreeMap<String, Mended>,
    /// Oldest first.
    pub trend: Vec<Point>,
}

/// An open failure.
#[derive(Debug, Serialize)]
pub struct Open {
    #[serde(flatten)]
    pub finding: Earlier,
    pub opened: Timestamp,
    pub last_seen: Timestamp,
    pub days: i64,
}

/// How long mending took.
#[derive(Debug, Serialize)]
pub struct Mended {
    pub count: u32,
    pub mean_days: f64,
}

/// How many failures were open after a run.
#[derive(Debug, Serialize)]
pub struct Point {
    pub collected_at: Timestamp,
    pub by_severity: BTreeMap<String, u32>,
    pub by_service: BTreeMap<String, u32>,
}

/// How many runs the trend goes back.
const POINTS: u32 = 30;

pub fn read(connection: &Connection) -> rusqlite::Result<Overview> {
    let (runs, newest): (_, Option<String>) =
        connection.query_row("SELECT count(*), max(collected_at) FROM runs", [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let newest = newest.map(|text| time(&text)).transpose()?;
    Ok(Overview { runs, newest, open: open(connection, newest)?, mended: mended(connection)?, trend: trend(connection)? })
}

fn open(connection: &Connection, newest: Option<Timestamp>) -> rusqlite::Result<Vec<Open>> {
    let mut query = connection.prepare("SELECT finding, opened, last_seen FROM episodes WHERE ended IS NULL ORDER BY opened, fingerprint")?;
    let rows = query.query_map([], |row| {
        let finding = serde_json::from_str(&row.get::<_, String>(0)?).map_err(not_json)?;
        let (opened, last_seen) = (time(&row.get::<_, String>(1)?)?, time(&row.get::<_, String>(2)?)?);
        Ok(Open { finding, opened, last_seen, days: newest.map_or(0, |newest| (newest - opened).num_days()) })
    })?;
    rows.collect()
}

fn mended(connection: &Connection) -> rusqlite::Result<BTreeMap<String, Mended>> {
    let mut query = connection
        .prepare("SELECT severity, count(*), avg(julianday(ended) - julianday(opened)) FROM episodes WHERE how = 'fixed' GROUP BY severity")?;
    query.query_map([], |row| Ok((row.get(0)?, Mended { count: row.get(1)?, mean_days: row.get(2)? })))?.collect()
}

fn trend(connection: &Connection) -> rusqlite::Result<Vec<Point>> {
    let mut runs = connection.prepare("SELECT collected_at FROM runs ORDER BY collected_at DESC LIMIT ?1")?;
    let mut times: Vec<String> = runs.query_map([POINTS], |row| row.get(0))?.collect::<Result<_, _>>()?;
    times.reverse();
    times.iter().map(|time| point(connection, time)).collect()
}

fn point(connection: &Connection, text: &str) -> rusqlite::Result<Point> {
    let mut point = Point { collected_at: time(text)?, by_severity: BTreeMap::new(), by_service: BTreeMap::new() };
    let mut query = connection.prepare_cached(
        "SELECT severity, service, count(*) FROM episodes WHERE opened <= ?1 AND (ended IS NULL OR ended > ?1) GROUP BY severity, service",
    )?;
    let counts = query.query_map([text], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, u32>(2)?)))?;
    for counted in counts {
        let (severity, service, count) = counted?;
        *point.by_severity.entry(severity).or_default() += count;
        *point.by_service.entry(service).or_default() += count;
    }
    Ok(point)
}

fn time(text: &str) -> rusqlite::Result<Timestamp> {
    text.parse().map_err(|error| rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, Box::new(error)))
}

/// An error of JSON as one of the database: what it holds is not what was written.
pub fn not_json(error: serde_json::Error) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, Box::new(error))
}
