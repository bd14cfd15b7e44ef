//! `dbmoat history`: what the kept runs say.

use std::fmt::Write as _;

use super::output::{pretty, print};
use super::{End, Failure};
use crate::cli::{HistoryArgs, ListFormat};
use crate::history::{History, Overview};

/// Prints the overview.
pub fn run(args: &HistoryArgs, format: ListFormat) -> Result<End, Failure> {
    let Some(file) = &args.history else {
        return Err(Failure::usage(anyhow::anyhow!("--history FILE names the file that `scan --history` keeps")));
    };
    if !file.exists() {
        return Err(Failure::usage(anyhow::anyhow!("there is no history {}; `scan --history` makes it", file.display())));
    }
    let overview = History::open(file).and_then(|history| history.overview()).map_err(Failure::usage)?;
    print(&match format {
        ListFormat::Table => table(&overview),
        ListFormat::Json => pretty(&overview),
    })
}

fn table(overview: &Overview) -> String {
    let Overview { runs, newest, open, mended, trend } = overview;
    let newest = newest.map(|time| time.format(", the newest of %Y-%m-%d %H:%M UTC").to_string()).unwrap_or_default();
    let mut text = format!("{runs} runs{newest}\n\nOPEN  {} failures, longest first\n", open.len());
    for open in open {
        let (finding, place) = (&open.finding, &open.finding.resource);
        let _ = writeln!(
            text,
            "  {:>4} days  {:<8}  {}  {} {} {}",
            open.days,
            finding.severity.name(),
            finding.rule,
            crate::report::printable(&place.name),
            place.account,
            place.region
        );
    }
    text.push_str("\nMEAN TIME TO FIX\n");
    for (severity, mended) in mended {
        let _ = writeln!(text, "  {severity:<8}  {:.1} days, {} fixed", mended.mean_days, mended.count);
    }
    text.push_str("\nTREND  open failures by severity, then by service\n");
    for point in trend {
        let counts =
            |counts: &std::collections::BTreeMap<String, u32>| counts.iter().map(|(name, count)| format!("{count} {name}")).collect::<Vec<_>>();
        let (severities, services) = (counts(&point.by_severity).join(", "), counts(&point.by_service).join(", "));
        let _ = writeln!(text, "  {}  {severities}; {services}", point.collected_at.format("%Y-%m-%d %H:%M"));
    }
    text
}
